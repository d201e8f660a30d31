"""What travels: a whole reading as one zip for another workstation, and its signed work as a small one.

Both are made from what the reading's database names and nothing else that lies in its folder. Entries come
in a fixed order with one constant time, so the same reading gives the same bytes.
"""

from __future__ import annotations

import filecmp
import hashlib
import os
import tempfile
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

from reader_app.workflow.errors import NothingSignedError
from storage.arrays import StoredArray, disk_errors, set_constant_time, sync_folder
from storage.errors import AlreadyThereError, DamagedStoreError, TamperedError
from storage.migration import backup_store
from storage.reading.reading import Reading
from storage.reading.schema import DATABASE, VOLUMES

Checkpoint = Callable[[int, int], None]

RESULT_SUFFIX = ".result.zip"
_PACK_SUFFIX = ".zip"
_LEVEL = 1  # noise does not shrink much further, and readers wait
_CHUNK = 1 << 20
_LARGE = 1 << 31  # bytes from which an entry is written with 64-bit sizes


def _unwatched(_done: int, _total: int) -> None:
    """Go on."""


def pack_reading(folder: Path, target: Path | None = None, checkpoint: Checkpoint = _unwatched) -> Path:
    """Zip a reading with all its pictures for another workstation, and return the file.

    The reading may be open elsewhere: its rows are taken as they are at this moment.

    Args:
        folder: ``…/CODE.reading``.
        target: The new file, or a folder for ``CODE.reading.zip``; by default beside the reading.
        checkpoint: Called with (megabytes done, megabytes in all).

    Raises:
        StorageError: It is no reading that can be opened, the disk is full, or another file is there.
        TamperedError, DamagedStoreError: Rows or pictures are not as they were written.
    """
    folder = folder.absolute()
    with Reading.open(folder, read_only=True) as reading:
        _require_whole(reading, folder)
        pictures = _pictures(reading)
    total = sum(_size(folder, one) for one in pictures)
    done = 0

    def count(size: int) -> None:
        nonlocal done
        done += size
        checkpoint(_megabytes(done), _megabytes(total))

    def write(archive: zipfile.ZipFile, database: Path) -> None:
        _add(archive, f"{folder.name}/{DATABASE}", database)
        count(0)
        for one in pictures:
            path = folder / VOLUMES / one.name
            if _add(archive, f"{folder.name}/{VOLUMES}/{one.name}", path, count) != one.sha256:
                raise DamagedStoreError(path, "this picture is not the one that was prepared")

    return _write(folder, _place(folder, target, folder.name + _PACK_SUFFIX), write)


def write_result(folder: Path, target: Path | None = None) -> Path:
    """Write the signed work of a reading, without its pictures, as a small zip that goes back.

    What is in it is sealed by the signatures: the coordinator's collect checks them, the audit trail and
    that they speak of the pictures that were prepared.

    Args:
        folder: ``…/CODE.reading``.
        target: The new file, or a folder for ``CODE-N.result.zip`` where N counts the rows of the audit
            trail; by default beside the reading.

    Raises:
        NothingSignedError: No case is signed.
        StorageError, TamperedError: As in :func:`pack_reading`.
    """
    folder = folder.absolute()
    with Reading.open(folder, read_only=True) as reading:
        _require_whole(reading, folder)
        if not any(case.status == "signed" for case in reading.cases()):
            raise NothingSignedError
        name = f"{folder.name.removesuffix('.reading')}-{reading.audit_head().seq}{RESULT_SUFFIX}"

    def write(archive: zipfile.ZipFile, database: Path) -> None:
        _add(archive, f"{folder.name}/{DATABASE}", database)

    return _write(folder, _place(folder, target, name), write)


def _require_whole(reading: Reading, folder: Path) -> None:
    findings = reading.verify(pictures=False)
    if findings:
        raise TamperedError(folder / DATABASE, findings)


def _pictures(reading: Reading) -> Sequence[StoredArray]:
    """Return every picture by its random name."""
    cases = [reading.case(summary.code) for summary in reading.cases()]
    images = [image for case in cases for timepoint in case.timepoints for image in timepoint.images]
    for image in images:
        reading.array_path(image)  # refuses a name that leads elsewhere
    stored = {image.array.name: image.array for image in images if image.array is not None}
    return [stored[name] for name in sorted(stored)]


def _size(folder: Path, one: StoredArray) -> int:
    path = folder / VOLUMES / one.name
    if not path.is_file():
        raise DamagedStoreError(path, "this picture is missing")
    return path.stat().st_size


def _megabytes(size: int) -> int:
    return size // 1_000_000 + 1


def _place(folder: Path, target: Path | None, name: str) -> Path:
    if target is None:
        return folder.with_name(name)
    return target.absolute() / name if target.is_dir() else target.absolute()


def _write(folder: Path, place: Path, write: Callable[[zipfile.ZipFile, Path], None]) -> Path:
    """Write an archive under a temporary name and give it its own; one of the same bytes stays."""
    with disk_errors(place), tempfile.TemporaryDirectory(prefix=".unfinished-", dir=place.parent) as work:
        database, unfinished = Path(work) / DATABASE, Path(work) / "unfinished.zip"
        backup_store(folder / DATABASE, database)
        unfinished.touch(mode=0o600)
        with unfinished.open("wb") as file:
            with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=_LEVEL) as archive:
                write(archive, database)
            file.flush()
            os.fsync(file.fileno())
        if place.exists():
            if not place.is_file() or not filecmp.cmp(place, unfinished, shallow=False):
                raise AlreadyThereError(place)
            return place
        set_constant_time(unfinished)
        unfinished.rename(place)
        sync_folder(place.parent)
    return place


def _add(
    archive: zipfile.ZipFile, name: str, source: Path, count: Callable[[int], None] = lambda _size: None
) -> str:
    """Add a file and return the SHA-256 of its bytes, read once.

    An entry that is opened by its name has no time of a file: it is dated 1980-01-01.
    """
    digest = hashlib.sha256()
    large = source.stat().st_size >= _LARGE
    with source.open("rb") as file, archive.open(name, "w", force_zip64=large) as packed:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
            packed.write(chunk)
            count(len(chunk))
    return digest.hexdigest()

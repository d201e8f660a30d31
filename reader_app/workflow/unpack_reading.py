"""A zipped reading is unpacked beside itself, after a check that it is one and nothing else."""

from __future__ import annotations

import re
import secrets
import shutil
import stat
import zipfile
import zlib
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from reader_app.workflow.errors import BadArchiveError, PathNotFoundError
from storage.errors import OlderStoreError, StorageError
from storage.reading.reading import Reading
from storage.reading.schema import VOLUMES

_MOST_ENTRIES = 20_000
_MOST_BYTES = 16 << 30
_MOST_TIMES = 200
_CHUNK = 1 << 20
_MEGABYTE = 1_000_000
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, FileExistsError)
"""What an archive can raise that is cut short, encrypted, of unknown make or names a file twice."""
_LOCK = "reading.sqlite.lock"
_INSIDE = re.compile(rf"reading\.sqlite|{VOLUMES}/[0-9a-f]{{32}}\.npy", re.ASCII)


Checkpoint = Callable[[int, int], None]


def _unwatched(_done: int, _total: int) -> None:
    """Go on."""


def reading_folder(path: Path, checkpoint: Checkpoint = _unwatched) -> Path:
    """Return the folder of a reading; of a zip, the folder it is unpacked into (once, beside the zip).

    Args:
        path: A reading's folder, or its zip.
        checkpoint: Called with (megabytes done, megabytes in all) while a zip is unpacked.

    Raises:
        PathNotFoundError: There is nothing at *path*.
        BadArchiveError: The zip is damaged, not a reading, or would write elsewhere.
        StorageError: What it holds is no reading of this program; nothing is left of it.
    """
    path = path.absolute()
    if not path.exists():
        raise PathNotFoundError(str(path))
    if path.is_dir():
        return path
    name = path.name.removesuffix(".zip").removesuffix(".reading") + ".reading"
    target = path.with_name(name if name != path.name else f"unpacked-{name}")
    if not target.exists():
        unpack_reading(path, target, checkpoint)
        try:
            _require_reading(target)
        except (StorageError, BadArchiveError):
            shutil.rmtree(target)
            raise
    return target


def _require_reading(folder: Path) -> None:
    with suppress(OlderStoreError):  # opening it for writing brings it up to date
        Reading.open(folder, read_only=True).close()
    if not holds_pictures(folder):
        raise BadArchiveError("it is a result without pictures, for the coordinator to collect")


def holds_pictures(folder: Path) -> bool:
    """Whether an unpacked reading has its pictures; a result travels without them."""
    return (folder / VOLUMES).is_dir()


def unpack_reading(archive: Path, target: Path, checkpoint: Checkpoint = _unwatched) -> None:
    """Unpack a zipped reading into the new folder *target*, all of it or nothing.

    Raises:
        BadArchiveError: It is damaged, not a reading, or would write elsewhere.
    """
    if not zipfile.is_zipfile(archive):
        raise BadArchiveError("it is neither a reading's folder nor a zip of one")
    partial = target.with_name(f".{target.name}.{secrets.token_hex(4)}.partial")
    done = 0
    try:
        with zipfile.ZipFile(archive) as opened:
            entries = _entries(opened)
            budget = min(_MOST_BYTES, _MOST_TIMES * max(archive.stat().st_size, _CHUNK))
            total = sum(entry.file_size for entry, _ in entries)
            for entry, inside in entries:
                place = partial / inside
                place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                budget = _inflate(opened, entry, place, budget)
                done += entry.file_size
                checkpoint(done // _MEGABYTE, total // _MEGABYTE + 1)
        partial.rename(target)
    except _BROKEN as error:
        raise BadArchiveError("it is damaged or encrypted") from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def _entries(opened: zipfile.ZipFile) -> list[tuple[zipfile.ZipInfo, str]]:
    """Return the files with their places in a reading; one folder around them may stand in front."""
    files = [entry for entry in opened.infolist() if not entry.is_dir()]
    if len(files) > _MOST_ENTRIES:
        raise BadArchiveError("it holds too many files")
    if any(stat.S_ISLNK(entry.external_attr >> 16) for entry in files):
        raise BadArchiveError("it holds links")
    tops = {entry.filename.partition("/")[0] for entry in files}
    front = f"{next(iter(tops))}/" if len(tops) == 1 else ""
    placed = [(entry, entry.filename.removeprefix(front)) for entry in files]
    placed = [(entry, inside) for entry, inside in placed if inside != _LOCK]  # a program's, not content
    for _, inside in placed:
        if not _INSIDE.fullmatch(inside):
            raise BadArchiveError("it holds something that is no part of a reading")
    if "reading.sqlite" not in (inside for _, inside in placed):
        raise BadArchiveError("it holds no reading.sqlite")
    return placed


def _inflate(opened: zipfile.ZipFile, entry: zipfile.ZipInfo, place: Path, budget: int) -> int:
    """Write an entry and return what is left of the budget, counted while inflating."""
    with opened.open(entry) as source, place.open("xb") as file:
        while chunk := source.read(_CHUNK):
            budget -= len(chunk)
            if budget < 0:
                raise BadArchiveError("it inflates to too much")
            file.write(chunk)
    return budget

"""ZIP archives: unpacked under names of our own, within limits counted while inflating."""

import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from viewer.imaging.errors import LimitExceededError, UnreadableFileError
from viewer.imaging.limits import LIMITS, MIB, Limits

_MAGIC = (b"PK\x03\x04", b"PK\x05\x06")


@dataclass(frozen=True, slots=True)
class Unpacked:
    """An entry of an archive: where it now lies, and its name inside, which serves for messages only."""

    path: Path
    label: Path


def is_archive(path: Path) -> bool:
    """Return whether a file begins as ZIP archives do."""
    try:
        with path.open("rb") as file:
            return file.read(4) in _MAGIC
    except OSError:
        return False


def unpack(archive: Path, folder: Path, limits: Limits = LIMITS) -> Iterator[Unpacked]:
    """Yield the files of *archive* one by one as they are written into *folder* under running numbers.

    Raises:
        UnreadableFileError: It is damaged, encrypted or its entries overlap.
        LimitExceededError: It holds too many entries or inflates to too much.
    """
    try:
        with zipfile.ZipFile(archive) as opened:
            entries = [entry for entry in opened.infolist() if not entry.is_dir()]
            _check(archive, entries, limits)
            budget = min(limits.archive_bytes, limits.archive_ratio * max(archive.stat().st_size, MIB))
            for number, entry in enumerate(entries):
                target = folder / f"{number:05d}"
                budget -= _inflate(archive, opened, entry, target, min(budget, _bytes_of(entry, limits)))
                yield Unpacked(target, _label(archive, entry.filename))
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError) as error:
        raise UnreadableFileError(archive, "a zip archive that is damaged or encrypted") from error


def _check(archive: Path, entries: list[zipfile.ZipInfo], limits: Limits) -> None:
    if len(entries) > limits.archive_entries:
        raise LimitExceededError(archive, f"a zip archive with more than {limits.archive_entries} files")
    end = 0
    for entry in sorted(entries, key=lambda entry: entry.header_offset):
        if entry.header_offset < end:
            raise UnreadableFileError(archive, "a zip archive whose entries overlap")
        end = entry.header_offset + entry.compress_size


def _bytes_of(entry: zipfile.ZipInfo, limits: Limits) -> int:
    return min(limits.file_bytes, limits.archive_ratio * max(entry.compress_size, 4096))


def _inflate(
    archive: Path, opened: zipfile.ZipFile, entry: zipfile.ZipInfo, target: Path, allowed: int
) -> int:
    written = 0
    with opened.open(entry) as source, target.open("xb") as file:
        while block := source.read(MIB):
            written += len(block)
            if written > allowed:
                raise LimitExceededError(archive, "a zip archive that inflates to too much")
            file.write(block)
    return written


def _label(archive: Path, name: str) -> Path:
    parts = [part for part in PurePosixPath(name.replace("\\", "/")).parts if part not in {"/", "..", "."}]
    return archive.joinpath(*("".join(filter(str.isprintable, part)) for part in parts))

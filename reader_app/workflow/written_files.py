"""Files that leave the program together: all of them whole, or none; and none overwritten."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from storage.arrays import disk_errors, sync_folder
from storage.tables.errors import ExportExistsError


def refuse_existing(paths: Iterable[Path]) -> None:
    """Raise if one of the files is there.

    Raises:
        ExportExistsError: Names the first of them.
    """
    for path in paths:
        if path.exists():
            raise ExportExistsError(path.name)


def write_files(files: Mapping[Path, bytes]) -> None:
    """Write files into folders that are there, and have them on the disk.

    Raises:
        ExportExistsError: One of the files is there.
        StorageFullError, StorageUnavailableError: The disk is full or gone.
            After any of these none of the files is there.
    """
    made: list[Path] = []
    try:
        for path, content in files.items():
            with disk_errors(path):
                _write_new(path, content, made)
        for folder in {path.parent for path in files}:
            with disk_errors(folder):
                sync_folder(folder)
    except BaseException:
        for path in made:
            path.unlink(missing_ok=True)
        raise


def _write_new(path: Path, content: bytes, made: list[Path]) -> None:
    try:
        file = path.open("xb")
    except FileExistsError:
        raise ExportExistsError(path.name) from None
    made.append(path)
    with file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())

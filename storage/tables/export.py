"""Writes the tables of an export into a folder: every file whole or none, and none overwritten.

Files are written under temporary names, synced and renamed at the end. The same tables and the same
facts give the same bytes.
"""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from storage.arrays import digest_of, disk_errors, sync_folder
from storage.tables.csv_file import write_csv
from storage.tables.errors import ExportExistsError
from storage.tables.sas_transport import write_xpt
from storage.tables.spss import write_sav
from storage.tables.stata import write_dta
from storage.tables.table import About, Table, Tell
from storage.tables.workbook import write_workbook

WORKBOOK = "scores.xlsx"
MANIFEST = "manifest.json"
FORMATS = ("csv", "xlsx", "sav", "dta", "xpt")
_STATISTICS = {"sav": write_sav, "dta": write_dta, "xpt": write_xpt}

Checkpoint = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class _File:
    """One file of an export: how it is written, and how many rows it has."""

    write: Callable[[Path, Tell], None]
    rows: int


def write_tables(
    folder: Path,
    tables: Sequence[Table],
    about: About,
    formats: Sequence[str] = ("csv",),
    checkpoint: Checkpoint = lambda _done, _total: None,
) -> tuple[Path, ...]:
    """Write each table in each of *formats* and a ``manifest.json`` with the facts and every file's SHA-256.

    Args:
        folder: Where to; it is made if need be.
        tables: What is written.
        about: What is stamped on every file.
        formats: Of :data:`FORMATS`.
        checkpoint: Called with the rows written so far and in all. What it raises stops the export.

    Returns:
        The absolute paths of the files, format by format; the manifest is the last.

    Raises:
        ExportExistsError: One of the files exists.
        ExportTooLargeError: A table does not fit into a format.
        StorageFullError, StorageUnavailableError: The disk is full or gone.
            After any of these, and after a stop, nothing of the export is there.
    """
    folder = folder.absolute()
    wanted = _files(tables, about, formats)
    for name in (*wanted, MANIFEST):
        if (folder / name).exists():
            raise ExportExistsError(name)
    made = [one for one in (folder, *folder.parents) if not one.exists()]
    try:
        with disk_errors(folder):
            folder.mkdir(parents=True, exist_ok=True)
            return _write_all(folder, wanted, about, checkpoint)
    except BaseException:
        for one in made:
            with suppress(OSError):
                one.rmdir()
        raise


def _files(tables: Sequence[Table], about: About, formats: Sequence[str]) -> dict[str, _File]:
    """Return the files by their names."""
    found: dict[str, _File] = {}
    for wanted in dict.fromkeys(formats):
        if wanted == "xlsx":
            rows = sum(len(table.rows) for table in tables)
            found[WORKBOOK] = _File(
                lambda path, tell: write_workbook(path, tables=tables, about=about, tell=tell), rows
            )
            continue
        for table in tables:
            found[f"{table.name}.{wanted}"] = _File(_writer(wanted, table, about), len(table.rows))
    return found


def _writer(wanted: str, table: Table, about: About) -> Callable[[Path, Tell], None]:
    if wanted == "csv":
        return lambda path, tell: write_csv(path, table, tell)
    write = _STATISTICS[wanted]  # the library writes a file in one go
    return lambda path, _tell: write(path, table, about)


def _write_all(
    folder: Path, wanted: Mapping[str, _File], about: About, checkpoint: Checkpoint
) -> tuple[Path, ...]:
    staged: dict[str, Path] = {}
    placed: list[Path] = []
    before, total = 0, sum(file.rows for file in wanted.values())
    try:
        for name, file in wanted.items():
            checkpoint(before, total)
            _stage(
                folder, name, partial(_write_file, file, partial(_tell, checkpoint, before, total)), staged
            )
            before += file.rows
        checkpoint(before, total)
        digests = {name: digest_of(path) for name, path in staged.items()}
        _stage(folder, MANIFEST, partial(_write_manifest, about=about, digests=digests), staged)
        for name, temporary in staged.items():
            temporary.rename(folder / name)
            placed.append(folder / name)
        sync_folder(folder)
    except BaseException:
        for path in (*placed, *staged.values()):
            path.unlink(missing_ok=True)
        raise
    return tuple(placed)


def _write_file(file: _File, tell: Tell, path: Path) -> None:
    file.write(path, lambda rows: tell(min(rows, file.rows)))


def _tell(checkpoint: Checkpoint, before: int, total: int, rows: int) -> None:
    checkpoint(before + rows, total)


def _stage(folder: Path, name: str, write: Callable[[Path], None], staged: dict[str, Path]) -> None:
    """Write a file under a temporary name of the same ending, and have it on the disk."""
    staged[name] = temporary = folder / f".{secrets.token_hex(8)}{Path(name).suffix}"
    write(temporary)
    with temporary.open("rb+") as file:
        os.fsync(file.fileno())


def _write_manifest(path: Path, about: About, digests: Mapping[str, str]) -> None:
    manifest = {**about.facts, "sha256": digests}
    path.write_text(json.dumps(manifest, indent=1, sort_keys=True, ensure_ascii=False), "utf-8")

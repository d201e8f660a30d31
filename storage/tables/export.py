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
from functools import partial
from pathlib import Path

from storage.arrays import digest_of, disk_errors, sync_folder
from storage.tables.csv_file import write_csv
from storage.tables.errors import ExportExistsError
from storage.tables.sas_transport import write_xpt
from storage.tables.spss import write_sav
from storage.tables.stata import write_dta
from storage.tables.table import About, Table
from storage.tables.workbook import write_workbook

WORKBOOK = "scores.xlsx"
MANIFEST = "manifest.json"
FORMATS = ("csv", "xlsx", "sav", "dta", "xpt")
_STATISTICS = {"sav": write_sav, "dta": write_dta, "xpt": write_xpt}

Write = Callable[[Path], None]


def write_tables(
    folder: Path, tables: Sequence[Table], about: About, formats: Sequence[str] = ("csv",)
) -> tuple[Path, ...]:
    """Write each table in each of *formats* and a ``manifest.json`` with the facts and every file's SHA-256.

    Returns:
        The absolute paths of the files, format by format; the manifest is the last.

    Raises:
        ExportExistsError: One of the files exists.
        ExportTooLargeError: A table does not fit into a format.
        StorageFullError, StorageUnavailableError: The disk is full or gone.
            After any of these nothing of the export is there.
    """
    folder = folder.absolute()
    writers = _writers(tables, about, formats)
    for name in (*writers, MANIFEST):
        if (folder / name).exists():
            raise ExportExistsError(name)
    made = [one for one in (folder, *folder.parents) if not one.exists()]
    try:
        with disk_errors(folder):
            folder.mkdir(parents=True, exist_ok=True)
            return _write_all(folder, writers, about)
    except BaseException:
        for one in made:
            with suppress(OSError):
                one.rmdir()
        raise


def _writers(tables: Sequence[Table], about: About, formats: Sequence[str]) -> dict[str, Write]:
    """Return what writes each file, by its name."""
    found: dict[str, Write] = {}
    for wanted in dict.fromkeys(formats):
        if wanted == "xlsx":
            found[WORKBOOK] = partial(write_workbook, tables=tables, about=about)
        elif wanted == "csv":
            found.update({f"{table.name}.csv": partial(write_csv, table=table) for table in tables})
        else:
            write = _STATISTICS[wanted]
            found.update(
                {f"{table.name}.{wanted}": partial(write, table=table, about=about) for table in tables}
            )
    return found


def _write_all(folder: Path, writers: Mapping[str, Write], about: About) -> tuple[Path, ...]:
    staged: dict[str, Path] = {}
    placed: list[Path] = []
    try:
        for name, write in writers.items():
            _stage(folder, name, write, staged)
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


def _stage(folder: Path, name: str, write: Write, staged: dict[str, Path]) -> None:
    """Write a file under a temporary name of the same ending, and have it on the disk."""
    staged[name] = temporary = folder / f".{secrets.token_hex(8)}{Path(name).suffix}"
    write(temporary)
    with temporary.open("rb+") as file:
        os.fsync(file.fileno())


def _write_manifest(path: Path, about: About, digests: Mapping[str, str]) -> None:
    manifest = {**about.facts, "sha256": digests}
    path.write_text(json.dumps(manifest, indent=1, sort_keys=True, ensure_ascii=False), "utf-8")

"""Tables that leave the program: CSV that a spreadsheet cannot mistake for formulas.

RFC 4180, UTF-8, header first. A file is written under a temporary name, synced and renamed; what
exists is never overwritten. The same rows give the same bytes.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from storage.errors import StorageError

Value = str | float | int | None
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠")  # noqa: RUF001


class ExportExistsError(StorageError):
    """An export would overwrite a file."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{name} is already there; exports never overwrite. Choose an empty folder.")
        self.name = name


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under named columns; text stays text and numbers stay numbers."""

    name: str
    columns: tuple[str, ...]
    rows: Sequence[tuple[Value, ...]]


def csv_bytes(table: Table) -> bytes:
    """Return *table* as RFC 4180 CSV; None is an empty cell, text that looks like a formula gets a ``'``."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(table.columns)
    writer.writerows([_cell(value) for value in row] for row in table.rows)
    return text.getvalue().encode()


def write_tables(
    folder: Path, tables: Sequence[Table], facts: Mapping[str, str | int | None]
) -> tuple[Path, ...]:
    """Write each table as ``NAME.csv`` and a ``manifest.json`` with *facts* and every file's SHA-256.

    Returns:
        The absolute paths of the files, the manifest last.

    Raises:
        ExportExistsError: One of the files exists; nothing was written.
    """
    contents = {f"{table.name}.csv": csv_bytes(table) for table in tables}
    digests = {name: hashlib.sha256(content).hexdigest() for name, content in contents.items()}
    manifest = {**facts, "sha256": digests}
    contents["manifest.json"] = json.dumps(manifest, indent=1, sort_keys=True, ensure_ascii=False).encode()
    folder = folder.absolute()
    folder.mkdir(parents=True, exist_ok=True)
    for name in contents:
        if (folder / name).exists():
            raise ExportExistsError(name)
    return _write_all(folder, contents)


def _write_all(folder: Path, contents: Mapping[str, bytes]) -> tuple[Path, ...]:
    """Write every file under a temporary name first, so that a full disk leaves none behind."""
    staged: list[tuple[Path, Path]] = []
    try:
        for name, content in contents.items():
            temporary = folder / f".{secrets.token_hex(8)}.tmp"
            staged.append((temporary, folder / name))
            with temporary.open("xb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
        for temporary, final in staged:
            temporary.rename(final)
    finally:
        for temporary, _ in staged:
            temporary.unlink(missing_ok=True)
    return tuple(final for _, final in staged)


def number(value: float | None) -> float | int | None:
    """Return whole numbers as ``int``, so that a grade is written 2 and not 2.0."""
    return int(value) if value is not None and value == int(value) else value


def _cell(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return f"'{value}" if value.startswith(_FORMULA_STARTS) else value
    return f"{value:.12g}"

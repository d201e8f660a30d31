"""Tables that people hand in: UTF-8 CSV with a header, commas or semicolons between the cells."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path

from reader_app.workflow.errors import BadTableError

EXTRA = "\0"
"""Under this name stands what a row has beyond the header's last column."""


def read_header(table: Path) -> list[str]:
    """Return the names of the columns.

    Raises:
        BadTableError: It is no UTF-8 CSV table, or names a column twice.
        OSError: It cannot be read.
    """
    return next(_lines(table), (0, list[str]()))[1]


def read_rows(table: Path, needed: Sequence[str]) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield line number and cells by column of each row that is not blank; cells are stripped.

    Raises:
        BadTableError: It is no UTF-8 CSV table, names a column twice, or lacks a needed one.
        OSError: It cannot be read.
    """
    lines = _lines(table)
    header = next(lines, (0, list[str]()))[1]
    missing = [name for name in needed if name not in header]
    if missing:
        raise BadTableError(table.name, f"it lacks the columns {', '.join(missing)}")
    for line, cells in lines:
        if any(cells):
            named = {**dict.fromkeys(header, ""), **dict(zip(header, cells, strict=False))}
            named[EXTRA] = "".join(cells[len(header) :])
            yield line, named


def _lines(table: Path) -> Iterator[tuple[int, list[str]]]:
    """Yield the number of each row's first line and its cells, the header first."""
    try:
        text = table.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadTableError(table.name, "it is not UTF-8 text") from error
    if "\0" in text:
        raise BadTableError(table.name, "it is not text")
    first = text.partition("\n")[0]
    rows = csv.reader(text.splitlines(keepends=True), delimiter=";" if "," not in first else ",", strict=True)
    line = 1
    try:
        for row in rows:
            cells = [cell.strip() for cell in row]
            named = [name for name in cells if name]
            if line == 1 and len(set(named)) < len(named):
                raise BadTableError(table.name, "it names a column twice", line)
            yield line, cells
            line = rows.line_num + 1
    except csv.Error as error:
        raise BadTableError(table.name, "its quotes are not closed", rows.line_num) from error

"""SAS transport files (.xpt) of version 8: long names and labels; the format has no value labels."""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path
from typing import Any

from storage.errors import StorageFullError
from storage.tables.frames import frame_of, month_of, put_in, whole_file
from storage.tables.names import short_names
from storage.tables.table import About, Table, cut

_MOST_TEXT = 32_767
_FILE_LABEL = 40
_VARIABLE_LABEL = 256
_RECORD = 80
# Times "ddMMMyy:hh:mm:ss": made and changed, of the library (records 1 and 2) and of the member (5 and 6).
# Source: SAS, "Record layout of a SAS version 8 or 9 data set in SAS transport format".
_TIMES_AT = (1 * _RECORD + 64, 2 * _RECORD, 5 * _RECORD + 64, 6 * _RECORD)
_TIME = re.compile(rb"\d\d[A-Z]{3}\d\d:\d\d:\d\d:\d\d")
_ROWS_FOLLOW = b"HEADER RECORD*******OBSV8"


def write_xpt(path: Path, table: Table, about: About) -> None:
    """Write *table* to *path*.

    Raises:
        ExportTooLargeError: A text is longer than SAS holds.
        StorageFullError: The disk is full.
    """
    pyreadstat: Any = import_module("pyreadstat")
    names = short_names(table.names)
    frame = frame_of(table, names, "SAS transport", _MOST_TEXT, fixed_width=True)
    with whole_file(path):
        pyreadstat.write_xport(
            frame,
            path,
            file_format_version=8,
            table_name=table.name,
            file_label=cut(about.label, _FILE_LABEL),
            column_labels={
                name: cut(column.label, _VARIABLE_LABEL)
                for name, column in zip(names, table.columns, strict=True)
            },
        )
    _check_whole(path, table, _row_bytes(frame))
    moment = about.moment
    time = f"{moment:%d}{month_of(moment).upper()}{moment:%y:%H:%M:%S}".encode()
    put_in(path, dict.fromkeys(_TIMES_AT, (time, _TIME)))


def _row_bytes(frame: Any) -> int:
    """Return the bytes of a row: 8 for a number, and the first row's texts are as wide as their columns."""
    first: list[Any] = list(frame.iloc[0]) if len(frame) else []
    return sum(max(1, len(cell.encode())) if isinstance(cell, str) else 8 for cell in first)


def _check_whole(path: Path, table: Table, row_bytes: int) -> None:
    """Refuse a file that ends early: this writer of the library does not tell.

    Rows follow each other without a gap; the last record is filled up to 80 bytes.
    """
    with path.open("rb") as file:
        header = file.read(1000 + 600 * len(table.columns))  # names and labels take less
    begin = header.find(_ROWS_FOLLOW) + _RECORD
    records = -(-len(table.rows) * row_bytes // _RECORD)
    if path.stat().st_size != begin + records * _RECORD:
        raise StorageFullError(path.parent)

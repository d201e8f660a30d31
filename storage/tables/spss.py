"""SPSS system files (.sav): labels of variables and values, levels of measurement, notes."""

from __future__ import annotations

import re
import textwrap
from importlib import import_module
from pathlib import Path
from typing import Any

from storage.tables.frames import frame_of, month_of, put_in, whole_file
from storage.tables.names import spss_names
from storage.tables.table import About, Column, Table, Value, cut

_MOST_TEXT = 32_767
_FILE_LABEL = 64
_VARIABLE_LABEL = 255
_VALUE_LABEL = 120
_NOTE_LINE = 80
_MEASURES = {"text": "nominal", "grade": "ordinal", "number": "scale"}
# File header record: after $FL2, 60 bytes product, six words and the bias stand creation_date "dd mmm yy"
# and creation_time "hh:mm:ss". Source: PSPP, System File Format, "File Header Record".
_DATE_AT, _TIME_AT = 92, 101
_DATE, _TIME = re.compile(rb"\d\d [A-Z][a-z]{2} \d\d"), re.compile(rb"\d\d:\d\d:\d\d")


def write_sav(path: Path, table: Table, about: About) -> None:
    """Write *table* to *path* with the facts as notes.

    Raises:
        ExportTooLargeError: A text is longer than SPSS holds.
        StorageFullError: The disk is full.
    """
    pyreadstat: Any = import_module("pyreadstat")
    names = spss_names(table.names)
    columns = dict(zip(names, table.columns, strict=True))
    frame = frame_of(table, names, "SPSS", _MOST_TEXT, fixed_width=True)
    with whole_file(path):
        pyreadstat.write_sav(
            frame,
            path,
            file_label=cut(about.label, _FILE_LABEL),
            column_labels={name: cut(column.label, _VARIABLE_LABEL) for name, column in columns.items()},
            note=[line for fact in about.facts.items() for line in _lines(fact)],
            row_compress=True,
            variable_value_labels={name: _labels(one) for name, one in columns.items() if one.values},
            variable_format={name: _format(one) for name, one in columns.items() if one.kind != "text"},
            variable_measure={name: _MEASURES[column.kind] for name, column in columns.items()},
        )
    moment = about.moment
    date = f"{moment:%d} {month_of(moment)} {moment:%y}"
    put_in(path, {_DATE_AT: (date.encode(), _DATE), _TIME_AT: (f"{moment:%H:%M:%S}".encode(), _TIME)})


def _labels(column: Column) -> dict[str | float, str]:
    """Return the meanings of values; pyreadstat wants them as float in number columns."""
    of = str if column.kind == "text" else float
    return {of(value): cut(text, _VALUE_LABEL) for value, text in column.values.items()}


def _format(column: Column) -> str:
    return f"F{8 + column.decimals}.{column.decimals}"


def _lines(fact: tuple[str, Value]) -> list[str]:
    """Return a fact as lines that are short enough in bytes."""
    name, value = fact
    text = f"{name}: {'' if value is None else value}"
    lines = textwrap.wrap(text, _NOTE_LINE)
    width = _NOTE_LINE
    while any(len(line.encode()) > _NOTE_LINE for line in lines):
        width -= 5
        lines = textwrap.wrap(text, width)
    return lines

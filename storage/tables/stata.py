"""Stata files (.dta, format 118: Stata 14 and later) with labels of variables and values."""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path
from typing import Any

from storage.tables.frames import frame_of, month_of, put_in, whole_file
from storage.tables.names import short_names
from storage.tables.table import About, Column, Table, cut

_VERSION = 14
_MOST_TEXT = 2_000_000_000
_LABEL = 80
# The header's timestamp "dd Mon yyyy hh:mm" has its length in the byte before it. Source: Stata, help dta,
# section 5.1 "Header"; its place varies with the data label.
_TAG = b"<timestamp>\x11"
_TIME = re.compile(rb"[ \d]\d [A-Z][a-z]{2} \d{4} \d\d:\d\d")


def write_dta(path: Path, table: Table, about: About) -> None:
    """Write *table* to *path*.

    Stata labels whole numbers only: grades of half steps and texts have no value labels here.

    Raises:
        StorageFullError: The disk is full.
    """
    pyreadstat: Any = import_module("pyreadstat")
    names = short_names(table.names)
    columns = dict(zip(names, table.columns, strict=True))
    frame = frame_of(table, names, "Stata", _MOST_TEXT, fixed_width=False)
    labels = {name: _labels(column) for name, column in columns.items()}
    with whole_file(path):
        pyreadstat.write_dta(
            frame,
            path,
            version=_VERSION,
            file_label=cut(about.label, _LABEL),
            column_labels={name: cut(column.label, _LABEL) for name, column in columns.items()},
            variable_value_labels={name: texts for name, texts in labels.items() if texts},
        )
    with path.open("rb") as file:
        at = file.read(4096).index(_TAG) + len(_TAG)
    moment = about.moment
    time = f"{moment:%d} {month_of(moment)} {moment:%Y %H:%M}"
    put_in(path, {at: (time.encode(), _TIME)})


def _labels(column: Column) -> dict[int, str]:
    if column.kind == "text" or any(value != int(value) for value in column.values):
        return {}
    return {int(value): text for value, text in column.values.items()}

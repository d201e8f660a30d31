"""What the writers of statistics files share: pandas frames, limits of text, and times put in afterwards.

pandas and pyreadstat have no types, and take a second to import: they are imported where they are used.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np

from storage.errors import StorageFullError
from storage.tables.errors import ExportTooLargeError
from storage.tables.table import Table, Value

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def frame_of(
    table: Table, names: Sequence[str], format_name: str, most_bytes: int, *, fixed_width: bool
) -> Any:
    """Return *table* with numbers as float64 (NaN where empty) and texts as ``str`` (empty where None).

    Args:
        table: What is written.
        names: The columns' names in the format.
        format_name: For the error.
        most_bytes: The longest text the format holds, in bytes of UTF-8.
        fixed_width: Fill the first row's texts up with spaces to the column's width. The writers take
            the longest text of a column as its width, and formats of fixed width cut the spaces off
            again when they are read.

    Raises:
        ExportTooLargeError: A text is longer than *most_bytes*.
    """
    pandas: Any = import_module("pandas")

    series: dict[str, object] = {}
    cells = list(zip(*table.rows, strict=True)) if table.rows else [()] * len(table.columns)
    for column, name, values in zip(table.columns, names, cells, strict=True):
        if column.kind == "text":
            texts = [_text(value) for value in values]
            longest = max((len(text.encode()) for text in set(texts)), default=0)
            if longest > most_bytes:
                what = f"a text of {longest:,} bytes in the column {column.name}"
                raise ExportTooLargeError(table.name, what, most_bytes, format_name)
            if fixed_width and texts:
                texts[0] += " " * (max(column.width, longest) - len(texts[0].encode()))
            series[name] = pandas.Series(texts, dtype=object)
        else:
            series[name] = np.array([np.nan if value is None else value for value in values], dtype=float)
    return pandas.DataFrame(series)


@contextmanager
def whole_file(path: Path) -> Generator[None]:
    """Turn a write that the library could not finish into an error of ours.

    Raises:
        StorageFullError: The disk is full.
    """
    library: Any = import_module("pyreadstat")
    try:
        yield
    except library.ReadstatError as error:
        if "Unable to write" not in str(error):
            raise
        raise StorageFullError(path.parent) from error


def put_in(path: Path, patches: Mapping[int, tuple[bytes, re.Pattern[bytes]]]) -> None:
    """Overwrite bytes of a file.

    Args:
        path: The file.
        patches: By offset, what to write and what must stand there now.
    """
    with path.open("r+b") as file:
        for offset, (new, old) in patches.items():
            file.seek(offset)
            found = file.read(len(new))
            assert old.fullmatch(found), f"no time at byte {offset}"
            file.seek(offset)
            file.write(new)


def month_of(moment: datetime) -> str:
    """Return the month's three English letters, whatever the language of the system."""
    return _MONTHS[moment.month - 1]


def _text(value: Value) -> str:
    """Return a text; no statistics format holds a NUL."""
    return "" if value is None else str(value).replace("\0", "\ufffd")

"""CSV that a spreadsheet cannot mistake for formulas: RFC 4180, UTF-8, header first."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from storage.tables.table import Table, Tell, Value, tell_nobody

_ROWS_AT_ONCE = 5_000
_REMEMBERED = 100_000
_FORMULA = re.compile("'*[=+\\-@\t\r\n\0＝＋－＠]")  # noqa: RUF001 - full-width forms are formulas too
_TO_QUOTE = re.compile('[",\r\n]')


class _Cells(dict[Value, str]):
    """The text of each value, worked out once; most values of a score sheet come again and again."""

    def __init__(self, empty: str) -> None:
        super().__init__({None: empty, "": empty})

    def __missing__(self, value: Value) -> str:
        text = cell_text(value)
        if len(self) < _REMEMBERED:
            self[value] = text
        return text


def write_csv(path: Path, table: Table, tell: Tell = tell_nobody) -> None:
    """Write *table* to *path*, which must not exist.

    Text that a spreadsheet would take for a formula gets a ``'`` in front, and so does text that already
    has one there: whoever takes one off such a text has what was entered.
    """
    with path.open("xb") as file:
        for pieces, text in enumerate(csv_pieces(table)):  # the first is the header
            file.write(text.encode())
            tell(pieces * _ROWS_AT_ONCE)


def csv_pieces(table: Table) -> Iterator[str]:
    """Yield the file's text in pieces."""
    cells = _Cells('""' if len(table.columns) == 1 else "")  # or else a row of nothing would be a blank line
    of = cells.__getitem__
    yield ",".join(map(of, table.names)) + "\r\n"
    rows = iter(table.rows)
    while piece := "\r\n".join([",".join(map(of, row)) for row in islice(rows, _ROWS_AT_ONCE)]):
        yield piece + "\r\n"


def cell_text(value: Value) -> str:
    """Return a cell as it stands in the file.

    Numbers are written so that they read back as they were; whole ones have no decimal point.
    """
    if value is None:
        return ""
    if isinstance(value, str):
        safe = f"'{value}" if _FORMULA.match(value) else value
        return '"' + safe.replace('"', '""') + '"' if _TO_QUOTE.search(safe) else safe
    if math.isnan(value):
        return ""
    return str(int(value)) if abs(value) < 1e15 and value == int(value) else repr(value)

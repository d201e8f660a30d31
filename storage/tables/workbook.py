"""One XLSX workbook: a sheet for each table, then a sheet that says what they are.

Every text cell is typed as text, so none of them is a formula, a link or a date whatever it begins with.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from xml.sax.saxutils import escape

from storage.tables.errors import ExportTooLargeError
from storage.tables.table import About, Column, Table, Tell, Value, tell_nobody

ABOUT_SHEET = "about"
_MOST_ROWS = 1_048_575  # besides the header
_MOST_COLUMNS = 16_384
_MOST_CHARACTERS = 32_767
_NAME = "XLSX"
_ROWS_AT_ONCE = 1_000


def write_workbook(path: Path, tables: Sequence[Table], about: About, tell: Tell = tell_nobody) -> None:
    """Write *tables* to *path*, row by row, so that memory does not grow with them.

    *tell* hears how many rows of all tables together are written.

    Raises:
        ExportTooLargeError: A sheet or cell of this format cannot hold what a table has.
    """
    library: Any = import_module("xlsxwriter")
    for table in tables:
        _check(table)
    with TemporaryDirectory(dir=path.parent) as work:  # unblinded scores go nowhere else
        book = library.Workbook(str(path), {"constant_memory": True, "tmpdir": work})
        book.set_properties({"title": about.label, "created": about.moment.replace(tzinfo=None)})  # as UTC
        header = book.add_format({"bold": True, "bottom": 1})
        try:
            before = 0
            for table in (*tables, _about_table(about)):
                _write_sheet(book, header, table, tell, before)
                before += len(table.rows)
            book.close()
        except library.exceptions.FileCreateError as error:
            raise error.args[0] from error
        finally:
            for sheet in book.worksheets():
                sheet.row_data_fh.close()  # or else an error leaves the rows' file open


def _about_table(about: About) -> Table:
    columns = (Column("about", width=32), Column("value", width=64))
    return Table(ABOUT_SHEET, columns, [(name, value) for name, value in about.facts.items()])


def _check(table: Table) -> None:
    if len(table.rows) > _MOST_ROWS:
        raise ExportTooLargeError(table.name, f"{len(table.rows):,} rows", _MOST_ROWS, _NAME)
    if len(table.columns) > _MOST_COLUMNS:
        raise ExportTooLargeError(table.name, f"{len(table.columns):,} columns", _MOST_COLUMNS, _NAME)


def _write_sheet(book: Any, header: Any, table: Table, tell: Tell, before: int) -> None:
    sheet = book.add_worksheet(table.name)
    sheet.freeze_panes(1, 0)
    for position, column in enumerate(table.columns):
        sheet.set_column(position, position, max(len(column.name) + 3, 12 if column.kind == "text" else 8))
        sheet.write_string(0, position, column.name, header)
    for line, row in enumerate(table.rows, 1):
        if line % _ROWS_AT_ONCE == 0:
            tell(before + line)
        for position, value in enumerate(row):
            if isinstance(value, str):
                _write_text(sheet, line, position, value, table)
            elif value is not None:
                sheet.write_number(line, position, value)
    if table.rows:
        sheet.autofilter(0, 0, len(table.rows), len(table.columns) - 1)


def _write_text(sheet: Any, line: int, position: int, text: Value, table: Table) -> None:
    text = str(text)
    if len(text) > _MOST_CHARACTERS // 2 and len(text.encode("utf-16-le")) // 2 > _MOST_CHARACTERS:
        what = f"a text of {len(text):,} characters in the column {table.names[position]}"
        raise ExportTooLargeError(table.name, what, _MOST_CHARACTERS, _NAME)
    if text.startswith("<r>") and text.endswith("</r>"):  # the library would take it for XML of its own
        text = f'<r><t xml:space="preserve">{escape(text)}</t></r>'
    sheet.write_string(line, position, text)

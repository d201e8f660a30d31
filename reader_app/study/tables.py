"""Plain tables for the pages: rows of text, to read, to sort by eye and to copy."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QTableView,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

_WIDEST = 260
"""Pixels that a column takes at most where not all fit; longer text is elided and whole in its tool tip."""


class TextTable(QTableWidget):
    """Rows of text under headings; Ctrl+C copies the chosen rows. Column *wide* takes the width left."""

    def __init__(self, headings: Sequence[str], wide: int, parent: QWidget | None = None) -> None:
        super().__init__(0, len(headings), parent)
        self._wide = wide
        self.setHorizontalHeaderLabels(list(headings))
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        dress_text_table(self)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        header = self.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        header.setSectionResizeMode(wide, QHeaderView.ResizeMode.Stretch)

    def show_rows(self, rows: Sequence[Sequence[str]]) -> None:
        """Show other rows; the chosen row stays chosen where it is the same."""
        chosen = self.row_texts(self.currentRow()) if self.currentRow() >= 0 else ()
        self.blockSignals(True)
        self.setRowCount(len(rows))
        self._fill(0, rows)
        same = next((row for row in range(len(rows)) if chosen and tuple(rows[row])[:1] == chosen[:1]), None)
        if same is not None:
            self.setCurrentCell(same, 0)
        self.blockSignals(False)
        self._fit()

    def add_rows(self, rows: Sequence[Sequence[str]]) -> None:
        """Add rows below those that are there."""
        first = self.rowCount()
        self.setRowCount(first + len(rows))
        self._fill(first, rows)
        self._fit()

    def _fill(self, first: int, rows: Sequence[Sequence[str]]) -> None:
        for row, texts in enumerate(rows, first):
            for column, text in enumerate(texts):
                item = QTableWidgetItem(text)
                item.setToolTip(text)
                self.setItem(row, column, item)

    def _fit(self) -> None:
        """Give every column the width of its texts, within reason; a fixed one and the wide one stay."""
        header = self.horizontalHeader()
        wanted = [
            max(self.sizeHintForColumn(column), header.sectionSizeHint(column))
            for column in range(self.columnCount())
        ]
        widest = max(wanted) if sum(wanted) <= self.viewport().width() else _WIDEST
        for column, width in enumerate(wanted):
            if header.sectionResizeMode(column) == QHeaderView.ResizeMode.Interactive:
                header.resizeSection(column, min(width, widest))

    def set_hint(self, row: int, column: int, words: str) -> None:
        """Say something else than its text about a cell; row -1 is the heading."""
        item = self.item(row, column) if row >= 0 else self.horizontalHeaderItem(column)
        if item is not None:
            item.setToolTip(words)

    def row_texts(self, row: int) -> tuple[str, ...]:
        """Return the texts of a row."""
        items = (self.item(row, column) for column in range(self.columnCount()))
        return tuple(item.text() if item else "" for item in items)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Copy whole rows; by itself a table copies one cell as it is shown."""
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy_rows()
        else:
            super().keyPressEvent(event)

    def copy_rows(self) -> None:
        """Put the chosen rows, or all, on the clipboard as tab-separated text."""
        copy_rows(self, self.row_texts)


def dress_text_table(table: QTableView) -> None:
    """Let a table look and choose like every table of texts: whole rows, no grid, headings on the left."""
    table.setObjectName("textTable")
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setShowGrid(False)
    table.setWordWrap(False)
    table.setTabKeyNavigation(False)
    table.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    table.verticalHeader().hide()
    table.verticalHeader().setDefaultSectionSize(30)
    header = table.horizontalHeader()
    header.setHighlightSections(False)
    header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)


def copy_rows(table: QTableView, texts_of: Callable[[int], Sequence[str]]) -> None:
    """Put the chosen rows of a table, or all, on the clipboard as tab-separated text."""
    chosen = sorted({index.row() for index in table.selectedIndexes()}) or range(table.model().rowCount())
    QGuiApplication.clipboard().setText("\n".join("\t".join(texts_of(row)) for row in chosen))

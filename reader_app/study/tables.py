"""Plain tables for the pages: rows of text, to read, to sort by eye and to copy."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem, QWidget


class TextTable(QTableWidget):
    """Rows of text under headings; Ctrl+C copies the chosen rows. Column *wide* takes the width left."""

    def __init__(self, headings: Sequence[str], wide: int, parent: QWidget | None = None) -> None:
        super().__init__(0, len(headings), parent)
        self.setObjectName("textTable")
        self.setHorizontalHeaderLabels(list(headings))
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(30)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(wide, QHeaderView.ResizeMode.Stretch)
        shortcut = QShortcut(QKeySequence(QKeySequence.StandardKey.Copy), self)
        shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
        shortcut.activated.connect(self.copy_rows)

    def show_rows(self, rows: Sequence[Sequence[str]]) -> None:
        """Show other rows; the chosen row stays chosen where it is the same."""
        chosen = self.row_texts(self.currentRow()) if self.currentRow() >= 0 else ()
        self.blockSignals(True)
        self.setRowCount(len(rows))
        for row, texts in enumerate(rows):
            for column, text in enumerate(texts):
                item = QTableWidgetItem(text)
                item.setToolTip(text)
                self.setItem(row, column, item)
        same = next((row for row in range(len(rows)) if chosen and tuple(rows[row])[:1] == chosen[:1]), None)
        if same is not None:
            self.setCurrentCell(same, 0)
        self.blockSignals(False)

    def row_texts(self, row: int) -> tuple[str, ...]:
        """Return the texts of a row."""
        items = (self.item(row, column) for column in range(self.columnCount()))
        return tuple(item.text() if item else "" for item in items)

    @Slot()
    def copy_rows(self) -> None:
        """Put the chosen rows, or all, on the clipboard as tab-separated text."""
        chosen = sorted({index.row() for index in self.selectedIndexes()}) or range(self.rowCount())
        QGuiApplication.clipboard().setText("\n".join("\t".join(self.row_texts(row)) for row in chosen))

"""A table of an analysis: as high as its rows, and every number with sheets behind it can be clicked."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QColor, QFont
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QLabel,
    QSizePolicy,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from reader_app.workflow.analysis_tables import Grid, Shown
from reader_app.workflow.figure_words import NOT_CALCULABLE

_ROW = 28
_QUIET = QColor("#5c6873")


class GridTable(QWidget):
    """Shows a grid with its title and the reasons below it."""

    picked = Signal(str, object)  # what the number is, its Source

    def __init__(self, grid: Grid, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._grid = grid
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        title = QLabel(grid.title, self)
        title.setObjectName("pageHeading")
        title.setTextFormat(Qt.TextFormat.PlainText)
        column.addWidget(title)
        self.table = self._table()
        self._fit()
        if grid.note:
            column.addWidget(self._note(grid.note))
        column.addWidget(self.table)
        for words in grid.footnotes:
            column.addWidget(self._note(f"– {words}"))
        self.table.cellClicked.connect(self._on_clicked)
        self.table.cellActivated.connect(self._on_clicked)

    def _note(self, words: str) -> QLabel:
        note = QLabel(words, self)
        note.setObjectName("note")
        note.setWordWrap(True)
        note.setTextFormat(Qt.TextFormat.PlainText)
        return note

    def _table(self) -> QTableWidget:
        grid = self._grid
        table = QTableWidget(len(grid.rows), len(grid.headings), self)
        table.setObjectName("gridTable")
        table.setAccessibleName(grid.title)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setShowGrid(False)
        table.setWordWrap(False)
        table.setTabKeyNavigation(False)
        table.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        table.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        table.verticalHeader().hide()
        table.verticalHeader().setDefaultSectionSize(_ROW)
        for row, cells in enumerate(grid.rows):
            for place, cell in enumerate(cells):
                table.setItem(row, place, self._item(cell, is_word=place < grid.n_words))
        for place, heading in enumerate(grid.headings):
            side = Qt.AlignmentFlag.AlignLeft if place < grid.n_words else Qt.AlignmentFlag.AlignRight
            item = QTableWidgetItem(heading)
            item.setTextAlignment(side | Qt.AlignmentFlag.AlignVCenter)
            table.setHorizontalHeaderItem(place, item)
        header = table.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        table.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        table.horizontalScrollBar().rangeChanged.connect(self._fit)
        return table

    @Slot()
    def _fit(self) -> None:
        """Make the table as high as its rows, and its scroll bar if it needs one."""
        bar = self.table.horizontalScrollBar()
        height = self.table.horizontalHeader().sizeHint().height() + _ROW * len(self._grid.rows) + 4
        self.table.setFixedHeight(height + (bar.sizeHint().height() if bar.maximum() else 0))

    def _item(self, cell: Shown, *, is_word: bool) -> QTableWidgetItem:
        item = QTableWidgetItem(cell.text)
        if not is_word:
            item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        if cell.strong:
            font = QFont(self.font())
            font.setBold(True)
            item.setFont(font)
        if cell.text == NOT_CALCULABLE:
            item.setForeground(_QUIET)
        hint = "Click to see the score sheets" if cell.source else ""
        item.setToolTip("\n".join(words for words in (cell.reason, hint) if words))
        return item

    @Slot(int, int)
    def _on_clicked(self, row: int, column: int) -> None:
        grid = self._grid
        cell = grid.rows[row][column]
        if cell.source is not None:
            words = ", ".join(one.text for one in grid.rows[row][: grid.n_words])
            self.picked.emit(f"{words} · {grid.headings[column]} {cell.text}", cell.source)

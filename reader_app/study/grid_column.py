"""Tables of an analysis one below the other, on a page that scrolls."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QVBoxLayout, QWidget

from reader_app.messages import describe
from reader_app.study.empty_state import EmptyState
from reader_app.study.grid_table import GridTable
from reader_app.workflow.analysis_tables import Grid


class GridColumn(QScrollArea):
    """Shows grids, or in one sentence why there are none."""

    picked = Signal(str, object)  # what the number is, its Source

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.tables: list[GridTable] = []

    def show_grids(self, grids: Sequence[Grid], remarks: Sequence[str] = ()) -> None:
        """Show *remarks* and below them the tables."""
        self.tables = [GridTable(grid, self) for grid in grids]
        for table in self.tables:
            table.picked.connect(self.picked)
        self._fill([*(_remark(words, self) for words in remarks), *self.tables])

    def show_nothing(self, title: str, words: str) -> None:
        """Say why there is no table."""
        self.tables = []
        self.setWidget(EmptyState(title, words, self))

    def show_failure(self, title: str, error: Exception) -> None:
        """Say what went wrong; a bug is raised again."""
        message = describe(error)
        self.show_nothing(title, message.text if message else "")
        if message is None:
            raise error

    def _fill(self, widgets: Sequence[QWidget]) -> None:
        holder = QWidget(self)
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 8, 0, 8)
        column.setSpacing(18)
        for widget in widgets:
            column.addWidget(widget)
        column.addStretch()
        self.setWidget(holder)  # the one before goes


def _remark(words: str, parent: QWidget) -> QLabel:
    remark = QLabel(words, parent)
    remark.setObjectName("remark")
    remark.setWordWrap(True)
    remark.setTextFormat(Qt.TextFormat.PlainText)
    return remark

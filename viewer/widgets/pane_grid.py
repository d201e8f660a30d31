"""A grid of panes that can show one of them large."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from viewer.widgets.image_pane import ImagePane


class PaneGrid(QWidget):
    """Lays out panes in rows and columns; double click enlarges one and brings the others back."""

    arranged = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._panes: list[list[ImagePane]] = []
        self._large: ImagePane | None = None
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(2)

    @property
    def panes(self) -> tuple[ImagePane, ...]:
        """All panes, row by row."""
        return tuple(pane for row in self._panes for pane in row)

    @property
    def visible_panes(self) -> tuple[ImagePane, ...]:
        """The panes on the screen: all, or the large one."""
        return (self._large,) if self._large else self.panes

    def arrange(self, rows: int, columns: int) -> None:
        """Make a grid of *rows* by *columns* empty panes; old ones go."""
        if (rows, columns) == (len(self._panes), len(self._panes[0]) if self._panes else 0):
            self.show_all()
            return
        for pane in self.panes:
            self._grid.removeWidget(pane)
            pane.deleteLater()
        for line in range(max(rows, self._grid.rowCount())):
            self._grid.setRowStretch(line, 1 if line < rows else 0)
        for line in range(max(columns, self._grid.columnCount())):
            self._grid.setColumnStretch(line, 1 if line < columns else 0)
        self._large = None
        self._panes = [[self._add(row, column) for column in range(columns)] for row in range(rows)]
        self.arranged.emit()

    def toggle_large(self, pane: ImagePane) -> None:
        """Show *pane* alone, or all again."""
        if self._large is not None:
            self.show_all()
            return
        self._large = pane
        for other in self.panes:
            other.setVisible(other is pane)

    def show_all(self) -> None:
        """Show every pane."""
        self._large = None
        for pane in self.panes:
            pane.setVisible(True)

    def _add(self, row: int, column: int) -> ImagePane:
        pane = ImagePane(self)
        pane.enlarged.connect(self.toggle_large)
        self._grid.addWidget(pane, row, column)
        return pane

"""A grid of panes that can show one of them large."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Signal, Slot
from PySide6.QtWidgets import QGridLayout, QWidget

from viewer.widgets.image_pane import ImagePane

_ROOM = (960, 576)
"""Width and height, in logical pixels, that many panes may ask for together: a small screen's."""


class PaneGrid(QWidget):
    """Lays out panes in rows and columns; double click enlarges one and brings the others back.

    With ``keeps_sizes`` a double click means something else to the owner.
    """

    arranged = Signal()
    resized = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        self._is_resized = False  # before Qt's own constructor, which sends events already
        super().__init__(parent)
        self._panes: list[list[ImagePane]] = []
        self._large: ImagePane | None = None
        self.keeps_sizes = False
        self._grid = QGridLayout(self)
        # clear of a splitter's handles: a pane under one repaints the widgets beyond it, every time
        self._grid.setContentsMargins(3, 0, 3, 0)
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
            pane.hide()
            pane.deleteLater()
        for line in range(max(rows, self._grid.rowCount())):
            self._grid.setRowStretch(line, 1 if line < rows else 0)
        for line in range(max(columns, self._grid.columnCount())):
            self._grid.setColumnStretch(line, 1 if line < columns else 0)
        self._large = None
        self._panes = [[self._add(row, column) for column in range(columns)] for row in range(rows)]
        for pane in self.panes:
            smallest = pane.minimumSize()
            pane.setMinimumSize(smallest.boundedTo(QSize(_ROOM[0] // columns, _ROOM[1] // rows)))
        self.arranged.emit()

    def toggle_large(self, pane: ImagePane) -> None:
        """Show *pane* alone, or all again."""
        if self._large is not None:
            self.show_all()
            return
        self._large = pane
        for other in self.panes:
            other.setVisible(other is pane)
        self._share_room()

    def show_all(self) -> None:
        """Show every pane."""
        self._large = None
        for pane in self.panes:
            pane.setVisible(True)
        self._share_room()

    def event(self, event: QEvent) -> bool:
        """Tell once of all the panes that one event resized, or took to a screen of another scale."""
        handled = super().event(event)
        if self._is_resized or event.type() == QEvent.Type.DevicePixelRatioChange:
            self._is_resized = False
            self.resized.emit()
        return handled

    @Slot(object)
    def _on_enlarged(self, pane: ImagePane) -> None:
        if not self.keeps_sizes:
            self.toggle_large(pane)

    @Slot()
    def _note_resize(self) -> None:
        self._is_resized = True

    def _share_room(self) -> None:
        """Give the rows and columns of visible panes the same room, and hidden ones none."""
        for line, row in enumerate(self._panes):
            self._grid.setRowStretch(line, int(self._large is None or self._large in row))
        for line, column in enumerate(zip(*self._panes, strict=True)):
            self._grid.setColumnStretch(line, int(self._large is None or self._large in column))

    def _add(self, row: int, column: int) -> ImagePane:
        pane = ImagePane(self)
        pane.enlarged.connect(self._on_enlarged)
        pane.resized.connect(self._note_resize)
        self._grid.addWidget(pane, row, column)
        return pane

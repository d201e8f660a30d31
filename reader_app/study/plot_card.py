"""One plot of the analysis page, drawn by pyqtgraph, with its title and words.

This module brings pyqtgraph with it, so it is imported when the first plot is shown.
"""

from __future__ import annotations

from typing import Any

import pyqtgraph  # pyright: ignore[reportMissingTypeStubs]
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QSizePolicy, QVBoxLayout, QWidget

from reader_app.workflow.plot_shapes import INK, SOFT, Picture

pg: Any = pyqtgraph


class PlotCard(QWidget):
    """A plot with its title above and the words about its subjects below."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title, self._words = QLabel(self), QLabel(self)
        self._title.setObjectName("plotTitle")
        self._words.setObjectName("note")
        self._words.setWordWrap(True)
        for label in (self._title, self._words):
            label.setTextFormat(Qt.TextFormat.PlainText)
        self.plot: Any = pg.PlotWidget(self, background="w")
        self.plot.setMenuEnabled(False)
        self.plot.hideButtons()
        self.plot.getViewBox().setDefaultPadding(0.1)  # room for the words at lines
        self.plot.plotItem.setContentsMargins(1, 8, 8, 1)  # room for numbers at the ends of the axes
        self.plot.setMinimumSize(260, 170)
        self.plot.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        for side in ("left", "bottom"):
            axis = self.plot.getAxis(side)
            axis.setPen(pg.mkPen(SOFT))
            axis.setTextPen(pg.mkPen(SOFT))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(self._title)
        column.addWidget(self.plot, 1)
        column.addWidget(self._words)

    def begin(self, picture: Picture | None, without: str) -> bool:
        """Take the title and words of a picture and clear the plot; say why where there is none."""
        self.plot.clear()
        self.plot.setVisible(picture is not None)
        self._title.setText(picture.title if picture else without)
        self._words.setText(picture.caption if picture else "")
        return picture is not None

    def legend(self) -> Any:
        """Return an empty legend in the corner where the smallest changes are not."""
        if self.plot.plotItem.legend is None:
            self.plot.addLegend(offset=(8, 4), labelTextColor=INK)
        legend: Any = self.plot.plotItem.legend
        legend.clear()
        return legend

    def level(self, value: float, colour: str, words: str = "", *, dashed: bool = True) -> None:
        """Draw a line across the plot, with words at its right end."""
        style = Qt.PenStyle.DashLine if dashed else Qt.PenStyle.SolidLine
        options = {"position": 0.99, "color": colour, "movable": False, "anchors": [(1, 1), (1, 1)]}
        pen = pg.mkPen(colour, style=style)
        self.plot.addItem(pg.InfiniteLine(value, 0, pen, label=words or None, labelOpts=options))

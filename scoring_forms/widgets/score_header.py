"""The header of the score table; in an adjudication it names each of the three scores of a column."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, QSignalBlocker, Qt
from PySide6.QtGui import QColor, QFont, QPainter
from PySide6.QtWidgets import QHeaderView, QStyleOptionHeader, QWidget

from scoring_forms.widgets.score_delegate import score_places
from scoring_forms.widgets.score_model import ScoreModel

_TWO_LINES_PT = 8.0
_NAMES_WIDTH = 110  # left to the names of the sites beside three scores in each column
_OTHERS_WIDTH, _OTHERS_LEAST = 34, 46
_LEAST = 24
_NARROW = """
QHeaderView::section { padding: 3px 1px; font-size: 8pt; }
QHeaderView::section:first { padding-left: 8px; }
"""


class ScoreHeader(QHeaderView):
    """Writes 1, 2 and the timepoint above what they stand for, and gives the columns their widths."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setHighlightSections(False)
        self.setSectionsClickable(False)

    def show_columns(self, room: int, *, narrow: bool) -> None:
        """Lay out the columns that the model has now.

        Args:
            room: Width of the table in pixels.
            narrow: Whether titles of two lines are to be smaller.
        """
        self.setMinimumSectionSize(_LEAST)
        self.setStyleSheet(_NARROW if narrow else "")
        with QSignalBlocker(self):  # told of single widths the table would be painted a second time
            self.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
            for column in range(1, self.count()):
                self.setSectionResizeMode(column, QHeaderView.ResizeMode.Fixed)
            self.fit_columns(room)
            self.sectionSize(0)  # asked for, it is stretched now and not later

    def fit_columns(self, room: int) -> None:
        """Give every column its width; three scores side by side leave room for the names of the sites."""
        columns = self.count() - 1
        if columns < 1:
            return
        width = _column_width(columns)
        if self._has_others:
            width = max(_OTHERS_LEAST, min(width + _OTHERS_WIDTH, (room - _NAMES_WIDTH) // columns))
        for column in range(1, columns + 1):
            self.resizeSection(column, width)

    @property
    def _has_others(self) -> bool:
        model = self.model()
        return isinstance(model, ScoreModel) and model.has_others

    def initStyleOptionForIndex(self, option: QStyleOptionHeader, section: int) -> None:
        """Leave out the text that is painted in parts."""
        super().initStyleOptionForIndex(option, section)
        if self._titles(section):
            option.text = ""  # type: ignore[attr-defined]

    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:
        """Paint a section, in an adjudication with a title above each score."""
        super().paintSection(painter, rect, section)
        titles = self._titles(section)
        if titles:
            painter.save()
            font = QFont(self.font())
            if "\n" in titles[-1]:
                font.setPointSizeF(_TWO_LINES_PT)
            painter.setFont(font)
            painter.setPen(QColor("#98a3ad"))
            for place, title in zip(score_places(QRectF(rect)), titles, strict=True):
                painter.drawText(place, int(Qt.AlignmentFlag.AlignCenter), title)
            painter.restore()

    def _titles(self, section: int) -> tuple[str, ...]:
        model = self.model()
        return model.others_titles(section) if isinstance(model, ScoreModel) else ()


def _column_width(columns: int) -> int:
    return 58 if columns <= 3 else 44 if columns <= 4 else 38 if columns <= 6 else 34

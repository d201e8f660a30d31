"""The header of the score table; in an adjudication it names each of the three scores of a column."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter
from PySide6.QtWidgets import QHeaderView, QStyleOptionHeader, QWidget

from scoring_forms.widgets.score_delegate import score_places
from scoring_forms.widgets.score_model import ScoreModel

_TWO_LINES_PT = 8.0


class ScoreHeader(QHeaderView):
    """Writes 1, 2 and the timepoint above what they stand for."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setHighlightSections(False)
        self.setSectionsClickable(False)

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

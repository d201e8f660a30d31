"""How names, headings and scores of the score table are painted."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPen
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem, QTableView, QWidget

from scoring_forms.domain.score import Cell
from scoring_forms.widgets.score_model import Index, ScoreModel

_LEFT = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)


class ScoreDelegate(QStyledItemDelegate):
    """Paints scores large and calm, the current cell as an unmistakable box."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.locked = False
        self.pending: Cell | None = None

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint a site's name, a group heading or a score."""
        model = index.model()
        assert isinstance(model, ScoreModel)
        area = QRectF(option.rect)  # type: ignore[attr-defined]
        site = model.site(index.row())
        painter.save()
        if site is None:
            self._paint_heading(painter, area, index)
        elif index.column() == 0:
            painter.setPen(QColor("#cfd6dd"))
            name = str(index.data()).partition(" (")[0]  # the tool tip has the whole name
            text = painter.fontMetrics().elidedText(name, Qt.TextElideMode.ElideRight, int(area.width()) - 10)
            painter.drawText(area.adjusted(8, 0, 0, 0), _LEFT, text)
        else:
            self._paint_score(painter, area, option, model, index)
        painter.restore()

    def _paint_heading(self, painter: QPainter, area: QRectF, index: Index) -> None:
        if index.column() > 0:
            return
        font = QFont(painter.font())
        font.setPointSizeF(font.pointSizeF() * 0.82)
        font.setCapitalization(QFont.Capitalization.AllUppercase)
        font.setLetterSpacing(QFont.SpacingType.AbsoluteSpacing, 0.6)
        painter.setFont(font)
        painter.setPen(QColor("#8d99a5"))
        painter.drawText(area.adjusted(8, 3, 0, 0), _LEFT, str(index.data()))

    def _paint_score(
        self, painter: QPainter, area: QRectF, option: QStyleOptionViewItem, model: ScoreModel, index: Index
    ) -> None:
        view = self.parent()
        assert isinstance(view, QTableView)
        score = model.score(index)
        current = view.currentIndex() == index
        if current:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(QColor("#6aa8d8"), 1.8))
            painter.setBrush(QColor("#22384a"))
            painter.drawRoundedRect(area.adjusted(3, 1.5, -3, -1.5), 3, 3)
        text = str(index.data())
        if self.pending is not None and model.cell(index) == self.pending:
            text += "_"
        colour = "#5c6873" if score is None else "#d6a268" if score.value is None else "#f2f5f7"
        painter.setPen(QColor("#98a3ad" if self.locked and score is not None else colour))
        font = QFont(painter.font())
        font.setBold(current or (score is not None and score.value is not None and score.value > 0))
        painter.setFont(font)
        painter.drawText(area, int(Qt.AlignmentFlag.AlignCenter), text)

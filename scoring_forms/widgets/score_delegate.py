"""How names, headings and scores of the score table are painted."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem, QTableView, QWidget

from scoring_forms.domain.others import differ, pair
from scoring_forms.domain.score import Cell, Score
from scoring_forms.widgets.notes import NO_NOTE, Note
from scoring_forms.widgets.score_model import Index, ScoreModel
from scoring_forms.widgets.words import short_name

_LEFT = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)
_CENTRE = int(Qt.AlignmentFlag.AlignCenter)
_OTHERS_SHARE = 0.55
"""Of a cell's width, for the scores of Reader 1 and Reader 2."""
_NARROW = 30


class ScoreDelegate(QStyledItemDelegate):
    """Paints scores large and calm, the current cell as an unmistakable box."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.locked = False
        self.pending: Cell | None = None

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint a site's name, a group heading, its subtotal or a score."""
        model = index.model()
        assert isinstance(model, ScoreModel)
        area = QRectF(option.rect)  # type: ignore[attr-defined]
        site = model.site(index.row())
        painter.save()
        if site is None:
            self._paint_heading(painter, area, index)
        elif index.column() == 0:
            here = self._view.currentIndex().row() == index.row()
            painter.setPen(QColor("#ffffff" if here else "#cfd6dd"))
            name = short_name(site)
            if painter.fontMetrics().horizontalAdvance(name) > area.width() - 10:
                name = f"{site.abbreviation} · {name}"
            text = painter.fontMetrics().elidedText(name, Qt.TextElideMode.ElideRight, int(area.width()) - 10)
            painter.drawText(area.adjusted(8, 0, 0, 0), _LEFT, text)
        else:
            self._paint_score(painter, area, model, index)
        if model.starts_timepoint(index.column()):
            painter.setPen(QColor("#2c343c"))
            painter.drawLine(area.topLeft(), area.bottomLeft())
        painter.restore()

    @property
    def _view(self) -> QTableView:
        view = self.parent()
        assert isinstance(view, QTableView)
        return view

    def _paint_heading(self, painter: QPainter, area: QRectF, index: Index) -> None:
        font = QFont(painter.font())
        font.setPointSizeF(font.pointSizeF() * (0.82 if index.column() == 0 else 0.88))
        painter.setPen(QColor("#8d99a5"))
        if index.column() > 0:
            painter.setFont(font)
            room = int(area.width()) - 4
            text = painter.fontMetrics().elidedText(str(index.data()), Qt.TextElideMode.ElideRight, room)
            painter.drawText(area.adjusted(0, 3, 0, 0), _CENTRE, text)
            return
        font.setCapitalization(QFont.Capitalization.AllUppercase)
        font.setLetterSpacing(QFont.SpacingType.AbsoluteSpacing, 0.6)
        painter.setFont(font)
        painter.drawText(area.adjusted(8, 3, 0, 0), _LEFT, str(index.data()))

    def _paint_score(self, painter: QPainter, area: QRectF, model: ScoreModel, index: Index) -> None:
        score = model.score(index)
        if model.has_others:
            area = _paint_others(painter, area, model, index)
        current = self._view.currentIndex() == index
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
        painter.drawText(area, _CENTRE, text)
        if model.is_consensus(index):
            _paint_consensus(painter, area)
        note = model.note(index)
        if note is not NO_NOTE:
            _paint_note(painter, area, note)


def score_places(area: QRectF) -> tuple[QRectF, QRectF, QRectF]:
    """Return where Reader 1, Reader 2 and the own score stand in the area of a cell."""
    width = area.width() * _OTHERS_SHARE / 2
    first = QRectF(area.left() + 2, area.top(), width - 2, area.height())
    return first, first.translated(width, 0), area.adjusted(2 * width, 0, 0, 0)


def _paint_others(painter: QPainter, area: QRectF, model: ScoreModel, index: Index) -> QRectF:
    """Paint what Reader 1 and Reader 2 scored, marked where they differ; return what is left of the cell."""
    cell = model.cell(index)
    first, second, own = score_places(area)
    if cell is not None:
        apart = differ(model.others, cell)
        if apart:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor("#54401c"))
            painter.drawRoundedRect(first.united(second).adjusted(0, 2, 0, -2), 3, 3)
        painter.setPen(QColor("#f0c987" if apart else "#7d8994"))
        for place, score in zip((first, second), pair(model.others, cell), strict=True):
            painter.drawText(place, _CENTRE, _short(score))
    return own


def _short(score: Score | None) -> str:
    if score is None:
        return "·"
    return "n" if score.value is None else score.text


def _paint_consensus(painter: QPainter, area: QRectF) -> None:
    """Paint a tick to the left of the grade, in a narrow cell a smaller one above it."""
    narrow = area.width() < _NARROW
    size = 0.6 if narrow else 1.0
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(QColor("#8fd19e"), 1.6))
    foot = QPointF(area.left() + 2 + 3 * size, area.center().y() + (-2.5 if narrow else 3.5))
    painter.drawPolyline(QPolygonF([foot + QPointF(-3, -3.5) * size, foot, foot + QPointF(4.5, -8) * size]))


def _paint_note(painter: QPainter, area: QRectF, note: Note) -> None:
    """Paint a comment as a corner and confidence as one to three dots beside the grade."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    if note.comment:
        painter.setBrush(QColor("#e3b778"))
        corner = area.topRight() + QPointF(-4, 2.5)
        painter.drawPolygon(QPolygonF([corner, corner + QPointF(-6, 0), corner + QPointF(0, 6)]))
    painter.setBrush(QColor("#9fc3e0"))
    for number in range(note.confidence or 0):
        painter.drawEllipse(area.bottomRight() + QPointF(-7, -5.0 - 4 * number), 1.4, 1.4)

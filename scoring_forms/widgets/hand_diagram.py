"""A drawing of one hand or both: every site's grade at the current timepoint; a click goes to the site."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QByteArray, QEvent, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QBrush,
    QColor,
    QFont,
    QHelpEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QPixmap,
    QTransform,
)
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from scoring_forms.domain.entry import DISPLAYED_SIDES
from scoring_forms.domain.score import Cell, Score, Sheet
from scoring_forms.domain.scoring_system import Feature, ScoringSystem, Site
from scoring_forms.widgets.drawing import Drawing, SitePlace, drawing_for
from scoring_forms.widgets.grade_colours import grade_colour, ink_on
from scoring_forms.widgets.words import cell_words, score_words

SMALLEST = QSize(120, 150)
_GAP = 14
_DIGIT_HEIGHT = 6.4  # of a grade, in units of the drawing
_SMALLEST_DIGIT = 8  # pixels
_RING = QColor("#6aa8d8")
_EMPTY = QPen(QColor("#aab4bd"), 1.0, Qt.PenStyle.DotLine)
_EMPTY_FILL = QColor(255, 255, 255, 14)
_EDGE = QPen(QColor("#0f1316"), 1.0)
_HATCH = QBrush(QColor("#8d99a5"), Qt.BrushStyle.BDiagPattern)


@dataclass(frozen=True, slots=True)
class _View:
    """One hand on the screen: how its drawing lies there, and its sites in pixels."""

    side: str | None
    area: QRectF
    to_screen: QTransform
    sites: dict[str, SitePlace]


class HandDiagram(QWidget):
    """Follows the current cell; a click reports the site, and the side where the system has two."""

    site_chosen = Signal(str, object)  # site id, "L" | "R" | None

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._system: ScoringSystem | None = None
        self._feature: Feature | None = None
        self._case_side: str | None = None
        self._cell: Cell | None = None
        self._sheet: Sheet = {}
        self._drawing: Drawing | None = None
        self._views: tuple[_View, ...] = ()
        self._still: QPixmap | None = None
        self._under_mouse: tuple[str, str | None] | None = None
        self.setObjectName("diagram")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setMouseTracking(True)
        self.setMinimumSize(SMALLEST)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        self.setAccessibleName("Hand diagram")

    @property
    def drawing(self) -> Drawing | None:
        """The drawing shown; None before the first case."""
        return self._drawing

    def show_case(self, side: str | None, sheet: Sheet) -> None:
        """Show another case; nothing is current until :meth:`show_current`.

        Args:
            side: The side of a case whose system is read on one side, ``"L"`` or ``"R"``.
            sheet: Its scores.
        """
        self._case_side, self._sheet, self._cell, self._feature = side, sheet, None, None
        self._drawing, self._views = None, ()
        self.update()

    def show_scores(self, sheet: Sheet) -> None:
        """Show changed scores of the same case."""
        before, self._sheet = self._sheet, sheet
        self._name_current()
        for view in self._views:
            for site_id, place in view.sites.items():
                cell = self._cell_of(site_id, view.side)
                if before.get(cell) != sheet.get(cell):
                    self.update(_around(place))

    def show_current(self, system: ScoringSystem, feature: Feature, cell: Cell) -> None:
        """Show the grades of *feature* at the timepoint of *cell*, and mark its site."""
        if feature is not self._feature:
            self._system, self._feature = system, feature
            self._drawing = drawing_for((site.id for site in feature.scored_sites), system.modality)
            self._lay_out()
            self.update()
        elif self._cell is None or self._cell.timepoint != cell.timepoint:
            self.update()
        for shown in (self._cell, cell):
            place = self._place(shown.site, shown.side) if shown else None
            if place is not None:
                self.update(_around(place))
        self._cell = cell
        self._name_current()

    def width_for(self, height: int) -> int:
        """Return how wide the drawing is at this height."""
        if self._drawing is None:
            return SMALLEST.width()
        box, hands = self._drawing.box, len(self._sides())
        return round(height * box.width() / box.height()) * hands + _GAP * (hands - 1)

    def place_of(self, site_id: str, side: str | None) -> QPointF | None:
        """Return where a site is drawn in this widget, in pixels; None where the drawing has none."""
        place = self._place(site_id, side)
        return place.middle if place else None

    def _place(self, site_id: str, side: str | None) -> SitePlace | None:
        return next((view.sites.get(site_id) for view in self._views if view.side == side), None)

    # -- lying on the screen -------------------------------------------------------------------------------

    def _sides(self) -> tuple[str | None, ...]:
        return DISPLAYED_SIDES if self._system is not None and self._system.sides == 2 else (None,)

    def _lay_out(self) -> None:
        self._still = None
        drawing, feature = self._drawing, self._feature
        if drawing is None or feature is None:
            return
        sides, box = self._sides(), drawing.box
        room = (self.width() - _GAP * (len(sides) - 1)) / len(sides)
        scale = max(min(room / box.width(), self.height() / box.height()), 0.01)
        width, height = box.width() * scale, box.height() * scale
        left = (self.width() - width * len(sides) - _GAP * (len(sides) - 1)) / 2
        views: list[_View] = []
        for number, side in enumerate(sides):
            area = QRectF(left + number * (width + _GAP), (self.height() - height) / 2, width, height)
            transform = QTransform.fromTranslate(area.left(), area.top()).scale(scale, scale)
            if (side or self._case_side) == "L":
                transform = transform.translate(box.width(), 0).scale(-1, 1)
            transform = transform.translate(-box.left(), -box.top())
            views.append(_View(side, area, transform, _placed(drawing, feature, transform)))
        self._views = tuple(views)

    def resizeEvent(self, event: QEvent) -> None:
        """Fit the hands into the new size."""
        self._lay_out()

    # -- painting ------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the anatomy, which is kept as a picture, and the grades on it."""
        if self._drawing is None:
            return
        if self._still is None or self._still.devicePixelRatio() != self.devicePixelRatio():
            self._still = self._paint_still(self._drawing)
        painter = QPainter(self)
        painter.drawPixmap(0, 0, self._still)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for view in self._views:
            self._paint_grades(painter, view, event.rect())
        self._paint_timepoint(painter)
        painter.end()

    def _paint_still(self, drawing: Drawing) -> QPixmap:
        ratio = self.devicePixelRatio()
        still = QPixmap(round(self.width() * ratio), round(self.height() * ratio))
        still.setDevicePixelRatio(ratio)
        still.fill(Qt.GlobalColor.transparent)
        painter = QPainter(still)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        renderer = QSvgRenderer(QByteArray(drawing.anatomy))
        for view in self._views:
            painter.save()
            painter.setClipRect(view.area)
            painter.setTransform(view.to_screen, combine=True)
            renderer.render(painter, drawing.box)
            painter.restore()
            self._paint_letters(painter, drawing, view)
        painter.end()
        return still

    def _paint_letters(self, painter: QPainter, drawing: Drawing, view: _View) -> None:
        painter.setFont(self._font(view, 5.6))
        painter.setPen(QColor("#8d99a5"))
        for letter in drawing.letters:
            _write(painter, view.to_screen.map(letter.middle), letter.text)
        side = view.side or self._case_side
        if side:
            font = QFont(self.font())
            font.setBold(True)
            painter.setFont(font)
            painter.setPen(QColor("#d7dde3"))
            corner = Qt.AlignmentFlag.AlignBottom | Qt.AlignmentFlag.AlignLeft
            painter.drawText(view.area.adjusted(3, 0, -3, -2), int(corner), side)

    def _font(self, view: _View, units: float) -> QFont:
        assert self._drawing is not None
        font = QFont(self.font())
        scale = view.area.height() / self._drawing.box.height()
        font.setPixelSize(max(round(units * scale), _SMALLEST_DIGIT))
        return font

    def _paint_timepoint(self, painter: QPainter) -> None:
        """Say whose grades these are, in the manner of the panes."""
        if self._cell is None:
            return
        font = QFont(self.font())
        font.setBold(True)
        painter.setFont(font)
        side = painter.fontMetrics().height() + 2
        chip = QRectF(
            3, 3, max(side, painter.fontMetrics().horizontalAdvance(self._cell.timepoint) + 8), side
        )
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor("#2b5f8f"))
        painter.drawRoundedRect(chip, 3, 3)
        painter.setPen(QColor("#ffffff"))
        painter.drawText(chip, int(Qt.AlignmentFlag.AlignCenter), self._cell.timepoint)

    def _paint_grades(self, painter: QPainter, view: _View, area: QRect) -> None:
        font = self._font(view, _DIGIT_HEIGHT)
        font.setBold(True)
        painter.setFont(font)
        ringed: QPainterPath | None = None
        touched = {name: place for name, place in view.sites.items() if area.intersects(_around(place))}
        for site_id, place in touched.items():
            score = self._score(site_id, view.side)
            self._paint_site(painter, place, score, hovered=self._under_mouse == (site_id, view.side))
            if self._cell is not None and (site_id, view.side) == (self._cell.site, self._cell.side):
                ringed = place.outline
        if ringed is not None:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            for pen in (QPen(QColor("#0c0f12"), 4.4), QPen(_RING, 2.2)):
                painter.setPen(pen)
                painter.drawPath(ringed)

    def _paint_site(self, painter: QPainter, place: SitePlace, score: Score | None, *, hovered: bool) -> None:
        assert self._feature is not None
        if score is None:
            painter.setPen(QPen(_RING, 1.2) if hovered else _EMPTY)
            painter.setBrush(_EMPTY_FILL)
            painter.drawPath(place.outline)
            return
        fill = QColor("#1c2228") if score.value is None else grade_colour(self._feature, score.value)
        painter.setPen(QPen(_RING, 1.2) if hovered else _EDGE)
        painter.setBrush(fill)
        painter.drawPath(place.outline)
        if score.value is None:
            painter.setBrush(_HATCH)
            painter.drawPath(place.outline)
        painter.setPen(ink_on(fill))
        _write(painter, place.middle, "–" if score.value is None else score.text)

    # -- what is there -------------------------------------------------------------------------------------

    def _score(self, site_id: str, side: str | None) -> Score | None:
        return self._sheet.get(self._cell_of(site_id, side)) if self._cell is not None else None

    def _cell_of(self, site_id: str, side: str | None) -> Cell:
        assert self._cell is not None
        return Cell(self._cell.timepoint, self._cell.system, self._cell.feature, side, site_id)

    def _site_at(self, point: QPointF) -> tuple[Site, str | None] | None:
        """Return what is drawn at a point or just beside it; of several the one whose middle is nearest."""
        assert self._feature is not None
        found: list[tuple[bool, float, Site, str | None]] = []
        for view in self._views:
            for site in self._feature.scored_sites:
                place = view.sites.get(site.id)
                if place is not None and _around(place).contains(point.toPoint()):
                    away = place.middle - point
                    beside = not place.outline.contains(point)
                    found.append((beside, QPointF.dotProduct(away, away), site, view.side))
        return min(found, key=lambda hit: hit[:2])[2:] if found else None

    def _name_current(self) -> None:
        if self._cell is None or self._feature is None:
            return
        site = self._feature.site(self._cell.site)
        if site is not None:
            words = cell_words(site, self._cell, self._feature)
            value = score_words(self._sheet.get(self._cell))
            self.setAccessibleName(f"Hand diagram. {words}: {value}")

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Report the site that was clicked."""
        hit = self._site_at(event.position()) if self._views else None
        if hit is not None and event.button() == Qt.MouseButton.LeftButton:
            self.site_chosen.emit(hit[0].id, hit[1])

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Show that a site can be clicked."""
        hit = self._site_at(event.position()) if self._views else None
        under = (hit[0].id, hit[1]) if hit else None
        if under != self._under_mouse:
            self._under_mouse = under
            self.setCursor(Qt.CursorShape.PointingHandCursor if under else Qt.CursorShape.ArrowCursor)
            self.update()

    def leaveEvent(self, event: QEvent) -> None:
        """Forget what was under the mouse."""
        self._under_mouse = None
        self.update()

    def event(self, event: QEvent) -> bool:
        """Name the site under the mouse with its grade."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            QToolTip.showText(event.globalPos(), self.tip_at(QPointF(event.pos())), self)
            return True
        return super().event(event)

    def tip_at(self, point: QPointF) -> str:
        """Return the tool tip at a point: the site and its grade, empty where there is no site."""
        hit = self._site_at(point) if self._views else None
        if hit is None or self._cell is None or self._feature is None:
            return ""
        cell = self._cell_of(hit[0].id, hit[1])
        return f"{cell_words(hit[0], cell, self._feature)}: {score_words(self._sheet.get(cell))}"


def _placed(drawing: Drawing, feature: Feature, transform: QTransform) -> dict[str, SitePlace]:
    known = (site.id for site in feature.scored_sites if site.id in drawing.sites)
    places = ((site_id, drawing.sites[site_id]) for site_id in known)
    return {
        site_id: SitePlace(transform.map(place.outline), transform.map(place.middle))
        for site_id, place in places
    }


def _around(place: SitePlace) -> QRect:
    """Return what a site's shape, ring and number cover, in whole pixels."""
    return place.outline.boundingRect().toAlignedRect().adjusted(-6, -6, 6, 6)


def _write(painter: QPainter, middle: QPointF, text: str) -> None:
    """Write *text* around a point; by the height of digits, which looks more centred than by the line's."""
    metrics = painter.fontMetrics()
    left = middle.x() - metrics.horizontalAdvance(text) / 2
    painter.drawText(QPointF(left, middle.y() + metrics.capHeight() / 2), text)

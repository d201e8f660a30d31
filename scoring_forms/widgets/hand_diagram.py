"""A drawing of one hand or both: every site's grade at the current timepoint; a click goes to the site."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QSize, Qt, Signal
from PySide6.QtGui import QHelpEvent, QMouseEvent, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from scoring_forms.domain.entry import DISPLAYED_SIDES
from scoring_forms.domain.score import Cell, Score, Sheet
from scoring_forms.domain.scoring_system import Feature, ScoringSystem, Site
from scoring_forms.widgets.drawing import Drawing, SitePlace, drawing_for
from scoring_forms.widgets.hand_painting import (
    GAP,
    Grades,
    View,
    anatomy,
    around,
    lay_out,
    paint_grades,
    paint_timepoint,
)
from scoring_forms.widgets.words import cell_words, score_words

SMALLEST = QSize(120, 150)


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
        self._views: tuple[View, ...] = ()
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
                    self.update(around(place))

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
                self.update(around(place))
        self._cell = cell
        self._name_current()

    def width_for(self, height: int) -> int:
        """Return how wide the drawing is at this height."""
        if self._drawing is None:
            return SMALLEST.width()
        box, hands = self._drawing.box, len(self._sides())
        return round(height * box.width() / box.height()) * hands + GAP * (hands - 1)

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
        self._views = lay_out(drawing, feature, self._sides(), self._case_side, self.size())

    def resizeEvent(self, event: QEvent) -> None:
        """Fit the hands into the new size."""
        self._lay_out()

    # -- painting ------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the anatomy, which is kept as a picture, and the grades on it."""
        drawing, feature, cell = self._drawing, self._feature, self._cell
        if drawing is None or feature is None:
            return
        ratio = self.devicePixelRatio()
        if self._still is None or self._still.devicePixelRatio() != ratio:
            self._still = anatomy(drawing, self._views, self._case_side, self.size(), ratio, self.font())
        painter = QPainter(self)
        painter.drawPixmap(0, 0, self._still)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        current = (cell.site, cell.side) if cell is not None else None
        grades = Grades(drawing, feature, self._score, current, self._under_mouse)
        for view in self._views:
            paint_grades(painter, grades, view, event.rect(), self.font())
        if cell is not None:
            paint_timepoint(painter, cell.timepoint, self.font())
        painter.end()

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
                if place is not None and around(place).contains(point.toPoint()):
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

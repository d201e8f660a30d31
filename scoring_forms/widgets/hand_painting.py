"""How the drawing of a hand lies on the screen, and how its anatomy and grades are painted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QByteArray, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QPainter, QPainterPath, QPen, QPixmap, QTransform
from PySide6.QtSvg import QSvgRenderer

from scoring_forms.domain.score import Score
from scoring_forms.domain.scoring_system import Feature
from scoring_forms.widgets.drawing import Drawing, SitePlace
from scoring_forms.widgets.grade_colours import grade_colour, ink_on

GAP = 14
"""Between the two hands, in pixels."""
_DIGIT_HEIGHT, _LETTER_HEIGHT = 6.4, 5.6  # in units of the drawing
_SMALLEST_DIGIT = 8  # pixels
_RING = QColor("#6aa8d8")
_EMPTY = QPen(QColor("#aab4bd"), 1.0, Qt.PenStyle.DotLine)
_EMPTY_FILL = QColor(255, 255, 255, 14)
_EDGE = QPen(QColor("#0f1316"), 1.0)
_HATCH = QBrush(QColor("#8d99a5"), Qt.BrushStyle.BDiagPattern)

SiteKey = tuple[str, str | None]
"""Site id and side."""


@dataclass(frozen=True, slots=True)
class View:
    """One hand on the screen: how its drawing lies there, and its sites in pixels."""

    side: str | None
    area: QRectF
    to_screen: QTransform
    sites: dict[str, SitePlace]


def lay_out(
    drawing: Drawing, feature: Feature, sides: Sequence[str | None], case_side: str | None, size: QSize
) -> tuple[View, ...]:
    """Return the hands side by side, as large as they fit into *size*; the drawing is of a right hand.

    Args:
        drawing: What is drawn.
        feature: Its scored sites are placed.
        sides: The hands from left to right; one None where the system has one side.
        case_side: The side that None stands for, where it is known.
        size: Of the widget, in pixels.
    """
    box = drawing.box
    room = (size.width() - GAP * (len(sides) - 1)) / len(sides)
    scale = max(min(room / box.width(), size.height() / box.height()), 0.01)
    width, height = box.width() * scale, box.height() * scale
    left = (size.width() - width * len(sides) - GAP * (len(sides) - 1)) / 2
    views: list[View] = []
    for number, side in enumerate(sides):
        area = QRectF(left + number * (width + GAP), (size.height() - height) / 2, width, height)
        transform = QTransform.fromTranslate(area.left(), area.top()).scale(scale, scale)
        if (side or case_side) == "L":
            transform = transform.translate(box.width(), 0).scale(-1, 1)
        transform = transform.translate(-box.left(), -box.top())
        views.append(View(side, area, transform, _placed(drawing, feature, transform)))
    return tuple(views)


def _placed(drawing: Drawing, feature: Feature, transform: QTransform) -> dict[str, SitePlace]:
    known = (site.id for site in feature.scored_sites if site.id in drawing.sites)
    places = ((site_id, drawing.sites[site_id]) for site_id in known)
    return {
        site_id: SitePlace(transform.map(place.outline), transform.map(place.middle))
        for site_id, place in places
    }


def around(place: SitePlace) -> QRect:
    """Return what a site's shape, ring and number cover, in whole pixels."""
    return place.outline.boundingRect().toAlignedRect().adjusted(-6, -6, 6, 6)


def anatomy(
    drawing: Drawing, views: Sequence[View], case_side: str | None, size: QSize, ratio: float, font: QFont
) -> QPixmap:
    """Return the hands without grades as a picture of *size* logical pixels, *ratio* pixels each."""
    still = QPixmap(round(size.width() * ratio), round(size.height() * ratio))
    still.setDevicePixelRatio(ratio)
    still.fill(Qt.GlobalColor.transparent)
    painter = QPainter(still)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    renderer = QSvgRenderer(QByteArray(drawing.anatomy))
    for view in views:
        painter.save()
        painter.setClipRect(view.area)
        painter.setTransform(view.to_screen, combine=True)
        renderer.render(painter, drawing.box)
        painter.restore()
        _paint_letters(painter, drawing, view, view.side or case_side, font)
    painter.end()
    return still


def _paint_letters(painter: QPainter, drawing: Drawing, view: View, side: str | None, font: QFont) -> None:
    painter.setFont(_sized(font, drawing, view, _LETTER_HEIGHT))
    painter.setPen(QColor("#8d99a5"))
    for letter in drawing.letters:
        _write(painter, view.to_screen.map(letter.middle), letter.text)
    if side:
        painter.setFont(_bold(font))
        painter.setPen(QColor("#d7dde3"))
        corner = Qt.AlignmentFlag.AlignBottom | Qt.AlignmentFlag.AlignLeft
        painter.drawText(view.area.adjusted(3, 0, -3, -2), int(corner), side)


def paint_timepoint(painter: QPainter, letter: str, font: QFont) -> None:
    """Say whose grades these are, in the manner of the panes."""
    painter.setFont(_bold(font))
    side = painter.fontMetrics().height() + 2
    chip = QRectF(3, 3, max(side, painter.fontMetrics().horizontalAdvance(letter) + 8), side)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor("#2b5f8f"))
    painter.drawRoundedRect(chip, 3, 3)
    painter.setPen(QColor("#ffffff"))
    painter.drawText(chip, int(Qt.AlignmentFlag.AlignCenter), letter)


@dataclass(frozen=True, slots=True)
class Grades:
    """The grades of one feature at one timepoint, and what stands out among them."""

    drawing: Drawing
    feature: Feature
    score: Callable[[str, str | None], Score | None]
    current: SiteKey | None
    under_mouse: SiteKey | None


def paint_grades(painter: QPainter, grades: Grades, view: View, area: QRect, font: QFont) -> None:
    """Paint the grades of one hand that *area* touches, and the ring around the current site."""
    painter.setFont(_bold(_sized(font, grades.drawing, view, _DIGIT_HEIGHT)))
    ringed: QPainterPath | None = None
    touched = {name: place for name, place in view.sites.items() if area.intersects(around(place))}
    for site_id, place in touched.items():
        key = (site_id, view.side)
        _paint_site(painter, place, grades.score(*key), grades.feature, hovered=key == grades.under_mouse)
        if key == grades.current:
            ringed = place.outline
    if ringed is not None:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for pen in (QPen(QColor("#0c0f12"), 4.4), QPen(_RING, 2.2)):
            painter.setPen(pen)
            painter.drawPath(ringed)


def _paint_site(
    painter: QPainter, place: SitePlace, score: Score | None, feature: Feature, *, hovered: bool
) -> None:
    if score is None:
        painter.setPen(QPen(_RING, 1.2) if hovered else _EMPTY)
        painter.setBrush(_EMPTY_FILL)
        painter.drawPath(place.outline)
        return
    fill = QColor("#1c2228") if score.value is None else grade_colour(feature, score.value)
    painter.setPen(QPen(_RING, 1.2) if hovered else _EDGE)
    painter.setBrush(fill)
    painter.drawPath(place.outline)
    if score.value is None:
        painter.setBrush(_HATCH)
        painter.drawPath(place.outline)
    painter.setPen(ink_on(fill))
    _write(painter, place.middle, "–" if score.value is None else score.text)


def _sized(font: QFont, drawing: Drawing, view: View, units: float) -> QFont:
    """Return *font* in a height in units of the drawing."""
    sized = QFont(font)
    sized.setPixelSize(max(round(units * view.area.height() / drawing.box.height()), _SMALLEST_DIGIT))
    return sized


def _bold(font: QFont) -> QFont:
    bold = QFont(font)
    bold.setBold(True)
    return bold


def _write(painter: QPainter, middle: QPointF, text: str) -> None:
    """Write *text* around a point; by the height of digits, which looks more centred than by the line's."""
    metrics = painter.fontMetrics()
    left = middle.x() - metrics.horizontalAdvance(text) / 2
    painter.drawText(QPointF(left, middle.y() + metrics.capHeight() / 2), text)

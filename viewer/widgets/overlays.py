"""What a pane draws over its picture: reference lines, its frame, measures, marks and the magnifier."""

from __future__ import annotations

from dataclasses import replace

import cv2
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPen

from viewer.display.pane_state import DrawnMark, Picture
from viewer.display.picture import render
from viewer.widgets import sprites

MEASURE = QColor("#f2d16b")
MARK = QColor("#ff9f5a")
OTHER_MARK = QColor("#c8a98c")
ACCENT = QColor("#6aa8d8")
SPOT = QColor(126, 200, 160, 200)
SPOT_RADIUS = 15.0
MARK_RADIUS = 4.0
LENS_SIZE = 190
LENS_FACTOR = 2.5


def paint_frame(painter: QPainter, width: int, height: int) -> None:
    """Frame the pane that keys act on; logical pixels."""
    for edge in ((0, 0, width, 2), (0, height - 2, width, 2), (0, 0, 2, height), (width - 2, 0, 2, height)):
        painter.fillRect(*edge, ACCENT)


def paint_cut(
    painter: QPainter, start: tuple[float, float], stop: tuple[float, float], size: tuple[int, int]
) -> None:
    """Draw where another plane cuts a picture, dashed, in a pane of *size* (logical pixels).

    A line along the edges of the pane comes from a ready picture.
    """
    (left, right), (top, bottom) = sorted((start[0], stop[0])), sorted((start[1], stop[1]))
    if bottom - top < 0.5 or right - left < 0.5:
        upright = right - left < bottom - top
        low, high = (top, bottom) if upright else (left, right)
        low, high = max(low, 0.0), min(high, float(size[1] if upright else size[0]))
        if low >= high:
            return
        ratio = painter.device().devicePixelRatio()
        line = sprites.dashes(int(high - low) + 1, ACCENT, 0.75, ratio, upright=upright)
        x, y = (left, low) if upright else (low, top)
        painter.setClipRect(QRectF(x, y, 1.5, high - low) if upright else QRectF(x, y, high - low, 1.5))
        line.draw(painter, x, y)
        painter.setClipping(False)
        return
    pen = QPen(ACCENT, 1.0, Qt.PenStyle.DashLine)
    pen.setCosmetic(True)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(pen)
    painter.drawLine(QPointF(*start), QPointF(*stop))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)


def paint_measure(painter: QPainter, points: tuple[tuple[float, float], ...], text: str) -> None:
    """Draw a line or an angle with its words beside the last point; logical pixels."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    places = [QPointF(*point) for point in points]
    for colour, width in ((QColor(0, 0, 0, 150), 3.0), (MEASURE, 1.4)):
        painter.setPen(QPen(colour, width))
        painter.drawPolyline(places)
        for place in places:
            painter.drawEllipse(place, 2.5, 2.5)
    if text:
        sprite = sprites.text(text, painter.font(), MEASURE, painter.device().devicePixelRatio())
        beside = places[-1].x() + 8
        if beside + sprite.width > painter.device().width():
            beside = places[-1].x() - 8 - sprite.width
        sprite.draw(painter, beside, places[-1].y() - 8)
    painter.restore()


def paint_mark(painter: QPainter, mark: DrawnMark) -> None:
    """Draw a point as a small ring, or an outline, with its label; logical pixels."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setOpacity(0.5 if mark.is_faint else 1.0)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    colour = MARK if mark.is_own else OTHER_MARK
    places = [QPointF(*point) for point in mark.points]
    style = Qt.PenStyle.DashLine if mark.is_dashed else Qt.PenStyle.SolidLine
    for ink, width, line in (
        (QColor(0, 0, 0, 170), 3.4, Qt.PenStyle.SolidLine),
        (colour, 2.2 if mark.is_chosen else 1.4, style),
    ):
        painter.setPen(QPen(ink, width, line))
        if mark.is_open:
            painter.drawPolyline(places)
            painter.drawEllipse(places[0], MARK_RADIUS, MARK_RADIUS)
        elif len(places) > 1:
            painter.drawPolygon(places)
        else:
            painter.drawEllipse(places[0], MARK_RADIUS, MARK_RADIUS)
    if mark.is_chosen:
        painter.setPen(QPen(QColor("#ffffff"), 1.2))
        painter.drawEllipse(places[0], 2 * MARK_RADIUS, 2 * MARK_RADIUS)
    if mark.label:
        sprite = sprites.text(mark.label, painter.font(), colour, painter.device().devicePixelRatio())
        beside = -9 if mark.id % 2 else 10  # so that those of neighbours leave each other readable
        sprite.draw(painter, places[0].x() + 8, places[0].y() + beside)
    painter.restore()


def paint_spot(painter: QPainter, at: tuple[float, float], *, is_sure: bool) -> None:
    """Draw a ring around the current site, dashed where the reader has not set it; logical pixels."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(SPOT, 1.4, Qt.PenStyle.SolidLine if is_sure else Qt.PenStyle.DashLine))
    painter.drawEllipse(QPointF(*at), SPOT_RADIUS, SPOT_RADIUS)
    painter.restore()


def paint_lens(painter: QPainter, picture: Picture, at: tuple[float, float], size: tuple[int, int]) -> None:
    """Show the surroundings of a point of a pane of *size* (logical pixels) magnified, in a circle."""
    ratio = painter.device().devicePixelRatio()
    view = picture.view
    magnified = replace(view.scaled(LENS_FACTOR * ratio), centre=view.to_image(*at, size))
    pixels = round(LENS_SIZE * ratio)
    grey = render(
        picture.levels,
        magnified,
        picture.window,
        (pixels, pixels),
        inverted=picture.inverted,
        part=picture.part,
    )
    colour = cv2.cvtColor(grey, cv2.COLOR_GRAY2BGRA)
    image = QImage(colour.data, pixels, pixels, pixels * 4, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(ratio)
    area = QRectF(at[0] - LENS_SIZE / 2, at[1] - LENS_SIZE / 2, LENS_SIZE, LENS_SIZE)
    circle = QPainterPath()
    circle.addEllipse(area)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setClipPath(circle)
    painter.drawImage(area.topLeft(), image)
    painter.setClipping(False)
    painter.setPen(QPen(ACCENT, 2))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawEllipse(area)
    painter.restore()

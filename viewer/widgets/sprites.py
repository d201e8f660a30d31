"""Small ready pictures of texts and marks: drawing one costs a tenth of drawing it anew at every slice."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from math import ceil

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QPainter, QPen

Placed = tuple[QPointF, QImage]
"""A ready picture and where its upper left corner lies, in logical pixels."""

_MOST = 600
_PLATE = QColor(0, 0, 0, 105)
"""Darkens what is under a text, so that it can be read on bright bone; on black it cannot be seen."""
_known: OrderedDict[tuple[object, ...], Sprite] = OrderedDict()


@dataclass(frozen=True, slots=True, eq=False)
class Sprite:
    """A ready picture; ``left`` and ``top`` lead from its anchor to its corner, in logical pixels."""

    image: QImage
    left: float
    top: float
    width: float

    def at(self, x: float, y: float) -> Placed:
        """Return it with its anchor on (x, y), moved to whole device pixels so that it stays sharp."""
        ratio = self.image.devicePixelRatio()
        corner = round((x + self.left) * ratio) / ratio, round((y + self.top) * ratio) / ratio
        return QPointF(*corner), self.image

    def draw(self, painter: QPainter, x: float, y: float) -> None:
        """Draw it with its anchor on (x, y)."""
        painter.drawImage(*self.at(x, y))


def sized(base: QFont, size: int, *, bold: bool = False) -> QFont:
    """Return *base* in another size, in the units of the style sheet, and weight."""
    font = QFont(base)
    font.setPointSizeF(size * 0.82)
    font.setBold(bold)
    return font


def text(words: str, font: QFont, colour: QColor, ratio: float) -> Sprite:
    """Return *words* with a dark shadow that keeps them readable, anchored at the middle of the left edge."""

    def make() -> Sprite:
        metrics = QFontMetricsF(font)
        width, ascent, descent = metrics.horizontalAdvance(words), metrics.ascent(), metrics.descent()
        base = ceil(ascent) + 2.0
        image = _empty(width + 6, base + descent + 2, ratio)
        painter = QPainter(image)
        painter.setFont(font)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(_PLATE)
        painter.drawRoundedRect(QRectF(0, 1, width + 6, base + descent), 2, 2)
        painter.setPen(QColor(0, 0, 0, 190))
        for dx, dy in ((1, 1), (-1, 1), (1, -1), (-1, -1)):
            painter.drawText(QPointF(3 + dx, base + dy), words)
        painter.setPen(colour)
        painter.drawText(QPointF(3, base), words)
        painter.end()
        return Sprite(image, -3, (ascent - descent) / 2 - base, width)

    return _remembered(("text", words, font.key(), colour.rgba(), ratio), make)


def badge(words: str, font: QFont, ground: QColor, ratio: float) -> Sprite:
    """Return *words* in white on a rounded plate, anchored at its upper left corner."""

    def make() -> Sprite:
        width = QFontMetricsF(font).horizontalAdvance(words) + 12
        image = _empty(width, 19, ratio)
        plate = QRectF(0, 0, width, 19)
        painter = QPainter(image)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ground)
        painter.drawRoundedRect(plate, 3, 3)
        painter.setFont(font)
        painter.setPen(QColor("#ffffff"))
        painter.drawText(plate, Qt.AlignmentFlag.AlignCenter, words)
        painter.end()
        return Sprite(image, 0, 0, width)

    return _remembered(("badge", words, font.key(), ground.rgba(), ratio), make)


def cross(colour: QColor, opacity: float, ratio: float) -> Sprite:
    """Return a cross-hair open in its middle, anchored at its centre."""

    def make() -> Sprite:
        image = _empty(34, 34, ratio)
        painter = QPainter(image)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setOpacity(opacity)
        painter.setPen(QPen(colour, 1.2))
        for near, far in ((6, 16), (-6, -16)):
            painter.drawLine(QPointF(17 + near, 17), QPointF(17 + far, 17))
            painter.drawLine(QPointF(17, 17 + near), QPointF(17, 17 + far))
        painter.end()
        return Sprite(image, -17, -17, 34)

    return _remembered(("cross", colour.rgba(), opacity, ratio), make)


def bar(width: int, height: int, colour: QColor, ratio: float) -> Sprite:
    """Return a rectangle anchored at its upper left corner; filling a translucent one on the spot is slow."""

    def make() -> Sprite:
        image = _empty(width, height, ratio)
        image.fill(colour)
        return Sprite(image, 0, 0, width)

    return _remembered(("bar", width, height, colour.rgba(), ratio), make)


def dashes(length: int, colour: QColor, opacity: float, ratio: float, *, upright: bool) -> Sprite:
    """Return a dashed line of at least *length* to the right, or down where *upright*, from its anchor."""
    rounded = -(-length // 256) * 256  # few lengths, so that few pictures are kept

    def make() -> Sprite:
        image = _empty(1 if upright else rounded, rounded if upright else 1, ratio)
        ink = QColor(colour)
        ink.setAlphaF(opacity)
        painter = QPainter(image)
        for start in range(0, rounded, 6):
            painter.fillRect(QRectF(0, start, 1, 4) if upright else QRectF(start, 0, 4, 1), ink)
        painter.end()
        return Sprite(image, 0, 0, rounded)

    return _remembered(("dashes", rounded, upright, colour.rgba(), opacity, ratio), make)


def _empty(width: float, height: float, ratio: float) -> QImage:
    image = QImage(ceil(width * ratio), ceil(height * ratio), QImage.Format.Format_ARGB32_Premultiplied)
    image.setDevicePixelRatio(ratio)
    image.fill(0)
    return image


def _remembered(key: tuple[object, ...], make: Callable[[], Sprite]) -> Sprite:
    found = _known.get(key)
    if found is None:
        found = _known[key] = make()
        if len(_known) > _MOST:
            _known.popitem(last=False)
    else:
        _known.move_to_end(key)
    return found

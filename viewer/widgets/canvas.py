"""How pictures become colours on the screen: written straight to the window's memory where that can be."""

from __future__ import annotations

import sys

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF
from PySide6.QtGui import QImage, QPainter, QTransform

from viewer.display.picture import Visible

_WRITABLE = (QImage.Format.Format_RGB32, QImage.Format.Format_ARGB32_Premultiplied)


class Canvas:
    """Memory for one picture at a time, shared by all panes, for where it cannot be written to the window's.

    What is painted at once is still near the processor. For the GUI thread only.
    """

    def __init__(self) -> None:
        self._memory = np.empty(0, np.uint8)

    def show(self, painter: QPainter, seen: Visible, ratio: float, *, whole: bool) -> None:
        """Paint *seen* where it belongs.

        Args:
            painter: One that paints a widget.
            seen: A part of a picture, in device pixels of the widget.
            ratio: Device pixels per logical pixel.
            whole: Whether all of *seen* is painted, and not only a part of the widget that lies on it.
        """
        colours = _memory_of(painter, seen, ratio) if whole else None
        if colours is not None:
            seen.paint(colours)
            return
        height, width = seen.rows[1] - seen.rows[0], seen.columns[1] - seen.columns[0]
        if self._memory.nbytes < height * width * 4:
            self._memory = np.empty(height * width * 4, np.uint8)
        pixels = self._memory[: height * width * 4].reshape(height, width, 4)
        seen.paint(pixels)
        image = QImage(pixels.data, width, height, width * 4, QImage.Format.Format_RGB32)
        image.setDevicePixelRatio(ratio)
        painter.drawImage(QPointF(seen.columns[0] / ratio, seen.rows[0] / ratio), image)


def _memory_of(painter: QPainter, seen: Visible, ratio: float) -> NDArray[np.uint8] | None:
    """Return the part of the window's memory that *seen* belongs to, shape (rows, columns, 4).

    It spares copying the picture, half of what painting it costs. None where the window is not painted in
    memory, is transformed or clipped, or where its pixels are no blue, green and red in this order.
    """
    device, place = painter.paintEngine().paintDevice(), painter.deviceTransform()
    if not isinstance(device, QImage) or device.format() not in _WRITABLE or sys.byteorder != "little":
        return None
    left, top = round(place.dx()), round(place.dy())
    if place != QTransform(ratio, 0, 0, ratio, left, top) or painter.hasClipping():
        return None
    first, last = top + seen.rows[0], top + seen.rows[1]
    start, stop = left + seen.columns[0], left + seen.columns[1]
    if min(first, start) < 0 or last > device.height() or stop > device.width():
        return None
    memory = np.frombuffer(device.bits(), np.uint8).reshape(device.height(), device.bytesPerLine())
    return memory[first:last, 4 * start : 4 * stop].reshape(last - first, stop - start, 4)

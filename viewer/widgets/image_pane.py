"""A pane: one slice with its letters, scale and cross-hair; it paints a state and reports gestures."""

from __future__ import annotations

import cv2
import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QImage,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from viewer.display.pane_state import PaneState
from viewer.display.picture import render

TEXT = QColor("#d7dde3")
MUTED = QColor("#8d99a5")
LETTER = QColor("#e3b778")
ACCENT = QColor("#6aa8d8")
BADGE = QColor("#2b5f8f")
GROUND = QColor("#000000")
EDGE = 7.0
WHEEL_STEP = 120


class ImagePane(QWidget):
    """Shows one :class:`PaneState`; decides nothing.

    Gestures: wheel = slices, Ctrl+wheel = zoom, left = point, right drag = window, middle or
    Shift drag = pan.
    """

    pressed = Signal(object)  # self: this pane becomes the current one
    scrolled = Signal(object, int)  # self, slices
    zoomed = Signal(object, float)  # self, factor
    panned = Signal(object, float, float)  # self, logical pixels right and down
    windowed = Signal(object, float, float)  # self, shares of the pane's size right and down
    pointed = Signal(object, float, float)  # self, fractional row and column of the picture
    enlarged = Signal(object)  # self
    resized = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = PaneState()
        self._grey: np.ndarray | None = None
        self._image = QImage()
        self._drag_from: QPointF | None = None
        self._gesture = ""
        self._wheel = 0
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(96, 96)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setCursor(Qt.CursorShape.CrossCursor)

    @property
    def state(self) -> PaneState:
        """What the pane shows now."""
        return self._state

    def show_state(self, state: PaneState) -> None:
        """Show *state*; the picture is rendered anew only where it differs."""
        same = state.picture is None or state.picture.same_as(self._state.picture)
        self._state = state
        if not same or state.picture is None:
            self._image = QImage()
        self.setAccessibleName(f"{state.badge} {state.title} {state.reason}".strip())
        self.update()

    def grey(self) -> np.ndarray | None:
        """The rendered grey values in device pixels, shape (height, width); None while the pane is empty."""
        self._render()
        return self._grey if self._state.picture else None

    def sizeHint(self) -> QSize:
        """Ask for a square that fits three in a row on a small screen."""
        return QSize(260, 260)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the picture 1:1 in device pixels and write over it."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), GROUND)
        self._render()
        if not self._image.isNull():
            painter.drawImage(QPointF(0, 0), self._image)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._state.picture is None:
            self._paint_reason(painter)
        else:
            self._paint_lines(painter)
            self._paint_letters(painter)
            self._paint_footer(painter)
        self._paint_title(painter)
        if self._state.current:
            painter.setPen(QPen(ACCENT, 1.6))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(QRectF(self.rect()).adjusted(0.8, 0.8, -0.8, -0.8))
        painter.end()

    def _render(self) -> None:
        picture = self._state.picture
        ratio = self.devicePixelRatioF()
        size = (round(self.width() * ratio), round(self.height() * ratio))
        if picture is None or (not self._image.isNull() and self._image.size() == QSize(*size)):
            return
        self._grey = render(
            picture.levels, picture.view.scaled(ratio), picture.window, size, inverted=picture.inverted
        )
        colour = cv2.cvtColor(self._grey, cv2.COLOR_GRAY2BGRA)
        self._image = QImage(colour.data, size[0], size[1], size[0] * 4, QImage.Format.Format_RGB32).copy()
        self._image.setDevicePixelRatio(ratio)

    def _paint_lines(self, painter: QPainter) -> None:
        pen = QPen(ACCENT, 1.0, Qt.PenStyle.DashLine)
        pen.setCosmetic(True)
        painter.setPen(pen)
        painter.setOpacity(0.75)
        for start, stop in self._state.cuts:
            painter.drawLine(QPointF(*start), QPointF(*stop))
        if self._state.cross is not None:
            x, y = self._state.cross
            painter.setPen(QPen(ACCENT, 1.2))
            for near, far in ((6, 16), (-6, -16)):
                painter.drawLine(QPointF(x + near, y), QPointF(x + far, y))
                painter.drawLine(QPointF(x, y + near), QPointF(x, y + far))
        painter.setOpacity(1.0)

    def _paint_letters(self, painter: QPainter) -> None:
        letters = self._state.letters
        painter.setFont(_font(self, 11, bold=True))
        middle_x, middle_y = self.width() / 2, self.height() / 2
        _text(painter, letters.left, EDGE, middle_y, LETTER, "left")
        _text(painter, letters.right, self.width() - EDGE, middle_y, LETTER, "right")
        _text(painter, letters.top, middle_x, EDGE + 9, LETTER, "centre")
        _text(painter, letters.bottom, middle_x, self.height() - EDGE - 9, LETTER, "centre")

    def _paint_title(self, painter: QPainter) -> None:
        painter.setFont(_font(self, 10, bold=True))
        left = EDGE
        if self._state.badge:
            width = QFontMetricsF(painter.font()).horizontalAdvance(self._state.badge) + 12
            badge = QRectF(EDGE, EDGE, width, 19)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(BADGE)
            painter.drawRoundedRect(badge, 3, 3)
            painter.setPen(QColor("#ffffff"))
            painter.drawText(badge, Qt.AlignmentFlag.AlignCenter, self._state.badge)
            left = badge.right() + 6
        painter.setFont(_font(self, 10))
        _text(painter, self._state.title, left, EDGE + 10, TEXT, "left")

    def _paint_footer(self, painter: QPainter) -> None:
        painter.setFont(_font(self, 9))
        bottom = self.height() - EDGE - 8
        if self.width() >= 200:
            _text(painter, self._state.window_text, EDGE, bottom, MUTED, "left")
            _text(painter, self._state.spacing_note, EDGE, bottom - 14, MUTED, "left")
        self._paint_scale(painter, bottom)
        self._paint_depth(painter)

    def _paint_scale(self, painter: QPainter, bottom: float) -> None:
        if not self._state.mm_per_pixel:
            return
        length_mm = 10 if 10 / self._state.mm_per_pixel < self.width() / 3 else 5
        length = length_mm / self._state.mm_per_pixel
        right = self.width() - EDGE - 6
        painter.setPen(QPen(TEXT, 1.4))
        painter.drawLine(QPointF(right - length, bottom + 6), QPointF(right, bottom + 6))
        _text(painter, f"{length_mm} mm", right, bottom - 4, MUTED, "right")

    def _paint_depth(self, painter: QPainter) -> None:
        """Where the slice lies in the stack, without a number that counts slices."""
        if self._state.depth is None:
            return
        top, length = self.height() * 0.25, self.height() * 0.5
        x = self.width() - 2.5
        painter.setPen(QPen(QColor(255, 255, 255, 36), 2))
        painter.drawLine(QPointF(x, top), QPointF(x, top + length))
        painter.setPen(QPen(ACCENT, 2.4))
        y = top + length * self._state.depth
        painter.drawLine(QPointF(x, y - 4), QPointF(x, y + 4))

    def _paint_reason(self, painter: QPainter) -> None:
        painter.setFont(_font(self, 10))
        painter.setPen(MUTED)
        area = QRectF(self.rect()).adjusted(16, 30, -16, -16)
        flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
        painter.drawText(area, int(flags), self._state.reason)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Tell the owner, whose views depend on the size."""
        self._image = QImage()
        self.resized.emit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll a slice a notch, or zoom with Ctrl."""
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.zoomed.emit(self, 1.15 ** (event.angleDelta().y() / WHEEL_STEP))
            return
        self._wheel += event.angleDelta().y()
        notches = int(self._wheel / WHEEL_STEP)
        self._wheel -= notches * WHEEL_STEP
        if notches:
            self.scrolled.emit(self, -notches)
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Start the gesture of the pressed button."""
        self.pressed.emit(self)
        self._drag_from = event.position()
        shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        gestures = {
            Qt.MouseButton.LeftButton: "pan" if shift else "point",
            Qt.MouseButton.MiddleButton: "pan",
            Qt.MouseButton.RightButton: "window",
        }
        self._gesture = gestures.get(event.button(), "")
        self._follow(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Go on with the gesture."""
        self._follow(event.position())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End the gesture."""
        self._gesture = ""
        self._drag_from = None

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Ask to be shown large, or small again."""
        self.enlarged.emit(self)

    def _follow(self, now: QPointF) -> None:
        if self._drag_from is None or self._state.picture is None:
            return
        moved = now - self._drag_from
        if self._gesture == "point":
            size = (self.width(), self.height())
            self.pointed.emit(self, *self._state.picture.view.to_image(now.x(), now.y(), size))
        elif self._gesture == "pan" and not moved.isNull():
            self.panned.emit(self, moved.x(), moved.y())
        elif self._gesture == "window" and not moved.isNull():
            self.windowed.emit(self, moved.x() / self.width(), moved.y() / self.height())
        self._drag_from = now


def _font(widget: QWidget, size: int, *, bold: bool = False) -> QFont:
    font = QFont(widget.font())
    font.setPointSizeF(size * 0.82)
    font.setBold(bold)
    return font


def _text(painter: QPainter, text: str, x: float, y: float, colour: QColor, anchor: str) -> None:
    """Write *text* vertically centred on *y*, with a dark shadow that keeps it readable on any picture."""
    if not text:
        return
    metrics = QFontMetricsF(painter.font())
    width = metrics.horizontalAdvance(text)
    left = {"left": x, "right": x - width, "centre": x - width / 2}[anchor]
    base = y + metrics.ascent() / 2 - metrics.descent() / 2
    painter.setPen(QColor(0, 0, 0, 190))
    for dx, dy in ((1, 1), (-1, 1), (1, -1), (-1, -1)):
        painter.drawText(QPointF(left + dx, base + dy), text)
    painter.setPen(colour)
    painter.drawText(QPointF(left, base), text)

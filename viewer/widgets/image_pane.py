"""A pane: one slice with its letters, scale and cross-hair; it paints a state and reports gestures."""

from __future__ import annotations

from math import ceil, floor
from operator import attrgetter
from time import monotonic

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QRegion,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from viewer.display.pane_state import PaneState, Picture
from viewer.display.picture import Renderer, Scratch, render
from viewer.display.zoom_pace import REST_MS, ZoomPace
from viewer.widgets import overlays, sprites
from viewer.widgets.canvas import Canvas
from viewer.widgets.labels import MUTED, Frame, heading, labels, words_of
from viewer.widgets.sprites import Placed

GROUND = QColor("#000000")
WHEEL_STEP = 120

_around = attrgetter("current", "spot", "measures", "marks", "lens", "cross", "cuts")

_canvas = Canvas()
_scratch = Scratch()


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
    released = Signal(object)  # self: the pointing button went up
    hovered = Signal(object, float, float)  # self, logical pixels from the left and the top
    left = Signal(object)  # self: the cursor is elsewhere
    enlarged = Signal(object)  # self
    resized = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = PaneState()
        self._renderer = Renderer(_scratch)
        self._labels: tuple[Placed, ...] = ()
        self._labelled: object = None
        self._pace = ZoomPace()
        self._is_coarse = False
        self._resting = QTimer(self)
        self._resting.setSingleShot(True)
        self._resting.setInterval(REST_MS)
        self._resting.timeout.connect(self._refine)
        self._changing = QRect()  # what is painted anew when only the slice is another, logical pixels
        self._drag_from: QPointF | None = None
        self._gesture, self._button = "", Qt.MouseButton.NoButton
        self._wheel = 0
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(96, 96)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setMouseTracking(True)

    @property
    def state(self) -> PaneState:
        """What the pane shows now."""
        return self._state

    def show_state(self, state: PaneState) -> None:
        """Show *state*; what looks the same already is not painted anew."""
        if state.picture is None:
            self._renderer = Renderer(_scratch)  # the old one holds values of a picture that may be closed
        before, self._state, was_coarse = self._state, state, self._is_coarse
        self._is_coarse = self._pace.is_fast(before.picture, state.picture, self._device_size(), monotonic())
        if self._is_coarse:
            self._resting.start()
        name = f"{state.badge} {state.title} {state.reason}".strip()
        if name != self.accessibleName():
            self.setAccessibleName(name)
        if state == before and self._is_coarse == was_coarse:
            return
        if _is_alike_around(state, before):
            self.update(self._changing)
        else:
            self.update()

    def grey(self) -> np.ndarray | None:
        """The rendered grey values in device pixels, shape (height, width); None while the pane is empty."""
        ratio, picture = self.devicePixelRatioF(), self._state.picture
        if picture is None:
            return None
        size, view = self._device_size(), picture.view.scaled(ratio)
        return render(
            picture.levels, view, picture.window, size, inverted=picture.inverted, part=picture.part
        )

    def _device_size(self) -> tuple[int, int]:
        ratio = self.devicePixelRatioF()
        return round(self.width() * ratio), round(self.height() * ratio)

    def _refine(self) -> None:
        """Show all there is to see, now that the zoom rests."""
        self._is_coarse = False
        self.update()

    def sizeHint(self) -> QSize:
        """Ask for a square that fits three in a row on a small screen."""
        return QSize(260, 260)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the picture 1:1 in device pixels and write over it."""
        painter = QPainter(self)
        ratio = self.devicePixelRatioF()
        if self._state.picture is None:
            painter.fillRect(self.rect(), GROUND)
            self._paint_reason(painter)
        else:
            self._paint_picture(painter, self._state.picture, ratio, event.region())
            self._paint_lines(painter, ratio)
        for corner, image in self._current_labels(ratio):
            painter.drawImage(corner, image)
        if self._state.picture is not None:
            self._paint_depth(painter)
            self._paint_tools(painter, self._state.picture)
        if self._state.current:
            overlays.paint_frame(painter, self.width(), self.height())
        painter.end()

    def _current_labels(self, ratio: float) -> tuple[Placed, ...]:
        """Return what is written over the picture; made anew only when it says something else."""
        state = self._state
        has_picture, has_depth = state.picture is not None, state.depth is not None
        labelled = (words_of(state), has_picture, has_depth, self.width(), self.height(), ratio)
        if labelled != self._labelled:
            frame = Frame(self.width(), self.height(), self.font(), ratio)
            self._labels = labels(state, frame, has_depth=has_depth) if has_picture else heading(state, frame)
            self._labelled = labelled
        return self._labels

    def _paint_picture(self, painter: QPainter, picture: Picture, ratio: float, region: QRegion) -> None:
        """Paint black where the picture does not reach, in whole pixels, and the picture over their edges."""
        seen = self._renderer.visible(
            picture.levels,
            picture.view.scaled(ratio),
            picture.window,
            self._device_size(),
            picture.inverted,
            picture.part,
            coarse=self._is_coarse,
        )
        (first, last), (start, stop) = (seen.rows, seen.columns) if seen is not None else ((0, 0), (0, 0))
        width, height = self.width(), self.height()
        top, bottom = ceil(first / ratio), floor(last / ratio)
        left, right = ceil(start / ratio), floor(stop / ratio)
        for x, y, across, down in (
            (0, 0, width, top),
            (0, bottom, width, height - bottom),
            (0, top, left, bottom - top),
            (right, top, width - right, bottom - top),
        ):
            if across > 0 and down > 0:
                painter.fillRect(x, y, across, down, GROUND)
        # one rectangle, with all to its right as far as where the depth is shown: two would paint slower
        self._changing = QRect(floor(start / ratio), 0, width, height) & self.rect()
        if seen is not None:
            whole = region.rectCount() == 1 and region.boundingRect().contains(self._changing)
            _canvas.show(painter, seen, ratio, whole=whole)

    def _paint_lines(self, painter: QPainter, ratio: float) -> None:
        for start, stop in self._state.cuts:
            overlays.paint_cut(painter, start, stop, (self.width(), self.height()))
        if self._state.cross is not None:
            sprites.cross(overlays.ACCENT, 0.75, ratio).draw(painter, *self._state.cross)

    def _paint_tools(self, painter: QPainter, picture: Picture) -> None:
        if self._state.spot is not None:
            overlays.paint_spot(painter, self._state.spot, is_sure=not self._state.spot_note)
        if self._state.measures or self._state.marks:
            painter.setFont(sprites.sized(self.font(), 9))
        for measure in self._state.measures:
            overlays.paint_measure(painter, measure.points, measure.text)
        for mark in self._state.marks:
            overlays.paint_mark(painter, mark)
        if self._state.lens is not None:
            overlays.paint_lens(painter, picture, self._state.lens, (self.width(), self.height()))

    def _paint_depth(self, painter: QPainter) -> None:
        """Where the slice lies in the stack, without a number that counts slices."""
        if self._state.depth is None:
            return
        top, length = self.height() // 4, self.height() // 2
        painter.fillRect(self.width() - 4, top + round(length * self._state.depth) - 4, 4, 8, overlays.ACCENT)

    def _paint_reason(self, painter: QPainter) -> None:
        painter.setFont(sprites.sized(self.font(), 10))
        painter.setPen(MUTED)
        area = QRectF(self.rect()).adjusted(16, 30, -16, -16)
        flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
        painter.drawText(area, int(flags), self._state.reason)

    def changeEvent(self, event: QEvent) -> None:
        """Write in the font that is wanted now."""
        if event.type() == QEvent.Type.FontChange:
            self._labelled = None
        super().changeEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Tell the owner, whose views depend on the size."""
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
        """Start the gesture of the pressed button; one that is under way goes on until its button is up."""
        if self._gesture and event.buttons() & self._button and event.button() != self._button:
            return
        self._button = event.button()
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
        """Say where the cursor is, which keys act on, and go on with the gesture."""
        self.hovered.emit(self, event.position().x(), event.position().y())
        self._follow(event.position())

    def leaveEvent(self, event: QEvent) -> None:
        """Say that the cursor is gone."""
        self.left.emit(self)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End the gesture of the released button."""
        if event.button() != self._button:
            return
        was_pointing = self._gesture == "point"
        self._gesture = ""
        self._drag_from = None
        if was_pointing:
            self.released.emit(self)

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


def _is_alike_around(state: PaneState, before: PaneState) -> bool:
    """Whether two states paint the same to the left of their pictures, which cover the same."""
    picture, other = state.picture, before.picture
    return (
        picture is not None
        and other is not None
        and picture.covers_as(other)
        and _around(state) == _around(before)
        and words_of(state) == words_of(before)
    )

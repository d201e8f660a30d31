"""From the pixels of one slice to the grey picture on the screen, in DICOM's order, each step once.

Resize the visible part of the stored values to screen pixels (so that a thin cortical line does not
vanish), window them to 8 bit, then apply the polarity. The rescale is linear and is folded into the
window.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import DTypeLike, NDArray

from viewer.display.axis import Axis, Resized, Run
from viewer.display.orientation import Orientation
from viewer.display.pyramid import Levels, Pyramid, nearest_level, resized
from viewer.display.tones import to_grey
from viewer.display.viewport import SliceView
from viewer.display.window_level import StoredWindow

# One pane is too small to share: threads of its own only wait for each other and for what loads meanwhile.
cv2.setNumThreads(1)

_RESIZABLE = frozenset(np.dtype(kind) for kind in (np.uint8, np.uint16, np.int16, np.float32))
_BAND = 250_000
"""So many pixels become colours at a time: all that they become on the way stays near the processor."""


def pyramid(pixels: NDArray[Any]) -> Pyramid:
    """Return a film, shape (rows, columns), and its smaller copies."""
    return Pyramid(_resizable(pixels))


def render(
    levels: Levels,
    view: SliceView,
    window: StoredWindow,
    size: tuple[int, int],
    *,
    inverted: bool,
    part: Run | None = None,
) -> NDArray[np.uint8]:
    """Return what a pane of *size* shows, shape (height, width), grey, black outside the picture.

    Args:
        levels: The slice, shape (rows, columns), and optionally its pyramid; the first level is full size.
        view: Where its pixels fall on the screen, in pixels of that screen.
        window: Black and white in stored values.
        size: Width and height in device pixels.
        inverted: Whether high values are dark (MONOCHROME1, or the reader's wish, not both).
        part: The first column of the slice that is shown, and the first that is not; None for all.
    """
    canvas = np.zeros((size[1], size[0]), np.uint8)
    seen = Renderer().visible(levels, view, window, size, inverted, part)
    if seen is not None:
        canvas[slice(*seen.rows), slice(*seen.columns)] = seen.grey()
    return canvas


class Scratch:
    """Memory that is used again: new memory is slow at its first use.

    Shared by panes that render one after the other it is still near the processor.
    """

    def __init__(self) -> None:
        self._memory: dict[str, NDArray[np.uint8]] = {}

    def room(self, use: str, shape: tuple[int, ...], dtype: DTypeLike) -> NDArray[Any]:
        """Return an array to write to; what was written there for the same *use* is gone."""
        needed = math.prod(shape) * np.dtype(dtype).itemsize
        memory = self._memory.get(use)
        if memory is None or not needed <= memory.nbytes <= 4 * needed + 65536:
            memory = self._memory[use] = np.empty(needed, np.uint8)
        return memory[:needed].view(dtype).reshape(shape)


class Renderer:
    """Renders the pictures of one pane, one after the other, and keeps what the next one can use.

    The resized values stay while only the window changes or the picture is dragged a little; grey values of
    all that is kept are made when they are wanted again, so that dragging only shows another part of them.
    """

    def __init__(self, scratch: Scratch | None = None) -> None:
        self._own = Scratch()
        self._scratch = scratch or Scratch()
        self._kept: Resized | None = None
        self._toned: tuple[Resized, StoredWindow, bool] | None = None
        self._grey: NDArray[np.uint8] | None = None

    def visible(
        self,
        levels: Levels,
        view: SliceView,
        window: StoredWindow,
        size: tuple[int, int],
        inverted: bool,
        part: Run | None,
        *,
        coarse: bool = False,
    ) -> Visible | None:
        """Return what can be seen of a picture, see :func:`render`; None where it lies outside the pane.

        It holds until this or another renderer with the same scratch is asked again. One that is *coarse*
        has a value for every two rows and columns of the screen and takes a third of the time.
        """
        step = 2 if coarse else 1
        if coarse:
            view, size = view.scaled(1 / step), (size[0] // step, size[1] // step)
        turned = size if view.orientation.transposed else (size[1], size[0])  # along rows and columns
        kept = self._resized_for(levels, view, turned, part or (0, levels[0].shape[1]))
        if kept is None:
            return None
        down, kept_rows = kept.rows.on_screen(view.centre[0], view.orientation.rows, turned[0])
        along, kept_columns = kept.columns.on_screen(view.centre[1], view.orientation.columns, turned[1])
        if down[0] == down[1] or along[0] == along[1]:
            return None
        grey = self._grey_of(kept, window, inverted)
        values = (kept.pixels if grey is None else grey)[slice(*kept_rows), slice(*kept_columns)]
        if view.orientation.transposed:
            down, along = along, down
        needed = (window, inverted) if grey is None else None
        rows, columns = (down[0] * step, down[1] * step), (along[0] * step, along[1] * step)
        return Visible(rows, columns, values, needed, view.orientation, self._scratch, step)

    def _grey_of(self, kept: Resized, window: StoredWindow, inverted: bool) -> NDArray[np.uint8] | None:
        """Return grey values of all that is kept, once they are wanted a second time."""
        if self._toned != (kept, window, inverted):
            self._toned, self._grey = (kept, window, inverted), None
        elif self._grey is None:
            self._grey = self._own.room("grey", kept.pixels.shape, np.uint8)
            for band in _bands(kept.pixels.shape):
                _windowed(kept.pixels[band], window, inverted, self._scratch, self._grey[band])
        return self._grey

    def _resized_for(
        self, levels: Levels, view: SliceView, turned: tuple[int, int], part: Run
    ) -> Resized | None:
        """Return the resized values around what can be seen; None where nothing can."""
        level = nearest_level(levels, max(view.pixels_per_row, view.pixels_per_column))
        full, known = levels[0].shape, self._kept
        shrink = (full[0] / level.shape[0], full[1] / level.shape[1])
        rows = Axis.seen(view.centre[0], view.pixels_per_row, shrink[0], (0, level.shape[0]), turned[0])
        whole = (round(part[0] / shrink[1]), round(part[1] / shrink[1]))
        columns = Axis.seen(view.centre[1], view.pixels_per_column, shrink[1], whole, turned[1])
        if rows is None or columns is None:
            return None
        memory = self._scratch
        if known is not None and known.is_of(level, rows, columns):
            covers = known.covers(rows, columns) and known.columns.is_within(whole)
            if known.is_lasting and covers:
                return known
            if not covers:
                rows, columns = rows.grown((0, level.shape[0])), columns.grown(whole)
            memory = self._own
        source = _resizable(level[rows.first : rows.stop, columns.first : columns.stop])
        room = memory.room("resized", (rows.length, columns.length), source.dtype)
        pixels = resized(source, (columns.length, rows.length), room)
        self._kept = Resized(level, rows, columns, pixels, is_lasting=memory is self._own)
        return self._kept


@dataclass(frozen=True, slots=True, eq=False)
class Visible:
    """The part of a picture that can be seen.

    Attributes:
        rows: Rows of the screen that it covers.
        columns: Columns of the screen that it covers.
        values: Its resized values, rows and columns as stored.
        tones: Window and polarity of stored values; None where the values are grey ones.
        orientation: How rows and columns run on the screen.
        scratch: Memory for what the values become on the way.
        step: How many rows and columns of the screen a value covers: 1 or 2.
    """

    rows: Run
    columns: Run
    values: NDArray[Any]
    tones: tuple[StoredWindow, bool] | None
    orientation: Orientation
    scratch: Scratch
    step: int

    def grey(self) -> NDArray[np.uint8]:
        """Return the grey values on the screen, shape (rows, columns)."""
        return np.repeat(self._widened(self._grey_of(self.values)), self.step, axis=0)

    def paint(self, colours: NDArray[np.uint8]) -> None:
        """Write the grey values as blue, green, red and opaque to *colours*, shape (rows, columns, 4)."""
        length = len(self.values)
        for band in _bands(self.values.shape):
            # the first rows as stored may be the last ones on the screen, and columns there
            there = band if self.orientation.rows > 0 else slice(length - band.stop, length - band.start)
            there = slice(there.start * self.step, there.stop * self.step)
            target = colours[:, there] if self.orientation.transposed else colours[there]
            grey = self._widened(self._grey_of(self.values[band]))
            for row in range(self.step):
                cv2.cvtColor(grey, cv2.COLOR_GRAY2BGRA, dst=target[row :: self.step])

    def _widened(self, grey: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """Return a column of *grey* for each column of the screen."""
        if self.step == 1:
            return grey
        room = self.scratch.room("widened", (*grey.shape, self.step), np.uint8)
        cv2.merge([grey] * self.step, dst=room)
        return room.reshape(len(grey), -1)

    def _grey_of(self, values: NDArray[Any]) -> NDArray[np.uint8]:
        grey: NDArray[Any] = values
        if self.tones is not None:
            grey = self.scratch.room("grey", values.shape, np.uint8)
            _windowed(values, *self.tones, self.scratch, grey)
        rows, columns = self.orientation.rows, self.orientation.columns
        if rows < 0 or columns < 0:
            flip = 0 if columns > 0 else 1 if rows > 0 else -1
            grey = cv2.flip(grey, flip, dst=self.scratch.room("flipped", grey.shape, np.uint8))
        if self.orientation.transposed:
            grey = cv2.transpose(grey, dst=self.scratch.room("transposed", grey.shape[::-1], np.uint8))
        return np.asarray(grey, np.uint8)


def _windowed(
    stored: NDArray[Any], window: StoredWindow, inverted: bool, scratch: Scratch, grey: NDArray[np.uint8]
) -> None:
    to_grey(stored, window, inverted, scratch.room("clamped", stored.shape, stored.dtype), grey)


def _bands(shape: tuple[int, ...]) -> list[slice]:
    """Return runs of rows of about :data:`_BAND` pixels, at least one."""
    count = max(round(shape[0] * shape[1] / _BAND), 1)
    height = max(-(-shape[0] // count), 1)
    return [slice(start, min(start + height, shape[0])) for start in range(0, shape[0], height)]


def _resizable(pixels: NDArray[Any]) -> NDArray[Any]:
    return pixels if pixels.dtype in _RESIZABLE else pixels.astype(np.float32)

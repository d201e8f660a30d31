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

from viewer.display.pyramid import Levels, Pyramid, nearest_level, resized
from viewer.display.viewport import SliceView
from viewer.display.window_level import StoredWindow

# One pane is too small to share: threads of its own only wait for each other and for what loads meanwhile.
cv2.setNumThreads(1)

_RESIZABLE = frozenset(np.dtype(kind) for kind in (np.uint8, np.uint16, np.int16, np.float32))
_MARGIN = 128
"""Screen pixels around the visible part that are resized ahead while a picture is dragged."""

Run = tuple[int, int]
"""The first of some pixels along an axis, and the first that is not one of them."""


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
    (top, bottom), (left, right), grey = Renderer().visible(levels, view, window, size, inverted, part)
    canvas[top:bottom, left:right] = grey
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

    What it returns lies in *scratch* and holds until anybody renders with that again. The resized values
    are its own: they stay while only the window changes or the picture is dragged a little.
    """

    def __init__(self, scratch: Scratch | None = None) -> None:
        self._kept: _Resized | None = None
        self._own = Scratch()
        self._scratch = scratch or Scratch()

    def visible(
        self,
        levels: Levels,
        view: SliceView,
        window: StoredWindow,
        size: tuple[int, int],
        inverted: bool,
        part: Run | None,
    ) -> tuple[Run, Run, NDArray[np.uint8]]:
        """Return the rows and columns of the screen that the picture covers, and their grey values.

        See :func:`render`.
        """
        turned = size if view.orientation.transposed else (size[1], size[0])  # along rows and columns
        kept = self._resized_for(levels, view, turned, part or (0, levels[0].shape[1]))
        if kept is None:
            return (0, 0), (0, 0), np.empty((0, 0), np.uint8)
        down, kept_rows = kept.rows.on_screen(view.centre[0], view.orientation.rows, turned[0])
        along, kept_columns = kept.columns.on_screen(view.centre[1], view.orientation.columns, turned[1])
        grey = self._windowed(kept.pixels[slice(*kept_rows), slice(*kept_columns)], window, inverted)
        if view.orientation.rows < 0 or view.orientation.columns < 0:
            flip = 0 if view.orientation.columns > 0 else 1 if view.orientation.rows > 0 else -1
            grey = cv2.flip(grey, flip, dst=self._scratch.room("flipped", grey.shape, np.uint8))
        if view.orientation.transposed:
            grey = cv2.transpose(grey, dst=self._scratch.room("transposed", grey.shape[::-1], np.uint8))
            down, along = along, down
        return down, along, np.asarray(grey, np.uint8)

    def _resized_for(
        self, levels: Levels, view: SliceView, turned: tuple[int, int], part: Run
    ) -> _Resized | None:
        """Return the resized values around what can be seen; None where nothing can."""
        level = nearest_level(levels, max(view.pixels_per_row, view.pixels_per_column))
        full, known = levels[0].shape, self._kept
        shrink = (full[0] / level.shape[0], full[1] / level.shape[1])
        rows = _Axis.seen(view.centre[0], view.pixels_per_row, shrink[0], (0, level.shape[0]), turned[0])
        whole = (round(part[0] / shrink[1]), round(part[1] / shrink[1]))
        columns = _Axis.seen(view.centre[1], view.pixels_per_column, shrink[1], whole, turned[1])
        if rows is None or columns is None:
            return None
        if known is not None and known.level is level:
            if known.rows.covers(rows) and known.columns.covers(columns):
                return known
            if known.rows.scale == rows.scale and known.columns.scale == columns.scale:
                rows, columns = rows.grown((0, level.shape[0])), columns.grown(whole)
        source = _resizable(level[rows.first : rows.stop, columns.first : columns.stop])
        room = self._own.room("resized", (rows.length, columns.length), source.dtype)
        pixels = resized(source, (columns.length, rows.length), room)
        self._kept = _Resized(level, rows, columns, pixels)
        return self._kept

    def _windowed(self, stored: NDArray[Any], window: StoredWindow, inverted: bool) -> NDArray[np.uint8]:
        clamped = self._scratch.room("clamped", stored.shape, stored.dtype)
        return to_grey(stored, window, inverted, clamped, self._scratch.room("grey", stored.shape, np.uint8))


@dataclass(frozen=True, slots=True)
class _Axis:
    """A run of pixels of a level along one axis, resized to *length* pixels of the screen.

    ``scale`` is screen pixels per pixel of the full slice, ``shrink`` how many of those a pixel of the level
    is, ``first`` and ``stop`` count pixels of the level.
    """

    first: int
    stop: int
    scale: float
    shrink: float

    @staticmethod
    def seen(centre: float, scale: float, shrink: float, part: Run, screen: int) -> _Axis | None:
        """Return the visible run within *part*; None where nothing can be seen.

        It is widened to whole pixels and one more, which those at the edge are interpolated with.
        """
        half = screen / 2 / scale
        first = max(math.floor((centre - half + 0.5) / shrink) - 1, part[0])
        stop = min(math.ceil((centre + half + 0.5) / shrink) + 1, part[1])
        return _Axis(first, stop, scale, shrink) if stop > first else None

    @property
    def length(self) -> int:
        """How many pixels of the screen the run covers; at least one."""
        return max(round((self.stop - self.first) * self.shrink * self.scale), 1)

    def covers(self, other: _Axis) -> bool:
        """Whether *other* is a part of this run."""
        return (
            self.scale == other.scale
            and self.shrink == other.shrink
            and self.first <= other.first
            and other.stop <= self.stop
        )

    def grown(self, part: Run) -> _Axis:
        """Return this run with a margin, within *part*."""
        margin = math.ceil(_MARGIN / (self.shrink * self.scale))
        first, stop = max(self.first - margin, part[0]), min(self.stop + margin, part[1])
        return _Axis(first, stop, self.scale, self.shrink)

    def on_screen(self, centre: float, direction: int, screen: int) -> tuple[Run, Run]:
        """Return which pixels of the screen the run covers, and which of its resized ones those are.

        Its middle falls where it belongs, to half a pixel of the screen.
        """
        length = self.length
        middle = ((self.first + self.stop) / 2 * self.shrink - 0.5 - centre) * self.scale * direction
        start = math.floor(screen / 2 + middle - length / 2 + 0.5)
        low, high = min(max(start, 0), screen), min(max(start + length, 0), screen)
        kept = (low - start, high - start)
        return (low, high), kept if direction > 0 else (length - kept[1], length - kept[0])


@dataclass(frozen=True, slots=True, eq=False)
class _Resized:
    """Stored values of a part of a level, resized to pixels of the screen; rows and columns as stored."""

    level: NDArray[Any]
    rows: _Axis
    columns: _Axis
    pixels: NDArray[Any]


def to_grey(
    stored: NDArray[Any],
    window: StoredWindow,
    inverted: bool,
    clamped: NDArray[Any] | None = None,
    grey: NDArray[np.uint8] | None = None,
) -> NDArray[np.uint8]:
    """Return stored values windowed to 0..255 and inverted if asked, same shape.

    *clamped* and *grey*, of that shape, are written to where they are given.

    Source: DICOM PS3.3 C.11.2.1.2 (linear exact), then C.7.6.3.1.2 for the polarity.
    """
    scale = 255.0 / window.width
    # convertScaleAbs would fold values below the window back to bright ones: clamp first
    lowest: Any = _edge(stored.dtype, window.low)  # the stubs of cv2.max know no scalars
    above = cv2.max(stored, lowest, dst=clamped)
    found = np.asarray(cv2.convertScaleAbs(above, dst=grey, alpha=scale, beta=-window.low * scale), np.uint8)
    return np.asarray(cv2.bitwise_not(found, dst=found), np.uint8) if inverted else found


def _edge(dtype: np.dtype[Any], low: float) -> float:
    if dtype.kind == "f":
        return low
    limits = np.iinfo(dtype)
    return float(min(max(math.ceil(low), limits.min), limits.max))


def _resizable(pixels: NDArray[Any]) -> NDArray[Any]:
    return pixels if pixels.dtype in _RESIZABLE else pixels.astype(np.float32)

"""From the pixels of one slice to the grey picture on the screen, in DICOM's order, each step once.

Resize the visible part of the stored values to screen pixels (linear up, area down, so that a thin
cortical line does not vanish), window them to 8 bit, then apply the polarity. The rescale is linear
and is folded into the window.
"""

from __future__ import annotations

import math
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from viewer.display.viewport import SliceView
from viewer.display.window_level import StoredWindow

# One pane is too small to share: threads of its own only wait for each other and for what loads meanwhile.
cv2.setNumThreads(1)

_RESIZABLE = ("uint8", "uint16", "int16", "float32")


def pyramid(pixels: NDArray[Any]) -> tuple[NDArray[Any], ...]:
    """Return a film, shape (rows, columns), and its halves, quarters … down to about 512 columns."""
    levels = [_resizable(pixels)]
    while min(levels[-1].shape) > 1024:
        rows, columns = levels[-1].shape
        half = (columns // 2, rows // 2)
        levels.append(cv2.resize(levels[-1], half, interpolation=cv2.INTER_AREA))
    return tuple(levels)


def render(
    levels: tuple[NDArray[Any], ...],
    view: SliceView,
    window: StoredWindow,
    size: tuple[int, int],
    *,
    inverted: bool,
    part: tuple[int, int] | None = None,
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
    turned = canvas.T if view.orientation.transposed else canvas  # a view: filling it fills the canvas
    _fill(turned, levels, view, window, part or (0, levels[0].shape[1]), inverted=inverted)
    return canvas


def _fill(
    canvas: NDArray[np.uint8],
    levels: tuple[NDArray[Any], ...],
    view: SliceView,
    window: StoredWindow,
    part: tuple[int, int],
    *,
    inverted: bool,
) -> None:
    """Write the visible part into *canvas*, whose first axis runs along the rows of the slice."""
    height, width = canvas.shape
    full_rows, full_columns = levels[0].shape
    level = _level_for(levels, view)
    target_y, source_rows = _span(
        view.centre[0],
        view.pixels_per_row,
        view.orientation.rows,
        full_rows / level.shape[0],
        (0, level.shape[0]),
        height,
    )
    shrink = full_columns / level.shape[1]
    target_x, source_columns = _span(
        view.centre[1],
        view.pixels_per_column,
        view.orientation.columns,
        shrink,
        (round(part[0] / shrink), round(part[1] / shrink)),
        width,
    )
    if target_x.stop <= target_x.start or target_y.stop <= target_y.start:
        return
    seen = level[source_rows, source_columns]
    resized = (target_x.stop - target_x.start, target_y.stop - target_y.start)
    shrinks = resized[0] < seen.shape[1] or resized[1] < seen.shape[0]
    method = cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR
    grey = to_grey(cv2.resize(_resizable(seen), resized, interpolation=method), window, inverted)
    directed = grey[:: view.orientation.rows, :: view.orientation.columns]
    visible_y, visible_x = _clip(target_y, height), _clip(target_x, width)
    canvas[visible_y, visible_x] = directed[
        visible_y.start - target_y.start : visible_y.stop - target_y.start,
        visible_x.start - target_x.start : visible_x.stop - target_x.start,
    ]


def to_grey(stored: NDArray[Any], window: StoredWindow, inverted: bool) -> NDArray[np.uint8]:
    """Return stored values windowed to 0..255 and inverted if asked, same shape.

    Source: DICOM PS3.3 C.11.2.1.2 (linear exact), then C.7.6.3.1.2 for the polarity.
    """
    scale = 255.0 / window.width
    # convertScaleAbs would fold values below the window back to bright ones: clamp first
    lowest: Any = _edge(stored.dtype, window.low)  # the stubs of cv2.max know no scalars
    clamped = cv2.max(stored, lowest)
    grey = np.asarray(cv2.convertScaleAbs(clamped, alpha=scale, beta=-window.low * scale), np.uint8)
    return np.bitwise_not(grey, out=grey) if inverted else grey


def _edge(dtype: np.dtype[Any], low: float) -> float:
    if np.issubdtype(dtype, np.floating):
        return low
    limits = np.iinfo(dtype.name)
    return float(min(max(math.ceil(low), limits.min), limits.max))


def _resizable(pixels: NDArray[Any]) -> NDArray[Any]:
    return pixels if pixels.dtype.name in _RESIZABLE else pixels.astype(np.float32)


def _level_for(levels: tuple[NDArray[Any], ...], view: SliceView) -> NDArray[Any]:
    """The smallest level that still has at least one pixel per screen pixel."""
    finest = max(view.pixels_per_row, view.pixels_per_column)
    return levels[min(max(int(-math.log2(finest)), 0), len(levels) - 1)] if finest < 1 else levels[0]


def _span(
    centre: float, scale: float, direction: int, shrink: float, part: tuple[int, int], screen: int
) -> tuple[slice, slice]:
    """Return which screen pixels a run of image pixels covers along one axis, and which image pixels.

    The image run is the visible one within *part* of a level that is *shrink* times smaller than the
    slice, widened to whole pixels; the target grows with it, so nothing shifts.
    """
    half = screen / 2 / scale
    first = max(math.floor((centre - half + 0.5) / shrink), part[0])
    last = min(math.ceil((centre + half + 0.5) / shrink), part[1])
    if last <= first:
        return slice(0, 0), slice(0, 0)
    edges = [screen / 2 + (edge * shrink - 0.5 - centre) * scale * direction for edge in (first, last)]
    start, stop = sorted(round(edge) for edge in edges)
    return slice(start, max(stop, start + 1)), slice(first, last)


def _clip(run: slice, length: int) -> slice:
    return slice(min(max(run.start, 0), length), min(max(run.stop, 0), length))

"""The first look at a series in the plain viewer: as its header wants it, else by the common rule.

The reading window never does this: header windows can tell a visit.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from viewer.display.orientation import Orientation, upright
from viewer.display.picture import pyramid
from viewer.display.pyramid import Levels, Pyramid
from viewer.display.window_level import StoredWindow, first_window
from viewer.imaging.volume import LookupTable, Volume, Window

_SIGMOID_TOP = 65535.0


@dataclass(frozen=True, slots=True, eq=False)
class Look:
    """A volume ready to be shown, and how it looks first.

    ``volume`` holds what the window works on: where the header has a VOI lookup table or a sigmoid, the
    values that came out of it. ``source`` says where the window comes from, in words.
    """

    volume: Volume
    orientation: Orientation
    window: StoredWindow
    source: str
    pyramid: Pyramid | None = None
    _slices: dict[int, NDArray[Any]] = field(default_factory=dict[int, NDArray[Any]])

    def levels(self, slice_index: int) -> Levels:
        """Return the slice, shape (rows, columns), and its pyramid where it has one.

        The same slice is the same array each time: panes paint anew only what differs.
        """
        return self.pyramid or (self._slices.setdefault(slice_index, self.volume.pixels[slice_index]),)


def first_look(volume: Volume) -> Look:
    """Return how *volume* is shown first. Source: DICOM PS3.3 C.11.2, the first of several views."""
    shown, window, source = _as_the_header_says(volume)
    levels = pyramid(shown.pixels[0]) if len(shown.pixels) == 1 else None
    return Look(shown, upright(volume.geometry), window, source, levels)


def _as_the_header_says(volume: Volume) -> tuple[Volume, StoredWindow, str]:
    voi = volume.voi
    if voi is not None and voi.lookup_tables:
        table = voi.lookup_tables[0]
        return (
            _through(volume, table),
            StoredWindow(0.0, float((1 << table.bits) - 1)),
            "lookup table of the header",
        )
    if voi is not None and voi.windows:
        window = voi.windows[0]
        source = f"window of the header{f' ({window.explanation})' if window.explanation else ''}"
        if window.function == "SIGMOID":
            return _sigmoid(volume, window), StoredWindow(0.0, _SIGMOID_TOP), source
        return volume, linear_window(volume, window), source
    return volume, first_window(volume), "window from the pixels"


def linear_window(volume: Volume, window: Window) -> StoredWindow:
    """Return a header's window in stored values. Source: DICOM PS3.3 C.11.2.1.2 and C.11.2.1.3.2."""
    if window.function == "LINEAR_EXACT" or window.width <= 1:
        low, high = window.center - window.width / 2, window.center + window.width / 2
    else:
        middle, half = window.center - 0.5, (window.width - 1) / 2
        low, high = middle - half, middle + half
    slope = volume.rescale_slope or 1.0
    ends = sorted((edge - volume.rescale_intercept) / slope for edge in (low, high))
    return StoredWindow(*ends)


def _through(volume: Volume, table: LookupTable) -> Volume:
    """Return every pixel's entry of a VOI lookup table; values beyond its ends take the end entries."""
    entries, last = table.values.astype(np.uint16), len(table.values) - 1

    def look_up(values: NDArray[np.float32]) -> NDArray[np.uint16]:
        return entries[np.clip(np.rint(values).astype(np.int32) - table.first, 0, last)]

    return _each_slice(volume, look_up)


def _sigmoid(volume: Volume, window: Window) -> Volume:
    """Return pixels through the sigmoid. Source: DICOM PS3.3 C.11.2.1.3.1."""

    def bend(values: NDArray[np.float32]) -> NDArray[np.uint16]:
        exponent = np.clip(-4 * (values - window.center) / window.width, -60, 60)
        return (_SIGMOID_TOP / (1 + np.exp(exponent))).astype(np.uint16)

    return _each_slice(volume, bend)


def _each_slice(volume: Volume, change: Callable[[NDArray[np.float32]], NDArray[np.uint16]]) -> Volume:
    """Return the volume with its rescaled values changed slice by slice, so that no copy of all is needed."""
    pixels = np.empty(volume.pixels.shape, np.uint16)
    for index in range(len(pixels)):
        pixels[index] = change(replace(volume, pixels=volume.pixels[index]).values())
    return replace(volume, pixels=pixels, rescale_slope=1.0, rescale_intercept=0.0, padding=None)

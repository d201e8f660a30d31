"""The window of a picture: first guess from its pixels, and what a reader makes of it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from viewer.imaging.volume import Volume

LOW_PERCENTILE, HIGH_PERCENTILE = 2.0, 99.7
_SAMPLES_PER_AXIS = 96


@dataclass(frozen=True, slots=True)
class StoredWindow:
    """A linear window in stored values: ``low`` is shown black and ``high`` white (before polarity)."""

    low: float
    high: float

    @property
    def centre(self) -> float:
        """The stored value shown mid-grey."""
        return (self.low + self.high) / 2

    @property
    def width(self) -> float:
        """The span of stored values from black to white; never below 1e-6."""
        return max(self.high - self.low, 1e-6)


@dataclass(frozen=True, slots=True)
class Adjustment:
    """What the reader changed, relative to the first window, so that it means the same in every timepoint.

    ``brighter`` moves the level by that share of the first width, ``width`` multiplies the width.
    """

    brighter: float = 0.0
    width: float = 1.0

    def dragged(self, right: float, down: float) -> Adjustment:
        """Return the adjustment after a drag by shares of the pane's size: right widens, down darkens."""
        width = min(max(self.width * float(np.exp(right * 2)), 0.02), 50.0)
        return Adjustment(self.brighter - down * self.width, width)

    def applied_to(self, window: StoredWindow) -> StoredWindow:
        """Return *window* as the reader wants it."""
        centre = window.centre - self.brighter * window.width
        half = window.width * self.width / 2
        return StoredWindow(centre - half, centre + half)


def first_window(volume: Volume) -> StoredWindow:
    """Return the window from the 2nd to the 99.7th percentile of a sample of the volume's pixels.

    The same rule for every timepoint, from pixels only: header windows can tell a visit. Padding is left out;
    a flat picture gets a window of width 1 around its value.
    """
    steps = tuple(max(1, size // _SAMPLES_PER_AXIS) for size in volume.pixels.shape)
    sample = volume.pixels[:: steps[0], :: steps[1], :: steps[2]].ravel()
    if volume.padding is not None:
        kept = sample[(sample < volume.padding[0]) | (sample > volume.padding[1])]
        sample = kept if kept.size else sample
    low, high = (float(edge) for edge in np.percentile(sample, (LOW_PERCENTILE, HIGH_PERCENTILE)))
    return StoredWindow(low, high) if high > low else StoredWindow(low - 0.5, low + 0.5)


def describe_window(volume: Volume, window: StoredWindow) -> str:
    """Return ``"W 410 L 205"`` in rescaled values."""
    slope = volume.rescale_slope
    return f"W {window.width * abs(slope):.4g}  L {window.centre * slope + volume.rescale_intercept:.4g}"

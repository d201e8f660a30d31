"""The window of a picture: first guess from its pixels, and what a reader makes of it."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

from viewer.imaging.volume import Volume

LOW_PERCENTILE, HIGH_PERCENTILE = 2.0, 99.7
_SAMPLES_PER_AXIS = {True: 36, False: 192}  # of a stack, of a film: about 40,000 pixels, a millisecond


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

    @staticmethod
    def from_to(base: StoredWindow, wanted: StoredWindow) -> Adjustment:
        """Return what takes *base* to *wanted*."""
        return Adjustment((base.centre - wanted.centre) / base.width, wanted.width / base.width)


@dataclass(frozen=True, slots=True)
class WindowWish:
    """Percentiles of a timepoint's own pixels, and what the reader changed on top of them."""

    low: float = LOW_PERCENTILE
    high: float = HIGH_PERCENTILE
    adjustment: Adjustment = Adjustment()


@dataclass(frozen=True, slots=True)
class WindowPreset:
    """A window by a rule over a timepoint's pixels, the same in every timepoint."""

    id: str
    title: str
    modality: str
    low: float
    high: float


@cache
def window_presets(modality: str) -> tuple[WindowPreset, ...]:
    """Return the presets for ``"MR"`` or ``"CR/DX"`` in the order they are offered."""
    text = (files("resources") / "hanging_protocols" / "windows.toml").read_text("utf-8")
    known = (WindowPreset(**entry) for entry in tomllib.loads(text)["presets"])
    return tuple(preset for preset in known if preset.modality == modality)


def first_window(
    volume: Volume, low_percentile: float = LOW_PERCENTILE, high_percentile: float = HIGH_PERCENTILE
) -> StoredWindow:
    """Return the window from the 2nd to the 99.7th percentile of a sample of the volume's pixels.

    The same rule for every timepoint, from pixels only: header windows can tell a visit. Padding is left out;
    a flat picture gets a window of width 1 around its value.
    """
    samples = _SAMPLES_PER_AXIS[volume.pixels.shape[0] > 1]
    steps = tuple(max(1, size // samples) for size in volume.pixels.shape)
    return window_of(
        volume, volume.pixels[:: steps[0], :: steps[1], :: steps[2]], low_percentile, high_percentile
    )


def window_of(volume: Volume, pixels: NDArray[Any], low: float, high: float) -> StoredWindow:
    """Return the window between two percentiles of some *pixels* of *volume*, padding left out.

    They count from the darkest pixel of the picture, so that a film looks the same whatever its polarity.
    """
    sample = pixels.ravel()
    if volume.padding is not None:
        kept = sample[(sample < volume.padding[0]) | (sample > volume.padding[1])]
        sample = kept if kept.size else sample
    if volume.monochrome1:
        low, high = 100 - high, 100 - low
    dark, bright = (float(edge) for edge in np.percentile(sample, (low, high)))
    return StoredWindow(dark, bright) if bright > dark else StoredWindow(dark - 0.5, dark + 0.5)


def rescaled(volume: Volume, window: StoredWindow) -> tuple[float, float]:
    """Return (width, level) of *window* in rescaled values."""
    slope = volume.rescale_slope
    return window.width * abs(slope), window.centre * slope + volume.rescale_intercept


def stored(volume: Volume, width: float, level: float) -> StoredWindow:
    """Return the window whose width and level in rescaled values are given."""
    slope = volume.rescale_slope or 1.0
    centre, half = (level - volume.rescale_intercept) / slope, width / abs(slope) / 2
    return StoredWindow(centre - half, centre + half)


def describe_window(volume: Volume, window: StoredWindow) -> str:
    """Return ``"W 410  L 205"`` in rescaled values."""
    width, level = rescaled(volume, window)
    return f"W {_in_digits(width)}  L {_in_digits(level)}"


def _in_digits(value: float) -> str:
    return f"{value:.4g}" if abs(value) < 1000 else f"{value:.0f}"

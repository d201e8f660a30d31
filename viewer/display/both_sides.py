"""A film of both hands or both feet, split by side: which of its columns show one of them."""

from __future__ import annotations

from typing import Any, Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from viewer.imaging.geometry import FloatArray
from viewer.imaging.volume import Volume

Side = Literal["L", "R"]

_ROWS, _COLUMNS = 200, 1000
"""How many are looked at: a gap between them is much wider than one of these columns."""
_MIDDLE = (0.35, 0.65)
_EMPTY = 0.1
"""A column this near to the emptiest one, as a share of the fullest one, is empty too."""
_GAP = 0.5
"""The gap holds at most this share of what the fullest column on either side of it holds."""


def side_columns(volume: Volume, side: Side) -> tuple[int, int] | None:
    """Return the first column of a film of both hands or feet that shows one, and the first that does not.

    It lies where the film's own row letters (Patient Orientation, DICOM PS3.3 C.7.6.1.1.1) say that
    its side is. None where they do not say so: nothing is guessed.
    """
    edges = tuple(letter[:1] for letter in volume.row_letters or ())
    if edges not in (("R", "L"), ("L", "R")):
        return None
    cut = cut_column(volume)
    return (0, cut) if edges[0] == side else (cut, volume.pixels.shape[2])


def cut_column(volume: Volume) -> int:
    """Return the first column right of the cut between two hands or feet on a film.

    It is the middle of the widest run of columns without soft tissue between 35 and 65 % of the width,
    whatever the polarity; the middle of the film where they leave no such gap.
    """
    columns = volume.pixels.shape[2]
    step = max(1, columns // _COLUMNS)
    matter = _matter(volume, step)
    first, last = (round(share * len(matter)) for share in _MIDDLE)
    middle = matter[first:last]
    if not middle.size:
        return columns // 2
    emptiest = first + int(middle.argmin())
    lowest = float(matter[emptiest])
    beside = min(float(matter[: emptiest + 1].max()), float(matter[emptiest:].max()))
    if lowest >= _GAP * beside:
        return columns // 2
    start, stop = _widest_run(middle <= lowest + _EMPTY * float(matter.max() - lowest))
    return min(round((first + (start + stop) / 2) * step), columns - 1)


def _matter(volume: Volume, step: int) -> FloatArray:
    """Return how much of the body lies in every *step*-th column: 0 for none, in units of the densest."""
    film: NDArray[Any] = volume.pixels[0, :: max(1, volume.pixels.shape[1] // _ROWS), ::step]
    # a film is bright where matter is dense, unless high values are dark or the rescale turns them round
    dense_is_low = volume.monochrome1 != (volume.rescale_slope < 0)
    known = np.ones(film.shape, np.bool_)
    if volume.padding is not None:
        known = (film < volume.padding[0]) | (film > volume.padding[1])
    if not known.any():
        return np.zeros(len(film[0]), np.float64)
    density = -film.astype(np.float32) if dense_is_low else film.astype(np.float32)
    air, bone = (float(edge) for edge in np.percentile(density[known], (1, 99)))  # lead letters are denser
    share = np.where(known, (density - air) / max(bone - air, 1e-6), 0.0)
    return _smoothed(np.clip(share, 0.0, 1.0).mean(axis=0))


def _smoothed(profile: FloatArray) -> FloatArray:
    width = max(1, len(profile) // 100)
    return np.asarray(cv2.blur(profile[np.newaxis], (width, 1)), np.float64)[0]


def _widest_run(mask: NDArray[np.bool_]) -> tuple[int, int]:
    """Return the first index of the longest run of true values, and that after its last."""
    edges = np.flatnonzero(np.diff(np.concatenate(([False], mask, [False])).astype(np.int8)))
    starts, stops = edges[::2], edges[1::2]
    widest = int((stops - starts).argmax())
    return int(starts[widest]), int(stops[widest])

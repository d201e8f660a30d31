"""How a slice is turned on the screen, and the letters that say so.

A slice is shown as it was stored unless that would show it from the wrong side: coronal slices are
seen from the front, axial ones from the feet, sagittal ones from the left (the radiological view).
A mirrored slice is flipped, never believed; letters come from the directions as displayed.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from viewer.imaging.geometry import FloatArray, Geometry, letter_of
from viewer.imaging.volume import Volume

_STANDARD = {  # plane: (to the right, downwards) on the screen, LPS
    "coronal": ((1.0, 0.0, 0.0), (0.0, 0.0, -1.0)),
    "axial": ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0)),
    "sagittal": ((0.0, 1.0, 0.0), (0.0, 0.0, -1.0)),
}


@dataclass(frozen=True, slots=True)
class Orientation:
    """Which way the columns and rows of a slice run on the screen: 1 right or down, -1 left or up."""

    columns: int = 1
    rows: int = 1


@dataclass(frozen=True, slots=True)
class Letters:
    """Where the edges of a picture point in the patient; empty where that is unknown."""

    left: str = ""
    right: str = ""
    top: str = ""
    bottom: str = ""


def upright(geometry: Geometry | None) -> Orientation:
    """Return how slices of *geometry* are shown; films and unknown geometries stay as stored."""
    if geometry is None:
        return Orientation()
    across, down = _standard_axes(geometry)
    seen_from = np.cross(across, down)
    if float(geometry.normal @ seen_from) > 0:
        return Orientation()
    mirrored = (Orientation(columns=-1), Orientation(rows=-1))
    return max(mirrored, key=lambda turned: _agreement(geometry, turned, across, down))


def letters(volume: Volume, orientation: Orientation) -> Letters:
    """Return the letters of the four edges of *volume* shown in *orientation* (DICOM PS3.3 C.7.6.1.1.1)."""
    if volume.geometry is not None:
        across = volume.geometry.column_direction * orientation.columns
        down = volume.geometry.row_direction * orientation.rows
        return Letters(letter_of(-across), letter_of(across), letter_of(-down), letter_of(down))
    left, right = volume.row_letters or ("", "")
    top, bottom = volume.column_letters or ("", "")
    if orientation.columns < 0:
        left, right = right, left
    if orientation.rows < 0:
        top, bottom = bottom, top
    return Letters(left, right, top, bottom)


def _standard_axes(geometry: Geometry) -> tuple[FloatArray, FloatArray]:
    nearest = int(np.argmax(np.abs(geometry.normal)))
    plane = ("sagittal", "coronal", "axial")[nearest]
    across, down = _STANDARD[plane]
    return np.array(across), np.array(down)


def _agreement(geometry: Geometry, turned: Orientation, across: FloatArray, down: FloatArray) -> float:
    shown_across = geometry.column_direction * turned.columns
    shown_down = geometry.row_direction * turned.rows
    return float(shown_across @ across + shown_down @ down)

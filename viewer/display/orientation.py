"""How a slice is turned on the screen, and the letters that say so.

A slice is shown as it was stored unless that would show it from the wrong side: coronal slices are
seen from the front, axial ones from the feet, sagittal ones from the left (the radiological view).
A mirrored slice is flipped, never believed; letters come from the directions as displayed, so they
follow every turn and flip the reader asks for.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

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
    """Which way the columns and rows of a slice run on the screen: 1 right or down, -1 left or up.

    ``transposed``: the column index grows down or up the screen and the row index to its right or left.
    """

    columns: int = 1
    rows: int = 1
    transposed: bool = False

    def turned(self, quarters: int) -> Orientation:
        """Return this orientation turned clockwise by quarter turns."""
        turned = self
        for _ in range(quarters % 4):
            columns, rows = (-1, 1) if turned.transposed else (1, -1)
            turned = Orientation(turned.columns * columns, turned.rows * rows, not turned.transposed)
        return turned

    def flipped(self) -> Orientation:
        """Return this orientation with left and right of the screen exchanged."""
        if self.transposed:
            return Orientation(self.columns, -self.rows, transposed=True)
        return Orientation(-self.columns, self.rows)

    def to_screen(self, along_rows: float, along_columns: float) -> tuple[float, float]:
        """Return a step (right, down) on the screen of a step of so many screen pixels along the indices."""
        if self.transposed:
            return along_rows * self.rows, along_columns * self.columns
        return along_columns * self.columns, along_rows * self.rows

    def to_image(self, right: float, down: float) -> tuple[float, float]:
        """Return the step along (row index, column index) of a step on the screen, in screen pixels."""
        if self.transposed:
            return right * self.rows, down * self.columns
        return down * self.rows, right * self.columns


@dataclass(frozen=True, slots=True)
class Turn:
    """What the reader did to a picture: flipped left to right first, then turned clockwise."""

    quarters: int = 0
    flipped: bool = False

    def turned(self, quarters: int) -> Turn:
        """Return the turn after *quarters* more, clockwise."""
        return Turn((self.quarters + quarters) % 4, self.flipped)

    def mirrored(self) -> Turn:
        """Return the turn after left and right of the screen were exchanged."""
        return Turn(-self.quarters % 4, not self.flipped)

    def applied_to(self, orientation: Orientation) -> Orientation:
        """Return *orientation* as the reader wants it."""
        return (orientation.flipped() if self.flipped else orientation).turned(self.quarters)


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
        return _letters_in_patient(volume.geometry, orientation)
    along_row = (volume.row_letters or ("", ""))[:: orientation.columns]
    along_column = (volume.column_letters or ("", ""))[:: orientation.rows]
    return (
        Letters(*along_column, *along_row) if orientation.transposed else Letters(*along_row, *along_column)
    )


@lru_cache(maxsize=256)
def _letters_in_patient(geometry: Geometry, orientation: Orientation) -> Letters:
    """Found once: every pane asks for them at every step."""
    across, down = _shown_axes(geometry, orientation)
    return Letters(letter_of(-across), letter_of(across), letter_of(-down), letter_of(down))


def standing(geometry: Geometry) -> Orientation:
    """Return the turn that shows slices of *geometry* the radiological way up: for reformatted planes."""
    across, down = _standard_axes(geometry)
    stored = upright(geometry)
    return max(
        (stored.turned(quarters) for quarters in range(4)),
        key=lambda turned: _agreement(geometry, turned, across, down),
    )


def _standard_axes(geometry: Geometry) -> tuple[FloatArray, FloatArray]:
    nearest = int(np.argmax(np.abs(geometry.normal)))
    plane = ("sagittal", "coronal", "axial")[nearest]
    across, down = _STANDARD[plane]
    return np.array(across), np.array(down)


def _agreement(geometry: Geometry, turned: Orientation, across: FloatArray, down: FloatArray) -> float:
    shown_across, shown_down = _shown_axes(geometry, turned)
    return float(shown_across @ across + shown_down @ down)


def _shown_axes(geometry: Geometry, orientation: Orientation) -> tuple[FloatArray, FloatArray]:
    """Return where the right and the bottom of the screen point in the patient, LPS."""
    along_columns = geometry.column_direction * orientation.columns
    along_rows = geometry.row_direction * orientation.rows
    return (along_rows, along_columns) if orientation.transposed else (along_columns, along_rows)

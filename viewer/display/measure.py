"""Distances and angles on one slice, in millimetres and degrees; refused where no length is known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from viewer.display.viewport import pixel_size
from viewer.display.zoom import has_length
from viewer.imaging.volume import Volume

MeasureKind = Literal["distance", "angle"]
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Measure:
    """A line or an angle on a slice; points are (row, column), fractional, the vertex of an angle second."""

    kind: MeasureKind
    slice_index: int
    points: tuple[Point, ...]

    @property
    def is_complete(self) -> bool:
        """Whether it has all its points."""
        return len(self.points) == (2 if self.kind == "distance" else 3)


@dataclass(frozen=True, slots=True)
class DrawnMeasure:
    """A measure on the screen: points (x, y) in logical pixels, and its words."""

    points: tuple[Point, ...]
    text: str


def measure_refusal(volume: Volume) -> str:
    """Return why nothing can be measured on *volume*; empty when something can."""
    return (
        "" if has_length(volume) else "This picture has no known pixel size: nothing can be measured on it."
    )


def measure_text(volume: Volume, measure: Measure) -> str:
    """Return ``"12.3 mm"``, ``"12.3 mm at detector"`` or ``"34.5°"`` for a measure on *volume*.

    A length at the detector is not corrected for magnification (DICOM PS3.3 C.8.11.4, Imager Pixel Spacing).
    """
    points = [_in_plane(volume, point) for point in measure.points]
    if measure.kind == "distance":
        detector = " at detector" if volume.spacing_at == "detector" else ""
        return f"{np.linalg.norm(points[1] - points[0]):.1f} mm{detector}"
    if len(points) < 3:
        return ""
    first, second = points[0] - points[1], points[2] - points[1]
    lengths = float(np.linalg.norm(first) * np.linalg.norm(second))
    if not lengths:
        return ""
    return f"{np.degrees(np.arccos(np.clip(float(first @ second) / lengths, -1, 1))):.1f}°"


def _in_plane(volume: Volume, point: Point) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Return a point in mm along rows and columns, which are at right angles (PS3.3 C.7.6.2.1.1)."""
    row_size, column_size = pixel_size(volume)
    return np.array([point[0] * row_size, point[1] * column_size])

"""Which slice a pane shows, and where each of its pixels falls on the screen."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from viewer.display.orientation import Orientation
from viewer.imaging.geometry import FloatArray, Geometry
from viewer.imaging.volume import Volume

_NEARLY_PARALLEL = math.cos(math.radians(10))


@dataclass(frozen=True, slots=True)
class SliceView:
    """A slice placed on the screen.

    ``centre`` is the (row, column) index, fractional, that lies in the middle of the pane.
    ``pixels_per_row`` and ``pixels_per_column`` are screen pixels per image row and column, positive.
    """

    slice_index: int
    centre: tuple[float, float]
    pixels_per_row: float
    pixels_per_column: float
    orientation: Orientation

    def to_screen(self, row: float, column: float, size: tuple[int, int]) -> tuple[float, float]:
        """Return where a pixel centre falls: x to the right, y down, in a pane of (width, height)."""
        right, down = self.orientation.to_screen(
            (row - self.centre[0]) * self.pixels_per_row, (column - self.centre[1]) * self.pixels_per_column
        )
        return size[0] / 2 + right, size[1] / 2 + down

    def to_image(self, x: float, y: float, size: tuple[int, int]) -> tuple[float, float]:
        """Return the (row, column), fractional, under a point of a pane of (width, height)."""
        rows, columns = self.step_of(x - size[0] / 2, y - size[1] / 2)
        return self.centre[0] + rows, self.centre[1] + columns

    def step_of(self, right: float, down: float) -> tuple[float, float]:
        """Return how many rows and columns, fractional, a step on the screen crosses."""
        along_rows, along_columns = self.orientation.to_image(right, down)
        return along_rows / self.pixels_per_row, along_columns / self.pixels_per_column

    def scaled(self, factor: float) -> SliceView:
        """Return the same view for a screen with *factor* times as many pixels per length."""
        return replace(
            self,
            pixels_per_row=self.pixels_per_row * factor,
            pixels_per_column=self.pixels_per_column * factor,
        )


@dataclass(frozen=True, slots=True)
class Place:
    """What all panes of one timepoint look at, LPS mm.

    Slices pass through ``focus``, panes are centred on ``centre``.
    """

    focus: tuple[float, float, float] = (0.0, 0.0, 0.0)
    centre: tuple[float, float, float] = (0.0, 0.0, 0.0)

    def moved(self, focus: Sequence[float] = (0, 0, 0), centre: Sequence[float] = (0, 0, 0)) -> Place:
        """Return the place shifted by these vectors in mm."""
        return Place(_sum(self.focus, focus), _sum(self.centre, centre))


def nearest_slice(geometry: Geometry, position: Sequence[float]) -> int:
    """Return the slice nearest to an LPS position, the first or last one when it lies outside."""
    index = round(geometry.slice_of(position))
    return min(max(index, 0), geometry.shape[0] - 1)


def is_outside(geometry: Geometry, position: Sequence[float]) -> bool:
    """Whether *position* lies more than one slice step beyond the first or last slice."""
    index = geometry.slice_of(position)
    return not -1.5 < index < geometry.shape[0] + 0.5


def step_slices(geometry: Geometry, focus: Sequence[float], steps: int) -> FloatArray:
    """Return the vector in mm that takes *focus* *steps* slices on, not past the first or last slice."""
    here = geometry.slice_of(focus)
    there = min(max(nearest_slice(geometry, focus) + steps, 0), geometry.shape[0] - 1)
    return geometry.affine[:3, 0] * (there - here)


def drag_in_patient(geometry: Geometry, view: SliceView, right: float, down: float) -> FloatArray:
    """Return how far, LPS mm, the middle of a pane moves when its picture is dragged by screen pixels."""
    rows, columns = view.step_of(-right, -down)
    return geometry.affine[:3, 1] * rows + geometry.affine[:3, 2] * columns


def drag_on_film(volume: Volume, view: SliceView, right: float, down: float) -> tuple[float, float]:
    """Return the same for a film, in mm along its (rows, columns)."""
    rows, columns = view.step_of(-right, -down)
    row_size, column_size = pixel_size(volume)
    return rows * row_size, columns * column_size


def view_in_patient(
    volume: Volume, place: Place, pixels_per_mm: float, orientation: Orientation
) -> SliceView:
    """Return the view of a volume that passes through a place of its patient frame.

    Raises:
        ValueError: The volume has no geometry; use :func:`view_of_film`.
    """
    geometry = volume.geometry
    if geometry is None:
        raise ValueError("a volume without geometry has no place in the patient")
    _, row_spacing, column_spacing = geometry.spacing_mm
    return SliceView(
        nearest_slice(geometry, place.focus),
        geometry.row_column_of(place.centre),
        pixels_per_mm * row_spacing,
        pixels_per_mm * column_spacing,
        orientation,
    )


def view_of_film(
    volume: Volume,
    offset_mm: tuple[float, float],
    pixels_per_mm: float,
    orientation: Orientation,
    slice_index: int = 0,
) -> SliceView:
    """Return the view of a film that is centred *offset_mm* along (rows, columns) from its middle."""
    row_size, column_size = pixel_size(volume)
    row, column = film_middle(volume)
    centre = (row + offset_mm[0] / row_size, column + offset_mm[1] / column_size)
    return SliceView(slice_index, centre, pixels_per_mm * row_size, pixels_per_mm * column_size, orientation)


def film_middle(volume: Volume) -> tuple[float, float]:
    """Return the (row, column) in the middle of a film, or of the hand on it that is looked at."""
    first, stop = volume.shown_columns
    return (volume.pixels.shape[1] - 1) / 2, (first + stop - 1) / 2


def pixel_size(volume: Volume) -> tuple[float, float]:
    """Return row and column size in mm.

    Where no length is known, a column counts as 1 and a row as its aspect.
    """
    if volume.geometry is not None:
        return volume.geometry.spacing_mm[1], volume.geometry.spacing_mm[2]
    return volume.pixel_spacing_mm or (volume.pixel_aspect, 1.0)


def fitting_scale(volume: Volume, size: tuple[int, int], *, transposed: bool = False) -> float:
    """Return the pixels per mm at which a whole slice just fits a pane of (width, height)."""
    row_size, column_size = pixel_size(volume)
    rows, (first, stop) = volume.pixels.shape[1], volume.shown_columns
    width, height = size[::-1] if transposed else size
    return min(width / ((stop - first) * column_size), height / (rows * row_size))


def cut_line(
    view: SliceView, volume: Volume, other: Geometry, focus: Sequence[float], size: tuple[int, int]
) -> tuple[tuple[float, float], tuple[float, float]] | None:
    """Return the line on the screen where the slice of *other* through *focus* cuts this view.

    Both volumes are in one frame of reference. None where the planes are parallel within 10 degrees, or
    *focus* lies outside the slices of *other*, see :func:`is_outside`.
    """
    geometry = volume.geometry
    crossing = _crossing(geometry, other) if geometry is not None else None
    if geometry is None or crossing is None or is_outside(other, focus):
        return None
    # a point (row, column) of this slice lies in the other plane where a*row + b*column = c
    a, b = crossing.row, crossing.column
    c = (
        crossing.apart
        + nearest_slice(other, focus) * crossing.other_slice
        - view.slice_index * crossing.slice
    )
    if abs(b) >= abs(a):
        ends = [(row, (c - a * row) / b) for row in (0, geometry.shape[1] - 1)]
    else:
        ends = [((c - b * column) / a, column) for column in (0, geometry.shape[2] - 1)]
    first, second = (view.to_screen(row, column, size) for row, column in ends)
    return first, second


@dataclass(frozen=True, slots=True)
class _Crossing:
    """How far, in mm along the normal of another stack, the steps of both stacks lead.

    ``slice``, ``row`` and ``column`` are steps of this stack, ``other_slice`` one of the other; ``apart``
    leads from the first pixel of this one to that of the other.
    """

    slice: float
    row: float
    column: float
    other_slice: float
    apart: float


@lru_cache(maxsize=256)
def _crossing(geometry: Geometry, other: Geometry) -> _Crossing | None:
    """Return how two stacks cross; None where they are parallel. Found once: panes ask at every step."""
    normal = other.normal
    if abs(float(geometry.normal @ normal)) > _NEARLY_PARALLEL:
        return None
    slice_step, row_step, column_step, start = (float(step @ normal) for step in geometry.affine[:3].T)
    other_start = float(other.affine[:3, 3] @ normal)
    other_slice = float(other.affine[:3, 0] @ normal)
    return _Crossing(slice_step, row_step, column_step, other_slice, other_start - start)


def _sum(left: Sequence[float], right: Sequence[float]) -> tuple[float, float, float]:
    return (left[0] + right[0], left[1] + right[1], left[2] + right[2])

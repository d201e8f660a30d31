"""Slices in order along their normal: geometry, gaps and everything that makes a stack uneven."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from viewer.imaging.geometry import FloatArray, Geometry, Plane, geometry_of, normal_of, plane_of
from viewer.imaging.headers import FileHeader, SliceHeader

SAME_PLACE_MM = 0.02
_TILT_DEGREES = 0.5
_OFF_MM, _OFF_SHARE = 0.1, 0.05
"""How far a slice may lie from where the grid has it: in mm, and as a share of the slice step."""
_NO_GRID = "The slices lie on no even grid (up to {:.1f} mm off): the series is shown without positions."
_MOST_SLICES = 2000


@dataclass(frozen=True, slots=True)
class Slice:
    """One frame of one file."""

    file: FileHeader
    frame: SliceHeader

    @property
    def is_placed(self) -> bool:
        """Whether its position and orientation in the patient are known."""
        anatomical = not self.file.mosaic
        return anatomical and self.frame.position is not None and self.frame.orientation is not None


@dataclass(frozen=True, slots=True)
class Stack:
    """How ordered slices fill a volume.

    Attributes:
        geometry: None where positions, orientation or pixel spacing are missing, or where no even grid
            puts every slice where it is.
        slots: Slice index of the volume for every slice; a missing number is a gap, to be left empty.
        plane: None where no orientation is known.
        problems: What is not as it should be, as plain sentences.
    """

    geometry: Geometry | None
    slots: tuple[int, ...]
    plane: Plane | None
    problems: tuple[str, ...]


def places_of(slices: Sequence[Slice]) -> FloatArray:
    """Return where placed slices lie along their common normal, mm."""
    positions = np.array([item.frame.position for item in slices], np.float64)
    return positions @ _normal(slices[0])


def in_order(slices: Sequence[Slice]) -> list[Slice]:
    """Return *slices* sorted along their normal; by Instance Number only where positions are missing."""
    by_number = sorted(slices, key=number_of)
    if not all(item.is_placed for item in slices):
        return by_number
    order = np.argsort(np.round(places_of(by_number), 4), kind="stable")
    return [by_number[index] for index in order]


def number_of(item: Slice) -> tuple[float, float, int, str, str]:
    """Return a key that orders slices the way they were numbered, always the same."""
    file = item.file
    return (
        file.series_number or 0,
        file.instance_number or 0,
        item.frame.frame,
        file.sop_instance_uid,
        file.path.name,
    )


def stack_of(slices: Sequence[Slice]) -> Stack:
    """Return how *slices*, in order, fill a volume. Source: DICOM PS3.3 C.7.6.2.1.1."""
    first = slices[0]
    count = len(slices)
    unplaced = tuple(range(count))
    plane = plane_of(_normal(first)) if first.frame.orientation and not first.file.mosaic else None
    if not first.is_placed:
        problems = ("The images have no positions; they stand in the order of their Instance Numbers.",)
        return Stack(None, unplaced, plane, problems if count > 1 else ())
    slots, problems = _slots(places_of(slices)) if count > 1 else ((0,), ())
    geometry = _geometry(slices, slots) if slots is not None else None
    if geometry is None or slots is None:
        return Stack(None, unplaced, plane, problems)
    off = _most_off(geometry, slices, slots)
    if off > max(_OFF_MM, _OFF_SHARE * (geometry.spacing_mm[0] or 0.0)):
        return Stack(None, unplaced, plane, (*problems, _NO_GRID.format(off)))
    return Stack(geometry, slots, plane, (*problems, *_tilt(geometry)))


def _normal(item: Slice) -> FloatArray:
    assert item.frame.orientation is not None  # only placed slices have a normal
    return normal_of(item.frame.orientation[:3], item.frame.orientation[3:])


def _geometry(slices: Sequence[Slice], slots: Sequence[int]) -> Geometry | None:
    first, last = slices[0], slices[-1]
    orientation, spacing = first.frame.orientation, first.frame.pixel_spacing
    if orientation is None or spacing is None:
        return None
    ends = np.array([first.frame.position, last.frame.position], np.float64)
    shape = (slots[-1] + 1, first.file.pixels.rows, first.file.pixels.columns)
    return geometry_of(ends[0], ends[1], orientation[:3], orientation[3:], spacing, shape)


def _slots(places: FloatArray) -> tuple[tuple[int, ...] | None, tuple[str, ...]]:
    """Return the slice index of every place, None where all are one, and what is wrong with their order."""
    steps = np.diff(places)
    even = tuple(range(len(places)))
    doubled = int(np.count_nonzero(steps < SAME_PLACE_MM))
    if doubled:
        found = (f"Images lie in the same place as others: {doubled}.",)
        return (even if places[-1] - places[0] > SAME_PLACE_MM else None), found
    step = float(np.median(steps))
    counts = np.maximum(np.round(steps / step), 1)
    if np.abs(steps / step - counts).max() > 0.1:
        return even, (f"The slices are unevenly spaced, {steps.min():.2f} to {steps.max():.2f} mm.",)
    missing = int(counts.sum()) - len(steps)
    if not missing:
        return even, ()
    after = int(np.argmax(counts > 1)) + 1
    found = (f"Slices seem to be missing: {missing}, the first behind slice {after}.",)
    filled = (0, *(int(slot) for slot in np.cumsum(counts)))
    return (filled if filled[-1] < _MOST_SLICES else even), found


def _most_off(geometry: Geometry, slices: Sequence[Slice], slots: Sequence[int]) -> float:
    """Return how far, in mm, the slice lies that is farthest from where *geometry* has it."""
    positions = np.array([item.frame.position for item in slices], np.float64)
    indices = np.column_stack([slots, np.zeros((len(slots), 2))])
    return float(np.linalg.norm(positions - geometry.position_of(indices), axis=1).max())


def _tilt(geometry: Geometry) -> tuple[str, ...]:
    step = geometry.affine[:3, 0]
    cosine = float(step @ geometry.normal) / float(np.linalg.norm(step))
    degrees = float(np.rad2deg(np.arccos(np.clip(cosine, -1, 1))))
    if degrees > _TILT_DEGREES:
        return (f"The stack is sheared by {degrees:.1f} degrees (gantry tilt).",)
    return ()

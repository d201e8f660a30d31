"""Where pixels lie in the patient: positions in LPS millimetres, planes and orientation letters.

Indices are ordered slice, row, column and count pixel centres; (0, 0, 0) is the centre of the first pixel of
the first slice. LPS: x grows to the patient's left (L), y to the back (P), z to the head (H).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

Plane = Literal["coronal", "axial", "sagittal", "oblique"]
FloatArray = NDArray[np.float64]
_Along = tuple[float, float, float, float]
"""How much an index grows a mm along x, y and z, and what is taken off the sum: LPS is not zero there."""

PLANE_TOLERANCE_DEGREES = 25.0
_COSINE_OF_TOLERANCE = math.cos(math.radians(PLANE_TOLERANCE_DEGREES))
_PLANES: tuple[Plane, Plane, Plane] = ("sagittal", "coronal", "axial")
_LETTERS = (("R", "L"), ("A", "P"), ("F", "H"))


@dataclass(frozen=True, slots=True, eq=False)
class Geometry:
    """How a volume lies in the patient.

    Attributes:
        affine: Shape (4, 4), float64, read-only. Maps (slice, row, column, 1) to LPS mm. With a single slice
            the slice axis is the unit normal, so that a fractional slice index is the distance from the
            slice in mm.
        shape: Number of slices, rows, columns.
        spacing_mm: Slice step along the normal (None for a single slice), row spacing, column spacing.
    """

    affine: FloatArray
    shape: tuple[int, int, int]
    spacing_mm: tuple[float | None, float, float]
    # worked out once: a display asks for them at every step
    _inverse: FloatArray = field(init=False, repr=False)
    _directions: tuple[FloatArray, FloatArray, FloatArray] = field(init=False, repr=False)
    _plane: Plane = field(init=False, repr=False)
    _index_of: tuple[_Along, _Along, _Along] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Keep a private, read-only affine; refuse one that cannot be inverted.

        Raises:
            ValueError: The affine is not (4, 4), not finite or singular.
        """
        affine = np.array(self.affine, dtype=np.float64)
        if affine.shape != (4, 4) or not np.isfinite(affine).all() or abs(np.linalg.det(affine)) < 1e-12:
            raise ValueError("the affine must be a finite, invertible 4 x 4 matrix")
        down, across = _unit(affine[:3, 1]), _unit(affine[:3, 2])
        directions = (normal_of(across, down), down, across)
        inverse = np.ascontiguousarray(np.linalg.inv(affine[:3, :3]).T)
        for array in (affine, inverse, *directions):
            array.flags.writeable = False
        object.__setattr__(self, "affine", affine)
        object.__setattr__(self, "_inverse", inverse)
        object.__setattr__(self, "_directions", directions)
        object.__setattr__(self, "_plane", plane_of(directions[0]))
        starts = (affine[:3, 3] @ inverse).tolist()
        along = tuple((*axis, start) for axis, start in zip(inverse.T.tolist(), starts, strict=True))
        object.__setattr__(self, "_index_of", along)

    def position_of(self, index: ArrayLike) -> FloatArray:
        """Return LPS positions in mm, shape (..., 3), of slice, row, column indices of shape (..., 3)."""
        return np.asarray(index, dtype=np.float64) @ self.affine[:3, :3].T + self.affine[:3, 3]

    def index_of(self, position: ArrayLike) -> FloatArray:
        """Return fractional slice, row, column indices, shape (..., 3), of LPS positions in mm (..., 3)."""
        offset = np.asarray(position, dtype=np.float64) - self.affine[:3, 3]
        return offset @ self._inverse

    def slice_of(self, position: Sequence[float]) -> float:
        """Return the fractional slice index of one LPS position in mm: the first of :meth:`index_of`."""
        x, y, z, start = self._index_of[0]
        return position[0] * x + position[1] * y + position[2] * z - start

    def row_column_of(self, position: Sequence[float]) -> tuple[float, float]:
        """Return the fractional row and column index of one LPS position in mm, without numpy's overhead."""
        x, y, z = position
        _, (down_x, down_y, down_z, down), (across_x, across_y, across_z, across) = self._index_of
        return (
            x * down_x + y * down_y + z * down_z - down,
            x * across_x + y * across_y + z * across_z - across,
        )

    @property
    def row_direction(self) -> FloatArray:
        """Unit vector of increasing row index (down the image)."""
        return self._directions[1]

    @property
    def column_direction(self) -> FloatArray:
        """Unit vector of increasing column index (to the right of the image)."""
        return self._directions[2]

    @property
    def normal(self) -> FloatArray:
        """Unit vector at right angles to the slices; slices lie in order along it."""
        return self._directions[0]

    @property
    def plane(self) -> Plane:
        """The nearest plane of the patient within 25 degrees, else oblique."""
        return self._plane


def geometry_of(
    first: ArrayLike,
    last: ArrayLike,
    column_direction: ArrayLike,
    row_direction: ArrayLike,
    pixel_spacing: tuple[float, float],
    shape: tuple[int, int, int],
) -> Geometry:
    """Return the geometry of parallel, evenly spaced slices that are in order along their normal.

    Args:
        first: Image Position (Patient) of the first slice, LPS mm.
        last: Image Position (Patient) of the last slice; the stack may be sheared (gantry tilt).
        column_direction: Direction of increasing column index, LPS.
        row_direction: Direction of increasing row index, LPS.
        pixel_spacing: Row spacing, column spacing, mm.
        shape: Slices, rows, columns.

    Raises:
        ValueError: Directions or positions do not span a volume.

    Source: DICOM PS3.3 C.7.6.2.1.1.
    """
    start = np.asarray(first, np.float64)
    across = _unit(np.asarray(column_direction, np.float64))
    down = _unit(np.asarray(row_direction, np.float64))
    normal = normal_of(across, down)
    steps = shape[0] - 1
    step = (np.asarray(last, np.float64) - start) / steps if steps else normal
    affine = np.eye(4)
    affine[:3] = np.column_stack([step, down * pixel_spacing[0], across * pixel_spacing[1], start])
    return Geometry(affine, shape, (float(step @ normal) if steps else None, *pixel_spacing))


def normal_of(column_direction: ArrayLike, row_direction: ArrayLike) -> FloatArray:
    """Return the unit normal of a slice: the direction its right-handed slice order increases in."""
    (a, b, c), (d, e, f) = np.asarray(column_direction, np.float64), np.asarray(row_direction, np.float64)
    return _unit(np.array((b * f - c * e, c * d - a * f, a * e - b * d)))


def plane_of(normal: ArrayLike) -> Plane:
    """Return the plane of the patient within 25 degrees of a slice with *normal* (LPS), else oblique."""
    parts = np.abs(_unit(np.asarray(normal, np.float64)))
    axis = int(np.argmax(parts))
    return _PLANES[axis] if parts[axis] >= _COSINE_OF_TOLERANCE else "oblique"


def letter_of(direction: ArrayLike) -> str:
    """Return where *direction* (LPS) points: L, R, A, P, H or F; two letters, main one first, if oblique.

    A direction within 25 degrees of an axis has one letter, so that letters and planes agree.
    """
    parts: list[float] = _unit(np.asarray(direction, np.float64)).tolist()
    main, second, _ = sorted(range(3), key=lambda axis: -abs(parts[axis]))
    letters = _LETTERS[main][parts[main] > 0]
    if abs(parts[main]) < _COSINE_OF_TOLERANCE:
        letters += _LETTERS[second][parts[second] > 0]
    return letters


def _unit(vector: FloatArray) -> FloatArray:
    length = math.hypot(*vector)
    if not length > 0:
        raise ValueError("a direction must have a length")
    return vector / length

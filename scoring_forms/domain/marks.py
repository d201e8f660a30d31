"""A mark: a place on an image that a reader shows as evidence for a score."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal, get_args

from scoring_forms.domain.errors import BadMarkError
from scoring_forms.domain.score import Cell

MarkKind = Literal["point", "bone", "defect"]
MarkPlane = Literal["coronal", "axial", "sagittal", "oblique", "film"]
MARK_KINDS: tuple[MarkKind, ...] = get_args(MarkKind)
MARK_PLANES: tuple[MarkPlane, ...] = get_args(MarkPlane)
LEAST_POINTS = {"point": 1, "bone": 3, "defect": 3}


@dataclass(frozen=True, slots=True)
class Mark:
    """One point, or the outline of a bone or a defect on one slice.

    Attributes:
        id: The number the reading gave it; 0 before it is stored.
        cell: The score it is evidence for; it tells timepoint, feature, side and site.
        kind: ``"point"``, or the outline of the ``"bone"`` or the ``"defect"`` for the volume estimate.
        points: One point, or at least three round the outline: (x, y, z) in mm (LPS, in the patient
            coordinates of *frame*), or (row, column) pixel centres of the image of *role* on films.
        frame: Which of the case's patient coordinate systems the points are in; None on films.
        role: Series role of the image it was put on.
        plane: Nearest plane of that image; ``"film"`` for radiographs.
        slice_mm: Where the slice lies along the normal of its series, mm; None on films.
        slice_step_mm: Distance between neighbouring slices of the series, mm; None where there is one.
        window: Width and level on the screen, in rescaled pixel values.
        cortical_break: Whether the reader saw a break in the cortex here.
    """

    id: int
    cell: Cell
    kind: MarkKind
    points: tuple[tuple[float, ...], ...]
    frame: int | None
    role: str
    plane: MarkPlane
    slice_mm: float | None
    slice_step_mm: float | None
    window: tuple[float, float]
    cortical_break: bool = False

    def __post_init__(self) -> None:
        """Refuse a mark that lies nowhere.

        Raises:
            BadMarkError: Kind, plane, number of points or a coordinate does not fit.
        """
        if self.kind not in MARK_KINDS:
            raise BadMarkError("kind", f"use one of {', '.join(MARK_KINDS)}")
        if self.plane not in MARK_PLANES:
            raise BadMarkError("plane", f"use one of {', '.join(MARK_PLANES)}")
        if self.on_film != (self.frame is None):
            raise BadMarkError("frame", "marks on slices need one, marks on films have none")
        if len(self.points) < LEAST_POINTS[self.kind] or (self.kind == "point" and len(self.points) > 1):
            raise BadMarkError("points", "use one for a point, three or more for an outline")
        if any(len(point) != (2 if self.on_film else 3) for point in self.points):
            raise BadMarkError("points", "use x, y, z on slices and row, column on films")
        if self.slice_step_mm is not None and self.slice_step_mm <= 0:
            raise BadMarkError("slice_step_mm", "use a distance in mm above 0")
        if not all(math.isfinite(number) for number in self._numbers):
            raise BadMarkError("points", "use finite numbers")

    @property
    def on_film(self) -> bool:
        """Whether it lies on a radiograph, which has pixels but no patient coordinates."""
        return self.plane == "film"

    @property
    def _numbers(self) -> tuple[float, ...]:
        slices = (self.slice_mm, self.slice_step_mm)
        on_slices = tuple(number for number in slices if number is not None)
        return (*(number for point in self.points for number in point), *on_slices, *self.window)

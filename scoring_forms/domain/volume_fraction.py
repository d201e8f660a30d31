"""How much of a bone a defect takes, from outlines on slices, and the grade that this implies.

Both volumes are sums of areas × distance between slices (RAMRIS judges shares of the assessed bone
volume: Østergaard et al., J Rheumatol 2003;30:1385-6). An estimate is asked for and shown; nothing fills
it into a form, since the reader decides.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise

from scoring_forms.domain.errors import NoEstimateError
from scoring_forms.domain.marks import Mark
from scoring_forms.domain.scoring_system import VolumeScale

_STEPS = {"tenths": 10, "thirds": 3}
_ROUNDING = 1e-9  # what summing areas in another order can change
Point = tuple[float, ...]


@dataclass(frozen=True, slots=True)
class VolumeEstimate:
    """What outlines say.

    Attributes:
        bone_mm3: Volume of the bone, mm³.
        defect_mm3: Volume of the defect, mm³.
        share: How much of the bone that is, 0 to 1.
        grade: The grade this share implies.
        slices: On how many slices the bone is outlined.
    """

    bone_mm3: float
    defect_mm3: float
    share: float
    grade: int
    slices: int


def estimate_volume(scale: VolumeScale, marks: Iterable[Mark]) -> VolumeEstimate:
    """Return the share of the bone inside the defect outlines of one cell, and its grade.

    Args:
        scale: :attr:`Feature.volume_scale` of the cell's feature.
        marks: The marks of one cell; only outlines count. Several defects on a slice are added up.

    Raises:
        NoEstimateError: The outlines allow none; says what is missing.
    """
    if not scale:
        raise NoEstimateError("this feature is not graded by volume")
    outlines = [mark for mark in marks if mark.kind != "point"]
    for kind in ("bone", "defect"):
        if not any(mark.kind == kind for mark in outlines):
            raise NoEstimateError(f"no {kind} is outlined")
    step, numbers = _slices(outlines)
    bone, defect = _areas(outlines, "bone", numbers), _areas(outlines, "defect", numbers)
    _refuse_missing(bone, defect)
    volumes = [math.fsum(areas[number] for number in sorted(areas)) * step for areas in (bone, defect)]
    share = min(volumes[1] / volumes[0], 1.0)
    return VolumeEstimate(volumes[0], volumes[1], share, implied_grade(scale, share), len(bone))


def implied_grade(scale: VolumeScale, share: float) -> int:
    """Return the grade of a share of the bone's volume, 0 to 1.

    Erosion is graded in tenths (1 = up to 10 %), oedema in thirds; only nothing at all is 0.
    Source: scoring-systems reference, section 3.1.
    """
    return 0 if share <= 0 else max(1, math.ceil(share * _STEPS[scale] - _ROUNDING))


def _slices(outlines: Sequence[Mark]) -> tuple[float, Mapping[float, int]]:
    """Return the distance between slices, mm, of the one series all are on, and each position's number."""
    if any(mark.on_film for mark in outlines):
        raise NoEstimateError("a film has no slices")
    if len({(mark.role, mark.plane, mark.frame, mark.slice_step_mm) for mark in outlines}) > 1:
        raise NoEstimateError("the outlines are on more than one series; draw them all on one")
    step = outlines[0].slice_step_mm
    places = {mark.slice_mm for mark in outlines if mark.slice_mm is not None}
    if step is None or any(mark.slice_mm is None for mark in outlines):
        raise NoEstimateError("nobody knows the distance between the slices of this series")
    first = min(places)
    return step, {place: round((place - first) / step) for place in places}


def _areas(outlines: Sequence[Mark], kind: str, numbers: Mapping[float, int]) -> dict[int, float]:
    """Return the outlined area, mm², on each slice by its number."""
    areas: dict[int, float] = {}
    for mark in outlines:
        if mark.kind == kind and mark.slice_mm is not None:
            area = polygon_area(mark.points)
            if area <= 0 or _crosses_itself(mark.points):
                raise NoEstimateError(f"an outline of the {kind} crosses itself or encloses nothing")
            number = numbers[mark.slice_mm]
            areas[number] = areas.get(number, 0.0) + area
    return areas


def _refuse_missing(bone: Mapping[int, float], defect: Mapping[int, float]) -> None:
    gaps = max(bone) - min(bone) + 1 - len(bone)
    if gaps:
        missing = "1 slice" if gaps == 1 else f"{gaps} slices"
        raise NoEstimateError(f"the bone has no outline on {missing} between those that have one")
    if not set(defect) <= set(bone):
        raise NoEstimateError("the defect is outlined on a slice where the bone is not")
    if any(area > bone[number] * (1 + _ROUNDING) for number, area in defect.items()):
        raise NoEstimateError("on one slice the defect is larger than the bone")


def polygon_area(points: Sequence[Point]) -> float:
    """Return the area, mm², inside a flat polygon whose corners (x, y, z) are in mm."""
    return math.hypot(*_normal(points)) / 2


def _normal(points: Sequence[Point]) -> tuple[float, float, float]:
    """Return a vector across a flat polygon, twice as long as its area."""
    first = points[0]
    legs = [tuple(a - b for a, b in zip(point, first, strict=True)) for point in points[1:]]
    pairs = list(pairwise(legs))
    return (
        math.fsum(one[1] * other[2] - one[2] * other[1] for one, other in pairs),
        math.fsum(one[2] * other[0] - one[0] * other[2] for one, other in pairs),
        math.fsum(one[0] * other[1] - one[1] * other[0] for one, other in pairs),
    )


def _crosses_itself(points: Sequence[Point]) -> bool:
    """Whether two sides of a flat polygon cross, seen along the axis that lies most across it."""
    normal = _normal(points)
    across = max(range(3), key=lambda axis: abs(normal[axis]))
    flat = [tuple(value for axis, value in enumerate(point) if axis != across) for point in points]
    sides = list(zip(flat, [*flat[1:], flat[0]], strict=True))
    return any(_cross(one, other) for one, other in combinations(sides, 2))


def _cross(one: tuple[Point, Point], other: tuple[Point, Point]) -> bool:
    return all(
        _turn(first[0], first[1], second[0]) * _turn(first[0], first[1], second[1]) < 0
        for first, second in ((one, other), (other, one))
    )


def _turn(start: Point, end: Point, point: Point) -> float:
    """Return on which side of a line a point lies, by its sign."""
    return (end[0] - start[0]) * (point[1] - start[1]) - (end[1] - start[1]) * (point[0] - start[0])

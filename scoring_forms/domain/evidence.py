"""What the marks of a score show, and which scores still lack evidence.

RAMRIS counts a bone defect as an erosion when it is seen in two planes with a break in the cortex in at
least one; tenosynovitis must be seen on three consecutive slices. Which feature asks for what is data
of the scoring system. A cell belongs to one timepoint: marks of different timepoints never meet here.

Sources: Østergaard et al., J Rheumatol 2003;30:1385-6 and 2017;44:1706-12.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations, groupby

from scoring_forms.domain.form import Form
from scoring_forms.domain.marks import MARK_PLANES, Mark, MarkPlane
from scoring_forms.domain.rules import RoundRules
from scoring_forms.domain.score import Cell, Sheet
from scoring_forms.domain.scoring_system import Evidence

SLICES_NEEDED = 3


@dataclass(frozen=True, slots=True)
class Shown:
    """What the point marks of one cell show.

    Attributes:
        planes: The planes with a mark, in a fixed order.
        distance_mm: The shortest way between marks in two planes, mm; None where no two can be compared.
        same_place: Whether that is near enough to be one lesion.
        cortical_break: Whether a break in the cortex is ticked at any mark.
        slices: The longest run of neighbouring slices of one series that have a mark.
        complete: Whether this is all the evidence the feature asks for.
        words: The same in words; what is still to be done comes last.
    """

    planes: tuple[MarkPlane, ...]
    distance_mm: float | None
    same_place: bool
    cortical_break: bool
    slices: int
    complete: bool
    words: str


@dataclass(frozen=True, slots=True)
class Gap:
    """A score without the evidence its feature asks for."""

    cell: Cell
    words: str


def evidence_of(asked: Evidence, marks: Iterable[Mark], rules: RoundRules) -> Shown:
    """Return what the marks of one cell show of the evidence that its feature asks for.

    Args:
        asked: :attr:`Feature.evidence` of the cell's feature.
        marks: The marks of this cell alone; outlines count for nothing here.
        rules: How near two marks of one lesion are.
    """
    points = [mark for mark in marks if mark.kind == "point"]
    planes: tuple[MarkPlane, ...] = tuple(
        plane for plane in MARK_PLANES if any(mark.plane == plane for mark in points)
    )
    distance = _distance(points)
    same_place = distance is not None and distance <= rules.same_place_mm
    cortical_break = any(mark.cortical_break for mark in points)
    slices = _longest_run(points)
    if asked == "two_planes":
        complete = same_place and cortical_break
        words = _planes_in_words(planes, distance, same_place, cortical_break)
    elif asked == "three_slices":
        complete = slices >= SLICES_NEEDED
        words = f"on {min(slices, SLICES_NEEDED)} of {SLICES_NEEDED} consecutive slices"
    else:
        complete, words = True, " and ".join(planes)
    return Shown(planes, distance, same_place, cortical_break, slices, complete, words)


def evidence_gaps(form: Form, sheet: Sheet, marks: Iterable[Mark], rules: RoundRules) -> tuple[Gap, ...]:
    """Return the scores of a case that lack evidence, in the order of the form.

    Only grades above the lowest need any: that nothing is there cannot be marked. A round without the
    rule has no gaps.
    """
    if rules.evidence == "off":
        return ()
    of_cell: dict[Cell, list[Mark]] = {}
    for mark in marks:
        of_cell.setdefault(mark.cell, []).append(mark)
    gaps: list[Gap] = []
    for cell in form.cells(sorted({cell.timepoint for cell in sheet})):
        feature, score = form.item(cell).feature, sheet.get(cell)
        if not feature.evidence or score is None or score.value is None or score.value <= feature.minimum:
            continue
        shown = evidence_of(feature.evidence, of_cell.get(cell, ()), rules)
        if not shown.complete:
            gaps.append(Gap(cell, shown.words))
    return tuple(gaps)


def _distance(points: Sequence[Mark]) -> float | None:
    """Return the shortest way between marks of different planes in the same patient coordinates, mm."""
    ways = [
        math.dist(one.points[0], other.points[0])
        for one, other in combinations(points, 2)
        if one.plane != other.plane and one.frame is not None and one.frame == other.frame
    ]
    return min(ways, default=None)


def _longest_run(points: Sequence[Mark]) -> int:
    """Return how many neighbouring slices of one series have marks, at most."""
    longest = 0
    for _, of_series in groupby(sorted(points, key=_series), key=_series):
        places = [(mark.slice_mm, mark.slice_step_mm) for mark in of_series]
        known = sorted((place, step) for place, step in places if place is not None)
        numbers = sorted({round((place - known[0][0]) / step) if step else 0 for place, step in known})
        run = 0
        for before, number in zip([None, *numbers], numbers, strict=False):
            run = run + 1 if before is not None and number == before + 1 else 1
            longest = max(longest, run)
    return longest


def _series(mark: Mark) -> tuple[str, str, int]:
    """Return what slices are numbered by: a series may also be shown cut in another plane."""
    return mark.role, mark.plane, mark.frame or 0


def _planes_in_words(
    planes: Sequence[MarkPlane], distance: float | None, same_place: bool, cortical_break: bool
) -> str:
    if not planes:
        return "no mark yet"
    named = " and ".join(planes)
    if len(planes) < 2:
        return f"{named} only – mark it in a second plane"
    if distance is None:
        return f"{named}, in pictures that share no coordinates – mark it in two planes of one examination"
    apart = f"{named}, {distance:.1f} mm apart"
    if not same_place:
        return f"{apart} – too far for one lesion"
    return f"{apart}, cortical break seen" if cortical_break else f"{apart} – tick the cortical break"

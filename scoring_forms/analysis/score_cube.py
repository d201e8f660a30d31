"""All grades of a round as one array, from which every total, change and comparison is taken."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from scoring_forms.analysis.samples import BoolArray, FloatArray, without_noise
from scoring_forms.domain.form import Form
from scoring_forms.domain.measures import Measure, Place, Unit, measures
from scoring_forms.domain.score import Sheet


@dataclass(frozen=True, slots=True)
class ReadCase:
    """One case as one reader scored it.

    Attributes:
        subject: Whom it shows.
        reader: Who read it.
        visits: The visit of each of its timepoint letters.
        sheet: Its scores.
    """

    subject: str
    reader: str
    visits: Mapping[str, str]
    sheet: Sheet


@dataclass(frozen=True, slots=True, eq=False)
class ScoreCube:
    """The grades of a round.

    Attributes:
        subjects: First axis, in the order of every array of subjects.
        visits: Second axis, in the order of the study; the first is what change is counted from.
        readers: Third axis.
        measures: What has a total.
        grades: Shape (subjects, visits, readers, cells), NaN where there is no grade.
        read: Shape (subjects, visits, readers): whether a signed sheet is there at all.
    """

    subjects: tuple[str, ...]
    visits: tuple[str, ...]
    readers: tuple[str, ...]
    measures: tuple[Measure, ...]
    grades: FloatArray
    read: BoolArray
    _columns: Mapping[Place, int] = field(repr=False)

    def units(self, measure: Measure) -> FloatArray:
        """Return the values of the units of *measure*, shape (subjects, visits, readers, units)."""
        places = [self._columns[place] for unit in measure.units for place in unit.places]
        starts = np.cumsum([0] + [len(unit.places) for unit in measure.units])[:-1]
        values = np.add.reduceat(self.grades[..., places], starts, axis=-1)
        limits = np.array([_limit(unit) for unit in measure.units])
        counted = np.where(np.isnan(values), np.nan, values >= limits)
        return np.where(np.isnan(limits), values, counted)

    def totals(self, measure: Measure) -> FloatArray:
        """Return the strict totals, shape (subjects, visits, readers): NaN if any unit lacks a grade."""
        return self.units(measure).sum(axis=-1)

    def of_readers(self, readers: Sequence[str]) -> ScoreCube:
        """Return the same round as these readers scored it, in this order."""
        chosen = [self.readers.index(reader) for reader in readers]
        return replace(
            self, readers=tuple(readers), grades=self.grades[:, :, chosen], read=self.read[:, :, chosen]
        )


def common_totals(units: FloatArray) -> FloatArray:
    """Add up the units that all readers have, so that one unassessable site hides nothing.

    A reader without any unit (who did not read the subject) stands aside.

    Args:
        units: Shape (..., readers, units).

    Returns:
        Shape (..., readers): NaN for who stands aside, and where nothing is common.
    """
    taking_part = ~np.isnan(units).all(axis=-1, keepdims=True)
    common = (~np.isnan(units) | ~taking_part).all(axis=-2, keepdims=True) & taking_part
    summed = np.where(common, units, 0.0).sum(axis=-1)
    return np.where(common.any(axis=-1), without_noise(summed), np.nan)


def score_cube(
    form: Form,
    cases: Iterable[ReadCase],
    subjects: Sequence[str],
    visits: Sequence[str],
    readers: Sequence[str],
) -> ScoreCube:
    """Return the grades of *cases* as an array.

    Cases of other readers, and timepoints of other visits, are left out. A later case of the same
    subject, visit and reader replaces an earlier one, so repeats need a cube of their own.
    """
    columns = {
        (item.system.id, item.feature.id, item.side, item.site.id): i for i, item in enumerate(form.items())
    }
    places = [{name: i for i, name in enumerate(names)} for names in (subjects, visits, readers)]
    grades = np.full((len(subjects), len(visits), len(readers), len(columns)), np.nan)
    read = np.zeros(grades.shape[:3], dtype=np.bool_)
    for case in cases:
        row, layer = places[0].get(case.subject), places[2].get(case.reader)
        if row is None or layer is None:
            continue
        at = {letter: places[1][visit] for letter, visit in case.visits.items() if visit in places[1]}
        read[row, list(at.values()), layer] = True
        _fill(grades[row, :, layer], case.sheet, at, columns)
    return ScoreCube(tuple(subjects), tuple(visits), tuple(readers), measures(form), grades, read, columns)


def _fill(grades: FloatArray, sheet: Sheet, at: Mapping[str, int], columns: Mapping[Place, int]) -> None:
    """Write the grades of *sheet* into shape (visits, cells)."""
    for cell, score in sheet.items():
        visit = at.get(cell.timepoint)
        if visit is not None and score.value is not None:
            column = columns.get((cell.system, cell.feature, cell.side, cell.site))
            if column is not None:
                grades[visit, column] = score.value


def _limit(unit: Unit) -> float:
    return np.nan if unit.at_least is None else unit.at_least

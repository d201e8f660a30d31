"""The founding paper's table: median (range) per visit, and change from the first visit to each later.

Every row keeps the values it was made from, subject by subject, so that a number can be followed to
its score sheets. A total that is not complete at a visit is missing there; beside a change of totals
stands, where sites are missing, the change over the sites assessed at both visits.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from scoring_forms.analysis.change import Directions, changes, directions
from scoring_forms.analysis.consensus import Decision, final_scores
from scoring_forms.analysis.descriptive import Summary, summarise
from scoring_forms.analysis.detectable import Detectable, Progression, progression, smallest_detectable_change
from scoring_forms.analysis.missing_sites import common_site_change
from scoring_forms.analysis.responsiveness import ResponseMean, standardised_response_mean
from scoring_forms.analysis.samples import FloatArray
from scoring_forms.analysis.score_cube import ScoreCube
from scoring_forms.analysis.wilcoxon import Method, SignedRank, signed_rank
from scoring_forms.domain.measures import Measure

FINAL = "final"


@dataclass(frozen=True, slots=True, eq=False)
class VisitEntry:
    """One visit of a row; ``totals`` has the shape (subjects,), NaN where there is none."""

    visit: str
    summary: Summary
    totals: FloatArray


@dataclass(frozen=True, slots=True)
class CommonSites:
    """The change over the sites assessed at both visits; fewest and expected number of sites."""

    directions: Directions
    test: SignedRank
    response: ResponseMean
    fewest_sites: int
    n_sites: int


@dataclass(frozen=True, slots=True, eq=False)
class ChangeEntry:
    """Change from the first visit to a later one.

    Attributes:
        earlier: Label of the first visit.
        later: Label of the other.
        directions: How many increased, stayed and decreased.
        test: Wilcoxon-Pratt.
        response: SRM.
        detectable: The SDC of a score like this row's: one reader's, or the mean of all.
        progression: Beyond 0, 0.5 and the SDC, with the mirror.
        common_sites: None where no site is missing. Of final scores, sites that all chosen readers
            assessed at both visits.
        changes: Shape (subjects,), NaN where a total is missing.
    """

    earlier: str
    later: str
    directions: Directions
    test: SignedRank
    response: ResponseMean
    detectable: Detectable
    progression: Progression
    common_sites: CommonSites | None
    changes: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class TableRow:
    """One measure as one reader scored it, or ``"final"``."""

    measure: Measure
    reader: str
    visits: tuple[VisitEntry, ...]
    changes: tuple[ChangeEntry, ...]


def paper_table(
    cube: ScoreCube,
    planned: Sequence[str],
    decisions: Mapping[str, Decision],
    weeks: Mapping[str, float | None],
    method: Method = "auto",
) -> tuple[TableRow, ...]:
    """Return the rows of every measure: each planned reader, then the final score.

    Args:
        cube: The grades; its readers are the planned ones, then an adjudicator if there is one.
        planned: The planned readers. The SDC comes from their own scores, never from adjudicated ones.
        decisions: Whose mean is final, by subject; a subject that is not there has no final score.
        weeks: The nominal week of each visit, for progression per year.
        method: How p is made.
    """
    rows: list[TableRow] = []
    for measure in cube.measures:
        units = cube.units(measure)
        totals = units.sum(axis=-1)
        of_planned = totals[:, :, [cube.readers.index(reader) for reader in planned]]
        final = final_totals(cube, totals, decisions)
        for reader in planned:
            own = cube.readers.index(reader)
            entry = _Row(cube, of_planned, 1, weeks, method, units[:, :, own])
            rows.append(entry.row(measure, reader, totals[:, :, own]))
        final_units = final_totals(cube, units, decisions)
        entry = _Row(cube, of_planned, len(planned), weeks, method, final_units)
        rows.append(entry.row(measure, FINAL, final))
    return tuple(rows)


def final_totals(cube: ScoreCube, totals: FloatArray, decisions: Mapping[str, Decision]) -> FloatArray:
    """Return the final totals of one measure, shape (subjects, visits), NaN where there is none.

    Args:
        cube: Whose subjects they are.
        totals: Shape (subjects, visits, readers); one more axis, such as units, stays.
        decisions: Whose mean counts, by subject; readers by their place in the cube.
    """
    final = np.full((*totals.shape[:2], *totals.shape[3:]), np.nan)
    for row, subject in enumerate(cube.subjects):
        decision = decisions.get(subject)
        if decision is not None:
            final[row] = final_scores(np.moveaxis(totals[row], 1, 0), decision)
    return final


@dataclass(frozen=True, slots=True, eq=False)
class _Row:
    """What the entries of a row need: SDC from ``of_planned`` for a mean of ``k`` readers.

    ``units`` are the row's own, shape (subjects, visits, units).
    """

    cube: ScoreCube
    of_planned: FloatArray
    k: int
    weeks: Mapping[str, float | None]
    method: Method
    units: FloatArray

    def row(self, measure: Measure, reader: str, totals: FloatArray) -> TableRow:
        visits = self.cube.visits
        return TableRow(
            measure=measure,
            reader=reader,
            visits=tuple(
                VisitEntry(visit, summarise(totals[:, i]), totals[:, i]) for i, visit in enumerate(visits)
            ),
            changes=tuple(self._change(totals, later) for later in range(1, len(visits))),
        )

    def _change(self, totals: FloatArray, later: int) -> ChangeEntry:
        change = changes(totals[:, 0], totals[:, later])
        detectable = smallest_detectable_change(self.of_planned[:, later] - self.of_planned[:, 0], self.k)
        return ChangeEntry(
            earlier=self.cube.visits[0],
            later=self.cube.visits[later],
            directions=directions(change),
            test=signed_rank(change, self.method),
            response=standardised_response_mean(change),
            detectable=detectable,
            progression=progression(change, detectable.value, self._weeks_until(later)),
            common_sites=self._common_sites(later),
            changes=change,
        )

    def _weeks_until(self, later: int) -> float | None:
        first, last = (self.weeks.get(self.cube.visits[visit]) for visit in (0, later))
        return last - first if first is not None and last is not None and last > first else None

    def _common_sites(self, later: int) -> CommonSites | None:
        found = common_site_change(self.units[:, 0], self.units[:, later])
        some = found.n_common[found.n_common > 0]
        if not some.size or some.min() == found.n_sites:
            return None
        return CommonSites(
            directions=directions(found.change),
            test=signed_rank(found.change, self.method),
            response=standardised_response_mean(found.change),
            fewest_sites=int(some.min()),
            n_sites=found.n_sites,
        )

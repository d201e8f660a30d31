"""The analysis of a locked round: tables, change and agreement from what was collected.

Nothing is filled in. Agreement compares the planned readers' own scores; a subject whose
adjudication is pending has no final score (statistics reference, sections 11 and 12).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from reader_app.workflow.collected_timepoints import ReadCase, collected_cases
from reader_app.workflow.final_scores import final_scores_of
from reader_app.workflow.lock import MissingCase
from scoring_forms.analysis.agreement import AgreementRow, agreement, intra_reader
from scoring_forms.analysis.consensus import PENDING, Decision
from scoring_forms.analysis.paper_table import FINAL, TableRow, paper_table
from scoring_forms.analysis.score_cube import ReadCase as CubeCase
from scoring_forms.analysis.score_cube import ScoreCube, score_cube
from scoring_forms.analysis.wilcoxon import Method
from scoring_forms.domain.measures import Measure
from storage.study.records import AllocatedReading, Round, RoundPlan
from storage.study.store import Study

Checkpoint = Callable[[int, int], None]
_STEPS = 4


@dataclass(frozen=True, slots=True)
class Reopened:
    """A signed case that a reader was allowed to change, and why."""

    reader: str
    subject: str
    utc: str
    reason: str


@dataclass(frozen=True, slots=True, eq=False)
class RoundAnalysis:
    """Everything that is shown of a locked round.

    Attributes:
        study: Title of the study.
        round: The round.
        weeks: The nominal week of each of its visits, in study order.
        cube: The grades of planned readers, then of an adjudicator; repeats are not in it.
        decisions: Whose scores are final, by subject.
        table: The founding paper's table, each planned reader and the final score.
        agreement: Between planned readers; empty with one reader.
        intra_reader: Of each reader with hidden repeats.
        cases: What was collected, repeats last.
        missing: Signed work that did not come back before the lock.
        skipped: Subject to the reason why the round left it out.
        reopened: Signed cases that were changed before the lock.
    """

    study: str
    round: Round
    weeks: Mapping[str, float | None]
    cube: ScoreCube
    decisions: Mapping[str, Decision]
    table: tuple[TableRow, ...]
    agreement: tuple[AgreementRow, ...]
    intra_reader: tuple[AgreementRow, ...]
    cases: tuple[ReadCase, ...]
    missing: tuple[MissingCase, ...]
    skipped: Mapping[str, str]
    reopened: tuple[Reopened, ...]

    @property
    def plan(self) -> RoundPlan:
        """What the round is."""
        return self.round.plan

    @property
    def pending(self) -> tuple[str, ...]:
        """The subjects that await adjudication."""
        return tuple(one for one, decision in self.decisions.items() if decision == PENDING)

    def measure(self, name: str) -> Measure:
        """Return the measure called ``system.feature``."""
        return next(one for one in self.cube.measures if one.name == name)

    def row(self, measure: Measure, reader: str = FINAL) -> TableRow:
        """Return one row of the table."""
        return next(one for one in self.table if one.measure == measure and one.reader == reader)


def analyse_round(
    study: Study,
    round_name: str,
    checkpoint: Checkpoint = lambda _done, _total: None,
    method: Method = "auto",
) -> RoundAnalysis:
    """Analyse a locked round.

    Args:
        study: Open.
        round_name: Title or id.
        checkpoint: Called between the steps.
        method: How p is made; ``auto`` is exact up to 50 changed scores.

    Raises:
        UnknownRoundError: There is no such round.
        RoundNotLockedError: Scores may not be joined with visits before the lock.
    """
    chosen = study.round(round_name)
    checkpoint(0, _STEPS)
    cases = collected_cases(study, chosen)
    checkpoint(1, _STEPS)
    weeks = {one.label: one.week for one in study.visits() if one.label in chosen.plan.visits}
    subjects = tuple(sorted(study.round_codes(chosen.id)))
    cube, repeats = _cubes(chosen.plan, cases, subjects, tuple(weeks))
    checkpoint(2, _STEPS)
    planned = chosen.plan.readers
    decisions = _decisions(cube, chosen.plan, cases)
    table = paper_table(cube, planned, decisions, weeks, method)
    checkpoint(3, _STEPS)
    own = cube.of_readers(planned)
    compared = agreement(own, planned)
    again = [
        one for reader in planned if _has_read(repeats, reader) for one in intra_reader(own, repeats, reader)
    ]
    readings = study.every_reading(chosen.id)
    checkpoint(_STEPS, _STEPS)
    return RoundAnalysis(
        *(study.title, chosen, weeks, cube, decisions, table, compared, tuple(again), cases),
        *(_missing(readings, cases), study.skipped(chosen.id), _reopened(study, readings)),
    )


def _cubes(
    plan: RoundPlan, cases: Sequence[ReadCase], subjects: Sequence[str], visits: Sequence[str]
) -> tuple[ScoreCube, ScoreCube]:
    """Return the grades of first readings and those of the hidden repeats."""
    others = dict.fromkeys(one.reader for one in cases if one.reader not in plan.readers)
    readers = (*plan.readers, *others)
    first, again = ([_as_read(one) for one in cases if one.case.repeat == repeat] for repeat in (False, True))
    return (
        score_cube(plan.form, first, subjects, visits, readers),
        score_cube(plan.form, again, subjects, visits, plan.readers),
    )


def _as_read(one: ReadCase) -> CubeCase:
    visits = {timepoint.letter: timepoint.visit for timepoint in one.case.timepoints}
    return CubeCase(one.case.subject, one.reader, visits, one.collected.sheet)


def _decisions(cube: ScoreCube, plan: RoundPlan, cases: Sequence[ReadCase]) -> Mapping[str, Decision]:
    """Return whose scores are final, as columns of the cube."""
    return {
        subject: Decision(tuple(cube.readers.index(reader) for reader in final.readers), final.origin)
        for subject, final in final_scores_of(plan, cases).items()
    }


def _has_read(cube: ScoreCube, reader: str) -> bool:
    return bool(cube.read[:, :, cube.readers.index(reader)].any())


def _missing(readings: Sequence[AllocatedReading], cases: Sequence[ReadCase]) -> tuple[MissingCase, ...]:
    there = {(one.reading, one.case.code) for one in cases}
    return tuple(
        MissingCase(reading.reader, case.code)
        for reading in readings
        for case in reading.cases
        if (reading.code, case.code) not in there
    )


def _reopened(study: Study, readings: Sequence[AllocatedReading]) -> tuple[Reopened, ...]:
    of_case = {
        (reading.code, case.code): (reading.reader, case.subject)
        for reading in readings
        for case in reading.cases
    }
    return tuple(
        Reopened(*of_case[asked.reading, asked.case], asked.utc, asked.reason)
        for asked in study.reopening_requests()
        if asked.grant is not None and (asked.reading, asked.case) in of_case
    )

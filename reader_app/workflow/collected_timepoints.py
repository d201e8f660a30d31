"""What came back of a locked round, with subject and visit restored."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from reader_app.workflow.disagreements import in_force
from reader_app.workflow.errors import RoundNotLockedError
from scoring_forms.domain.score import Cell, Sheet
from storage.study.records import AllocatedCase, CollectedCase, Round, Visit
from storage.study.store import Study
from storage.tables.table import Value, number


@dataclass(frozen=True, slots=True)
class ReadCase:
    """One case of a reading with its key and the signed work that counts; ``reading`` is the code."""

    reading: str
    reader: str
    case: AllocatedCase
    collected: CollectedCase


@dataclass(frozen=True, slots=True)
class ReadTimepoint:
    """What one reader scored of one subject at one visit; the cells carry ``letter``.

    ``consensus`` are those whose grade an adjudicator stated as agreed.
    """

    subject: str
    visit: str
    week: float | None
    reader: str
    side: str | None
    repeat: bool
    letter: str
    sheet: Sheet
    confidences: Mapping[Cell, int] = field(default_factory=dict[Cell, int])
    consensus: frozenset[Cell] = frozenset()

    def key(self, round_title: str) -> tuple[Value, ...]:
        """Return the first columns of every table."""
        return (self.subject, self.visit, number(self.week), self.reader, round_title)


def collected_cases(study: Study, chosen: Round) -> tuple[ReadCase, ...]:
    """Return every case collected in a round by subject and reader, repeats last; adjudications, too.

    Raises:
        RoundNotLockedError: The round is still open.
    """
    if not chosen.locked:
        raise RoundNotLockedError(chosen.plan.title)
    read: list[ReadCase] = []
    for reading in study.every_reading(chosen.id):
        collected = study.collected(reading.code)
        if reading.adjudication is not None:  # one that was reopened and not signed again decides nothing
            collected = in_force(study, reading)
        read += (
            ReadCase(reading.code, reading.reader, case, collected[case.code])
            for case in reading.cases
            if case.code in collected
        )
    return tuple(sorted(read, key=lambda one: (one.case.subject, one.reader, one.case.repeat)))


def timepoints_of(cases: Iterable[ReadCase], visits: Sequence[Visit]) -> tuple[ReadTimepoint, ...]:
    """Return the timepoints of *cases* by subject, visit in study order, and reader; repeats last."""
    weeks = {visit.label: visit.week for visit in visits}
    order = {label: position for position, label in enumerate(weeks)}
    read = [
        ReadTimepoint(
            *(one.case.subject, timepoint.visit, weeks[timepoint.visit], one.reader),
            *(one.case.side, one.case.repeat, timepoint.letter),
            *(one.collected.sheet, one.collected.annotations.confidences),
            one.collected.annotations.consensus,
        )
        for one in cases
        for timepoint in one.case.timepoints
    ]
    return tuple(sorted(read, key=lambda t: (t.subject, order[t.visit], t.reader, t.repeat)))


def collected_timepoints(study: Study, chosen: Round) -> tuple[ReadTimepoint, ...]:
    """Return everything collected in a round by subject, visit in study order, and reader.

    Raises:
        RoundNotLockedError: The round is still open.
    """
    return timepoints_of(collected_cases(study, chosen), study.visits())

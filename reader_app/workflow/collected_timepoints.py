"""What came back of a locked round, with subject and visit restored."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from reader_app.workflow.errors import RoundNotLockedError
from scoring_forms.domain.score import Sheet
from storage.study.records import AllocatedCase, AllocatedReading, Round
from storage.study.store import Study
from storage.tables.table import Value, number


@dataclass(frozen=True, slots=True)
class ReadTimepoint:
    """What one reader scored of one subject at one visit; the sheet's cells carry ``letter``."""

    subject: str
    visit: str
    week: float | None
    reader: str
    side: str | None
    repeat: bool
    letter: str
    sheet: Sheet

    def key(self, round_title: str) -> tuple[Value, ...]:
        """Return the first columns of every table."""
        return (self.subject, self.visit, number(self.week), self.reader, round_title)


def collected_timepoints(study: Study, chosen: Round) -> tuple[ReadTimepoint, ...]:
    """Return everything collected in a round by subject, visit in study order, and reader.

    Raises:
        RoundNotLockedError: The round is still open.
    """
    if not chosen.locked:
        raise RoundNotLockedError(chosen.plan.title)
    weeks = {visit.label: visit.week for visit in study.visits()}
    order = {label: position for position, label in enumerate(weeks)}
    read = [
        timepoint for reading in study.readings(chosen.id) for timepoint in _of_reading(study, reading, weeks)
    ]
    return tuple(sorted(read, key=lambda t: (t.subject, order[t.visit], t.reader, t.repeat)))


def _of_reading(
    study: Study, reading: AllocatedReading, weeks: Mapping[str, float | None]
) -> Iterator[ReadTimepoint]:
    collected = study.collected(reading.code)
    for case in reading.cases:
        if case.code in collected:
            yield from _of_case(case, reading.reader, weeks, collected[case.code].sheet)


def _of_case(
    case: AllocatedCase, reader: str, weeks: Mapping[str, float | None], sheet: Sheet
) -> Iterator[ReadTimepoint]:
    for timepoint in case.timepoints:
        visit = timepoint.visit
        yield ReadTimepoint(
            case.subject, visit, weeks[visit], reader, case.side, case.repeat, timepoint.letter, sheet
        )

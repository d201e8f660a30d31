"""Everything the pages of the study window show, read at once in a job."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from reader_app.workflow.reopening_requests import ReopeningRequest, reopening_requests
from reader_app.workflow.study_check import SubjectCheck, check_study
from storage.errors import StorageError
from storage.reading.reading import Reading
from storage.study.records import AllocatedReading, Round, StoredSeries, Visit
from storage.study.store import Study


@dataclass(frozen=True, slots=True)
class ReadingProgress:
    """How far one reader is: cases of a reading and how many are collected, signed and begun there.

    ``signed`` and ``begun`` are None where the reading cannot be looked into; ``note`` says why.
    """

    reading: AllocatedReading
    collected: int
    signed: int | None = None
    begun: int | None = None
    note: str = ""

    @property
    def total(self) -> int:
        """Cases in all."""
        return len(self.reading.cases)


@dataclass(frozen=True, slots=True)
class RoundProgress:
    """A round with its readings and the subjects it left out."""

    round: Round
    readings: tuple[ReadingProgress, ...]
    skipped: tuple[tuple[str, str], ...]

    @property
    def collected(self) -> int:
        """Cases that came back."""
        return sum(one.collected for one in self.readings)

    @property
    def total(self) -> int:
        """Cases of all readers."""
        return sum(one.total for one in self.readings)


@dataclass(frozen=True, slots=True)
class StudySnapshot:
    """One state of a study."""

    visits: tuple[Visit, ...]
    checks: tuple[SubjectCheck, ...]
    series: tuple[StoredSeries, ...]
    rounds: tuple[RoundProgress, ...]
    requests: tuple[ReopeningRequest, ...] = ()

    def series_of(self, subject: str, visit: str) -> tuple[StoredSeries, ...]:
        """Return what is filed under a subject and visit."""
        return tuple(one for one in self.series if (one.subject, one.visit) == (subject, visit))


def take_snapshot(study: Study) -> StudySnapshot:
    """Return the study as it is now; no score is read."""
    rounds = tuple(
        RoundProgress(
            one,
            tuple(_progress(study, one, reading) for reading in study.every_reading(one.id)),
            tuple(study.skipped(one.id).items()),
        )
        for one in study.rounds()
    )
    requests = reopening_requests(study)
    return StudySnapshot(study.visits(), check_study(study), study.series(), rounds, requests)


def _progress(study: Study, one: Round, reading: AllocatedReading) -> ReadingProgress:
    collected = len(study.collected(reading.code))
    if one.locked:
        return ReadingProgress(reading, collected)
    if not Path(reading.path).is_dir():
        return ReadingProgress(reading, collected, note="The folder is not here any more.")
    try:
        with Reading.open(Path(reading.path), read_only=True) as opened:
            states = [case.status for case in opened.cases()]
    except StorageError as error:
        return ReadingProgress(reading, collected, note=str(error))
    return ReadingProgress(reading, collected, states.count("signed"), states.count("open"))

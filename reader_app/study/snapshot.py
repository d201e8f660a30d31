"""Everything the pages of the study window show, read at once in a job."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from reader_app.workflow.pace import Pace, pace_of_collected, pace_of_reading
from reader_app.workflow.reopening_requests import ReopeningRequest, reopening_requests
from reader_app.workflow.study_check import SubjectCheck, check_study
from storage.errors import StorageError
from storage.reading.reading import Reading
from storage.reading.schema import DATABASE
from storage.study.records import AllocatedReading, Round, StoredSeries, Visit
from storage.study.store import Study

_Stamp = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ReadingProgress:
    """How far one reader is: cases of a reading and how many are collected, signed and begun there.

    ``signed`` and ``begun`` are None where the reading cannot be looked into; ``note`` says why. ``pace`` is
    that of the signed cases, or of the collected ones where the reading is out of sight.
    """

    reading: AllocatedReading
    collected: int
    signed: int | None = None
    begun: int | None = None
    note: str = ""
    pace: Pace = field(default_factory=Pace)

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


class ProgressReader:
    """Looks how far every reading is; into a reading only when its file or what was collected has changed."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[_Stamp, ReadingProgress]] = {}

    def progress(self, study: Study, one: Round, reading: AllocatedReading) -> ReadingProgress:
        """Return how far a reading is."""
        stamp = _stamp(study, one, reading)
        known = self._known.get(reading.code)
        if known is None or known[0] != stamp:
            known = stamp, _progress(study, one, reading)
            self._known[reading.code] = known
        return known[1]


def take_snapshot(study: Study, reader: ProgressReader | None = None) -> StudySnapshot:
    """Return the study as it is now; no score is shown. *reader* remembers readings from the last time."""
    reader = reader or ProgressReader()
    rounds = tuple(
        RoundProgress(
            one,
            tuple(reader.progress(study, one, reading) for reading in study.every_reading(one.id)),
            tuple(study.skipped(one.id).items()),
        )
        for one in study.rounds()
    )
    requests = reopening_requests(study)
    return StudySnapshot(study.visits(), check_study(study), study.series(), rounds, requests)


def _stamp(study: Study, one: Round, reading: AllocatedReading) -> _Stamp:
    try:
        file = (Path(reading.path) / DATABASE).stat()
    except OSError:
        return study.newest_collected(reading.code), one.locked
    return study.newest_collected(reading.code), one.locked, file.st_mtime_ns, file.st_size


def _progress(study: Study, one: Round, reading: AllocatedReading) -> ReadingProgress:
    collected = study.collected(reading.code)
    count, pace = len(collected), pace_of_collected(tuple(collected.values()))
    if one.locked:
        return ReadingProgress(reading, count, pace=pace)
    if not Path(reading.path).is_dir():
        return ReadingProgress(reading, count, note="The folder is not here any more.", pace=pace)
    try:
        with Reading.open(Path(reading.path), read_only=True) as opened:
            states = [case.status for case in opened.cases()]
            pace = pace_of_reading(opened)
    except StorageError as error:
        return ReadingProgress(reading, count, note=str(error), pace=pace)
    except (ValueError, TypeError):  # times of a changed file can be anything
        return ReadingProgress(reading, count, note="Its signatures cannot be read.", pace=pace)
    return ReadingProgress(reading, count, states.count("signed"), states.count("open"), pace=pace)

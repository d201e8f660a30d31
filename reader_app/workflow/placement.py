"""Where an imported series belongs: told by a table, by subject and visit, or by its Patient ID and date."""

from __future__ import annotations

import math
import os
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from reader_app.workflow.csv_tables import EXTRA, read_header, read_rows
from reader_app.workflow.errors import BadTableError
from storage.study.records import StoredSeries, Visit
from viewer.imaging.series import Series

_SIDES = ("", "L", "R")
_KEYS = ({"path"}, {"patient_id", "study_date"})
_DATE = re.compile(r"(\d{4})-?(\d\d)-?(\d\d)")
_TOLERANCE = 0.25
"""How far an examination may lie from its nominal week, as a share of the gap to the next visit."""


@dataclass(frozen=True, slots=True)
class Placement:
    """Subject and visit, and the imaged side where it was told."""

    subject: str
    visit: str
    side: str | None = None


@dataclass(frozen=True, slots=True, order=True)
class Examination:
    """Whose images and of which day, as their headers say: for the coordinator's eyes alone."""

    patient_id: str = ""
    study_date: str = ""

    @property
    def words(self) -> str:
        """Return ``"patient 0815, 2024-01-05"``."""
        day = self.study_date
        if _DATE.fullmatch(day):
            day = f"{day[:4]}-{day[-4:-2]}-{day[-2:]}"
        return f"{f'patient {self.patient_id}' if self.patient_id else 'no Patient ID'}, {day or 'no date'}"


def examination_of(series: Series) -> Examination:
    """Return whose images a series holds and of which day."""
    return Examination(series.patient_id or "", series.study_date or "")


Place = Callable[[Path, Series], "Placement | str"]
"""Returns where a file of a series belongs, or the plain reason why that is not known."""


@dataclass(frozen=True, slots=True)
class MapRow:
    """One line of a map: a file or folder, or a patient and date, and where that belongs."""

    line: int
    placement: Placement
    path: str = ""
    patient_id: str = ""
    study_date: str = ""


def place_all(placement: Placement) -> Place:
    """Return a rule that puts everything under one subject and visit."""
    return lambda _path, _series: placement


def read_map(table: Path) -> tuple[MapRow, ...]:
    """Return the rows of a map.

    Raises:
        BadTableError: A column is missing or a line cannot be used; names the line.
        OSError: The file cannot be read.
    """
    names = set(read_header(table))
    if not {"subject", "visit"} <= names or not any(key <= names for key in _KEYS):
        raise BadTableError(
            table.name, "it needs the columns subject, visit and either path or patient_id and study_date"
        )
    return tuple(_map_row(table.name, line, row) for line, row in read_rows(table, ()))


def _map_row(table: str, line: int, row: Mapping[str, str]) -> MapRow:
    def cell(name: str) -> str:
        return row.get(name, "")

    if row[EXTRA]:
        raise BadTableError(table, "it has more cells than the header has columns", line)
    if not cell("subject") or not cell("visit"):
        raise BadTableError(table, "subject and visit must be given", line)
    side, day = cell("side"), cell("study_date")
    if side not in _SIDES:
        raise BadTableError(table, f"the side is {side!r}; use L, R or nothing", line)
    if day and (not _DATE.fullmatch(day) or _day(day) is None):
        raise BadTableError(table, f"the date {day!r} is neither YYYYMMDD nor YYYY-MM-DD", line)
    if not cell("path") and not (cell("patient_id") and day):
        raise BadTableError(table, "path, or patient_id and study_date, must be given", line)
    placement = Placement(cell("subject"), cell("visit"), side or None)
    return MapRow(line, placement, cell("path"), cell("patient_id"), day.replace("-", ""))


def place_by_map(rows: Sequence[MapRow], bases: Iterable[Path]) -> Place:
    """Return a rule that follows a map.

    A row's path is absolute, or relative to one of *bases* (the current folder, that of the map, the
    imported ones); it stands for the file or everything in the folder. The longest path wins.
    """
    roots = list(dict.fromkeys(base.absolute() for base in bases))
    targets = [(target, row) for row in rows if row.path for target in _targets(row.path, roots)]
    targets.sort(key=lambda target: len(target[0].parts), reverse=True)

    def place(path: Path, series: Series) -> Placement | str:
        real = Path(os.path.realpath(path))
        by_path = [(target, row) for target, row in targets if real.is_relative_to(target)]
        longest = [row.placement for target, row in by_path if len(target.parts) == len(by_path[0][0].parts)]
        by_patient = [
            row.placement
            for row in rows
            if not row.path and (row.patient_id, row.study_date) == (series.patient_id, series.study_date)
        ]
        meant = set(longest) or set(by_patient)
        if not meant:
            return "the map has no line for it"
        return meant.pop() if len(meant) == 1 else "the map has more than one place for it"

    return place


def _targets(path: str, roots: Iterable[Path]) -> list[Path]:
    # Links followed, without . and ..: one file, however the map and the import name its folder.
    return list(dict.fromkeys(Path(os.path.realpath(root / path)) for root in roots))


def place_by_patient(
    visits: Sequence[Visit], stored: Iterable[StoredSeries], found: Iterable[Series]
) -> Place:
    """Return a rule that takes the Patient ID as subject and finds the visit by date, where only one fits.

    A patient's dates must cover every visit of the study: with one missing, week 12 could pass for
    week 0. A patient seen before keeps the subject it was filed under.
    """
    filed = list(stored)
    subjects = {one.patient_id: one.subject for one in filed if one.patient_id}
    dates: dict[str, set[str]] = {}
    for one in (*filed, *found):
        if one.patient_id and one.study_date:
            dates.setdefault(one.patient_id, set()).add(one.study_date)
    calendars = {patient: visits_by_date(visits, days) for patient, days in dates.items()}

    def place(_path: Path, series: Series) -> Placement | str:
        if not series.patient_id:
            return "it has no Patient ID; use a map, or name subject and visit"
        subject = subjects.get(series.patient_id, series.patient_id)
        if len(visits) == 1:
            return Placement(subject, visits[0].label)
        visit = calendars.get(series.patient_id, {}).get(series.study_date or "")
        if visit is None:
            return "its date does not tell the visit; use a map, or name subject and visit"
        return Placement(subject, visit)

    return place


def visits_by_date(visits: Sequence[Visit], days: Iterable[str]) -> dict[str, str]:
    """Return date to visit label, or nothing where more than one reading of the dates is possible.

    With weeks known, the first date counts as the first visit and every date must lie near a visit;
    without, there must be as many dates as visits. Dates are YYYYMMDD.
    """
    ordered = {day: _day(day) for day in sorted(days)}
    numbers = [number for number in ordered.values() if number is not None]
    labels = [visit.label for visit in visits]
    if len(numbers) < len(ordered) or len(ordered) < len(labels):
        return {}
    nominal = sorted((visit.week, visit.label) for visit in visits if visit.week is not None)
    if len(nominal) < len(labels):
        return dict(zip(ordered, labels, strict=True)) if len(ordered) == len(labels) else {}
    weeks = [nominal[0][0] + (number - numbers[0]) / 7 for number in numbers]
    found = {day: _nearest(nominal, week) for day, week in zip(ordered, weeks, strict=True)}
    told = {day: label for day, label in found.items() if label is not None}
    return told if len(told) == len(found) and set(told.values()) == set(labels) else {}


def _nearest(nominal: Sequence[tuple[float, str]], week: float) -> str | None:
    gap, index = min((abs(week - at), index) for index, (at, _) in enumerate(nominal))
    neighbours = [abs(nominal[index][0] - at) for other, (at, _) in enumerate(nominal) if other != index]
    return nominal[index][1] if gap <= _TOLERANCE * min(neighbours, default=math.inf) else None


def _day(text: str) -> int | None:
    try:
        return date.fromisoformat(text).toordinal()
    except ValueError:
        return None

"""How fast a reader works, from when cases were signed and how long each took: figures over given times."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from statistics import median

from storage.reading.reading import Reading
from storage.study.records import CollectedCase

_WEEK = timedelta(days=7)
_LOOKED_BACK = 4 * _WEEK


@dataclass(frozen=True, slots=True)
class Pace:
    """When the cases of a reading were signed (UTC) and the minutes of work in each, as far as known."""

    signed: tuple[datetime, ...] = field(default_factory=tuple[datetime, ...])
    minutes: tuple[float, ...] = field(default_factory=tuple[float, ...])

    def per_week(self, now: datetime) -> float | None:
        """Return cases signed a week over the last four weeks, or since the first; None without any.

        A first week that has only begun counts as a whole one: two cases in an hour are two a week.
        """
        if not self.signed:
            return None
        since = max(now - _LOOKED_BACK, min(self.signed))
        recent = sum(1 for moment in self.signed if moment >= since)
        return recent / (max(now - since, _WEEK) / _WEEK)

    def weeks_left(self, cases: int, now: datetime) -> int | None:
        """Return in how many weeks *cases* more are signed at this pace; None where nobody can say."""
        rate = self.per_week(now)
        return math.ceil(cases / rate) if rate else None

    @property
    def median_minutes(self) -> float | None:
        """The median of the minutes of work in a case; None where no time is known."""
        return median(self.minutes) if self.minutes else None


def pace_of_reading(reading: Reading) -> Pace:
    """Return the pace of a reading that can be looked into; a case signed again counts as it is now."""
    signed = {one.case_code: one.utc for one in reading.signatures()}
    in_force = [case.code for case in reading.cases() if case.status == "signed"]
    times = (sum(reading.active_ms(code).values()) for code in in_force)
    return Pace(tuple(signed[code] for code in in_force), _minutes(times))


def pace_of_collected(cases: Sequence[CollectedCase]) -> Pace:
    """Return the pace of the cases that came back."""
    times = (sum(case.annotations.active_ms.values()) for case in cases)
    told = (case.receipt.get("utc") for case in cases)
    return Pace(tuple(datetime.fromisoformat(utc) for utc in told if utc), _minutes(times))


def _minutes(times_ms: Iterable[int]) -> tuple[float, ...]:
    """Return minutes; a case without any time was entered from a table."""
    return tuple(time_ms / 60_000 for time_ms in times_ms if time_ms > 0)

"""Where the reader saw a site: a log like the scores, of which the newest row of each site counts."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields
from typing import Any

from sqlalchemy import Connection, Row, insert, select

from storage.audit import Clock, Entry, Event, append, canonical_json
from storage.reading import schema

SET, CLEARED = "landmark.set", "landmark.cleared"

_COLUMNS = schema.landmark.c
_ROWS = select(schema.landmark).order_by(_COLUMNS.seq)


@dataclass(frozen=True, slots=True)
class Landmark:
    """A place that the reader set: a position in a frame of reference, or a pixel of a film.

    Attributes:
        frame: Frame of reference of the timepoint, or None on a film.
        position_mm: x, y, z in that frame, LPS mm, to a thousandth.
        role: The film, or None in a frame.
        row_column: Zero-based row and column on that film, pixel centres, to a thousandth.
    """

    frame: int | None = None
    position_mm: tuple[float, float, float] | None = None
    role: str | None = None
    row_column: tuple[float, float] | None = None

    def __post_init__(self) -> None:
        """Round; refuse what is neither or both, or not finite.

        Raises:
            ValueError: The caller built an impossible landmark; readers cannot.
        """
        in_frame = self.frame is not None and self.position_mm is not None and len(self.position_mm) == 3
        on_film = self.role is not None and self.row_column is not None and len(self.row_column) == 2
        given = (self.frame, self.position_mm, self.role, self.row_column)
        if in_frame == on_film or given.count(None) != 2:
            raise ValueError("a landmark is either a position in a frame or a pixel of a film")
        for name in ("position_mm", "row_column"):
            numbers = getattr(self, name)
            if numbers is not None:
                if not all(math.isfinite(number) for number in numbers):
                    raise ValueError("a landmark has finite numbers")
                object.__setattr__(self, name, tuple(round(float(number), 3) for number in numbers))


_FIELDS = tuple(field.name for field in fields(Landmark))

LandmarkKey = tuple[str, str, str | None]
"""Timepoint letter, site, side; the side is None in one-sided systems."""


def add_landmark(
    connection: Connection, code: str, key: LandmarkKey, landmark: Landmark | None, actor: str, clock: Clock
) -> Entry:
    """Add a row, and one to the audit trail; return the latter. None takes a landmark away."""
    old = load_landmarks(connection, code).get(key)
    action = CLEARED if landmark is None else SET
    told = Event(action, actor, "reader", code, item_text(key), landmark_text(old), landmark_text(landmark))
    (entry,) = append(connection, told, clock=clock)
    letter, site, side = key
    row = {"seq": entry.seq, "case_code": code, "timepoint": letter, "site": site, "side": side}
    place = {name: getattr(landmark, name, None) for name in _FIELDS}
    connection.execute(insert(schema.landmark).values(row | place))
    return entry


def load_landmarks(connection: Connection, code: str) -> dict[LandmarkKey, Landmark]:
    """Return the newest landmark of every site of a case that has one.

    Raises:
        ValueError: A row is none that this program writes; ``verify`` finds it.
    """
    newest: dict[LandmarkKey, Landmark] = {}
    for row in connection.execute(_ROWS.where(_COLUMNS.case_code == code)):
        key: LandmarkKey = (row.timepoint, row.site, row.side)
        newest.pop(key, None)
        landmark = landmark_of(row)
        if landmark is not None:
            newest[key] = landmark
    return newest


def landmark_of(row: Row[Any]) -> Landmark | None:
    """Return the landmark that a row of the table holds; None where it took one away.

    Raises:
        ValueError, TypeError: The row is none that this program writes.
    """
    place = {name: getattr(row, name) for name in _FIELDS}
    return None if all(value is None for value in place.values()) else Landmark(**place)


def item_text(key: LandmarkKey) -> str:
    """Return what the audit trail calls a landmark: ``A/-/scaphoid``."""
    letter, site, side = key
    return f"{letter}/{side or '-'}/{site}"


def landmark_text(landmark: Landmark | None) -> str | None:
    """Return a landmark as the audit trail has it, JSON."""
    if landmark is None:
        return None
    place = {name: getattr(landmark, name) for name in _FIELDS}
    return canonical_json({name: value for name, value in place.items() if value is not None})

"""Where the reader saw a site: a log like the scores, of which the newest row of each site counts."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields
from typing import Any

from sqlalchemy import Row

from storage.audit import canonical_json
from storage.reading import schema
from storage.reading.log import Log


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


def _landmark_text(landmark: Landmark) -> str:
    """Return a landmark as the audit trail has it, JSON."""
    place = {name: getattr(landmark, name) for name in _FIELDS}
    return canonical_json({name: value for name, value in place.items() if value is not None})


def _landmark_of(row: Row[Any]) -> Landmark | None:
    place = {name: getattr(row, name) for name in _FIELDS}
    return None if all(value is None for value in place.values()) else Landmark(**place)


LANDMARKS: Log[LandmarkKey, Landmark] = Log(
    schema.landmark,
    key_row=lambda key: {"timepoint": key[0], "site": key[1], "side": key[2]},
    key_of=lambda row: (row.timepoint, row.site, row.side),
    value_row=lambda landmark: {name: getattr(landmark, name, None) for name in _FIELDS},
    value_of=_landmark_of,
    item=lambda key: f"{key[0]}/{key[2] or '-'}/{key[1]}",
    text=_landmark_text,
)
"""Told as ``landmark.set`` and ``landmark.cleared`` of ``A/-/scaphoid``."""

"""Which pixels of a picture a pane needs along its rows and columns, and where on the screen they fall."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from numpy.typing import NDArray

_MARGIN = 128
"""Screen pixels around the visible part that are resized ahead while a picture is dragged."""

Run = tuple[int, int]
"""The first of some pixels along an axis, and the first that is not one of them."""


@dataclass(frozen=True, slots=True)
class Axis:
    """A run of pixels of a level along one axis, resized to *length* pixels of the screen.

    ``scale`` is screen pixels per pixel of the full slice, ``shrink`` how many of those a pixel of the level
    is, ``first`` and ``stop`` count pixels of the level.
    """

    first: int
    stop: int
    scale: float
    shrink: float

    @staticmethod
    def seen(centre: float, scale: float, shrink: float, part: Run, screen: int) -> Axis | None:
        """Return the visible run within *part*; None where nothing can be seen.

        It is widened to whole pixels and one more, which those at the edge are interpolated with.
        """
        half = screen / 2 / scale
        first = max(math.floor((centre - half + 0.5) / shrink) - 1, part[0])
        stop = min(math.ceil((centre + half + 0.5) / shrink) + 1, part[1])
        return Axis(first, stop, scale, shrink) if stop > first else None

    @property
    def length(self) -> int:
        """How many pixels of the screen the run covers; at least one."""
        return max(round((self.stop - self.first) * self.shrink * self.scale), 1)

    def covers(self, other: Axis) -> bool:
        """Whether *other* is a part of this run."""
        return (
            self.scale == other.scale
            and self.shrink == other.shrink
            and self.first <= other.first
            and other.stop <= self.stop
        )

    def is_within(self, part: Run) -> bool:
        """Whether the run holds no pixel outside *part*, as of the other hand on a film."""
        return part[0] <= self.first and self.stop <= part[1]

    def grown(self, part: Run) -> Axis:
        """Return this run with a margin, within *part*."""
        margin = math.ceil(_MARGIN / (self.shrink * self.scale))
        first, stop = max(self.first - margin, part[0]), min(self.stop + margin, part[1])
        return Axis(first, stop, self.scale, self.shrink)

    def on_screen(self, centre: float, direction: int, screen: int) -> tuple[Run, Run]:
        """Return which pixels of the screen the run covers, and which of its resized ones those are.

        Its middle falls where it belongs, to half a pixel of the screen.
        """
        length = self.length
        middle = ((self.first + self.stop) / 2 * self.shrink - 0.5 - centre) * self.scale * direction
        start = math.floor(screen / 2 + middle - length / 2 + 0.5)
        low, high = min(max(start, 0), screen), min(max(start + length, 0), screen)
        kept = (low - start, high - start)
        return (low, high), kept if direction > 0 else (length - kept[1], length - kept[0])


@dataclass(frozen=True, slots=True, eq=False)
class Resized:
    """Stored values of a part of a level, resized to pixels of the screen; rows and columns as stored.

    Those that are not *lasting* hold only until something else is resized.
    """

    level: NDArray[Any]
    rows: Axis
    columns: Axis
    pixels: NDArray[Any]
    is_lasting: bool

    def is_of(self, level: NDArray[Any], rows: Axis, columns: Axis) -> bool:
        """Whether these come from *level* and have the scale of *rows* and *columns*."""
        return self.level is level and self.rows.scale == rows.scale and self.columns.scale == columns.scale

    def covers(self, rows: Axis, columns: Axis) -> bool:
        """Whether *rows* and *columns* are a part of these."""
        return self.rows.covers(rows) and self.columns.covers(columns)

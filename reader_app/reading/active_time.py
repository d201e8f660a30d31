"""How long a reader is at work on each cell: a rule over clock readings, without any window.

Time counts from one sign of activity (a key, the mouse, the wheel in the reading window) to the next, and
after each for :data:`IDLE_AFTER_MS` at most: who goes for coffee adds half a minute, not an hour. It belongs
to the cell that was current meanwhile. Readers do not see it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping

from scoring_forms.domain.score import Cell

IDLE_AFTER_MS = 30_000
STORE_AFTER_MS = 15_000
"""How much a program that is killed may forget, about."""


def monotonic_ms() -> int:
    """Return milliseconds of a clock that nobody sets."""
    return time.monotonic_ns() // 1_000_000


class ActiveClock:
    """Shares the active time of one case out to its cells; None is outside any cell."""

    def __init__(self, now_ms: Callable[[], int] = monotonic_ms, idle_after_ms: int = IDLE_AFTER_MS) -> None:
        self._now_ms, self._idle_after_ms = now_ms, idle_after_ms
        self._cell: Cell | None = None
        self._last: int | None = None  # None: before the case is on the screen
        self._unstored: dict[Cell | None, int] = {}

    def act(self) -> None:
        """Count the time since the last sign of activity."""
        now = self._now_ms()
        if self._last is not None:
            passed = min(max(now - self._last, 0), self._idle_after_ms)
            self._unstored[self._cell] = self._unstored.get(self._cell, 0) + passed
        self._last = now

    def go_to(self, cell: Cell | None) -> None:
        """Count for another cell from now on; the first time starts the clock."""
        self.act()
        self._cell = cell

    def unstored(self) -> dict[Cell | None, int]:
        """Return what nobody keeps yet, milliseconds by cell, without those of none."""
        return {cell: ms for cell, ms in self._unstored.items() if ms > 0}

    @property
    def is_due(self) -> bool:
        """Whether so much is not kept yet that it should be with the next change."""
        return sum(self._unstored.values()) >= STORE_AFTER_MS

    def stored(self, kept: Mapping[Cell | None, int]) -> None:
        """Forget what is kept now."""
        for cell, milliseconds in kept.items():
            left = self._unstored.pop(cell, 0) - milliseconds
            if left > 0:
                self._unstored[cell] = left

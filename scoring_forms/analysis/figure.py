"""A number or the reason why there is none: no statistic is ever made up.

Statistics reference, section 0: "not calculable" is a value of its own, never 0 and never an
empty cell.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

NO_SCORES = "there are no scores"
NO_PAIRS = "no subject has both"
ONE_READER = "there is only one reader"
TWO_READERS_ONLY = "this compares two readers"
TOO_FEW = "there are fewer than two complete subjects"
ALL_EQUAL = "all scores are equal"


@dataclass(frozen=True, slots=True)
class Figure:
    """One statistic; ``reason`` says why where ``value`` is None, and is empty otherwise."""

    value: float | None
    reason: str = ""

    def __post_init__(self) -> None:
        """Refuse what is neither a finite number nor a reason.

        Raises:
            ValueError: The function that made it let NaN, infinity or silence through.
        """
        if (self.value is None) != bool(self.reason):
            raise ValueError("a figure has either a value or a reason")
        if self.value is not None and not math.isfinite(self.value):
            raise ValueError(f"a figure cannot be {self.value}")


@dataclass(frozen=True, slots=True)
class Interval:
    """A confidence interval, or the reason why there is none."""

    low: float | None
    high: float | None
    reason: str = ""

    def __post_init__(self) -> None:
        """Refuse half an interval, NaN and infinity.

        Raises:
            ValueError: As for a :class:`Figure`.
        """
        for end in (self.low, self.high):
            Figure(end, self.reason)

    @property
    def ends(self) -> tuple[float, float] | None:
        """Both ends, or None."""
        return None if self.low is None or self.high is None else (self.low, self.high)


def not_calculable(reason: str) -> Figure:
    """Return the figure that has no value because of *reason*."""
    return Figure(None, reason)


def no_interval(reason: str) -> Interval:
    """Return the interval that cannot be given because of *reason*."""
    return Interval(None, None, reason)


def interval_around(centre: float, half_width: float) -> Interval:
    """Return *centre* ± *half_width*."""
    return Interval(centre - half_width, centre + half_width)

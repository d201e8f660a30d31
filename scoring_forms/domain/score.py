"""A score and the cell it belongs to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Cell:
    """Where a score belongs; the timepoint is a letter, never a visit.

    ``side`` is ``"L"`` or ``"R"`` in two-sided systems and None in one-sided ones, whose
    side is that of the case.
    """

    timepoint: str
    system: str
    feature: str
    side: str | None
    site: str

    @property
    def name(self) -> str:
        """One line that names the cell in logs: ``A/ramris_2003/bone_erosion/-/scaphoid``."""
        return "/".join((self.timepoint, self.system, self.feature, self.side or "-", self.site))


@dataclass(frozen=True, slots=True)
class Score:
    """What a reader entered: a grade, or the reason why there is none. Empty is neither."""

    value: float | None = None
    not_assessable: str | None = None
    comment: str = ""

    def __post_init__(self) -> None:
        """Refuse a score that is both a grade and not assessable, or neither.

        Raises:
            ValueError: The caller built an impossible score; readers cannot.
        """
        if (self.value is None) == (self.not_assessable is None):
            raise ValueError("a score has either a value or a not-assessable reason")

    @property
    def text(self) -> str:
        """The grade as decimal text (``"2"``, ``"0.5"``), or ``"n/a"``."""
        return "n/a" if self.value is None else f"{self.value:g}"


Sheet = Mapping[Cell, Score]
"""The current score of every cell that has one; a cell without an entry is empty."""

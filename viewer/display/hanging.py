"""Layouts as data: which series roles stand where, read from ``resources/hanging_protocols``."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Layout:
    """One arrangement of panes, for any number of timepoints.

    Attributes:
        id: Its name in what is remembered.
        title: Its name on the screen.
        modality: ``"MR"`` or ``"CR/DX"``.
        timepoints: Whether timepoints are ``"rows"`` or ``"columns"`` of the grid.
        roles: The pictures of one timepoint, in reading order; they run the other way.
        lines: How many rows (or columns) of the grid the pictures of one timepoint take.
    """

    id: str
    title: str
    modality: str
    timepoints: str
    roles: tuple[str, ...]
    lines: int = 1

    def grid(self, letters: Sequence[str]) -> tuple[tuple[tuple[str, str], ...], ...]:
        """Return rows of (timepoint letter, role).

        Raises:
            ValueError: The pictures do not fill the lines.
        """
        if not self.roles or len(self.roles) % self.lines:
            raise ValueError(f"{len(self.roles)} pictures do not fill {self.lines} lines")
        length = len(self.roles) // self.lines
        starts = range(0, len(self.roles), length)
        by_timepoint = tuple(
            tuple((letter, role) for role in self.roles[start : start + length])
            for letter in letters
            for start in starts
        )
        return by_timepoint if self.timepoints == "rows" else tuple(zip(*by_timepoint, strict=True))


@cache
def layouts(modality: str) -> tuple[Layout, ...]:
    """Return the layouts for ``"MR"`` or ``"CR/DX"`` in the order they are offered; the first one opens."""
    table = tomllib.loads((files("resources") / "hanging_protocols" / "layouts.toml").read_text("utf-8"))
    known = (Layout(roles=tuple(entry.pop("roles")), **entry) for entry in table["layouts"])
    return tuple(layout for layout in known if layout.modality == modality)

"""Layouts as data: which series roles stand where, read from ``resources/hanging_protocols``."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Layout:
    """One arrangement of panes.

    ``timepoints`` says whether timepoints are "rows" or "columns" of the grid; ``roles`` run the other way.
    """

    id: str
    title: str
    modality: str
    timepoints: str
    roles: tuple[str, ...]

    def grid(self, letters: Sequence[str]) -> tuple[tuple[tuple[str, str], ...], ...]:
        """Return rows of (timepoint letter, role)."""
        by_timepoint = tuple(tuple((letter, role) for role in self.roles) for letter in letters)
        return by_timepoint if self.timepoints == "rows" else tuple(zip(*by_timepoint, strict=True))


@cache
def layouts(modality: str) -> tuple[Layout, ...]:
    """Return the layouts for ``"MR"`` or ``"CR/DX"`` in the order they are offered; the first one opens."""
    table = tomllib.loads((files("resources") / "hanging_protocols" / "layouts.toml").read_text("utf-8"))
    known = (Layout(roles=tuple(entry.pop("roles")), **entry) for entry in table["layouts"])
    return tuple(layout for layout in known if layout.modality == modality)

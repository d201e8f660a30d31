"""What the series roles of films say: the side, whether hands or feet, and which film shows both sides."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from viewer.display.both_sides import Side

Region = Literal["hands", "feet"]

_FILM, _FOOT = "xr_", "xr_foot_"
_SIDES: dict[str, Side] = {"left": "L", "right": "R"}


def film_side(role: str) -> Side | None:
    """Return which hand or foot a pane with a film shows; None for another picture."""
    return _SIDES.get(role.rpartition("_")[2]) if role.startswith(_FILM) else None


def both_sides(role: str) -> str:
    """Return the role of the film of both sides that can stand for a film; empty for what is no film."""
    return f"{role.rpartition('_')[0]}_both" if role.startswith(_FILM) else ""


def is_of_both(role: str) -> bool:
    """Whether a film shows both sides."""
    return role == both_sides(role)


def regions(roles: Iterable[str]) -> frozenset[Region]:
    """Return what pictures of these roles show; nothing for no roles."""
    return frozenset("feet" if role.startswith(_FOOT) else "hands" for role in roles)

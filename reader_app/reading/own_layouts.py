"""Layouts that the reader saved: what may stand in them, and how they are remembered."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from viewer.display.hanging import Layout

LONGEST_NAME = 40
MOST_PICTURES = 12
MOST_LINES = 4
_OWN = "own/"
_OTHER_PLANES = {"cor": ("axial", "sagittal"), "ax": ("coronal", "sagittal")}
_PRE_OF = {"cor_t1_post": "cor_t1_pre", "ax_t1_post": "ax_t1_pre"}


def pictures_of(roles: Sequence[str]) -> tuple[str, ...]:
    """Return what can stand in a layout: series, series cut in another plane, post without pre contrast."""
    cuts = (f"{role}@{plane}" for role in roles for plane in _OTHER_PLANES.get(role.partition("_")[0], ()))
    differences = (f"{post}-{pre}" for post, pre in _PRE_OF.items() if post in roles and pre in roles)
    return (*roles, *cuts, *differences)


def offered_roles(roles: Sequence[str], standard: Sequence[Layout]) -> tuple[str, ...]:
    """Return the series roles of a reading and of the layouts everybody has, each once."""
    stored = (role for layout in standard for role in layout.roles if "@" not in role and "-" not in role)
    return tuple(dict.fromkeys((*stored, *roles)))


def own_layout(title: str, modality: str, timepoints: str, roles: Sequence[str], lines: int) -> Layout:
    """Return a layout of the reader under a name."""
    name = " ".join(title.split())
    return Layout(f"{_OWN}{name}", name, modality, timepoints, tuple(roles), lines)


def layout_refusal(layout: Layout, others: Sequence[Layout]) -> str:
    """Return why *layout* cannot be saved beside *others*; empty when it can."""
    if not layout.title:
        return "Give the layout a name."
    if len(layout.title) > LONGEST_NAME:
        return f"The name is longer than {LONGEST_NAME} letters."
    if any(layout.title.casefold() == other.title.casefold() for other in others):
        return f"There is a layout called “{layout.title}” already."
    if not layout.roles:
        return "Add at least one picture."
    if len(layout.roles) > MOST_PICTURES:
        return f"A layout holds at most {MOST_PICTURES} pictures of a timepoint."
    if len(layout.roles) % layout.lines:
        return f"{len(layout.roles)} pictures do not fill {layout.lines} lines evenly."
    return ""


def to_text(layouts: Sequence[Layout]) -> str:
    """Return *layouts* as JSON, to be remembered with the reading."""
    return json.dumps(
        [
            {"title": one.title, "timepoints": one.timepoints, "roles": one.roles, "lines": one.lines}
            for one in layouts
        ]
    )


def from_text(text: str | None, standard: Sequence[Layout], roles: Sequence[str]) -> tuple[Layout, ...]:
    """Return the layouts that were remembered; what cannot be shown, or is damaged, is left out.

    Args:
        text: What :func:`to_text` wrote, or anything else.
        standard: The layouts everybody has, whose names are taken.
        roles: The series roles of the reading.
    """
    try:
        found: Any = json.loads(text or "[]")
    except (ValueError, RecursionError):
        return ()
    known: list[Layout] = []
    for entry in found if isinstance(found, list) else ():
        layout = _layout(entry, standard[0].modality, pictures_of(roles))
        if layout is not None and not layout_refusal(layout, (*standard, *known)):
            known.append(layout)
    return tuple(known)


def _layout(entry: Any, modality: str, pictures: Sequence[str]) -> Layout | None:
    """Return the layout a remembered *entry* stands for; None where it makes no sense."""
    try:
        title, timepoints, roles = entry["title"], entry["timepoints"], tuple(entry["roles"])
        lines = entry["lines"]
    except (KeyError, TypeError, AttributeError):
        return None
    makes_sense = (
        isinstance(title, str)
        and timepoints in ("rows", "columns")
        and all(role in pictures for role in roles)
        and len(set(roles)) == len(roles)
        and type(lines) is int
        and 1 <= lines <= MOST_LINES
    )
    return own_layout(title, modality, timepoints, roles, lines) if makes_sense else None

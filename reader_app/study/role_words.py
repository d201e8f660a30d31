"""Series roles in words: full for lists, short for chips."""

from __future__ import annotations

from dataclasses import dataclass

from reader_app.workflow.series_roles import ROLES, RoleStatus
from reader_app.workflow.study_check import VisitCheck

PRESENT, QUESTION, MISSING = "present", "question", "missing"

_SHORT = {
    "cor_t1_pre": "T1 cor",
    "cor_t1_post": "T1 cor +",
    "ax_t1_pre": "T1 ax",
    "ax_t1_post": "T1 ax +",
    "cor_stir": "STIR",
    "xr_pa_left": "PA L",
    "xr_pa_right": "PA R",
    "xr_pa_both": "PA both",
}
_FULL = {
    "cor_t1_pre": "coronal T1 pre",
    "cor_t1_post": "coronal T1 post",
    "ax_t1_pre": "axial T1 pre",
    "ax_t1_post": "axial T1 post",
    "cor_stir": "coronal STIR",
    "other": "other: not read",
}
_VIEWS = {"pa": "hand PA", "oblique": "hand oblique", "lateral": "hand lateral", "foot": "foot"}

_HOW = "Click to see them; their roles can be overruled."


@dataclass(frozen=True, slots=True)
class Chip:
    """One role of a visit as the matrix shows it."""

    text: str
    state: str
    tip: str


def full_name(role: str) -> str:
    """Return ``"coronal T1 pre"`` or ``"hand PA, left"``."""
    if role in _FULL:
        return _FULL[role]
    _, view, part = role.split("_")
    return f"{_VIEWS[view]}, {part}"


def short_name(role: str) -> str:
    """Return ``"T1 cor"``: before contrast; with + after."""
    if role in _SHORT:
        return _SHORT[role]
    return role.removeprefix("xr_").replace("_", " ")


def chip_of(status: RoleStatus) -> Chip:
    """Return the chip of a role; what is wrong stands in its text, not in its colour alone."""
    name, full = short_name(status.role), full_name(status.role)
    if not status.problem:
        return Chip(name, PRESENT, f"{full}: there")
    if status.problem == "missing":
        return Chip(f"no {name}", MISSING, f"{full}: missing")
    brief = status.problem.partition(":")[0].partition(" than ")[0]
    return Chip(f"{name}: {brief}", QUESTION, f"{full}: {_in_words(status.problem)}")


def chips_of(visit: VisitCheck, n_filed: int = 0) -> tuple[Chip, ...]:
    """Return the chips of a visit: one that says so where nothing was imaged, or none of it can be read.

    Args:
        visit: Its expected roles, and the series that were not recognised.
        n_filed: How many series are filed under the visit, whatever they are for.
    """
    statuses = visit.roles
    if not statuses:
        return ()
    unknown = tuple(_unrecognised_chip(len(visit.unrecognised)) for _ in visit.unrecognised[:1])
    if all(status.problem == "missing" for status in statuses):
        if unknown:
            return unknown
        if n_filed:
            return (Chip("nothing that is read", MISSING, f"{n_filed} filed here, none for a form. {_HOW}"),)
        return (Chip("not imaged", MISSING, "No series of this subject is filed under this visit."),)
    return (*(chip_of(status) for status in statuses), *unknown)


def _unrecognised_chip(count: int) -> Chip:
    which = "1 series was" if count == 1 else f"{count} series were"
    return Chip(f"{count} not recognised", QUESTION, f"{which} not recognised: say what it is for. {_HOW}")


def _in_words(problem: str) -> str:
    for role in ROLES:
        if role != "other":
            problem = problem.replace(role, full_name(role))
    return problem

"""Which series of a subject and visit fills which role, and what stands in the way."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from storage.study.records import StoredSeries, Subject

FILM_PREFIX = "xr_"
FOOT_PREFIX = "xr_foot_"
OF_BOTH = {
    f"xr_{view}_both": (f"xr_{view}_left", f"xr_{view}_right")
    for view in ("pa", "oblique", "lateral", "foot")
}
"""Films of both sides, and the films of one side they can stand for."""
ROLES = (
    "cor_t1_pre",
    "cor_t1_post",
    "ax_t1_pre",
    "ax_t1_post",
    "cor_stir",
    "xr_pa_left",
    "xr_pa_right",
    "xr_pa_both",
    "xr_oblique_left",
    "xr_oblique_right",
    "xr_oblique_both",
    "xr_lateral_left",
    "xr_lateral_right",
    "xr_lateral_both",
    "xr_foot_left",
    "xr_foot_right",
    "xr_foot_both",
    "other",
)
_SAME_GEOMETRY = ("n_images", "rows", "columns")


@dataclass(frozen=True, slots=True)
class RoleStatus:
    """What fills a role.

    Attributes:
        role: A series role.
        series: Those that have it; one is right.
        problem: ``""``, ``"missing"``, ``"ambiguous"`` or a few plain words.
        blocks: Whether a reading may not be made with it.
    """

    role: str
    series: tuple[StoredSeries, ...]
    problem: str = ""
    blocks: bool = False


def fill_roles(
    series: Iterable[StoredSeries], roles: Sequence[str], side: str | None
) -> tuple[RoleStatus, ...]:
    """Return what fills *roles* at one visit of one subject; a film of both sides stands for two roles."""
    by_role: dict[str, list[StoredSeries]] = {}
    for one in series:
        by_role.setdefault(one.role, []).append(one)
    return tuple(_status(role, by_role, side) for role in _asked(roles, by_role))


def side_of(subject: Subject, series: Iterable[StoredSeries]) -> tuple[str | None, str]:
    """Return the side one-sided systems take, and what is wrong with it (nothing if ``""``).

    The coordinator's word counts first; else that of the headers, if they agree.
    """
    told = {one.laterality for one in series if one.laterality and not one.role.startswith(FILM_PREFIX)}
    if subject.side:
        return subject.side, ""
    if len(told) > 1:
        return None, "its series show both sides; import it with --side"
    return (told.pop(), "") if told else (None, "")


def never_both(visits: Iterable[Sequence[RoleStatus]]) -> str:
    """Return "hands" or "feet" if *visits* have films of one side where both are asked for; else nothing."""
    filled = [({one.role for one in roles}, {one.role for one in roles if one.series}) for roles in visits]
    for both, sides in OF_BOTH.items():
        wanted = [there for asked, there in filled if set(sides) <= asked or both in asked]
        one_there = any(set(sides) & there for there in wanted)
        if one_there and not any(set(sides) <= there or both in there for there in wanted):
            return _region(both)
    return ""


def _asked(roles: Sequence[str], by_role: dict[str, list[StoredSeries]]) -> list[str]:
    """Ask for a film of both hands or feet in the place of one each, where only that one is there."""
    asked = list(roles)
    for both, sides in OF_BOTH.items():
        if both in by_role and set(roles) & set(sides) and not all(side in by_role for side in sides):
            asked = [role for role in asked if role not in sides or role in by_role]
            asked += [both] if both not in asked else []
    return asked


def _status(role: str, by_role: dict[str, list[StoredSeries]], side: str | None) -> RoleStatus:
    found = tuple(by_role.get(role, ()))
    if len(found) == 0:
        return RoleStatus(role, found, "missing")
    if len(found) > 1:
        return RoleStatus(role, found, "ambiguous", blocks=True)
    if any(side in by_role for side in OF_BOTH.get(role, ())):
        return RoleStatus(role, found, f"ambiguous: films of one and of both {_region(role)}", blocks=True)
    one = by_role[role][0]
    if side and one.laterality and one.laterality != side and not role.startswith(FILM_PREFIX):
        return RoleStatus(role, found, f"wrong side: {one.laterality}, not {side}", blocks=True)
    before = by_role.get(role.replace("_post", "_pre"), ())
    if role.endswith("_post") and len(before) == 1 and _geometry(before[0]) != _geometry(one):
        return RoleStatus(role, found, f"other geometry than {before[0].role}")
    return RoleStatus(role, found)


def _region(role: str) -> str:
    return "feet" if role.startswith(FOOT_PREFIX) else "hands"


def _geometry(series: StoredSeries) -> list[object]:
    """Return what two series have in common that show the same slices; spacings to a thousandth of a mm."""
    spacing = [value and round(value, 3) for value in series.facts["spacing_mm"]]
    return [*(series.facts[name] for name in _SAME_GEOMETRY), spacing]

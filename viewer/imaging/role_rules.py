"""The rules of `resources/series_roles.toml`, read once."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

Range = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Weighting:
    """Conditions that tell what an MR series shows; all of them must hold."""

    name: str
    reason: str
    patterns: Mapping[str, re.Pattern[str]]
    ranges: Mapping[str, Range]


@dataclass(frozen=True, slots=True)
class RoleRule:
    """Allowed values of the facts of a series; *role* may name facts in braces."""

    role: str
    conditions: Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class RoleRules:
    """Everything the recognition of roles and sides needs, patterns compiled."""

    side: Mapping[str, re.Pattern[str]]
    body_part: Mapping[str, re.Pattern[str]]
    views: tuple[tuple[str, re.Pattern[str]], ...]
    contrast: tuple[tuple[bool, re.Pattern[str]], ...]
    weightings: tuple[Weighting, ...]
    roles: tuple[RoleRule, ...]


@cache
def role_rules() -> RoleRules:
    """Return the shipped rules."""
    data = tomllib.loads(files("resources").joinpath("series_roles.toml").read_text(encoding="utf-8"))
    return RoleRules(
        side=_patterns(data["side"]),
        body_part=_patterns(data["body_part"]),
        views=tuple((entry["name"], re.compile(entry["pattern"])) for entry in data["view"]),
        contrast=tuple((entry["given"], re.compile(entry["pattern"])) for entry in data["contrast"]),
        weightings=tuple(map(_weighting, data["weighting"])),
        roles=tuple(
            RoleRule(entry.pop("role"), {name: frozenset(values) for name, values in entry.items()})
            for entry in data["role"]
        ),
    )


def words(*texts: str) -> str:
    """Return *texts* as the patterns expect them: upper case, punctuation except "+" as single blanks."""
    return " ".join(re.sub(r"[^\w+]|_", " ", " ".join(texts).upper()).split())


def _patterns(table: Mapping[str, str]) -> Mapping[str, re.Pattern[str]]:
    return {name: re.compile(pattern) for name, pattern in table.items()}


def _weighting(entry: dict[str, Any]) -> Weighting:
    name, reason = entry.pop("name"), entry.pop("reason")
    texts = {key: value for key, value in entry.items() if isinstance(value, str)}
    ranges = {key: (value[0], value[1]) for key, value in entry.items() if isinstance(value, list)}
    return Weighting(name, reason, _patterns(texts), ranges)

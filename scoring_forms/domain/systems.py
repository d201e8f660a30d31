"""Scoring systems read from ``resources/scoring_systems``: features, sites, scales and totals.

A system is data. Nothing here knows RAMRIS or Sharp; a coordinator's own file goes the same way.
"""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

from scoring_forms.domain.errors import BadSystemError, UnknownSystemError

MODALITIES = ("MR", "CR/DX")


@dataclass(frozen=True, slots=True)
class Site:
    """A bone or joint that gets a score; the id never contains the side."""

    id: str
    label: str
    abbreviation: str
    group: str
    snomed_ct: str | None = None


@dataclass(frozen=True, slots=True)
class Feature:
    """What is scored at each of its sites, or counted from another feature's scores.

    ``count_of`` names the feature a derived one counts: sites whose value is at least
    ``count_at_least``. A derived feature has the sites of that feature and no own cells.
    """

    id: str
    label: str
    abbreviation: str
    sites: tuple[Site, ...]
    minimum: float = 0
    maximum: float = 1
    step: float = 1
    images: str = ""
    roles: tuple[str, ...] = ()
    grades: Mapping[str, str] = field(default_factory=dict[str, str])
    count_of: str | None = None
    count_at_least: float = 1

    @property
    def highest_total(self) -> float:
        """The largest total of one side."""
        return len(self.sites) * (1 if self.count_of else self.maximum)

    @property
    def scale(self) -> tuple[tuple[str, str], ...]:
        """The grades from lowest to highest, each with its meaning."""
        return tuple(sorted(self.grades.items(), key=_grade_value))

    def site(self, site_id: str) -> Site | None:
        """Return the site with this id, or None."""
        return next((site for site in self.sites if site.id == site_id), None)

    def allows(self, value: float) -> bool:
        """Whether *value* is a grade of this feature's scale."""
        steps = (value - self.minimum) / self.step
        return self.minimum <= value <= self.maximum and steps == int(steps)


@dataclass(frozen=True, slots=True)
class ScoringSystem:
    """A published scoring system; ``sides`` is 1 (the imaged hand) or 2 (both)."""

    id: str
    title: str
    modality: str
    region: str
    sides: int
    citation: str
    grand_total: bool
    features: tuple[Feature, ...]

    def feature(self, feature_id: str) -> Feature | None:
        """Return the feature with this id, or None."""
        return next((feature for feature in self.features if feature.id == feature_id), None)

    @property
    def side_values(self) -> tuple[str | None, ...]:
        """The sides a cell of this system can have: (None,) where the case has the side."""
        return (None,) if self.sides == 1 else ("L", "R")

    def to_dict(self) -> dict[str, Any]:
        """Return the whole system as plain JSON values, for freezing into rounds and readings."""
        return asdict(self)

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the system's content, hexadecimal."""
        canonical = json.dumps(self.to_dict(), sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(canonical.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a site could not be scored."""

    id: str
    label: str
    needs_comment: bool = False


def system_from_dict(frozen: Mapping[str, Any]) -> ScoringSystem:
    """Return the system that :meth:`ScoringSystem.to_dict` froze."""
    return _system(frozen, tuple(_thawed_feature(feature) for feature in frozen["features"]))


@cache
def available_systems() -> tuple[str, ...]:
    """Return the ids of the systems that ship with the program, sorted."""
    folder = files("resources") / "scoring_systems"
    return tuple(
        sorted(entry.name.removesuffix(".toml") for entry in folder.iterdir() if entry.name.endswith(".toml"))
    )


@cache
def load_system(system_id: str) -> ScoringSystem:
    """Return a system that ships with the program.

    Raises:
        UnknownSystemError: There is none with this id.
    """
    if system_id not in available_systems():
        raise UnknownSystemError(system_id, available_systems())
    text = (files("resources") / "scoring_systems" / f"{system_id}.toml").read_text("utf-8")
    return parse_system(tomllib.loads(text))


@cache
def reasons() -> tuple[Reason, ...]:
    """Return the not-assessable reasons in the order they are offered."""
    table = tomllib.loads((files("resources") / "not_assessable.toml").read_text("utf-8"))
    return tuple(Reason(**reason) for reason in table["reasons"])


@cache
def known_sites() -> Mapping[str, Site]:
    """Return every site of ``resources/sites.toml`` by id."""
    table = tomllib.loads((files("resources") / "sites.toml").read_text("utf-8"))
    return {site_id: Site(id=site_id, **entry) for site_id, entry in table.items()}


def parse_system(table: Mapping[str, Any]) -> ScoringSystem:
    """Return the system that a TOML table describes.

    Raises:
        BadSystemError: A field is absent or does not fit; names system and field.
    """
    name = str(table.get("id", "?"))
    try:
        features: dict[str, Feature] = {}
        for entry in table["features"]:
            features[entry["id"]] = _parse_feature(name, entry, features)
        system = _system(table, tuple(features.values()))
    except KeyError as error:
        raise BadSystemError(name, str(error.args[0]), "this field is missing") from error
    except TypeError as error:
        raise BadSystemError(name, "fields", str(error).removeprefix("ScoringSystem.__init__() ")) from error
    if system.modality not in MODALITIES:
        raise BadSystemError(name, "modality", f"use one of {', '.join(MODALITIES)}")
    if system.sides not in (1, 2):
        raise BadSystemError(name, "sides", "use 1 (the imaged hand) or 2 (both hands)")
    return system


def _parse_feature(system: str, entry: Mapping[str, Any], earlier: Mapping[str, Feature]) -> Feature:
    where = f"feature {entry['id']}"
    if "count_of" in entry:
        counted = earlier.get(entry["count_of"])
        if counted is None:
            raise BadSystemError(
                system, where, f"counts {entry['count_of']!r}, which is not listed before it"
            )
        return _feature(entry, counted.sites, counted.roles)
    unknown = [site for site in entry["sites"] if site not in known_sites()]
    if unknown:
        raise BadSystemError(system, where, f"unknown site {unknown[0]!r}")
    sites = tuple(known_sites()[site] for site in entry["sites"])
    feature = _feature(entry, sites, tuple(entry.get("roles", ())))
    if feature.step <= 0 or not feature.allows(feature.maximum):
        raise BadSystemError(system, where, "maximum is not a whole number of steps above minimum")
    return feature


def _grade_value(grade: tuple[str, str]) -> float:
    return float(grade[0])


def _thawed_feature(frozen: Mapping[str, Any]) -> Feature:
    return _feature(frozen, tuple(Site(**site) for site in frozen["sites"]), tuple(frozen["roles"]))


def _feature(entry: Mapping[str, Any], sites: tuple[Site, ...], roles: tuple[str, ...]) -> Feature:
    fields: dict[str, Any] = {**entry, "sites": sites, "roles": roles}
    return Feature(**fields)


def _system(table: Mapping[str, Any], features: tuple[Feature, ...]) -> ScoringSystem:
    fields: dict[str, Any] = {**table, "features": features}
    return ScoringSystem(**fields)

"""A scoring system as data: features, sites, scales, derived counts and sums.

Nothing here knows RAMRIS or Sharp; a coordinator's own file goes the same way. Systems are frozen into
rounds and readings as JSON: what a field did not say before it existed is left out of that JSON, so
that older frozen systems keep their fingerprints.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Literal, get_args

Evidence = Literal["", "two_planes", "three_slices"]
EVIDENCE: tuple[Evidence, ...] = get_args(Evidence)
VolumeScale = Literal["", "tenths", "thirds"]
VOLUME_SCALES: tuple[VolumeScale, ...] = get_args(VolumeScale)
MODALITIES = ("MR", "CR/DX")
GRAND_TOTAL = "total"
"""What tables call the sum over all features of a system."""


@dataclass(frozen=True, slots=True)
class Site:
    """A bone or joint that gets a score; the id never contains the side.

    ``components`` are the parts of a joint that are scored instead of it, such as the two sides of a
    toe joint; cells belong to them, and the joint has their sum.
    """

    id: str
    label: str
    abbreviation: str
    group: str
    snomed_ct: str | None = None
    components: tuple[Site, ...] = ()


@dataclass(frozen=True, slots=True)
class Feature:
    """What is scored at each of its sites, or counted from the scores of other features.

    A derived feature has no cells of its own. It counts the sites of the features ``count_of`` whose
    value is at least ``count_at_least``: those of its ``sites`` (one for each counted feature and
    joint), on ``count_side`` or, where that is None, on every side. A joint with components counts once.

    Attributes:
        minimum: Lowest grade of a cell.
        maximum: Highest grade of a cell.
        step: Distance between grades: a whole number, or 0.5.
        images: The images it is read from, in words.
        roles: The series roles it is read from.
        grades: What each grade means, by the grade as text.
        definition: What is looked for, in a sentence or two.
        certainty: What of this is not confirmed in a published text; not for readers.
        evidence: What marks must show for a grade above the lowest.
        needs_contrast: Whether it cannot be assessed without images after contrast.
        volume_scale: Whether grades are tenths or thirds of a bone's volume.
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
    count_of: tuple[str, ...] = ()
    count_at_least: float = 1
    count_side: str | None = None
    definition: str = ""
    certainty: str = ""
    evidence: Evidence = ""
    needs_contrast: bool = False
    volume_scale: VolumeScale = ""

    @property
    def scored_sites(self) -> tuple[Site, ...]:
        """What has a cell: the sites, and in the place of a joint with components these."""
        return tuple(part for site in self.sites for part in site.components or (site,))

    @property
    def has_half_steps(self) -> bool:
        """Whether grades such as 0.5 lie between the whole ones."""
        return self.step != int(self.step)

    @property
    def highest_total(self) -> float:
        """The largest total of one side."""
        return len(self.sites) if self.count_of else len(self.scored_sites) * self.maximum

    @property
    def lowest_total(self) -> float:
        """The smallest total of one side."""
        return 0 if self.count_of else len(self.scored_sites) * self.minimum

    @property
    def scale(self) -> tuple[tuple[str, str], ...]:
        """The grades from lowest to highest, each with its meaning."""
        return tuple(sorted(self.grades.items(), key=_grade_value))

    def site(self, site_id: str) -> Site | None:
        """Return the scored site with this id, or None."""
        return next((site for site in self.scored_sites if site.id == site_id), None)

    def allows(self, value: float) -> bool:
        """Whether *value* is a grade of this feature's scale."""
        steps = (value - self.minimum) / self.step
        return self.minimum <= value <= self.maximum and steps == int(steps)


@dataclass(frozen=True, slots=True)
class Sum:
    """A total over several features of a system that has a name of its own."""

    id: str
    label: str
    features: tuple[str, ...]


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
    sums: tuple[Sum, ...] = ()

    def feature(self, feature_id: str) -> Feature | None:
        """Return the feature with this id, or None."""
        return next((feature for feature in self.features if feature.id == feature_id), None)

    @property
    def side_values(self) -> tuple[str | None, ...]:
        """The sides a cell of this system can have: (None,) where the case has the side."""
        return (None,) if self.sides == 1 else ("L", "R")

    def sides_of(self, feature: Feature) -> tuple[str | None, ...]:
        """Return the sides that the totals of *feature* add up."""
        return self.side_values if feature.count_side is None else (feature.count_side,)

    def to_dict(self) -> dict[str, Any]:
        """Return the whole system as plain JSON values, for freezing into rounds and readings."""
        frozen = _frozen(self, since_first=("sums",))
        frozen["features"] = [_frozen_feature(feature) for feature in self.features]
        if self.sums:
            frozen["sums"] = [{**_frozen(one), "features": list(one.features)} for one in self.sums]
        return frozen

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the system's content, hexadecimal."""
        canonical = json.dumps(self.to_dict(), sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(canonical.encode()).hexdigest()


def system_from_dict(frozen: Mapping[str, Any]) -> ScoringSystem:
    """Return the system that :meth:`ScoringSystem.to_dict` froze, now or in an older version."""
    thawed: dict[str, Any] = dict(frozen)
    thawed["features"] = tuple(_thawed_feature(feature) for feature in frozen["features"])
    thawed["sums"] = tuple(
        Sum(one["id"], one["label"], tuple(one["features"])) for one in frozen.get("sums", ())
    )
    return ScoringSystem(**thawed)


_LATER_FEATURE_FIELDS = (
    "count_side",
    "definition",
    "certainty",
    "evidence",
    "needs_contrast",
    "volume_scale",
)


def _frozen(item: Any, since_first: tuple[str, ...] = ()) -> dict[str, Any]:
    """Return the fields of *item*, without those of *since_first* that say nothing."""
    values = {one.name: getattr(item, one.name) for one in fields(item)}
    return {name: value for name, value in values.items() if name not in since_first or value}


def _frozen_feature(feature: Feature) -> dict[str, Any]:
    counted = feature.count_of
    return {
        **_frozen(feature, since_first=_LATER_FEATURE_FIELDS),
        "sites": [_frozen_site(site) for site in feature.sites],
        "roles": list(feature.roles),
        "grades": dict(feature.grades),
        "count_of": list(counted) if len(counted) > 1 else next(iter(counted), None),
    }


def _frozen_site(site: Site) -> dict[str, Any]:
    frozen = _frozen(site, since_first=("components",))
    if site.components:
        frozen["components"] = [_frozen_site(part) for part in site.components]
    return frozen


def _thawed_feature(frozen: Mapping[str, Any]) -> Feature:
    thawed: dict[str, Any] = dict(frozen)
    counted: str | list[str] | None = frozen.get("count_of")
    thawed["sites"] = tuple(_thawed_site(site) for site in frozen["sites"])
    thawed["roles"] = tuple(frozen["roles"])
    thawed["count_of"] = (counted,) if isinstance(counted, str) else tuple(counted or ())
    return Feature(**thawed)


def _thawed_site(frozen: Mapping[str, Any]) -> Site:
    thawed: dict[str, Any] = dict(frozen)
    thawed["components"] = tuple(_thawed_site(part) for part in frozen.get("components", ()))
    return Site(**thawed)


def _grade_value(grade: tuple[str, str]) -> float:
    return float(grade[0])

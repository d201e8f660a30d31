"""Everything a form has a total of, and the cells each total is made of.

:func:`scoring_forms.domain.totals.totals` adds up one sheet; who compares many sheets at once (an
analysis, the search for disagreements) needs to know which cells make which total.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from scoring_forms.domain.form import Form, FormPart
from scoring_forms.domain.scoring_system import GRAND_TOTAL, Feature, Site

Place = tuple[str, str, str | None, str]
"""System, feature, side and site: a cell at no particular timepoint."""


@dataclass(frozen=True, slots=True)
class Unit:
    """What a total counts once: a cell, or of a derived count a bone or joint.

    ``places`` are the cells whose grades are added up; with ``at_least`` the unit is 1 or 0.
    """

    feature: str
    side: str | None
    site: str
    places: tuple[Place, ...]
    at_least: float | None = None


@dataclass(frozen=True, slots=True)
class Measure:
    """A feature, derived count, named sum or grand total.

    Attributes:
        system: Id of the scoring system.
        feature: What tables call it: a feature's id, a sum's, or ``"total"``.
        label: What people call it.
        units: What is added up, both sides together.
        scale: Lowest and highest value and step of one unit; None where units of several features
            are added up.
    """

    system: str
    feature: str
    label: str
    units: tuple[Unit, ...]
    scale: tuple[float, float, float] | None

    @property
    def name(self) -> str:
        """``system.feature``, which no other measure of a form has."""
        return f"{self.system}.{self.feature}"


def measures(form: Form) -> tuple[Measure, ...]:
    """Return the measures of *form* in the order of its totals."""
    return tuple(measure for part in form.parts for measure in _of_part(part))


def _of_part(part: FormPart) -> Iterator[Measure]:
    by_feature = {feature.id: _of_feature(part, feature) for feature in part.features}
    yield from by_feature.values()
    for one in part.sums:
        yield _sum(part, one.id, one.label, [by_feature[feature] for feature in one.features])
    if part.has_grand_total:
        yield _sum(part, GRAND_TOTAL, "Total", [by_feature[feature.id] for feature in part.scored])


def _of_feature(part: FormPart, feature: Feature) -> Measure:
    if feature.count_of:
        units, scale = tuple(_counted(part, feature)), (0.0, 1.0, 1.0)
    else:
        units, scale = tuple(_cells(part, feature)), (feature.minimum, feature.maximum, feature.step)
    return Measure(part.system.id, feature.id, feature.label, units, scale)


def _cells(part: FormPart, feature: Feature) -> Iterator[Unit]:
    for side in part.system.sides_of(feature):
        for site in feature.scored_sites:
            place = (part.system.id, feature.id, side, site.id)
            yield Unit(feature.id, side, site.id, (place,))


def _counted(part: FormPart, feature: Feature) -> Iterator[Unit]:
    wanted = {site.id for site in feature.sites}
    for counted in part.features:
        if counted.id not in feature.count_of:
            continue
        for side in part.system.sides_of(feature):
            for site in counted.sites:
                if site.id in wanted:
                    places = tuple((part.system.id, counted.id, side, one.id) for one in _scored(site))
                    yield Unit(counted.id, side, site.id, places, feature.count_at_least)


def _scored(site: Site) -> tuple[Site, ...]:
    return site.components or (site,)


def _sum(part: FormPart, name: str, label: str, added: list[Measure]) -> Measure:
    units = tuple(unit for measure in added for unit in measure.units)
    return Measure(part.system.id, name, label, units, None)

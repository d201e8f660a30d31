"""Totals, derived counts, sums, subtotals and grand totals: always computed, never stored.

A total with a missing site is not a total: empty and not-assessable cells both leave the strict value
out. Beside it stand what the assessed sites add up to and, where enough of them are, the prorated total.
Source: scoring-systems reference, section 4.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from scoring_forms.domain.form import Form, FormPart
from scoring_forms.domain.rules import RoundRules
from scoring_forms.domain.score import Sheet
from scoring_forms.domain.scoring_system import GRAND_TOTAL, Feature, Site

PRORATE_FROM = RoundRules().prorate_from


@dataclass(frozen=True, slots=True)
class Total:
    """The sum of one feature at one timepoint, both sides together.

    Attributes:
        system: Id of the scoring system.
        feature: Id of a feature, derived count or named sum, or ``"total"``.
        label: What readers call it.
        value: The strict total: None while any of the expected sites has no grade.
        n_sites: How many sites are expected: cells, or of a count the bones and joints it looks at.
        n_missing: How many of them have no grade.
        minimum: The smallest value a complete total can have.
        maximum: The largest value a complete total can have.
        observed: What the assessed sites add up to; None where there is none.
        prorated: The observed sum × expected / assessed sites, where enough are assessed. Of a sum over
            features the sum of theirs. A count is never stretched: its prorated value is the strict one.
    """

    system: str
    feature: str
    label: str
    value: float | None
    n_sites: int
    n_missing: int
    maximum: float
    minimum: float = 0
    observed: float | None = None
    prorated: float | None = None

    @property
    def n_assessed(self) -> int:
        """How many sites have a grade."""
        return self.n_sites - self.n_missing


@dataclass(frozen=True, slots=True)
class Subtotal:
    """The part of a feature's total that one group of sites (wrist, mcp, pip, forefoot) makes."""

    system: str
    feature: str
    group: str
    value: float | None
    n_sites: int
    n_missing: int
    maximum: float


class _Unit(NamedTuple):
    """What a total counts once: a cell, or a bone or joint of a derived count."""

    group: str
    value: float | None


_Grades = Mapping[tuple[str, str | None, str], float]
"""The grades of one system and timepoint by feature, side and site."""


def totals(form: Form, sheet: Sheet, timepoint: str, prorate_from: float = PRORATE_FROM) -> tuple[Total, ...]:
    """Return the totals at *timepoint* in form order: features and counts, named sums, grand total.

    Args:
        form: What is scored.
        sheet: The scores of a case.
        timepoint: A letter.
        prorate_from: The share of sites that must be assessed for a prorated total.
    """
    found: list[Total] = []
    for part in form.parts:
        grades = _grades(part, sheet, timepoint)
        by_feature = [_feature_total(part, feature, grades, prorate_from) for feature in part.features]
        found += by_feature
        for one in part.sums:
            summed = [total for total in by_feature if total.feature in one.features]
            found.append(_sum_of(part, one.id, one.label, summed))
        if part.has_grand_total:
            scored = {feature.id for feature in part.scored}
            summed = [total for total in by_feature if total.feature in scored]
            found.append(_sum_of(part, GRAND_TOTAL, "Total", summed))
    return tuple(found)


def subtotals(form: Form, sheet: Sheet, timepoint: str) -> tuple[Subtotal, ...]:
    """Return the totals at *timepoint* of each feature by group of sites, in form order."""
    found: list[Subtotal] = []
    for part in form.parts:
        grades = _grades(part, sheet, timepoint)
        for feature in part.features:
            units = list(_units(part, feature, grades))
            for group in dict.fromkeys(unit.group for unit in units):
                values = [unit.value for unit in units if unit.group == group]
                highest = len(values) * (1 if feature.count_of else feature.maximum)
                missing = values.count(None)
                value = None if missing else _exact_sum(values)
                found.append(
                    Subtotal(part.system.id, feature.id, group, value, len(values), missing, highest)
                )
    return tuple(found)


def _grades(part: FormPart, sheet: Sheet, timepoint: str) -> _Grades:
    return {
        (cell.feature, cell.side, cell.site): score.value
        for cell, score in sheet.items()
        if score.value is not None and cell.timepoint == timepoint and cell.system == part.system.id
    }


def _feature_total(part: FormPart, feature: Feature, grades: _Grades, prorate_from: float) -> Total:
    values = [unit.value for unit in _units(part, feature, grades)]
    n_sites, n_missing = len(values), values.count(None)
    n_assessed = n_sites - n_missing
    observed = _exact_sum(values) if n_assessed else None
    value = None if n_missing else observed
    prorated = value
    if n_missing and observed is not None and not feature.count_of and n_assessed / n_sites >= prorate_from:
        prorated = observed * n_sites / n_assessed
    n_sides = len(part.system.sides_of(feature))
    return Total(
        system=part.system.id,
        feature=feature.id,
        label=feature.label,
        value=value,
        n_sites=n_sites,
        n_missing=n_missing,
        maximum=feature.highest_total * n_sides,
        minimum=feature.lowest_total * n_sides,
        observed=observed,
        prorated=prorated,
    )


def _sum_of(part: FormPart, total_id: str, label: str, summed: Sequence[Total]) -> Total:
    observed = [total.observed for total in summed if total.observed is not None]
    return Total(
        system=part.system.id,
        feature=total_id,
        label=label,
        value=_sum_or_none([total.value for total in summed]),
        n_sites=sum(total.n_sites for total in summed),
        n_missing=sum(total.n_missing for total in summed),
        maximum=sum(total.maximum for total in summed),
        minimum=sum(total.minimum for total in summed),
        observed=sum(observed) if observed else None,
        prorated=_sum_or_none([total.prorated for total in summed]),
    )


def _units(part: FormPart, feature: Feature, grades: _Grades) -> Iterator[_Unit]:
    sides = part.system.sides_of(feature)
    if not feature.count_of:
        for side in sides:
            for site in feature.scored_sites:
                yield _Unit(site.group, grades.get((feature.id, side, site.id)))
        return
    wanted = {site.id for site in feature.sites}
    for counted in part.features:
        if counted.id in feature.count_of:
            for side in sides:
                for site in counted.sites:
                    if site.id in wanted:
                        grade = _grade(counted, side, site, grades)
                        hit = None if grade is None else float(grade >= feature.count_at_least)
                        yield _Unit(site.group, hit)


def _grade(feature: Feature, side: str | None, site: Site, grades: _Grades) -> float | None:
    """Return the grade of a site; of a joint with components their sum, if all of them have one."""
    if not site.components:
        return grades.get((feature.id, side, site.id))
    return _sum_or_none([grades.get((feature.id, side, part.id)) for part in site.components])


def _sum_or_none(values: Sequence[float | None]) -> float | None:
    return None if None in values else sum(value for value in values if value is not None)


def _exact_sum(values: Sequence[float | None]) -> float:
    """Return the sum of the grades there are, added up as whole numbers of half points."""
    halves = sum(round(value * 2) for value in values if value is not None)
    return halves / 2

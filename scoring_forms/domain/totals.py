"""Totals, derived counts and grand totals: always computed, never stored.

A total with a missing site is not a total: empty and not-assessable cells both leave it without
a value (scoring-systems reference, section 4: the strict total).
"""

from __future__ import annotations

from dataclasses import dataclass

from scoring_forms.domain.form import Form, FormPart
from scoring_forms.domain.score import Cell, Sheet
from scoring_forms.domain.systems import Feature

GRAND_TOTAL = "total"


@dataclass(frozen=True, slots=True)
class Total:
    """The sum of one feature at one timepoint, both sides together.

    ``value`` is None while any of the ``n_sites`` expected cells has no grade; ``n_missing``
    counts those. ``maximum`` is the largest value a complete total can have.
    """

    system: str
    feature: str
    label: str
    value: float | None
    n_sites: int
    n_missing: int
    maximum: float


def totals(form: Form, sheet: Sheet, timepoint: str) -> tuple[Total, ...]:
    """Return the totals of every feature at *timepoint*, then grand totals, in form order."""
    found: list[Total] = []
    for part in form.parts:
        by_feature = [_feature_total(part, feature, sheet, timepoint) for feature in part.features]
        found += by_feature
        if part.has_grand_total:
            found.append(_grand_total(part, by_feature))
    return tuple(found)


def _feature_total(part: FormPart, feature: Feature, sheet: Sheet, timepoint: str) -> Total:
    sides = part.system.side_values
    scored = feature.count_of or feature.id
    cells = [
        Cell(timepoint, part.system.id, scored, side, site.id) for side in sides for site in feature.sites
    ]
    scores = [sheet[cell].value for cell in cells if cell in sheet]
    values = [value for value in scores if value is not None]
    if feature.count_of:
        values = [float(value >= feature.count_at_least) for value in values]
    return Total(
        part.system.id,
        feature.id,
        feature.label,
        sum(values) if len(values) == len(cells) else None,
        len(cells),
        len(cells) - len(values),
        feature.highest_total * len(sides),
    )


def _grand_total(part: FormPart, features: list[Total]) -> Total:
    summed = [total for total in features if _is_scored(part, total)]
    values = [total.value for total in summed if total.value is not None]
    return Total(
        part.system.id,
        GRAND_TOTAL,
        "Total",
        sum(values) if len(values) == len(summed) else None,
        sum(total.n_sites for total in summed),
        sum(total.n_missing for total in summed),
        sum(total.maximum for total in summed),
    )


def _is_scored(part: FormPart, total: Total) -> bool:
    return any(feature.id == total.feature for feature in part.scored)

"""Where readers of a round disagree, by the round's adjudication rules.

Readers are compared over the sites that all of them graded at the visits in question. With complete
sheets that is the difference of their totals; a site that one of them could not assess neither hides a
disagreement nor makes one.

Source: statistics reference, section 11.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from scoring_forms.analysis.samples import BoolArray, FloatArray, without_noise
from scoring_forms.analysis.score_cube import ScoreCube, common_totals
from scoring_forms.domain.adjudication_rule import AdjudicationRule
from scoring_forms.domain.measures import Measure


@dataclass(frozen=True, slots=True)
class SiteDifference:
    """One place at one visit that readers graded differently; ``grades`` are in reader order."""

    visit: str
    feature: str
    side: str | None
    site: str
    grades: tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class Disagreement:
    """What sends one subject to adjudication, for one measure.

    Attributes:
        subject: Whose scores differ.
        system: Id of the scoring system.
        feature: What tables call the measure.
        rule: The first rule, in the order of the round, that found it.
        difference: How far the readers lie apart by that rule; None where they cannot be compared.
        sites: The places graded differently, by visit; those that reach N for a ``site`` rule.
    """

    subject: str
    system: str
    feature: str
    rule: AdjudicationRule
    difference: float | None
    sites: tuple[SiteDifference, ...]


def find_disagreements(
    cube: ScoreCube, rules: Sequence[AdjudicationRule], readers: Sequence[str] | None = None
) -> tuple[Disagreement, ...]:
    """Return the disagreements of all subjects with more than one reader, subject by subject.

    Change is each later visit minus the first; any of them beyond the threshold triggers. There is one
    entry per subject and measure. ``site`` looks at what readers fill in, ``all`` at every measure
    that readers fill in, whether they differ or not.

    Args:
        cube: The grades.
        rules: In the order of the round.
        readers: Who is compared: the planned readers. All of the cube's unless given.
    """
    if readers is not None:
        cube = cube.of_readers(readers)
    found: dict[tuple[int, str], Disagreement] = {}
    for rule in rules:
        for measure in cube.measures:
            if _looks_at(rule, measure):
                for row, one in _of_measure(cube, rule, measure):
                    found.setdefault((row, measure.name), one)
    position = {measure.name: i for i, measure in enumerate(cube.measures)}
    return tuple(found[key] for key in sorted(found, key=lambda key: (key[0], position[key[1]])))


def _looks_at(rule: AdjudicationRule, measure: Measure) -> bool:
    if rule.measure is not None:
        return rule.measure == measure.name
    return measure.scale is not None and measure.units[0].at_least is None


def _of_measure(cube: ScoreCube, rule: AdjudicationRule, measure: Measure) -> list[tuple[int, Disagreement]]:
    units = cube.units(measure)
    apart, triggered = _compare(rule, units)
    triggered &= cube.read.any(axis=1).sum(axis=1) > 1
    least = rule.threshold if rule.kind == "site" else 0.0
    return [
        (
            row,
            Disagreement(
                subject=cube.subjects[row],
                system=measure.system,
                feature=measure.feature,
                rule=rule,
                difference=None if np.isnan(apart[row]) else float(apart[row]),
                sites=_sites(cube, measure, units[row], least),
            ),
        )
        for row in np.flatnonzero(triggered).tolist()
    ]


def _compare(rule: AdjudicationRule, units: FloatArray) -> tuple[FloatArray, BoolArray]:
    """Return how far readers lie apart and who is triggered, shape (subjects,) each."""
    if rule.kind == "site":
        apart = _largest(_spread(units), (1, 2))
        return apart, apart >= rule.threshold
    if rule.kind == "status":
        apart = _largest(_spread(common_totals(units)), (1,))
        return apart, apart > rule.threshold
    changes = common_totals(units[:, 1:] - units[:, :1])
    if rule.kind == "progression":
        called = np.where(np.isnan(changes), np.nan, changes > 0)
        disputed = _spread(called) > 0
        apart = _largest(np.where(disputed, _spread(changes), np.nan), (1,))
        return apart, np.logical_or.reduce(disputed, axis=1)
    apart = _largest(_spread(changes), (1,))
    if rule.kind == "all":
        return apart, np.ones(len(units), dtype=np.bool_)
    return apart, apart > rule.threshold


def _spread(values: FloatArray) -> FloatArray:
    """Return largest - smallest over the readers, NaN unless two are there.

    The readers are the last axis of totals, the last but one of units.
    """
    axis = 2
    there = (~np.isnan(values)).sum(axis=axis)
    high = np.where(np.isnan(values), -np.inf, values).max(axis=axis)
    low = np.where(np.isnan(values), np.inf, values).min(axis=axis)
    return without_noise(np.where(there > 1, high, np.nan) - np.where(there > 1, low, np.nan))


def _largest(values: FloatArray, axes: tuple[int, ...]) -> FloatArray:
    """Return the largest value over *axes*, NaN where there is none."""
    largest = np.asarray(np.where(np.isnan(values), -np.inf, values).max(axis=axes, initial=-np.inf))
    return np.where(np.isneginf(largest), np.nan, largest)


def _sites(cube: ScoreCube, measure: Measure, units: FloatArray, least: float) -> tuple[SiteDifference, ...]:
    """Return the places of one subject that differ by *least* or, if that is 0, at all."""
    apart = _spread(units[None])[0]
    chosen = apart >= least if least else apart > 0
    return tuple(
        SiteDifference(
            cube.visits[visit],
            measure.units[unit].feature,
            measure.units[unit].side,
            measure.units[unit].site,
            tuple(None if grade != grade else grade for grade in units[visit, :, unit].tolist()),
        )
        for visit, unit in np.argwhere(chosen).tolist()
    )

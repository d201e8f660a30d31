"""Agreement site by site: exact and close, weighted kappa, and Krippendorff's alpha.

Sites of one subject are not independent: no p and no interval is given for pooled sites.

Source: Cohen, Psychol Bull 1968;70:213-20; Krippendorff, Content Analysis, 2004, chapter 11;
statistics reference, section 8.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from scoring_forms.analysis.figure import NO_PAIRS, ONE_READER, Figure, not_calculable
from scoring_forms.analysis.samples import (
    BoolArray,
    FloatArray,
    IntArray,
    Rows,
    Values,
    complete_rows,
    floats,
    without_noise,
)

Weights = Literal["linear", "quadratic", "unweighted"]
CLOSE = 1.0
_SAME_GRADE = "both readers gave the same grade throughout"
_OFF_SCALE = "a score is not one of the grades"


def grades_of(minimum: float, maximum: float, step: float) -> FloatArray:
    """Return every grade of a scale, used or not: kappa's weights need them all."""
    return minimum + step * np.arange(round((maximum - minimum) / step) + 1, dtype=np.float64)


def change_grades_of(minimum: float, maximum: float, step: float) -> FloatArray:
    """Return every possible change on a scale, from best to worst."""
    return grades_of(minimum - maximum, maximum - minimum, step)


@dataclass(frozen=True, slots=True)
class Kappa:
    """Of ``n`` scores given by both readers; ``n_missing`` lack one."""

    n: int
    n_missing: int
    kappa: Figure
    weights: Weights


def weighted_kappa(
    first: Values, second: Values, grades: Sequence[float] | FloatArray, weights: Weights = "linear"
) -> Kappa:
    """Return Cohen's weighted kappa of two readers.

    Args:
        first: One reader's scores, of one site or of many pooled.
        second: The other's of the same.
        grades: Every grade of the scale in ascending order; unused ones shape the weights too.
        weights: Linear is the default of the statistics reference; a table names the form.

    Raises:
        ValueError: A score is not among *grades*.
    """
    columns = (floats(first)[:, None], floats(second)[:, None])
    return kappa_by_site(*columns, grades, weights)[0]


def kappa_by_site(
    first: Rows, second: Rows, grades: Sequence[float] | FloatArray, weights: Weights = "linear"
) -> tuple[Kappa, ...]:
    """Return one kappa per column; the arguments are as for one, with shape (subjects, sites)."""
    a, b = floats(first), floats(second)
    pairs = ~(np.isnan(a) | np.isnan(b))
    scale = np.asarray(grades, dtype=np.float64)
    grade_a, grade_b = _positions(a, pairs, scale), _positions(b, pairs, scale)
    disagreement = _disagreement(len(scale), weights)
    n = pairs.sum(axis=0)
    seen = np.where(pairs, disagreement[grade_a, grade_b], 0.0).sum(axis=0)
    counts_a, counts_b = (_histograms(grade, pairs, len(scale)) for grade in (grade_a, grade_b))
    by_chance = np.einsum("si,ij,sj->s", counts_a, disagreement, counts_b)
    return tuple(
        Kappa(int(n_site), len(a) - int(n_site), _kappa(int(n_site), seen_site, chance), weights)
        for n_site, seen_site, chance in zip(n.tolist(), seen.tolist(), by_chance.tolist(), strict=True)
    )


def _kappa(n: int, seen: float, by_chance: float) -> Figure:
    """1 - observed / expected disagreement, the same as (Po - Pe) / (1 - Pe)."""
    if not n:
        return not_calculable(NO_PAIRS)
    return Figure(1 - seen * n / by_chance) if by_chance else not_calculable(_SAME_GRADE)


def _disagreement(c: int, weights: Weights) -> FloatArray:
    """Distances between grades; a common factor such as 1/(c-1) cancels in kappa."""
    apart = np.abs(np.subtract.outer(np.arange(c), np.arange(c))).astype(np.float64)
    if weights == "unweighted":
        return (apart > 0).astype(np.float64)
    return apart**2 if weights == "quadratic" else apart


def _positions(scores: FloatArray, pairs: BoolArray, scale: FloatArray) -> IntArray:
    filled = np.where(pairs, without_noise(scores), scale[0])
    found = np.clip(np.searchsorted(scale, filled - 1e-6), 0, len(scale) - 1)
    if np.abs(scale[found] - filled).max(initial=0) > 1e-6:
        raise ValueError(_OFF_SCALE)
    return found


def _histograms(grade: IntArray, pairs: BoolArray, c: int) -> FloatArray:
    """Return how often each site got each grade, shape (sites, c)."""
    given = [np.bincount(grade[pairs[:, site], site], minlength=c) for site in range(grade.shape[1])]
    return np.array(given, dtype=np.float64).reshape(-1, c)


@dataclass(frozen=True, slots=True)
class PercentAgreement:
    """Shares (0 to 1) of ``n`` scores that all readers gave; ``n_missing`` lack one.

    Exact: all the same. Close: largest - smallest ≤ ``close_within``. The pairwise ones are means
    over pairs of readers, and equal to the others where there are two.
    """

    n: int
    n_missing: int
    exact: Figure
    close: Figure
    exact_pairwise: Figure
    close_pairwise: Figure
    close_within: float


def percent_agreement(rows: Rows, close_within: float = CLOSE) -> PercentAgreement:
    """Return exact and close agreement of *rows*: a scored thing a row, a reader a column."""
    table, n_missing = complete_rows(rows)
    n, k = table.shape
    if not n or k < 2:
        nothing = not_calculable(ONE_READER if k < 2 else NO_PAIRS)
        return PercentAgreement(n, n_missing, nothing, nothing, nothing, nothing, close_within)
    pairs = [without_noise(np.abs(table[:, i] - table[:, j])) for i in range(k) for j in range(i)]
    apart = np.maximum.reduce(pairs)  # largest - smallest
    return PercentAgreement(
        n=n,
        n_missing=n_missing,
        exact=_share(apart, 0),
        close=_share(apart, close_within),
        exact_pairwise=_mean_share(pairs, 0),
        close_pairwise=_mean_share(pairs, close_within),
        close_within=close_within,
    )


def _share(apart: FloatArray, within: float) -> Figure:
    return Figure(float((apart <= within).mean()))


def _mean_share(pairs: Sequence[FloatArray], within: float) -> Figure:
    return Figure(float(np.mean([(apart <= within).mean() for apart in pairs])))

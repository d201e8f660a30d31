"""Intraclass correlation: absolute agreement and consistency, of one reader and of their mean.

Source: Shrout and Fleiss, Psychol Bull 1979;86:420-8; intervals: McGraw and Wong, Psychol Methods
1996;1:30-46; statistics reference, section 7.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from scoring_forms.analysis.distributions import f_quantile
from scoring_forms.analysis.figure import (
    ALL_EQUAL,
    ONE_READER,
    TOO_FEW,
    Figure,
    Interval,
    no_interval,
    not_calculable,
)
from scoring_forms.analysis.samples import Rows, complete_rows
from scoring_forms.analysis.variance import MeanSquares, mean_squares

_UPPER = 0.975
_ROUNDING = 1e-9
_NO_ERROR = "the readers differ by a constant at most"
_SAME_MEAN = "all subjects have the same mean score"
_MEANINGLESS = "subjects vary less than the readers' errors"


@dataclass(frozen=True, slots=True)
class Estimate:
    """A coefficient with its 95 % interval."""

    value: Figure
    interval: Interval


@dataclass(frozen=True, slots=True)
class Icc:
    """Of ``n`` subjects that all ``k`` readers scored; ``n_missing`` subjects lack a score.

    Attributes:
        single_agreement: ICC(2,1), McGraw and Wong's ICC(A,1).
        single_consistency: ICC(3,1), ICC(C,1): a reader's constant bias does not count.
        mean_agreement: ICC(2,k), ICC(A,k).
        mean_consistency: ICC(3,k), ICC(C,k).
        squares: The mean squares they come from; None where there are none.
    """

    n: int
    n_missing: int
    k: int
    single_agreement: Estimate
    single_consistency: Estimate
    mean_agreement: Estimate
    mean_consistency: Estimate
    squares: MeanSquares | None = None


def intraclass_correlation(rows: Rows) -> Icc:
    """Return the four coefficients of *rows*: a subject a row, a reader (or reading) a column.

    Negative single-measure values are given as they are; the mean measures mean nothing there and
    are not calculable.
    """
    table, n_missing = complete_rows(rows)
    n, k = table.shape
    squares = mean_squares(table) if n > 1 and k > 1 else None
    problem = _problem(k, squares)
    if squares is None or problem:
        nothing = _nothing(problem)
        return Icc(n, n_missing, k, nothing, nothing, nothing, nothing, squares)
    single_agreement, single_consistency = _single_agreement(squares), _single_consistency(squares)
    return Icc(
        n,
        n_missing,
        k,
        single_agreement,
        single_consistency,
        _mean_agreement(squares, single_agreement.interval),
        _mean_consistency(squares),
        squares,
    )


def _problem(k: int, squares: MeanSquares | None) -> str:
    if k < 2:
        return ONE_READER
    if squares is None:
        return TOO_FEW
    return ALL_EQUAL if squares.subjects == squares.readers == squares.error == 0 else ""


def _nothing(reason: str) -> Estimate:
    return Estimate(not_calculable(reason), no_interval(reason))


def _single_agreement(m: MeanSquares) -> Estimate:
    whole = m.subjects + (m.k - 1) * m.error + m.k * (m.readers - m.error) / m.n
    if whole <= 0:
        return _nothing(_MEANINGLESS)
    icc = (m.subjects - m.error) / whole
    return Estimate(Figure(icc), _agreement_interval(m, icc))


def _agreement_interval(m: MeanSquares, r: float) -> Interval:
    if m.error == 0 or m.subjects == 0:
        return no_interval(_no_ratio(m))
    n, k, ratio = m.n, m.k, m.readers / m.error
    rest = n * (1 + (k - 1) * r) - k * r
    below = (n - 1) * (k * r * ratio) ** 2 + rest**2
    if below == 0:
        return no_interval(_MEANINGLESS)
    v = (k - 1) * (n - 1) * (k * r * ratio + rest) ** 2 / below
    if v <= 0:
        return no_interval(_MEANINGLESS)
    a, b = f_quantile(_UPPER, n - 1, v), f_quantile(_UPPER, v, n - 1)
    others = k * m.readers + (k * n - k - n) * m.error
    ends = (
        (n * (m.subjects - a * m.error), a * others + n * m.subjects),
        (n * (b * m.subjects - m.error), others + n * b * m.subjects),
    )
    if not all(divisor > 0 and math.isfinite(part) and math.isfinite(divisor) for part, divisor in ends):
        return no_interval(_MEANINGLESS)
    low, high = (part / divisor for part, divisor in ends)
    if not low - _ROUNDING <= r <= high + _ROUNDING:
        return no_interval("the approximation fails for agreement below chance")
    return Interval(low, high)


def _mean_agreement(m: MeanSquares, single: Interval) -> Estimate:
    whole = m.subjects + (m.readers - m.error) / m.n
    if _is_noisier(m) or whole <= 0:
        return _nothing(_MEANINGLESS)
    icc = Figure((m.subjects - m.error) / whole)
    if single.low is None or single.high is None:
        return Estimate(icc, single)
    divisors = [1 + end * (m.k - 1) for end in (single.low, single.high)]
    if min(divisors) <= 0:
        return Estimate(icc, no_interval(_MEANINGLESS))
    low, high = (
        end * m.k / divisor for end, divisor in zip((single.low, single.high), divisors, strict=True)
    )
    return Estimate(icc, Interval(low, high))


def _is_noisier(m: MeanSquares) -> bool:
    return m.subjects < m.error * (1 - _ROUNDING)


def _single_consistency(m: MeanSquares) -> Estimate:
    whole = m.subjects + (m.k - 1) * m.error
    if whole == 0:
        return _nothing(_SAME_MEAN)
    icc = Figure((m.subjects - m.error) / whole)
    low, high = _f_limits(m)
    if low is None or high is None:
        return Estimate(icc, no_interval(_no_ratio(m)))
    low, high = ((f - 1) / (f + m.k - 1) for f in (low, high))
    return Estimate(icc, Interval(low, high))


def _mean_consistency(m: MeanSquares) -> Estimate:
    if _is_noisier(m) or m.subjects == 0:
        return _nothing(_MEANINGLESS)
    icc = Figure((m.subjects - m.error) / m.subjects)
    low, high = _f_limits(m)
    if low is None or high is None:
        return Estimate(icc, no_interval(_no_ratio(m)))
    return Estimate(icc, Interval(1 - 1 / low, 1 - 1 / high))


def _f_limits(m: MeanSquares) -> tuple[float | None, float | None]:
    if m.error == 0 or m.subjects == 0:
        return None, None
    f, of_subjects, of_error = m.subjects / m.error, m.n - 1, (m.n - 1) * (m.k - 1)
    return f / f_quantile(_UPPER, of_subjects, of_error), f * f_quantile(_UPPER, of_error, of_subjects)


def _no_ratio(m: MeanSquares) -> str:
    return _NO_ERROR if m.error == 0 else _SAME_MEAN

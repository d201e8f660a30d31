"""Spearman's rank correlation, its interval, and p by permutation where the sample is small.

Source: statistics reference, section 3; Bonett and Wright, Psychometrika 2000;65:23-8.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from scoring_forms.analysis.distributions import Z_95, student_two_sided
from scoring_forms.analysis.figure import Figure, Interval, no_interval, not_calculable
from scoring_forms.analysis.samples import FloatArray, Values, average_ranks, complete_pairs

PERMUTED_BELOW = 10
_ALMOST = 1e-12


@dataclass(frozen=True, slots=True)
class Correlation:
    """Of ``n`` complete pairs; ``n_missing`` pairs had a gap.

    ``p`` is the value to report: by permutation below ten pairs, otherwise by t.
    """

    n: int
    n_missing: int
    rho: Figure
    interval: Interval
    p: Figure
    p_t: Figure
    p_permutation: Figure
    method: str


def spearman(first: Values, second: Values) -> Correlation:
    """Correlate the ranks of two columns, ties at their average rank."""
    x, y, n_missing = complete_pairs(first, second)
    problem = _problem(x, y)
    if problem:
        nothing = not_calculable(problem)
        return Correlation(
            x.size, n_missing, nothing, no_interval(problem), nothing, nothing, nothing, "none"
        )
    ranks_x, ranks_y = _centred_ranks(x), _centred_ranks(y)
    rho = float(np.clip(ranks_x @ ranks_y, -1, 1))
    if 1 - abs(rho) < _ALMOST:
        rho = math.copysign(1.0, rho)
    few = x.size < PERMUTED_BELOW
    p_t = Figure(p_of_rho(rho, x.size))
    permuted = _permutation_p(ranks_x, ranks_y) if few else not_calculable("used below ten pairs only")
    return Correlation(
        n=x.size,
        n_missing=n_missing,
        rho=Figure(rho),
        interval=_interval(rho, x.size),
        p=permuted if few else p_t,
        p_t=p_t,
        p_permutation=permuted,
        method="permutation" if few else "t",
    )


def p_of_rho(rho: float, n: int) -> float:
    """Return the two-sided p of a coefficient from n ≥ 3 pairs, by t with n - 2 degrees of freedom."""
    if abs(rho) >= 1:
        return 0.0
    return student_two_sided(rho * math.sqrt((n - 2) / (1 - rho * rho)), n - 2)


def _problem(x: FloatArray, y: FloatArray) -> str:
    if x.size < 3:
        return "there are fewer than three complete pairs"
    if np.ptp(x) == 0 or np.ptp(y) == 0:
        return "one of the two has the same value in all subjects"
    return ""


def _centred_ranks(values: FloatArray) -> FloatArray:
    """Average ranks, mean 0 and length 1, so that a product of two is their correlation."""
    ranks = average_ranks(values)
    ranks = ranks - ranks.mean()
    return ranks / math.sqrt(float(ranks @ ranks))


def _interval(rho: float, n: int) -> Interval:
    """Fisher's z with the standard error of Bonett and Wright."""
    if n < 4:
        return no_interval("there are fewer than four complete pairs")
    if abs(rho) == 1:
        return no_interval("the correlation is perfect")
    half_width = Z_95 * math.sqrt((1 + rho * rho / 2) / (n - 3))
    centre = math.atanh(rho)
    return Interval(math.tanh(centre - half_width), math.tanh(centre + half_width))


def _permutation_p(x: FloatArray, y: FloatArray) -> Figure:
    """Twice the smaller tail over all orders of *y*; at most 9! = 362,880 of them."""
    found = (y[_orders(y.size)] @ x).ravel()
    seen = float(x @ y)
    low, high = float((found <= seen + _ALMOST).mean()), float((found >= seen - _ALMOST).mean())
    return Figure(min(1.0, 2 * min(low, high)))


@lru_cache(maxsize=1)
def _orders(n: int) -> np.ndarray[tuple[int, int], np.dtype[np.int8]]:
    """Return all orders of 0..n-1, shape (n!, n): each new number in every place of the shorter ones."""
    orders = np.zeros((1, 1), np.int8)
    for number in range(1, n):
        new = np.full((len(orders), 1), number, np.int8)
        orders = np.concatenate(
            [np.hstack([orders[:, :place], new, orders[:, place:]]) for place in range(number + 1)]
        )
    return orders

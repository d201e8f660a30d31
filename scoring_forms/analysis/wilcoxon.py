"""The Wilcoxon signed-rank test with Pratt's zeros, exact and by the normal approximation.

Scores change little, so many differences are 0. Pratt ranks the zeros with the others and drops
them afterwards: they still dilute the ranks. scipy's ``method="exact"`` knows neither zeros nor
ties, so the conditional distribution is computed here.

Source: Pratt, J Am Stat Assoc 1959;54:655-67; statistics reference, section 2.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np

from scoring_forms.analysis.distributions import normal_two_sided
from scoring_forms.analysis.figure import NO_PAIRS, Figure, not_calculable
from scoring_forms.analysis.samples import FloatArray, Values, average_ranks, observed, without_noise

Method = Literal["auto", "exact", "asymptotic"]
Zeros = Literal["pratt", "dropped"]

EXACT_UP_TO = 50
_FEW = 6
_NO_CHANGE = "no score changed"


@dataclass(frozen=True, slots=True)
class SignedRank:
    """The test of ``n`` differences, ``n_zero`` of them 0; ``n_missing`` pairs were incomplete.

    ``p`` is the value to report, made by ``method``; the three others stand beside it.
    ``warning`` is empty or one sentence.
    """

    n: int
    n_missing: int
    n_zero: int
    w_plus: float
    w_minus: float
    expected: float
    variance: float
    z: Figure
    p: Figure
    p_exact: Figure
    p_asymptotic: Figure
    p_corrected: Figure
    method: str
    warning: str

    @property
    def n_nonzero(self) -> int:
        """The differences that are not 0."""
        return self.n - self.n_zero

    @property
    def statistic(self) -> float:
        """T, the smaller of the two rank sums."""
        return min(self.w_plus, self.w_minus)


def signed_rank(differences: Values, method: Method = "auto", zeros: Zeros = "pratt") -> SignedRank:
    """Test whether the differences lie around 0, two-sided.

    Args:
        differences: Later - earlier, one per subject; missing pairs are left out and counted.
        method: ``auto`` is exact up to 50 non-zero differences, above it asymptotic without
            continuity correction.
        zeros: ``dropped`` is the ordinary Wilcoxon test, for comparison with older software.
    """
    there, n_missing = observed(differences)
    d = without_noise(there)
    if zeros == "dropped":
        d = d[d != 0]
    ranks = average_ranks(np.abs(d))
    kept, positive = ranks[d != 0], d[d != 0] > 0
    n, n_zero = d.size, d.size - kept.size
    w_plus, w_minus = float(kept[positive].sum()), float(kept[~positive].sum())
    expected = (n * (n + 1) - n_zero * (n_zero + 1)) / 4
    variance = _variance(n, n_zero, kept)
    z, asymptotic, corrected = _approximate(w_plus - expected, variance)
    chosen = _chosen(method, kept.size)
    exact = _exact_p(kept, w_plus) if chosen == "exact" or kept.size <= EXACT_UP_TO else _too_many()
    if not there.size:
        exact = not_calculable(NO_PAIRS)
    return SignedRank(
        n=n,
        n_missing=n_missing,
        n_zero=n_zero,
        w_plus=w_plus,
        w_minus=w_minus,
        expected=expected,
        variance=variance,
        z=z,
        p=exact if chosen == "exact" or not kept.size else asymptotic,
        p_exact=exact,
        p_asymptotic=asymptotic,
        p_corrected=corrected,
        method=f"{'Wilcoxon-Pratt' if zeros == 'pratt' else 'Wilcoxon, zeros dropped'}, {chosen}",
        warning=_warning(kept.size),
    )


def _variance(n: int, n_zero: int, kept: FloatArray) -> float:
    """The variance of W+ with Pratt's zeros and tied groups of *kept* ranks."""
    _, tied = np.unique(kept, return_counts=True)
    ties = float((tied.astype(np.float64) ** 3 - tied).sum()) / 48
    return (n * (n + 1) * (2 * n + 1) - n_zero * (n_zero + 1) * (2 * n_zero + 1)) / 24 - ties


def _approximate(distance: float, variance: float) -> tuple[Figure, Figure, Figure]:
    """Z, p and p with continuity correction of W+ at *distance* from its expectation."""
    if variance <= 0:
        nothing = not_calculable(_NO_CHANGE)
        return nothing, nothing, nothing
    spread = math.sqrt(variance)
    nearer = max(abs(distance) - 0.5, 0.0)
    p_values = (normal_two_sided(distance / spread), normal_two_sided(nearer / spread))
    return Figure(distance / spread), Figure(p_values[0]), Figure(p_values[1])


def _exact_p(kept: FloatArray, w_plus: float) -> Figure:
    """Return p given the ranks *kept*: every sign is + or - with probability 1/2.

    Ranks are doubled to be whole; ``share[s]`` is the probability that the ranks so far sum to s.
    """
    doubled = np.rint(2 * kept).astype(np.int64)
    share = np.zeros(int(doubled.sum()) + 1)
    share[0] = 1.0
    reached = 0
    for rank in np.sort(doubled).tolist():
        share[rank : reached + rank + 1] += share[: reached + 1].copy()
        reached += rank
        share[: reached + 1] /= 2
    w = round(2 * w_plus)
    return Figure(min(1.0, 2 * min(float(share[: w + 1].sum()), float(share[w:].sum()))))


def _too_many() -> Figure:
    return not_calculable(f"it is made up to {EXACT_UP_TO} changed scores")


def _chosen(method: Method, n_nonzero: int) -> str:
    if method == "auto":
        return "exact" if n_nonzero <= EXACT_UP_TO else "asymptotic"
    return method


def _warning(n_nonzero: int) -> str:
    if n_nonzero >= _FEW or n_nonzero == 0:
        return ""
    smallest = min(1.0, 2 / 2**n_nonzero)
    changed = "1 score" if n_nonzero == 1 else f"{n_nonzero} scores"
    return f"only {changed} changed: the exact p cannot be below {smallest:g}"

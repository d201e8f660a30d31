"""Standardised response mean: how large a mean change is, measured in its own spread.

The interval is a bootstrap over subjects. Many subjects share a value, so a resample is drawn as
counts of the distinct values: the same distribution, a fraction of the work, and an interval that
does not depend on the order of the subjects.

Source: statistics reference, section 4; Liang, Fossel and Larson, Med Care 1990;28:632-42;
BCa: Efron, J Am Stat Assoc 1987;82:171-85.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scoring_forms.analysis.distributions import Z_95, normal_below, normal_quantile
from scoring_forms.analysis.figure import NO_PAIRS, TOO_FEW, Figure, Interval, no_interval, not_calculable
from scoring_forms.analysis.samples import FloatArray, Values, observed, without_noise

RESAMPLES = 1999
"""Efron and Tibshirani (An Introduction to the Bootstrap, 1993) ask for at least 1000 for BCa."""
SEED = 20_050_101
_FEWEST_FOR_INTERVAL = 4
_NO_SPREAD = "all subjects changed by the same amount"


@dataclass(frozen=True, slots=True)
class ResponseMean:
    """Of ``n`` changes; ``n_missing`` subjects lack a visit."""

    n: int
    n_missing: int
    mean: Figure
    sd: Figure
    srm: Figure
    interval: Interval


def standardised_response_mean(change: Values, resamples: int = RESAMPLES, seed: int = SEED) -> ResponseMean:
    """Return mean / SD of the changes with its sign, and a BCa interval of 95 %.

    Args:
        change: Later - earlier, one per subject.
        resamples: 0 leaves the interval out.
        seed: The same seed and changes give the same interval, in any order of the subjects.
    """
    there, n_missing = observed(change)
    d = np.sort(without_noise(there))
    if d.size < 2:
        few = not_calculable(TOO_FEW if d.size else NO_PAIRS)
        mean = Figure(float(d.mean())) if d.size else few
        return ResponseMean(d.size, n_missing, mean, few, few, no_interval(few.reason))
    mean = Figure(float(d.mean()))
    if np.ptp(d) == 0:
        nothing = no_interval(_NO_SPREAD)
        return ResponseMean(d.size, n_missing, mean, Figure(0.0), not_calculable(_NO_SPREAD), nothing)
    sd = float(d.std(ddof=1))
    srm = float(d.mean()) / sd
    return ResponseMean(d.size, n_missing, mean, Figure(sd), Figure(srm), _bca(d, srm, resamples, seed))


def _bca(d: FloatArray, srm: float, resamples: int, seed: int) -> Interval:
    """The bias-corrected and accelerated bootstrap interval of *srm*."""
    if d.size < _FEWEST_FOR_INTERVAL or not resamples:
        return no_interval(
            f"it needs at least {_FEWEST_FOR_INTERVAL} subjects" if resamples else "not asked for"
        )
    found = _resampled(d, resamples, seed)
    if found.size < 0.9 * resamples:
        return no_interval("too few subjects changed differently to resample them")
    below = (float((found < srm).sum()) + float((found <= srm).sum())) / (2 * found.size)
    if not 0 < below < 1:
        return no_interval("no resample lies on one side of the estimate")
    bias, acceleration = normal_quantile(below), _acceleration(d)
    shares = [_adjusted(bias, acceleration, z) for z in (-Z_95, Z_95)]
    low, high = np.quantile(found, shares).tolist()
    return Interval(low, high)


def _resampled(d: FloatArray, resamples: int, seed: int) -> FloatArray:
    """SRM of resamples drawn with replacement; those without spread are left out."""
    values, counts = np.unique(d, return_counts=True)
    random = np.random.default_rng(seed)
    drawn = random.multinomial(d.size, counts / d.size, size=resamples).astype(np.float64)
    mean = drawn @ values / d.size
    variance = (drawn @ (values * values) - d.size * mean * mean) / (d.size - 1)
    spread = (drawn > 0).sum(axis=1) > 1
    return mean[spread] / np.sqrt(variance[spread])


def _acceleration(d: FloatArray) -> float:
    """A sixth of the skewness of the SRMs that each leave one subject out."""
    m = d.size - 1
    mean = (d.sum() - d) / m
    variance = ((d * d).sum() - d * d - m * mean * mean) / (m - 1)
    if not (variance > 1e-12).all():
        return 0.0  # one subject alone makes the spread
    srm = mean / np.sqrt(variance)
    away = srm.mean() - srm
    below = float((away**2).sum()) ** 1.5
    return float((away**3).sum()) / (6 * below) if below > 0 else 0.0


def _adjusted(bias: float, acceleration: float, z: float) -> float:
    shifted = bias + z
    below = 1 - acceleration * shifted
    return normal_below(bias + shifted / below) if below > 0 else float(shifted > 0)

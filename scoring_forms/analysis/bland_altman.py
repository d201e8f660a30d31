"""Bias and limits of agreement of two readers or readings.

Source: Bland and Altman, Lancet 1986;1:307-10, and Stat Methods Med Res 1999;8:135-60; statistics
reference, section 9.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from scoring_forms.analysis.distributions import student_quantile
from scoring_forms.analysis.figure import (
    NO_PAIRS,
    TOO_FEW,
    Figure,
    Interval,
    interval_around,
    no_interval,
    not_calculable,
)
from scoring_forms.analysis.samples import FloatArray, Values, complete_pairs, without_noise

_FACTOR = 1.96


@dataclass(frozen=True, slots=True, eq=False)
class BlandAltman:
    """First - second of ``n`` pairs; ``n_missing`` pairs had a gap.

    ``mean`` and ``difference`` are the points of the plot, shape (n,); many coincide.
    """

    n: int
    n_missing: int
    mean: FloatArray
    difference: FloatArray
    bias: Figure
    sd: Figure
    limits: Interval
    bias_interval: Interval
    lower_limit_interval: Interval
    upper_limit_interval: Interval


def bland_altman(first: Values, second: Values) -> BlandAltman:
    """Return bias ± 1.96 SD of the differences, with 95 % intervals of all three lines."""
    a, b, n_missing = complete_pairs(first, second)
    difference = without_noise(a - b)
    n = difference.size
    bias = Figure(float(difference.mean())) if n else not_calculable(NO_PAIRS)
    if bias.value is None or n < 2:
        reason = TOO_FEW if n else NO_PAIRS
        nothing = no_interval(reason)
        lines = (nothing, nothing, nothing, nothing)
        return BlandAltman(n, n_missing, (a + b) / 2, difference, bias, not_calculable(reason), *lines)
    sd = float(difference.std(ddof=1))
    limits = interval_around(bias.value, _FACTOR * sd)
    t = student_quantile(0.975, n - 1)
    of_limit = t * sd * math.sqrt(1 / n + _FACTOR**2 / (2 * (n - 1)))
    return BlandAltman(
        n=n,
        n_missing=n_missing,
        mean=(a + b) / 2,
        difference=difference,
        bias=bias,
        sd=Figure(sd),
        limits=limits,
        bias_interval=interval_around(bias.value, t * sd / np.sqrt(n)),
        lower_limit_interval=interval_around(bias.value - _FACTOR * sd, of_limit),
        upper_limit_interval=interval_around(bias.value + _FACTOR * sd, of_limit),
    )

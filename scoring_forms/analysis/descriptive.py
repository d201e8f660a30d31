"""What the scores of one visit look like: median, range, quantiles, mean and spread."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scoring_forms.analysis.figure import NO_SCORES, TOO_FEW, Figure, not_calculable
from scoring_forms.analysis.samples import FloatArray, Values, observed


@dataclass(frozen=True, slots=True)
class Summary:
    """Of ``n`` scores; ``n_missing`` were not there and are left out."""

    n: int
    n_missing: int
    median: Figure
    minimum: Figure
    maximum: Figure
    lower_quartile: Figure
    upper_quartile: Figure
    mean: Figure
    sd: Figure


def summarise(values: Values) -> Summary:
    """Return the summary of *values*.

    The median of an even number is the mean of the two middle values; quartiles are interpolated
    linearly; the standard deviation divides by n - 1.

    Source: statistics reference, section 1; Hyndman and Fan, Am Stat 1996;50:361-5, type 7.
    """
    there, n_missing = observed(values)
    if not there.size:
        nothing = not_calculable(NO_SCORES)
        return Summary(0, n_missing, *(nothing,) * 7)
    low, lower, middle, upper, high = np.quantile(there, [0, 0.25, 0.5, 0.75, 1]).tolist()
    return Summary(
        n=there.size,
        n_missing=n_missing,
        median=Figure(middle),
        minimum=Figure(low),
        maximum=Figure(high),
        lower_quartile=Figure(lower),
        upper_quartile=Figure(upper),
        mean=Figure(float(there.mean())),
        sd=_sd(there),
    )


def _sd(there: FloatArray) -> Figure:
    return Figure(float(there.std(ddof=1))) if there.size > 1 else not_calculable(TOO_FEW)

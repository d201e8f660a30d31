"""Change within a subject: later minus earlier, so that positive is worse."""

from __future__ import annotations

from dataclasses import dataclass

from scoring_forms.analysis.samples import FloatArray, Values, floats, observed, without_noise


@dataclass(frozen=True, slots=True)
class Directions:
    """How many subjects got worse, stayed and got better; the three add up to ``n``."""

    n: int
    n_missing: int
    increase: int
    no_change: int
    decrease: int


def changes(earlier: Values, later: Values) -> FloatArray:
    """Return later - earlier per subject, NaN where one of the two is missing."""
    return without_noise(floats(later) - floats(earlier))


def directions(change: Values) -> Directions:
    """Count the subjects whose change is above, at and below 0 (tolerance 1e-9).

    Any change counts; beyond measurement error see :mod:`scoring_forms.analysis.detectable`.

    Source: statistics reference, section 5.
    """
    there, n_missing = observed(change)
    exact = without_noise(there)
    up, down = int((exact > 0).sum()), int((exact < 0).sum())
    return Directions(exact.size, n_missing, up, exact.size - up - down, down)

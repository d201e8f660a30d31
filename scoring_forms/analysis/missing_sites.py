"""Totals and changes where sites are not assessable; nothing is filled in without being named.

Source: scoring-systems reference, section 4.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scoring_forms.analysis.figure import Figure, not_calculable
from scoring_forms.analysis.samples import FloatArray, Rows, Values, floats, without_noise

PRORATE_FROM = 0.8


@dataclass(frozen=True, slots=True)
class SiteTotal:
    """One feature at one visit: what was seen, and what may be said of the whole."""

    n_sites: int
    n_assessed: int
    observed_sum: float
    strict: Figure
    prorated: Figure

    @property
    def completeness(self) -> float:
        """The assessed share of the sites, 0 to 1."""
        return self.n_assessed / self.n_sites if self.n_sites else 0.0


def site_total(sites: Values, prorate_from: float = PRORATE_FROM) -> SiteTotal:
    """Return the totals of one feature.

    Args:
        sites: One grade per expected site, NaN or None where not assessable.
        prorate_from: The share of assessed sites from which the prorated total
            (observed sum x expected / assessed) is offered; it is an estimate and to be flagged.
    """
    grades = floats(sites)
    there = grades[~np.isnan(grades)]
    n_sites, n_assessed, total = grades.size, there.size, float(there.sum())
    lacking = f"{n_sites - n_assessed} of {n_sites} sites are not assessable"
    strict = Figure(total) if n_assessed == n_sites else not_calculable(lacking)
    enough = n_assessed > 0 and n_assessed >= prorate_from * n_sites
    prorated = Figure(total * n_sites / n_assessed) if enough else not_calculable(lacking)
    return SiteTotal(n_sites, n_assessed, total, strict, prorated)


@dataclass(frozen=True, slots=True)
class CommonSiteChange:
    """Change over the sites assessed at both visits, a subject a row.

    Attributes:
        change: Shape (n,), NaN where no site is common.
        n_common: Shape (n,), how many sites the change of a subject rests on.
        n_sites: How many were expected.
    """

    change: FloatArray
    n_common: FloatArray
    n_sites: int


def common_site_change(earlier: Rows, later: Rows) -> CommonSiteChange:
    """Return the change of each subject over the sites assessed at both visits.

    Args:
        earlier: Shape (n, sites), NaN or None where not assessable.
        later: The same sites in the same order.
    """
    difference = floats(later) - floats(earlier)
    n_common = (~np.isnan(difference)).sum(axis=-1).astype(np.float64)
    summed = without_noise(np.nansum(difference, axis=-1))
    return CommonSiteChange(np.where(n_common > 0, summed, np.nan), n_common, difference.shape[-1])

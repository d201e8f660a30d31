"""Change where sites are not assessable: over those seen at both visits, and nothing filled in.

Totals of one visit with missing sites are :mod:`scoring_forms.domain.totals`.

Source: scoring-systems reference, section 4.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scoring_forms.analysis.samples import FloatArray, IntArray, Rows, floats, without_noise


@dataclass(frozen=True, slots=True)
class CommonSiteChange:
    """Change over the sites assessed at both visits, a subject a row.

    Attributes:
        change: Shape (n,) or (...), NaN where no site is common.
        n_common: The same shape: how many sites a change rests on.
        n_sites: How many were expected.
    """

    change: FloatArray
    n_common: IntArray
    n_sites: int


def common_site_change(earlier: Rows, later: Rows) -> CommonSiteChange:
    """Return the change of each subject over the sites assessed at both visits.

    Args:
        earlier: Shape (n, sites) or (..., sites), NaN or None where not assessable.
        later: The same sites in the same order.
    """
    difference = floats(later) - floats(earlier)
    n_common = (~np.isnan(difference)).sum(axis=-1)
    summed = without_noise(np.nansum(difference, axis=-1))
    return CommonSiteChange(np.where(n_common > 0, summed, np.nan), n_common, difference.shape[-1])

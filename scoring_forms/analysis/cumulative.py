"""The cumulative probability plot: every subject is one point.

Source: van der Heijde and Landewé, Ann Rheum Dis 2003;62(Suppl 2):ii10-12; statistics reference,
section 10, which chooses the plotting position (i - 0.5)/n.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scoring_forms.analysis.samples import FloatArray, IntArray, Values, observed


@dataclass(frozen=True, slots=True, eq=False)
class CumulativeProbability:
    """The points of one curve from best to worst; ``n_missing`` subjects have no change.

    Attributes:
        percent: Shape (n,), 0 to 100.
        change: Shape (n,), ascending; ties stay a flat run.
        subjects: Shape (n,), the position of each point's subject among the changes given.
    """

    n: int
    n_missing: int
    percent: FloatArray
    change: FloatArray
    subjects: IntArray


def cumulative_probability(change: Values) -> CumulativeProbability:
    """Return the points of the plot of *change*; none where nobody has one."""
    there, n_missing = observed(change)
    order = np.argsort(np.asarray(change, dtype=np.float64), kind="stable")[: there.size]
    n = there.size
    percent = 100 * (np.arange(1, n + 1) - 0.5) / max(n, 1)
    return CumulativeProbability(n, n_missing, percent, np.sort(there), order)

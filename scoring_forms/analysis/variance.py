"""The two-way analysis of variance, subjects by readers, that ICC and SDC stand on."""

from __future__ import annotations

from dataclasses import dataclass

from scoring_forms.analysis.samples import FloatArray

_NEGLIGIBLE = 1e-13


@dataclass(frozen=True, slots=True)
class MeanSquares:
    """Mean squares of ``n`` subjects x ``k`` readers without gaps, both at least 2."""

    n: int
    k: int
    subjects: float
    readers: float
    error: float


def mean_squares(rows: FloatArray) -> MeanSquares:
    """Return the mean squares of *rows*, shape (n, k); what is only rounding noise is 0.

    Source: Shrout and Fleiss, Psychol Bull 1979;86:420-8.
    """
    n, k = rows.shape
    grand = float(rows.mean())
    by_subject, by_reader = rows.mean(axis=1), rows.mean(axis=0)
    residual = rows - by_subject[:, None] - by_reader[None, :] + grand
    sums = (
        k * float(((by_subject - grand) ** 2).sum()),
        n * float(((by_reader - grand) ** 2).sum()),
        float((residual**2).sum()),
    )
    floor = _NEGLIGIBLE * max(float((rows**2).sum()), sum(sums))
    subjects, readers, error = (found if found > floor else 0.0 for found in sums)
    return MeanSquares(n, k, subjects / (n - 1), readers / (k - 1), error / ((n - 1) * (k - 1)))

"""Krippendorff's alpha for ordered grades: several readers, gaps allowed.

Source: Krippendorff, Content Analysis, 2nd ed., 2004, chapter 11.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scoring_forms.analysis.figure import ALL_EQUAL, NO_SCORES, Figure, not_calculable
from scoring_forms.analysis.samples import FloatArray, Rows, floats, without_noise


@dataclass(frozen=True, slots=True)
class Alpha:
    """Of ``n`` things scored by at least two readers; ``n_missing`` were not."""

    n: int
    n_missing: int
    alpha: Figure


def krippendorff_alpha(rows: Rows) -> Alpha:
    """Return the ordinal alpha of *rows*: a scored thing a row, a reader a column, NaN for a gap.

    Grades that nobody gave do not change an ordinal alpha.
    """
    table = without_noise(floats(rows))
    useful = table[(~np.isnan(table)).sum(axis=1) > 1]
    n_missing = len(table) - len(useful)
    if not len(useful):
        return Alpha(0, n_missing, not_calculable(NO_SCORES))
    counts = _counts(useful)
    frequency = counts.sum(axis=0)
    if len(frequency) < 2:
        return Alpha(len(useful), n_missing, not_calculable(ALL_EQUAL))
    distance = _ordinal_distance(frequency)
    pairs_of = counts.sum(axis=1) - 1
    coincidence = (counts / pairs_of[:, None]).T @ counts  # same-reader pairs lie on the diagonal: distance 0
    seen = float((coincidence * distance).sum())
    by_chance = float((np.outer(frequency, frequency) * distance).sum()) / (float(frequency.sum()) - 1)
    return Alpha(len(useful), n_missing, Figure(1 - seen / by_chance))


def _counts(table: FloatArray) -> FloatArray:
    """Return how often each row got each grade, shape (rows, grades in use)."""
    row, column = np.nonzero(~np.isnan(table))
    grades, grade = np.unique(table[row, column], return_inverse=True)
    counts = np.bincount(row * len(grades) + grade, minlength=len(table) * len(grades))
    return counts.reshape(len(table), len(grades)).astype(np.float64)


def _ordinal_distance(frequency: FloatArray) -> FloatArray:
    """Squared number of scores between two grades, both ends counted by half."""
    middle = np.cumsum(frequency) - frequency / 2
    return np.subtract.outer(middle, middle) ** 2

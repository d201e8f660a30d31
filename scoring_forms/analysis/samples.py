"""Scores as arrays: NaN is a score that is not there, rows are subjects, columns are readers.

Whoever calls may write None for a missing score. Nothing is filled in: an incomplete row is left
out and counted.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

FloatArray: TypeAlias = NDArray[np.float64]
IntArray: TypeAlias = NDArray[np.intp]
BoolArray: TypeAlias = NDArray[np.bool_]
Values: TypeAlias = Sequence[float | None] | FloatArray
Rows: TypeAlias = Sequence[Sequence[float | None]] | FloatArray

_DECIMALS = 9


def floats(values: Values | Rows) -> FloatArray:
    """Return *values* as float64 with NaN for None."""
    return np.asarray(values, dtype=np.float64)


def observed(values: Values) -> tuple[FloatArray, int]:
    """Return the values that are there, and how many are not."""
    array = floats(values)
    there = array[~np.isnan(array)]
    return there, array.size - there.size


def complete_rows(rows: Rows) -> tuple[FloatArray, int]:
    """Return the rows without a gap, shape (n, k), and how many rows have one."""
    table = floats(rows)
    if table.ndim == 1:
        table = table.reshape(-1, 1)
    whole = np.logical_and.reduce(~np.isnan(table.T))
    return table[whole], int((~whole).sum())


def complete_pairs(first: Values, second: Values) -> tuple[FloatArray, FloatArray, int]:
    """Return both columns where neither has a gap, and how many pairs have one.

    Raises:
        ValueError: The columns differ in length.
    """
    rows, n_missing = complete_rows(np.stack([floats(first), floats(second)], axis=1))
    return rows[:, 0], rows[:, 1], n_missing


def without_noise(values: FloatArray) -> FloatArray:
    """Return *values* rounded to nine decimals, so that equal differences of means are equal.

    The mean of three readers is not exact in binary: 1/3 + 1/3 - 2/3 must count as no change and
    tie with other zeros (statistics reference, sections 0 and 2).
    """
    return np.round(values, _DECIMALS) + 0.0  # no negative zero


def average_ranks(values: FloatArray) -> FloatArray:
    """Return the ranks from 1; equal values share the mean of their ranks."""
    _, group, size = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(size)
    return (last - (size - 1) / 2)[group]

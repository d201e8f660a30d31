"""Quantiles and tail areas; the one place that calls scipy, and only when a number is wanted.

scipy has no types: what it returns becomes a float here.
"""

from __future__ import annotations

import math
from importlib import import_module
from typing import Any

Z_95 = 1.959963984540054
"""The 97.5 % point of the normal distribution; published conventions use 1.96 instead."""


def normal_two_sided(z: float) -> float:
    """Return the probability of a standard normal value at least as far from 0 as *z*."""
    return math.erfc(abs(z) / math.sqrt(2))


def normal_below(z: float) -> float:
    """Return the probability of a standard normal value below *z*."""
    return math.erfc(-z / math.sqrt(2)) / 2


def normal_quantile(share: float) -> float:
    """Return the value that *share* of a standard normal distribution lies below."""
    return float(_special().ndtri(share))


def student_two_sided(t: float, degrees: float) -> float:
    """Return the probability of a Student t value at least as far from 0 as *t*."""
    return 2 * float(_special().stdtr(degrees, -abs(t)))


def student_quantile(share: float, degrees: float) -> float:
    """Return the value that *share* of Student's t distribution lies below."""
    return float(_special().stdtrit(degrees, share))


def f_quantile(share: float, numerator: float, denominator: float) -> float:
    """Return the value that *share* of the F distribution lies below."""
    return float(_special().fdtri(numerator, denominator, share))


def _special() -> Any:
    return import_module("scipy.special")

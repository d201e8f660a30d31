"""From several readers to one final score; original scores are never touched.

The readers are chosen once per subject, by the change that was compared, and used for every visit
and every feature of that subject. So final change = final follow-up - final baseline; choosing
visit by visit would break that.

Source: statistics reference, section 11.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from scoring_forms.analysis.samples import FloatArray
from scoring_forms.domain.adjudication_rule import Method

FIRST, SECOND, ADJUDICATOR = 0, 1, 2

Origin = Literal[
    "single_reader",
    "primary_mean",
    "mean_of_two_closest",
    "mean_of_three",
    "adjudicator",
    "consensus",
    "adjudication_pending",
    "not_calculable",
]
_TIE = 1e-9


@dataclass(frozen=True, slots=True)
class Decision:
    """Whose scores make a subject's final ones: their mean; nobody's while it is pending.

    ``readers`` are columns: the planned readers in order, then the adjudicator.
    """

    readers: tuple[int, ...]
    origin: Origin


PENDING = Decision((), "adjudication_pending")


def adjudicated(values: tuple[float, float, float] | None, method: Method) -> Decision:
    """Choose the readers of a subject that an adjudicator has read.

    Args:
        values: The compared score of both planned readers and the adjudicator; None if one of them
            has none, which only the two closest need.
        method: What an adjudication does.
    """
    if method == "adjudicator" or method == "consensus":
        return Decision((ADJUDICATOR,), method)
    if method == "mean_of_all":
        return Decision((FIRST, SECOND, ADJUDICATOR), "mean_of_three")
    return _two_closest(values) if values else Decision((), "not_calculable")


def _two_closest(values: tuple[float, float, float]) -> Decision:
    low, middle, high = sorted(range(3), key=lambda reader: (values[reader], reader))
    gap = (values[high] - values[middle]) - (values[middle] - values[low])
    if abs(gap) <= _TIE:
        return Decision((FIRST, SECOND, ADJUDICATOR), "mean_of_three")
    closest = (low, middle) if gap > 0 else (middle, high)
    return Decision((min(closest), max(closest)), "mean_of_two_closest")


def undisputed(n_readers: int) -> Decision:
    """Return the decision of a round without adjudication: the mean of all planned readers."""
    return Decision(tuple(range(n_readers)), "primary_mean" if n_readers > 1 else "single_reader")


def final_scores(scores: Sequence[object] | FloatArray, decision: Decision) -> FloatArray:
    """Return the final scores of one subject.

    Args:
        scores: Shape (readers, ...), such as (readers, visits) or (readers, visits, features);
            NaN where a reader has no total.
        decision: Whose scores count.

    Returns:
        The shape without its first axis; NaN where a chosen reader has no score, and everywhere
        while the adjudication is pending.
    """
    table = np.asarray(scores, dtype=np.float64)
    if not decision.readers:
        return np.full(table.shape[1:], np.nan)
    return table[list(decision.readers)].mean(axis=0)

"""One score of two rounds on the same subjects, such as MRI at week 12 and radiographs at week 36."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from scoring_forms.analysis.concordance import Concordance, concordance, progressed
from scoring_forms.analysis.spearman import Correlation, spearman


@dataclass(frozen=True, slots=True)
class RoundComparison:
    """Two scores per subject, None where there is none; every figure counts those who lack one.

    ``subjects`` are those of either round, sorted; ``concordance`` is of progression.
    """

    subjects: tuple[str, ...]
    first: tuple[float | None, ...]
    second: tuple[float | None, ...]
    correlation: Correlation
    concordance: Concordance


def compare_rounds(
    first: Mapping[str, float | None],
    second: Mapping[str, float | None],
    *,
    first_above: float = 0.0,
    second_above: float = 0.0,
) -> RoundComparison:
    """Compare a score (a change, a baseline) of one round with one of another.

    Args:
        first: By subject; NaN counts as None.
        second: By subject.
        first_above: Above which a change of the first round is progression: 0, 0.5 or its SDC.
        second_above: The same of the second.
    """
    subjects = tuple(sorted(first.keys() | second.keys()))
    one, other = ([_there(scores.get(subject)) for subject in subjects] for scores in (first, second))
    return RoundComparison(
        subjects,
        tuple(one),
        tuple(other),
        spearman(one, other),
        concordance(progressed(one, first_above), progressed(other, second_above)),
    )


def _there(score: float | None) -> float | None:
    return None if score is None or score != score else score

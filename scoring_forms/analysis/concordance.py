"""Two yes-or-no answers on the same subjects, such as progression in two rounds.

"9 of the 10 patients with MRI progression at week 12 had X-ray progression at week 36."

Source: statistics reference, section 16; Cohen, Educ Psychol Meas 1960;20:37-46; Fisher's exact
test with the two-sided p that sums all tables as likely or less.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import comb

from scoring_forms.analysis.figure import NO_PAIRS, Figure, not_calculable
from scoring_forms.analysis.samples import Values, floats, without_noise

_AS_LIKELY = 1 + 1e-7


@dataclass(frozen=True, slots=True)
class Concordance:
    """The fourfold table of ``n`` subjects with both answers; ``n_missing`` lack one.

    ``second_among_first`` is the share of those with the first who also have the second.
    """

    n: int
    n_missing: int
    both: int
    first_only: int
    second_only: int
    neither: int
    agreement: Figure
    kappa: Figure
    second_among_first: Figure
    second_among_others: Figure
    fisher_p: Figure


def progressed(change: Values, above: float = 0.0) -> tuple[bool | None, ...]:
    """Return per subject whether the change lies above a limit, None where there is no change."""
    exact = without_noise(floats(change))
    return tuple(None if value != value else value > above for value in exact.tolist())


def concordance(first: Sequence[bool | None], second: Sequence[bool | None]) -> Concordance:
    """Compare two answers per subject.

    Raises:
        ValueError: The two do not have the same length.
    """
    pairs = [(a, b) for a, b in zip(first, second, strict=True) if a is not None and b is not None]
    both, first_only = pairs.count((True, True)), pairs.count((True, False))
    second_only, neither = pairs.count((False, True)), pairs.count((False, False))
    n = len(pairs)
    return Concordance(
        n=n,
        n_missing=len(first) - n,
        both=both,
        first_only=first_only,
        second_only=second_only,
        neither=neither,
        agreement=_share(both + neither, n, NO_PAIRS),
        kappa=_kappa(both, first_only, second_only, neither),
        second_among_first=_share(both, both + first_only, "nobody has the first"),
        second_among_others=_share(second_only, second_only + neither, "everybody has the first"),
        fisher_p=_fisher(both, first_only, second_only, neither),
    )


def _share(part: int, whole: int, reason: str) -> Figure:
    return Figure(part / whole) if whole else not_calculable(reason)


def _kappa(a: int, b: int, c: int, d: int) -> Figure:
    n = a + b + c + d
    if not n:
        return not_calculable(NO_PAIRS)
    by_chance = (a + b) * (a + c) + (c + d) * (b + d)
    if by_chance == n * n:
        return not_calculable("all subjects have the same answer in both")
    return Figure((n * (a + d) - by_chance) / (n * n - by_chance))


def _fisher(a: int, b: int, c: int, d: int) -> Figure:
    if not a + b + c + d:
        return not_calculable(NO_PAIRS)
    row, other, column = a + b, c + d, a + c
    ways = [
        comb(row, x) * comb(other, column - x) for x in range(max(0, column - other), min(row, column) + 1)
    ]
    seen = comb(row, a) * comb(other, c)
    return Figure(min(1.0, sum(way for way in ways if way <= seen * _AS_LIKELY) / sum(ways)))

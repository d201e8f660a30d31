"""Who reads what in which order: drawn once for a round, stored, never recomputed.

Pure functions of their arguments. The generator is numpy's ``Generator(PCG64(seed))`` with a
seed of 128 bits; the codes come from the operating system's generator instead, so that even the
published seed does not tell them.
"""

from __future__ import annotations

import math
import secrets
import string
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

ALPHABET = "23456789ABCDFGHJKMNPQRTUVWXYZ"
"""No 0/O, 1/I/L, 5/S in doubt, and no E, which would let a spreadsheet read 12E34 as a number."""
CODE_LENGTH = 5
LETTERS = string.ascii_uppercase
DESIGNS = ("paired", "single", "chronological")
SEED_BITS = 128
_TRIES = 20


@dataclass(frozen=True, slots=True)
class PlannedCase:
    """One case of a reader's list; ``visits[0]`` is shown as timepoint A, and so on."""

    subject: str
    visits: tuple[str, ...]
    repeat: bool = False

    @property
    def letters(self) -> tuple[tuple[str, str], ...]:
        """Timepoint letter and visit, in the order of the letters."""
        return tuple(zip(LETTERS, self.visits, strict=False))


def draw_seed() -> int:
    """Return a seed of 128 random bits from the operating system."""
    return secrets.randbits(SEED_BITS)


def draw_codes(count: int, taken: Collection[str] = ()) -> tuple[str, ...]:
    """Return *count* random codes of five characters, no two alike and none of *taken*."""
    used = set(taken)
    codes: list[str] = []
    while len(codes) < count:
        code = "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))
        if code not in used:
            used.add(code)
            codes.append(code)
    return tuple(codes)


def draw_orders(
    timepoints: Mapping[str, Sequence[str]],
    readers: Sequence[str],
    design: str,
    repeat: float,
    seed: int,
) -> dict[str, tuple[PlannedCase, ...]]:
    """Return every reader's cases in reading order.

    Args:
        timepoints: Subject to its visits in time order; the mapping's order does not matter.
        readers: Who reads; each gets an order of its own.
        design: ``"paired"`` (all visits of a subject in one case, letters drawn),
            ``"chronological"`` (the same, letters in time order) or ``"single"`` (every visit a
            case of its own).
        repeat: Share of the cases that are shown a second time, 0 to 1; any share above 0 gives
            at least one.
        seed: Seed of the generator; the same arguments give the same orders.
    """
    generator = np.random.Generator(np.random.PCG64(seed))
    return {reader: _draw_order(timepoints, design, repeat, generator) for reader in readers}


def _draw_order(
    timepoints: Mapping[str, Sequence[str]], design: str, repeat: float, generator: np.random.Generator
) -> tuple[PlannedCase, ...]:
    cases = [
        case
        for subject in sorted(timepoints)
        for case in _cases_of(subject, tuple(timepoints[subject]), design)
    ]
    n_repeats = math.ceil(round(repeat * len(cases), 9))
    cases += [cases[int(index)] for index in generator.permutation(len(cases))[:n_repeats]]
    in_order = _spread(cases, generator)
    return _mark_repeats([_with_letters(case, design, generator) for case in in_order])


def _cases_of(subject: str, visits: tuple[str, ...], design: str) -> list[PlannedCase]:
    if design == "single":
        return [PlannedCase(subject, (visit,)) for visit in visits]
    return [PlannedCase(subject, visits)]


def _with_letters(case: PlannedCase, design: str, generator: np.random.Generator) -> PlannedCase:
    if design == "chronological":
        return case
    order = generator.permutation(len(case.visits))
    return PlannedCase(case.subject, tuple(case.visits[int(index)] for index in order))


def _mark_repeats(cases: Sequence[PlannedCase]) -> tuple[PlannedCase, ...]:
    """Call the later one of two equal cases the repeat."""
    seen: set[tuple[str, frozenset[str]]] = set()
    marked: list[PlannedCase] = []
    for case in cases:
        key = (case.subject, frozenset(case.visits))
        marked.append(PlannedCase(case.subject, case.visits, repeat=key in seen))
        seen.add(key)
    return tuple(marked)


def _spread(cases: Sequence[PlannedCase], generator: np.random.Generator) -> list[PlannedCase]:
    """Shuffle so that cases of one subject lie as far apart as half the number of subjects, if possible."""
    shuffled = [cases[int(index)] for index in generator.permutation(len(cases))]
    by_subject: dict[str, list[PlannedCase]] = {}
    for case in shuffled:
        by_subject.setdefault(case.subject, []).append(case)
    if len(by_subject) == len(cases):
        return shuffled
    for gap in range(len(by_subject) // 2, 0, -1):
        for _ in range(_TRIES):
            order = _place(by_subject, len(cases), gap, generator)
            if order is not None:
                return order
    return shuffled


def _place(
    by_subject: Mapping[str, Sequence[PlannedCase]], count: int, gap: int, generator: np.random.Generator
) -> list[PlannedCase] | None:
    """Fill position by position with a subject not among the last *gap*; None at a dead end.

    Subjects with more cases left are likelier, so that the last positions do not run out of others.
    """
    left = {subject: list(cases) for subject, cases in by_subject.items()}
    order: list[PlannedCase] = []
    while len(order) < count:
        recent = {case.subject for case in order[-gap:]}
        open_subjects = [subject for subject, cases in left.items() if cases and subject not in recent]
        if not open_subjects:
            return None
        weights = np.array([float(len(left[subject])) for subject in open_subjects]) ** 2
        pick = int(generator.choice(len(open_subjects), p=weights / weights.sum()))
        order.append(left[open_subjects[pick]].pop())
    return order

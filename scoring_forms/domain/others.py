"""What two readers scored before, as an adjudicator sees it: Reader 1 and Reader 2 of a case."""

from __future__ import annotations

from collections.abc import Iterable

from scoring_forms.domain.score import Cell, Score, Sheet

Others = tuple[Sheet, Sheet]
"""The sheets of Reader 1 and Reader 2; both empty where nobody is adjudicated."""

NOBODY: Others = ({}, {})


def pair(others: Others, cell: Cell) -> tuple[Score | None, Score | None]:
    """Return what Reader 1 and Reader 2 scored in a cell."""
    return others[0].get(cell), others[1].get(cell)


def differ(others: Others, cell: Cell) -> bool:
    """Whether one of the two readers gave another grade, or none where the other gave one."""
    first, second = pair(others, cell)
    return (first and first.value) != (second and second.value)


def disagreements(others: Others, cells: Iterable[Cell]) -> tuple[Cell, ...]:
    """Return the cells in which the two differ, in the order of *cells*."""
    return tuple(cell for cell in cells if differ(others, cell))


def agreed(others: Others, cells: Iterable[Cell]) -> dict[Cell, Score]:
    """Return what both scored alike, grade or reason, in those of *cells* where they did."""
    both = {cell: others[0][cell] for cell in cells if cell in others[0] and cell in others[1]}
    return {cell: score for cell, score in both.items() if score == others[1][cell]}

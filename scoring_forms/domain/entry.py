"""The order in which cells are filled in, and what typed digits mean."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from scoring_forms.domain.form import FormPart
from scoring_forms.domain.score import Cell
from scoring_forms.domain.scoring_system import Feature, Site

DISPLAYED_SIDES = ("R", "L")
"""Films hang with the right hand on the viewer's left, so its column comes first."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a score table: a timepoint, of one hand in two-sided systems."""

    timepoint: str
    side: str | None


@dataclass(frozen=True, slots=True)
class FeatureSheet:
    """One feature laid out as a table: sites down, timepoints (of each hand) across."""

    part: FormPart
    feature: Feature
    columns: tuple[Column, ...]

    def cell(self, site: Site, column: Column) -> Cell:
        """Return the cell of *site* in *column*."""
        return Cell(column.timepoint, self.part.system.id, self.feature.id, column.side, site.id)

    def column_of(self, cell: Cell) -> Column:
        """Return the column *cell* stands in."""
        return Column(cell.timepoint, cell.side)

    def cells(self, *, across: bool) -> tuple[Cell, ...]:
        """Return all cells in reading order: down each column, or *across* the timepoints of each site."""
        if across:
            return tuple(
                self.cell(site, column) for site in self.feature.scored_sites for column in self.columns
            )
        return tuple(self.cell(site, column) for column in self.columns for site in self.feature.scored_sites)


def feature_sheet(part: FormPart, feature: Feature, timepoints: Sequence[str]) -> FeatureSheet:
    """Return *feature* laid out for these timepoints."""
    sides = (None,) if part.system.sides == 1 else DISPLAYED_SIDES
    columns = tuple(Column(timepoint, side) for timepoint in timepoints for side in sides)
    return FeatureSheet(part, feature, columns)


@dataclass(frozen=True, slots=True)
class Typed:
    """What a digit makes of a cell: a value, and whether more digits may follow in the same cell."""

    value: float
    open: bool = False


def typed_digit(feature: Feature, digit: int, pending: float | None) -> Typed | None:
    """Return what *digit* means after *pending*, the value an unfinished entry has so far.

    ``1`` is a grade of its own and the beginning of ``10`` where the scale goes that far. None where the
    digit makes no grade of this feature.
    """
    if pending is not None:
        longer = pending * 10 + digit
        return Typed(longer) if feature.allows(longer) else None
    if not feature.allows(digit):
        return None
    may_go_on = digit > 0 and any(feature.allows(digit * 10 + more) for more in range(10))
    return Typed(float(digit), open=may_go_on)

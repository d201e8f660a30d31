"""A cell of a form as the columns that the tables of a reading have for it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row

from scoring_forms.domain.score import Cell


def cell_row(cell: Cell) -> dict[str, str | None]:
    """Return the columns of *cell*."""
    return {
        "timepoint": cell.timepoint,
        "system": cell.system,
        "feature": cell.feature,
        "side": cell.side,
        "site": cell.site,
    }


def cell_of(row: Row[Any]) -> Cell:
    """Return the cell that a row has in its columns."""
    return Cell(row.timepoint, row.system, row.feature, row.side, row.site)

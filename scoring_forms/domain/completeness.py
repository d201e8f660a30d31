"""Which cells of a case still have no entry."""

from __future__ import annotations

from collections.abc import Iterable

from scoring_forms.domain.form import Form
from scoring_forms.domain.score import Cell, Sheet


def missing_cells(form: Form, sheet: Sheet, timepoints: Iterable[str]) -> tuple[Cell, ...]:
    """Return the empty cells in form order; a not-assessable entry is not empty."""
    return tuple(cell for cell in form.cells(timepoints) if cell not in sheet)

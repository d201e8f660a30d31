"""What keys mean in the score table before any score: characters, plain keys, and moves over its cells."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QKeyEvent

from scoring_forms.domain.score import Cell
from scoring_forms.widgets.score_model import ScoreModel

MOVES: dict[int, tuple[int, int]] = {
    Qt.Key.Key_Up: (-1, 0),
    Qt.Key.Key_Down: (1, 0),
    Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Right: (0, 1),
}
"""Rows and columns that a key goes."""

GROUP_MOVES: dict[int, int] = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
"""Groups of sites that a key goes together with Ctrl."""


def is_plain(event: QKeyEvent) -> bool:
    """Whether a key is pressed alone."""
    return not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier


def writes(event: QKeyEvent) -> bool:
    """Whether *event* is a character: where digits or the slash need Shift, Shift is no command."""
    commands = (
        Qt.KeyboardModifier.ControlModifier
        | Qt.KeyboardModifier.AltModifier
        | Qt.KeyboardModifier.MetaModifier
    )
    return not event.modifiers() & commands


def neighbour(model: ScoreModel, here: QModelIndex, rows: int, columns: int) -> Cell | None:
    """Return the nearest cell in a direction, over headings and features not scored at a site."""
    row, column = here.row() + rows, here.column() + columns
    while 0 <= row < model.rowCount() and 1 <= column < model.columnCount():
        cell = model.cell(model.index(row, column))
        if cell is not None:
            return cell
        row, column = row + rows, column + columns
    return None


def first_of_group(model: ScoreModel, here: QModelIndex, steps: int) -> Cell | None:
    """Return the first cell of another group of sites in this column; None past the ends."""
    headings = model.heading_rows()
    target = sum(row < here.row() for row in headings) - 1 + steps
    if not 0 <= target < len(headings):
        return None
    cells = (
        model.cell(model.index(row, here.column())) for row in range(headings[target] + 1, model.rowCount())
    )
    return next((cell for cell in cells if cell is not None), None)

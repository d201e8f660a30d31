"""The scores of the open case: every change is saved before anything else happens, and can be undone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from scoring_forms.domain.completeness import missing_cells
from scoring_forms.domain.score import Cell, Score
from storage.reading.reading import Reading


@dataclass(frozen=True, slots=True)
class Change:
    """What one command did: for each cell the score before and after; None is empty."""

    cells: tuple[tuple[Cell, Score | None, Score | None], ...]


class CaseScores:
    """The sheet of one case with its undo history, which ends with the case.

    Every method that changes something returns the time of the commit. When it raises, nothing
    changed: neither on disk nor here.
    """

    def __init__(self, reading: Reading, code: str, letters: Sequence[str]) -> None:
        self._reading = reading
        self._letters = tuple(letters)
        self.code = code
        self.sheet: dict[Cell, Score] = dict(reading.sheet(code))
        self._done: list[Change] = []
        self._undone: list[Change] = []

    @property
    def missing(self) -> tuple[Cell, ...]:
        """The empty cells, in form order."""
        return missing_cells(self._reading.form, self.sheet, self._letters)

    @property
    def can_undo(self) -> bool:
        """Whether there is something to take back."""
        return bool(self._done)

    @property
    def can_redo(self) -> bool:
        """Whether something was taken back."""
        return bool(self._undone)

    def enter(self, cell: Cell, score: Score | None) -> datetime | None:
        """Set or clear one cell; None when that changes nothing."""
        if self.sheet.get(cell) == score:
            return None
        return self._do({cell: score}, _action(score))

    def fill(self, cells: Sequence[Cell], score: Score) -> datetime | None:
        """Set many empty cells in one deliberate command, recorded as such."""
        return self._do(dict.fromkeys(cells, score), "score.fill") if cells else None

    def mark_not_assessable(self, cells: Sequence[Cell], score: Score) -> datetime | None:
        """Set cells to not assessable in one command."""
        return self._do(dict.fromkeys(cells, score), "score.not_assessable") if cells else None

    def undo(self) -> tuple[datetime, Cell] | None:
        """Take back the last change; returns when and its first cell."""
        if not self._done:
            return None
        change = self._done[-1]
        saved = self._write([(cell, before) for cell, before, _ in change.cells], "score.undo")
        self._undone.append(self._done.pop())
        return saved, change.cells[0][0]

    def redo(self) -> tuple[datetime, Cell] | None:
        """Do again what was taken back last; returns when and its first cell."""
        if not self._undone:
            return None
        change = self._undone[-1]
        saved = self._write([(cell, after) for cell, _, after in change.cells], "score.redo")
        self._done.append(self._undone.pop())
        return saved, change.cells[0][0]

    def _do(self, wanted: dict[Cell, Score | None] | dict[Cell, Score], action: str) -> datetime:
        change = Change(tuple((cell, self.sheet.get(cell), score) for cell, score in wanted.items()))
        saved = self._write(list(wanted.items()), action)
        self._done.append(change)
        self._undone.clear()
        return saved

    def _write(self, changes: Sequence[tuple[Cell, Score | None]], action: str) -> datetime:
        saved = self._reading.record(self.code, changes, action)
        for cell, score in changes:
            if score is None:
                self.sheet.pop(cell, None)
            else:
                self.sheet[cell] = score
        return saved


def _action(score: Score | None) -> str:
    if score is None:
        return "score.cleared"
    return "score.set" if score.value is not None else "score.not_assessable"

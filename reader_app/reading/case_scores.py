"""The scores of the open case: every change is saved before anything else happens, and can be undone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial

from reader_app.reading.active_time import ActiveClock
from reader_app.reading.history import History, Step
from scoring_forms.domain.completeness import missing_cells
from scoring_forms.domain.score import Cell, Score
from storage.reading.reading import Reading
from storage.reading.scores import CONSENSUS, REDO, UNDO


class CaseScores:
    """The sheet of one case with its history, which ends with the case and is that of its marks and remarks.

    Every method that changes something returns the time of the commit. When it raises, nothing
    changed: neither on disk nor here.
    """

    def __init__(
        self, reading: Reading, code: str, letters: Sequence[str], clock: ActiveClock | None = None
    ) -> None:
        self._reading = reading
        self._letters = tuple(letters)
        self.code = code
        self.sheet: dict[Cell, Score] = dict(reading.sheet(code))
        self.consensus: frozenset[Cell] = reading.consensus(code)
        self.history = History()
        self.clock = clock or ActiveClock()

    @property
    def missing(self) -> tuple[Cell, ...]:
        """The empty cells, in form order."""
        return missing_cells(self._reading.form, self.sheet, self._letters)

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

    def take(self, scores: Mapping[Cell, Score], action: str) -> datetime:
        """Set cells, at least one, to what other readers scored, in one command recorded as *action*."""
        return self._do(scores, action)

    def agree(self, cell: Cell) -> datetime:
        """State that the score of a filled cell was agreed in a consensus; another entry ends that."""
        return self._do({cell: self.sheet[cell]}, CONSENSUS)

    def withdraw(self, cell: Cell) -> datetime:
        """Let the score of a filled cell be the adjudicator's own again."""
        score = self.sheet[cell]
        return self._do({cell: score}, _action(score))

    def _do(self, wanted: Mapping[Cell, Score | None] | Mapping[Cell, Score], action: str) -> datetime:
        before = [(cell, self.sheet.get(cell)) for cell in wanted]
        after = list(wanted.items())
        agreed_before = self.consensus & wanted.keys()
        agreed = frozenset(wanted if action == CONSENSUS else ())
        saved = self._write(after, action, agreed)
        undo = partial(self._write, before, UNDO, agreed_before)
        redo = partial(self._write, after, REDO, agreed)
        self.history.did(Step(before[0][0], undo, redo))
        return saved

    def _write(
        self, changes: Sequence[tuple[Cell, Score | None]], action: str, agreed: frozenset[Cell]
    ) -> datetime:
        times = self.clock.unstored() if self.clock.is_due else {}
        with self._reading.transaction():
            saved = self._reading.record(self.code, changes, action)
            self._add_times(times)
        self.clock.stored(times)
        for cell, score in changes:
            if score is None:
                self.sheet.pop(cell, None)
            else:
                self.sheet[cell] = score
        self.consensus = self.consensus.difference(cell for cell, _ in changes) | agreed
        return saved

    def store_times(self) -> None:
        """Keep the time at work that is not kept yet; call it before the case is left or signed."""
        self.clock.act()
        times = self.clock.unstored()
        with self._reading.transaction():
            self._add_times(times)
        self.clock.stored(times)

    def _add_times(self, times: Mapping[Cell | None, int]) -> None:
        for cell, milliseconds in times.items():
            self._reading.add_active_time(self.code, cell, milliseconds)


def _action(score: Score | None) -> str:
    if score is None:
        return "score.cleared"
    return "score.set" if score.value is not None else "score.not_assessable"

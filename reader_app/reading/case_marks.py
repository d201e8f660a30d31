"""The marks of the open case: every change is saved before anything else happens, and can be undone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial

from reader_app.reading.history import History, Step
from reader_app.reading.shown_marks import site_of
from scoring_forms.domain.evidence import Gap, Shown, evidence_of
from scoring_forms.domain.marks import Mark
from scoring_forms.domain.score import Cell
from scoring_forms.domain.volume_fraction import VolumeEstimate, estimate_volume
from storage.reading.reading import Reading


class CaseMarks:
    """The marks of one case; they share the history of its scores.

    Every method that changes something returns the time after the commit. When it raises, nothing
    changed: neither on disk nor here. ``revision`` rises with every change, also with those taken back.
    """

    def __init__(self, reading: Reading, code: str, history: History) -> None:
        self._reading, self._code, self._history = reading, code, history
        self._marks = {mark.id: mark for mark in reading.marks(code)}
        self.overrides = reading.evidence_overrides(code)
        self.newest = 0
        self.revision = 0

    @property
    def marks(self) -> tuple[Mark, ...]:
        """All marks, by number."""
        return tuple(mark for _, mark in sorted(self._marks.items()))

    def find(self, mark_id: int) -> Mark | None:
        """Return the mark of a number; None where there is none (any more)."""
        return self._marks.get(mark_id)

    def of_cell(self, cell: Cell) -> tuple[Mark, ...]:
        """Return the marks of one score."""
        return tuple(mark for mark in self.marks if mark.cell == cell)

    def of_site(self, cell: Cell) -> tuple[Mark, ...]:
        """Return the marks of a cell's site at every timepoint and for every feature."""
        return tuple(mark for mark in self.marks if site_of(mark.cell) == site_of(cell))

    def evidence(self, cell: Cell) -> Shown:
        """Return what the marks of a cell show of what its feature asks for."""
        asked = self._reading.form.item(cell).feature.evidence
        return evidence_of(asked, self.of_cell(cell), self._reading.rules)

    def estimate(self, cell: Cell) -> VolumeEstimate:
        """Return the share of the bone that the outlines of a cell say is taken, and the grade it implies.

        Raises:
            NoEstimateError: The outlines allow none; says what is missing.
        """
        return estimate_volume(self._reading.form.item(cell).feature.volume_scale, self.of_cell(cell))

    @property
    def are_required(self) -> bool:
        """Whether the round lets nobody sign grades that lack marks, unless a reason is given."""
        return self._reading.rules.evidence == "required"

    def gaps(self) -> tuple[Gap, ...]:
        """Return the grades that lack marks and have no reason instead; none where none are asked for."""
        return self._reading.evidence_gaps(self._code)

    def add(self, mark: Mark) -> datetime:
        """Keep a new mark; ``newest`` is then its number."""
        added = self._reading.add_mark(self._code, mark)
        self._marks[added.id] = added
        self.newest = added.id
        self._did(added, partial(self._delete, added.id), partial(self._restore, added.id))
        return self._done()

    def change(self, mark: Mark) -> datetime:
        """Put *mark* in the place of the one with its number."""
        before = self._marks[mark.id]
        saved = self._change(mark)
        self._did(mark, partial(self._change, before), partial(self._change, mark))
        return saved

    def delete(self, mark: Mark) -> datetime:
        """Take a mark away."""
        saved = self._delete(mark.id)
        self._did(mark, partial(self._restore, mark.id), partial(self._delete, mark.id))
        return saved

    def explain(self, cell: Cell, reason: str | None) -> datetime | None:
        """Keep why a score stands without the marks it should have; None takes the reason back.

        Returns:
            When, or None where that changes nothing.
        """
        before = self.overrides.get(cell)
        if reason == before:
            return None
        saved = self._explain(cell, reason)
        undo, redo = partial(self._explain, cell, before), partial(self._explain, cell, reason)
        self._history.did(Step(cell, undo, redo, "the reason why this grade stands without marks"))
        return saved

    def _explain(self, cell: Cell, reason: str | None) -> datetime:
        self._reading.set_evidence_override(self._code, cell, reason)
        if reason is None:
            self.overrides.pop(cell, None)
        else:
            self.overrides[cell] = reason
        return self._done()

    def _did(self, mark: Mark, undo: Callable[[], datetime], redo: Callable[[], datetime]) -> None:
        self._history.did(Step(mark.cell, undo, redo, f"mark {mark.id}"))

    def _change(self, mark: Mark) -> datetime:
        self._marks[mark.id] = self._reading.change_mark(self._code, mark)
        return self._done()

    def _delete(self, mark_id: int) -> datetime:
        self._reading.delete_mark(self._code, mark_id)
        self._marks.pop(mark_id, None)
        return self._done()

    def _restore(self, mark_id: int) -> datetime:
        self._marks[mark_id] = self._reading.restore_mark(self._code, mark_id)
        return self._done()

    def _done(self) -> datetime:
        self.revision += 1
        return datetime.now(UTC)

"""Comments and confidence of the open case: every change is saved before anything else, and can be undone."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial

from reader_app.reading.history import History, Step
from scoring_forms.domain.score import Cell
from scoring_forms.widgets.notes import Note
from storage.annotations import CommentKey
from storage.reading.reading import Reading

_CASE: CommentKey = (None, None)


class CaseRemarks:
    """What the reader says of one case beside its scores; it shares their history.

    Every method that changes something returns the time after the commit. When it raises, nothing
    changed: neither on disk nor here.
    """

    def __init__(self, reading: Reading, code: str, history: History) -> None:
        self._reading, self._code, self._history = reading, code, history
        self._comments = reading.comments(code)
        self._confidences = reading.confidences(code)

    @property
    def of_case(self) -> str:
        """What the reader says of the case as a whole, or nothing."""
        return self._comments.get(_CASE, "")

    def comment(self, cell: Cell | None) -> str:
        """Return what is said of a cell, or with None of the case."""
        return self._comments.get(_key(cell), "")

    def notes(self) -> dict[Cell, Note]:
        """Return what is noted beside the grades."""
        cells = {cell for _, cell in self._comments if cell is not None} | self._confidences.keys()
        return {cell: Note(self.comment(cell), self._confidences.get(cell)) for cell in cells}

    def set_comment(self, cell: Cell | None, words: str, what: str) -> datetime | None:
        """Keep what is said of a cell, or with None of the case; nothing takes it away.

        Args:
            cell: What it is about.
            words: The comment.
            what: Names the step for the reader, when it is taken back.

        Returns:
            When, or None where that changes nothing.
        """
        before = self.comment(cell)
        if words == before:
            return None
        write = partial(self._write_comment, cell)
        saved = write(words)
        self._history.did(Step(cell, partial(write, before), partial(write, words), what))
        return saved

    def set_confidence(self, cell: Cell, level: int | None, what: str) -> datetime | None:
        """Keep how sure the reader is of a score; None takes it away, the same changes nothing."""
        before = self._confidences.get(cell)
        if level == before:
            return None
        write = partial(self._write_confidence, cell)
        saved = write(level)
        self._history.did(Step(cell, partial(write, before), partial(write, level), what))
        return saved

    def _write_comment(self, cell: Cell | None, words: str) -> datetime:
        self._reading.set_comment(self._code, *_key(cell), words)
        if words:
            self._comments[_key(cell)] = words
        else:
            self._comments.pop(_key(cell), None)
        return datetime.now(UTC)

    def _write_confidence(self, cell: Cell, level: int | None) -> datetime:
        self._reading.set_confidence(self._code, cell, level)
        if level is None:
            self._confidences.pop(cell, None)
        else:
            self._confidences[cell] = level
        return datetime.now(UTC)


def _key(cell: Cell | None) -> CommentKey:
    return (None, None) if cell is None else (cell.timepoint, cell)

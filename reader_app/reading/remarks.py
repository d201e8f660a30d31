"""What keys do with comments and confidence of the open case; saved like scores, shown beside them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from reader_app.reading.dialogs import cell_in_words
from reader_app.reading.score_commands import ScoreCommands
from reader_app.reading.words_dialog import WordsDialog
from scoring_forms.domain.score import Cell
from scoring_forms.widgets.notes import CONFIDENCE_WORDS, Note
from scoring_forms.widgets.score_panel import ScorePanel
from storage.annotations import CommentKey
from storage.reading.reading import Reading

_CASE: CommentKey = (None, None)


class Remarks(QObject):
    """Comments and confidence of one case; with the case they leave the screen."""

    said = Signal(str)
    case_comment_changed = Signal(str)

    def __init__(self, reading: Reading, scoring: ScoreCommands, panel: ScorePanel, window: QWidget) -> None:
        super().__init__(window)
        self._reading, self._scoring, self._panel, self._window = reading, scoring, panel, window
        self._comments: dict[CommentKey, str] = {}
        self._confidences: dict[Cell, int] = {}

    def open_case(self, comments: dict[CommentKey, str], confidences: dict[Cell, int]) -> None:
        """Show those of a case."""
        self._comments, self._confidences = dict(comments), dict(confidences)
        self._show()

    def leave_case(self) -> None:
        """Forget those of the case."""
        self._comments, self._confidences = {}, {}

    @property
    def case_comment(self) -> str:
        """What the reader says of the case, or nothing."""
        return self._comments.get(_CASE, "")

    # -- comments ------------------------------------------------------------------------------------------

    def comment_on_site(self) -> None:
        """Ask for a comment on the current cell."""
        cell = self._panel.current_cell
        if cell is not None:
            what = cell_in_words(self._reading.form, cell)
            self._ask((cell.timepoint, cell), what)

    def comment_on_case(self) -> None:
        """Ask for a comment on the whole case."""
        scores = self._scoring.scores
        if scores is not None:
            self._ask(_CASE, f"Case {scores.code}")

    def _ask(self, key: CommentKey, what: str) -> None:
        if not self._may_change():
            return
        before = self._comments.get(key, "")
        dialog = WordsDialog("Comment", what, self._window, words=before, needed=False)
        if dialog.exec() and dialog.words != before:
            self._keep_comment(key, dialog.words)

    def _keep_comment(self, key: CommentKey, words: str) -> None:
        def change(code: str) -> None:
            self._reading.set_comment(code, *key, words)
            if words:
                self._comments[key] = words
            else:
                self._comments.pop(key, None)

        self._save(change)

    # -- confidence ----------------------------------------------------------------------------------------

    def unsure(self) -> None:
        """Keep that the reader is unsure of the current score."""
        self._set_confidence(1)

    def fairly_sure(self) -> None:
        """Keep that the reader is fairly sure of the current score."""
        self._set_confidence(2)

    def sure(self) -> None:
        """Keep that the reader is sure of the current score."""
        self._set_confidence(3)

    def forget_confidence(self) -> None:
        """Keep no confidence of the current score."""
        self._set_confidence(None)

    def _set_confidence(self, level: int | None) -> None:
        cell = self._panel.current_cell
        if not self._reading.rules.confidence:
            self.said.emit("This round does not ask how sure you are.")
        elif cell is not None and self._may_change():
            self._keep_confidence(cell, level)

    def _keep_confidence(self, cell: Cell, level: int | None) -> None:
        def change(code: str) -> None:
            self._reading.set_confidence(code, cell, level)
            if level is None:
                self._confidences.pop(cell, None)
            else:
                self._confidences[cell] = level
            words = CONFIDENCE_WORDS.get(level or 0, "no confidence")
            self.said.emit(f"{cell_in_words(self._reading.form, cell)}: {words}.")

        self._save(change)

    # -- both ----------------------------------------------------------------------------------------------

    def _may_change(self) -> bool:
        if self._scoring.scores is not None and self._scoring.locked:
            self.said.emit("This case is signed: nothing of it can be changed.")
        return self._scoring.scores is not None and not self._scoring.locked

    def _save(self, change: Callable[[str], None]) -> None:
        scores = self._scoring.scores
        if scores is None:
            return

        def saved() -> datetime:
            change(scores.code)
            return datetime.now(UTC)

        self._scoring.save(saved)
        self._show()

    def _show(self) -> None:
        cells = {cell for _, cell in self._comments if cell is not None} | self._confidences.keys()
        notes = {
            cell: Note(self._comments.get((cell.timepoint, cell), ""), self._confidences.get(cell))
            for cell in cells
        }
        self._panel.show_notes(notes)
        self.case_comment_changed.emit(self.case_comment)

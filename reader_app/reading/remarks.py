"""What keys do with comments and confidence of the open case; saved like scores, shown beside them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from reader_app.reading.case_remarks import CaseRemarks
from reader_app.reading.dialogs import cell_in_words
from reader_app.reading.score_commands import ScoreCommands
from reader_app.reading.words_dialog import WordsDialog
from scoring_forms.domain.score import Cell
from scoring_forms.widgets.notes import CONFIDENCE_WORDS
from scoring_forms.widgets.score_panel import ScorePanel
from storage.reading.reading import Reading


class Remarks(QObject):
    """One method a command; ``remarks`` is None while no case is open."""

    said = Signal(str)
    case_comment_changed = Signal(str)

    def __init__(self, reading: Reading, scoring: ScoreCommands, panel: ScorePanel, window: QWidget) -> None:
        super().__init__(window)
        self._reading, self._scoring, self._panel, self._window = reading, scoring, panel, window
        self._shown_comment = ""
        self.remarks: CaseRemarks | None = None
        scoring.saved.connect(self._show)  # also what was taken back

    def open_case(self, remarks: CaseRemarks) -> None:
        """Show those of a case."""
        self.remarks = remarks
        self._show()

    def leave_case(self) -> None:
        """Forget those of the case."""
        self.remarks = None
        self._shown_comment = ""

    @property
    def case_comment(self) -> str:
        """What the reader says of the case, or nothing."""
        return self.remarks.of_case if self.remarks is not None else ""

    # -- comments ------------------------------------------------------------------------------------------

    def comment_on_site(self) -> None:
        """Ask for a comment on the current cell."""
        cell = self._panel.current_cell
        if cell is not None:
            self._ask(cell, cell_in_words(self._reading.form, cell))

    def comment_on_case(self) -> None:
        """Ask for a comment on the whole case."""
        scores = self._scoring.scores
        if scores is not None:
            self._ask(None, f"Case {scores.code}")

    def _ask(self, cell: Cell | None, what: str) -> None:
        remarks = self._changeable()
        if remarks is None:
            return
        dialog = WordsDialog("Comment", what, self._window, words=remarks.comment(cell), needed=False)
        if dialog.exec():
            words = dialog.words
            self._scoring.save(lambda: remarks.set_comment(cell, words, f"comment on {what}"))

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
            return
        remarks = self._changeable()
        if cell is None or remarks is None:
            return
        what = cell_in_words(self._reading.form, cell)
        words = CONFIDENCE_WORDS.get(level or 0, "no confidence")
        self._save(
            lambda: remarks.set_confidence(cell, level, f"how sure you are of {what}"), f"{what}: {words}."
        )

    def _save(self, change: Callable[[], datetime | None], words: str) -> None:
        """Do a change, and say what was done once it is saved."""

        def saying() -> datetime | None:
            saved = change()
            self.said.emit(words)
            return saved

        self._scoring.save(saying)

    # -- both ----------------------------------------------------------------------------------------------

    def _changeable(self) -> CaseRemarks | None:
        """Return the remarks of the open case unless it is signed."""
        if self.remarks is not None and self._scoring.locked:
            self.said.emit("This case is signed: nothing of it can be changed.")
            return None
        return self.remarks

    @Slot()
    def _show(self) -> None:
        if self.remarks is None:
            return
        self._panel.show_notes(self.remarks.notes())
        if self.case_comment != self._shown_comment:
            self._shown_comment = self.case_comment
            self.case_comment_changed.emit(self.case_comment)

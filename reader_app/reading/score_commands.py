"""What keys and menu entries do with the scores of the open case; every change is saved, then shown."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from itertools import chain

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from reader_app.reading.case_scores import CaseScores
from reader_app.reading.history import Step
from reader_app.reading.words_dialog import WordsDialog
from scoring_forms.domain.score import Cell, Score
from scoring_forms.widgets.score_panel import ScorePanel
from storage.errors import ReasonNeededError, StorageError
from storage.reading.reading import Reading

_ACROSS_KEY = "across"
ALL_FILLED = "Every cell has an entry. Ctrl+Enter submits the case."


class ScoreCommands(QObject):
    """One method a command, named in the table of commands.

    ``scores`` is None while no case is open; ``locked`` means that nothing may be changed.
    """

    said = Signal(str)
    saved = Signal(object)  # datetime of the commit
    not_saved = Signal(object)  # StorageError

    def __init__(self, reading: Reading, panel: ScorePanel, window: QWidget) -> None:
        super().__init__(window)
        self._reading, self._panel, self._window = reading, panel, window
        self._set_across(reading.recall(_ACROSS_KEY) == "yes")
        self.scores: CaseScores | None = None
        self.locked = False
        panel.set_totals_visible(reading.rules.totals_visible)
        panel.table.score_entered.connect(self.enter)
        panel.table.refused.connect(self.said)
        panel.all_filled.connect(self._on_all_filled)

    def open_case(
        self, scores: CaseScores, letters: tuple[str, ...], *, side: str | None, locked: bool
    ) -> None:
        """Show the form of a case from its first cell on; *side* is the imaged hand where it is known."""
        self.scores, self.locked = scores, locked
        self._panel.show_case(self._reading.form, letters, scores.sheet, locked=locked, side=side)

    def leave_case(self) -> None:
        """Forget the case and what could be undone in it."""
        self.scores = None

    def go_to(self, name: str | None) -> None:
        """Go to the cell of this name, else to the first empty one, else to the first."""
        cells, sheet = self._panel.cells(), self.scores.sheet if self.scores else {}
        wanted = [cell for cell in cells if cell.name == name]
        empty = (cell for cell in cells if cell not in sheet)
        cell = next(chain(wanted, empty, cells), None)
        if cell is not None:
            self._panel.go_to(cell)

    def follow(self, cell: Cell) -> None:
        """Count the time at work for another cell."""
        if self.scores is not None:
            self.scores.clock.go_to(cell)

    @Slot()
    def act(self) -> None:
        """Count the time up to now: somebody is at work."""
        if self.scores is not None:
            self.scores.clock.act()

    def lock(self) -> None:
        """Let nothing be changed in this case any more."""
        self.locked = True
        self._show()

    def toggle_across(self) -> None:
        """Go on to the next timepoint of the same site, or to the next site."""
        self._set_across(not self._across)
        self.said.emit("Going on across the timepoints." if self._across else "Going on down the sites.")
        self._reading.remember(_ACROSS_KEY, "yes" if self._across else "no")

    def _set_across(self, across: bool) -> None:
        self._across = across
        self._panel.table.set_across(across)

    def undo(self) -> None:
        """Take back the last change of this case."""
        if self.scores is not None and not self.scores.history.can_undo:
            self.said.emit("Nothing to undo in this case.")
        elif self.scores is not None:
            self._step_history(self.scores.history.undo, "Taken back")

    def redo(self) -> None:
        """Do again what was taken back."""
        if self.scores is not None and not self.scores.history.can_redo:
            self.said.emit("Nothing to redo.")
        elif self.scores is not None:
            self._step_history(self.scores.history.redo, "Done again")

    def go_to_next_missing(self) -> None:
        """Go to the next empty cell after the current one."""
        if self.scores is None:
            return
        cell = self._panel.next_empty_cell()
        if cell is None:
            self.said.emit("No cell is empty.")
        else:
            self._panel.go_to(cell)

    def next_feature(self) -> None:
        """Open the next feature."""
        self._panel.open_feature(1)

    def previous_feature(self) -> None:
        """Open the feature before."""
        self._panel.open_feature(-1)

    def _step_history(self, walk: Callable[[], tuple[datetime, Step] | None], words: str) -> None:
        if self.locked:
            self.said.emit("This case is signed: nothing of it can be changed.")
            return
        walked: list[Step] = []

        def change() -> datetime | None:
            outcome = walk()
            if outcome is None:
                return None
            walked.append(outcome[1])
            return outcome[0]

        self.save(change)
        for step in walked:
            if step.cell is not None:
                self._panel.go_to(step.cell)
            if step.what:
                self.said.emit(f"{words}: {step.what}.")

    def save(self, change: Callable[[], datetime | None]) -> None:
        """Do a change of this case; that it is saved shows only after its commit returned.

        A reopened case asks for the reason at its first change.
        """
        try:
            saved = self._do(change)
        except StorageError as error:
            self._show()
            self.not_saved.emit(error)
            return
        self._show()
        if saved is not None:
            self.saved.emit(saved)

    def _do(self, change: Callable[[], datetime | None]) -> datetime | None:
        try:
            return change()
        except ReasonNeededError as error:
            if self._ask_reason(error.code):
                return change()
        self.said.emit("Nothing was changed: a reopened case is changed for a reason.")
        return None

    def _ask_reason(self, code: str) -> bool:
        question = (
            f"Case {code} was signed and reopened. Why is it changed? The reason is kept with every change "
            "until you leave the case."
        )
        dialog = WordsDialog("Reason for the change", question, self._window)
        given = bool(dialog.exec())
        if given:
            self._reading.give_reason(code, dialog.words)
        return given

    def _show(self) -> None:
        if self.scores is not None:
            self._panel.show_scores(self.scores.sheet, locked=self.locked)

    @Slot(object, object)
    def enter(self, cell: Cell, score: Score | None) -> None:
        """Save what was entered in a cell; None empties it."""
        if self.scores is not None:
            scores = self.scores
            self.save(lambda: scores.enter(cell, score))

    @Slot()
    def _on_all_filled(self) -> None:
        if self.scores is None or self.locked:
            return
        cell = self._panel.next_empty_cell()
        if cell is not None:
            self._panel.go_on_to(cell)
        else:
            self.said.emit(ALL_FILLED)

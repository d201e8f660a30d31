"""What keys and menu entries do with the scores of the open case; every change is saved, then shown."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QMessageBox, QWidget

from reader_app.reading.case_scores import CaseScores
from reader_app.reading.dialogs import ReasonDialog, cell_in_words
from scoring_forms.domain.form import Form
from scoring_forms.domain.score import Cell, Score
from scoring_forms.widgets.score_model import SIDE_NAMES
from scoring_forms.widgets.score_panel import ScorePanel
from storage.errors import StorageError


class ScoreCommands(QObject):
    """One method a command, named in the table of commands.

    ``scores`` is None while no case is open; ``locked`` means that nothing may be changed.
    """

    said = Signal(str)
    saved = Signal(object)  # datetime of the commit
    not_saved = Signal(object)  # StorageError
    across_changed = Signal(bool)

    def __init__(self, form: Form, panel: ScorePanel, window: QWidget) -> None:
        super().__init__(window)
        self._form, self._panel, self._window = form, panel, window
        self._across = False
        self.scores: CaseScores | None = None
        self.locked = False
        panel.table.score_entered.connect(self._on_entered)
        panel.table.not_assessable_asked.connect(self._on_not_assessable_asked)
        panel.table.refused.connect(self.said)
        panel.all_filled.connect(self._on_all_filled)

    def open_case(
        self, scores: CaseScores, letters: tuple[str, ...], *, side: str | None, locked: bool
    ) -> None:
        """Show the form of a case from its first cell on; *side* is the imaged hand where it is known."""
        self.scores, self.locked = scores, locked
        self._panel.show_case(self._form, letters, scores.sheet, locked=locked, side=side)

    def leave_case(self) -> None:
        """Forget the case and what could be undone in it."""
        self.scores = None

    def lock(self) -> None:
        """Let nothing be changed in this case any more."""
        self.locked = True
        self._show()

    def set_across(self, across: bool) -> None:
        """Go on to the next timepoint of the same site instead of the next site."""
        self._across = across
        self._panel.table.set_across(across)

    def toggle_across(self) -> None:
        """Go on across the timepoints, or down the sites."""
        self.set_across(not self._across)
        self.across_changed.emit(self._across)
        self.said.emit("Going on across the timepoints." if self._across else "Going on down the sites.")

    def fill_column_with_zero(self) -> None:
        """Set the empty cells of the current column to 0, after asking."""
        cells = self._empty_column()
        if cells and self.scores is not None and self._agrees(cells):
            scores = self.scores
            self.save(lambda: scores.fill(cells, Score(0.0)))

    def column_not_assessable(self) -> None:
        """Give the empty cells of the current column one reason."""
        cells = self._empty_column()
        if not cells or self.scores is None:
            return
        what = f"the {len(cells)} empty sites of {self._column_words(cells[0])}"
        dialog = ReasonDialog(what, self._window)
        if dialog.exec():
            scores = self.scores
            self.save(lambda: scores.mark_not_assessable(cells, dialog.score))

    def undo(self) -> None:
        """Take back the last change of this case."""
        if self.scores is not None and not self.scores.history.can_undo:
            self.said.emit("Nothing to undo in this case.")
        elif self.scores is not None:
            self._step_history(self.scores.history.undo)

    def redo(self) -> None:
        """Do again what was taken back."""
        if self.scores is not None and not self.scores.history.can_redo:
            self.said.emit("Nothing to redo.")
        elif self.scores is not None:
            self._step_history(self.scores.history.redo)

    def go_to_next_missing(self) -> None:
        """Go to the next empty cell after the current one."""
        if self.scores is None:
            return
        cells, current = self._panel.cells(), self._panel.current_cell
        empty = [cell for cell in cells if cell not in self.scores.sheet]
        if not empty:
            self.said.emit("No cell is empty.")
            return
        after = cells[cells.index(current) + 1 :] if current in cells else cells
        self._panel.go_to(next((cell for cell in after if cell in empty), empty[0]))

    def next_feature(self) -> None:
        """Open the next feature."""
        self._panel.open_feature(1)

    def previous_feature(self) -> None:
        """Open the feature before."""
        self._panel.open_feature(-1)

    def _empty_column(self) -> tuple[Cell, ...]:
        if self.scores is None or self.locked:
            return ()
        cells = self._panel.empty_cells_of_column()
        if not cells:
            self.said.emit("No cell of this column is empty.")
        return cells

    def _agrees(self, cells: tuple[Cell, ...]) -> bool:
        count = len(cells)
        empty = f"{count} empty cells" if count > 1 else "1 empty cell"
        question = f"{empty} of {self._column_words(cells[0])} will be set to 0.\nUndo takes it back."
        buttons = QMessageBox.StandardButton.Ok | QMessageBox.StandardButton.Cancel
        answer = QMessageBox.question(self._window, "Fill the column", question, buttons)
        return answer == QMessageBox.StandardButton.Ok

    def _step_history(self, step: Callable[[], tuple[datetime, Cell] | None]) -> None:
        if self.locked:
            return
        changed: list[Cell] = []

        def change() -> datetime | None:
            outcome = step()
            if outcome is None:
                return None
            changed.append(outcome[1])
            return outcome[0]

        self.save(change)
        for cell in changed:
            self._panel.go_to(cell)

    def save(self, change: Callable[[], datetime | None]) -> None:
        """Do a change of this case; that it is saved shows only after its commit returned."""
        try:
            saved = change()
        except StorageError as error:
            self._show()
            self.not_saved.emit(error)
            return
        self._show()
        if saved is not None:
            self.saved.emit(saved)

    def _show(self) -> None:
        if self.scores is not None:
            self._panel.show_scores(self.scores.sheet, locked=self.locked)

    def _column_words(self, cell: Cell) -> str:
        side = f", {SIDE_NAMES[cell.side]} hand" if cell.side else ""
        return f"{self._form.item(cell).feature.label}{side}, timepoint {cell.timepoint}"

    @Slot(object, object)
    def _on_entered(self, cell: Cell, score: Score | None) -> None:
        if self.scores is not None:
            scores = self.scores
            self.save(lambda: scores.enter(cell, score))

    @Slot(object)
    def _on_not_assessable_asked(self, cell: Cell) -> None:
        dialog = ReasonDialog(cell_in_words(self._form, cell), self._window)
        if dialog.exec():
            self._on_entered(cell, dialog.score)
            self._panel.table.advance(1)

    @Slot()
    def _on_all_filled(self) -> None:
        if self.scores is None or self.locked:
            return
        if self.scores.missing:
            self.go_to_next_missing()
        else:
            self.said.emit("Every cell has an entry. Ctrl+Enter submits the case.")

"""What keys and menu entries do in an adjudication: to the next disagreement, and whose score to take."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from reader_app.reading.dialogs import cell_in_words
from reader_app.reading.score_commands import ScoreCommands
from scoring_forms.domain.form import Form
from scoring_forms.domain.others import NOBODY, Others, agreed, disagreements, pair
from scoring_forms.domain.score import Cell, Score
from scoring_forms.widgets.score_panel import ScorePanel

GROUP = "Adjudication"
"""The commands that only adjudications have."""


class Adjudication(QObject):
    """One method a command, named in the table of commands; the reading holds nobody's name."""

    said = Signal(str)

    def __init__(self, form: Form, scoring: ScoreCommands, panel: ScorePanel, window: QWidget) -> None:
        super().__init__(window)
        self._form, self._scoring, self._panel = form, scoring, panel
        self._others: Others = NOBODY
        panel.table.disagreement_asked.connect(self._step)
        scoring.saved.connect(self._show_consensus)

    def open_case(self, others: Others, consensus: frozenset[Cell]) -> None:
        """Show both readers' scores in the case that is opened, and which own ones are a consensus."""
        self._others = others
        self._panel.show_others(others)
        self._panel.show_consensus(consensus)

    def next_disagreement(self) -> None:
        """Go to the next cell in which the readers differ; after the last comes the first."""
        self._step(1)

    def previous_disagreement(self) -> None:
        """Go to the one before."""
        self._step(-1)

    def take_first(self) -> None:
        """Take what Reader 1 scored in the current cell, and go on."""
        self._take(0)

    def take_second(self) -> None:
        """Take what Reader 2 scored in the current cell, and go on."""
        self._take(1)

    def take_agreed(self) -> None:
        """Take what both scored alike in the cells that are still empty."""
        scores = self._scoring.scores
        if scores is None or self._scoring.locked:
            return
        wanted = agreed(self._others, scores.missing)
        if not wanted:
            self.said.emit("No empty cell has the same score of both readers.")
            return
        self._scoring.save(lambda: scores.take(wanted, "score.agreed"))
        if wanted.keys() <= scores.sheet.keys():
            self.said.emit(f"{len(wanted)} cells taken over in which the readers agree.")

    def state_consensus(self) -> None:
        """Say that the score entered last, or the current one, was agreed in a consensus; or no longer."""
        scores, cell = self._scoring.scores, self._panel.table.entered_cell
        if scores is None or cell is None:
            return
        if self._scoring.locked:
            self.said.emit("This case is signed: its scores can no longer be changed.")
        elif cell not in scores.sheet:
            self.said.emit("Enter the score that was agreed upon first, then state the consensus.")
        elif cell in scores.consensus:
            self._scoring.save(lambda: scores.withdraw(cell))
            if cell not in scores.consensus:
                self.said.emit(f"{cell_in_words(self._form, cell)}: no consensus.")
        else:
            self._scoring.save(lambda: scores.agree(cell))
            if cell in scores.consensus:
                self._step_from(cell, 1)
                self._panel.table.note_entered(cell)  # the same key again takes it back
                self.said.emit(f"{cell_in_words(self._form, cell)}: consensus.")

    @Slot()
    def _show_consensus(self) -> None:
        if self._scoring.scores is not None:
            self._panel.show_consensus(self._scoring.scores.consensus)

    @Slot(int)
    def _step(self, steps: int) -> None:
        self._step_from(self._panel.current_cell, steps)

    def _step_from(self, current: Cell | None, steps: int) -> None:
        cells = self._panel.cells()
        differing = disagreements(self._others, cells)
        if not differing or current is None:
            self.said.emit("The two readers agree in every cell of this case.")
            return
        here = cells.index(current)
        places = [cells.index(cell) for cell in differing]
        if steps > 0:
            number = next((n for n, place in enumerate(places) if place > here), 0)
        else:
            number = next((n for n in reversed(range(len(places))) if places[n] < here), len(places) - 1)
        self._panel.go_to(differing[number])
        self.said.emit(f"Disagreement {number + 1} of {len(differing)}.")

    def _take(self, number: int) -> None:
        scores, cell = self._scoring.scores, self._panel.current_cell
        if scores is None or cell is None or self._scoring.locked:
            return
        score: Score | None = pair(self._others, cell)[number]
        if score is None:
            self.said.emit(f"Reader {number + 1} left this cell empty.")
            return
        changes: dict[Cell, Score] = {cell: score}
        if scores.sheet.get(cell) != score:
            self._scoring.save(lambda: scores.take(changes, f"score.reader_{number + 1}"))
        if scores.sheet.get(cell) == score:
            self._step(1)
            self._panel.table.note_entered(cell)

"""What is done to many cells of the open case in one deliberate, undoable, logged step."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QMessageBox, QWidget

from reader_app.reading.case_images import CaseImages
from reader_app.reading.dialogs import ReasonDialog, cell_in_words
from reader_app.reading.score_commands import ALL_FILLED, ScoreCommands
from reader_app.reading.suggested_reason import NO_CONTRAST, lacks_contrast, suggested_reason
from scoring_forms.domain.form import Form
from scoring_forms.domain.score import Cell, Score
from scoring_forms.widgets.score_panel import ScorePanel
from scoring_forms.widgets.words import side_words

Unseen = Callable[[Sequence[Cell]], frozenset[Cell]]
"""Which of some cells belong to sites that were not looked at."""
_Column = tuple[str, str | None, str, str]


class ColumnCommands(QObject):
    """Fills columns, and says of whole series why they cannot be assessed; nothing crosses timepoints."""

    said = Signal(str)
    outdated = Signal(str)  # what was said and is no longer so

    def __init__(self, form: Form, scoring: ScoreCommands, panel: ScorePanel, window: QWidget) -> None:
        super().__init__(window)
        self._form, self._scoring, self._panel, self._window = form, scoring, panel, window
        self._images: CaseImages | None = None
        self._unseen: Unseen | None = None
        self._offered: set[_Column] = set()
        self._suggestion: tuple[_Column, str] | None = None
        scoring.saved.connect(self._on_saved)
        panel.table.not_assessable_asked.connect(self._on_not_assessable_asked)

    def open_case(self, images: CaseImages, unseen: Unseen | None) -> None:
        """Begin with the case that the form shows.

        Args:
            images: Its pictures.
            unseen: None where the round lets zeros be filled in anywhere.
        """
        self._images, self._unseen = images, unseen
        self._offered.clear()
        cell = self._panel.current_cell
        if cell is not None:
            self.offer(cell)

    def leave_case(self) -> None:
        """Forget the case."""
        self._images = self._unseen = None
        self._take_back()

    # -- zeros ---------------------------------------------------------------------------------------------

    def fill_column_with_zero(self) -> None:
        """Set the empty cells of the current column to 0, after asking."""
        cells = self._empty_column()
        if not cells:
            return
        feature = self._form.item(cells[0]).feature
        if not feature.allows(0):
            self.said.emit(f"{feature.label} has no grade 0.")
            return
        unseen = self._unseen(cells) if self._unseen is not None else frozenset[Cell]()
        seen = tuple(cell for cell in cells if cell not in unseen)
        if not seen:
            self.said.emit(f"Nothing was filled in: {_not_looked_at(len(unseen))}.")
        elif self._agrees(seen, len(unseen)):
            self._fill(seen)
            if unseen:
                self.said.emit(f"{len(seen)} set to 0; {_not_looked_at(len(unseen))} and stay empty.")

    def _fill(self, cells: tuple[Cell, ...]) -> None:
        scores = self._scoring.scores
        if scores is not None:
            self._scoring.save(lambda: scores.fill(cells, Score(0.0)))

    def _agrees(self, cells: tuple[Cell, ...], unseen: int) -> bool:
        left_out = f"\n{_not_looked_at(unseen)} and stay empty." if unseen else ""
        what = f"{_empty(len(cells))} of {self._column_words(cells[0])}"
        question = f"{what} will be set to 0.{left_out}\nUndo takes it back."
        buttons = QMessageBox.StandardButton.Ok | QMessageBox.StandardButton.Cancel
        answer = QMessageBox.question(self._window, "Fill the column", question, buttons)
        return answer == QMessageBox.StandardButton.Ok

    # -- not assessable ------------------------------------------------------------------------------------

    @Slot(object)
    def _on_not_assessable_asked(self, cell: Cell) -> None:
        """Ask for the reason of one cell and go on."""
        what = cell_in_words(self._form, cell)
        dialog = ReasonDialog(what, self._window, suggested=self._suggested(cell))
        if dialog.exec():
            self._scoring.enter(cell, dialog.score)
            self._panel.table.go_on_after(cell)

    def column_not_assessable(self) -> None:
        """Give the empty cells of the current column one reason."""
        cells = self._empty_column()
        if not cells:
            return
        count = len(cells)
        sites = f"{count} empty sites" if count > 1 else "one empty site"
        what = f"the {sites} of {self._column_words(cells[0])}"
        dialog = ReasonDialog(what, self._window, suggested=self._suggested(cells[0]))
        if dialog.exec():
            self._mark_not_assessable(cells, dialog.score)

    def no_contrast(self) -> None:
        """Say of all features that need contrast that this timepoint has none."""
        cell, scores = self._panel.current_cell, self._scoring.scores
        if cell is None or scores is None or self._is_locked():
            return
        cells = self._needing_contrast(cell.timepoint)
        score = Score(not_assessable=NO_CONTRAST)
        empty = tuple(one for one in cells if one not in scores.sheet)
        graded = tuple(one for one in cells if scores.sheet.get(one, score) != score)
        if not cells:
            self.said.emit("Nothing in this form needs contrast.")
        elif not empty and not graded:
            self.said.emit(f"All of timepoint {cell.timepoint} that needs contrast has this reason already.")
        else:
            chosen = self._ask_no_contrast(cell.timepoint, empty, graded)
            if chosen:
                self._mark_not_assessable(chosen, score)

    def _mark_not_assessable(self, cells: tuple[Cell, ...], score: Score) -> None:
        """Save it, and go on from a filled cell: a digit that follows is not for what was just filled."""
        scores = self._scoring.scores
        if scores is None:
            return
        self._scoring.save(lambda: scores.mark_not_assessable(cells, score))
        saved = all(scores.sheet.get(cell) == score for cell in cells)
        if not saved or self._panel.current_cell not in scores.sheet:
            return
        following = self._panel.next_empty_cell()
        if following is not None:
            self._panel.go_to(following)
        else:
            self.said.emit(ALL_FILLED)

    def _ask_no_contrast(
        self, letter: str, empty: tuple[Cell, ...], graded: tuple[Cell, ...]
    ) -> tuple[Cell, ...]:
        """Ask which cells get the reason; entries that are there only if the reader says so."""
        labels = dict.fromkeys(self._form.item(cell).feature.label for cell in (*empty, *graded))
        features = [self._form.item(cell).feature for cell in (*empty, *graded)]
        there = self._images is not None and not all(
            lacks_contrast(self._images, letter, feature) for feature in features
        )
        lines = [
            f"Timepoint {letter} has no contrast that can be used: {', '.join(labels)} cannot be assessed.",
            _are(len(empty), len(graded)),
            "There are pictures after contrast at this timepoint." if there else "",
            "Undo takes it back.",
        ]
        box = QMessageBox(QMessageBox.Icon.Question, "No contrast", "\n".join(filter(None, lines)))
        box.setParent(self._window, box.windowFlags())
        role = QMessageBox.ButtonRole.AcceptRole
        first = box.addButton(f"&Fill {_empty(len(empty))} with n/a", role) if empty else None
        every = box.addButton(_replace(len(empty), len(graded)), role) if graded else None
        cancel = box.addButton(QMessageBox.StandardButton.Cancel)
        box.setDefaultButton(first or cancel)
        box.exec()
        if box.clickedButton() is cancel:
            return ()
        return (*empty, *graded) if box.clickedButton() is every else empty

    def _needing_contrast(self, letter: str) -> tuple[Cell, ...]:
        return tuple(
            one for one in self._form.cells((letter,)) if self._form.item(one).feature.needs_contrast
        )

    def offer(self, cell: Cell) -> None:
        """Say once a column that it lacks the pictures it is read from; only while the reader is there."""
        column = (cell.timepoint, cell.side, cell.system, cell.feature)
        if self._suggestion is not None and self._suggestion[0] != column:
            self._take_back()
        if self._images is None or column in self._offered or self._is_done:
            return
        self._offered.add(column)
        text = self._suggestion_words(cell)
        if text:
            self._suggestion = (column, text)
            self.said.emit(text)

    def _suggestion_words(self, cell: Cell) -> str:
        reason, item, letter = self._suggested(cell), self._form.item(cell), cell.timepoint
        if reason == NO_CONTRAST:
            return f"Timepoint {letter} has no series after contrast: Ctrl+Shift+N says so."
        side = f" of the {side_words(item.site, cell.side)}" if cell.side else ""
        words = f"Timepoint {letter} has no picture{side} for {item.feature.label}: Ctrl+N says so."
        return words if reason else ""

    @property
    def _is_done(self) -> bool:
        """Whether nothing in the current column is left to fill."""
        return self._scoring.locked or not self._panel.empty_cells_of_column()

    @Slot()
    def _on_saved(self) -> None:
        if self._is_done:
            self._take_back()

    def _take_back(self) -> None:
        """Let a suggestion no longer be seen."""
        if self._suggestion is not None:
            self.outdated.emit(self._suggestion[1])
            self._suggestion = None

    # -- both ----------------------------------------------------------------------------------------------

    def _suggested(self, cell: Cell) -> str:
        if self._images is None:
            return ""
        return suggested_reason(self._images, cell.timepoint, cell.side, self._form.item(cell).feature)

    def _empty_column(self) -> tuple[Cell, ...]:
        if self._scoring.scores is None or self._is_locked():
            return ()
        cells = self._panel.empty_cells_of_column()
        if not cells:
            self.said.emit("No cell of this column is empty.")
        return cells

    def _is_locked(self) -> bool:
        if self._scoring.locked:
            self.said.emit("This case is signed: its scores can no longer be changed.")
        return self._scoring.locked

    def _column_words(self, cell: Cell) -> str:
        item = self._form.item(cell)
        side = f", {side_words(item.site, cell.side)}" if cell.side else ""
        return f"{item.feature.label}{side}, timepoint {cell.timepoint}"


def _not_looked_at(count: int) -> str:
    return f"{count} cells were not looked at" if count > 1 else "1 cell was not looked at"


def _empty(count: int) -> str:
    return f"{count} empty cells" if count > 1 else "1 empty cell"


def _are(empty: int, graded: int) -> str:
    cells = f"{empty} cell{' is' if empty == 1 else 's are'} empty"
    return f"{cells}, {graded} {'has' if graded == 1 else 'have'} another entry."


def _replace(empty: int, graded: int) -> str:
    entries = f"{graded} entries" if graded > 1 else "1 entry"
    return f"Set &all to n/a, replacing {entries}" if empty else f"&Replace {entries} by n/a"

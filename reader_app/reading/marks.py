"""What keys and menu entries do with the marks of the open case; every change is saved, then shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from reader_app.reading.case_display import CaseDisplay
from reader_app.reading.case_marks import CaseMarks
from reader_app.reading.dialogs import cell_in_words
from reader_app.reading.film_roles import regions
from reader_app.reading.mark_view import MarkView, kind_words
from reader_app.reading.score_commands import ScoreCommands
from reader_app.reading.shown_marks import mark_name, site_of
from scoring_forms.domain.form import Form
from scoring_forms.domain.marks import Mark
from scoring_forms.domain.score import Cell
from scoring_forms.widgets.score_panel import ScorePanel


class MarkCommands(QObject):
    """One method a command; ``marks`` and ``cell``, the current one, are None while no case is open."""

    said = Signal(str)

    def __init__(
        self, form: Form, display: CaseDisplay, panel: ScorePanel, scoring: ScoreCommands, window: QWidget
    ) -> None:
        super().__init__(window)
        self._form, self._display, self._panel = form, display, panel
        self._view = MarkView(form, display, panel)
        self._scoring, self._window = scoring, window
        self.cell: Cell | None = None
        self._chosen = 0
        self.marks: CaseMarks | None = None
        display.mark_chosen.connect(self._on_chosen)
        display.mark_moved.connect(self._on_moved)
        panel.marks.asked.connect(self._go_to)
        panel.marks.delete_asked.connect(self._delete_by_number)
        panel.marks.left.connect(panel.table.setFocus)
        scoring.saved.connect(self._on_saved)

    def open_case(self, marks: CaseMarks, cell: Cell | None) -> None:
        """Begin with a case at its current cell."""
        self.marks, self.cell, self._chosen = marks, cell, 0
        self._show()

    def leave_case(self) -> None:
        """Forget the case."""
        self.marks, self.cell, self._chosen = None, None, 0
        self._view.clear()

    def follow(self, cell: Cell) -> None:
        """Show the marks of another cell's site."""
        before, self.cell = self.cell, cell
        if before is not None and site_of(cell) != site_of(before):
            self._chosen = 0
        if before is not None and (site_of(cell), cell.feature) != (site_of(before), before.feature):
            self._display.drop_outline()  # it was for what was current before
        self._show()

    # -- what keys do --------------------------------------------------------------------------------------

    def put_mark(self) -> None:
        """Mark the current feature and site at the cursor, in the timepoint of that pane."""
        found = self._mark_at_cursor()
        if isinstance(found, Mark):
            self.put(found)
        else:
            self.said.emit(found)

    def _mark_at_cursor(self) -> Mark | str:
        """Return a mark at the cursor, or why there can be none: a toe joint is on no film of a hand."""
        found = self._display.mark_at_cursor()
        if isinstance(found, Mark) and found.on_film:
            scored = regions(self._form.item(found.cell).feature.roles)
            shown = regions((found.role,))
            if scored and not shown & scored:
                return f"This film shows {', '.join(shown)}; the current site is on another one."
        return found

    def move_mark(self) -> None:
        """Move the chosen mark to the cursor."""
        mark = self._chosen_mark()
        if mark is None or mark.kind != "point":
            self.said.emit("Choose a mark first: click it, or take it from the list (Shift+E).")
            return
        put = self._mark_at_cursor()
        if not isinstance(put, Mark):
            self.said.emit(put)
        elif put.cell.timepoint != mark.cell.timepoint:
            self.said.emit(f"Mark {mark_name(mark)} is of timepoint {mark.cell.timepoint}.")
        else:
            moved = replace(put, id=mark.id, cell=mark.cell, cortical_break=mark.cortical_break)
            self._on_moved(moved)

    def delete_mark(self) -> None:
        """Delete the mark next to the cursor, else the chosen one."""
        mark = self._meant()
        if mark is not None:
            self._delete(mark)

    def tick_break(self) -> None:
        """Say that the cortex is broken at the mark next to the cursor, else the chosen one, or is not."""
        mark = self._meant()
        if mark is None or self.marks is None:
            return
        if mark.kind != "point":
            self.said.emit("A cortical break is ticked at a point, not at an outline.")
            return
        marks, changed = self.marks, replace(mark, cortical_break=not mark.cortical_break)
        words = "cortical break seen" if changed.cortical_break else "no cortical break"
        self.save(lambda: marks.change(changed), f"Mark {mark_name(mark)}: {words}.", mark.id)

    def toggle_mark_list(self) -> None:
        """Go to the list of marks, or close it."""
        if self.marks is not None and self.marks.marks:
            self._panel.marks.toggle_list()
        else:
            self.said.emit("There are no marks in this case yet: E puts one at the cursor.")

    # -- changes -------------------------------------------------------------------------------------------

    @Slot(object)
    def put(self, mark: Mark) -> None:
        """Keep a new mark, say what it shows, and choose it."""
        if self.marks is None:
            return
        marks = self.marks

        def add() -> datetime:
            saved = marks.add(mark)
            self._chosen = marks.newest  # before it is shown
            return saved

        if self.save(add):
            added = marks.find(marks.newest)
            if added is not None:
                self.said.emit(self._put_words(added))

    def _put_words(self, mark: Mark) -> str:
        assert self.marks is not None
        words = f"Mark {mark_name(mark)}: {cell_in_words(self._form, mark.cell)}, {kind_words(mark)}"
        asked = self._form.item(mark.cell).feature.evidence
        return f"{words}: {self.marks.evidence(mark.cell).words}" if asked and mark.kind == "point" else words

    @Slot(object)
    def _on_moved(self, mark: Mark) -> None:
        if self.marks is not None:
            marks = self.marks
            self.save(lambda: marks.change(mark), f"Mark {mark_name(mark)} moved.", mark.id)

    @Slot(int)
    def _delete_by_number(self, mark_id: int) -> None:
        mark = self.marks.find(mark_id) if self.marks is not None else None
        if mark is not None:
            self._delete(mark)

    def _delete(self, mark: Mark) -> None:
        assert self.marks is not None
        marks = self.marks
        self.save(
            lambda: marks.delete(mark),
            f"Mark {mark_name(mark)} deleted. Ctrl+Z brings it back.",
            self._chosen,
        )

    def save(self, change: Callable[[], datetime | None], words: str = "", chosen: int | None = None) -> bool:
        """Do a change unless the case is locked, and show it; return whether it is on the disk.

        Args:
            change: Does it.
            words: What to say when it is done.
            chosen: The mark that is chosen then; None leaves it as it is.
        """
        if self.refuses():
            return False
        done: list[datetime | None] = []

        def doing() -> datetime | None:
            done.append(change())
            if chosen is not None:
                self._chosen = chosen
            return done[-1]

        self._scoring.save(doing)
        if not done:
            self._show()  # as it was before
        elif words:
            self.said.emit(words)
        return bool(done)

    def refuses(self) -> bool:
        """Say that the case is signed, if it is, and return whether."""
        if self._scoring.locked:
            self.said.emit("This case is signed: its marks can no longer be changed.")
        return self._scoring.locked

    # -- which mark ----------------------------------------------------------------------------------------

    def _chosen_mark(self) -> Mark | None:
        return self.marks.find(self._chosen) if self.marks is not None else None

    def _meant(self) -> Mark | None:
        """Return the mark next to the cursor, else the chosen one; say so where there is neither."""
        mark = self._display.mark_near_cursor() or self._chosen_mark()
        if mark is None:
            self.said.emit("No mark is meant: point at one, or choose one in the list (Shift+E).")
        return mark

    @Slot(object)
    def _on_chosen(self, mark: Mark) -> None:
        """Choose the mark that was clicked; the other planes go there."""
        self._chosen = mark.id
        self._display.go_to_mark(mark)
        self._show()

    @Slot(int)
    def _go_to(self, mark_id: int) -> None:
        """Take the table to the cell of a mark and the panes to its place."""
        mark = self.marks.find(mark_id) if self.marks is not None else None
        if mark is not None:
            self._panel.go_to(mark.cell)
            self._panel.table.setFocus()
            self._on_chosen(mark)

    # -- what is shown -------------------------------------------------------------------------------------

    @Slot()
    def _on_saved(self) -> None:
        """Show what was taken back; most of what is saved is a grade, which changes no mark."""
        if self.marks is not None and not self._view.is_current(self.marks):
            self._show()

    def _show(self) -> None:
        marks, cell = self.marks, self.cell
        if marks is None or cell is None:
            return
        if marks.find(self._chosen) is None:
            self._chosen = 0
        self._view.show(marks, cell, self._chosen)

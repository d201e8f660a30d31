"""What keys and menu entries do with the marks of the open case; every change is saved, then shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMessageBox, QWidget

from reader_app.reading.case_display import CaseDisplay
from reader_app.reading.case_marks import CaseMarks
from reader_app.reading.dialogs import cell_in_words
from reader_app.reading.evidence_dialog import EvidenceDialog
from reader_app.reading.film_roles import regions
from reader_app.reading.score_commands import ScoreCommands
from reader_app.reading.shown_marks import OutlineKind, ShownMarks, mark_name, site_of
from scoring_forms.domain.errors import NoEstimateError
from scoring_forms.domain.form import Form
from scoring_forms.domain.marks import Mark
from scoring_forms.domain.score import Cell
from scoring_forms.domain.volume_fraction import VolumeEstimate
from scoring_forms.widgets.mark_strip import MarkLine
from scoring_forms.widgets.score_panel import ScorePanel

_TOOLS: dict[OutlineKind, str] = {
    "bone": "Outline the bone: click its corners or draw round it; Enter or a double click closes, Esc ends.",
    "defect": "Outline the defect: click its corners or draw round it; Enter or a double click closes, "
    "Esc ends.",
}


class MarkCommands(QObject):
    """One method a command, named in the table of commands; ``marks`` is None while no case is open."""

    said = Signal(str)

    def __init__(
        self, form: Form, display: CaseDisplay, panel: ScorePanel, scoring: ScoreCommands, window: QWidget
    ) -> None:
        super().__init__(window)
        self._form, self._display, self._panel = form, display, panel
        self._scoring, self._window = scoring, window
        self._cell: Cell | None = None
        self._chosen = 0
        self._listed: object = None
        self.marks: CaseMarks | None = None
        display.mark_chosen.connect(self._on_chosen)
        display.mark_moved.connect(self._on_moved)
        display.outlined.connect(self._put)
        panel.marks.asked.connect(self._go_to)
        panel.marks.delete_asked.connect(self._delete_by_number)
        panel.marks.left.connect(panel.table.setFocus)
        scoring.saved.connect(self._show)  # also what was taken back

    def open_case(self, marks: CaseMarks, cell: Cell | None) -> None:
        """Begin with a case at its current cell."""
        self.marks, self._cell, self._chosen = marks, cell, 0
        self._show()

    def leave_case(self) -> None:
        """Forget the case."""
        self.marks, self._cell, self._chosen = None, None, 0
        self._display.show_marks(ShownMarks())
        self._panel.marks.show_lines((), 0)
        self._listed = None

    def follow(self, cell: Cell) -> None:
        """Show the marks of another cell's site."""
        before, self._cell = self._cell, cell
        if before is not None and site_of(cell) != site_of(before):
            self._chosen = 0
        if before is not None and (site_of(cell), cell.feature) != (site_of(before), before.feature):
            self._display.drop_outline()  # it was for what was current before
        self._show()

    def use_close_key(self, action: QAction) -> None:
        """Let Enter close outlines only while there is a tool for them in hand."""
        action.setEnabled(False)
        self._display.outlining_changed.connect(action.setEnabled)

    # -- what keys do --------------------------------------------------------------------------------------

    def put_mark(self) -> None:
        """Mark the current feature and site at the cursor, in the timepoint of that pane."""
        found = self._mark_at_cursor()
        if isinstance(found, Mark):
            self._put(found)
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
        self._save(lambda: marks.change(changed), f"Mark {mark_name(mark)}: {words}.", mark.id)

    def toggle_mark_list(self) -> None:
        """Go to the list of marks, or close it."""
        if self.marks is not None and self.marks.marks:
            self._panel.marks.toggle_list()
        else:
            self.said.emit("There are no marks in this case yet: E puts one at the cursor.")

    def outline_bone(self) -> None:
        """Let the left button outline the bone."""
        self._take("bone")

    def outline_defect(self) -> None:
        """Let the left button outline the defect."""
        self._take("defect")

    def close_outline(self) -> None:
        """Close what is being outlined."""
        self._display.close_outline()

    def show_estimate(self) -> None:
        """Say what share of the bone the outlines of the current cell imply; it is never filled in."""
        if self.marks is None or self._cell is None:
            return
        try:
            estimate = self.marks.estimate(self._cell)
        except NoEstimateError as error:
            self.said.emit(str(error))
            return
        outlines = [mark for mark in self.marks.of_cell(self._cell) if mark.kind != "point"]
        words = estimate_words(cell_in_words(self._form, self._cell), estimate, outlines)
        QMessageBox.information(self._window, "Estimate from outlines", words)

    def _take(self, kind: OutlineKind) -> None:
        if self._cell is None or self._refuses():
            return
        if not self._form.item(self._cell).feature.volume_scale:
            self.said.emit(f"{self._form.item(self._cell).feature.label} is not graded by volume.")
            return
        self._display.take_outline(None if self._display.outline_kind == kind else kind)
        self.said.emit(_TOOLS[kind] if self._display.outline_kind else "")

    # -- signing -------------------------------------------------------------------------------------------

    def allow_signing(self) -> bool:
        """Show which grades lack marks, as the round wants it; return whether signing may go on.

        Where marks are required, each gap is mended or explained first.
        """
        if self.marks is None:
            return False
        gaps, marks = self.marks.gaps(), self.marks
        if not gaps:
            return True

        def explain(cell: Cell, reason: str) -> bool:
            return self._save(lambda: marks.explain(cell, reason))

        dialog = EvidenceDialog(self._form, gaps, explain if self.marks.are_required else None, self._window)
        signs = bool(dialog.exec())
        if dialog.chosen is not None:
            self._panel.go_to(dialog.chosen)
        return signs

    # -- changes -------------------------------------------------------------------------------------------

    @Slot(object)
    def _put(self, mark: Mark) -> None:
        if self.marks is None:
            return
        marks = self.marks
        if self._save(lambda: marks.add(mark)):
            self._chosen = marks.newest
            self._show()
            added = marks.find(marks.newest)
            if added is not None:
                self.said.emit(self._put_words(added))

    def _put_words(self, mark: Mark) -> str:
        assert self.marks is not None
        words = f"Mark {mark_name(mark)}: {cell_in_words(self._form, mark.cell)}, {_kind_words(mark)}"
        asked = self._form.item(mark.cell).feature.evidence
        return f"{words}: {self.marks.evidence(mark.cell).words}" if asked and mark.kind == "point" else words

    @Slot(object)
    def _on_moved(self, mark: Mark) -> None:
        if self.marks is not None:
            marks = self.marks
            self._save(lambda: marks.change(mark), f"Mark {mark_name(mark)} moved.", mark.id)

    @Slot(int)
    def _delete_by_number(self, mark_id: int) -> None:
        mark = self.marks.find(mark_id) if self.marks is not None else None
        if mark is not None:
            self._delete(mark)

    def _delete(self, mark: Mark) -> None:
        assert self.marks is not None
        marks = self.marks
        self._save(
            lambda: marks.delete(mark),
            f"Mark {mark_name(mark)} deleted. Ctrl+Z brings it back.",
            self._chosen,
        )

    def _save(self, change: Callable[[], datetime], words: str = "", chosen: int = 0) -> bool:
        """Do a change unless the case is locked; return whether it was saved."""
        if self._refuses():
            return False
        done: list[datetime] = []

        def doing() -> datetime:
            done.append(change())
            return done[-1]

        self._scoring.save(doing)
        if done and words:
            self._chosen = chosen
            self.said.emit(words)
        self._show()
        return bool(done)

    def _refuses(self) -> bool:
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
    def _show(self) -> None:
        """Show the marks on the panes and under the table."""
        marks, cell = self.marks, self._cell
        if marks is None or cell is None:
            return
        if marks.find(self._chosen) is None:
            self._chosen = 0
        self._display.show_marks(ShownMarks(cell, marks.of_site(cell), self._chosen))
        numbers = [mark_name(mark) for mark in marks.of_cell(cell)]
        asked = self._form.item(cell).feature.evidence
        explained = marks.overrides.get(cell, "")
        self._panel.marks.show_evidence(asked, marks.evidence(cell), numbers, explained)
        self._show_list(marks, cell)

    def _show_list(self, marks: CaseMarks, cell: Cell) -> None:
        """Show all marks in the order of the form; made anew only where something is different."""
        here = site_of(cell)
        listed = (marks.marks, here if marks.marks else None, self._chosen)
        if listed == self._listed:
            return
        self._listed = listed
        order = {one: number for number, one in enumerate(self._panel.cells())}
        in_order = sorted(marks.marks, key=lambda mark: (order.get(mark.cell, len(order)), mark.id))
        lines = [MarkLine(mark.id, self._line(mark), site_of(mark.cell) == here) for mark in in_order]
        self._panel.marks.show_lines(lines, self._chosen)

    def _line(self, mark: Mark) -> str:
        item = self._form.item(mark.cell)
        side = f" {mark.cell.side}" if mark.cell.side else ""
        return (
            f"{mark_name(mark)}  {mark.cell.timepoint}  {item.site.abbreviation}{side} · "
            f"{item.feature.abbreviation} · {_kind_words(mark)}"
        )


def _kind_words(mark: Mark) -> str:
    if mark.kind != "point":
        return f"outline of the {mark.kind}"
    return f"{mark.plane}{', cortical break' if mark.cortical_break else ''}"


def estimate_words(what: str, estimate: VolumeEstimate, outlines: list[Mark]) -> str:
    """Return what an estimate says, on which slices it stands, and that it is one."""
    slices = {"bone": 0, "defect": 0}
    for kind in slices:
        slices[kind] = len({mark.slice_mm for mark in outlines if mark.kind == kind})
    return (
        f"{what}\n\n"
        f"Bone: {estimate.bone_mm3:,.0f} mm³ on {slices['bone']} slices\n"
        f"Defect: {estimate.defect_mm3:,.0f} mm³ on {slices['defect']} slices\n"
        f"Share: {100 * estimate.share:.1f} %, which would be grade {estimate.grade}\n\n"
        "This is an estimate from your outlines. Nothing was filled in: the grade is yours."
    )

"""What is shown of the marks of the open case: on the panes, in the line under the table and in the list."""

from __future__ import annotations

from reader_app.reading.case_display import CaseDisplay
from reader_app.reading.case_marks import CaseMarks
from reader_app.reading.shown_marks import ShownMarks, mark_name, site_of
from scoring_forms.domain.form import Form
from scoring_forms.domain.marks import Mark
from scoring_forms.domain.score import Cell
from scoring_forms.widgets.mark_strip import MarkLine
from scoring_forms.widgets.score_panel import ScorePanel


class MarkView:
    """Shows the marks around one cell."""

    def __init__(self, form: Form, display: CaseDisplay, panel: ScorePanel) -> None:
        self._form, self._display, self._panel = form, display, panel
        self._shown: tuple[CaseMarks, int] | None = None
        self._listed: object = None

    def show(self, marks: CaseMarks, cell: Cell, chosen: int) -> None:
        """Show the marks of the site of *cell*, what they show of its score, and which one is chosen."""
        self._shown = (marks, marks.revision)
        self._display.show_marks(ShownMarks(cell, marks.of_site(cell), chosen))
        own = marks.of_cell(cell)
        asked = self._form.item(cell).feature.evidence
        self._panel.marks.show_evidence(
            asked,
            marks.evidence(cell),
            [mark_name(mark) if asked else f"{mark_name(mark)} {mark.plane}" for mark in own],
            marks.overrides.get(cell, ""),
        )
        self._show_list(marks, cell, chosen)

    def is_current(self, marks: CaseMarks) -> bool:
        """Whether nothing was changed since :meth:`show`."""
        return self._shown == (marks, marks.revision)

    def clear(self) -> None:
        """Show no marks."""
        self._shown = self._listed = None
        self._display.show_marks(ShownMarks())
        self._panel.marks.show_lines((), 0)

    def _show_list(self, marks: CaseMarks, cell: Cell, chosen: int) -> None:
        """Show all marks in the order of the form; made anew only where something is different."""
        here = site_of(cell)
        listed = (marks.marks, here if marks.marks else None, chosen)
        if listed == self._listed:
            return
        self._listed = listed
        order = {one: number for number, one in enumerate(self._panel.cells())}
        in_order = sorted(marks.marks, key=lambda mark: (order.get(mark.cell, len(order)), mark.id))
        lines = [MarkLine(mark.id, self._line(mark), site_of(mark.cell) == here) for mark in in_order]
        self._panel.marks.show_lines(lines, chosen)

    def _line(self, mark: Mark) -> str:
        item = self._form.item(mark.cell)
        side = f" {mark.cell.side}" if mark.cell.side else ""
        return (
            f"{mark_name(mark)}  {mark.cell.timepoint}  {item.site.abbreviation}{side} · "
            f"{item.feature.abbreviation} · {kind_words(mark)}"
        )


def kind_words(mark: Mark) -> str:
    """Return what a mark is: its plane and whether the cortex is broken there, or an outline of what."""
    if mark.kind != "point":
        return f"outline of the {mark.kind}"
    return f"{mark.plane}{', cortical break' if mark.cortical_break else ''}"

"""The form beside the pictures: feature tabs, diagram, the current site in words, scores, totals, submit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from PySide6.QtCore import QEvent, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from scoring_forms.domain.entry import Page, form_pages
from scoring_forms.domain.form import Form
from scoring_forms.domain.others import Others
from scoring_forms.domain.score import Cell, Sheet
from scoring_forms.widgets.feature_tabs import FeatureTabs
from scoring_forms.widgets.grades_card import GradesCard
from scoring_forms.widgets.hand_diagram import HandDiagram
from scoring_forms.widgets.mark_strip import MarkStrip
from scoring_forms.widgets.notes import Note
from scoring_forms.widgets.page_totals import PageTotals
from scoring_forms.widgets.score_table import ScoreTable
from scoring_forms.widgets.site_strip import SiteStrip
from scoring_forms.widgets.totals_strip import TotalsStrip

Arrangement = Literal["features", "bones"]
"""A tab for each feature, or all features of a bone in one row."""


class ScorePanel(QWidget):
    """Shows one case's form; the owner records what :attr:`table` reports and shows the new sheet."""

    current_changed = Signal(object)  # Cell
    submit_asked = Signal()
    all_filled = Signal()  # the reader went on past the last cell of the last page
    arrangement_changed = Signal(str)  # Arrangement, by the reader
    diagram_toggled = Signal(bool)  # by the reader

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._form = Form(())
        self._letters: tuple[str, ...] = ()
        self._sheet: Sheet = {}
        self._locked = False
        self._pages: tuple[Page, ...] = ()
        self._cells: tuple[tuple[Cell, ...], ...] = ()  # of each page
        self._added = PageTotals(self._form, ())
        self._arrangement: Arrangement = "features"
        self._totals_visible = True
        self.tabs = FeatureTabs(self)
        self.strip = SiteStrip(self)
        self.table = ScoreTable(self)
        self._totals = TotalsStrip(self.table, self)
        self.marks = MarkStrip(self)
        self._submit = QPushButton(self)
        self._submit.setObjectName("submit")
        self._submit.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._lay_out()
        self.grades = GradesCard(self)
        self.tabs.currentChanged.connect(self._on_tab_changed)
        self.table.current_changed.connect(self._on_current_changed)
        self.table.finished.connect(self._on_finished)
        self.table.went_back.connect(self._on_went_back)
        self.diagram.site_chosen.connect(self._on_site_chosen)
        self.strip.asked.connect(self._on_asked)
        self._submit.clicked.connect(self.submit_asked)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.tabs)
        column.addWidget(self.strip)
        column.addWidget(self.table, 1)
        column.addWidget(self._totals)
        column.addWidget(self.marks)
        foot = QHBoxLayout()
        foot.setContentsMargins(8, 6, 8, 8)
        foot.addWidget(self._submit)
        column.addLayout(foot)

    @property
    def diagram(self) -> HandDiagram:
        """The drawing of the hand; its signal is ``site_chosen``."""
        return self.strip.diagram

    @property
    def current_cell(self) -> Cell | None:
        """The cell the next digit goes to."""
        return self.table.current_cell

    @property
    def arrangement(self) -> Arrangement:
        """How features and sites are laid out."""
        return self._arrangement

    def show_case(
        self, form: Form, letters: Sequence[str], sheet: Sheet, *, locked: bool, side: str | None = None
    ) -> None:
        """Show another case from its first cell on.

        Args:
            form: What is scored.
            letters: Its timepoints.
            sheet: Its scores.
            locked: Whether it is signed.
            side: The side of the case, ``"L"`` or ``"R"``, for systems read on one side.
        """
        self._form, self._letters, self._locked = form, tuple(letters), locked
        self._sheet = dict(sheet)  # the owner may go on changing its own
        self._added = PageTotals(form, letters)
        self.table.show_notes({})  # another case has cells of the same names
        self.strip.show_case(side, self._sheet)
        self._make_pages()
        first = self.table.first_cell()
        if first is not None:
            self.table.go_to(first)

    def show_scores(self, sheet: Sheet, *, locked: bool) -> None:
        """Show changed scores, or that the case was signed."""
        self._sheet = dict(sheet)
        if locked != self._locked:
            self._locked = locked
            current = self.current_cell
            self._show_page(self.tabs.currentIndex())
            if current is not None:
                self.table.go_to(current)
        self.strip.show_scores(self._sheet)
        self._refresh()

    def show_others(self, others: Others) -> None:
        """Show what Reader 1 and Reader 2 scored beside the cells of the case that is shown next."""
        self.table.show_others(others)

    def show_notes(self, notes: Mapping[Cell, Note]) -> None:
        """Show comments and confidence of the case beside its grades."""
        self.table.show_notes(notes)

    def show_consensus(self, cells: frozenset[Cell]) -> None:
        """Show which grades of the case were agreed in a consensus."""
        self.table.show_consensus(cells)

    def set_arrangement(self, arrangement: Arrangement) -> None:
        """Give every feature a tab, or put all features of a bone in one row; the current cell stays."""
        if arrangement == self._arrangement:
            return
        self._arrangement = arrangement
        if not self._pages:  # before the first case
            return
        current = self.current_cell
        self._make_pages()
        if current is not None:
            self.go_to(current)

    def set_diagram_visible(self, visible: bool) -> None:
        """Show or fold away the diagram."""
        self.strip.set_diagram_visible(visible)

    def set_totals_visible(self, visible: bool) -> None:
        """Show or hide totals and subtotals, as the round says."""
        self._totals_visible = visible
        self._totals.setVisible(visible)
        self._refresh()

    def toggle_arrangement(self) -> None:
        """Change between tabs by feature and rows by bone, and say so."""
        self.set_arrangement("bones" if self._arrangement == "features" else "features")
        self.arrangement_changed.emit(self._arrangement)

    def toggle_diagram(self) -> None:
        """Show the diagram or fold it away, and say so."""
        visible = self.diagram.isHidden()
        self.set_diagram_visible(visible)
        self.diagram_toggled.emit(visible)

    def toggle_grades(self) -> None:
        """Show what the current feature's grades mean, or no longer."""
        cell = self.current_cell
        if not self.grades.isHidden() or cell is None:
            self.grades.hide()
        else:
            self.grades.show_feature(self._form.item(cell).feature, self.table.y() + 4)

    def go_to(self, cell: Cell) -> None:
        """Make *cell* current, on whatever tab it is."""
        self._open_tab_of(cell)
        self.table.go_to(cell)

    def go_on_to(self, cell: Cell) -> None:
        """Make *cell* current, on whatever tab it is, as the next after what was entered last."""
        self._open_tab_of(cell)
        self.table.go_on_to(cell)

    def open_feature(self, steps: int) -> None:
        """Open the next (or an earlier) tab at the same site and timepoint where it has one."""
        if self._pages:
            self.tabs.setCurrentIndex((self.tabs.currentIndex() + steps) % len(self._pages))

    def cells(self) -> tuple[Cell, ...]:
        """Return every cell of the case in the order the tables show them."""
        return tuple(cell for cells in self._cells for cell in cells)

    def next_empty_cell(self) -> Cell | None:
        """Return the next empty cell in reading order, after the last one the first; None where none is."""
        order = [cell for page in self._pages for cell in page.cells(across=self.table.across)]
        current = self.current_cell
        first = order.index(current) + 1 if current is not None else 0
        return next((cell for cell in (*order[first:], *order[:first]) if cell not in self._sheet), None)

    def empty_cells_of_column(self) -> tuple[Cell, ...]:
        """Return the empty cells of the current feature and column."""
        current, page = self.current_cell, self.table.page
        column = page.column_of(current) if current and page else None
        if page is None or column is None:
            return ()
        cells = (page.cell(site, column) for site in page.sites)
        return tuple(cell for cell in cells if cell is not None and cell not in self._sheet)

    # -- pages ---------------------------------------------------------------------------------------------

    def _make_pages(self) -> None:
        self._pages = form_pages(self._form, self._letters, by_bone=self._arrangement == "bones")
        self._cells = tuple(page.cells(across=False) for page in self._pages)
        self.tabs.show_pages(self._pages)
        self._show_page(0)
        self._refresh()

    def _open_tab_of(self, cell: Cell) -> None:
        for number, page in enumerate(self._pages):
            if page.column_of(cell) is not None:
                self._open_tab(number)

    def _open_tab(self, number: int) -> None:
        if number != self.tabs.currentIndex():
            self.tabs.open(number)
            self._show_page(number)
            self._refresh()

    def _show_page(self, number: int) -> None:
        self.table.show_page(self._pages[number], self._sheet, locked=self._locked)
        self.table.setAccessibleName(f"Scores, {self._pages[number].title}")

    @Slot(int)
    def _on_tab_changed(self, number: int) -> None:
        if not 0 <= number < len(self._pages):
            return
        before = self.current_cell
        self._show_page(number)
        self._refresh()
        cells = self._cells[number]
        same = [cell for cell in cells if before is not None and _place(cell) == _place(before)]
        self.table.go_to(same[0] if same else cells[0])

    @Slot()
    def _on_finished(self) -> None:
        if self.tabs.currentIndex() + 1 < self.tabs.count():
            self._open_tab(self.tabs.currentIndex() + 1)
            first = self.table.first_cell()
            if first is not None:
                self.table.go_on_to(first)
        else:
            self.all_filled.emit()

    @Slot()
    def _on_went_back(self) -> None:
        if self.tabs.currentIndex() > 0:
            self._open_tab(self.tabs.currentIndex() - 1)
            self.table.go_to(self._cells[self.tabs.currentIndex()][-1])

    @Slot(object)
    def _on_current_changed(self, cell: Cell) -> None:
        self.grades.hide()
        self.strip.show_current(self._form.item(cell), cell)
        self.current_changed.emit(cell)

    @Slot(str, object)
    def _on_site_chosen(self, site_id: str, side: str | None) -> None:
        current = self.current_cell
        if current is not None:
            self.table.go_to(Cell(current.timepoint, current.system, current.feature, side, site_id))

    # -- keys and the mouse --------------------------------------------------------------------------------

    @Slot(str)
    def _on_asked(self, what: str) -> None:
        actions = {
            "grades": self.toggle_grades,
            "diagram": self.toggle_diagram,
            "arrangement": self.toggle_arrangement,
            "search": self.table.find_site,
        }
        actions[what]()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take the form's own keys that the table left over."""
        asked = _KEYS.get(event.key())
        if asked is None or event.modifiers():
            super().keyPressEvent(event)
        elif not event.isAutoRepeat():
            self._on_asked(asked)

    def resizeEvent(self, event: QEvent) -> None:
        """Give the diagram its share of the new height."""
        self.grades.hide()
        self.strip.fit(self.height())

    # -- what is shown -------------------------------------------------------------------------------------

    def _refresh(self) -> None:
        """Show what the sheet makes of tabs, totals and the submit button; only what is different."""
        empty = [sum(cell not in self._sheet for cell in cells) for cells in self._cells]
        self.tabs.show_empty(self._pages, empty)
        self._show_totals()
        missing = sum(empty)
        self._submit.setText(_submit_text(missing, self._locked))
        self._submit.setEnabled(not self._locked)
        ready = not missing and not self._locked
        if self._submit.property("ready") != ready:
            self._submit.setProperty("ready", ready)
            self._submit.style().unpolish(self._submit)
            self._submit.style().polish(self._submit)

    def _show_totals(self) -> None:
        page = self.table.page
        if page is None or not self._totals_visible:
            self.table.show_scores(self._sheet, {})
            return
        self._added.add_up(self._sheet)
        self.table.show_scores(self._sheet, self._added.by_timepoint)
        self._totals.show_totals(self._added.lines(page), self._added.spans(page))


_KEYS: dict[int, str] = {Qt.Key.Key_S: "grades", Qt.Key.Key_B: "diagram", Qt.Key.Key_Y: "arrangement"}


def _place(cell: Cell) -> tuple[str, str | None, str]:
    return cell.site, cell.side, cell.timepoint


def _submit_text(missing: int, locked: bool) -> str:
    if locked:
        return "Signed – this case is locked"
    if missing:
        return f"Submit – {missing} cell{'s are' if missing > 1 else ' is'} empty"
    return "Submit and sign"

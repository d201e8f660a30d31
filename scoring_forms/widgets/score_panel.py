"""The form beside the pictures: feature tabs, the current site in words, scores, totals and submit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QTabBar, QVBoxLayout, QWidget

from scoring_forms.domain.completeness import missing_cells
from scoring_forms.domain.entry import FeatureSheet, feature_sheet
from scoring_forms.domain.form import Form
from scoring_forms.domain.score import Cell, Sheet
from scoring_forms.domain.totals import GRAND_TOTAL, totals
from scoring_forms.widgets.score_model import SIDE_NAMES
from scoring_forms.widgets.score_table import ScoreTable
from scoring_forms.widgets.totals_strip import TotalsStrip

_Widget = TypeVar("_Widget", bound=QWidget)


class ScorePanel(QWidget):
    """Shows one case's form; the owner records what :attr:`table` reports and shows the new sheet."""

    current_changed = Signal(object)  # Cell
    submit_asked = Signal()
    all_filled = Signal()  # the reader went on past the last cell of the last feature

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._form = Form(())
        self._letters: tuple[str, ...] = ()
        self._sheet: Sheet = {}
        self._locked = False
        self._layouts: list[FeatureSheet] = []
        self.tabs = QTabBar(self, drawBase=False, expanding=False, usesScrollButtons=True)
        self.tabs.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.tabs.setAccessibleName("Features")
        self.table = ScoreTable(self)
        self._site = _named(QLabel(self), "site")
        self._scale = _named(QLabel(self), "scale")
        self._scale.setWordWrap(True)
        self._scale.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._totals = TotalsStrip(self.table, self)
        self._submit = _named(QPushButton(self), "submit")
        self._submit.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._lay_out()
        self.tabs.currentChanged.connect(self._on_tab_changed)
        self.table.current_changed.connect(self._on_current_changed)
        self.table.finished.connect(self._on_finished)
        self.table.went_back.connect(self._on_went_back)
        self._submit.clicked.connect(self.submit_asked)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.tabs)
        self._site.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)
        self._scale.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        for label in (self._site, self._scale):
            column.addWidget(label)
        column.addWidget(self.table, 1)
        column.addWidget(self._totals)
        foot = QHBoxLayout()
        foot.setContentsMargins(8, 6, 8, 8)
        foot.addWidget(self._submit)
        column.addLayout(foot)

    @property
    def current_cell(self) -> Cell | None:
        """The cell the next digit goes to."""
        return self.table.current_cell

    def show_case(self, form: Form, letters: Sequence[str], sheet: Sheet, *, locked: bool) -> None:
        """Show another case from its first cell on."""
        self._form, self._letters, self._sheet, self._locked = form, tuple(letters), sheet, locked
        self._layouts = [
            feature_sheet(part, feature, self._letters) for part in form.parts for feature in part.scored
        ]
        self.tabs.blockSignals(True)
        while self.tabs.count():
            self.tabs.removeTab(0)
        for layout in self._layouts:
            self.tabs.addTab(layout.feature.label)
        self.tabs.setCurrentIndex(0)
        self.tabs.blockSignals(False)
        self._show_feature(0)
        self._refresh()
        first = self.table.first_cell()
        if first is not None:
            self.table.go_to(first)

    def show_scores(self, sheet: Sheet, *, locked: bool) -> None:
        """Show changed scores, or that the case was signed."""
        self._sheet = sheet
        if locked != self._locked:
            self._locked = locked
            current = self.current_cell
            self._show_feature(self.tabs.currentIndex())
            if current is not None:
                self.table.go_to(current)
        self.table.show_scores(sheet)
        self._refresh()

    def go_to(self, cell: Cell) -> None:
        """Make *cell* current, on whatever tab it is."""
        for number, layout in enumerate(self._layouts):
            if (layout.part.system.id, layout.feature.id) == (cell.system, cell.feature):
                self._open_tab(number)
                self.table.go_to(cell)

    def open_feature(self, steps: int) -> None:
        """Open the next (or an earlier) feature at the same site and timepoint where it has one."""
        if not self._layouts:
            return
        number = (self.tabs.currentIndex() + steps) % len(self._layouts)
        self.tabs.setCurrentIndex(number)

    def cells(self) -> tuple[Cell, ...]:
        """Return every cell of the case in the order the tables show them."""
        return tuple(cell for layout in self._layouts for cell in layout.cells(across=False))

    def empty_cells_of_column(self) -> tuple[Cell, ...]:
        """Return the empty cells of the current feature and column."""
        cell = self.current_cell
        if cell is None:
            return ()
        layout = self._layouts[self.tabs.currentIndex()]
        column = layout.column_of(cell)
        cells = (layout.cell(site, column) for site in layout.feature.scored_sites)
        return tuple(cell for cell in cells if cell not in self._sheet)

    def _open_tab(self, number: int) -> None:
        if number != self.tabs.currentIndex():
            self.tabs.blockSignals(True)
            self.tabs.setCurrentIndex(number)
            self.tabs.blockSignals(False)
            self._show_feature(number)
            self._refresh()

    def _show_feature(self, number: int) -> None:
        self.table.show_feature(self._layouts[number], self._sheet, locked=self._locked)

    @Slot(int)
    def _on_tab_changed(self, number: int) -> None:
        if not 0 <= number < len(self._layouts):
            return
        before = self.current_cell
        self._show_feature(number)
        self._refresh()
        layout = self._layouts[number]
        same = [
            cell
            for cell in layout.cells(across=False)
            if before
            and (cell.site, cell.side, cell.timepoint) == (before.site, before.side, before.timepoint)
        ]
        self.table.go_to(same[0] if same else layout.cells(across=False)[0])

    @Slot()
    def _on_finished(self) -> None:
        if self.tabs.currentIndex() + 1 < self.tabs.count():
            self._open_tab(self.tabs.currentIndex() + 1)
            first = self.table.first_cell()
            if first is not None:
                self.table.go_to(first)
        else:
            self.all_filled.emit()

    @Slot()
    def _on_went_back(self) -> None:
        if self.tabs.currentIndex() > 0:
            self._open_tab(self.tabs.currentIndex() - 1)
            self.table.go_to(self._layouts[self.tabs.currentIndex()].cells(across=False)[-1])

    @Slot(object)
    def _on_current_changed(self, cell: Cell) -> None:
        item = self._form.item(cell)
        side = f" · {SIDE_NAMES[cell.side]} hand" if cell.side else ""
        self._site.setText(f"{item.site.label.partition(' (')[0]}{side} · {cell.timepoint}")
        self._site.setToolTip(item.site.label)
        grades = [f"{grade} {text}" for grade, text in item.feature.scale]
        self._scale.setText(_shorten(grades))
        self._scale.setToolTip("\n".join(grades))
        self.current_changed.emit(cell)

    def _refresh(self) -> None:
        missing = missing_cells(self._form, self._sheet, self._letters)
        for number, layout in enumerate(self._layouts):
            empty = sum((cell.system, cell.feature) == _key(layout) for cell in missing)
            name = layout.feature.label.replace(" (osteitis)", "")
            self.tabs.setTabText(number, f"{name} {empty}" if empty else f"{name} ✓")
            self.tabs.setTabToolTip(number, f"{layout.feature.label}: {empty} cells to fill in")
        self._show_totals()
        self._submit.setText(_submit_text(len(missing), self._locked))
        self._submit.setEnabled(not self._locked)
        self._submit.setProperty("ready", not missing and not self._locked)
        self._submit.style().unpolish(self._submit)
        self._submit.style().polish(self._submit)

    def _show_totals(self) -> None:
        if not self._layouts:
            return
        layout = self._layouts[self.tabs.currentIndex()]
        by_letter = [totals(self._form, self._sheet, letter) for letter in self._letters]
        wanted = {layout.feature.id, GRAND_TOTAL}
        wanted |= {one.id for one in layout.part.features if layout.feature.id in one.count_of}
        wanted |= {one.id for one in layout.part.sums if layout.feature.id in one.features}
        columns = [
            [total for total in row if total.system == layout.part.system.id and total.feature in wanted]
            for row in by_letter
        ]
        spans = [
            [number + 1 for number, column in enumerate(layout.columns) if column.timepoint == letter]
            for letter in self._letters
        ]
        self._totals.show_totals(list(zip(*columns, strict=True)), spans)


def _named(widget: _Widget, name: str) -> _Widget:
    widget.setObjectName(name)
    return widget


def _key(layout: FeatureSheet) -> tuple[str, str]:
    return layout.part.system.id, layout.feature.id


def _shorten(grades: Sequence[str]) -> str:
    """Long scales of one pattern need no eleven lines: show their first and last grades."""
    shown = [*grades[:3], f"… {grades[-1]}"] if len(grades) > 6 else list(grades)
    return "\n".join(text.replace(" of the assessed bone volume", "") for text in shown)


def _submit_text(missing: int, locked: bool) -> str:
    if locked:
        return "Signed – this case is locked"
    if missing:
        return f"Submit – {missing} cell{'s are' if missing > 1 else ' is'} empty"
    return "Submit and sign"

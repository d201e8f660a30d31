"""The score table of one page, filled in from the keyboard."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial

from PySide6.QtCore import QEvent, QItemSelectionModel, QModelIndex, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from scoring_forms.domain.entry import Column, Page
from scoring_forms.domain.others import Others
from scoring_forms.domain.score import Cell, Sheet
from scoring_forms.domain.totals import Subtotal
from scoring_forms.widgets.notes import Note
from scoring_forms.widgets.score_delegate import ScoreDelegate
from scoring_forms.widgets.score_header import ScoreHeader
from scoring_forms.widgets.score_model import ScoreModel
from scoring_forms.widgets.score_typing import ScoreTyping
from scoring_forms.widgets.site_search import SiteSearch
from scoring_forms.widgets.table_moves import GROUP_MOVES, MOVES, first_of_group, is_plain, neighbour, writes

ROW_HEIGHT = 20


class ScoreTable(QTableView):
    """Digits set the current cell and go on; it reports what the reader wants and changes nothing itself.

    ``/`` looks for a site by its name.
    """

    score_entered = Signal(object, object)  # Cell, Score or None to clear
    not_assessable_asked = Signal(object)  # Cell
    refused = Signal(str)  # why a key did nothing
    current_changed = Signal(object)  # Cell
    finished = Signal()  # the reader went on past the last cell
    went_back = Signal()  # the reader went back before the first cell
    disagreement_asked = Signal(int)  # 1 or -1: Tab where two readers' scores stand beside the cells

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = ScoreModel(self)
        self._delegate = ScoreDelegate(self)
        self.search = SiteSearch(self)
        self._typing = ScoreTyping(self._model.score_of, self)
        self._across = False
        self._order: tuple[Cell, ...] = ()
        self._header = ScoreHeader(self)
        self.setHorizontalHeader(self._header)
        self.setModel(self._model)
        self.setItemDelegate(self._delegate)
        self.setObjectName("scores")
        self.setAccessibleName("Scores")
        self.setShowGrid(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultSectionSize(ROW_HEIGHT)
        self.verticalHeader().setMinimumSectionSize(16)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMinimumHeight(8 * ROW_HEIGHT)
        self.selectionModel().currentChanged.connect(self._on_current_changed)
        self.search.found.connect(self._on_site_found)
        self._typing.entered.connect(self.score_entered)
        self._typing.refused.connect(self.refused)
        self._typing.finished.connect(self._on_cell_finished)
        self._typing.waiting_changed.connect(self._on_waiting_changed)

    @property
    def current_cell(self) -> Cell | None:
        """The cell the next digit goes to."""
        return self._model.cell(self.currentIndex())

    @property
    def page(self) -> Page | None:
        """What the table shows; None before the first case."""
        return self._model.page

    @property
    def entered_cell(self) -> Cell | None:
        """The cell that was entered last, until the reader moves on purpose; else the current one."""
        return self._typing.entered_cell or self.current_cell

    @property
    def across(self) -> bool:
        """Whether the next timepoint of the same site comes next, not the next site."""
        return self._across

    def show_page(self, page: Page, sheet: Sheet, *, locked: bool) -> None:
        """Show another page or case; nothing is current until :meth:`go_to`."""
        self._typing.stop_waiting()
        self.search.end()
        self._delegate.locked = locked
        self._model.show_page(page, sheet)
        self._order = page.cells(across=self._across)
        self._header.show_columns(self.viewport().width(), narrow=len(page.features) > 1)
        self._span_headings()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Use the new width."""
        super().resizeEvent(event)
        if self._model.has_others:
            self._header.fit_columns(self.viewport().width())

    def show_others(self, others: Others) -> None:
        """Show what two readers scored beside each cell from the next page on; empty sheets: nothing."""
        self._model.others = others

    def _span_headings(self) -> None:
        """Let a subtotal stand under all the columns it adds up."""
        self.clearSpans()
        for row in self._model.heading_rows():
            for run in self._model.runs():
                if run.count > 1:
                    self.setSpan(row, run.first, 1, run.count)

    def show_scores(self, sheet: Sheet, by_timepoint: Mapping[str, Iterable[Subtotal]]) -> None:
        """Show changed scores of the same case, with the subtotals of each timepoint that may be seen."""
        self._model.show_scores(sheet, by_timepoint)

    def show_notes(self, notes: Mapping[Cell, Note]) -> None:
        """Show comments and confidence beside the grades."""
        self._model.show_notes(notes)

    def show_consensus(self, cells: frozenset[Cell]) -> None:
        """Show which grades were agreed in a consensus."""
        self._model.show_consensus(cells)

    def set_across(self, across: bool) -> None:
        """Go on to the next timepoint of the same site instead of the next site."""
        self._across = across
        self._order = self._model.page.cells(across=across) if self._model.page else ()

    def go_to(self, cell: Cell) -> None:
        """Make *cell* the current one; a half step no longer belongs to what was typed before."""
        self._typing.forget()
        self.go_on_to(cell)

    def go_on_to(self, cell: Cell) -> None:
        """Make *cell* the current one, as the next after what was typed last."""
        index = self._model.index_of(cell)
        if index.isValid():
            self._typing.stop_waiting()
            self.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
            self._show_with_heading(index)

    def _show_with_heading(self, index: QModelIndex) -> None:
        """Scroll to a row, and to the heading above the first one of a group."""
        above = index.siblingAtRow(index.row() - 1)
        if above.isValid() and self._model.site(above.row()) is None:
            self.scrollTo(above)
        self.scrollTo(index)

    def first_cell(self) -> Cell | None:
        """Return the first cell in reading order."""
        return self._order[0] if self._order else None

    # -- keys ----------------------------------------------------------------------------------------------

    def event(self, event: QEvent) -> bool:
        """Keep keys that mean something here right now from being commands of the window."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            half = writes(event) and event.text() in _HALF_STEP_KEYS and self._takes_half_steps()
            if half or (self.search.is_open and self.search.takes(event)):
                event.accept()
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take digits, clearing, not assessable, searching and moves; leave all else to the window.

        A key that is held down does not enter scores again and again.
        """
        if self.search.is_open and self.search.press(event):
            return
        entry = self._entry(event)
        if entry is not None:
            if not event.isAutoRepeat():
                entry()
        elif (move := self._move(event)) is not None:
            self._typing.forget()
            move()
        else:
            event.ignore()

    def _entry(self, event: QKeyEvent) -> Callable[[], None] | None:
        """Return what a key does with the form, None where it does nothing of that kind."""
        text = event.text()
        if writes(event) and len(text) == 1:
            if text in "0123456789":
                return partial(self._type, int(text))
            if text in _HALF_STEP_KEYS and self._takes_half_steps():
                return self._add_half
            if text == "/":
                return self.find_site
        actions: dict[int, Callable[[], None]] = {
            Qt.Key.Key_Delete: self._clear,
            Qt.Key.Key_Backspace: self._clear,
            Qt.Key.Key_N: self._ask_not_assessable,
        }
        return actions.get(event.key()) if is_plain(event) else None

    def _move(self, event: QKeyEvent) -> Callable[[], None] | None:
        """Return where a key goes, None where it goes nowhere."""
        key, plain = event.key(), is_plain(event)
        if self._model.has_others and key in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
            return partial(self.disagreement_asked.emit, 1 if key == Qt.Key.Key_Tab else -1)
        if plain and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab):
            return partial(self.advance, 1)
        if key == Qt.Key.Key_Backtab:
            return partial(self.advance, -1)
        if plain and key in MOVES:
            return partial(self._step_to, neighbour(self._model, self.currentIndex(), *MOVES[key]))
        if plain and key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            return partial(self._step_to, self._order[0 if key == Qt.Key.Key_Home else -1])
        if event.modifiers() == Qt.KeyboardModifier.ControlModifier and key in GROUP_MOVES:
            group = first_of_group(self._model, self.currentIndex(), GROUP_MOVES[key])
            return partial(self._step_to, group)
        return None

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Let a click end what was typed."""
        self._typing.forget()
        super().mousePressEvent(event)

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Keep Tab for moving between cells."""
        return False

    # -- moving --------------------------------------------------------------------------------------------

    def advance(self, steps: int) -> None:
        """Go on (or back) in reading order; past the ends the owner decides."""
        cell = self.current_cell
        if cell is None:
            return
        target = self._order.index(cell) + steps
        if target >= len(self._order):
            self.finished.emit()
        elif target < 0:
            self.went_back.emit()
        else:
            self.go_on_to(self._order[target])

    def note_entered(self, cell: Cell) -> None:
        """Take *cell* as entered last, otherwise than by a digit, wherever the reader went on to."""
        self._typing.enter_otherwise(cell)

    def go_on_after(self, cell: Cell) -> None:
        """Go on from *cell*, which was entered otherwise than by a digit."""
        self.note_entered(cell)
        self.advance(1)

    def _step_to(self, cell: Cell | None) -> None:
        if cell is not None:
            self.go_to(cell)

    # -- entering ------------------------------------------------------------------------------------------

    def _type(self, digit: int) -> None:
        cell, column = self.current_cell, self._column
        if cell is None or column is None or self._is_locked():
            return
        if not self._typing.type_digit(cell, column.feature, digit):
            self.advance(1)
            self._type(digit)

    def _takes_half_steps(self) -> bool:
        column = self._column
        return self._typing.takes_half_steps(column.feature if column else None)

    def _add_half(self) -> None:
        if not self._is_locked():
            self._typing.add_half()

    @Slot()
    def _on_cell_finished(self) -> None:
        self.advance(1)

    @Slot(object)
    def _on_waiting_changed(self, cell: Cell | None) -> None:
        for one in (self._delegate.pending, cell):
            if one is not None:
                self.update(self._model.index_of(one))
        self._delegate.pending = cell

    @property
    def _column(self) -> Column | None:
        """The column where the reader is."""
        cell, page = self.current_cell, self.page
        return page.column_of(cell) if cell and page else None

    def _clear(self) -> None:
        cell = self.current_cell
        if cell is not None and not self._is_locked():
            self._typing.forget()
            self.score_entered.emit(cell, None)

    def _ask_not_assessable(self) -> None:
        cell = self.current_cell
        if cell is not None and not self._is_locked():
            self._typing.forget()
            self.not_assessable_asked.emit(cell)

    def _is_locked(self) -> bool:
        if self._delegate.locked:
            self.refused.emit("This case is signed: its scores can no longer be changed.")
        return self._delegate.locked

    # -- searching -----------------------------------------------------------------------------------------

    def find_site(self) -> None:
        """Take the letters of a site's name, and go there."""
        page, column = self.page, self._column
        if page is not None and column is not None:
            self._typing.forget()
            self.search.start([site for site in page.sites if page.cell(site, column) is not None])

    @Slot(str)
    def _on_site_found(self, site_id: str) -> None:
        """Go to a site in the column where the reader is."""
        page, column = self.page, self._column
        if page is not None and column is not None:
            site = next(site for site in page.sites if site.id == site_id)
            self._step_to(page.cell(site, column))

    # -- the rest ------------------------------------------------------------------------------------------

    @Slot(QModelIndex, QModelIndex)
    def _on_current_changed(self, current: QModelIndex, previous: QModelIndex) -> None:
        cell = self._model.cell(current)
        if cell is not None:
            if self._typing.waiting_cell != cell:
                self._typing.stop_waiting()
            for index in (previous, current):  # their names stand out, too
                self.update(index.siblingAtColumn(0))
            self.current_changed.emit(cell)


_HALF_STEP_KEYS = (".", ",")

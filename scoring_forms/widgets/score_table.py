"""The score table of one page, filled in from the keyboard."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial

from PySide6.QtCore import (
    QEvent,
    QItemSelectionModel,
    QModelIndex,
    QSignalBlocker,
    Qt,
    QTimer,
    Signal,
    Slot,
)
from PySide6.QtGui import QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from scoring_forms.domain.entry import Page, half_step_more, typed_digit
from scoring_forms.domain.others import Others
from scoring_forms.domain.score import Cell, Score, Sheet
from scoring_forms.domain.scoring_system import Feature
from scoring_forms.domain.totals import Subtotal
from scoring_forms.widgets.notes import Note
from scoring_forms.widgets.score_delegate import ScoreDelegate
from scoring_forms.widgets.score_header import ScoreHeader
from scoring_forms.widgets.score_model import ScoreModel
from scoring_forms.widgets.site_search import SiteSearch
from scoring_forms.widgets.table_moves import GROUP_MOVES, MOVES, first_of_group, is_plain, neighbour, writes

PENDING_MS = 900  # after a typed 1 the table goes on by itself; the next key decides at once in any case
ROW_HEIGHT = 20


class ScoreTable(QTableView):
    """Digits set the current cell and go on; it reports what the reader wants and changes nothing itself.

    A digit that could grow (the 1 of 10) is entered at once, and what the next key is decides: a 0 makes 10,
    any other digit belongs to the next cell. The half-step key right after a digit adds a half to the cell
    that digit was typed into, and the table stays where it went. ``/`` looks for a site by its name.
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
        self._pending: tuple[Cell, float] | None = None
        self._typed_last: tuple[Cell, Feature, float] | None = None
        self._entered_last: Cell | None = None
        self._across = False
        self._order: tuple[Cell, ...] = ()
        self._waiting = QTimer(self, singleShot=True, interval=PENDING_MS)  # type: ignore[call-overload]
        self._waiting.timeout.connect(self._end_pending)
        self.setHorizontalHeader(ScoreHeader(self))
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
        return self._entered_last or self.current_cell

    def show_page(self, page: Page, sheet: Sheet, *, locked: bool) -> None:
        """Show another page or case; nothing is current until :meth:`go_to`."""
        self._drop_pending()
        self.search.end()
        self._delegate.locked = locked
        self._model.show_page(page, sheet)
        self._order = page.cells(across=self._across)
        header = self.horizontalHeader()
        header.setMinimumSectionSize(24)
        header.setStyleSheet(_NARROW_HEADER if len(page.features) > 1 else "")
        with QSignalBlocker(header):  # told of single widths the table would be painted a second time
            header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
            for column in range(1, self._model.columnCount()):
                header.setSectionResizeMode(column, QHeaderView.ResizeMode.Fixed)
            self._fit_columns()
            header.sectionSize(0)  # asked for, it is stretched now and not later
        self._span_headings()

    def _fit_columns(self) -> None:
        """Give every column its width; three scores side by side leave room for the names of the sites."""
        columns = self._model.columnCount() - 1
        if columns < 1:
            return
        width = _column_width(columns)
        if self._model.has_others:
            room = (self.viewport().width() - _NAMES_WIDTH) // columns
            width = max(_OTHERS_LEAST, min(width + _OTHERS_WIDTH, room))
        for column in range(1, columns + 1):
            self.horizontalHeader().resizeSection(column, width)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Use the new width."""
        super().resizeEvent(event)
        if self._model.has_others:
            self._fit_columns()

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
        self._typed_last = self._entered_last = None
        self.go_on_to(cell)

    def go_on_to(self, cell: Cell) -> None:
        """Make *cell* the current one, as the next after what was typed last."""
        index = self._model.index_of(cell)
        if index.isValid():
            self._drop_pending()
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
        action = self._entry(event)
        if action is None:
            self._move_by(event)
        elif not event.isAutoRepeat():
            action()

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

    def _move_by(self, event: QKeyEvent) -> None:
        key, plain = event.key(), is_plain(event)
        if self._model.has_others and key in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
            self._leave_cell()
            self.disagreement_asked.emit(1 if key == Qt.Key.Key_Tab else -1)
            return
        if plain and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab):
            self._leave_cell()
            self.advance(1)
        elif key == Qt.Key.Key_Backtab:
            self._leave_cell()
            self.advance(-1)
        elif plain and key in MOVES:
            self._leave_cell()
            self._step_to(neighbour(self._model, self.currentIndex(), *MOVES[key]))
        elif event.modifiers() == Qt.KeyboardModifier.ControlModifier and key in GROUP_MOVES:
            self._leave_cell()
            self._step_to(first_of_group(self._model, self.currentIndex(), GROUP_MOVES[key]))
        elif plain and key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            self.go_to(self._order[0 if key == Qt.Key.Key_Home else -1])
        else:
            event.ignore()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Let a click end what was typed."""
        self._leave_cell()
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

    def go_on_after(self, cell: Cell) -> None:
        """Go on from *cell*, which was entered otherwise than by a digit."""
        self._entered_last = cell
        self.advance(1)

    def _step_to(self, cell: Cell | None) -> None:
        if cell is not None:
            self.go_to(cell)

    def _leave_cell(self) -> None:
        """Forget what was typed: the reader moves on purpose."""
        self._drop_pending()
        self._typed_last = self._entered_last = None

    # -- entering ------------------------------------------------------------------------------------------

    def _type(self, digit: int) -> None:
        cell = self.current_cell
        feature = self._feature_of(cell)
        if cell is None or feature is None or self._is_locked():
            return
        if self._pending is not None:
            longer = typed_digit(feature, digit, self._pending[1])
            self._drop_pending()
            if longer is not None:
                self._set(cell, feature, longer.value)
                self.advance(1)
                return
            self.advance(1)
            self._type(digit)
            return
        typed = typed_digit(feature, digit, None)
        if typed is None:
            self._typed_last = self._entered_last = None
            self.refused.emit(f"{feature.label} goes from {feature.minimum:g} to {feature.maximum:g}.")
            return
        self._set(cell, feature, typed.value)
        if typed.open:
            self._pending = (cell, typed.value)
            self._delegate.pending = cell
            self._waiting.start()
            self.update(self._model.index_of(cell))
        else:
            self.advance(1)

    def _set(self, cell: Cell, feature: Feature, value: float) -> None:
        self.score_entered.emit(cell, Score(value))
        self._typed_last, self._entered_last = (cell, feature, value), cell

    def _takes_half_steps(self) -> bool:
        """Whether the half-step key belongs to the table: to the digit typed last, else to this feature."""
        feature = self._typed_last[1] if self._typed_last else self._feature_of(self.current_cell)
        return feature is not None and feature.has_half_steps

    def _add_half(self) -> None:
        """Add a half step to the value typed last; the current cell stays the one it went on to."""
        if self._is_locked():
            return
        if self._typed_last is None:
            self.refused.emit("A half step follows a digit: 2 . is 2.5, and 0 . is 0.5.")
            return
        cell, feature, value = self._typed_last
        more = half_step_more(feature, value)
        score = self._model.score_of(cell)
        if more is None or score is None or score.value != value:
            self.refused.emit(f"A half step is added once, and up to {feature.maximum:g}.")
            return
        waiting = self._pending is not None
        self._drop_pending()
        self._set(cell, feature, more)
        if waiting:
            self.advance(1)

    def _feature_of(self, cell: Cell | None) -> Feature | None:
        column = self._model.page.column_of(cell) if cell and self._model.page else None
        return column.feature if column else None

    def _clear(self) -> None:
        cell = self.current_cell
        if cell is not None and not self._is_locked():
            self._leave_cell()
            self.score_entered.emit(cell, None)

    def _ask_not_assessable(self) -> None:
        cell = self.current_cell
        if cell is not None and not self._is_locked():
            self._leave_cell()
            self.not_assessable_asked.emit(cell)

    def _is_locked(self) -> bool:
        if self._delegate.locked:
            self.refused.emit("This case is signed: its scores can no longer be changed.")
        return self._delegate.locked

    # -- searching -----------------------------------------------------------------------------------------

    def find_site(self) -> None:
        """Take the letters of a site's name, and go there."""
        cell, page = self.current_cell, self._model.page
        column = page.column_of(cell) if cell and page else None
        if page is not None and column is not None:
            self._leave_cell()
            self.search.start([site for site in page.sites if page.cell(site, column) is not None])

    @Slot(str)
    def _on_site_found(self, site_id: str) -> None:
        """Go to a site in the column where the reader is."""
        cell, page = self.current_cell, self._model.page
        column = page.column_of(cell) if cell and page else None
        site = next((site for site in page.sites if site.id == site_id), None) if page else None
        if page is not None and column is not None and site is not None:
            found = page.cell(site, column)
            if found is not None:
                self.go_to(found)

    # -- the rest ------------------------------------------------------------------------------------------

    @Slot()
    def _end_pending(self) -> None:
        self._drop_pending()
        self.advance(1)

    def _drop_pending(self) -> None:
        if self._pending is None:
            return
        self._waiting.stop()
        self.update(self._model.index_of(self._pending[0]))
        self._pending = None
        self._delegate.pending = None

    @Slot(QModelIndex, QModelIndex)
    def _on_current_changed(self, current: QModelIndex, previous: QModelIndex) -> None:
        cell = self._model.cell(current)
        if cell is not None:
            if self._pending is not None and self._pending[0] != cell:
                self._drop_pending()
            for index in (previous, current):  # their names stand out, too
                self.update(index.siblingAtColumn(0))
            self.current_changed.emit(cell)


def _column_width(columns: int) -> int:
    return 58 if columns <= 3 else 44 if columns <= 4 else 38 if columns <= 6 else 34


_OTHERS_WIDTH, _OTHERS_LEAST = 34, 46
_NAMES_WIDTH = 110
_NARROW_HEADER = """
QHeaderView::section { padding: 3px 1px; font-size: 8pt; }
QHeaderView::section:first { padding-left: 8px; }
"""
_HALF_STEP_KEYS = (".", ",")

"""The score table of one feature, filled in from the keyboard."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QItemSelectionModel, QModelIndex, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from scoring_forms.domain.entry import FeatureSheet, typed_digit
from scoring_forms.domain.score import Cell, Score, Sheet
from scoring_forms.widgets.score_delegate import ScoreDelegate
from scoring_forms.widgets.score_model import ScoreModel

PENDING_MS = 900  # how long a typed 1 waits for a 0
ROW_HEIGHT = 20


class ScoreTable(QTableView):
    """Digits set the current cell and go on; it reports what the reader wants and changes nothing itself."""

    score_entered = Signal(object, object)  # Cell, Score or None to clear
    not_assessable_asked = Signal(object)  # Cell
    refused = Signal(str)  # why a key did nothing
    current_changed = Signal(object)  # Cell
    finished = Signal()  # the reader went on past the last cell
    went_back = Signal()  # the reader went back before the first cell

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = ScoreModel(self)
        self._delegate = ScoreDelegate(self)
        self._pending: tuple[Cell, float] | None = None
        self._across = False
        self._waiting = QTimer(self, singleShot=True, interval=PENDING_MS)
        self._waiting.timeout.connect(self._end_pending)
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
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setSectionsClickable(False)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.selectionModel().currentChanged.connect(self._on_current_changed)

    @property
    def current_cell(self) -> Cell | None:
        """The cell the next digit goes to."""
        return self._model.cell(self.currentIndex())

    def show_feature(self, layout: FeatureSheet, sheet: Sheet, *, locked: bool) -> None:
        """Show another feature or case; nothing is current until :meth:`go_to`."""
        self._drop_pending()
        self._delegate.locked = locked
        self._model.show_feature(layout, sheet)
        header = self.horizontalHeader()
        header.setMinimumSectionSize(28)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        width = 58 if len(layout.columns) <= 3 else 44
        for column in range(1, self._model.columnCount()):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Fixed)
            header.resizeSection(column, width)

    def show_scores(self, sheet: Mapping[Cell, Score]) -> None:
        """Show changed scores of the same case."""
        self._model.show_scores(sheet)

    def set_across(self, across: bool) -> None:
        """Go on to the next timepoint of the same site instead of the next site."""
        self._across = across

    def go_to(self, cell: Cell) -> None:
        """Make *cell* the current one."""
        index = self._model.index_of(cell)
        if index.isValid():
            self._drop_pending()
            self.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
            self.scrollTo(index)

    def first_cell(self) -> Cell | None:
        """Return the first cell in reading order."""
        order = self._order()
        return order[0] if order else None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take digits, clearing, not assessable and moves; leave everything else to the window."""
        key, text = event.key(), event.text()
        plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if plain and len(text) == 1 and text in "0123456789":
            self._type(int(text))
        elif plain and key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self._clear()
        elif plain and key == Qt.Key.Key_N:
            self._ask_not_assessable()
        elif plain and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab):
            self._drop_pending()
            self.advance(1)
        elif key == Qt.Key.Key_Backtab:
            self._drop_pending()
            self.advance(-1)
        elif plain and key in _MOVES:
            self._drop_pending()
            self._move(*_MOVES[Qt.Key(key)])
        elif plain and key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            self._drop_pending()
            order = self._order()
            self.go_to(order[0 if key == Qt.Key.Key_Home else -1])
        else:
            event.ignore()

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Keep Tab for moving between cells."""
        return False

    def advance(self, steps: int) -> None:
        """Go on (or back) in reading order; past the ends the owner decides."""
        cell = self.current_cell
        order = self._order()
        if cell is None or cell not in order:
            return
        target = order.index(cell) + steps
        if target >= len(order):
            self.finished.emit()
        elif target < 0:
            self.went_back.emit()
        else:
            self.go_to(order[target])

    def _order(self) -> tuple[Cell, ...]:
        layout = self._model.layout_
        return layout.cells(across=self._across) if layout else ()

    def _type(self, digit: int) -> None:
        cell, layout = self.current_cell, self._model.layout_
        if cell is None or layout is None or self._is_locked():
            return
        if self._pending is not None:
            longer = typed_digit(layout.feature, digit, self._pending[1])
            self._drop_pending()
            if longer is not None:
                self.score_entered.emit(cell, Score(longer.value))
                self.advance(1)
                return
            self.advance(1)
            self._type(digit)
            return
        typed = typed_digit(layout.feature, digit, None)
        if typed is None:
            top = layout.feature.maximum
            self.refused.emit(f"{layout.feature.label} goes from {layout.feature.minimum:g} to {top:g}.")
            return
        self.score_entered.emit(cell, Score(typed.value))
        if typed.open:
            self._pending = (cell, typed.value)
            self._delegate.pending = cell
            self._waiting.start()
            self.viewport().update()
        else:
            self.advance(1)

    def _clear(self) -> None:
        cell = self.current_cell
        if cell is not None and not self._is_locked():
            self._drop_pending()
            self.score_entered.emit(cell, None)

    def _ask_not_assessable(self) -> None:
        cell = self.current_cell
        if cell is not None and not self._is_locked():
            self._drop_pending()
            self.not_assessable_asked.emit(cell)

    def _is_locked(self) -> bool:
        if self._delegate.locked:
            self.refused.emit("This case is signed: its scores can no longer be changed.")
        return self._delegate.locked

    def _move(self, rows: int, columns: int) -> None:
        index = self.currentIndex()
        row, column = index.row(), min(max(index.column() + columns, 1), self._model.columnCount() - 1)
        while 0 <= row + rows < self._model.rowCount():
            row += rows
            if self._model.site(row) is not None:
                break
        cell = self._model.cell(self._model.index(row, column))
        if cell is not None:
            self.go_to(cell)

    @Slot()
    def _end_pending(self) -> None:
        if self._pending is not None:
            self._drop_pending()
            self.advance(1)

    def _drop_pending(self) -> None:
        self._waiting.stop()
        self._pending = None
        self._delegate.pending = None
        self.viewport().update()

    @Slot(QModelIndex, QModelIndex)
    def _on_current_changed(self, current: QModelIndex, previous: QModelIndex) -> None:
        cell = self._model.cell(current)
        if cell is not None:
            if self._pending is not None and self._pending[0] != cell:
                self._drop_pending()
            self.viewport().update()
            self.current_changed.emit(cell)


_MOVES = {
    Qt.Key.Key_Up: (-1, 0),
    Qt.Key.Key_Down: (1, 0),
    Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Right: (0, 1),
}

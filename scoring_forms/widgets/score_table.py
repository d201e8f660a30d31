"""The score table of one feature: sites down, timepoints across, filled in from the keyboard."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import (
    QAbstractTableModel,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QRectF,
    Qt,
    QTimer,
    Signal,
    Slot,
)
from PySide6.QtGui import QColor, QFont, QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from scoring_forms.domain.entry import Column, FeatureSheet, typed_digit
from scoring_forms.domain.score import Cell, Score, Sheet
from scoring_forms.domain.systems import Site

Index = QModelIndex | QPersistentModelIndex
GROUP_NAMES = {"wrist": "Wrist", "mcp": "MCP", "pip": "PIP and thumb IP", "forefoot": "Forefoot"}
SIDE_NAMES = {"L": "left", "R": "right"}
PENDING_MS = 900  # how long a typed 1 waits for a 0
ROW_HEIGHT = 20


class ScoreModel(QAbstractTableModel):
    """One feature's sites and group headings as rows, timepoints as columns."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._layout: FeatureSheet | None = None
        self._rows: list[Site | str] = []
        self._sheet: Sheet = {}

    @property
    def layout_(self) -> FeatureSheet | None:
        """What the table shows; None before the first case."""
        return self._layout

    def show_feature(self, layout: FeatureSheet, sheet: Sheet) -> None:
        """Show another feature or case."""
        self.beginResetModel()
        self._layout, self._sheet = layout, sheet
        self._rows = []
        group = None
        for site in layout.feature.sites:
            if site.group != group:
                group = site.group
                self._rows.append(GROUP_NAMES.get(group, group))
            self._rows.append(site)
        self.endResetModel()

    def show_scores(self, sheet: Sheet) -> None:
        """Show changed scores of the same case."""
        self._sheet = sheet
        if self._rows:
            self.dataChanged.emit(self.index(0, 0), self.index(self.rowCount() - 1, self.columnCount() - 1))

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's name and default
        """Return the number of sites and group headings."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's name and default
        """Return one column for the site's name and one a timepoint."""
        return 0 if parent.isValid() or self._layout is None else 1 + len(self._layout.columns)

    def site(self, row: int) -> Site | None:
        """Return the site of a row, None for a group heading."""
        entry = self._rows[row]
        return entry if isinstance(entry, Site) else None

    def cell(self, index: Index) -> Cell | None:
        """Return the cell at *index*; None for names and headings."""
        if not index.isValid() or self._layout is None or index.column() == 0:
            return None
        site = self.site(index.row())
        return None if site is None else self._layout.cell(site, self._layout.columns[index.column() - 1])

    def index_of(self, cell: Cell) -> QModelIndex:
        """Return where *cell* stands, an invalid index when it is not in this table."""
        layout = self._layout
        if layout is None or (cell.system, cell.feature) != (layout.part.system.id, layout.feature.id):
            return QModelIndex()
        column = 1 + layout.columns.index(layout.column_of(cell))
        for row, entry in enumerate(self._rows):
            if isinstance(entry, Site) and entry.id == cell.site:
                return self.index(row, column)
        return QModelIndex()

    def score(self, index: Index) -> Score | None:
        """Return the score at *index*, None where the cell is empty."""
        cell = self.cell(index)
        return None if cell is None else self._sheet.get(cell)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return the text of a name or score; for screen readers the cell in words."""
        entry = self._rows[index.row()]
        if index.column() == 0:
            if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
                return entry.label if isinstance(entry, Site) else entry
            if role == Qt.ItemDataRole.ToolTipRole and isinstance(entry, Site):
                return f"{entry.label} ({entry.abbreviation})"
            return None
        score = self.score(index)
        if role == Qt.ItemDataRole.DisplayRole:
            return score.text if score else ("" if isinstance(entry, str) else "·")
        if role == Qt.ItemDataRole.AccessibleTextRole and isinstance(entry, Site):
            return self._in_words(entry, index.column(), score)
        if role == Qt.ItemDataRole.ToolTipRole and score is not None and score.not_assessable:
            return f"Not assessable: {score.not_assessable.replace('_', ' ')}. {score.comment}".strip()
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        """Return ``A`` or ``A R`` above the columns."""
        if orientation != Qt.Orientation.Horizontal or self._layout is None:
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            middle = Qt.AlignmentFlag.AlignVCenter
            return middle | (Qt.AlignmentFlag.AlignLeft if section == 0 else Qt.AlignmentFlag.AlignHCenter)
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        return "Site" if section == 0 else column_title(self._layout.columns[section - 1])

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Let only score cells be current."""
        if self.cell(index) is None:
            return Qt.ItemFlag.ItemIsEnabled
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable

    def _in_words(self, site: Site, column: int, score: Score | None) -> str:
        assert self._layout is not None
        where = self._layout.columns[column - 1]
        side = f"{SIDE_NAMES[where.side]} hand, " if where.side else ""
        value = "empty" if score is None else score.text.replace("n/a", "not assessable")
        return f"{site.label}, {side}timepoint {where.timepoint}, {self._layout.feature.label}: {value}"


def column_title(column: Column) -> str:
    """Return ``A``, or ``A R`` for the right hand of a two-sided system."""
    return f"{column.timepoint} {column.side}" if column.side else column.timepoint


class ScoreDelegate(QStyledItemDelegate):
    """Paints scores large and calm, the current cell as an unmistakable box."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.locked = False
        self.pending: Cell | None = None

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint a site's name, a group heading or a score."""
        model = index.model()
        assert isinstance(model, ScoreModel)
        area = QRectF(option.rect)  # type: ignore[attr-defined]
        site = model.site(index.row())
        painter.save()
        if site is None:
            self._paint_heading(painter, area, index)
        elif index.column() == 0:
            painter.setPen(QColor("#cfd6dd"))
            name = str(index.data()).partition(" (")[0]  # the tool tip has the whole name
            text = painter.fontMetrics().elidedText(name, Qt.TextElideMode.ElideRight, int(area.width()) - 10)
            painter.drawText(area.adjusted(8, 0, 0, 0), _LEFT, text)
        else:
            self._paint_score(painter, area, option, model, index)
        painter.restore()

    def _paint_heading(self, painter: QPainter, area: QRectF, index: Index) -> None:
        if index.column() > 0:
            return
        font = QFont(painter.font())
        font.setPointSizeF(font.pointSizeF() * 0.82)
        font.setCapitalization(QFont.Capitalization.AllUppercase)
        font.setLetterSpacing(QFont.SpacingType.AbsoluteSpacing, 0.6)
        painter.setFont(font)
        painter.setPen(QColor("#8d99a5"))
        painter.drawText(area.adjusted(8, 3, 0, 0), _LEFT, str(index.data()))

    def _paint_score(
        self, painter: QPainter, area: QRectF, option: QStyleOptionViewItem, model: ScoreModel, index: Index
    ) -> None:
        view = self.parent()
        assert isinstance(view, QTableView)
        score = model.score(index)
        current = view.currentIndex() == index
        if current:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(QColor("#6aa8d8"), 1.8))
            painter.setBrush(QColor("#22384a"))
            painter.drawRoundedRect(area.adjusted(3, 1.5, -3, -1.5), 3, 3)
        text = str(index.data())
        if self.pending is not None and model.cell(index) == self.pending:
            text += "_"
        colour = "#5c6873" if score is None else "#d6a268" if score.value is None else "#f2f5f7"
        painter.setPen(QColor("#98a3ad" if self.locked and score is not None else colour))
        font = QFont(painter.font())
        font.setBold(current or (score is not None and score.value is not None and score.value > 0))
        painter.setFont(font)
        painter.drawText(area, int(Qt.AlignmentFlag.AlignCenter), text)


_LEFT = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)


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

"""Subjects by visits: every expected role as a chip with colour and words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QRectF,
    QSize,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QHelpEvent, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QToolTip,
    QWidget,
)

from reader_app.study.chips import HEIGHT, MARGIN, laid_out, paint_chip
from reader_app.study.role_words import QUESTION, Chip, chips_of
from reader_app.workflow.study_check import SubjectCheck

Index = QModelIndex | QPersistentModelIndex
Filed = Mapping[tuple[str, str], int]
NOTHING_FILED: Filed = MappingProxyType({})
CHIPS = int(Qt.ItemDataRole.UserRole)
FIXED = 2
"""Columns before the visits: subject and side."""
SIDE_WORDS = {"L": "left", "R": "right", None: ""}
_SIDE, _NARROWEST = 72, 190
"""Pixels of the column of sides, and of a visit at least."""
_GRID, _SELECTED, _ACCENT, _TEXT = QColor("#e3e7eb"), QColor("#eef5fb"), QColor("#2f78b4"), QColor("#1d2329")


class MatrixModel(QAbstractTableModel):
    """The chips of every subject and visit."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._checks: tuple[SubjectCheck, ...] = ()
        self._visits: tuple[str, ...] = ()
        self._chips: tuple[tuple[tuple[Chip, ...], ...], ...] = ()

    def show(self, checks: Sequence[SubjectCheck], visits: Sequence[str], filed: Filed) -> None:
        """Show other subjects or visits; *filed* counts all series of a subject and visit."""
        self.beginResetModel()
        self._checks, self._visits = tuple(checks), tuple(visits)
        self._chips = tuple(
            tuple(chips_of(one, filed.get((check.subject, one.visit), 0)) for one in check.visits)
            for check in checks
        )
        self.endResetModel()

    def chips(self, row: int) -> tuple[tuple[Chip, ...], ...]:
        """Return the chips of a subject, visit by visit."""
        return self._chips[row]

    def place_of(self, index: Index) -> tuple[str, str] | None:
        """Return subject and visit of a cell; None outside the visits."""
        if not index.isValid() or index.column() < FIXED:
            return None
        return self._checks[index.row()].subject, self._visits[index.column() - FIXED]

    def index_of(self, subject: str, visit: str) -> QModelIndex:
        """Return the cell of a subject and visit; an invalid one if it is not shown."""
        rows = [check.subject for check in self._checks]
        if subject not in rows or visit not in self._visits:
            return QModelIndex()
        return self.index(rows.index(subject), FIXED + self._visits.index(visit))

    def rowCount(self, parent: Index | None = None) -> int:
        """A row a subject."""
        return 0 if parent is not None and parent.isValid() else len(self._checks)

    def columnCount(self, parent: Index | None = None) -> int:
        """Subject, side and the visits."""
        return 0 if parent is not None and parent.isValid() else FIXED + len(self._visits)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return text, chips or a tool tip."""
        check, column = self._checks[index.row()], index.column()
        if column < FIXED:
            return _fixed(check, column, role)
        chips = self._chips[index.row()][column - FIXED]
        if role == CHIPS:
            return chips
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return ", ".join(chip.text for chip in chips)
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Name the columns."""
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        return ("Subject", "Side", *self._visits)[section] if role == Qt.ItemDataRole.DisplayRole else None


def _fixed(check: SubjectCheck, column: int, role: int) -> Any:
    side = "?" if check.problem else SIDE_WORDS[check.side]
    if role == Qt.ItemDataRole.DisplayRole:
        return (check.subject, side)[column]
    if role == Qt.ItemDataRole.ToolTipRole and check.problem:
        return check.problem
    if role == CHIPS and column == 1 and check.problem:
        return (Chip("side ?", QUESTION, check.problem),)
    return None


class ChipDelegate(QStyledItemDelegate):
    """Paints chips one after the other, in as many lines as they need."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint a cell."""
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        cell = QRectF(option.rect)
        selected = index == _view_of(option).currentIndex() and index.column() >= FIXED
        painter.fillRect(cell, _SELECTED if selected else QColor("#ffffff"))
        chips: tuple[Chip, ...] = index.data(CHIPS) or ()
        if chips:
            for chip, box in laid_out(chips, cell, _metrics(option.font)):
                paint_chip(painter, chip, box)
        else:
            font = option.font
            font.setBold(index.column() == 0)
            painter.setFont(font)
            painter.setPen(_TEXT)
            flags = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)
            painter.drawText(cell.adjusted(MARGIN + 2, 0, -2, 0), flags, str(index.data() or ""))
        painter.setPen(QPen(_GRID, 1))
        painter.drawLine(cell.bottomLeft(), cell.bottomRight())
        if selected:
            painter.setPen(QPen(_ACCENT, 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(cell.adjusted(1, 1, -1, -1))
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Ask for the lines the chips need at the column's width."""
        chips: tuple[Chip, ...] = index.data(CHIPS) or ()
        width = _view_of(option).columnWidth(index.column())
        return QSize(width, _height(chips, width, _metrics(option.font)))

    def helpEvent(
        self, event: QHelpEvent, view: QAbstractItemView, option: QStyleOptionViewItem, index: Index
    ) -> bool:
        """Say more about the chip under the mouse."""
        chips: tuple[Chip, ...] = index.data(CHIPS) or ()
        if event.type() == QEvent.Type.ToolTip and chips:
            for chip, box in laid_out(chips, QRectF(view.visualRect(index)), _metrics(option.font)):
                if box.contains(event.pos()):
                    QToolTip.showText(event.globalPos(), chip.tip, view)
                    return True
        return super().helpEvent(event, view, option, index)


class MatrixView(QTableView):
    """The matrix; choosing a cell asks for its series."""

    place_chosen = Signal(str, str)  # subject, visit

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("matrix")
        self.setAccessibleName("Subjects and visits")
        self.matrix = MatrixModel(self)
        self.setModel(self.matrix)
        self.setItemDelegate(ChipDelegate(self))
        self.setShowGrid(False)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTabKeyNavigation(False)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setMinimumSectionSize(60)
        self.selectionModel().currentChanged.connect(self._on_current_changed)

    def show_checks(
        self, checks: Sequence[SubjectCheck], visits: Sequence[str], filed: Filed = NOTHING_FILED
    ) -> None:
        """Show these subjects and stay on the cell that was chosen, if it is still there.

        Args:
            checks: The subjects.
            visits: Labels in study order.
            filed: How many series are filed by subject and visit, whatever they are for.
        """
        place = self.matrix.place_of(self.currentIndex())
        self.selectionModel().blockSignals(True)
        self.matrix.show(checks, visits, filed)
        if place is not None:
            index = self.matrix.index_of(*place)
            if index.isValid():
                self.setCurrentIndex(index)
        self.selectionModel().blockSignals(False)
        self._fit()

    def choose(self, subject: str, visit: str) -> None:
        """Choose a cell."""
        index = self.matrix.index_of(subject, visit)
        if index.isValid():
            self.setCurrentIndex(index)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the visits the width that is there."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        header = self.horizontalHeader()
        visits = self.matrix.columnCount() - FIXED
        if visits <= 0:
            return
        names = [self.matrix.index(row, 0).data() or "" for row in range(self.matrix.rowCount())]
        metrics = QFontMetricsF(self.font())
        widest = max((metrics.horizontalAdvance(name) for name in names), default=0) * 1.15
        subject = int(min(max(80.0, widest + 28), 220))
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header.resizeSection(0, subject)
        header.resizeSection(1, _SIDE)
        share = max((self.viewport().width() - subject - _SIDE) // visits, _NARROWEST)
        for column in range(FIXED, FIXED + visits):
            header.resizeSection(column, share)
        self._fit_rows(share)

    def _fit_rows(self, width: int) -> None:
        """Give every row the lines its chips need; rows of the same chips are measured once."""
        metrics, rows = _metrics(self.font()), self.verticalHeader()
        heights: dict[tuple[Chip, ...], int] = {}
        for row in range(self.matrix.rowCount()):
            for chips in self.matrix.chips(row):
                if chips not in heights:
                    heights[chips] = _height(chips, width, metrics)
            rows.resizeSection(row, max((heights[chips] for chips in self.matrix.chips(row)), default=0))

    @Slot(QModelIndex, QModelIndex)
    def _on_current_changed(self, index: QModelIndex, _before: QModelIndex) -> None:
        place = self.matrix.place_of(index)
        self.viewport().update()
        if place is not None:
            self.place_chosen.emit(*place)


def _metrics(font: QFont) -> QFontMetricsF:
    small = QFont(font)
    small.setPointSizeF(8.5)
    return QFontMetricsF(small)


def _height(chips: Sequence[Chip], width: int, metrics: QFontMetricsF) -> int:
    """Return how high a cell of this width is."""
    boxes = [box for _, box in laid_out(chips, QRectF(0, 0, width, 0), metrics, top=True)]
    return round(max((box.bottom() for box in boxes), default=HEIGHT + MARGIN) + MARGIN)


def _view_of(option: QStyleOptionViewItem) -> QTableView:
    view = option.widget
    assert isinstance(view, QTableView)
    return view

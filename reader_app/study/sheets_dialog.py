"""The score sheets behind a number, to read, to filter and to copy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QPersistentModelIndex,
    QSortFilterProxyModel,
    Qt,
    Slot,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from reader_app.workflow.score_sheets import SheetLine

HEADINGS = ("Round", "Subject", "Visit", "Reader", "Feature", "Side", "Site", "Value")
_ROUND, _SITE = HEADINGS.index("Round"), HEADINGS.index("Site")
_Index = QModelIndex | QPersistentModelIndex


class SheetModel(QAbstractTableModel):
    """Lines of score sheets."""

    def __init__(self, lines: Sequence[SheetLine], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: list[tuple[str, ...]] = [astuple(line) for line in lines]

    def rowCount(self, parent: _Index | None = None) -> int:
        """Return the number of lines."""
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def columnCount(self, parent: _Index | None = None) -> int:
        """Return the number of columns."""
        return 0 if parent is not None and parent.isValid() else len(HEADINGS)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> str | None:
        """Return the text of a cell."""
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return self._rows[index.row()][index.column()]
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> str | None:
        """Return the heading of a column."""
        if role == Qt.ItemDataRole.DisplayRole and orientation == Qt.Orientation.Horizontal:
            return HEADINGS[section]
        return None


class SheetsDialog(QDialog):
    """Lists what a number was made from; ``shown`` is the filtered model."""

    def __init__(
        self, title: str, words: str, lines: Sequence[SheetLine], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("Score sheets")
        heading, note = QLabel(title, self), QLabel(words, self)
        heading.setObjectName("pageHeading")
        note.setObjectName("note")
        for label in (heading, note):
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
        self.filter = QLineEdit(self)
        self.filter.setPlaceholderText("Filter: a subject, visit, reader or site")
        self.filter.setClearButtonEnabled(True)
        self._count = QLabel(self)
        self._count.setObjectName("note")
        self.shown = QSortFilterProxyModel(self)
        self.shown.setSourceModel(SheetModel(lines, self))
        self.shown.setFilterKeyColumn(-1)
        self.shown.setFilterCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.table = QTableView(self)
        self.table.setObjectName("textTable")
        self.table.setAccessibleName("Score sheets")
        self.table.setModel(self.shown)
        self.table.setShowGrid(False)
        self.table.setWordWrap(False)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setColumnHidden(_ROUND, len({line.round for line in lines}) < 2)
        self.table.verticalHeader().hide()
        self.table.verticalHeader().setDefaultSectionSize(28)
        header = self.table.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setResizeContentsPrecision(200)  # of many thousand rows those at the top tell the width
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(_SITE, QHeaderView.ResizeMode.Stretch)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, self)
        buttons.rejected.connect(self.reject)
        tools = QHBoxLayout()
        tools.addWidget(self.filter, 1)
        tools.addWidget(self._count)
        column = QVBoxLayout(self)
        column.setSpacing(10)
        column.addWidget(heading)
        column.addWidget(note)
        column.addLayout(tools)
        column.addWidget(self.table, 1)
        column.addWidget(buttons)
        self.resize(920, 600)
        self.filter.textChanged.connect(self._on_filter)
        self._on_filter("")

    @Slot(str)
    def _on_filter(self, text: str) -> None:
        self.shown.setFilterFixedString(text.strip())
        self._count.setText(f"{self.shown.rowCount():,} of {self.shown.sourceModel().rowCount():,} cells")

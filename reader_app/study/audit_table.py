"""The rows of an audit trail as a table: as many as there are, long values shortened but whole to read."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from reader_app.study.tables import copy_rows, dress_text_table
from storage.audit import Entry

Index = QModelIndex | QPersistentModelIndex

_COLUMNS = (  # heading, field of an entry, text that has room in any case
    ("No.", "seq", "00,000"),
    ("Time (UTC)", "utc", "2026-12-30 00:00:00"),
    ("Who", "actor", "somebody"),
    ("What", "action", "reopening.granted"),
    ("Case", "case_code", "WMWMW"),
    ("Item", "item", "01234567…89abcdef"),
    ("Before", "old", "01234567"),
    ("After", "new", ""),
    ("Why", "reason", "the wrong hand"),
)
HEADINGS = tuple(heading for heading, _, _ in _COLUMNS)
_WIDE = HEADINGS.index("After")
_DIGEST = re.compile(r"\b([0-9a-f]{8})[0-9a-f]{16,}([0-9a-f]{6})\b")
_MARGIN = 22


class AuditModel(QAbstractTableModel):
    """Entries, newest first, of which only those are shown that hold every word of the filter."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[tuple[str, ...], ...] = ()
        self._searched: tuple[str, ...] = ()
        self._shown: tuple[int, ...] = ()
        self._words: tuple[str, ...] = ()

    @property
    def total(self) -> int:
        """How many entries there are."""
        return len(self._rows)

    def show(self, entries: Sequence[Entry]) -> None:
        """Show other entries, given oldest first."""
        self._rows = tuple(_texts(entry) for entry in reversed(entries))
        self._searched = tuple("\t".join(row).casefold() for row in self._rows)
        self.filter(" ".join(self._words))

    def filter(self, text: str) -> None:
        """Show only rows that hold every word of *text*."""
        self.beginResetModel()
        self._words = tuple(text.casefold().split())
        self._shown = tuple(
            number
            for number, searched in enumerate(self._searched)
            if all(word in searched for word in self._words)
        )
        self.endResetModel()

    def texts(self, row: int) -> tuple[str, ...]:
        """Return the whole values of a row that is shown."""
        return self._rows[self._shown[row]]

    def rowCount(self, parent: Index | None = None) -> int:
        """The rows that are shown."""
        return 0 if parent is not None and parent.isValid() else len(self._shown)

    def columnCount(self, parent: Index | None = None) -> int:
        """The fields of an entry."""
        return 0 if parent is not None and parent.isValid() else len(_COLUMNS)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return a value, with digests shortened; whole as tool tip and for screen readers."""
        if role == Qt.ItemDataRole.DisplayRole:
            return _shortened(self.texts(index.row())[index.column()])
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            return self.texts(index.row())[index.column()]
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Name the columns."""
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return HEADINGS[section]
        return None


class AuditTable(QTableView):
    """Shows an audit trail; Ctrl+C copies the chosen rows, or all that are shown, with whole values."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Audit trail")
        self.rows = AuditModel(self)
        self.setModel(self.rows)
        dress_text_table(self)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header = self.horizontalHeader()
        header.setMinimumSectionSize(50)
        for column, (heading, _, widest) in enumerate(_COLUMNS):
            width = max(self.fontMetrics().horizontalAdvance(text) for text in (heading, widest))
            header.resizeSection(column, width + _MARGIN)
        header.setSectionResizeMode(_WIDE, QHeaderView.ResizeMode.Stretch)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Copy whole rows; by itself a table copies one cell as it is shown."""
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy_rows()
        else:
            super().keyPressEvent(event)

    def copy_rows(self) -> None:
        """Put the chosen rows, or all, on the clipboard as tab-separated text."""
        copy_rows(self, self.rows.texts)


def _texts(entry: Entry) -> tuple[str, ...]:
    moment = entry.utc[:19].replace("T", " ")
    values = (moment if name == "utc" else getattr(entry, name) for _, name, _ in _COLUMNS)
    return tuple("" if value is None else str(value) for value in values)


def _shortened(text: str) -> str:
    return _DIGEST.sub(r"\1…\2", text)

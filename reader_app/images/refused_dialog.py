"""A table of what was not taken and why, to read and to copy."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QDialogButtonBox,
    QHeaderView,
    QLabel,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)


class RefusedDialog(QDialog):
    """Shows lines of (what, why)."""

    def __init__(
        self, title: str, note: str, lines: Sequence[tuple[str, str]], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.table = QTableWidget(len(lines), 2, self)
        self.table.setHorizontalHeaderLabels(["What", "Why"])
        for row, line in enumerate(lines):
            for column, text in enumerate(line):
                item = QTableWidgetItem(text)
                item.setToolTip(text)
                self.table.setItem(row, column, item)
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.verticalHeader().hide()
        self.table.setWordWrap(False)
        header = self.table.horizontalHeader()
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Interactive)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        header.resizeSection(0, 360)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, self)
        self.copy_button = buttons.addButton("Copy", QDialogButtonBox.ButtonRole.ActionRole)
        self.copy_button.setAutoDefault(False)
        buttons.button(QDialogButtonBox.StandardButton.Close).setDefault(True)
        self.copy_button.setToolTip("Copy the selected lines, or all of them (Ctrl+C)")
        self.copy_button.clicked.connect(self.copy)
        buttons.rejected.connect(self.reject)
        shortcut = QShortcut(QKeySequence(QKeySequence.StandardKey.Copy), self.table)
        shortcut.activated.connect(self.copy)
        words = QLabel(note, self)
        words.setWordWrap(True)
        column = QVBoxLayout(self)
        for widget in (words, self.table, buttons):
            column.addWidget(widget)
        self.resize(860, 420)

    @Slot()
    def copy(self) -> None:
        """Put the selected lines, or all, on the clipboard as tab-separated text."""
        rows = sorted({index.row() for index in self.table.selectedIndexes()})
        text = "\n".join(
            "\t".join(item.text() for column in range(2) if (item := self.table.item(row, column)))
            for row in rows or range(self.table.rowCount())
        )
        QGuiApplication.clipboard().setText(text)

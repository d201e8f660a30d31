"""A question that is answered in a few words: a comment, or the reason for a change."""

from __future__ import annotations

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QPlainTextEdit, QVBoxLayout, QWidget


class WordsLine(QPlainTextEdit):
    """Takes some lines: Enter takes them, Shift and Enter begins another, Tab goes on to the buttons."""

    def __init__(self, dialog: QDialog) -> None:
        super().__init__(dialog)
        self._dialog = dialog
        self.setTabChangesFocus(True)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let Enter answer the question."""
        is_enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if is_enter and not event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self._dialog.accept()
        else:
            super().keyPressEvent(event)


class WordsDialog(QDialog):
    """Takes words; where they are *needed* it does not close without."""

    def __init__(
        self,
        title: str,
        question: str,
        parent: QWidget | None = None,
        *,
        words: str = "",
        needed: bool = True,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self._needed = needed
        self.line = WordsLine(self)
        self.line.setObjectName("words")
        self.line.setAccessibleName(title)
        self.line.setPlainText(words)
        self.line.selectAll()
        self.line.setMinimumSize(420, 74)
        self.line.setMaximumHeight(120)
        asked = QLabel(question, self)
        asked.setWordWrap(True)
        asked.setTextFormat(Qt.TextFormat.PlainText)
        self._buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel, self
        )
        column = QVBoxLayout(self)
        for widget in (asked, self.line, self._buttons):
            column.addWidget(widget)
        self._buttons.accepted.connect(self.accept)
        self._buttons.rejected.connect(self.reject)
        self.line.textChanged.connect(self._check)
        self._check()
        self.line.setFocus()

    @property
    def words(self) -> str:
        """What was typed."""
        return self.line.toPlainText().strip()

    def accept(self) -> None:
        """Close only with the words that are needed."""
        if self.words or not self._needed:
            super().accept()

    @Slot()
    def _check(self) -> None:
        enabled = bool(self.words) or not self._needed
        self._buttons.button(QDialogButtonBox.StandardButton.Ok).setEnabled(enabled)

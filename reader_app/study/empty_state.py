"""What a page says while there is nothing on it: what to do next."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget


class EmptyState(QWidget):
    """A title and a sentence in the middle of a page."""

    def __init__(self, title: str, words: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("emptyState")
        self._title, self._words = QLabel(title, self), QLabel(words, self)
        self._title.setObjectName("emptyStateTitle")
        self._words.setObjectName("emptyStateWords")
        self._words.setMaximumWidth(520)
        column = QVBoxLayout(self)
        column.addStretch(2)
        for label in (self._title, self._words):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            label.setWordWrap(True)
            column.addWidget(label, 0, Qt.AlignmentFlag.AlignHCenter)
        self._words.setMinimumWidth(420)
        column.addStretch(3)

    def say(self, title: str, words: str) -> None:
        """Say something else."""
        self._title.setText(title)
        self._words.setText(words)

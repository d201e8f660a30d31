"""What a page says while there is nothing on it: what to do next."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

_WIDTH = 480


class EmptyState(QWidget):
    """A title and a sentence in the middle of a page."""

    def __init__(self, title: str, words: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("emptyState")
        self._title, self._words = QLabel(title, self), QLabel(words, self)
        self._title.setObjectName("emptyStateTitle")
        self._words.setObjectName("emptyStateWords")
        column = QVBoxLayout(self)
        column.addStretch(2)
        for label in (self._title, self._words):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            label.setWordWrap(True)
            label.setFixedWidth(_WIDTH)
            row = QHBoxLayout()  # an aligned label would not get the height its lines need
            row.addStretch()
            row.addWidget(label)
            row.addStretch()
            column.addLayout(row)
        column.addStretch(3)

    def say(self, title: str, words: str) -> None:
        """Say something else."""
        self._title.setText(title)
        self._words.setText(words)

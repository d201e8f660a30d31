"""What the plain viewer shows while there is no picture: what to do, and how far a search is."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QPushButton, QVBoxLayout, QWidget


class EmptyPage(QWidget):
    """What to do when there is nothing to look at."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("empty")
        self.words = QLabel("Drop files or folders here", self)
        self.words.setObjectName("emptyTitle")
        note = QLabel(
            "DICOM images and zip archives of them are read to any depth; nothing is changed.", self
        )
        note.setObjectName("emptyNote")
        self.folder = QPushButton("Open folder…", self)
        self.files = QPushButton("Open files…", self)
        self.why = QPushButton("Why?", self)
        self.why.hide()
        row = QHBoxLayout()
        row.addStretch()
        for button in (self.folder, self.files, self.why):
            row.addWidget(button)
        row.addStretch()
        column = QVBoxLayout(self)
        column.addStretch()
        for label in (self.words, note):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            column.addWidget(label)
        column.addSpacing(16)
        column.addLayout(row)
        column.addStretch()

    def say(self, text: str, with_reasons: bool) -> None:
        """Say why nothing is there."""
        self.words.setText(text)
        self.why.setVisible(with_reasons)


class BusyPage(QWidget):
    """Progress of a scan."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("empty")
        self.words = QLabel(self)
        self.words.setObjectName("emptyTitle")
        self.words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._bar = QProgressBar(self)
        self._bar.setTextVisible(False)
        self._bar.setFixedWidth(420)
        self.cancel = QPushButton("Cancel", self)
        column = QVBoxLayout(self)
        column.addStretch()
        column.addWidget(self.words)
        for widget in (self._bar, self.cancel):
            column.addSpacing(10)
            column.addWidget(widget, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch()

    def begin(self) -> None:
        """Show that something was begun."""
        self.words.setText("Looking for series …")
        self._bar.setRange(0, 0)

    def show_progress(self, done: int, total: int) -> None:
        """Show how many files were read."""
        self.words.setText(f"Looking for series: {done} of {total} files")
        self._bar.setRange(0, total)
        self._bar.setValue(done)

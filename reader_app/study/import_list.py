"""What an import finds while it goes on: every series with what came of it, and why files were not taken."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from reader_app.images.series_words import plural
from reader_app.study.tables import TextTable
from reader_app.workflow.import_images import ImportLine

HEADINGS = ("Found", "Patient and date", "First file", "Files", "Filed under, or why not")
_LOOK_MS = 300
_HIGHEST, _FRAME = 190, 4


class ImportList(QWidget):
    """Not there until an import begins; the import adds lines from its own thread."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines: list[ImportLine] = []
        self._shown = 0
        self._words = QLabel(self)
        self._words.setObjectName("note")
        self.hide_button = QPushButton("&Hide list", self)
        self.hide_button.setObjectName("link")
        self.table = TextTable(HEADINGS, len(HEADINGS) - 1, self)
        self.table.setAccessibleName("What the import found")
        self.table.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.table.setFixedHeight(self._height())
        above = QHBoxLayout()
        above.addWidget(self._words, 1)
        above.addWidget(self.hide_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(above)
        column.addWidget(self.table)
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOK_MS)
        self._timer.timeout.connect(self.show_new)
        self.hide_button.clicked.connect(self.hide)
        self.hide()

    def begin(self) -> None:
        """Begin anew and look for lines until :meth:`end`."""
        self._lines, self._shown = [], 0
        self.table.show_rows([])
        self._timer.start()
        self.show_new()
        self.show()

    def add(self, line: ImportLine) -> None:
        """Take a line; may be called on any thread."""
        self._lines.append(line)

    def end(self) -> None:
        """Show the last lines; a list without any goes."""
        self._timer.stop()
        self.show_new()
        self.setVisible(bool(self._lines) and self.isVisible())

    @Slot()
    def show_new(self) -> None:
        """Show what came in since the last time, and stay at the end of the list."""
        lines = self._lines[:]
        if len(lines) > self._shown:
            self.table.add_rows([_row(line) for line in lines[self._shown :]])
            self._shown = len(lines)
            self.table.setFixedHeight(self._height())
            self.table.scrollToBottom()
        new, there, refused = (
            sum(getattr(line, name) for line in lines) for name in ("new", "already_there", "refused")
        )
        self._words.setText(
            f"{plural(new, 'file')} new, {there:,} already there, {refused:,} not taken so far"
            if self._timer.isActive()
            else f"{plural(new, 'file')} new, {there:,} already there, {refused:,} not taken"
        )

    def _height(self) -> int:
        """Return how high the table is: as its rows, within reason."""
        rows = self.table.rowCount() * self.table.verticalHeader().defaultSectionSize()
        return min(self.table.horizontalHeader().sizeHint().height() + rows + _FRAME, _HIGHEST)


def _row(line: ImportLine) -> tuple[str, ...]:
    counts = ((line.new, "new"), (line.already_there, "already there"), (line.refused, "not taken"))
    files = ", ".join(f"{count:,} {word}" for count, word in counts if count)
    of = line.of.words.removeprefix("patient ") if line.of else ""
    return (line.what, of, line.file, files, "; ".join(part for part in (line.place, line.reason) if part))

"""Under the table: what the marks of the current cell show, and on demand a list of all marks of the case."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QSize, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from scoring_forms.domain.evidence import SLICES_NEEDED, Shown
from scoring_forms.domain.scoring_system import Evidence

_ROWS = 6
_SHORT = {"coronal": "cor", "axial": "ax", "sagittal": "sag", "oblique": "oblique", "film": "film"}
_ALWAYS = ("coronal", "axial")


@dataclass(frozen=True, slots=True)
class MarkLine:
    """One mark in the list: its number and what is said of it; ``here`` where it is of the current site."""

    id: int
    words: str
    here: bool


class MarkList(QListWidget):
    """All marks of a case; a click or Enter goes to one, Delete takes it away, Esc goes back to the form."""

    asked = Signal(int)
    delete_asked = Signal(int)
    left = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("marks")
        self.setAccessibleName("Marks of this case")
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.setUniformItemSizes(True)

    @property
    def current_id(self) -> int:
        """The number of the mark that is current in the list; 0 for none."""
        item = self.currentItem()
        return item.data(Qt.ItemDataRole.UserRole) if item is not None else 0

    def show_lines(self, lines: Sequence[MarkLine], chosen: int) -> None:
        """Show these marks, with one of them current."""
        kept = chosen or self.current_id
        self.clear()
        for line in lines:
            item = QListWidgetItem(line.words, self)
            item.setData(Qt.ItemDataRole.UserRole, line.id)
            item.setToolTip(line.words)
            font = item.font()
            font.setBold(line.here)
            item.setFont(font)
            if line.id == kept:
                self.setCurrentItem(item)

    def sizeHint(self) -> QSize:
        """Ask for a few lines."""
        rows = min(max(self.count(), 1), _ROWS)
        height = self.sizeHintForRow(0) if self.count() else self.fontMetrics().height() + 4
        return QSize(200, rows * height + 2 * self.frameWidth() + 2)

    def event(self, event: QEvent) -> bool:
        """Keep the list's own keys from being commands of the window while it has the keyboard."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            own = (Qt.Key.Key_Escape, Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Delete)
            if event.key() in own and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
                event.accept()
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move with the arrows; all else is no search by letters."""
        key = Qt.Key(event.key())
        if key == Qt.Key.Key_Escape:
            self.left.emit()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._ask()
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace) and self.current_id:
            self.delete_asked.emit(self.current_id)
        elif key in _MOVES:
            super().keyPressEvent(event)
        else:
            event.ignore()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Go to the mark that was clicked."""
        super().mouseReleaseEvent(event)
        if (
            event.button() == Qt.MouseButton.LeftButton
            and self.itemAt(event.position().toPoint()) is not None
        ):
            self._ask()

    def _ask(self) -> None:
        if self.current_id:
            self.asked.emit(self.current_id)


class MarkStrip(QWidget):
    """One line about the current cell's marks; the list below it opens on demand."""

    asked = Signal(int)  # go to the mark of this number
    delete_asked = Signal(int)
    left = Signal()  # the keyboard goes back to the form

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("markStrip")
        self._words = QLabel(self)
        self._words.setObjectName("evidence")
        self._words.setTextFormat(Qt.TextFormat.PlainText)
        self._words.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._toggle = QPushButton(self)
        self._toggle.setObjectName("marksToggle")
        self._toggle.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._toggle.clicked.connect(self.toggle_list)
        self.list = MarkList(self)
        self.list.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.list.hide()
        line = QHBoxLayout()
        line.setContentsMargins(8, 2, 8, 2)
        line.addWidget(self._words, 1)
        line.addWidget(self._toggle)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(line)
        column.addWidget(self.list)
        self.list.asked.connect(self.asked)
        self.list.delete_asked.connect(self.delete_asked)
        self.list.left.connect(self.left)
        self.show_lines((), 0)

    @property
    def words(self) -> str:
        """The line about the current cell."""
        return self._words.text()

    def show_evidence(self, asked: Evidence, shown: Shown, numbers: Sequence[str], explained: str) -> None:
        """Show what the marks of the current cell show.

        Args:
            asked: What its feature asks for.
            shown: What there is of it.
            numbers: The names of the cell's marks, with their planes where nothing is asked.
            explained: Why the score stands without marks, if the reader said so.
        """
        text = f"marks: {evidence_line(asked, shown, numbers)}"
        if explained:
            text += f"  stands without: {explained}"
        if text != self._words.text():
            self._words.setText(text)
        spoken = f"Marks {', '.join(numbers) or 'none'}. {shown.words}".strip()
        if explained:
            spoken += f". Stands without them: {explained}"
        if spoken != self._words.accessibleName():
            self._words.setAccessibleName(spoken)
            self._words.setToolTip(spoken)
        state = "" if not asked or not numbers else "complete" if shown.complete else "lacking"
        if state != (self._words.property("state") or ""):
            self._words.setProperty("state", state)
            self._words.style().unpolish(self._words)
            self._words.style().polish(self._words)

    def show_lines(self, lines: Sequence[MarkLine], chosen: int) -> None:
        """Show all marks of the case in the list."""
        self.list.show_lines(lines, chosen)
        self.list.updateGeometry()
        text = f"List {len(lines)}"
        self._toggle.setText(text)
        self._toggle.setEnabled(bool(lines))
        self._toggle.setAccessibleName(f"List of {len(lines)} marks")
        if not lines and not self.list.isHidden():
            self.list.hide()
            self.left.emit()

    @Slot()
    def toggle_list(self) -> None:
        """Open the list and give it the keyboard, or close it."""
        if self.list.isHidden() or not self.list.hasFocus():
            self.list.show()
            if self.list.currentRow() < 0:
                self.list.setCurrentRow(0)
            self.list.setFocus()
        else:
            self.list.hide()
            self.left.emit()


def evidence_line(asked: Evidence, shown: Shown, numbers: Sequence[str]) -> str:
    """Return ``cor ✓  ax –`` and what else there is to see at a glance of a cell's marks."""
    if asked == "three_slices":
        done = min(shown.slices, SLICES_NEEDED)
        return f"{done} of {SLICES_NEEDED} slices in a row {'✓' if shown.complete else '–'}"
    if asked != "two_planes":
        return "  ".join(numbers) or "none"
    others = [plane for plane in shown.planes if plane not in _ALWAYS]
    parts = [f"{_SHORT[plane]} {'✓' if plane in shown.planes else '–'}" for plane in (*_ALWAYS, *others)]
    if shown.distance_mm is not None:
        parts.append(f"{shown.distance_mm:.1f} mm {'✓' if shown.same_place else 'apart'}")
    if numbers:
        parts.append(f"break {'✓' if shown.cortical_break else '–'}")
    return "  ".join(parts)


_MOVES = (
    Qt.Key.Key_Up,
    Qt.Key.Key_Down,
    Qt.Key.Key_Home,
    Qt.Key.Key_End,
    Qt.Key.Key_PageUp,
    Qt.Key.Key_PageDown,
)

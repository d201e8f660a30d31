"""The bar below the pictures: the most used keys, and what was said last."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from scoring_forms.domain.form import Form

Hint = tuple[str, str]
"""A key and what it does."""

_TEN: Hint = ("1 0", "ten")
_SLICE: Hint = ("PgUp PgDn", "slice")
_HINTS: tuple[Hint, ...] = (
    ("0–9", "score and next"),
    _TEN,
    ("N", "not assessable"),
    ("Ctrl Z", "undo"),
    _SLICE,
    ("V", "layout"),
    ("F", "large"),
    ("?", "all keys"),
)
_ADJUDICATION_HINTS: tuple[Hint, ...] = (
    ("Tab", "next disagreement"),
    ("F2", "Reader 1"),
    ("F3", "Reader 2"),
    ("0–9", "own score"),
    ("F5", "by consensus"),
    ("Ctrl F2", "where both agree"),
    ("Ctrl Z", "undo"),
    ("?", "all keys"),
)
_LOCKED_HINTS: tuple[Hint, ...] = (
    ("Ctrl PgDn", "next case"),
    ("Ctrl Shift A", "ask to reopen"),
    ("Ctrl Shift O", "coordinator's answer"),
    _SLICE,
    ("V", "layout"),
    ("F", "large"),
    ("?", "all keys"),
)
_READABLE_MS, _MS_A_LETTER = 6000, 90
"""How long a message stays."""


def hints_for(form: Form, *, adjudicates: bool, locked: bool) -> tuple[Hint, ...]:
    """Return the most used keys in a case; ten only where a scale has it, slices only where there are any.

    Args:
        form: What is scored.
        adjudicates: Whether two readers' scores are shown.
        locked: Whether the case is signed.
    """
    usual = _ADJUDICATION_HINTS if adjudicates else _HINTS
    left_out: set[Hint] = set()
    if not any(item.feature.allows(10) for item in form.items()):
        left_out.add(_TEN)
    if form.modality != "MR":
        left_out.add(_SLICE)
    return tuple(hint for hint in (_LOCKED_HINTS if locked else usual) if hint not in left_out)


class Message(QLabel):
    """A short message; cut with … where there is no room for it, and whole in its tool tip."""

    changed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("message")
        self.setTextFormat(Qt.TextFormat.PlainText)

    def setText(self, text: str) -> None:
        """Show *text*, or nothing."""
        super().setText(text)
        self.setToolTip(text)
        self.setAccessibleDescription(text)
        self.changed.emit()

    def clear(self) -> None:
        """Show nothing."""
        self.setText("")

    def minimumSizeHint(self) -> QSize:
        """Ask for no room: the bar gives what it can."""
        return QSize(0, super().minimumSizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint what there is room for."""
        painter = QPainter(self)
        text = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, self.width())
        place = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight)
        self.style().drawItemText(
            painter, self.rect(), place, self.palette(), True, text, self.foregroundRole()
        )
        painter.end()


class HintBar(QWidget):
    """The most used keys, and for a while what was said last.

    Hints that leave no room for the message give way, the last one at last.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._message = Message(self)
        self._clear_message = QTimer(self)
        self._clear_message.setSingleShot(True)
        self._hints: tuple[Hint, ...] = ()
        self._shown: list[QWidget] = []
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(8, 1, 8, 1)
        self._row.setSpacing(12)
        self._row.addStretch(1)
        self._row.addWidget(self._message)
        self._message.changed.connect(self._fit)
        self._clear_message.timeout.connect(self._message.clear)

    @Slot(str)
    def say(self, text: str) -> None:
        """Show a message as long as it takes to read."""
        self._message.setText(text)
        self._clear_message.start(max(_READABLE_MS, _MS_A_LETTER * len(text)))

    @Slot(str)
    def take_back(self, text: str) -> None:
        """Show a message no longer, unless another one has taken its place."""
        if self._message.text() == text:
            self._message.clear()

    def show_hints(self, hints: Sequence[Hint]) -> None:
        """Show these keys and what they do, the most useful first and the list of all keys last."""
        if tuple(hints) == self._hints:
            return
        self._hints = tuple(hints)
        for old in self._shown:
            self._row.removeWidget(old)
            old.hide()
            old.deleteLater()
        self._shown = [_hint(key, meaning, self) for key, meaning in hints]
        for place, hint in enumerate(self._shown):
            self._row.insertWidget(place, hint)
        self._fit()

    def minimumSizeHint(self) -> QSize:
        """Ask for little room: hints give way."""
        return QSize(200, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Choose again what there is room for."""
        super().resizeEvent(event)
        self._fit()

    @Slot()
    def _fit(self) -> None:
        room = self.width() - 16 - self._message.sizeHint().width()
        by_use = [*self._shown[-1:], *self._shown[:-1]]
        for hint in by_use:
            room -= hint.sizeHint().width() + self._row.spacing()
            hint.setVisible(room >= 0)


def _hint(key: str, meaning: str, parent: QWidget) -> QWidget:
    hint = QWidget(parent)
    row = QHBoxLayout(hint)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(6)
    for name, text in (("keycap", key), ("hint", meaning)):
        label = QLabel(text, hint)
        label.setObjectName(name)
        row.addWidget(label)
    return hint

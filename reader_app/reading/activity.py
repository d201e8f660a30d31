"""Tells when somebody does something in a window: keys, mouse, wheel."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtWidgets import QWidget

_INPUT = frozenset(
    (
        QEvent.Type.KeyPress,
        QEvent.Type.MouseButtonPress,
        QEvent.Type.MouseButtonRelease,
        QEvent.Type.MouseMove,
        QEvent.Type.Wheel,
    )
)


class Activity(QObject):
    """Watches what comes into windows from outside, not what goes on inside: that is little to look at."""

    happened = Signal()

    def watch(self, window: QWidget) -> None:
        """Watch a top-level window that is shown; once is enough."""
        handle = window.windowHandle()
        if handle is not None:
            handle.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take note and let everything pass."""
        if event.type() in _INPUT:
            self.happened.emit()
        return False

"""The form in a window of its own, for a second screen."""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QCloseEvent, QGuiApplication, QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

_SMALLEST_VISIBLE = 120


class PanelWindow(QWidget):
    """Holds the form; closing it gives the form back."""

    closed = Signal()
    key_pressed = Signal(object)  # QKeyEvent that the form left over
    key_released = Signal(object)

    def __init__(self, panel: QWidget, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setObjectName("form")
        self.setWindowTitle("Scores – RA Reader")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(panel)
        self.addActions(parent.actions())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Pass on what the form did not take, such as keys that are held."""
        self.key_pressed.emit(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """Pass on the end of it."""
        self.key_released.emit(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Give the form back."""
        self.closed.emit()
        super().closeEvent(event)


def place_text(area: QRect) -> str:
    """Return a window's place as text to be remembered."""
    return f"{area.x()},{area.y()},{area.width()},{area.height()}"


def visible_place(text: str | None, fallback: QRect) -> QRect:
    """Return the remembered place if enough of it is on a screen that is there, else *fallback*, on one."""
    try:
        left, top, width, height = (int(number) for number in (text or "").split(","))
    except ValueError:
        return _on_screen(fallback)
    wanted = QRect(left, top, width, height)
    for screen in QGuiApplication.screens():
        seen = screen.availableGeometry().intersected(wanted)
        if min(seen.width(), seen.height()) >= _SMALLEST_VISIBLE:
            return wanted
    return _on_screen(fallback)


def _on_screen(area: QRect) -> QRect:
    """Return *area* moved onto the first screen as far as none shows it yet."""
    room = QGuiApplication.primaryScreen().availableGeometry()
    if any(screen.availableGeometry().contains(area) for screen in QGuiApplication.screens()):
        return area
    left = max(min(area.left(), room.right() + 1 - area.width()), room.left())
    top = max(min(area.top(), room.bottom() + 1 - area.height()), room.top())
    return QRect(left, top, area.width(), area.height())

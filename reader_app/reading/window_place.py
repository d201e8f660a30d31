"""Where windows stood, to be put there again on a screen that is still there."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from storage.reading.reading import Reading

_PLACE_KEY, _MAXIMISED_KEY = "window", "window_maximised"
_FIRST_SIZE = QSize(1600, 960)
_SMALLEST_VISIBLE = 120


def restore_window(reading: Reading, window: QWidget) -> None:
    """Put a reading's window where it was left; the first time it takes a good part of its screen."""
    screen = window.screen().availableGeometry()
    first = QRect(screen.topLeft(), _FIRST_SIZE.boundedTo(screen.size()))
    window.setGeometry(visible_place(reading.recall(_PLACE_KEY), first))
    if reading.recall(_MAXIMISED_KEY) == "yes":
        window.setWindowState(Qt.WindowState.WindowMaximized)


def remember_window(reading: Reading, window: QWidget) -> None:
    """Keep in the reading where its window is.

    Raises:
        StorageError: It could not be kept.
    """
    reading.remember(_PLACE_KEY, place_text(window.normalGeometry()))
    reading.remember(_MAXIMISED_KEY, "yes" if window.isMaximized() else "no")


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

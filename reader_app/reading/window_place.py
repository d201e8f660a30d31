"""Where windows stood, to be put there again on a screen that is still there."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QGuiApplication, QRegion
from PySide6.QtWidgets import QWidget

from storage.reading.reading import Reading

_PLACE_KEY, _MAXIMISED_KEY = "window", "window_maximised"
_FIRST_SIZE = QSize(1600, 960)
_SMALLEST_VISIBLE = 120
_FARTHEST = 1_000_000
"""Pixels; Qt takes no place as far as that."""


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
    """Return the remembered place if enough of it is on a screen that is there, else *fallback*.

    What reaches beyond all screens, as after a large one is gone, is moved and shrunk onto one.
    """
    wanted = _place_of(text)
    rooms = [screen.availableGeometry() for screen in QGuiApplication.screens()]
    nearest = max(rooms, key=lambda room: _area(room.intersected(wanted)))
    seen = nearest.intersected(wanted)
    if min(seen.width(), seen.height()) < _SMALLEST_VISIBLE:
        wanted, nearest = fallback, QGuiApplication.primaryScreen().availableGeometry()
    everywhere = QRegion()
    for room in rooms:
        everywhere |= room
    return wanted if everywhere.boundingRect().contains(wanted) else _moved_into(nearest, wanted)


def _place_of(text: str | None) -> QRect:
    """Return the place that :func:`place_text` wrote; an empty one where it is something else."""
    try:
        left, top, width, height = (int(number) for number in (text or "").split(","))
    except ValueError:
        return QRect()
    fits = max(abs(number) for number in (left, top, width, height)) < _FARTHEST
    return QRect(left, top, width, height) if fits else QRect()


def _moved_into(room: QRect, area: QRect) -> QRect:
    size = area.size().boundedTo(room.size())
    left = max(min(area.left(), room.right() + 1 - size.width()), room.left())
    top = max(min(area.top(), room.bottom() + 1 - size.height()), room.top())
    return QRect(QPoint(left, top), size)


def _area(area: QRect) -> int:
    return max(area.width(), 0) * max(area.height(), 0)

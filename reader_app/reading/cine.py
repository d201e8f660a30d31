"""Playing through the slices of the current pane, to and fro."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Slot

SPEEDS = (2, 4, 6, 8, 12, 16, 24)
"""Slices a second."""


class Cine(QObject):
    """Steps at a speed; turns round where a step changes nothing."""

    def __init__(self, step: Callable[[int], bool], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._step = step
        self._direction = 1
        self._speed = SPEEDS.index(8)
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.tick)

    @property
    def is_playing(self) -> bool:
        """Whether it is under way."""
        return self._timer.isActive()

    @property
    def speed(self) -> int:
        """Slices a second."""
        return SPEEDS[self._speed]

    def play(self) -> bool:
        """Begin; return False where there is nothing to play."""
        if not (self._step(self._direction) or self._step(-self._direction)):
            return False
        self._timer.start(1000 // self.speed)
        return True

    def stop(self) -> None:
        """Stay where it is."""
        self._timer.stop()

    def change_speed(self, steps: int) -> None:
        """Go faster or slower."""
        self._speed = min(max(self._speed + steps, 0), len(SPEEDS) - 1)
        self._timer.setInterval(1000 // self.speed)

    @Slot()
    def tick(self) -> None:
        """Take a step, or turn round at the end."""
        if self._step(self._direction):
            return
        self._direction = -self._direction
        if not self._step(self._direction):
            self.stop()

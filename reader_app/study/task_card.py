"""One piece of background work at a time, with progress, time left, cancel and what came out of it."""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Event
from typing import Any

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QProgressBar, QPushButton, QVBoxLayout, QWidget

from reader_app.jobs import Checkpoint, Job, JobCancelledError, JobRunner, Work
from reader_app.messages import describe

_KEPT = "Stopped. What was finished before is kept."
_ESTIMATE_AFTER = 3.0
"""Seconds before the time left is worth saying."""


class TaskCard(QFrame):
    """Runs work for the pages; hidden while there is nothing to tell.

    Cancelling stops the work at its next step; ``stopped`` comes when it has really ended.
    """

    busy_changed = Signal(bool)
    stopped = Signal()

    def __init__(self, jobs: JobRunner, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("task")
        self._jobs = jobs
        self._stop = Event()
        self._busy = False
        self._done: Callable[[Any], None] = _nothing
        self._began = 0.0
        self._last = 0
        self._phase = 0
        self._phases: tuple[str, ...] = ("",)
        self._when_stopped = _KEPT
        self._title = QLabel(self)
        self._title.setObjectName("taskTitle")
        self._words = QLabel(self)
        self._words.setObjectName("taskWords")
        self._words.setWordWrap(True)
        self._bar = QProgressBar(self)
        self._bar.setTextVisible(False)
        self.cancel_button = QPushButton("Cancel", self)
        self.cancel_button.setObjectName("link")
        self.close_button = QPushButton("&Dismiss", self)
        self.close_button.setObjectName("link")
        self._extra: list[QPushButton] = []
        self._row = QHBoxLayout()
        self._row.addWidget(self._title)
        self._row.addWidget(self._words, 1)
        self._row.addWidget(self.cancel_button)
        self._row.addWidget(self.close_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 10, 14, 10)
        column.addLayout(self._row)
        column.addWidget(self._bar)
        self.cancel_button.clicked.connect(self.cancel)
        self.close_button.clicked.connect(self.hide)
        self.hide()

    @property
    def busy(self) -> bool:
        """Whether work is going on."""
        return self._busy

    @property
    def text(self) -> str:
        """What is said now."""
        return f"{self._title.text()} {self._words.text()}".strip()

    def start(
        self,
        title: str,
        work: Work,
        done: Callable[[Any], None],
        phases: tuple[str, ...] = ("",),
        *,
        can_stop: bool = True,
        when_stopped: str = _KEPT,
    ) -> None:
        """Run *work* in a job and give what it returns to *done*.

        Args:
            title: What is being done.
            work: Takes a checkpoint; called on another thread.
            done: Called on the GUI thread, after the card is free again.
            phases: A word for each time that the count begins anew.
            can_stop: Whether the work has steps at which it could stop.
            when_stopped: What is said after it stopped.
        """
        assert not self._busy
        self._stop = stop = Event()
        self._done, self._phases, self._phase, self._last = done, phases, 0, 0
        self._began = time.monotonic()
        self._when_stopped = when_stopped
        self._show(title, "", "busy")
        self._bar.setRange(0, 0)
        self._bar.show()
        self.cancel_button.setEnabled(True)
        self.cancel_button.setVisible(can_stop)
        self.close_button.hide()
        self._set_busy(True)

        def stoppable(checkpoint: Checkpoint) -> Any:
            def step(count: int, total: int) -> None:
                if stop.is_set():
                    raise JobCancelledError
                checkpoint(count, total)

            return work(step)

        self._jobs.start(Job(self._on_done, self._on_failed, self._on_progress), stoppable)

    def say(self, title: str, words: str, *buttons: tuple[str, Callable[[], None]]) -> None:
        """Tell what came out, with buttons that do something about it."""
        self._show(title, words, "done", buttons)

    def warn(self, title: str, words: str, *buttons: tuple[str, Callable[[], None]]) -> None:
        """Tell what did not work."""
        self._show(title, words, "failed", buttons)

    @Slot()
    def cancel(self) -> None:
        """Ask the work to stop."""
        self._stop.set()
        self.cancel_button.setEnabled(False)
        self._words.setText("Stopping …")

    def _show(
        self, title: str, words: str, state: str, buttons: tuple[tuple[str, Callable[[], None]], ...] = ()
    ) -> None:
        for button in self._extra:
            self._row.removeWidget(button)
            button.deleteLater()
        self._extra = []
        for text, slot in buttons:
            button = QPushButton(text, self)
            button.clicked.connect(_without_argument(slot))
            self._row.insertWidget(self._row.indexOf(self.cancel_button), button)
            self._extra.append(button)
        self._title.setText(title)
        self._words.setText(words)
        self.setProperty("state", state)
        self.style().unpolish(self)
        self.style().polish(self)
        self._bar.setVisible(state == "busy")
        self.cancel_button.setVisible(state == "busy")
        self.close_button.setVisible(state != "busy")
        self.show()

    def _set_busy(self, busy: bool) -> None:
        self._busy = busy
        self.busy_changed.emit(busy)

    @Slot(int, int)
    def _on_progress(self, count: int, total: int) -> None:
        if count < self._last and self._phase + 1 < len(self._phases):
            self._phase += 1
            self._began = time.monotonic()
        self._last = count
        self._bar.setRange(0, total)
        self._bar.setValue(count)
        if not self._stop.is_set():
            self._words.setText(
                f"{self._phases[self._phase]} {count:,} of {total:,}{self._left(count, total)}"
            )

    def _left(self, count: int, total: int) -> str:
        passed = time.monotonic() - self._began
        if passed < _ESTIMATE_AFTER or not 0 < count < total:
            return ""
        seconds = passed / count * (total - count)
        return f" · about {seconds / 60:.0f} min left" if seconds >= 90 else f" · about {seconds:.0f} s left"

    @Slot(object)
    def _on_done(self, result: Any) -> None:
        self.hide()
        self._set_busy(False)
        self._done(result)

    @Slot(object)
    def _on_failed(self, error: Exception) -> None:
        title = self._title.text()
        self._set_busy(False)
        if isinstance(error, JobCancelledError):
            self.say(title, self._when_stopped)
            self.stopped.emit()
            return
        message = describe(error)
        self.warn(title, message.text if message else "This did not work.")
        self.stopped.emit()
        if message is None:
            raise error


def _nothing(_result: Any) -> None:
    """Expect nothing."""


def _without_argument(slot: Callable[[], None]) -> Callable[..., None]:
    def call(_checked: bool = False) -> None:
        slot()

    return call

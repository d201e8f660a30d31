"""Grades typed as digits and half steps, and what the key after them may still change."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from scoring_forms.domain.entry import half_step_more, typed_digit
from scoring_forms.domain.score import Cell, Score
from scoring_forms.domain.scoring_system import Feature

WAIT_MS = 900  # after a typed 1 the reader goes on without a key; the next key decides at once in any case


@dataclass(frozen=True, slots=True)
class _Typed:
    cell: Cell
    feature: Feature
    value: float


class ScoreTyping(QObject):
    """Makes grades of digits and half steps; it says what is to be entered and enters nothing itself.

    A digit that could grow (the 1 of 10) is entered at once, and what the next key is decides: a 0 makes 10,
    any other digit belongs to the next cell. A half step is added to the cell that was typed into last,
    wherever the reader went on to.
    """

    entered = Signal(object, object)  # Cell, Score
    refused = Signal(str)  # why a key did nothing
    finished = Signal()  # no more digits belong to the cell: go on
    waiting_changed = Signal(object)  # the Cell in which a digit may follow, or None

    def __init__(self, score_of: Callable[[Cell], Score | None], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._score_of = score_of
        self._last: _Typed | None = None
        self._waits = False
        self._timer = QTimer(self, singleShot=True, interval=WAIT_MS)  # type: ignore[call-overload]
        self._timer.timeout.connect(self._on_waited)
        self.entered_cell: Cell | None = None
        """The cell that was entered last, by a digit or otherwise, until the reader moves on purpose."""

    @property
    def waiting_cell(self) -> Cell | None:
        """The cell in which a digit may follow."""
        return self._last.cell if self._last and self._waits else None

    def type_digit(self, cell: Cell, feature: Feature, digit: int) -> bool:
        """Take a digit at *cell*; False where it belongs to the next cell, to be typed again there."""
        if self._last is not None and self._waits:
            longer = typed_digit(feature, digit, self._last.value)
            self.stop_waiting()
            if longer is not None:
                self._enter(cell, feature, longer.value)
                self.finished.emit()
            return longer is not None
        typed = typed_digit(feature, digit, None)
        if typed is None:
            self.forget()
            self.refused.emit(f"{feature.label} goes from {feature.minimum:g} to {feature.maximum:g}.")
            return True
        self._enter(cell, feature, typed.value)
        if typed.open:
            self._wait()
        else:
            self.finished.emit()
        return True

    def takes_half_steps(self, feature: Feature | None) -> bool:
        """Whether the half-step key is for what was typed last, or else for *feature*."""
        feature = self._last.feature if self._last else feature
        return feature is not None and feature.has_half_steps

    def add_half(self) -> None:
        """Add a half step to the grade typed last; the reader stays where the digit went on to."""
        if self._last is None:
            self.refused.emit("A half step follows a digit: 2 . is 2.5, and 0 . is 0.5.")
            return
        last = self._last
        more, score = half_step_more(last.feature, last.value), self._score_of(last.cell)
        if more is None or score is None or score.value != last.value:
            self.refused.emit(f"A half step is added once, and up to {last.feature.maximum:g}.")
            return
        waited = self._waits
        self.stop_waiting()
        self._enter(last.cell, last.feature, more)
        if waited:
            self.finished.emit()

    def stop_waiting(self) -> None:
        """Let no digit follow any more; a half step still can."""
        if self._waits:
            self._timer.stop()
            self._waits = False
            self.waiting_changed.emit(None)

    def forget(self) -> None:
        """Let nothing follow what was typed: the reader moves on purpose."""
        self.stop_waiting()
        self._last = self.entered_cell = None

    def enter_otherwise(self, cell: Cell) -> None:
        """Note that *cell* was entered by something else than a digit: no half step belongs to it."""
        self.forget()
        self.entered_cell = cell

    def _enter(self, cell: Cell, feature: Feature, value: float) -> None:
        self.entered.emit(cell, Score(value))
        self._last, self.entered_cell = _Typed(cell, feature, value), cell

    def _wait(self) -> None:
        self._waits = True
        self._timer.start()
        self.waiting_changed.emit(self.waiting_cell)

    @Slot()
    def _on_waited(self) -> None:
        self.stop_waiting()
        self.finished.emit()

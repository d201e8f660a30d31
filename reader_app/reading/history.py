"""The way back in one case: all that was entered is taken back in the order in which it was done."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from scoring_forms.domain.score import Cell


@dataclass(frozen=True, slots=True)
class Step:
    """What one command did.

    Attributes:
        cell: The first cell it was about, where the reader is taken; None for the whole case.
        undo: Takes it back, saves that and returns when it was saved.
        redo: Does it again, likewise.
        what: What it was, in words, where the form does not show it at a glance.
    """

    cell: Cell | None
    undo: Callable[[], datetime]
    redo: Callable[[], datetime]
    what: str = ""


class History:
    """The steps of one case; a step that cannot be saved stays where it is."""

    def __init__(self) -> None:
        self._done: list[Step] = []
        self._undone: list[Step] = []

    @property
    def can_undo(self) -> bool:
        """Whether there is something to take back."""
        return bool(self._done)

    @property
    def can_redo(self) -> bool:
        """Whether something was taken back."""
        return bool(self._undone)

    def did(self, step: Step) -> None:
        """Put down what was done and saved; what was taken back before cannot be done again."""
        self._done.append(step)
        self._undone.clear()

    def undo(self) -> tuple[datetime, Step] | None:
        """Take back the last step and return it, and when that was saved."""
        if not self._done:
            return None
        step = self._done[-1]
        saved = step.undo()
        self._undone.append(self._done.pop())
        return saved, step

    def redo(self) -> tuple[datetime, Step] | None:
        """Do again what was taken back last and return it, and when that was saved."""
        if not self._undone:
            return None
        step = self._undone[-1]
        saved = step.redo()
        self._done.append(self._undone.pop())
        return saved, step

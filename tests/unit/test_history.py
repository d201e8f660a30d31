"""Scores and marks are taken back in the order in which they were done."""

from datetime import UTC, datetime

import pytest

from reader_app.reading.history import History, Step
from scoring_forms.domain.score import Cell

CELL = Cell("A", "ramris_2003", "bone_erosion", None, "scaphoid")


def step(log, name):
    def write(word):
        log.append(f"{word} {name}")
        return datetime(2026, 1, 1, tzinfo=UTC)

    return Step(CELL, lambda: write("undo"), lambda: write("redo"))


def test_what_was_done_last_is_taken_back_first_and_done_again_last():
    history, log = History(), []
    for name in ("score", "mark"):
        history.did(step(log, name))
    while history.can_undo:
        history.undo()
    while history.can_redo:
        history.redo()
    assert log == ["undo mark", "undo score", "redo score", "redo mark"]
    assert history.redo() is None


def test_what_was_taken_back_is_gone_after_something_new():
    history, log = History(), []
    history.did(step(log, "score"))
    history.undo()
    history.did(step(log, "mark"))
    assert not history.can_redo


def test_a_step_that_cannot_be_saved_stays_to_be_taken_back():
    def fail():
        raise OSError("the disk is full")

    history = History()
    history.did(Step(CELL, fail, fail))
    with pytest.raises(OSError, match="full"):
        history.undo()
    assert history.can_undo
    assert not history.can_redo

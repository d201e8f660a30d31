"""Small readings to test with."""

import sqlite3
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from scoring_forms.domain.form import Form, compose_form
from scoring_forms.domain.marks import Mark
from scoring_forms.domain.rules import RoundRules
from scoring_forms.domain.score import Cell, Score
from storage.audit import Clock
from storage.reading.build import build_reading
from storage.reading.reading import Reading
from storage.reading.records import CaseSpec, ImageRecord, ImageSpec, ReadingSpec, TimepointSpec

FIRST, SECOND = "K7Q2M", "M3DAX"
PASSWORD = "a long enough password"


class HandClock:
    """A clock that moves only when told to."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
        self.seconds = 1000.0

    def pass_time(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)
        self.seconds += seconds

    @property
    def clock(self) -> Clock:
        return Clock(utc=lambda: self.now, monotonic=lambda: self.seconds)


def small_form() -> Form:
    """Seven cells a timepoint."""
    return compose_form(["ramris_2003"], ["synovitis"])


def point(cell: Cell, *position: float, **changes: Any) -> Mark:
    """A mark on a slice of the small reading's only picture."""
    mark = Mark(
        id=0,
        cell=cell,
        kind="point",
        points=(position or (1.0, -2.0, 3.25),),
        frame=1,
        role="cor_t1_pre",
        plane="coronal",
        slice_mm=3.0,
        slice_step_mm=1.5,
        window=(900.0, 450.0),
    )
    return replace(mark, **changes)


def pixels(seed: int) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 4000, (3, 8, 6), dtype=np.int16)


def small_spec() -> ReadingSpec:
    def timepoint(letter: str, seed: int) -> TimepointSpec:
        picture = ImageRecord(
            "cor_t1_pre",
            letter,
            frame=1,
            affine=(0.0, 0.0, 0.5, -1.0, 1.5, 0.0, 0.0, 2.0, 0.0, -0.5, 0.0, 3.25, 0.0, 0.0, 0.0, 1.0),
            spacing_mm=(1.5, 0.5, 0.5),
            rescale_slope=2.0,
            rescale_intercept=-7.5,
            padding=(0.0, 0.0),
        )
        absent = ImageRecord("cor_t1_post", letter, missing_reason="not acquired")
        return TimepointSpec(letter, (ImageSpec(picture, pixels(seed)), ImageSpec(absent)))

    cases = (
        CaseSpec(FIRST, "R", (timepoint("A", 1), timepoint("B", 2))),
        CaseSpec(SECOND, "L", (timepoint("A", 3),)),
    )
    return ReadingSpec("Anna Lind", "RAMRIS", "paired", small_form(), cases, RoundRules(confidence=True))


def new_reading(parent: Path) -> Path:
    return build_reading(parent / "Q4WZR.reading", small_spec()).folder


def fill(reading: Reading, code: str) -> None:
    letters = next(case.letters for case in reading.cases() if case.code == code)
    cells: tuple[Cell, ...] = reading.form.cells(letters)
    reading.record(code, [(cell, Score(float(n % 4))) for n, cell in enumerate(cells)], "score.fill")


def scored(form: Form, number: int) -> tuple[Cell, Score]:
    """Return the *number*-th of an endless row of scores that goes round the cells of a case."""
    cells = form.cells("AB")
    return cells[number % len(cells)], Score(float(number // len(cells) % 4))


def score_next(reading: Reading, number: int) -> None:
    """Save the *number*-th score of the first case."""
    reading.record(FIRST, [scored(reading.form, number)], "score.set")


def change_behind_our_back(folder: Path, *statements: str, database: str = "reading.sqlite") -> None:
    """Do what the owner of the file can do with any tool: drop the triggers, edit, put them back."""
    connection = sqlite3.connect(folder / database, isolation_level=None)
    triggers = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
    for name, _ in triggers:
        connection.execute(f"DROP TRIGGER {name}")
    for statement in statements:
        connection.execute(statement)
    for _, sql in triggers:
        connection.execute(sql)
    connection.close()

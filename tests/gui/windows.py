"""What tests of windows share: a reading to open, and answers to modal questions."""

import atexit
import json
import shutil
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from threading import Barrier
from typing import Any

import numpy as np
from PySide6.QtCore import QObject, QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from reader_app.jobs import JobRunner
from scoring_forms.domain.form import Form
from scoring_forms.domain.rules import RoundRules
from scoring_forms.domain.score import Cell, Score
from storage.reading.build import build_reading
from storage.reading.reading import Reading
from storage.reading.records import CaseSpec, ImageRecord, ImageSpec, ReadingSpec, TimepointSpec

CODES = ("K7Q2M", "M3DAX")
PASSWORD = "a long enough password"
_PLANES = {"cor": ((0, 1, 0), (0, 0, -1), (1, 0, 0)), "ax": ((0, 0, 1), (0, 1, 0), (1, 0, 0))}


class Answer(QObject):
    """Waits for a modal window of a kind and then does something with it, once."""

    def __init__(self, kind: type[QWidget], act: Callable[[Any], object]) -> None:
        super().__init__()
        self._kind, self._act = kind, act
        self.given = False
        self._timer = QTimer(self, interval=5)
        self._timer.timeout.connect(self._look)
        self._timer.start()

    def _look(self) -> None:
        window = QApplication.activeModalWidget()
        if isinstance(window, self._kind) and not self.given:
            self.given = True
            self._timer.stop()
            self._act(window)


def wait_for_jobs(jobs: JobRunner) -> None:
    """Wait until every job that has begun is done, while nothing of it is delivered."""
    for pool, threads in ((jobs._pool, 2), (jobs._queue, 1)):
        meeting = Barrier(threads)  # of all threads of the pool, when they have nothing left to do
        for one in [pool.submit(meeting.wait) for _ in range(threads)]:
            one.result()


def deliver() -> None:
    """Deliver what jobs have found."""
    QApplication.sendPostedEvents()


def mr_images(letter: str, seed: int, roles: dict[str, tuple[int, float]]) -> list[ImageSpec]:
    """Return pictures by role: number of slices and slice step; a role with no slices is missing."""
    generator = np.random.default_rng(seed)
    images = []
    for role, (slices, step) in roles.items():
        if not slices:
            reason = "This series was not acquired at this timepoint."
            images.append(ImageSpec(ImageRecord(role, letter, missing_reason=reason)))
            continue
        shape, spacing = (slices, 40, 30), (step, 1.0, 1.0)
        affine = np.eye(4)
        directions = np.array(_PLANES[role.split("_")[0]], float).T
        affine[:3, :3] = directions * spacing
        affine[:3, 3] = -(affine[:3, :3] @ ((np.array(shape) - 1) / 2))
        record = ImageRecord(
            role,
            letter,
            frame=1,
            affine=tuple(affine.ravel().tolist()),
            spacing_mm=spacing,
            pixel_spacing_mm=(1.0, 1.0),
            spacing_at="patient",
        )
        images.append(ImageSpec(record, generator.integers(0, 2000, shape).astype(np.int16)))
    return images


def film_images(letter: str, seed: int, spacing: tuple[float, float] | None) -> list[ImageSpec]:
    """Return a film of either hand, the left one MONOCHROME1."""
    generator = np.random.default_rng(seed)
    return [
        ImageSpec(
            ImageRecord(
                f"xr_pa_{side}",
                letter,
                pixel_spacing_mm=spacing,
                spacing_at="detector" if spacing else None,
                monochrome1=side == "left",
                row_letters=("R", "L"),
                column_letters=("F", "H"),
            ),
            generator.integers(0, 4095, (1, 80, 60)).astype(np.uint16),
        )
        for side in ("left", "right")
    ]


def build(
    folder: Path,
    form: Form,
    *,
    letters: str = "AB",
    films: bool = False,
    film_spacing: tuple[float, float] | None = (0.5, 0.5),
    rules: RoundRules | None = None,
) -> Path:
    """Build a reading of two cases and return its folder; one that was built before is copied."""
    key = json.dumps([form.to_dict(), letters, films, film_spacing, repr(rules)], sort_keys=True)
    if key not in _BUILT:
        where = Path(tempfile.mkdtemp(prefix="ra-reader-built-"))
        atexit.register(shutil.rmtree, where, ignore_errors=True)
        images = partial(film_images, spacing=film_spacing) if films else _hand_images
        cases = tuple(_case(number, code, letters, images, films) for number, code in enumerate(CODES))
        spec = ReadingSpec("Anna Lind", "Round one", "paired", form, cases, rules or RoundRules())
        _BUILT[key] = build_reading(where / _NAME, spec).folder
    return Path(shutil.copytree(_BUILT[key], folder / _NAME))


_NAME = "Q4WZR.reading"
_BUILT: dict[str, Path] = {}


def _case(
    number: int, code: str, letters: str, images: Callable[[str, int], list[ImageSpec]], films: bool
) -> CaseSpec:
    timepoints = (TimepointSpec(letter, images(letter, 10 * number + ord(letter))) for letter in letters)
    return CaseSpec(code, None if films else "L", tuple(timepoints))


def _hand_images(letter: str, seed: int) -> list[ImageSpec]:
    roles = {"cor_t1_pre": (12, 1.5), "cor_t1_post": (12, 1.5), "ax_t1_pre": (10, 2.0), "cor_stir": (5, 3.5)}
    return mr_images(letter, seed, {**roles, "cor_stir": (0, 0.0)} if letter == "B" else roles)


def has_keyboard(window: Any) -> bool:
    """Whether keys reach the score table."""
    window.activateWindow()
    return window.isActiveWindow() and QApplication.focusWidget() is window.panel.table


def type_keys(qtbot: Any, window: Any, *keys: str | Qt.Key) -> None:
    """Type text or press keys in the score table."""
    for key in keys:
        if isinstance(key, str):
            qtbot.keyClicks(window.panel.table, key)
        else:
            qtbot.keyClick(window.panel.table, key)


def saved_sheet(folder: Path, code: str = CODES[0]) -> dict[Cell, Score]:
    """Return what lies on the disk."""
    with Reading.open(folder, read_only=True) as reading:
        return reading.sheet(code)


def text_of(window: QWidget, name: str) -> str:
    """Return what a label shows."""
    return window.findChild(QLabel, name).text()


def wheel(pane: QWidget, notches: int) -> None:
    """Turn the wheel over the middle of a pane."""
    centre = QPointF(pane.rect().center())
    event = QWheelEvent(
        centre,
        pane.mapToGlobal(centre),
        QPoint(),
        QPoint(0, -120 * notches),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(pane, event)

"""Scrolling in the reading window while its jobs, one kind at a time, go on in the background.

The 99th percentile is judged in one pane, for which it is wanted; late frames in six panes, too.

Times are told twice: as they were, and less what the painting thread spent ready to run but without a core,
which is what other programs on the machine cost.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable
from itertools import cycle
from typing import Any

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication

from benchmarks import scenes
from benchmarks.compare import goal, per_event, percentile, waited_ms
from benchmarks.scroll import ONE_PANE, STEPS, Stepper
from benchmarks.windows import (
    GRID,
    Painted,
    application,
    become_idle,
    close_reading,
    open_reading,
    pictures_of,
)
from reader_app.jobs import Job, Requests, RunApart
from reader_app.reading.case_images import read_images
from reader_app.reading.window import ReadingWindow
from viewer.imaging.bias import coil_shading
from viewer.imaging.checkpoint import Checkpoint
from viewer.imaging.landmarks import estimate_sites
from viewer.imaging.registration import register
from viewer.imaging.worker import ImagingWorker
from viewer.widgets.image_pane import ImagePane

NOTHING = "nothing"


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=600, help="steps a round")
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    application()
    with ImagingWorker() as worker:
        for count, grid in ((1, ONE_PANE), (6, GRID)):
            _measure(count, grid, worker, arguments.rounds, arguments.events)


def _measure(count: int, grid: tuple[int, int], worker: ImagingWorker, rounds: int, events: int) -> None:
    window = open_reading(scenes.copy_of(scenes.mr_reading(letters="AB")), "coronal", grid)
    if count == 1:
        window.display.toggle_large()
    become_idle(window)
    panes = pictures_of(window)
    painted = Painted(panes)
    kinds = _kinds(window, worker)
    steppers = {name: CoreStepper(painted, window, panes[0]) for name in kinds}
    done = dict.fromkeys(kinds, 0)
    for _ in range(rounds):
        for name, begin in kinds.items():
            repeating = Repeating(begin)
            steppers[name].run(events)
            done[name] += repeating.stop()
            become_idle(window)
    where = f"load {os.getloadavg()[0]:.1f}, {QApplication.platformName()}"
    title = f"a scroll step in {count} pane(s) of {panes[0].width()} x {panes[0].height()} while … ({where})"
    per_event(title, {name: stepper.milliseconds for name, stepper in steppers.items()})
    for name, steps in done.items():
        print(f"{name:52} {steps:7} steps of the job done meanwhile")
    with_core = {name: stepper.with_a_core for name, stepper in steppers.items()}
    per_event("the same, less waiting for a core", with_core)
    quiet = percentile(with_core[NOTHING], 99)
    for name, values in with_core.items():
        p99 = percentile(values, 99)
        if count == 1:
            goal(f"p99 while {name} ({p99 / quiet:.2f} x nothing)", p99, 5, " ms")
        goal(f"frames over 16.7 ms while {name}", sum(value > 1000 / 60 for value in values), 0)
    close_reading(window)


class CoreStepper(Stepper):
    """Scrolls to and fro, and knows how long each step took without waiting for a core."""

    def __init__(self, painted: Painted, window: ReadingWindow, pane: ImagePane) -> None:
        super().__init__(painted, lambda step: wheel_in_window(window, pane, step), cycle(STEPS))
        self.with_a_core: list[float] = []

    def run(self, events: int) -> None:
        """Make so many steps."""
        for _ in range(events):
            before = waited_ms()
            super().run(1)
            self.with_a_core.append(self.milliseconds[-1] - (waited_ms() - before))


def wheel_in_window(window: ReadingWindow, pane: ImagePane, notches: int) -> None:
    """Turn the wheel over a pane as the window system tells of it: the window hears of it first."""
    middle = QPointF(pane.width() / 2, pane.height() / 2)
    event = QWheelEvent(
        QPointF(pane.mapTo(window, middle)),
        pane.mapToGlobal(middle),
        QPoint(),
        QPoint(0, -120 * notches),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    handle = window.windowHandle()
    assert handle is not None
    QApplication.sendEvent(handle, event)


class Repeating:
    """A job that is asked for again as soon as it is done, until it is stopped."""

    def __init__(self, begin: Callable[[Job], None]) -> None:
        self._begin = begin
        self._job = Job()
        self._steps = 0
        self._again(None)

    def _again(self, _result: object) -> None:
        self._job = Job(done=self._again, progress=self._count)
        self._begin(self._job)

    def stop(self) -> int:
        """Stop at the next checkpoint and return how many were passed."""
        self._job.cancel()
        return self._steps

    def _count(self, _done: int, _total: int) -> None:
        self._steps += 1


def _kinds(window: ReadingWindow, worker: ImagingWorker) -> dict[str, Callable[[Job], None]]:
    """Return what goes on in the background, as the window itself asks for it."""
    reading, requests = window._reading, Requests(window._jobs)
    codes = [case.code for case in reading.cases()]
    images = window._images
    assert images is not None
    first, other = (images.image(letter, "cor_t1_pre").stored for letter in "AB")

    def read_ahead(checkpoint: Checkpoint) -> None:
        read_images(reading, reading.case(codes[1]), {}, checkpoint)

    def check(checkpoint: Checkpoint) -> None:
        reading.verify_case(codes[0], checkpoint)

    def import_originals(checkpoint: Checkpoint) -> None:
        for series in worker.scan([scenes.originals()], checkpoint).series:
            worker.load_volume(series, checkpoint)

    def apart(function: Callable[..., Any], *values: Any) -> Callable[[Job], None]:
        def work(run: RunApart) -> None:
            run(function, *values)

        return lambda job: requests.start_apart(job, work)

    return {
        NOTHING: lambda _job: None,
        "the next case is read ahead": lambda job: requests.start(job, read_ahead),
        "the digests of a case are checked": lambda job: requests.start(job, check),
        "timepoints are registered": apart(register, first, other),
        "sites are estimated": apart(estimate_sites, first, "L"),
        "coil shading is looked for": apart(coil_shading, first),
        "840 files are scanned and loaded": lambda job: requests.start(job, import_originals),
    }


if __name__ == "__main__":
    main()

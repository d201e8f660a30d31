"""Scrolling six panes of the reading window while something else works in the background."""

from __future__ import annotations

import argparse
import threading
import time
from collections.abc import Callable
from contextlib import contextmanager
from itertools import cycle

from benchmarks import scenes
from benchmarks.compare import goal, per_event, percentile
from benchmarks.scroll import STEPS, Stepper
from benchmarks.windows import Painted, application, close_reading, open_reading, pictures_of, settle, wheel
from reader_app.reading.case_images import read_images
from viewer.imaging.worker import ImagingWorker


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=500)
    arguments = parser.parse_args()
    application()
    window = open_reading(scenes.copy_of(scenes.mr_reading(letters="AB")), "coronal")
    settle()
    reading = window._reading
    codes = [case.code for case in reading.cases()]
    panes = pictures_of(window)
    painted = Painted(panes)
    with ImagingWorker() as worker:
        worker.scan([])
        works: dict[str, Callable[[], object]] = {
            "nothing": lambda: time.sleep(0.05),
            "the next case is read ahead": lambda: read_images(
                reading, reading.case(codes[1]), {}, lambda done, total: None
            ),
            "the digests of a case are checked": lambda: reading.verify_case(codes[0]),
            "840 files are scanned and loaded": lambda: [
                worker.load_volume(series) for series in worker.scan([scenes.originals()]).series
            ],
        }
        times = {}
        for name, work in works.items():
            stepper = Stepper(painted, lambda step: wheel(panes[0], step), cycle(STEPS))
            with _running(work):
                stepper.run(arguments.events)
            times[name] = stepper.milliseconds
    per_event("a scroll step in six panes while …", times)
    for name, values in times.items():
        goal(f"p99 while {name}", percentile(values, 99), 5, " ms")
        goal(f"frames over 16.7 ms while {name}", sum(value > 1000 / 60 for value in values), 0)
    close_reading(window)


@contextmanager
def _running(work: Callable[[], object]):  # noqa: ANN202
    """Do *work* over and over in a thread."""
    stop = threading.Event()

    def loop() -> None:
        while not stop.is_set():
            work()

    thread = threading.Thread(target=loop)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


if __name__ == "__main__":
    main()

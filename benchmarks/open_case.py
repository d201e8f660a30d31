"""Opening a reading, going to the next case, loading all volumes of a case, and 300 cases in a row."""

from __future__ import annotations

import argparse
import gc
import os
import statistics
from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from benchmarks import scenes
from benchmarks.compare import compare, goal, per_event, waited_ms
from benchmarks.originals import by_simpleitk
from benchmarks.windows import Painted, application, close_reading, open_reading, pictures_of, settle
from reader_app.jobs import JobRunner
from reader_app.reading.window import ReadingWindow
from storage.reading.reading import Reading


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--cases", type=int, default=300, help="cases in a row")
    arguments = parser.parse_args()
    application()
    _many_cases(arguments.cases)  # first: what the others leave behind is not to be counted
    for name, reading in (("MR, 3 timepoints", scenes.mr_reading()), ("films", scenes.film_reading())):
        _first_picture(name, reading, arguments.rounds)
        _next_case(name, reading, arguments.rounds)
    _volumes(arguments.rounds)


class _Times(list[float]):
    """Milliseconds of one act, round by round, and what of them the painting thread waited for a core."""

    def __init__(self) -> None:
        super().__init__()
        self._with_a_core: list[float] = []

    def add(self, painted: Painted, act: Callable[[], object]) -> None:
        """Time the act once."""
        before = waited_ms()
        self.append(painted.time_of(act))
        self._with_a_core.append(self[-1] - (waited_ms() - before))

    def tell(self, title: str, act: str) -> None:
        """Print both."""
        title += f" (load {os.getloadavg()[0]:.1f}, {QApplication.platformName()})"
        per_event(title, {act: self, "the same, less waiting for a core": self._with_a_core})


def _first_picture(name: str, folder: Path, rounds: int) -> None:
    times = _Times()
    for _ in range(rounds):
        window = ReadingWindow(Reading.open(scenes.copy_of(folder)), JobRunner())
        window.resize(2400, 1140)
        window.show()
        settle()
        times.add(Painted([window.grid]), window.open_first)
        close_reading(window)
    times.tell(f"{name}: from the empty window to its pictures", "open_first")
    goal("first pictures after the window exists, median", statistics.median(times), 60, " ms")


def _next_case(name: str, folder: Path, rounds: int) -> None:
    times = _Times()
    for _ in range(rounds):
        window = open_reading(scenes.copy_of(folder))
        panes = pictures_of(window)
        _wait_for_read_ahead(window)
        window.activateWindow()
        QTest.qWaitForWindowActive(window)
        key, control = Qt.Key.Key_PageDown, Qt.KeyboardModifier.ControlModifier
        times.add(Painted(panes), partial(QTest.keyClick, window, key, control))
        close_reading(window)
    times.tell(f"{name}: from the key to the pictures of the next case", "Ctrl+PgDown")
    goal("next case after the key, median", statistics.median(times), 50, " ms")


def _wait_for_read_ahead(window: ReadingWindow) -> None:
    while len(window._cache.codes) < 2:
        QApplication.processEvents()
    settle()


def _volumes(rounds: int) -> None:
    folder = scenes.mr_reading()
    with Reading.open(scenes.copy_of(folder)) as reading:
        case = reading.case(reading.cases()[0].code)
        records = [image for timepoint in case.timepoints for image in timepoint.images]
        paths = [reading.folder / "volumes" / image.array.name for image in records if image.array]
        buffer = bytearray(max(path.stat().st_size for path in paths))
        originals = scenes.originals()
        variants = {
            "read the same bytes": lambda: [_read(path, buffer) for path in paths],
            "all volumes of a case": lambda: [reading.read_array(image) for image in records],
            "SimpleITK on the originals": lambda: by_simpleitk(originals),
        }
        found = compare(f"{len(paths)} volumes of a case", variants, "read the same bytes", rounds)
    mine = found["all volumes of a case"]
    goal("against reading the same bytes", mine.ratio, 1.5, "x")
    others = found["SimpleITK on the originals"].median_ms
    goal("SimpleITK / all volumes of a case", others / mine.median_ms, 30, "x", at_least=True)


def _read(path: Path, buffer: bytearray) -> None:
    with path.open("rb", buffering=0) as file:
        file.readinto(buffer)


def _many_cases(count: int) -> None:
    """Open case after case and watch the memory of the process, memory maps left out."""
    window = open_reading(scenes.copy_of(scenes.mr_reading(12, "AB", 2)))
    codes = [case.code for case in window._reading.cases()]
    sizes = []
    for number in range(count):
        window.open_case(codes[(number + 1) % len(codes)])
        settle()
        if number % 10 == 9:
            _wait_for_read_ahead(window)
            gc.collect()
            sizes.append(_own_mebibytes())
    close_reading(window)
    warm = len(sizes) // 3  # the cache has been filled by then
    print(f"\n## {count} cases in a row: {sizes[0]:.0f}, {sizes[warm]:.0f} … {sizes[-1]:.0f} MiB")
    goal("growth of memory after warm-up", (sizes[-1] / sizes[warm] - 1) * 100, 10, " %")


def _own_mebibytes() -> float:
    lines = Path("/proc/self/status").read_text("ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("RssAnon")) / 1024


if __name__ == "__main__":
    main()

"""The demo study built, ``bootstrap.py`` started a second time, and a key to its saved mark."""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from benchmarks import scenes
from benchmarks.compare import goal, per_event, percentile
from benchmarks.windows import Painted, application, close_reading, open_reading

ROOT = Path(__file__).resolve().parents[1]


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--keys", type=int, default=200)
    parser.add_argument("--bootstrap", action="store_true", help="also start bootstrap.py twice")
    arguments = parser.parse_args()
    _keys(arguments.keys)
    with tempfile.TemporaryDirectory() as folder:
        seconds = _seconds([sys.executable, "-m", "reader_app", "demo", "--no-window", folder])
        goal("the demo study is built", seconds, 60, " s")
    if arguments.bootstrap:
        command = [sys.executable, "bootstrap.py", "run", "--version"]
        _seconds(command)
        plain = _seconds([sys.executable, "-m", "reader_app", "--version"])
        goal("bootstrap.py adds to a second start", _seconds(command) - plain, 3, " s")


def _keys(count: int) -> None:
    application()
    window = open_reading(scenes.copy_of(scenes.mr_reading(letters="AB")))
    table, mark = window.panel.table, window.header
    painted = Painted([mark])
    times = []
    for _ in range(count):
        times.append(painted.time_of(lambda: QTest.keyClick(table, Qt.Key.Key_1)))
        QTest.keyClick(table, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    close_reading(window)
    per_event("from the key of a score to its saved mark", {"1": times})
    goal("key to saved mark, p99", percentile(times, 99), 50, " ms")
    goal("key to saved mark, median", statistics.median(times), 8, " ms")


def _seconds(command: list[str]) -> float:
    start = time.perf_counter()
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    return time.perf_counter() - start


if __name__ == "__main__":
    main()

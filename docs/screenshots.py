"""Paint the pictures of the user guide from the demo, without a display.

Run from the project: ``python docs/screenshots.py [DEMO_FOLDER]``. Scores are entered in copies of the
readings.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from reader_app.program import Program
    from reader_app.reading.window import ReadingWindow

PICTURES = Path(__file__).parent / "images"
SIZE = (1440, 900)
ENTERED = 34


def main() -> None:
    """Build the demo if it is not there and paint every picture."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    home = tempfile.mkdtemp()
    for name in ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"):
        os.environ[name] = home
    from reader_app.program import Program
    from reader_app.start import StartWindow
    from reader_app.workflow.demo import build_demo

    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(home) / "demo"
    demo = build_demo(folder, 4, lambda done, total: None)
    PICTURES.mkdir(exist_ok=True)
    program = Program()
    start = StartWindow(program)
    program.show(start)
    _paint(start, "start.png")
    start.close()
    for reading, name in zip(demo.readings, ("reading.png", "reading-films.png"), strict=True):
        _paint_reading(program, Path(shutil.copytree(reading, Path(home) / reading.name)), name)
    _paint_study(program, Path(shutil.copytree(demo.study, Path(home) / "study")))
    viewer = program.look_at([demo.folder / "images" / "PH001"])
    _wait(12_000)
    _paint(viewer, "viewer.png")
    program.close()
    shutil.rmtree(home, ignore_errors=True)


def _paint_reading(program: Program, folder: Path, name: str) -> None:
    """Open a reading with some scores entered and the window a reader would have after them."""
    from scoring_forms.domain.score import Score
    from storage.reading.reading import Reading

    with Reading.open(folder) as reading:
        code = reading.cases()[0].code
        letters = reading.cases()[0].letters
        cells = reading.form.cells(letters)
        scored = [cell for number, cell in enumerate(cells) if number % len(letters) != 2 or number < ENTERED]
        changes = [
            (cell, Score(float((number * 7) % 3))) for number, cell in enumerate(scored[: len(cells) // 2])
        ]
        reading.record(code, changes, "score.table")
    window = program.open_reading(folder)
    window.resize(*SIZE)
    cast("ReadingWindow", window).scoring.go_to_next_missing()
    _paint(window, name)
    window.close()


def _paint_study(program: Program, folder: Path) -> None:
    from reader_app.study.window import StudyWindow
    from storage.study.store import Study

    window = StudyWindow(Study.open(folder), program.jobs)
    program.show(window)
    window.resize(*SIZE)
    _wait(3000)
    _paint(window, "study-images.png")
    window.close()


def _paint(window: QWidget, name: str) -> None:
    _wait(400)
    window.grab().save(str(PICTURES / name))
    print(PICTURES / name)


def _wait(milliseconds: int) -> None:
    """Let the windows work for a while."""
    from PySide6.QtCore import QEventLoop, QTimer

    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


if __name__ == "__main__":
    main()

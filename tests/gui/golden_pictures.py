"""Pictures of the reading window at several sizes: ``python -m tests.gui.golden_pictures FOLDER``.

A program of its own, as Qt takes the scale factor from its environment when it starts.
"""

import sys
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QWidget

from reader_app.jobs import JobRunner
from reader_app.reading.window import ReadingWindow
from reader_app.theme import apply_theme
from scoring_forms.domain.form import compose_form
from storage.reading.reading import Reading
from tests.gui.windows import build
from viewer.display.hanging import layouts

SIZES = ((1280, 800), (1600, 960), (1920, 1080))
WIDTH = 320


def thumbnail(widget: QWidget) -> NDArray[Any]:
    """Return what a widget shows in grey, ``WIDTH`` pixels wide, whatever the scale factor."""
    image = widget.grab().toImage().convertToFormat(QImage.Format.Format_Grayscale8)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    size = (WIDTH, round(WIDTH * widget.height() / widget.width()))
    return cv2.resize(rows[:, : image.width()], size, interpolation=cv2.INTER_AREA)


def open_still(folder: Path) -> ReadingWindow:
    """Return the window of a new reading in which nothing goes on in the background."""
    path = build(folder, compose_form(["ramris_2003"], ["synovitis"]))
    jobs = JobRunner()
    window = ReadingWindow(Reading.open(path), jobs)
    window.resize(*SIZES[0])
    window.show()
    window.open_first()
    window.display.show_layout(next(layout for layout in layouts("MR") if layout.id == "coronal_axial"))
    jobs.close()
    return window


def show_at(window: ReadingWindow, size: tuple[int, int]) -> None:
    """Give the window a size and let it settle."""
    window.resize(*size)
    for _ in range(3):
        QApplication.processEvents()


def main(folder: Path) -> None:
    """Write a picture for each size into *folder*."""
    application = QApplication([])
    apply_theme(application)
    window = open_still(folder)
    for size in SIZES:
        show_at(window, size)
        cv2.imwrite(str(folder / f"{size[0]}x{size[1]}.png"), thumbnail(window))
    window.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))

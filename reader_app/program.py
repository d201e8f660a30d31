"""The running program: application, jobs, open windows, and what happens when something breaks."""

from __future__ import annotations

import os
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QMessageBox, QWidget

from reader_app.crash_report import write_crash_report
from reader_app.jobs import JobRunner
from reader_app.messages import describe
from reader_app.theme import apply_theme


class Program:
    """The running application: one QApplication, one job runner, the open windows."""

    def __init__(self) -> None:
        if not has_display():
            os.environ["QT_QPA_PLATFORM"] = "offscreen"
        known = QApplication.instance()
        self.app = known if isinstance(known, QApplication) else QApplication(sys.argv[:1])
        self.app.setApplicationName("RA Reader")
        self.app.setOrganizationName("RA Reader")
        apply_theme(self.app)
        self.jobs = JobRunner(self.app)
        self._windows: list[QWidget] = []
        sys.excepthook = self._on_unexpected

    def show(self, window: QWidget) -> None:
        """Show *window* and keep it until the program ends."""
        self._windows.append(window)
        window.show()
        window.activateWindow()

    @contextmanager
    def opening(self, words: str) -> Generator[None]:
        """Show *words* in a small window while a larger one is imported and made ready."""
        label = QLabel(words)
        label.setObjectName("opening")
        label.setWindowTitle("RA Reader")
        label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        label.resize(440, 130)
        label.show()
        self.app.processEvents()
        try:
            yield
        finally:
            label.close()

    def run(self) -> int:
        """Work until the last window is closed."""
        try:
            return self.app.exec()
        finally:
            self.close()

    def close(self) -> None:
        """Close the windows and stop the jobs."""
        for window in self._windows:
            window.close()
        self.jobs.close()

    def _on_unexpected(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        """Say that something broke; the report names the place in our code and no values."""
        message = describe(error)
        if message is not None:
            text = message.text
        else:
            report = write_crash_report(error)
            where = f" A report without any patient data lies in {report}." if report else ""
            text = f"Something went wrong that we did not foresee; your scores up to now are saved.{where}"
        QMessageBox.critical(self.app.activeWindow(), "RA Reader", text)

    def open_reading(self, folder: Path, case: str | None = None) -> QWidget:
        """Open the reading window on a reading's folder.

        Raises:
            StorageError: It is no reading that can be opened.
        """
        from reader_app.reading.window import ReadingWindow
        from storage.reading.reading import Reading

        window = ReadingWindow(Reading.open(folder), self.jobs)
        self.show(window)
        window.open_first(case)
        return window

    def open_study(self, folder: Path) -> None:
        """Open the study window on a study's folder.

        Raises:
            StorageError: It is no study that can be opened.
        """
        from reader_app.study.window import StudyWindow
        from storage.study.store import Study

        self.show(StudyWindow(Study.open(folder), self.jobs))

    def look_at(self, paths: list[Path]) -> QWidget:
        """Open the plain viewer on files and folders."""
        from reader_app.images.window import ImagesWindow

        window = ImagesWindow(self.jobs)
        self.show(window)
        window.look_at(paths)
        return window


def has_display() -> bool:
    """Whether windows can be shown: always on Windows and macOS, else with X or Wayland."""
    if os.environ.get("QT_QPA_PLATFORM"):
        return os.environ["QT_QPA_PLATFORM"] != "offscreen"
    if sys.platform in ("win32", "darwin"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))

"""Windows that wait: for the demo that is being built, for a zipped reading that is being unpacked."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QProgressBar, QVBoxLayout, QWidget

from reader_app.jobs import Checkpoint, Job, JobRunner

if TYPE_CHECKING:
    from reader_app.workflow.demo import Demo


class DemoBuilder(QObject):
    """Builds the demo in a job, or finds the one that is there."""

    finished = Signal(object)  # Demo
    failed = Signal(object)  # error
    progress = Signal(int, int)  # done, total

    def __init__(self, jobs: JobRunner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self._job: Job | None = None

    def start(self, folder: Path | None, subjects: int) -> None:
        """Begin; ``folder`` None means the user's data folder."""
        self._job = Job(done=self.finished.emit, failed=self.failed.emit, progress=self.progress.emit)

        def work(checkpoint: Checkpoint) -> Demo:
            from reader_app.workflow.demo import build_demo  # late: it takes a second

            return build_demo(folder, subjects, checkpoint)

        self._jobs.start(self._job, work)

    def cancel(self) -> None:
        """Stop at the next step; nothing is left behind and nothing is heard any more."""
        if self._job is not None:
            self._job.cancel()


class _WaitDialog(QDialog):
    """Words and a bar while something is made; ``error`` is there after it failed."""

    def __init__(self, title: str, made: str, words: str, parent: QWidget | None) -> None:
        super().__init__(parent)
        self.setObjectName("demo")
        self.setWindowTitle(title)
        self.error: Exception | None = None
        told = QLabel(words, self)
        told.setWordWrap(True)
        self.bar = QProgressBar(self)
        self.bar.setAccessibleName(made)
        buttons = _cancel_only(self)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(22, 20, 22, 18)
        self._column.setSpacing(12)
        for widget in (told, self.bar, buttons):
            self._column.addWidget(widget)
        self.setMinimumWidth(460)
        buttons.rejected.connect(self.reject)

    @Slot(int, int)
    def _on_progress(self, done: int, total: int) -> None:
        self.bar.setRange(0, total)
        self.bar.setValue(done)

    @Slot(object)
    def _on_failed(self, error: Exception) -> None:
        self.error = error
        super().reject()


class DemoDialog(_WaitDialog):
    """Shows how far the demo is; ``demo`` is there after it was accepted, ``error`` after it failed."""

    def __init__(self, builder: DemoBuilder, parent: QWidget | None = None) -> None:
        words = (
            "A digital hand phantom is imaged at three visits and prepared for two readings. This is done "
            "once and takes about a minute."
        )
        super().__init__("RA Reader demo", "Building the demo", words, parent)
        self.demo: Demo | None = None
        self._builder = builder
        title = QLabel("Building the demo", self)
        title.setObjectName("demoTitle")
        self._column.insertWidget(0, title)
        self.bar.setRange(0, 100)
        builder.progress.connect(self._on_progress)
        builder.finished.connect(self._on_finished)
        builder.failed.connect(self._on_failed)

    def reject(self) -> None:
        """Cancel the building."""
        self._builder.cancel()
        super().reject()

    @Slot(object)
    def _on_finished(self, demo: Demo) -> None:
        self.demo = demo
        self.accept()


class UnpackDialog(_WaitDialog):
    """Unpacks a zipped reading; ``folder`` is there after it was accepted, ``error`` after it failed."""

    def __init__(self, jobs: JobRunner, archive: Path, parent: QWidget | None = None) -> None:
        words = f"Unpacking {archive.name} beside itself. This is done once."
        super().__init__("Open reading", "Unpacking", words, parent)
        self.folder: Path | None = None
        self.bar.setRange(0, 0)

        def work(checkpoint: Checkpoint) -> Path:
            from reader_app.workflow.unpack_reading import reading_folder  # late: with the storage

            return reading_folder(archive, checkpoint)

        self._job = jobs.start(Job(self._on_unpacked, self._on_failed, self._on_progress), work)

    def reject(self) -> None:
        """Stop; nothing is left behind."""
        self._job.cancel()
        super().reject()

    @Slot(object)
    def _on_unpacked(self, folder: Path) -> None:
        self.folder = folder
        self.accept()


def _cancel_only(dialog: QDialog) -> QDialogButtonBox:
    """Return a Cancel that Escape presses and Enter does not: who waits may press Enter."""
    buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel, dialog)
    buttons.button(QDialogButtonBox.StandardButton.Cancel).setAutoDefault(False)
    return buttons

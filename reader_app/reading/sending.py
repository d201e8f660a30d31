"""Signed cases go back to the coordinator: written as one small file without pictures."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QMessageBox, QWidget

from reader_app.images.file_dialogs import ask_folder
from reader_app.jobs import Job, JobRunner
from reader_app.workflow.pack_reading import write_result
from storage.reading.reading import Reading


class Sending(QObject):
    """Asks for a folder and writes the result of the reading there, in the background."""

    said = Signal(str)
    failed = Signal(object)  # error

    def __init__(self, reading: Reading, jobs: JobRunner, window: QWidget) -> None:
        super().__init__(window)
        self._reading, self._jobs, self._window = reading, jobs, window

    @Slot()
    def send_back(self) -> None:
        """Ask where the file goes and write it."""
        folder = ask_folder(self._window, "Write the signed cases into which folder?")
        if folder is not None:
            self.send_into(folder)

    def send_into(self, folder: Path) -> None:
        """Write the signed cases into *folder*; a file of the same state stays as it is."""
        reading = self._reading.folder
        self.said.emit("Writing the signed cases …")
        self._jobs.start(
            Job(done=self._on_written, failed=self.failed.emit), lambda _: write_result(reading, folder)
        )

    @Slot(object)
    def _on_written(self, file: Path) -> None:
        self.said.emit(f"Written: {file.name}")
        QMessageBox.information(
            self._window,
            "RA Reader",
            f"All signed cases are in {file}. Send this file to the coordinator; the pictures stay here.",
        )

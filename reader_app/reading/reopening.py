"""A signed case is opened again: the reader asks, and later opens the file the coordinator sent."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from reader_app.images.file_dialogs import ask_files
from reader_app.reading.score_commands import ScoreCommands
from reader_app.reading.words_dialog import WordsDialog
from storage.errors import StorageError
from storage.grants import read_grant
from storage.reading.reading import Reading


class Reopening(QObject):
    """Knows nothing but codes: neither request nor grant names more."""

    said = Signal(str)
    failed = Signal(object)  # StorageError
    reopened = Signal(str)  # case code

    def __init__(self, reading: Reading, scoring: ScoreCommands, window: QWidget) -> None:
        super().__init__(window)
        self._reading, self._scoring, self._window = reading, scoring, window

    def ask_reopening(self) -> None:
        """Ask the coordinator, with a reason, for the signed case on the screen."""
        scores = self._scoring.scores
        if scores is None:
            return
        if not self._scoring.locked:
            self.said.emit("This case is not signed: it can be changed as it is.")
            return
        dialog = WordsDialog(
            "Ask for reopening",
            f"Why should case {scores.code} be opened again? The coordinator reads this when the reading is "
            "collected; write nothing that tells who the subject is.",
            self._window,
        )
        if dialog.exec():
            self._request(scores.code, dialog.words)

    def _request(self, code: str, reason: str) -> None:
        try:
            self._reading.request_reopening(code, reason)
        except StorageError as error:
            self.failed.emit(error)
        else:
            self.said.emit(f"Asked for case {code}: the coordinator sees it when this reading is collected.")

    def open_grant(self) -> None:
        """Reopen the case that a file from the coordinator names."""
        title = "Open the coordinator's file that reopens a case"
        files = ask_files(self._window, title, "Reopening (*.reopen);;All files (*)")
        try:
            for file in files[:1]:
                grant = read_grant(file)
                self._reading.reopen(grant)
                self.reopened.emit(grant.case)
        except StorageError as error:
            self.failed.emit(error)

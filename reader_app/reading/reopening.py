"""A signed case is opened again: the reader asks, and later opens the file the coordinator sent."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from reader_app.images.file_dialogs import ask_files
from reader_app.reading.score_commands import ScoreCommands
from reader_app.reading.words_dialog import WordsDialog
from reader_app.workflow.take_answer import take_answer
from storage.errors import StorageError
from storage.reading.reading import Reading

_SEEN_KEY = "refusals_seen"


class Reopening(QObject):
    """Knows nothing but codes and why a request was refused: neither request nor answer names more."""

    said = Signal(str)
    failed = Signal(object)  # StorageError
    reopened = Signal(str)  # case code
    answered = Signal()  # what became of requests is not what it was

    def __init__(self, reading: Reading, scoring: ScoreCommands, window: QWidget) -> None:
        super().__init__(window)
        self._reading, self._scoring, self._window = reading, scoring, window
        self._answers = reading.reopening_answers()

    def state(self, code: str) -> str:
        """Return ``asked`` or ``refused`` for a signed case, empty for one that nobody asked for."""
        return "" if code not in self._answers else "refused" if self._answers[code] else "asked"

    def words(self, code: str) -> str:
        """Return what became of the request for a signed case in a sentence; empty where there was none."""
        if code not in self._answers:
            return ""
        refused = self._answers[code]
        if refused is None:
            return "You asked to reopen it; the coordinator sees that when this reading is collected."
        return f"The coordinator lets it stay signed: {refused.rstrip('.')}."

    def say_news(self) -> None:
        """Say which requests were refused since this reading was opened the last time."""
        refused = sorted(code for code, reason in self._answers.items() if reason)
        seen = (self._reading.recall(_SEEN_KEY) or "").split()
        for code in refused:
            if code not in seen:
                self.said.emit(f"Case {code}: {self.words(code)}")
        if refused != seen:
            self._reading.remember(_SEEN_KEY, " ".join(refused))

    def ask_reopening(self) -> None:
        """Ask the coordinator, with a reason, for the signed case on the screen."""
        scores = self._scoring.scores
        if scores is None:
            return
        if not self._scoring.locked:
            self.said.emit("This case is not signed: it can be changed as it is.")
            return
        before = self.words(scores.code)
        dialog = WordsDialog(
            "Ask for reopening",
            f"{before} Why should case {scores.code} be opened again? The coordinator reads this when the "
            "reading is collected; write nothing that tells who the subject is.".lstrip(),
            self._window,
        )
        if dialog.exec():
            self._request(scores.code, dialog.words)

    def _request(self, code: str, reason: str) -> None:
        try:
            self._reading.request_reopening(code, reason)
            self._load()
        except StorageError as error:
            self.failed.emit(error)
        else:
            self.said.emit(f"Asked for case {code}: the coordinator sees it when this reading is collected.")

    def open_grant(self) -> None:
        """Take the coordinator's file: reopen the case that it names, or show why it stays signed."""
        title = "Open the coordinator's answer about a signed case"
        files = ask_files(self._window, title, "Answers (*.reopen *.refused);;All files (*)")
        try:
            for file in files[:1]:
                answer = take_answer(self._reading, file)
                self._load()
                if not answer.refused:
                    self.reopened.emit(answer.case)
                self.say_news()
        except StorageError as error:
            self.failed.emit(error)

    def _load(self) -> None:
        self._answers = self._reading.reopening_answers()
        self.answered.emit()

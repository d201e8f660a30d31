"""Submitting a case: nothing may be missing, the reader signs, the case is locked."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from reader_app.jobs import Job, JobRunner
from reader_app.reading.dialogs import SignDialog
from reader_app.reading.evidence import EvidenceCommands
from reader_app.reading.missing_dialog import MissingDialog
from reader_app.reading.score_commands import ScoreCommands
from scoring_forms.widgets.score_panel import ScorePanel
from storage.errors import PasswordDelayError, StorageError, WrongPasswordError
from storage.reading.reading import Reading
from storage.reading.records import Signature


class Signing(QObject):
    """Asks for the signature and signs in the background; the window takes no input meanwhile."""

    said = Signal(str)
    failed = Signal(object)  # error
    signed = Signal(object)  # Signature

    def __init__(
        self,
        reading: Reading,
        scoring: ScoreCommands,
        evidence: EvidenceCommands,
        panel: ScorePanel,
        jobs: JobRunner,
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._reading, self._scoring, self._panel, self._evidence = reading, scoring, panel, evidence
        self._jobs, self._window = jobs, window
        panel.submit_asked.connect(self.submit)

    @Slot()
    def submit(self) -> None:
        """Check that nothing is missing and grades have their marks, take the signature and lock the case."""
        scores = self._scoring.scores
        if scores is None or self._scoring.locked:
            return
        if not scores.missing:
            if self._evidence.allow_signing():
                self._ask(scores.code, "")
            return
        dialog = MissingDialog(self._reading.form, scores.missing, self._window)
        if dialog.exec():
            self._panel.go_to(dialog.chosen)

    def _ask(self, code: str, problem: str) -> None:
        first = not self._reading.has_password()
        adjudicates = self._reading.is_adjudication
        dialog = SignDialog(
            code, self._reading.reader, first=first, adjudicates=adjudicates, parent=self._window
        )
        if problem:
            dialog.show_problem(problem)
        if not dialog.exec() or not self._store_times():
            return
        reading, password = self._reading, dialog.password
        self._window.setEnabled(False)
        self.said.emit(f"Signing case {code} …")
        # hashing password and pictures takes over half a second
        job = Job(done=self._on_signed, failed=self._on_failed)
        self._jobs.start(job, lambda _: reading.sign(code, password))

    def _store_times(self) -> bool:
        """Keep the time at work while the case is not locked yet."""
        scores = self._scoring.scores
        try:
            if scores is not None:
                scores.store_times()
        except StorageError as error:
            self.failed.emit(error)
            return False
        return scores is not None

    @Slot(object)
    def _on_signed(self, signature: Signature) -> None:
        self._window.setEnabled(True)
        self._scoring.lock()
        self.signed.emit(signature)

    @Slot(object)
    def _on_failed(self, error: Exception) -> None:
        self._window.setEnabled(True)
        scores = self._scoring.scores
        if isinstance(error, WrongPasswordError | PasswordDelayError) and scores is not None:
            self._ask(scores.code, str(error))
        else:
            self.failed.emit(error)

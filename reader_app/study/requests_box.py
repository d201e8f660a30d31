"""What readers ask of the coordinator about signed cases: allowed with a file, or refused with a reason."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QInputDialog, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from reader_app.images.file_dialogs import ask_folder
from reader_app.messages import words_for
from reader_app.study.tables import TextTable
from reader_app.study.task_card import TaskCard
from reader_app.workflow.errors import WorkflowError
from reader_app.workflow.reopening import grant_reopening, write_refusal
from reader_app.workflow.reopening_requests import ReopeningRequest, State, refuse_reopening
from storage.errors import StorageError
from storage.study.store import Study

HEADINGS = ("Reader", "Round", "Case", "Asked (UTC)", "State", "Why")
_STATES: dict[State, str] = {"open": "waits for an answer", "allowed": "allowed", "refused": "refused"}


class RequestsBox(QWidget):
    """Not there while nobody asks for anything."""

    changed = Signal()

    def __init__(self, study: Study, task: TaskCard, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._study, self._task = study, task
        self._requests: tuple[ReopeningRequest, ...] = ()
        heading = QLabel("Requests to reopen signed cases", self)
        heading.setObjectName("pageHeading")
        self.table = TextTable(HEADINGS, len(HEADINGS) - 1, self)
        self.table.setAccessibleName("Requests to reopen signed cases")
        self.table.setMaximumHeight(170)
        self.allow_button = QPushButton("&Allow reopening…", self)
        self.allow_button.setToolTip(
            "Write a small file that lets the reader change this case and sign it again; it names nothing "
            "but codes. What was collected before is kept."
        )
        self.refuse_button = QPushButton("&Refuse…", self)
        self.refuse_button.setToolTip(
            "Put down in the audit trail that the case stays as it is, and write a small file that tells the "
            "reader why."
        )
        tools = QHBoxLayout()
        tools.addWidget(heading)
        tools.addStretch()
        tools.addWidget(self.allow_button)
        tools.addWidget(self.refuse_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(tools)
        column.addWidget(self.table)
        self.allow_button.clicked.connect(self.allow)
        self.refuse_button.clicked.connect(self.refuse)
        self.table.currentCellChanged.connect(self._show_buttons)
        task.busy_changed.connect(self._show_buttons)
        self.hide()

    def show_requests(self, requests: Sequence[ReopeningRequest]) -> None:
        """Show what was asked for; those that wait for an answer first, the newest on top."""
        ordered = sorted(requests, key=lambda one: one.asked.utc, reverse=True)
        self._requests = tuple(sorted(ordered, key=lambda one: one.state != "open"))
        self.setVisible(bool(self._requests))
        self.table.show_rows([_row(one) for one in self._requests])
        if self._requests:
            self.table.setCurrentCell(0, 0)
        self._show_buttons()

    @property
    def chosen(self) -> ReopeningRequest | None:
        """The request that is chosen."""
        row = self.table.currentRow()
        return self._requests[row] if 0 <= row < len(self._requests) else None

    @Slot()
    def _show_buttons(self) -> None:
        chosen, free = self.chosen, not self._task.busy
        self.allow_button.setEnabled(free and chosen is not None)
        self.refuse_button.setEnabled(free and chosen is not None and chosen.state != "allowed")
        refused = chosen is not None and chosen.state == "refused"
        self.refuse_button.setText("Write the &refusal…" if refused else "&Refuse…")
        again = chosen is not None and chosen.state == "allowed"
        self.allow_button.setText("Write the file &again…" if again else "&Allow reopening…")

    @Slot()
    def allow(self) -> None:
        """Ask where the file goes and write it."""
        folder = ask_folder(self, "Write the file that reopens the case into which folder?")
        if folder is not None:
            self.allow_into(folder)

    def allow_into(self, folder: Path) -> None:
        """Allow the chosen request and write its file into *folder*."""
        chosen = self.chosen
        if chosen is None:
            return
        try:
            path = grant_reopening(self._study, chosen.asked.reading, chosen.asked.case, folder)
        except (StorageError, WorkflowError) as error:
            self._task.warn("Not allowed", words_for(error))
            return
        words = (
            f"Send {path} to {chosen.reader}, who opens it in the reading (menu Case, or Ctrl+Shift+O). "
            "The next collect takes the new signature."
        )
        self._task.say(f"Allowed to reopen case {chosen.asked.case}", words)
        self.changed.emit()

    @Slot()
    def refuse(self) -> None:
        """Ask for the reason, put the refusal down and write the file that tells the reader."""
        chosen = self.chosen
        if chosen is None:
            return
        reason = chosen.answer
        if not reason:
            question = (
                f"Why does case {chosen.asked.case} of {chosen.reader} stay as it is? The reader "
                "will see this: nothing of subject or visit."
            )
            reason = QInputDialog.getText(self, "Refuse", question, QLineEdit.EchoMode.Normal, "")[0].strip()
            if not reason or not self.refuse_for(reason):
                return
        folder = ask_folder(self, "Write the file that tells the reader into which folder?")
        if folder is not None:
            self.tell_into(chosen, reason, folder)

    def refuse_for(self, reason: str) -> bool:
        """Refuse the chosen request; return whether the reason was taken."""
        chosen = self.chosen
        if chosen is None:
            return False
        try:
            refuse_reopening(self._study, chosen.asked, reason)
        except WorkflowError as error:
            self._task.warn("Not refused", words_for(error))
            return False
        self._task.say("Refused", f"Case {chosen.asked.case} stays as it is; the audit trail has the reason.")
        self.changed.emit()
        return True

    def tell_into(self, refused: ReopeningRequest, reason: str, folder: Path) -> None:
        """Write the file that tells the reader of a refusal into *folder*."""
        try:
            path = write_refusal(refused.asked, reason, folder)
        except StorageError as error:
            self._task.warn("Not written", words_for(error))
            return
        words = f"Send {path} to {refused.reader}, who opens it in the reading (menu Case, or Ctrl+Shift+O)."
        self._task.say(f"Refused to reopen case {refused.asked.case}", words)


def _row(one: ReopeningRequest) -> tuple[str, ...]:
    when = one.asked.utc[:16].replace("T", " ")
    state = _STATES[one.state]
    if one.state == "refused":
        state = f"{state}: {one.answer}"
    return (one.reader, one.round_title, one.asked.case, when, state, one.asked.reason)

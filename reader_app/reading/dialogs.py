"""The questions of the reading window: why not assessable, and the signature."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QVBoxLayout,
    QWidget,
)

from scoring_forms.domain.form import Form
from scoring_forms.domain.score import Cell, Score
from scoring_forms.domain.systems import Reason, reasons
from scoring_forms.widgets.score_model import SIDE_NAMES

MINIMUM_PASSWORD = 12
MEANING = (
    "I scored this case from the images in this reading, without knowing subject, visit or other scores."
)
ADJUDICATED = (
    "I decided this case from the images in this reading and the scores of Reader 1 and Reader 2, without "
    "knowing subject, visit or who they are."
)


class ReasonDialog(QDialog):
    """Asks why a site could not be scored; digits choose."""

    def __init__(self, what: str, parent: QWidget | None = None, *, suggested: str = "") -> None:
        super().__init__(parent)
        self.setWindowTitle("Not assessable")
        self._list = QListWidget(self)
        self._list.setAccessibleName("Reasons")
        for number, reason in enumerate(reasons(), 1):
            self._list.addItem(f"{number}  {reason.label}")
        ids = [reason.id for reason in reasons()]
        self._list.setCurrentRow(ids.index(suggested) if suggested in ids else 0)
        self._list.setMinimumSize(430, 8 * 25)
        self._comment = QLineEdit(self)
        self._comment.setPlaceholderText("Comment (needed for “Other”)")
        self._comment.setAccessibleName("Comment")
        self._buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel, self
        )
        column = QVBoxLayout(self)
        question = QLabel(f"Why can {what} not be assessed?", self)
        question.setWordWrap(True)
        for widget in (question, self._list, self._comment, self._buttons):
            column.addWidget(widget)
        self._buttons.accepted.connect(self.accept)
        self._buttons.rejected.connect(self.reject)
        self._list.currentRowChanged.connect(self._check)
        self._list.itemDoubleClicked.connect(self.accept)
        self._comment.textChanged.connect(self._check)
        self._list.setFocus()

    @property
    def score(self) -> Score:
        """The chosen reason as a score."""
        return Score(not_assessable=self._reason.id, comment=self._comment.text().strip())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let a digit choose the reason of that number; Enter takes it."""
        row = event.key() - Qt.Key.Key_1
        if 0 <= row < self._list.count() and not self._comment.hasFocus():
            self._list.setCurrentRow(row)
            if self._reason.needs_comment:
                self._comment.setFocus()
            return
        super().keyPressEvent(event)

    def accept(self) -> None:
        """Close only with a reason that has the words it needs."""
        if self._is_complete():
            super().accept()
        else:
            self._comment.setFocus()

    @property
    def _reason(self) -> Reason:
        return reasons()[max(self._list.currentRow(), 0)]

    def _is_complete(self) -> bool:
        return not self._reason.needs_comment or bool(self._comment.text().strip())

    @Slot()
    def _check(self) -> None:
        self._buttons.button(QDialogButtonBox.StandardButton.Ok).setEnabled(self._is_complete())


class SignDialog(QDialog):
    """Takes the reader's password under the signing statement; the first signature sets it."""

    def __init__(
        self,
        code: str,
        reader: str,
        *,
        first: bool,
        adjudicates: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(f"Sign case {code}")
        meaning = ADJUDICATED if adjudicates else MEANING
        self._first = first
        self._password = _password_line(self, "Password")
        self._again = _password_line(self, "Password again")
        self._problem = QLabel(self)
        self._problem.setObjectName("problem")
        self._problem.setWordWrap(True)
        self._buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel, self)
        sign = self._buttons.addButton("Sign and lock", QDialogButtonBox.ButtonRole.AcceptRole)
        sign.setDefault(True)
        statement = QLabel(
            f"“{meaning}”\n\nName and time are kept with the signature. Afterwards case {code} is locked.",
            self,
        )
        statement.setWordWrap(True)
        form = QFormLayout()
        form.addRow("Reader", QLabel(reader, self))
        form.addRow("Time", QLabel(f"{datetime.now().astimezone():%Y-%m-%d %H:%M}", self))
        form.addRow("Password", self._password)
        column = QVBoxLayout(self)
        column.addWidget(statement)
        if first:
            form.addRow("Once more", self._again)
            hint = f"The first signature sets this reading's password: {MINIMUM_PASSWORD} characters or more."
            note = QLabel(hint, self)
            note.setWordWrap(True)
            column.addWidget(note)
        else:
            self._again.hide()
        column.addLayout(form)
        column.addWidget(self._problem)
        column.addWidget(self._buttons)
        self.setMinimumWidth(440)
        self._buttons.accepted.connect(self.accept)
        self._buttons.rejected.connect(self.reject)
        self._password.setFocus()

    @property
    def password(self) -> str:
        """What was typed."""
        return self._password.text()

    def show_problem(self, text: str) -> None:
        """Say why it was not signed and let the reader type again."""
        self._problem.setText(text)
        self._password.selectAll()
        self._password.setFocus()

    def accept(self) -> None:
        """Close only with a password that can be right."""
        if self._first and len(self.password) < MINIMUM_PASSWORD:
            self.show_problem(f"Use at least {MINIMUM_PASSWORD} characters.")
        elif self._first and self._again.text() != self.password:
            self.show_problem("The two passwords differ.")
        elif not self.password:
            self.show_problem("Type your password.")
        else:
            super().accept()


def cell_in_words(form: Form, cell: Cell) -> str:
    """Return ``Bone erosion · Scaphoid · B``."""
    item = form.item(cell)
    side = f" · {SIDE_NAMES[cell.side]} hand" if cell.side else ""
    return f"{item.feature.label} · {item.site.label}{side} · {cell.timepoint}"


def _password_line(parent: QWidget, name: str) -> QLineEdit:
    line = QLineEdit(parent)
    line.setEchoMode(QLineEdit.EchoMode.Password)
    line.setAccessibleName(name)
    line.setObjectName("password")
    return line

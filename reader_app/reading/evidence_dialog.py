"""At signing, the grades that lack marks: a list that jumps, and reasons for what stands without them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from reader_app.reading.dialogs import cell_in_words
from scoring_forms.domain.evidence import Gap
from scoring_forms.domain.form import Form
from scoring_forms.domain.score import Cell

_CELL = Qt.ItemDataRole.UserRole
_WARN = "You may sign all the same."
_REQUIRED = "This round needs them: mark what you saw, or say why the grade stands without."


class EvidenceDialog(QDialog):
    """Lists grades that lack marks. It ends with ``chosen``, the cell to go to, or with None: sign."""

    def __init__(
        self,
        form: Form,
        gaps: Sequence[Gap],
        explain: Callable[[Cell, str], bool] | None,
        parent: QWidget | None = None,
    ) -> None:
        """Show *gaps*; *explain* keeps a reason where the round needs one, and says whether it was kept."""
        super().__init__(parent)
        self.setWindowTitle("Evidence is not complete")
        self._explain = explain
        self.chosen: Cell | None = None
        self._list = QListWidget(self)
        self._list.setAccessibleName("Grades that lack marks")
        for gap in gaps:
            item = QListWidgetItem(f"{cell_in_words(form, gap.cell)}: {gap.words}", self._list)
            item.setData(_CELL, gap.cell)
            item.setToolTip(item.text())
        self._list.setCurrentRow(0)
        self._list.setMinimumSize(620, 220)
        self._list.setWordWrap(True)
        self._list.itemActivated.connect(self._go)
        self._list.itemDoubleClicked.connect(self._go)
        self._reason = QLineEdit(self)
        self._reason.setAccessibleName("Why the grade stands without marks")
        self._reason.setPlaceholderText("Why the chosen grade stands without marks")
        self._buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel, self)
        self.go_button = self._add("&Go there", QDialogButtonBox.ButtonRole.ActionRole, self._go)
        self.sign_button: QPushButton | None = None
        self.keep_button: QPushButton | None = None
        if explain is None:
            self.sign_button = self._add(
                "&Sign all the same", QDialogButtonBox.ButtonRole.AcceptRole, self.accept
            )
        else:
            self.keep_button = self._add("&Keep reason", QDialogButtonBox.ButtonRole.ActionRole, self._keep)
        self.go_button.setDefault(True)
        self._buttons.rejected.connect(self.reject)
        self._lay_out(len(gaps))
        self._list.setFocus()

    def _add(self, text: str, role: QDialogButtonBox.ButtonRole, action: Callable[[], object]) -> QPushButton:
        button = self._buttons.addButton(text, role)
        button.clicked.connect(action)
        return button

    def _lay_out(self, count: int) -> None:
        column = QVBoxLayout(self)
        what = f"{count} grades lack the marks" if count > 1 else "1 grade lacks the marks"
        words = QLabel(f"{what} that show them. {_WARN if self._explain is None else _REQUIRED}", self)
        words.setWordWrap(True)
        column.addWidget(words)
        column.addWidget(self._list)
        column.addWidget(self._reason)
        column.addWidget(self._buttons)
        self._reason.setVisible(self._explain is not None)
        self._reason.textChanged.connect(self._check)
        self._reason.returnPressed.connect(self._keep)
        self._check()

    @property
    def reason_line(self) -> QLineEdit:
        """Where the reason is typed."""
        return self._reason

    @property
    def _cell(self) -> Cell | None:
        item = self._list.currentItem()
        return item.data(_CELL) if item is not None else None

    @Slot()
    def _check(self) -> None:
        has_reason = bool(self._reason.text().strip())
        if self.keep_button is not None:
            self.keep_button.setEnabled(has_reason)
            self.keep_button.setDefault(has_reason)
            self.go_button.setDefault(not has_reason)

    @Slot()
    def _go(self) -> None:
        """End, to go to the current entry."""
        self.chosen = self._cell
        self.reject()

    @Slot()
    def _keep(self) -> None:
        """Keep the reason for the current entry; with the last one signing may go on."""
        cell, reason = self._cell, self._reason.text().strip()
        if self._explain is None or cell is None or not reason or not self._explain(cell, reason):
            return
        self._list.takeItem(self._list.currentRow())
        self._reason.clear()
        if self._list.count():
            self._list.setFocus()
        else:
            self.accept()

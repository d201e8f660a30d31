"""Asks in which formats a locked round is exported, and into which folder."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QSettings, Slot
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from reader_app.images.file_dialogs import ask_folder

_FORMATS = (
    ("csv", "CSV: any program"),
    ("xlsx", "XLSX: one workbook, a sheet for each table"),
    ("sav", "SPSS (.sav)"),
    ("dta", "Stata (.dta)"),
    ("xpt", "SAS transport, version 8 (.xpt)"),
)
_TICKED = ("csv", "xlsx")
_KEY = "export/formats"


class ExportDialog(QDialog):
    """``folder`` and ``formats`` are what was chosen after it was accepted; formats are remembered."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(f"Export “{title}”")
        self.boxes = {name: QCheckBox(text, self) for name, text in _FORMATS}
        remembered = str(_settings().value(_KEY, " ".join(_TICKED))).split()
        for name, box in self.boxes.items():
            box.setChecked(name in remembered)
        self.folder_line = QLineEdit(self)
        self.folder_line.setPlaceholderText("a new or empty folder; nothing is overwritten")
        browse = QPushButton("Browse…", self)
        browse.setAutoDefault(False)
        self.problem = QLabel(self)
        self.problem.setObjectName("problem")
        self.problem.setWordWrap(True)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel, self)
        self.export_button = buttons.addButton("Export", QDialogButtonBox.ButtonRole.AcceptRole)
        self.export_button.setDefault(True)
        self._lay_out(browse, buttons)
        browse.clicked.connect(self._browse)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)

    def _lay_out(self, browse: QPushButton, buttons: QDialogButtonBox) -> None:
        note = QLabel(
            "Scores of every cell, one row a visit, totals, marks, time at work, signatures and the round's "
            "audit trail, with subject and visit. A codebook explains every column; the manifest has the "
            "checksum of every file.",
            self,
        )
        note.setWordWrap(True)
        formats = QVBoxLayout()
        for box in self.boxes.values():
            formats.addWidget(box)
        where = QHBoxLayout()
        where.addWidget(self.folder_line)
        where.addWidget(browse)
        rows = QFormLayout()
        rows.addRow("Formats", formats)
        rows.addRow("Into folder", where)
        column = QVBoxLayout(self)
        column.setSpacing(12)
        column.addWidget(note)
        column.addLayout(rows)
        column.addWidget(self.problem)
        column.addWidget(buttons)
        self.setMinimumWidth(560)

    @property
    def formats(self) -> tuple[str, ...]:
        """The formats that are ticked."""
        return tuple(name for name, box in self.boxes.items() if box.isChecked())

    @property
    def folder(self) -> Path:
        """Where the files go."""
        return Path(self.folder_line.text().strip())

    def accept(self) -> None:
        """Close if there is something to write and a place for it; say what is missing if not."""
        if not self.formats:
            self.problem.setText("Tick at least one format.")
        elif not self.folder_line.text().strip() or not self.folder.is_absolute():
            self.problem.setText("Name the folder with its whole path.")
        else:
            _settings().setValue(_KEY, " ".join(self.formats))
            super().accept()

    @Slot()
    def _browse(self) -> None:
        folder = ask_folder(self, "Write the tables into which folder?")
        if folder is not None:
            self.folder_line.setText(str(folder))


def _settings() -> QSettings:
    return QSettings("RA Reader", "RA Reader")

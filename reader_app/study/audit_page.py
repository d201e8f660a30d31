"""The page of the audit trail: who did what when; filtered, verified, exported."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from reader_app.images.file_dialogs import ask_folder
from reader_app.images.refused_dialog import RefusedDialog
from reader_app.jobs import Checkpoint, Job, JobRunner
from reader_app.messages import words_for
from reader_app.study.audit_table import AuditTable
from reader_app.study.task_card import TaskCard
from storage.audit import Entry
from storage.study.store import Study
from storage.tables.export import write_tables
from storage.tables.table import About, Column, Table

_COLUMNS = ("seq", "utc", "actor", "role", "action", "case_code", "item", "old", "new", "reason", "hash")


class AuditPage(QWidget):
    """The study's audit trail, newest first."""

    def __init__(self, study: Study, jobs: JobRunner, task: TaskCard, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._study, self._jobs, self._task = study, jobs, task
        self._entries: tuple[Entry, ...] = ()
        self._findings: tuple[str, ...] = ()
        self._job = Job()
        self.filter = QLineEdit(self)
        self.filter.setPlaceholderText("Filter: any word of a row")
        self.filter.setAccessibleName("Filter the audit trail")
        self.filter.setToolTip("Rows that hold every word you type (Ctrl+F)")
        self.filter.setClearButtonEnabled(True)
        self.filter.setMaximumWidth(320)
        self.verify_button = QPushButton("&Verify", self)
        self.verify_button.setToolTip("Check the database, the chain of hashes and every original file")
        self.export_button = QPushButton("E&xport as CSV…", self)
        self.export_button.setToolTip("Write the whole trail with all hashes into a folder")
        self.table = AuditTable(self)
        self._count = QLabel(self)
        self._count.setObjectName("note")
        tools = QHBoxLayout()
        tools.addWidget(self.filter)
        tools.addWidget(self._count)
        tools.addStretch()
        tools.addWidget(self.verify_button)
        tools.addWidget(self.export_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 14, 18, 14)
        column.setSpacing(12)
        column.addLayout(tools)
        column.addWidget(self.table, 1)
        self.filter.textChanged.connect(self._show)
        self.verify_button.clicked.connect(self.verify)
        self.export_button.clicked.connect(self.export)
        task.busy_changed.connect(self._on_busy)
        find = QShortcut(QKeySequence(QKeySequence.StandardKey.Find), self)
        find.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        find.activated.connect(self.search)

    def refresh(self) -> None:
        """Read the trail again, in the background."""
        study = self._study
        self._job.cancel()
        self._job = self._jobs.start(
            Job(done=self._on_read, failed=self._on_failed), lambda _: study.audit_entries()
        )

    @Slot(object)
    def _on_read(self, entries: tuple[Entry, ...]) -> None:
        if entries[-1:] != self._entries[-1:]:  # rows are only ever added: the newest tells
            self._entries = entries
            self.table.rows.show(entries)
        self._show_count()

    @Slot()
    def _show(self) -> None:
        self.table.rows.filter(self.filter.text())
        self._show_count()

    def _show_count(self) -> None:
        rows = self.table.rows
        self._count.setText(f"{rows.rowCount():,} of {rows.total:,} rows")

    @Slot()
    def search(self) -> None:
        """Go to the filter."""
        self.filter.setFocus()
        self.filter.selectAll()

    @Slot()
    def verify(self) -> None:
        """Check everything in the background."""
        study = self._study

        def work(checkpoint: Checkpoint) -> tuple[str, ...]:
            return study.verify(checkpoint)

        self._task.start("Verifying", work, self._on_verified, ("original files",))

    def _on_verified(self, findings: tuple[str, ...]) -> None:
        self._findings = findings
        if findings:
            count = "1 finding" if len(findings) == 1 else f"{len(findings)} findings"
            self._task.warn("Verified", f"{count}: {findings[0]}", ("All &findings", self.show_findings))
        else:
            words = "The database, the audit trail and every original file are as they were written."
            self._task.say("Verified", words)

    def show_findings(self) -> None:
        """List what is wrong."""
        note = "Keep the study as it is and make a copy of it before anything else."
        lines = [(f"{number}", finding) for number, finding in enumerate(self._findings, 1)]
        RefusedDialog("Findings", note, lines, self).exec()

    @Slot()
    def export(self) -> None:
        """Write the trail into a folder that is asked for."""
        folder = ask_folder(self, "Write the audit trail into which folder?")
        if folder is not None:
            self.export_to(folder)

    def export_to(self, folder: Path) -> None:
        """Write the whole trail as ``audit_trail.csv`` into *folder*, in the background."""
        study = self._study

        def work(_checkpoint: object) -> tuple[Path, ...]:
            rows = [tuple(getattr(entry, name) for name in _COLUMNS) for entry in study.audit_entries()]
            table = Table("audit_trail", tuple(Column(name) for name in _COLUMNS), rows)
            about = About({"study": study.title, "audit_head": study.audit_head()})
            return write_tables(folder, [table], about)

        self._task.start("Exporting the audit trail", work, self._on_exported, can_stop=False)

    def _on_exported(self, files: tuple[Path, ...]) -> None:
        self._task.say("Exported the audit trail", str(files[0]))

    @Slot(object)
    def _on_failed(self, error: Exception) -> None:
        self._count.setText(words_for(error))

    @Slot(bool)
    def _on_busy(self, busy: bool) -> None:
        for button in (self.verify_button, self.export_button):
            button.setEnabled(not busy)

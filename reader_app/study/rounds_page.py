"""The page of rounds: define and prepare, see the readings, lock, export."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QMessageBox,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from reader_app.images.file_dialogs import ask_folder
from reader_app.images.series_words import plural
from reader_app.jobs import Checkpoint
from reader_app.study.empty_state import EmptyState
from reader_app.study.export_dialog import ExportDialog
from reader_app.study.fields import set_tab_order
from reader_app.study.round_editor import RoundEditor
from reader_app.study.snapshot import RoundProgress, StudySnapshot
from reader_app.study.tables import TextTable
from reader_app.study.task_card import TaskCard
from reader_app.workflow.adjudication_rules import rules_words
from reader_app.workflow.export import export_round
from reader_app.workflow.lock import LockReport, lock_round
from reader_app.workflow.pack_reading import pack_reading
from reader_app.workflow.prepare_round import PreparedRound, RoundRequest, prepare_round
from storage.study.store import Study

_NAMED_AT_MOST = 8


class RoundsPage(QWidget):
    """Rounds above, the chosen one below."""

    changed = Signal()

    def __init__(self, study: Study, task: TaskCard, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._study, self._task = study, task
        self._rounds: tuple[RoundProgress, ...] = ()
        self._has_images = False
        self._choose = ""
        self._build()
        self.new_button.clicked.connect(self.new_round)
        self.lock_button.clicked.connect(self.lock)
        self.pack_button.clicked.connect(self.pack)
        self.export_button.clicked.connect(self.export)
        self.rounds.currentCellChanged.connect(self._show_chosen)
        task.busy_changed.connect(self._show_chosen)

    def _build(self) -> None:
        self.new_button = QPushButton("&New round…", self)
        self.new_button.setObjectName("primary")
        self.new_button.setToolTip(
            "Define what is read, how and by whom, and prepare a reading for each reader"
        )
        self.lock_button = QPushButton("&Lock round…", self)
        self.lock_button.setToolTip("No score comes in any more; from then on scores are joined with visits")
        self.export_button = QPushButton("E&xport…", self)
        self.pack_button = QPushButton("&Pack for another workstation…", self)
        self.pack_button.setToolTip(
            "Zip the chosen readings, or all of the round, into a folder. The reader opens the zip; what is "
            "signed comes back as a small file that Progress collects."
        )
        tools = QHBoxLayout()
        tools.addWidget(self.new_button)
        tools.addStretch()
        tools.addWidget(self.lock_button)
        tools.addWidget(self.export_button)
        headings = ("Round", "State", "Images", "Design", "Visits", "Readers", "Collected")
        self.rounds = TextTable(headings, 4, self)
        self.rounds.setAccessibleName("Rounds")
        self._name, self._words = QLabel(self), QLabel(self)
        self._name.setObjectName("pageHeading")
        self._words.setObjectName("note")
        self._words.setWordWrap(True)
        self.readings = TextTable(
            ("Reader", "Cases", "Reading: copy this folder to the reader, or pack it"), 2, self
        )
        self.readings.setAccessibleName("Readings")
        self.skipped = TextTable(("Left out", "Why"), 1, self)
        self.skipped.setAccessibleName("Subjects left out")
        self._no_rounds = EmptyState("No rounds yet", "", self)
        shown = QWidget(self)
        inside = QVBoxLayout(shown)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(10)
        inside.addWidget(self.rounds, 3)
        about = QHBoxLayout()
        about.addWidget(self._name, 1)
        about.addWidget(self.pack_button)
        inside.addLayout(about)
        inside.addWidget(self._words)
        inside.addWidget(self.readings, 3)
        inside.addWidget(self.skipped, 2)
        self._stack = QStackedWidget(self)
        self._stack.addWidget(self._no_rounds)
        self._stack.addWidget(shown)
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 14, 18, 14)
        column.setSpacing(12)
        column.addLayout(tools)
        column.addWidget(self._stack, 1)
        above = (self.new_button, self.lock_button, self.export_button, self.rounds)
        set_tab_order([*above, self.pack_button, self.readings, self.skipped])

    def show_snapshot(self, snapshot: StudySnapshot) -> None:
        """Show the study as it is now."""
        self._rounds = snapshot.rounds
        self._has_images = bool(snapshot.checks)
        self._no_rounds.say(
            "No rounds yet",
            "A round says which images are read, how and by whom. “New round…” prepares a reading for each "
            "reader: a folder that holds nothing a reader must not know."
            if self._has_images
            else "Bring in images first, on the page Images.",
        )
        self._stack.setCurrentIndex(1 if self._rounds else 0)
        self.rounds.show_rows([_row(one) for one in self._rounds])
        titles = [one.round.plan.title for one in self._rounds]
        if self._choose in titles:
            self.rounds.setCurrentCell(titles.index(self._choose), 0)
            self._choose = ""
        elif titles and self.rounds.currentRow() < 0:
            self.rounds.setCurrentCell(len(titles) - 1, 0)
        self._show_chosen()

    @property
    def chosen(self) -> RoundProgress | None:
        """The round that is chosen."""
        row = self.rounds.currentRow()
        return self._rounds[row] if 0 <= row < len(self._rounds) else None

    @Slot()
    def _show_chosen(self) -> None:
        chosen, free = self.chosen, not self._task.busy
        locked = chosen is not None and chosen.round.locked
        self.new_button.setEnabled(free and self._has_images)
        self.lock_button.setEnabled(free and chosen is not None and not locked)
        self.pack_button.setEnabled(free and chosen is not None and not locked)
        self.export_button.setEnabled(free and locked)
        self.export_button.setToolTip(
            "Write score sheets and totals with subject and visit: CSV, XLSX, SPSS, Stata, SAS"
            if locked
            else "A round can be exported when it is locked"
        )
        if chosen is None:
            return
        plan = chosen.round.plan
        self._name.setText(plan.title)
        features = "; ".join(
            f"{part.system.title}: {', '.join(feature.label for feature in part.scored)}"
            for part in plan.form.parts
        )
        repeats = f" {plan.repeat:.0%} of the cases are repeated." if plan.repeat else ""
        rules = rules_words(plan.adjudication, plan.form)
        decided = f" Adjudicated where {rules}." if rules else ""
        self._words.setText(f"{features}.{repeats}{decided}")
        self.readings.show_rows(
            [(one.reading.reader, str(one.total), one.reading.path) for one in chosen.readings]
        )
        self.skipped.show_rows(chosen.skipped)
        self.skipped.setVisible(bool(chosen.skipped))

    # -- what can be done ----------------------------------------------------------------------------------

    @Slot()
    def new_round(self) -> None:
        """Ask for a round and prepare its readings."""
        editor = RoundEditor(self._study, self)
        if editor.exec():
            self.prepare(editor.request)

    def prepare(self, request: RoundRequest) -> None:
        """Prepare the readings of a round in the background."""
        study = self._study

        def work(checkpoint: Checkpoint) -> PreparedRound:
            return prepare_round(study, request, checkpoint)

        self._choose = request.title.strip()
        self._task.start(f"Preparing “{self._choose}”", work, self._on_prepared, ("timepoints",))

    def _on_prepared(self, prepared: PreparedRound) -> None:
        words = f"{plural(len(prepared.readings), 'reading')} for {', '.join(prepared.round.plan.readers)}"
        if prepared.skipped:
            words += f" · {plural(len(prepared.skipped), 'subject')} left out"
        self._task.say(f"Prepared “{prepared.round.plan.title}”", words)
        self.changed.emit()

    @Slot()
    def pack(self) -> None:
        """Ask for a folder and zip the chosen readings, or all of the round, into it."""
        folder = ask_folder(self, "Write the zipped readings into which folder?")
        if folder is not None:
            self.pack_into(folder)

    def pack_into(self, folder: Path) -> None:
        """Zip the chosen readings of the chosen round, or all of them, in the background."""
        chosen = self.chosen
        if chosen is None:
            return
        rows = sorted({index.row() for index in self.readings.selectedIndexes()})
        readings = [chosen.readings[row].reading for row in rows or range(len(chosen.readings))]
        study = self._study

        def work(checkpoint: Checkpoint) -> tuple[Path, ...]:
            files: list[Path] = []
            for one in readings:
                files.append(pack_reading(Path(one.path), folder, checkpoint))
                study.note("reading.packed", item=one.code)
            return tuple(files)

        def done(files: tuple[Path, ...]) -> None:
            names = ", ".join(path.name for path in files)
            self._task.say(f"Packed {plural(len(files), 'reading')}", f"{names} in {folder}")
            self.changed.emit()

        phases = tuple(f"{one.reader}, megabytes" for one in readings)
        self._task.start("Packing", work, done, phases)

    @Slot()
    def lock(self) -> None:
        """Lock the chosen round, after asking."""
        chosen = self.chosen
        if chosen is None:
            return
        title = chosen.round.plan.title
        question = (
            f"Lock the round “{title}”?\n\nNo score can come in after this, and it cannot be taken back. "
            "From then on scores are joined with subject and visit."
        )
        if self._asked("Lock round", question, "Lock"):
            self._lock(title, anyway=False)

    def _lock(self, title: str, *, anyway: bool) -> None:
        study = self._study

        def done(report: LockReport) -> None:
            self._on_locked(title, report)

        def work(checkpoint: Checkpoint) -> LockReport:
            return lock_round(study, title, anyway=anyway, checkpoint=checkpoint)

        self._task.start(f"Locking “{title}”", work, done, ("readings",))

    def _on_locked(self, title: str, report: LockReport) -> None:
        if report.locked:
            self._task.say(f"Locked “{title}”", "The study was backed up. Scores can be exported now.")
            self.changed.emit()
            return
        question = f"The round “{title}” is not complete.\n\n{_missing_words(report)}\n\nLock it anyway?"
        if self._asked("Lock round", question, "Lock anyway"):
            self._lock(title, anyway=True)

    def _asked(self, title: str, question: str, yes: str) -> bool:
        box = QMessageBox(QMessageBox.Icon.Question, title, question, parent=self)
        button = box.addButton(yes, QMessageBox.ButtonRole.AcceptRole)
        box.setDefaultButton(box.addButton(QMessageBox.StandardButton.Cancel))
        box.exec()
        return box.clickedButton() is button

    @Slot()
    def export(self) -> None:
        """Ask for formats and folder, and write the tables of the chosen round."""
        chosen = self.chosen
        if chosen is None:
            return
        dialog = ExportDialog(chosen.round.plan.title, self)
        if dialog.exec():
            self.export_to(dialog.folder, dialog.formats)

    def export_to(self, folder: Path, formats: Sequence[str]) -> None:
        """Write the tables of the chosen round into *folder* in the background."""
        chosen = self.chosen
        if chosen is None:
            return
        study, title = self._study, chosen.round.plan.title

        def done(files: tuple[Path, ...]) -> None:
            self._task.say(f"Exported “{title}”", f"{plural(len(files), 'file')} in {folder}")
            self.changed.emit()

        self._task.start(
            f"Exporting “{title}”",
            lambda checkpoint: export_round(study, title, folder, formats, checkpoint),
            done,
            ("tables", "rows"),
            when_stopped="Stopped. Nothing was written.",
        )


def _row(one: RoundProgress) -> tuple[str, ...]:
    plan = one.round.plan
    return (
        plan.title,
        f"locked {one.round.locked_utc[:10]}" if one.round.locked_utc else "open",
        "MRI" if plan.form.modality == "MR" else "radiographs",
        plan.design,
        ", ".join(plan.visits),
        ", ".join(plan.readers),
        f"{one.collected} of {one.total}",
    )


def _missing_words(report: LockReport) -> str:
    by_reader: dict[str, list[str]] = {}
    for one in report.missing:
        by_reader.setdefault(one.reader, []).append(one.case)
    lines = [
        f"{reader}: {plural(len(codes), 'case')} not signed and collected "
        f"({', '.join(codes[:_NAMED_AT_MOST])}{' …' if len(codes) > _NAMED_AT_MOST else ''})"
        for reader, codes in by_reader.items()
    ]
    if report.pending:
        lines.append(f"{plural(len(report.pending), 'subject awaits', 'subjects await')} adjudication")
    return "\n".join(lines)

"""The page of images: bring them in, see what is there and what is not, overrule roles."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMenu,
    QPushButton,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from reader_app.images.file_dialogs import ask_files, ask_folder
from reader_app.images.refused_dialog import RefusedDialog
from reader_app.images.series_words import plural
from reader_app.jobs import Checkpoint, Job, JobRunner
from reader_app.messages import words_for
from reader_app.study.chips import Legend
from reader_app.study.empty_state import EmptyState
from reader_app.study.import_list import ImportList
from reader_app.study.inspector import Inspector
from reader_app.study.matrix import MatrixView
from reader_app.study.place_dialog import PlaceDialog, Unfiled, place_one_visit, unfiled
from reader_app.study.role_words import MISSING, QUESTION, chips_of
from reader_app.study.snapshot import StudySnapshot
from reader_app.study.task_card import TaskCard
from reader_app.workflow.errors import WorkflowError
from reader_app.workflow.import_images import ImportReport, check_visits, import_images
from reader_app.workflow.placement import Place, place_by_map, read_map
from reader_app.workflow.set_role import set_role
from reader_app.workflow.study_check import SubjectCheck
from storage.study.records import Subject
from storage.study.store import Study

_LIVE_MS = 1500
EVERYTHING, QUESTIONS, GAPS = range(3)


class ImagesPage(QWidget):
    """Subjects by visits, the import and the inspector."""

    changed = Signal()

    def __init__(self, study: Study, jobs: JobRunner, task: TaskCard, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._study, self._jobs, self._task = study, jobs, task
        self._snapshot = StudySnapshot((), (), (), ())
        self._report: ImportReport | None = None
        self._live = QTimer(self)
        self._live.setInterval(_LIVE_MS)
        self._live.timeout.connect(self.changed)
        self._build()
        self._connect()

    def _build(self) -> None:
        self.add_button = QPushButton("&Add images…", self)
        self.add_button.setObjectName("primary")
        self.add_button.setToolTip("Bring in folders, files or zip archives; the sources are never changed")
        menu = QMenu(self.add_button)
        menu.addAction("A &folder…", self.ask_folder)
        menu.addAction("F&iles or zip archives…", self.ask_files)
        menu.addSeparator()
        menu.addAction("A folder of &one subject and visit…", self.ask_folder_of_one)
        menu.addAction("A folder with a &map (CSV)…", self.ask_map)
        self.add_button.setMenu(menu)
        self.show_only = QComboBox(self)
        self.show_only.addItems(["Show: everything", "Show: questions", "Show: gaps"])
        self.show_only.setAccessibleName("Which subjects are shown")
        self.search = QLineEdit(self)
        self.search.setPlaceholderText("Find a subject")
        self.search.setAccessibleName("Find a subject")
        self.search.setToolTip("Part of a subject's code (Ctrl+F)")
        self.search.setClearButtonEnabled(True)
        self.search.setMaximumWidth(170)
        self.matrix = MatrixView(self)
        self._count = QLabel(self)
        self._count.setObjectName("note")
        self._count.setWordWrap(True)
        self.imports = ImportList(self)
        self.inspector = Inspector(self._study, self._jobs, self)
        self._empty = EmptyState(
            "No images yet",
            "Drop folders, files or zip archives anywhere in this window, or press “Add images…”. "
            "Series are found, recognised and filed under subject and visit; originals are copied.",
            self,
        )
        tools = QHBoxLayout()
        tools.addWidget(self.add_button)
        tools.addStretch()
        tools.addWidget(self.show_only)
        tools.addWidget(self.search)
        foot = QHBoxLayout()
        foot.addWidget(Legend(self))
        foot.addWidget(self._count, 1)
        left = QWidget(self)
        column = QVBoxLayout(left)
        column.setContentsMargins(18, 14, 18, 12)
        column.setSpacing(12)
        column.addLayout(tools)
        self._stack = QStackedWidget(self)
        shown = QWidget(self)
        inside = QVBoxLayout(shown)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.addWidget(self.matrix, 1)
        inside.addLayout(foot)
        self._stack.addWidget(self._empty)
        self._stack.addWidget(shown)
        column.addWidget(self.imports)
        column.addWidget(self._stack, 1)
        splitter = QSplitter(Qt.Orientation.Horizontal, self)
        splitter.setChildrenCollapsible(False)
        splitter.addWidget(left)
        splitter.addWidget(self.inspector)
        splitter.setStretchFactor(0, 1)
        splitter.setSizes([760, 350])
        whole = QHBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(splitter)

    def _connect(self) -> None:
        self.show_only.currentIndexChanged.connect(self._show_matrix)
        self.search.textChanged.connect(self._show_matrix)
        self.matrix.place_chosen.connect(self._show_place)
        self.inspector.role_picked.connect(self._on_role_picked)
        self.inspector.side_picked.connect(self._on_side_picked)
        self._task.busy_changed.connect(self._on_busy)
        find = QShortcut(QKeySequence(QKeySequence.StandardKey.Find), self)
        find.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        find.activated.connect(self.search.setFocus)

    # -- what is there -------------------------------------------------------------------------------------

    def show_snapshot(self, snapshot: StudySnapshot) -> None:
        """Show the study as it is now."""
        if (snapshot.checks, snapshot.series, snapshot.visits) == (
            self._snapshot.checks,
            self._snapshot.series,
            self._snapshot.visits,
        ):
            return
        self._snapshot = snapshot
        self._stack.setCurrentIndex(1 if snapshot.checks else 0)
        for widget in (self.inspector, self.show_only, self.search):
            widget.setVisible(bool(snapshot.checks))
        self._show_matrix()
        place = self.matrix.matrix.place_of(self.matrix.currentIndex())
        if place is not None:
            self._show_place(*place)
        else:
            self.inspector.show_nothing()

    @Slot()
    def _show_matrix(self) -> None:
        checks = [check for check in self._snapshot.checks if self._is_wanted(check)]
        filed = Counter((one.subject, one.visit) for one in self._snapshot.series)
        self.matrix.show_checks(checks, [visit.label for visit in self._snapshot.visits], filed)
        questions, gaps = _count(self._snapshot.checks)
        text = "Nothing is missing and nothing is to be decided."
        if questions or gaps:
            text = f"{plural(questions, 'question')} and {plural(gaps, 'gap')}."
        if questions:
            text += " What is in question is left out of a round."
        hidden = len(self._snapshot.checks) - len(checks)
        self._count.setText(f"{text}{f' {hidden} subjects are not shown.' if hidden else ''}")

    def _is_wanted(self, check: SubjectCheck) -> bool:
        if self.search.text().strip().casefold() not in check.subject.casefold():
            return False
        questions, gaps = _count([check])
        return {EVERYTHING: True, QUESTIONS: questions > 0, GAPS: gaps > 0}[self.show_only.currentIndex()]

    @Slot(str, str)
    def _show_place(self, subject: str, visit: str) -> None:
        check = next(one for one in self._snapshot.checks if one.subject == subject)
        told = {one.code: one.side for one in self._study.subjects()}.get(subject)
        series = self._snapshot.series_of(subject, visit)
        self.inspector.show_place(subject, visit, told, check.problem, series)

    # -- import --------------------------------------------------------------------------------------------

    @Slot()
    def ask_folder(self) -> None:
        """Import a folder that is asked for."""
        folder = ask_folder(self, "Import everything in a folder")
        if folder is not None:
            self.import_paths([folder])

    @Slot()
    def ask_files(self) -> None:
        """Import files that are asked for."""
        files = ask_files(self, "Import files or zip archives")
        if files:
            self.import_paths(files)

    @Slot()
    def ask_folder_of_one(self) -> None:
        """Import a folder under a subject and visit that are asked for."""
        folder = ask_folder(self, "Import a folder of one subject and visit")
        if folder is not None:
            dialog = self._place_dialog(())
            if dialog.exec():
                self.import_paths([folder], place_one_visit(dialog.placement))

    @Slot()
    def ask_map(self) -> None:
        """Ask for a table that says where images belong, and for the folder with the images."""
        tables = ask_files(self, "Which map? A CSV table with path, subject and visit", "Tables (*.csv)")
        folder = ask_folder(self, "Import which folder by this map?") if tables else None
        if folder is not None:
            self.import_by_map(tables[0], folder)

    def import_by_map(self, table: Path, folder: Path) -> None:
        """Import what is in *folder* under the subjects and visits of a map, or say what is wrong with it."""
        try:
            rows = read_map(table)
            check_visits(self._study, [row.placement.visit for row in rows])
        except (WorkflowError, OSError) as error:
            self._task.warn("Not imported", words_for(error))
            return
        self.import_paths([folder], place_by_map(rows, [table.absolute().parent, folder]))

    def import_paths(self, paths: Sequence[Path], place: Place | None = None) -> None:
        """Import files and folders in the background; without *place* by Patient ID and date."""
        if self._task.busy:
            return
        study = self._study

        def work(checkpoint: Checkpoint) -> ImportReport:
            return import_images(study, paths, place, checkpoint=checkpoint, tell=self.imports.add)

        name = paths[0].name if len(paths) == 1 else plural(len(paths), "item")
        self._live.start()
        self.imports.begin()
        self._task.start(f"Importing “{name}”", work, self._on_imported, ("looking at", "taking over"))

    def _on_imported(self, report: ImportReport) -> None:
        self._report = report
        parts = [f"{plural(report.imported, 'file')} new"]
        if report.already_there:
            parts.append(f"{report.already_there:,} already there")
        buttons = []
        if report.rejected:
            parts.append(f"{plural(len(report.rejected), 'file')} not taken")
            buttons.append(("Wh&y?", self.show_refused))
            if unfiled(report.rejected):
                buttons.insert(0, ("Fi&le them…", self.file_refused))
        say = self._task.warn if report.rejected and not report.imported else self._task.say
        say("Import finished", " · ".join(parts), *buttons)

    def show_refused(self) -> None:
        """List the files that were not imported, and why."""
        if self._report is not None:
            lines = [(str(one.path), one.reason) for one in self._report.rejected]
            note = "These files were not imported. Nothing of them is in the study."
            RefusedDialog("Files that were not taken", note, lines, self).exec()

    def file_refused(self) -> None:
        """Ask where the files belong that did not tell it, and import them."""
        groups = unfiled(self._report.rejected) if self._report else ()
        dialog = self._place_dialog(groups)
        if dialog.exec():
            self.import_paths(dialog.paths, place_one_visit(dialog.placement, dialog.examination))

    def _place_dialog(self, groups: Sequence[Unfiled]) -> PlaceDialog:
        return PlaceDialog(
            [check.subject for check in self._snapshot.checks],
            [visit.label for visit in self._snapshot.visits],
            groups,
            new_visits=not self._study.visits_fixed,
            parent=self,
        )

    @Slot(bool)
    def _on_busy(self, busy: bool) -> None:
        self.add_button.setEnabled(not busy)
        if not busy:
            if self._live.isActive():
                self.imports.end()
            self._live.stop()
            self.changed.emit()

    # -- the coordinator's word ----------------------------------------------------------------------------

    @Slot(str, str)
    def _on_role_picked(self, series_uid: str, role: str) -> None:
        self._jobs.start(
            Job(done=self._on_changed, failed=self._on_change_failed),
            lambda _: set_role(self._study, series_uid, role),
        )

    @Slot(str, object)
    def _on_side_picked(self, subject: str, side: str | None) -> None:
        self._jobs.start(
            Job(done=self._on_changed, failed=self._on_change_failed),
            lambda _: self._study.put_subject(Subject(subject, side)),
        )

    @Slot(object)
    def _on_changed(self, _result: object) -> None:
        self.changed.emit()

    @Slot(object)
    def _on_change_failed(self, error: Exception) -> None:
        self.changed.emit()
        self._task.warn("Not changed", words_for(error))


def _count(checks: Sequence[SubjectCheck]) -> tuple[int, int]:
    """Return how many questions and gaps there are; a visit without any image is one gap."""
    chips = [chip for check in checks for visit in check.visits for chip in chips_of(visit)]
    states = [chip.state for chip in chips]
    sides = sum(bool(check.problem) for check in checks)
    return states.count(QUESTION) + sides, states.count(MISSING)

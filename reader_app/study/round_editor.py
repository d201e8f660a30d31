"""Defines a round: what is read, how and by whom; says at once what is wrong with it."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from pathlib import Path

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QMessageBox,
    QPlainTextEdit,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from reader_app.images.file_dialogs import ask_files, ask_folder
from reader_app.messages import words_for
from reader_app.study.adjudication_fields import AdjudicationFields
from reader_app.study.fields import dress_fields, fields_of, set_tab_order
from reader_app.study.rules_fields import RulesFields
from reader_app.study.system_tree import SystemTree
from reader_app.workflow.errors import WorkflowError
from reader_app.workflow.prepare_round import RoundRequest, gather, plan_round
from reader_app.workflow.series_roles import never_both
from scoring_forms.domain.errors import ScoringError
from scoring_forms.domain.systems import SYSTEM_FILES
from storage.errors import StorageError
from storage.study.records import RoundPlan
from storage.study.store import READINGS, Study

DESIGNS = (
    ("paired", "Paired: all visits of a subject together, their order hidden"),
    ("single", "Single: every visit a case of its own, shuffled"),
    ("chronological", "Chronological: visits in order of time, known to the reader"),
)
_CHECK_AFTER_MS = 200
_LABEL_TOP = 3
_ONE_SIDE = " ⚠ No visit has films of both {region}, and both are scored: every total over both will be n/c."


class RoundEditor(QDialog):
    """Asks for a round; ``request`` is what was asked for."""

    def __init__(self, study: Study, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("New round")
        self._study = study
        self._known: dict[Hashable, tuple[int, Mapping[str, str], str]] = {}
        self.title_line = QLineEdit(self)
        self.title_line.setPlaceholderText("e.g. RAMRIS – readers see it, so no visit, week, date or subject")
        self.systems = SystemTree(self)
        self.add_button = QPushButton("Add a system &from a file…", self)
        self.add_button.setAutoDefault(False)
        self.add_button.setToolTip("A scoring system of your own, as a TOML or JSON file; the guide says how")
        self.rules = RulesFields(self)
        self.adjudication = AdjudicationFields(self)
        self.visits = QListWidget(self)
        self.design = QComboBox(self)
        self.readers = QPlainTextEdit(self)
        self.repeat = QSpinBox(self)
        self.out = QLineEdit(str(study.folder / READINGS), self)
        self.browse_button = QPushButton("&Browse…", self)
        self.browse_button.setAutoDefault(False)
        self.problem = QLabel(self)
        self.problem.setObjectName("problem")
        self.preview = QLabel(self)
        self.preview.setObjectName("note")
        self._timer = QTimer(self, singleShot=True, interval=_CHECK_AFTER_MS)
        self._fill()
        self._lay_out()
        self._connect()
        self.resize(1060, 680)
        self.check()

    def _fill(self) -> None:
        self.systems.setMinimumHeight(150)
        for visit in self._study.visits():
            item = QListWidgetItem(visit.label)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Checked)
            self.visits.addItem(item)
        self.visits.setMaximumHeight(30 + 22 * min(max(self.visits.count(), 2), 5))
        for design, words in DESIGNS:
            self.design.addItem(words, design)
        self.readers.setPlaceholderText("one name a line")
        self.readers.setTabChangesFocus(True)
        self.readers.setMaximumHeight(76)
        self.repeat.setRange(0, 100)
        self.repeat.setSuffix(" % of the cases are shown a second time")
        self.repeat.setToolTip("Repeats come under another code: how well a reader agrees with himself")

    def _lay_out(self) -> None:
        where = QHBoxLayout()
        where.setSpacing(8)
        where.addWidget(self.out)
        where.addWidget(self.browse_button)
        scored = QVBoxLayout()
        scored.addWidget(self.systems, 1)
        scored.addWidget(self.add_button, 0, Qt.AlignmentFlag.AlignLeft)
        rows = QFormLayout()
        rows.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
        rows.setVerticalSpacing(10)
        for name, field, content in (
            ("&Title", self.title_line, self.title_line),
            ("&What is scored", self.systems, scored),
            ("&Visits", self.visits, self.visits),
            ("&Design", self.design, self.design),
            ("&Readers", self.readers, self.readers),
            ("R&epeats", self.repeat, self.repeat),
            ("Readings &go to", self.out, where),
        ):
            label = QLabel(name, self)
            label.setBuddy(field)
            label.setContentsMargins(0, _LABEL_TOP, 0, 0)  # beside the first line of its field
            rows.addRow(label, content)
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel, self)
        self.prepare = self.buttons.addButton("&Prepare readings", QDialogButtonBox.ButtonRole.AcceptRole)
        self.prepare.setDefault(True)
        column = QVBoxLayout(self)
        right = QVBoxLayout()
        right.addWidget(self.rules)
        right.addWidget(self.adjudication)
        right.addStretch()
        beside = QHBoxLayout()
        beside.setSpacing(18)
        beside.addLayout(rows, 3)
        beside.addLayout(right, 2)
        column.addLayout(beside, 1)
        for label in (self.problem, self.preview):
            label.setWordWrap(True)
            column.addWidget(label)
        column.addWidget(self.buttons)
        self._order()

    def _order(self) -> None:
        """Let Tab go down the left side, then down the right one, then to the buttons."""
        left = (self.title_line, self.systems, self.add_button, self.visits, self.design, self.readers)
        below = (self.repeat, self.out, self.browse_button)
        right = [*fields_of(self.rules), *fields_of(self.adjudication)]
        set_tab_order([*left, *below, *right, *self.buttons.buttons()])
        dress_fields(self)

    def _connect(self) -> None:
        for signal in (
            self.title_line.textChanged,
            self.systems.itemChanged,
            self.visits.itemChanged,
            self.design.currentIndexChanged,
            self.readers.textChanged,
            self.repeat.valueChanged,
            self.out.textChanged,
            self.rules.changed,
            self.adjudication.changed,
        ):
            signal.connect(self._check_soon)
        self.browse_button.clicked.connect(self._browse)
        self.add_button.clicked.connect(self.ask_system)
        self._timer.timeout.connect(self.check)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)

    @property
    def request(self) -> RoundRequest:
        """What is asked for now."""
        systems, features = self.systems.chosen
        labels = [self.visits.item(row) for row in range(self.visits.count())]
        return RoundRequest(
            title=self.title_line.text(),
            systems=systems,
            readers=tuple(name.strip() for name in self.readers.toPlainText().splitlines() if name.strip()),
            features=features,
            design=self.design.currentData(),
            visits=tuple(one.text() for one in labels if one.checkState() == Qt.CheckState.Checked),
            repeat=self.repeat.value() / 100,
            out=Path(self.out.text().strip()) if self.out.text().strip() else None,
            rules=self.rules.rules,
            adjudication=self.adjudication.rules,
            method=self.adjudication.method,
        )

    def tick(self, system_id: str) -> None:
        """Ask for all features of a system."""
        self.systems.tick(system_id)

    @Slot()
    def ask_system(self) -> None:
        """Ask for the file of a system of the coordinator's own."""
        kinds = " ".join(f"*{suffix}" for suffix in SYSTEM_FILES)
        for file in ask_files(self, "Add a scoring system", f"Scoring systems ({kinds})")[:1]:
            self.add_system(file)

    def add_system(self, file: Path) -> None:
        """Offer the system of a file, or say what is wrong with it."""
        try:
            self.systems.add_file(file)
        except (ScoringError, OSError) as error:
            QMessageBox.warning(self, "RA Reader", words_for(error))
            return
        self.check()

    @Slot()
    def _check_soon(self) -> None:
        self._timer.start()

    @Slot()
    def check(self) -> bool:
        """Say what is wrong, or how many subjects can be read; return whether it can be prepared."""
        self._timer.stop()
        problem, preview = self._verdict()
        self.problem.setText(problem)
        self.problem.setVisible(bool(problem))
        self.preview.setText(preview)
        self.prepare.setEnabled(not problem)
        return not problem

    def _verdict(self) -> tuple[str, str]:
        request = self.request
        if not request.title.strip():
            return "Give the round a title.", ""
        if not request.systems:
            return "Choose what is scored.", ""
        if not request.visits:
            return "Choose at least one visit.", ""
        if not request.readers:
            return "Name at least one reader.", ""
        try:
            plan = plan_round(self._study, request)
            readable, skipped, warning = self._readable(plan)
        except (WorkflowError, ScoringError, StorageError) as error:
            return words_for(error), ""
        left_out = "; ".join(f"{subject}: {reason}" for subject, reason in skipped.items())
        if not readable:
            return f"No subject has images for this round. {left_out}", ""
        count = "1 subject" if readable == 1 else f"{readable} subjects"
        return "", f"{count} can be read.{f' Left out: {left_out}.' if left_out else ''}{warning}"

    def _readable(self, plan: RoundPlan) -> tuple[int, Mapping[str, str], str]:
        """Return how many subjects can be read, why others cannot, and what will be missed in all of them.

        Looked up once for the same images.
        """
        wanted = (plan.form.roles, plan.form.one_sided, plan.visits)
        if wanted not in self._known:
            material, skipped = gather(self._study, plan.form, plan.visits)
            region = never_both(roles for one in material.values() for roles in one.visits.values())
            warning = _ONE_SIDE.format(region=region) if region else ""
            self._known[wanted] = len(material), skipped, warning
        return self._known[wanted]

    @Slot()
    def _browse(self) -> None:
        folder = ask_folder(self, "Where shall the readings be written?")
        if folder is not None:
            self.out.setText(str(folder))

    def accept(self) -> None:
        """Close only with a round that can be prepared."""
        if self.check():
            super().accept()

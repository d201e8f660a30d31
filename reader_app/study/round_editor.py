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
    QPlainTextEdit,
    QPushButton,
    QSpinBox,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from reader_app.images.file_dialogs import ask_folder
from reader_app.messages import describe
from reader_app.workflow.errors import WorkflowError
from reader_app.workflow.prepare_round import RoundRequest, gather, plan_round
from scoring_forms.domain.errors import ScoringError
from scoring_forms.domain.systems import available_systems, load_system
from storage.errors import StorageError
from storage.study.records import RoundPlan
from storage.study.store import READINGS, Study

DESIGNS = (
    ("paired", "Paired: all visits of a subject together, their order hidden"),
    ("single", "Single: every visit a case of its own, shuffled"),
    ("chronological", "Chronological: visits in order of time, known to the reader"),
)
_CHECK_AFTER_MS = 200
_ID = int(Qt.ItemDataRole.UserRole)


class RoundEditor(QDialog):
    """Asks for a round; ``request`` is what was asked for."""

    def __init__(self, study: Study, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("New round")
        self._study = study
        self._known: dict[Hashable, tuple[int, Mapping[str, str]]] = {}
        self.title_line = QLineEdit(self)
        self.title_line.setPlaceholderText("e.g. RAMRIS – readers see it, so no visit, week, date or subject")
        self.systems = QTreeWidget(self)
        self.visits = QListWidget(self)
        self.design = QComboBox(self)
        self.readers = QPlainTextEdit(self)
        self.repeat = QSpinBox(self)
        self.out = QLineEdit(str(study.folder / READINGS), self)
        self.problem = QLabel(self)
        self.problem.setObjectName("problem")
        self.preview = QLabel(self)
        self.preview.setObjectName("note")
        self._timer = QTimer(self, singleShot=True, interval=_CHECK_AFTER_MS)
        self._fill()
        self._lay_out()
        self._connect()
        self.resize(680, 720)
        self.check()

    def _fill(self) -> None:
        self.systems.setHeaderHidden(True)
        self.systems.setAccessibleName("Scoring systems and features")
        for system_id in available_systems():
            system = load_system(system_id)
            images = "MRI" if system.modality == "MR" else "radiographs"
            top = QTreeWidgetItem(self.systems, [f"{system.title} – {images}"])
            top.setData(0, _ID, system_id)
            top.setFlags(top.flags() | Qt.ItemFlag.ItemIsUserCheckable | Qt.ItemFlag.ItemIsAutoTristate)
            top.setToolTip(0, system.citation)
            for feature in system.features:
                if feature.count_of:
                    continue
                child = QTreeWidgetItem(top, [f"{feature.label} ({len(feature.sites)} sites)"])
                child.setData(0, _ID, feature.id)
                child.setFlags(child.flags() | Qt.ItemFlag.ItemIsUserCheckable)
                child.setCheckState(0, Qt.CheckState.Unchecked)
            top.setExpanded(True)
        self.systems.setMinimumHeight(150)
        for visit in self._study.visits():
            item = QListWidgetItem(visit.label)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Checked)
            self.visits.addItem(item)
        self.visits.setAccessibleName("Visits")
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
        browse = QPushButton("Browse…", self)
        browse.setAutoDefault(False)
        browse.clicked.connect(self._browse)
        where = QHBoxLayout()
        where.addWidget(self.out)
        where.addWidget(browse)
        rows = QFormLayout()
        rows.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
        rows.setVerticalSpacing(10)
        for name, field in (
            ("Title", self.title_line),
            ("What is scored", self.systems),
            ("Visits", self.visits),
            ("Design", self.design),
            ("Readers", self.readers),
            ("Repeats", self.repeat),
        ):
            rows.addRow(name, field)
        rows.addRow("Readings go to", where)
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel, self)
        self.prepare = self.buttons.addButton("Prepare readings", QDialogButtonBox.ButtonRole.AcceptRole)
        self.prepare.setDefault(True)
        column = QVBoxLayout(self)
        column.addLayout(rows, 1)
        for label in (self.problem, self.preview):
            label.setWordWrap(True)
            column.addWidget(label)
        column.addWidget(self.buttons)

    def _connect(self) -> None:
        for signal in (
            self.title_line.textChanged,
            self.systems.itemChanged,
            self.visits.itemChanged,
            self.design.currentIndexChanged,
            self.readers.textChanged,
            self.repeat.valueChanged,
            self.out.textChanged,
        ):
            signal.connect(self._check_soon)
        self._timer.timeout.connect(self.check)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)

    @property
    def request(self) -> RoundRequest:
        """What is asked for now."""
        systems, features = self._scored()
        labels = [self.visits.item(row) for row in range(self.visits.count())]
        return RoundRequest(
            title=self.title_line.text(),
            systems=tuple(systems),
            readers=tuple(name.strip() for name in self.readers.toPlainText().splitlines() if name.strip()),
            features=tuple(features),
            design=self.design.currentData(),
            visits=tuple(one.text() for one in labels if one.checkState() == Qt.CheckState.Checked),
            repeat=self.repeat.value() / 100,
            out=Path(self.out.text().strip()) if self.out.text().strip() else None,
        )

    def tick(self, system_id: str) -> None:
        """Ask for all features of a system."""
        for row in range(self.systems.topLevelItemCount()):
            top = self.systems.topLevelItem(row)
            if top is not None and top.data(0, _ID) == system_id:
                top.setCheckState(0, Qt.CheckState.Checked)

    def _scored(self) -> tuple[list[str], list[str]]:
        """Return the systems and, where not all of them are asked for, their features."""
        systems: list[str] = []
        features: list[str] = []
        whole = True
        for row in range(self.systems.topLevelItemCount()):
            top = self.systems.topLevelItem(row)
            assert top is not None
            children = [child for number in range(top.childCount()) if (child := top.child(number))]
            ticked = [one.data(0, _ID) for one in children if one.checkState(0) == Qt.CheckState.Checked]
            if ticked:
                systems.append(top.data(0, _ID))
                features += ticked
                whole = whole and len(ticked) == len(children)
        return systems, [] if whole else list(dict.fromkeys(features))

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
            readable, skipped = self._readable(plan)
        except (WorkflowError, ScoringError, StorageError) as error:
            message = describe(error)
            return message.text if message else str(error), ""
        left_out = "; ".join(f"{subject}: {reason}" for subject, reason in skipped.items())
        if not readable:
            return f"No subject has images for this round. {left_out}", ""
        count = "1 subject" if readable == 1 else f"{readable} subjects"
        return "", f"{count} can be read.{f' Left out: {left_out}.' if left_out else ''}"

    def _readable(self, plan: RoundPlan) -> tuple[int, Mapping[str, str]]:
        """Return how many subjects can be read and why others cannot; looked up once for the same images."""
        wanted = (plan.form.roles, plan.form.one_sided, plan.visits)
        if wanted not in self._known:
            material, skipped = gather(self._study, plan.form, plan.visits)
            self._known[wanted] = len(material), skipped
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

"""What a round asks of its readers beyond the grades, to choose."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QDoubleSpinBox, QFormLayout, QGroupBox, QSpinBox, QWidget

from reader_app.study.fields import dress_fields
from scoring_forms.domain.rules import EvidenceRule, RoundRules

EVIDENCE_WORDS: tuple[tuple[EvidenceRule, str], ...] = (
    ("off", "not asked for"),
    ("warn", "warn at signing"),
    ("required", "required to sign, or a reason"),
)


class RulesFields(QGroupBox):
    """A field for every rule; ``rules`` is what is chosen."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("What is asked of the readers", parent)
        default = RoundRules()
        self.totals_visible = QCheckBox("Totals are s&hown while reading", self)
        self.totals_visible.setChecked(default.totals_visible)
        self.totals_visible.setToolTip("Readers see the sums of their own grades under the table")
        self.evidence = QComboBox(self)
        for rule, words in EVIDENCE_WORDS:
            self.evidence.addItem(words, rule)
        self.evidence.setToolTip(
            "Whether grades need marks: an erosion in two planes with a break in the cortex, "
            "tenosynovitis on three consecutive slices"
        )
        self.same_place = QDoubleSpinBox(self)
        self.same_place.setRange(0.5, 20.0)
        self.same_place.setSingleStep(0.5)
        self.same_place.setDecimals(1)
        self.same_place.setSuffix(" mm")
        self.same_place.setValue(default.same_place_mm)
        self.same_place.setToolTip("Marks in two planes are one lesion up to this distance")
        self.confidence = QCheckBox("Readers may say how s&ure they are", self)
        self.confidence.setChecked(default.confidence)
        self.confidence.setToolTip("Unsure, fairly sure or sure of a grade, by key; stored and exported")
        self.fill_unseen = QCheckBox("&Zeros may be filled in anywhere", self)
        self.fill_unseen.setChecked(default.fill_unseen)
        self.fill_unseen.setToolTip(
            "Otherwise filling a column with 0 leaves out sites whose slices were not on the screen at that "
            "timepoint"
        )
        self.prorate = QSpinBox(self)
        self.prorate.setRange(1, 100)
        self.prorate.setSuffix(" % of the sites")
        self.prorate.setValue(round(default.prorate_from * 100))
        self.prorate.setToolTip("A prorated total is calculated where at least so many sites have a grade")
        rows = QFormLayout(self)
        rows.setVerticalSpacing(10)
        rows.setLabelAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        rows.addRow(self.totals_visible)
        rows.addRow("&Marks as evidence", self.evidence)
        rows.addRow("One &lesion up to", self.same_place)
        rows.addRow(self.confidence)
        rows.addRow(self.fill_unseen)
        rows.addRow("Prorated totals fr&om", self.prorate)
        for box in (self.totals_visible, self.confidence, self.fill_unseen):
            box.toggled.connect(self.changed)
        self.evidence.currentIndexChanged.connect(self._on_evidence)
        self.same_place.valueChanged.connect(self.changed)
        self.prorate.valueChanged.connect(self.changed)
        self._on_evidence()
        dress_fields(self)

    @property
    def rules(self) -> RoundRules:
        """The rules that are chosen now."""
        return RoundRules(
            totals_visible=self.totals_visible.isChecked(),
            evidence=self.evidence.currentData(),
            same_place_mm=self.same_place.value(),
            confidence=self.confidence.isChecked(),
            fill_unseen=self.fill_unseen.isChecked(),
            prorate_from=self.prorate.value() / 100,
        )

    def _on_evidence(self) -> None:
        """Say how it is with the distance only where marks are asked for."""
        self.same_place.setEnabled(self.evidence.currentData() != "off")
        self.changed.emit()

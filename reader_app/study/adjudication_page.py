"""The page of adjudication: where readers of a round disagree, and the reading that decides it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSpinBox,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from reader_app.images.series_words import plural
from reader_app.jobs import Checkpoint
from reader_app.study.empty_state import EmptyState
from reader_app.study.snapshot import StudySnapshot
from reader_app.study.tables import TextTable
from reader_app.study.task_card import TaskCard
from reader_app.workflow.adjudication_rules import rules_words
from reader_app.workflow.errors import CasesAwaitedError
from scoring_forms.domain.form import Form
from scoring_forms.domain.measures import measures
from storage.study.records import AllocatedReading, Round
from storage.study.store import Study

if TYPE_CHECKING:  # what compares is imported when it is asked for
    from reader_app.workflow.disagreements import CaseDisagreement, Comparison

    Prepared = tuple[AllocatedReading, Comparison]

HEADINGS = ("Case", "Feature", "Apart", "Status", "Rule", "Where")
_STATUS = {"open": "open", "prepared": "with the adjudicator", "adjudicated": "adjudicated"}
_MIX = 20


class AdjudicationPage(QWidget):
    """Lists disagreements by the round's own codes; it shows no visit, no subject and no reader."""

    changed = Signal()

    def __init__(self, study: Study, task: TaskCard, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._study, self._task = study, task
        self._rounds: dict[str, Round] = {}
        self.round_box = QComboBox(self)
        self.round_box.setAccessibleName("Round")
        self.compare_button = QPushButton("&List disagreements", self)
        self.compare_button.setToolTip(
            "Compare what is collected by the round's rules; the audit trail tells it"
        )
        self.name_line = QLineEdit(self)
        self.name_line.setAccessibleName("Adjudicator")
        self.name_line.setPlaceholderText("Adjudicator's name")
        self.name_line.setToolTip("Somebody who read no case of this round")
        self.mix_box = QSpinBox(self)
        self.mix_box.setAccessibleName("Ordinary cases, in per cent of those that disagree")
        self.mix_box.setToolTip(
            "So many ordinary cases, in per cent of those that disagree, are mixed in, at least one: being "
            "asked then tells the adjudicator nothing"
        )
        self.mix_box.setSuffix(" % ordinary cases")
        self.mix_box.lineEdit().setTextMargins(6, 0, 0, 0)  # the style sheet's padding does not reach it here
        self.mix_box.setRange(0, 100)
        self.mix_box.setSingleStep(10)
        self.mix_box.setValue(_MIX)
        self.prepare_button = QPushButton("&Prepare adjudication", self)
        self.prepare_button.setObjectName("primary")
        self.prepare_button.setToolTip(
            "Write a blinded reading of these cases with both readers' scores inside"
        )
        self.table = TextTable(HEADINGS, len(HEADINGS) - 1, self)
        self.table.setAccessibleName("Disagreements")
        self.words = QLabel(self)
        self.words.setObjectName("note")
        self.words.setWordWrap(True)
        self._stack = QStackedWidget(self)
        self._lay_out()
        self.round_box.currentTextChanged.connect(self._on_round_chosen)
        self.compare_button.clicked.connect(self.compare)
        self.prepare_button.clicked.connect(self.prepare)
        self.name_line.textChanged.connect(self._on_name_changed)
        task.busy_changed.connect(self._on_busy)

    def _lay_out(self) -> None:
        tools = QHBoxLayout()
        for widget in (self.round_box, self.compare_button):
            tools.addWidget(widget)
        tools.addStretch()
        for widget in (self.name_line, self.mix_box, self.prepare_button):
            tools.addWidget(widget)
        shown = QWidget(self)
        inside = QVBoxLayout(shown)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(12)
        inside.addLayout(tools)
        inside.addWidget(self.table, 1)
        inside.addWidget(self.words)
        empty = EmptyState(
            "No round is adjudicated",
            "A round of two readers with an adjudication rule stands here. Rules are set when a round is "
            "defined, on the page Rounds.",
            self,
        )
        self._stack.addWidget(empty)
        self._stack.addWidget(shown)
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 14, 18, 14)
        column.addWidget(self._stack, 1)

    def show_snapshot(self, snapshot: StudySnapshot) -> None:
        """Show the rounds that have rules and more than one reader."""
        self._rounds = {
            one.round.plan.title: one.round
            for one in snapshot.rounds
            if one.round.plan.adjudication and len(one.round.plan.readers) > 1
        }
        titles = [self.round_box.itemText(row) for row in range(self.round_box.count())]
        if titles != list(self._rounds):
            self.round_box.clear()
            self.round_box.addItems(list(self._rounds))
        self._stack.setCurrentIndex(1 if self._rounds else 0)
        self._on_busy(self._task.busy)

    @Slot(str)
    def _on_round_chosen(self, title: str) -> None:
        self.table.show_rows(())
        if title not in self._rounds:
            return
        plan = self._rounds[title].plan
        self.words.setText(
            f"A case goes to adjudication where {rules_words(plan.adjudication, plan.form)}. "
            "List disagreements compares what is collected; scores stay hidden until the round is locked."
        )

    @Slot(bool)
    def _on_busy(self, busy: bool) -> None:
        chosen = self._rounds.get(self.round_box.currentText())
        self.compare_button.setEnabled(chosen is not None and not busy)
        may_prepare = chosen is not None and not chosen.locked and not busy
        self.prepare_button.setEnabled(may_prepare and bool(self.name_line.text().strip()))

    @Slot()
    def _on_name_changed(self) -> None:
        self._on_busy(self._task.busy)

    @Slot()
    def compare(self) -> None:
        """Compare the readers of the chosen round in the background."""
        study, title = self._study, self.round_box.currentText()

        def work(_checkpoint: Checkpoint) -> Comparison:
            from reader_app.workflow.disagreements import list_disagreements

            return list_disagreements(study, title)

        self._task.start("Comparing", work, self._on_compared, ("cases",))

    def _on_compared(self, comparison: Comparison) -> None:
        self._show(comparison)
        self._task.say("Compared", comparison.outcome(plural(len(comparison.compared), "case")))
        self.changed.emit()

    def _show(self, comparison: Comparison) -> None:
        labels = _Labels(comparison.round.plan.form)
        self.table.show_rows([labels.row(one) for one in comparison.disagreements])
        self.words.setText(f"{comparison.words} {comparison.outcome()}.")

    @Slot()
    def prepare(self) -> None:
        """Build the adjudicator's reading in the background."""
        self._prepare(anyway=False)

    @Slot()
    def prepare_anyway(self) -> None:
        """Build it of what is collected."""
        self._prepare(anyway=True)

    def _prepare(self, *, anyway: bool) -> None:
        study, title = self._study, self.round_box.currentText()
        asked = (title, self.name_line.text(), self.mix_box.value() / 100, anyway)

        def work(checkpoint: Checkpoint) -> Prepared | CasesAwaitedError:
            from reader_app.workflow.adjudicate import AdjudicationRequest, prepare_adjudication
            from reader_app.workflow.disagreements import list_disagreements

            try:
                reading = prepare_adjudication(study, AdjudicationRequest(*asked), checkpoint)
            except CasesAwaitedError as error:
                return error
            return reading, list_disagreements(study, title)

        self._task.start("Preparing", work, self._on_prepared, ("timepoints",))

    def _on_prepared(self, found: Prepared | CasesAwaitedError) -> None:
        if isinstance(found, CasesAwaitedError):
            without = "Prepare without it" if found.count == 1 else "Prepare without them"
            self._task.warn("Not prepared", f"{found}", (without, self.prepare_anyway))
            return
        reading, comparison = found
        self._show(comparison)
        cases = plural(len(reading.cases), "case")
        self._task.say("Prepared", f"{cases} for {reading.reader}: {reading.path}")
        self.name_line.clear()
        self.changed.emit()


class _Labels:
    """What people call the features and sites of a form, where the study has ids."""

    def __init__(self, form: Form) -> None:
        self._form = form
        self._measures = {measure.name: measure.label for measure in measures(form)}
        self._sites = {item.site.id: item.site.abbreviation for item in form.items()}

    def row(self, one: CaseDisagreement) -> tuple[str, ...]:
        """Return a line of the table."""
        apart = "–" if one.difference is None else f"{one.difference:g}"
        places = (
            f"{site.side or ''} {self._sites.get(site.site, site.site)} {site.difference:g}".strip()
            for site in one.sites
        )
        feature = self._measures[f"{one.system}.{one.feature}"]
        rule = rules_words((one.rule,), self._form)
        return (one.case, feature, apart, _STATUS[one.status], rule, ", ".join(places))

"""Two locked rounds beside each other: who progressed in both, and how their scores correlate.

Imported when the analysis page is looked at, for it brings the numbers with it.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtWidgets import QGridLayout, QLabel, QStackedWidget, QVBoxLayout, QWidget

from reader_app.jobs import Checkpoint, Job, JobRunner, Requests
from reader_app.study.choice_box import ChoiceBox
from reader_app.study.empty_state import EmptyState
from reader_app.study.grid_column import GridColumn
from reader_app.workflow.agreement_tables import what_text
from reader_app.workflow.analyse import RoundAnalysis, analyse_round
from reader_app.workflow.analysis_tables import Grid
from reader_app.workflow.comparison_tables import concordance_grid, correlation_grid
from reader_app.workflow.round_comparison import ComparedScore, Comparison, compare_scores, compared_scores
from storage.study.store import Study

_NO_OTHER = (
    "Only one round is locked",
    "Lock a second round of this study to see who progressed in both and how their scores correlate.",
)
_STATUS_WORDS = "Progression belongs to change: choose a change of both rounds to see who progressed in both."
_EMPTY, _SHOWN = range(2)


class ScoreChoice(QObject):
    """Two boxes: a feature of a round, and the visit or change at which it is compared."""

    changed = Signal()

    def __init__(self, names: tuple[str, str], parent: QWidget) -> None:
        super().__init__(parent)
        self._scores: tuple[ComparedScore, ...] = ()
        self.feature_box, self.what_box = (ChoiceBox(name, parent) for name in names)
        for box in (self.feature_box, self.what_box):
            box.currentIndexChanged.connect(self.changed)

    def offer(self, scores: tuple[ComparedScore, ...], chosen: tuple[str, str]) -> None:
        """Offer the scores of a round; *chosen* are the name of the measure and what of it."""
        self._scores = scores
        feature, what = chosen
        self.feature_box.offer({one.measure.name: one.measure.label for one in scores}, feature)
        self.what_box.offer({one.what: what_text(one.what) for one in scores}, what)

    @property
    def chosen(self) -> tuple[str, str]:
        """The name of the measure and what of it."""
        return self.feature_box.currentData(), self.what_box.currentData()

    @property
    def score(self) -> ComparedScore:
        """What is chosen."""
        return next(one for one in self._scores if (one.measure.name, one.what) == self.chosen)


class BetweenRounds(QWidget):
    """Compares a score of the analysed round with one of another, once it is looked at.

    What was chosen is kept for each pair of rounds as long as the window is open; nothing of it is written.
    """

    picked = Signal(str, object)  # what the number is, its Source with the other round's beside it

    def __init__(self, study: Study, jobs: JobRunner, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._study = study
        self._analysing, self._comparing = Requests(jobs), Requests(jobs)
        self._analysis: RoundAnalysis | None = None
        self._wanted = ""
        self._kept_round: dict[str, str] = {}
        self._kept: dict[tuple[str, str], tuple[tuple[str, str], tuple[str, str]]] = {}
        self.other: RoundAnalysis | None = None
        self.other_box = ChoiceBox("Other round", self)
        self.first = ScoreChoice(("Feature of this round", "When, of this round"), self)
        self.second = ScoreChoice(("Feature of the other round", "When, of the other round"), self)
        self.sentence = QLabel(self)
        self.sentence.setObjectName("pageHeading")
        self.sentence.setWordWrap(True)
        self._this_title = QLabel(self)
        for label in (self.sentence, self._this_title):
            label.setTextFormat(Qt.TextFormat.PlainText)
        self._empty = EmptyState(*_NO_OTHER, self)
        self.grids = GridColumn(self)
        self._lay_out()
        self.grids.picked.connect(self.picked)
        self.other_box.currentIndexChanged.connect(self._on_other)
        for choice in (self.first, self.second):
            choice.changed.connect(self._on_choice)

    def _lay_out(self) -> None:
        tools = QGridLayout()
        tools.setHorizontalSpacing(10)
        for row, (title, choice) in enumerate(
            ((self._this_title, self.first), (self.other_box, self.second))
        ):
            tools.addWidget(QLabel("compared with" if row else "This round", self), row, 0)
            for column, widget in enumerate((title, choice.feature_box, choice.what_box), 1):
                tools.addWidget(widget, row, column)
        tools.setColumnStretch(4, 1)
        shown = QWidget(self)
        inside = QVBoxLayout(shown)
        inside.setContentsMargins(0, 8, 0, 0)
        inside.setSpacing(12)
        inside.addLayout(tools)
        inside.addWidget(self.sentence)
        inside.addWidget(self.grids, 1)
        self._stack = QStackedWidget(self)
        self._stack.addWidget(self._empty)
        self._stack.addWidget(shown)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._stack)

    def show_round(self, analysis: RoundAnalysis, others: Sequence[str]) -> None:
        """Offer the other locked rounds by their titles; calculate nothing yet."""
        self._analysing.drop()
        self._comparing.drop()
        self._analysis, self.other, self._wanted = analysis, None, ""
        self._this_title.setText(analysis.plan.title)
        self.offer(others)

    def offer(self, others: Sequence[str]) -> None:
        """Offer other rounds to compare with; one that was locked meanwhile is new among them."""
        assert self._analysis is not None
        title = self._analysis.plan.title
        self.other_box.offer({one: one for one in others}, self._kept_round.get(title, self._wanted))
        self._stack.setCurrentIndex(_SHOWN if others else _EMPTY)
        if self.isVisible():
            self.look()

    @Slot()
    def look(self) -> None:
        """Compare with the chosen round, if that was not done yet."""
        analysis, title = self._analysis, self.other_box.currentText()
        if analysis is None or not title or title == self._wanted:
            return
        self._analysing.drop()
        self._comparing.drop()
        self._wanted, self.other = title, None
        self._clear()
        self.grids.show_nothing("Calculating …", "")
        study = self._study

        def work(checkpoint: Checkpoint) -> RoundAnalysis:
            return analyse_round(study, title, checkpoint)

        self._analysing.start(Job(done=self._on_analysed, failed=self._on_failed), work)

    @Slot()
    def _on_other(self) -> None:
        if self._analysis is not None:
            self._kept_round[self._analysis.plan.title] = self.other_box.currentText()
        self.look()

    @Slot(object)
    def _on_failed(self, error: Exception) -> None:
        self._wanted = ""  # may be tried again
        self._clear()
        self.grids.show_failure("The rounds cannot be compared", error)

    def _clear(self) -> None:
        for choice in (self.first, self.second):
            for box in (choice.feature_box, choice.what_box):
                box.setEnabled(False)
        self.sentence.clear()

    @Slot(object)
    def _on_analysed(self, other: RoundAnalysis) -> None:
        assert self._analysis is not None
        self.other = other
        halves = compared_scores(self._analysis), compared_scores(other)
        pair = self._analysis.plan.title, other.plan.title
        first, second = self._kept.get(pair) or (_first_change(halves[0]), _last_change(halves[1]))
        self.first.offer(halves[0], first)
        self.second.offer(halves[1], second)
        self._compare()

    @Slot()
    def _on_choice(self) -> None:
        if self._analysis is not None and self.other is not None:
            pair = self._analysis.plan.title, self.other.plan.title
            self._kept[pair] = (self.first.chosen, self.second.chosen)
            self._compare()

    def _compare(self) -> None:
        self._comparing.drop()
        one, other = self.first.score, self.second.score

        def work(_checkpoint: Checkpoint) -> tuple[Comparison, list[Grid]]:
            found = compare_scores(one, other)
            grids = [concordance_grid(found)] if found.is_change else []
            return found, [*grids, correlation_grid(found)]

        self._comparing.start(Job(done=self._on_compared, failed=self._on_failed), work)

    @Slot(object)
    def _on_compared(self, compared: tuple[Comparison, list[Grid]]) -> None:
        found, grids = compared
        self.sentence.setText(found.sentence if found.is_change else _STATUS_WORDS)
        self.grids.show_grids(grids)


def _first_change(scores: Sequence[ComparedScore]) -> tuple[str, str]:
    whats = [one.what for one in scores if one.is_change]
    return _erosion(scores), whats[0] if whats else scores[0].what


def _last_change(scores: Sequence[ComparedScore]) -> tuple[str, str]:
    whats = [one.what for one in scores if one.is_change]
    return _erosion(scores), whats[-1] if whats else scores[-1].what


def _erosion(scores: Sequence[ComparedScore]) -> str:
    """Return the measure that both kinds of images have, if it was scored."""
    names = [one.measure.name for one in scores]
    return next((name for name in names if "erosion" in name), names[0])

"""The page of analysis: which locked round is analysed, and what can be done with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSignalBlocker, Signal, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QStackedWidget, QVBoxLayout, QWidget

from reader_app.jobs import Checkpoint, Job, JobRunner
from reader_app.messages import describe
from reader_app.study.empty_state import EmptyState
from reader_app.study.round_files import RoundFiles
from reader_app.study.snapshot import StudySnapshot
from reader_app.study.task_card import TaskCard
from storage.study.records import Round
from storage.study.store import Study

if TYPE_CHECKING:  # what calculates is imported when the page is opened
    from reader_app.study.analysis_tabs import AnalysisTabs
    from reader_app.workflow.analyse import RoundAnalysis
    from reader_app.workflow.analysis_tables import Source

_EMPTY, _WAITING, _SHOWN = range(3)
_NO_ROUND = (
    "There is no round yet",
    "Plan one on the page Rounds. When its readers have signed and it is locked, its tables, agreement and "
    "plots are here.",
)
_NOT_LOCKED = (
    "No round is locked yet",
    "Scores are joined with subjects and visits when every reader has signed and the round is locked, on the "
    "page Rounds. Until then there is nothing to analyse.",
)


class AnalysisPage(QWidget):
    """Analyses the chosen round off the GUI thread, once it is looked at."""

    changed = Signal()

    def __init__(self, study: Study, jobs: JobRunner, task: TaskCard, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._study, self._jobs = study, jobs
        self._job = Job()
        self._wanted = ""
        self.analysis: RoundAnalysis | None = None
        self.tabs: AnalysisTabs | None = None
        self.round_box = QComboBox(self)
        self.round_box.setAccessibleName("Round")
        self.round_box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.round_box.setMaximumWidth(320)
        self.files = RoundFiles(study, task, self)
        self._words = QLabel(self)
        self._words.setObjectName("note")
        self._words.setWordWrap(True)
        self._empty = EmptyState(*_NO_ROUND, self)
        self._waiting = EmptyState("Calculating …", "", self)
        self._shown = QVBoxLayout()
        self._lay_out()
        self.round_box.currentIndexChanged.connect(self._on_round)
        self.files.written.connect(self.changed)

    def _lay_out(self) -> None:
        tools = QHBoxLayout()
        label = QLabel("Round", self)
        label.setBuddy(self.round_box)
        tools.addWidget(label)
        tools.addWidget(self.round_box)
        tools.addStretch()
        tools.addWidget(self.files)
        shown = QWidget(self)
        shown.setLayout(self._shown)
        self._shown.setContentsMargins(0, 0, 0, 0)
        self._shown.setSpacing(8)
        self._shown.addWidget(self._words)
        self._stack = QStackedWidget(self)
        for page in (self._empty, self._waiting, shown):
            self._stack.addWidget(page)
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 14, 18, 14)
        column.setSpacing(12)
        column.addLayout(tools)
        column.addWidget(self._stack, 1)

    # -- which round ---------------------------------------------------------------------------------------

    def show_snapshot(self, snapshot: StudySnapshot) -> None:
        """Offer the locked rounds of the study as it is now."""
        locked = [one.round for one in snapshot.rounds if one.round.locked]
        before = self.round_box.currentText()
        with QSignalBlocker(self.round_box):
            self.round_box.clear()
            for one in locked:
                self.round_box.addItem(one.plan.title, one)
            self.round_box.setCurrentIndex(max(self.round_box.findText(before), 0) if locked else -1)
        self.round_box.setEnabled(len(locked) > 1)
        self._empty.say(*(_NOT_LOCKED if snapshot.rounds else _NO_ROUND))
        if self.tabs is not None and self.analysis is not None:
            self.tabs.between.offer(self._others(self.analysis))
        self._on_round()

    def showEvent(self, event: QShowEvent) -> None:
        """Calculate what was not wanted before."""
        super().showEvent(event)
        self._on_round()

    @property
    def chosen(self) -> Round | None:
        """The round that is to be analysed."""
        return self.round_box.currentData()

    def _others(self, analysis: RoundAnalysis) -> list[str]:
        titles = [self.round_box.itemText(place) for place in range(self.round_box.count())]
        return [title for title in titles if title != analysis.plan.title]

    @Slot()
    def _on_round(self) -> None:
        chosen = self.chosen
        if chosen is None:
            self.files.show_round(None, None)
            self._stack.setCurrentIndex(_EMPTY)
            return
        if chosen.plan.title == self._wanted:  # what is locked does not change
            return
        self._job.cancel()
        self._wanted, self.analysis = "", None
        self.files.show_round(chosen, None)
        if not self.isVisible():
            return
        self._wanted = chosen.plan.title
        self._waiting.say("Calculating …", "")
        self._stack.setCurrentIndex(_WAITING)
        study, title = self._study, chosen.plan.title

        def work(checkpoint: Checkpoint) -> RoundAnalysis:
            from reader_app.workflow.analyse import analyse_round

            return analyse_round(study, title, checkpoint)

        self._job = self._jobs.start(
            Job(done=self._on_analysed, failed=self._on_failed, progress=self._on_progress), work
        )

    @Slot(int, int)
    def _on_progress(self, done: int, total: int) -> None:
        self._waiting.say("Calculating …", f"step {min(done + 1, total)} of {total}")

    @Slot(object)
    def _on_failed(self, error: Exception) -> None:
        message = describe(error)
        self._wanted = ""  # may be tried again
        self._waiting.say("This round cannot be analysed", message.text if message else "")
        if message is None:
            raise error

    @Slot(object)
    def _on_analysed(self, analysis: RoundAnalysis) -> None:
        self.analysis = analysis
        self._words.setText(_summary(analysis))
        self.files.show_round(analysis.round, analysis)
        self._made_tabs().show_analysis(analysis, self._others(analysis))
        self._stack.setCurrentIndex(_SHOWN)

    def _made_tabs(self) -> AnalysisTabs:
        if self.tabs is None:
            from reader_app.study.analysis_tabs import AnalysisTabs

            self.tabs = AnalysisTabs(self._study, self._jobs, self)
            self.tabs.picked.connect(self.show_sheets)
            self.tabs.plots_shown.connect(self.files.show_plots)
            self._shown.addWidget(self.tabs, 1)
        return self.tabs

    @Slot(str, object)
    def show_sheets(self, title: str, source: Source) -> None:
        """Open the score sheets behind a number, of both rounds where two are compared."""
        from reader_app.study.sheets_dialog import SheetsDialog
        from reader_app.workflow.score_sheets import score_sheets

        if self.analysis is None or self.tabs is None:
            return
        lines, words = list(score_sheets(self.analysis, source)), ", ".join(source.visits)
        other = self.tabs.between.other
        if source.beside is not None and other is not None:
            lines += score_sheets(other, source.beside)
            words += f"; {other.plan.title}: {', '.join(source.beside.visits)}"
        SheetsDialog(title, f"As signed, at {words}. Totals need a grade at every site.", lines, self).exec()


def _summary(analysis: RoundAnalysis) -> str:
    words = [f"{len(analysis.cube.subjects)} subjects"]
    if analysis.pending:
        words.append(f"{len(analysis.pending)} subjects without a final score: adjudication is open")
    if analysis.missing:
        words.append(f"{len(analysis.missing)} cases missing")
    words += [
        f"design {analysis.plan.design}",
        f"locked {(analysis.round.locked_utc or '')[:10]}",
        "nothing is filled in",
    ]
    return " · ".join(words) + ". Click a number to see the score sheets behind it."

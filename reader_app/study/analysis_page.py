"""The page of analysis: tables, agreement and plots of a locked round, and its reports."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSignalBlocker, Qt, Signal, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QStackedWidget,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from reader_app.images.file_dialogs import ask_folder
from reader_app.jobs import Checkpoint, Job, JobRunner
from reader_app.messages import describe
from reader_app.study.empty_state import EmptyState
from reader_app.study.export_dialog import ExportDialog
from reader_app.study.snapshot import StudySnapshot
from reader_app.study.task_card import TaskCard
from reader_app.workflow.export import export_round
from storage.study.records import Round
from storage.study.store import Study

if TYPE_CHECKING:  # what calculates is imported when the page is opened
    from reader_app.study.plots_view import PlotsView
    from reader_app.workflow.analyse import RoundAnalysis
    from reader_app.workflow.analysis_tables import Grid, Source

_EMPTY, _WAITING, _SHOWN = range(3)
_SCORES, _AGREEMENT, _PLOTS = range(3)


class AnalysisPage(QWidget):
    """Analyses the chosen round off the GUI thread, once it is looked at."""

    changed = Signal()

    def __init__(self, study: Study, jobs: JobRunner, task: TaskCard, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._study, self._jobs, self._task = study, jobs, task
        self._job = Job()
        self._wanted = ""
        self.analysis: RoundAnalysis | None = None
        self.plots: PlotsView | None = None
        self.round_box, self.reader_box = QComboBox(self), QComboBox(self)
        self.round_box.setAccessibleName("Round")
        self.reader_box.setAccessibleName("Whose scores")
        self.plots_button = QPushButton("Save plots…", self)
        self.plots_button.setToolTip("The plots of the chosen feature as SVG and PNG")
        self.export_button = QPushButton("Export…", self)
        self.export_button.setToolTip("Score sheets, totals, marks and audit trail with a codebook")
        self.report_button = QPushButton("Report…", self)
        self.report_button.setObjectName("primary")
        self.report_button.setToolTip("Methods, tables, plots and deviations as HTML and PDF")
        self.tabs = QTabWidget(self)
        self.tabs.setDocumentMode(True)
        self.tabs.tabBar().setDrawBase(False)
        self._scores, self._agreement, self._plots_holder = (_column(self) for _ in range(3))
        for words, holder in (("Scores and change", self._scores), ("Agreement", self._agreement)):
            self.tabs.addTab(_scrolled(holder, self), words)
        self.tabs.addTab(self._plots_holder, "Plots")
        self._words = QLabel(self)
        self._words.setObjectName("note")
        self._words.setWordWrap(True)
        self._empty = EmptyState(
            "No round is locked yet",
            "Scores are joined with subjects and visits when every reader has signed and the round is "
            "locked, on the page Rounds. Until then there is nothing to analyse.",
            self,
        )
        self._waiting = EmptyState("Calculating …", "", self)
        self._lay_out()
        self.round_box.currentIndexChanged.connect(self._on_round)
        self.reader_box.currentIndexChanged.connect(self._show_scores)
        self.tabs.currentChanged.connect(self._on_tab)
        self.plots_button.clicked.connect(self.ask_plots)
        self.export_button.clicked.connect(self.ask_export)
        self.report_button.clicked.connect(self.ask_report)
        task.busy_changed.connect(self._on_busy)
        self._on_busy(False)

    def _lay_out(self) -> None:
        tools = QHBoxLayout()
        for words, box in (("Round", self.round_box), ("Scores of", self.reader_box)):
            label = QLabel(words, self)
            label.setBuddy(box)
            tools.addWidget(label)
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
            box.setMaximumWidth(320)
            tools.addWidget(box)
        tools.addStretch()
        for button in (self.plots_button, self.export_button, self.report_button):
            tools.addWidget(button)
        shown = QWidget(self)
        inside = QVBoxLayout(shown)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(8)
        inside.addWidget(self._words)
        inside.addWidget(self.tabs, 1)
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
        self._on_round()

    def showEvent(self, event: QShowEvent) -> None:
        """Calculate what was not wanted before."""
        super().showEvent(event)
        self._on_round()

    @property
    def chosen(self) -> Round | None:
        """The round that is to be analysed."""
        return self.round_box.currentData()

    @Slot()
    def _on_round(self) -> None:
        self._on_busy(self._task.busy)
        chosen = self.chosen
        if chosen is None:
            self._stack.setCurrentIndex(_EMPTY)
            return
        if not self.isVisible() or chosen.plan.title == self._wanted:  # what is locked does not change
            return
        self._job.cancel()
        self._wanted = chosen.plan.title
        self.analysis = None
        self._stack.setCurrentIndex(_WAITING)
        study, title = self._study, chosen.plan.title

        def work(checkpoint: Checkpoint) -> RoundAnalysis:
            from reader_app.workflow.analyse import analyse_round

            return analyse_round(study, title, checkpoint)

        self._job = self._jobs.start(Job(done=self._on_analysed, failed=self._on_failed), work)

    @Slot(object)
    def _on_failed(self, error: Exception) -> None:
        message = describe(error)
        self._waiting.say("This round cannot be analysed", message.text if message else "")
        if message is None:
            raise error

    @Slot(object)
    def _on_analysed(self, analysis: RoundAnalysis) -> None:
        from scoring_forms.analysis.paper_table import FINAL

        self.analysis = analysis
        self._waiting.say("Calculating …", "")
        plan = analysis.plan
        words = [
            f"{len(analysis.cube.subjects)} subjects",
            f"design {plan.design}",
            f"locked {(analysis.round.locked_utc or '')[:10]}",
            "nothing is filled in",
        ]
        if analysis.missing:
            words.insert(1, f"{len(analysis.missing)} cases missing")
        if analysis.pending:
            words.insert(1, f"{len(analysis.pending)} subjects without a final score: adjudication is open")
        self._words.setText(" · ".join(words) + ". Click a number to see the score sheets behind it.")
        with QSignalBlocker(self.reader_box):
            self.reader_box.clear()
            self.reader_box.addItem("final score", FINAL)
            for reader in plan.readers if len(plan.readers) > 1 else ():
                self.reader_box.addItem(reader, reader)
        self._show_scores()
        self._show_agreement()
        self.plots = None
        _fill(self._plots_holder, [])
        self._stack.setCurrentIndex(_SHOWN)
        self._on_busy(self._task.busy)
        self._on_tab(self.tabs.currentIndex())

    # -- what is shown -------------------------------------------------------------------------------------

    @Slot()
    def _show_scores(self) -> None:
        from reader_app.workflow.analysis_tables import (
            change_grid,
            common_sites_grid,
            progression_grid,
            scores_grid,
        )

        analysis, reader = self.analysis, self.reader_box.currentData()
        if analysis is not None:
            kinds = (scores_grid, change_grid, progression_grid, common_sites_grid)
            self._fill_grids(self._scores, [grid for kind in kinds if (grid := kind(analysis, reader)).rows])

    def _show_agreement(self) -> None:
        from reader_app.workflow.analysis_tables import (
            agreement_grid,
            short_name,
            sites_grid,
            without_first_column,
        )

        analysis = self.analysis
        if analysis is None:
            return
        grids: list[Grid] = []
        compared = (("readers", analysis.agreement), ("repeats", analysis.intra_reader))
        for kind, all_rows in compared:
            for measure in analysis.cube.measures:
                rows = [row for row in all_rows if row.measure == measure]
                title = f"Agreement of {kind} – {short_name(analysis, measure)}"
                grids.append(without_first_column(agreement_grid(analysis, rows, title)))
        if analysis.agreement:
            grids += [sites_grid(analysis, f"status:{visit}") for visit in analysis.weeks]
        grids = [grid for grid in grids if grid.rows]
        self._fill_grids(self._agreement, grids)
        if not grids:
            words = "One reader and no repeats: agreement is not calculable."
            _fill(self._agreement, [EmptyState("Nothing to compare", words, self)])

    def _fill_grids(self, holder: QWidget, grids: Sequence[Grid]) -> None:
        from reader_app.study.grid_table import GridTable

        tables = [GridTable(grid, holder) for grid in grids]
        for table in tables:
            table.picked.connect(self.show_sheets)
        _fill(holder, tables)

    @Slot(int)
    def _on_tab(self, tab: int) -> None:
        self.plots_button.setVisible(tab == _PLOTS)
        self.reader_box.setEnabled(tab == _SCORES)
        if tab == _PLOTS and self.plots is None and self.analysis is not None:
            from reader_app.study.plots_view import PlotsView

            self.plots = PlotsView(self.analysis, self)
            self.plots.picked.connect(self.show_sheets)
            _fill(self._plots_holder, [self.plots], stretched=True)

    @Slot(str, object)
    @Slot(str, object, object)
    def show_sheets(self, title: str, source: Source, subject: str | None = None) -> None:
        """Open the score sheets behind a number."""
        from reader_app.study.sheets_dialog import SheetsDialog
        from reader_app.workflow.score_sheets import score_sheets

        if self.analysis is not None:
            lines = score_sheets(self.analysis, source, subject)
            words = f"As signed, at {', '.join(source.visits)}. Totals need a grade at every site."
            SheetsDialog(title, words, lines, self).exec()

    # -- what is written -----------------------------------------------------------------------------------

    @Slot(bool)
    def _on_busy(self, busy: bool) -> None:
        self.export_button.setEnabled(not busy and self.chosen is not None)
        for button in (self.report_button, self.plots_button):
            button.setEnabled(not busy and self.analysis is not None)

    @Slot()
    def ask_export(self) -> None:
        """Ask for formats and folder, and write the tables of the chosen round."""
        chosen = self.chosen
        if chosen is None:
            return
        dialog = ExportDialog(chosen.plan.title, self)
        if dialog.exec():
            study, title = self._study, chosen.plan.title
            folder, formats = dialog.folder, dialog.formats
            self._task.start(
                f"Exporting “{title}”",
                lambda _: export_round(study, title, folder, formats),
                self._on_written,
                can_stop=False,
            )

    @Slot()
    def ask_report(self) -> None:
        """Ask for a folder and write the report into it."""
        folder = ask_folder(self, "Write the report into which folder?")
        if folder is not None:
            self.write_report(folder)

    def write_report(self, folder: Path) -> None:
        """Write the report as HTML and PDF into *folder*, in the background."""
        study, analysis = self._study, self.analysis
        if analysis is None:
            return

        def work(checkpoint: Checkpoint) -> tuple[Path, ...]:
            from reader_app.workflow.report import write_reports

            return write_reports(study, analysis, folder, checkpoint)

        self._task.start(f"Report of “{analysis.plan.title}”", work, self._on_written, ("files",))

    def _on_written(self, paths: Sequence[Path]) -> None:
        names = ", ".join(path.name for path in paths[:3]) + (" …" if len(paths) > 3 else "")
        self._task.say("Written", f"{names} in {paths[-1].parent}")
        self.changed.emit()

    @Slot()
    def ask_plots(self) -> None:
        """Ask for a folder and save the shown plots into it."""
        folder = ask_folder(self, "Save the plots into which folder?")
        if folder is not None:
            self.save_plots(folder)

    def save_plots(self, folder: Path) -> None:
        """Save the shown plots as SVG and PNG into *folder*."""
        from reader_app.study.plot_files import save_pictures

        if self.plots is not None:
            pictures = self.plots.pictures()
            self._task.start(
                "Saving plots", lambda _: save_pictures(folder, pictures), self._on_written, can_stop=False
            )


def _column(parent: QWidget) -> QWidget:
    holder = QWidget(parent)
    column = QVBoxLayout(holder)
    column.setContentsMargins(0, 8, 0, 8)
    column.setSpacing(18)
    return holder


def _scrolled(holder: QWidget, parent: QWidget) -> QScrollArea:
    area = QScrollArea(parent)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setWidget(holder)
    return area


def _fill(holder: QWidget, widgets: Sequence[QWidget], *, stretched: bool = False) -> None:
    """Put other widgets into a holder."""
    column = holder.layout()
    assert isinstance(column, QVBoxLayout)
    while (item := column.takeAt(0)) is not None:
        old = item.widget()
        if old is not None:
            old.hide()
            old.deleteLater()
    for widget in widgets:
        column.addWidget(widget, int(stretched))
        widget.show()
    if not stretched:
        column.addStretch()

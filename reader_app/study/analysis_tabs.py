"""What is shown of an analysed round: its tables and plots, and what is compared with it.

Imported when the first round is analysed, for it brings the numbers with it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QTabWidget, QVBoxLayout, QWidget

from reader_app.jobs import JobRunner
from reader_app.study.between_rounds import BetweenRounds
from reader_app.study.choice_box import ChoiceBox, lay_out_choice
from reader_app.study.clinical_tab import ClinicalTab
from reader_app.study.grid_column import GridColumn
from reader_app.workflow.agreement_tables import AGREEMENT_NOTE, agreement_grid, sites_grids
from reader_app.workflow.analyse import RoundAnalysis
from reader_app.workflow.analysis_tables import (
    Grid,
    change_grid,
    common_sites_grid,
    progression_grid,
    scores_grid,
    short_name,
    without_words,
)
from scoring_forms.analysis.paper_table import FINAL
from storage.study.store import Study

if TYPE_CHECKING:  # brings pyqtgraph with it
    from reader_app.study.plots_view import PlotsView

_SCORES, _AGREEMENT, _PLOTS, _BETWEEN, _CLINICAL = range(5)


class ScoresTab(QWidget):
    """The tables of scores and change, of the final score or of one reader."""

    picked = Signal(str, object)  # what the number is, its Source

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._analysis: RoundAnalysis | None = None
        self.reader_box = ChoiceBox("Whose scores", self)
        self.grids = GridColumn(self)
        lay_out_choice(self, "Scores of", self.reader_box, self.grids)
        self.grids.picked.connect(self.picked)
        self.reader_box.currentIndexChanged.connect(self._show_tables)

    def show_analysis(self, analysis: RoundAnalysis) -> None:
        """Offer the readers and show the final score."""
        self._analysis = analysis
        readers = analysis.plan.readers
        own = {reader: reader for reader in readers} if len(readers) > 1 else {}
        self.reader_box.offer({FINAL: "final score", **own}, FINAL)
        self._show_tables()

    @Slot()
    def _show_tables(self) -> None:
        analysis, reader = self._analysis, self.reader_box.currentData()
        if analysis is not None:
            kinds = (scores_grid, change_grid, progression_grid, common_sites_grid)
            grids = [grid for kind in kinds if (grid := kind(analysis, reader)).rows]
            self.grids.show_grids(grids, _remarks(analysis))


class AgreementTab(QWidget):
    """How well readers agree on a feature, with each other and with themselves, in all and site by site."""

    picked = Signal(str, object)  # what the number is, its Source

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._analysis: RoundAnalysis | None = None
        self.feature_box = ChoiceBox("Feature", self)
        self.grids = GridColumn(self)
        lay_out_choice(self, "Feature", self.feature_box, self.grids)
        self.grids.picked.connect(self.picked)
        self.feature_box.currentIndexChanged.connect(self._show_tables)

    def show_analysis(self, analysis: RoundAnalysis) -> None:
        """Offer the features and show the one that was chosen before."""
        self._analysis = analysis
        there = analysis.agreement or analysis.intra_reader
        measures = analysis.cube.measures if there else ()
        words = {measure.name: short_name(analysis, measure) for measure in measures}
        self.feature_box.offer(words, self.feature_box.currentData())
        if there:
            self._show_tables()
        else:
            words = "One reader and no repeats: agreement is not calculable."
            self.grids.show_nothing("Nothing to compare", words)

    @Slot()
    def _show_tables(self) -> None:
        analysis, name = self._analysis, self.feature_box.currentData()
        if analysis is None or name is None:
            return
        measure = analysis.measure(name)
        grids: list[Grid] = []
        for kind, compared in (("Readers", analysis.agreement), ("Repeats", analysis.intra_reader)):
            rows = [row for row in compared if row.measure == measure]
            for readers in dict.fromkeys(row.readers for row in rows):
                own = [row for row in rows if row.readers == readers]
                title = f"{kind}: {' / '.join(readers)}"
                grids.append(without_words(agreement_grid(analysis, own, title), "Feature", "Readers"))
        self.grids.show_grids([*grids, *sites_grids(analysis, measure)], [AGREEMENT_NOTE])


class AnalysisTabs(QTabWidget):
    """Shows an analysis; plots are drawn, and the other round is calculated, when they are looked at."""

    picked = Signal(str, object)  # what the number is, its Source
    plots_shown = Signal(object)  # PlotsView, or None while others are looked at

    def __init__(self, study: Study, jobs: JobRunner, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._analysis: RoundAnalysis | None = None
        self.plots: PlotsView | None = None
        self.setDocumentMode(True)
        self.tabBar().setDrawBase(False)
        self.scores, self.agreement = ScoresTab(self), AgreementTab(self)
        self.between, self.clinical = BetweenRounds(study, jobs, self), ClinicalTab(jobs, self)
        self._plots_holder = QWidget(self)
        QVBoxLayout(self._plots_holder).setContentsMargins(0, 0, 0, 8)
        for tab, words in (
            (self.scores, "Scores and change"),
            (self.agreement, "Agreement"),
            (self._plots_holder, "Plots"),
            (self.between, "Between rounds"),
            (self.clinical, "Clinical values"),
        ):
            self.addTab(tab, words)
        for tab in (self.scores, self.agreement, self.between, self.clinical):
            tab.picked.connect(self.picked)
        self.currentChanged.connect(self._on_tab)

    def show_analysis(self, analysis: RoundAnalysis, others: Sequence[str]) -> None:
        """Show a round; *others* are the titles of the other locked rounds."""
        self._analysis = analysis
        self.scores.show_analysis(analysis)
        self.agreement.show_analysis(analysis)
        if self.plots is not None:
            self.plots.deleteLater()
            self.plots = None
        self.between.show_round(analysis, others)
        self.clinical.show_analysis(analysis)
        self._on_tab(self.currentIndex())

    @Slot(int)
    def _on_tab(self, tab: int) -> None:
        if tab == _PLOTS and self.plots is None and self._analysis is not None:
            from reader_app.study.plots_view import PlotsView

            self.plots = PlotsView(self._analysis, self._plots_holder)
            self.plots.picked.connect(self.picked)
            layout = self._plots_holder.layout()
            assert layout is not None
            layout.addWidget(self.plots)
        if tab == _BETWEEN:
            self.between.look()
        if tab == _CLINICAL:
            self.clinical.look()
        self.plots_shown.emit(self.plots if tab == _PLOTS else None)


def _remarks(analysis: RoundAnalysis) -> list[str]:
    """Return what keeps tables short, a sentence each."""
    remarks: list[str] = []
    if not analysis.cases:
        remarks.append("No signed case was collected before the lock: nothing can be calculated.")
    if len(analysis.cube.visits) == 1:
        remarks.append("The round has one visit: there is no change.")
    return remarks

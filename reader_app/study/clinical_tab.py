"""Scores beside clinical values that are read from a table; the table stays where it is.

Imported when the first round is analysed, for it brings the numbers with it.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QPushButton, QWidget

from reader_app.images.file_dialogs import ask_files
from reader_app.jobs import Checkpoint, Job, JobRunner, Requests
from reader_app.study.choice_box import ChoiceBox, lay_out_choice
from reader_app.study.grid_column import GridColumn
from reader_app.workflow.analyse import RoundAnalysis
from reader_app.workflow.analysis_tables import Grid, short_name
from reader_app.workflow.clinical_results import clinical_grids, clinical_results
from reader_app.workflow.clinical_table import read_clinical_table

_NOTHING = (
    "No table of clinical values is open",
    "Open a CSV table with the columns subject, visit and one for each value, such as haq. From tjc28, "
    "sjc28, esr (mm/h) or crp (mg/L) and gh come DAS28 and the EULAR response; with pain, patient_global, "
    "physician_global and haq also ACR20, 50 and 70.",
)


class ClinicalTab(QWidget):
    """Correlates a feature with clinical values; which table is kept while the window is open."""

    picked = Signal(str, object)  # what the number is, its Source

    def __init__(self, jobs: JobRunner, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._requests = Requests(jobs)
        self._analysis: RoundAnalysis | None = None
        self._path: Path | None = None
        self._is_due = False
        self.open_button = QPushButton("Open table…", self)
        self.feature_box = ChoiceBox("Feature beside clinical values", self)
        self.grids = GridColumn(self)
        lay_out_choice(self, "Feature", self.feature_box, self.grids, self.open_button)
        self.grids.picked.connect(self.picked)
        self.open_button.clicked.connect(self.ask_table)
        self.feature_box.currentIndexChanged.connect(self._calculate)

    def show_analysis(self, analysis: RoundAnalysis) -> None:
        """Offer the features of a round; calculate nothing yet."""
        self._requests.drop()
        self._analysis, self._is_due = analysis, True
        before = self.feature_box.currentText()
        words = {measure.name: short_name(analysis, measure) for measure in analysis.cube.measures}
        self.feature_box.offer(words, next((name for name, text in words.items() if text == before), None))

    def look(self) -> None:
        """Calculate with the table that is open, if that was not done yet."""
        if self._is_due:
            self._calculate()

    @Slot()
    def ask_table(self) -> None:
        """Ask for a table and read it."""
        chosen = ask_files(self, "Open which table of clinical values?", "Tables (*.csv)")
        if chosen:
            self.open_table(chosen[0])

    def open_table(self, path: Path) -> None:
        """Read a table and show what it says."""
        self._path = path
        self._calculate()

    @Slot()
    def _calculate(self) -> None:
        self._requests.drop()
        self._is_due = False
        analysis, path = self._analysis, self._path
        self.feature_box.setEnabled(path is not None and self.feature_box.count() > 1)
        if analysis is None or path is None:
            self.grids.show_nothing(*_NOTHING)
            return
        self.grids.show_nothing("Calculating …", "")
        measure = analysis.measure(self.feature_box.currentData())

        def work(_checkpoint: Checkpoint) -> tuple[Grid, ...]:
            table = read_clinical_table(path, analysis.cube.subjects, analysis.cube.visits)
            return clinical_grids(analysis, clinical_results(analysis, table, measure))

        self._requests.start(Job(done=self._on_done, failed=self._on_failed), work)

    @Slot(object)
    def _on_done(self, grids: Sequence[Grid]) -> None:
        self.grids.show_grids(grids)

    @Slot(object)
    def _on_failed(self, error: Exception) -> None:
        self.grids.show_failure("This table cannot be used", error)

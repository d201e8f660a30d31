"""The buttons of the analysis page that write files: plots, export and report."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from reader_app.images.file_dialogs import ask_folder
from reader_app.jobs import Checkpoint
from reader_app.study.export_dialog import ExportDialog
from reader_app.study.task_card import TaskCard
from reader_app.workflow.export import export_round
from storage.study.records import Round
from storage.study.store import Study

if TYPE_CHECKING:  # what calculates is imported when the page is opened
    from reader_app.study.plots_view import PlotsView
    from reader_app.workflow.analyse import RoundAnalysis

NOTHING_LEFT = "Stopped. Nothing was written."


class RoundFiles(QWidget):
    """Writes what is shown, in the background; a button is on while it has something to write."""

    written = Signal()

    def __init__(self, study: Study, task: TaskCard, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._study, self._task = study, task
        self._chosen: Round | None = None
        self._analysis: RoundAnalysis | None = None
        self._plots: PlotsView | None = None
        self.plots_button = QPushButton("Save plots…", self)
        self.plots_button.setToolTip("The plots of the chosen feature as SVG and PNG")
        self.export_button = QPushButton("Export…", self)
        self.export_button.setToolTip("Score sheets, totals, marks and audit trail with a codebook")
        self.report_button = QPushButton("Report…", self)
        self.report_button.setObjectName("primary")
        self.report_button.setToolTip("Methods, tables, plots and deviations as HTML and PDF")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        for button in (self.plots_button, self.export_button, self.report_button):
            row.addWidget(button)
        self.plots_button.hide()
        self.plots_button.clicked.connect(self.ask_plots)
        self.export_button.clicked.connect(self.ask_export)
        self.report_button.clicked.connect(self.ask_report)
        task.busy_changed.connect(self._refresh)
        self._refresh()

    def show_round(self, chosen: Round | None, analysis: RoundAnalysis | None) -> None:
        """Take what there is to write."""
        self._chosen, self._analysis, self._plots = chosen, analysis, None
        self._refresh()

    def show_plots(self, plots: PlotsView | None) -> None:
        """Take the plots that are looked at, or None while others are."""
        self._plots = plots
        self.plots_button.setVisible(plots is not None)

    @Slot()
    def _refresh(self) -> None:
        free = not self._task.busy
        self.export_button.setEnabled(free and self._chosen is not None)
        for button in (self.report_button, self.plots_button):
            button.setEnabled(free and self._analysis is not None)

    @Slot()
    def ask_export(self) -> None:
        """Ask for formats and folder, and write the tables of the chosen round."""
        if self._chosen is None:
            return
        dialog = ExportDialog(self._chosen.plan.title, self)
        if dialog.exec():
            self.export_to(dialog.folder, dialog.formats)

    def export_to(self, folder: Path, formats: Sequence[str]) -> None:
        """Write the tables of the chosen round into *folder*."""
        if self._chosen is None:
            return
        study, title = self._study, self._chosen.plan.title

        def work(checkpoint: Checkpoint) -> tuple[Path, ...]:
            return export_round(study, title, folder, formats, checkpoint)

        phases = ("tables", "rows")
        self._task.start(f"Exporting “{title}”", work, self._on_written, phases, when_stopped=NOTHING_LEFT)

    @Slot()
    def ask_report(self) -> None:
        """Ask for a folder and write the report into it."""
        folder = ask_folder(self, "Write the report into which folder?")
        if folder is not None:
            self.write_report(folder)

    def write_report(self, folder: Path) -> None:
        """Write the report as HTML and PDF into *folder*."""
        study, analysis = self._study, self._analysis
        if analysis is None:
            return

        def work(checkpoint: Checkpoint) -> tuple[Path, ...]:
            from reader_app.workflow.report import write_reports

            return write_reports(study, analysis, folder, checkpoint)

        self._task.start(
            f"Report of “{analysis.plan.title}”",
            work,
            self._on_written,
            ("HTML, part", "PDF, part"),
            when_stopped=NOTHING_LEFT,
        )

    @Slot()
    def ask_plots(self) -> None:
        """Ask for a folder and save the shown plots into it."""
        folder = ask_folder(self, "Save the plots into which folder?")
        if folder is not None:
            self.save_plots(folder)

    def save_plots(self, folder: Path) -> None:
        """Save the shown plots as SVG and PNG into *folder*."""
        if self._plots is None:
            return
        pictures = self._plots.pictures()

        def work(checkpoint: Checkpoint) -> tuple[Path, ...]:
            from reader_app.study.plot_files import save_pictures

            return save_pictures(folder, pictures, checkpoint)

        self._task.start("Saving plots", work, self._on_written, ("plot",), when_stopped=NOTHING_LEFT)

    def _on_written(self, paths: Sequence[Path]) -> None:
        names = ", ".join(path.name for path in paths[:3]) + (" …" if len(paths) > 3 else "")
        self._task.say("Written", f"{names} in {paths[-1].parent}")
        self.written.emit()

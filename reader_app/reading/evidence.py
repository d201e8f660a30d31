"""Grades that lack their marks: what is asked at signing, and the reasons why a grade stands without."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from reader_app.reading.dialogs import cell_in_words
from reader_app.reading.evidence_dialog import EvidenceDialog
from reader_app.reading.marks import MarkCommands
from reader_app.reading.words_dialog import WordsDialog
from scoring_forms.domain.form import Form
from scoring_forms.domain.score import Cell
from scoring_forms.widgets.score_panel import ScorePanel


class EvidenceCommands(QObject):
    """Reasons are saved, taken back and told in the audit trail like marks."""

    said = Signal(str)

    def __init__(self, form: Form, panel: ScorePanel, marks: MarkCommands, window: QWidget) -> None:
        super().__init__(window)
        self._form, self._panel, self._marks, self._window = form, panel, marks, window

    def allow_signing(self) -> bool:
        """Show which grades lack marks, as the round wants it; return whether signing may go on.

        Where marks are required, each gap is mended or explained first.
        """
        marks = self._marks.marks
        if marks is None:
            return False
        gaps = marks.gaps()
        if not gaps:
            return True
        dialog = EvidenceDialog(self._form, gaps, self._explain if marks.are_required else None, self._window)
        signs = bool(dialog.exec())
        if dialog.chosen is not None:
            self._panel.go_to(dialog.chosen)
        return signs

    def say_why_without_marks(self) -> None:
        """Ask why the current grade stands without its marks; with no words the reason is taken back."""
        marks, cell = self._marks.marks, self._marks.cell
        if marks is None or cell is None or self._marks.refuses():
            return
        if not marks.are_required:
            self.said.emit("This round requires no marks: a grade needs no reason to stand without.")
            return
        if not self._form.item(cell).feature.evidence:
            self.said.emit(f"{self._form.item(cell).feature.label} needs no marks.")
            return
        what = cell_in_words(self._form, cell)
        dialog = WordsDialog(
            "Grade without marks",
            f"{what}: why does the grade stand without its marks? Without words the reason is taken back.",
            self._window,
            words=marks.overrides.get(cell, ""),
            needed=False,
        )
        if dialog.exec():
            self._explain(cell, dialog.words)

    def _explain(self, cell: Cell, reason: str) -> bool:
        """Keep a reason, or take it back where there are no words; return whether it was saved."""
        marks = self._marks.marks
        if marks is None:
            return False
        words = f"{cell_in_words(self._form, cell)} stands without marks." if reason else "Reason taken back."
        return self._marks.save(lambda: marks.explain(cell, reason or None), words)

"""What keys do with outlines of bone and defect, and the share of the bone that they imply."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMessageBox, QWidget

from reader_app.reading.case_display import CaseDisplay
from reader_app.reading.dialogs import cell_in_words
from reader_app.reading.marks import MarkCommands
from reader_app.reading.shown_marks import OutlineKind
from scoring_forms.domain.errors import NoEstimateError
from scoring_forms.domain.form import Form
from scoring_forms.domain.marks import Mark
from scoring_forms.domain.volume_fraction import VolumeEstimate

_TOOLS: dict[OutlineKind, str] = {
    "bone": "Outline the bone: click its corners or draw round it; Enter or a double click closes, Esc ends.",
    "defect": "Outline the defect: click its corners or draw round it; Enter or a double click closes, "
    "Esc ends.",
}


class Outlining(QObject):
    """One method a command; what is outlined becomes a mark of the current cell."""

    said = Signal(str)

    def __init__(self, form: Form, display: CaseDisplay, marks: MarkCommands, window: QWidget) -> None:
        super().__init__(window)
        self._form, self._display, self._marks, self._window = form, display, marks, window
        display.outlined.connect(marks.put)

    def use_close_key(self, action: QAction) -> None:
        """Let Enter close outlines only while there is a tool for them in hand."""
        action.setEnabled(False)
        self._display.outlining_changed.connect(action.setEnabled)

    def outline_bone(self) -> None:
        """Let the left button outline the bone."""
        self._take("bone")

    def outline_defect(self) -> None:
        """Let the left button outline the defect."""
        self._take("defect")

    def close_outline(self) -> None:
        """Close what is being outlined."""
        self._display.close_outline()

    def _take(self, kind: OutlineKind) -> None:
        cell = self._marks.cell
        if cell is None or self._marks.refuses():
            return
        feature = self._form.item(cell).feature
        if not feature.volume_scale:
            self.said.emit(f"{feature.label} is not graded by volume.")
            return
        self._display.take_outline(None if self._display.outline_kind == kind else kind)
        self.said.emit(_TOOLS[kind] if self._display.outline_kind else "")

    def show_estimate(self) -> None:
        """Say what share of the bone the outlines of the current cell imply; it is never filled in."""
        marks, cell = self._marks.marks, self._marks.cell
        if marks is None or cell is None:
            return
        try:
            estimate = marks.estimate(cell)
        except NoEstimateError as error:
            self.said.emit(str(error))
            return
        outlines = [mark for mark in marks.of_cell(cell) if mark.kind != "point"]
        words = estimate_words(cell_in_words(self._form, cell), estimate, outlines)
        QMessageBox.information(self._window, "Estimate from outlines", words)


def estimate_words(what: str, estimate: VolumeEstimate, outlines: list[Mark]) -> str:
    """Return what an estimate says, on which slices it stands, and that it is one."""
    slices = {"bone": 0, "defect": 0}
    for kind in slices:
        slices[kind] = len({mark.slice_mm for mark in outlines if mark.kind == kind})
    return (
        f"{what}\n\n"
        f"Bone: {estimate.bone_mm3:,.0f} mm³ on {slices['bone']} slices\n"
        f"Defect: {estimate.defect_mm3:,.0f} mm³ on {slices['defect']} slices\n"
        f"Share: {100 * estimate.share:.1f} %, which would be grade {estimate.grade}\n\n"
        "This is an estimate from your outlines. Nothing was filled in: the grade is yours."
    )

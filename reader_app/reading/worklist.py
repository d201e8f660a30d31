"""The cases of a reading in their drawn order, the only order there is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QWidget

from storage.reading.records import CaseSummary

_MARGINS = 26
_Line = tuple[CaseSummary, bool, tuple[str, str]]


class Worklist(QListWidget):
    """Case codes with how far each has come; a click asks for a case."""

    case_asked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown: list[_Line] = []
        self.setObjectName("worklist")
        self.setAccessibleName("Cases")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.itemClicked.connect(self._on_clicked)

    def show_cases(
        self,
        cases: Sequence[CaseSummary],
        cells_per_timepoint: int,
        current: str | None,
        asked: Mapping[str, tuple[str, str]],
    ) -> None:
        """Show all cases; the list itself never changes its order, and only changed lines are written.

        Args:
            cases: In their order.
            cells_per_timepoint: How many cells the form has at one timepoint.
            current: Code of the open case.
            asked: Of signed cases that were asked for: what became of it in a word and in a sentence.
        """
        if self.count() != len(cases):
            self.clear()
            self.addItems([case.code for case in cases])
            self._shown = []
            widest = max(
                (self.fontMetrics().horizontalAdvance(f"✓ {one.code} refused") for one in cases), default=0
            )
            self.setMinimumWidth(widest + _MARGINS)
        shown = [(case, case.code == current, asked.get(case.code, ("", ""))) for case in cases]
        before = self._shown or [None] * len(shown)
        for row, (line, old) in enumerate(zip(shown, before, strict=True)):
            if line != old:
                self._show_case(row, *line, cells_per_timepoint)
        self._shown = shown

    def _show_case(
        self, row: int, case: CaseSummary, current: bool, asked: tuple[str, str], cells_per_timepoint: int
    ) -> None:
        item = self.item(row)
        word, sentence = asked if case.status == "signed" else ("", "")
        item.setData(Qt.ItemDataRole.UserRole, case.code)
        item.setText(f"{_mark(case, current)} {case.code} {word or _progress(case, cells_per_timepoint)}")
        told = f"Case {row + 1} of {self.count()}, {_in_words(case)}"
        item.setToolTip(f"{told}. {sentence}" if sentence else told)
        item.setSelected(current)
        if current:
            self.setCurrentItem(item)
            self.scrollToItem(item)

    @Slot(QListWidgetItem)
    def _on_clicked(self, item: QListWidgetItem) -> None:
        self.case_asked.emit(item.data(Qt.ItemDataRole.UserRole))


def _mark(case: CaseSummary, current: bool) -> str:
    if case.status == "signed":
        return "✓"
    return "▸" if current else "↺" if case.reopened else "\u2007"


def _progress(case: CaseSummary, cells_per_timepoint: int) -> str:
    if case.status == "signed":
        return ""
    cells = cells_per_timepoint * len(case.letters)
    return f"{100 * (cells - case.missing) // cells} %" if cells and case.missing < cells else ""


def _in_words(case: CaseSummary) -> str:
    if case.status == "signed":
        return "signed"
    missing = f"{case.missing} cells empty" if case.missing else "complete, not signed"
    return f"reopened, {missing}" if case.reopened else missing

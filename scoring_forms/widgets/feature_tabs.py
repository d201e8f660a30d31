"""A tab for each page of the form, with the number of its empty cells."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtWidgets import QTabBar, QWidget

from scoring_forms.domain.entry import Page


class FeatureTabs(QTabBar):
    """``currentChanged`` tells of the reader alone: what the form does itself is done without it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setDrawBase(False)
        self.setExpanding(False)
        self.setUsesScrollButtons(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName("Features")

    def show_pages(self, pages: Sequence[Page]) -> None:
        """Show a tab for each page, the first one open."""
        with QSignalBlocker(self):
            while self.count():
                self.removeTab(0)
            for page in pages:
                self.addTab(page.title)
            self.setCurrentIndex(0)

    def open(self, number: int) -> None:
        """Open a tab."""
        with QSignalBlocker(self):
            self.setCurrentIndex(number)

    def show_empty(self, pages: Sequence[Page], empty: Sequence[int]) -> None:
        """Show how many cells of each page are empty; only what is different is written."""
        for number, (page, count) in enumerate(zip(pages, empty, strict=True)):
            text = f"{_name(page)} {count or '✓'}"
            if text != self.tabText(number):
                self.setTabText(number, text)
                self.setTabToolTip(number, f"{page.title}: {count} cells to fill in")


def _name(page: Page) -> str:
    if len(page.features) > 1:
        return " + ".join(feature.abbreviation for feature in page.features)
    return page.title.replace(" (osteitis)", "")

"""What tests of the analysis page share: study windows, their tables and clicks."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtWidgets import QLabel, QWidget

from reader_app.jobs import JobRunner
from reader_app.study.analysis_page import AnalysisPage
from reader_app.study.grid_column import GridColumn
from reader_app.study.grid_table import GridTable
from reader_app.study.sheets_dialog import HEADINGS, SheetsDialog
from reader_app.study.window import StudyWindow
from storage.study.store import Study
from tests.gui.windows import Answer

LONG = 30000


@contextmanager
def study_windows(qtbot: Any) -> Iterator[Callable[[Path], StudyWindow]]:
    """Give out a function that opens a study's window, and close the windows in the end."""
    jobs = JobRunner()
    windows: list[StudyWindow] = []

    def open_window(folder: Path) -> StudyWindow:
        window = StudyWindow(Study.open(folder), jobs)
        windows.append(window)
        window.resize(QSize(1280, 800))
        window.show()
        qtbot.waitUntil(lambda: window._reading is None, timeout=LONG)
        return window

    yield open_window
    for window in windows:
        window.close()
        window.deleteLater()
    jobs.close()


def analysed(qtbot: Any, window: StudyWindow) -> AnalysisPage:
    """Look at the analysis page and wait for it."""
    window.show_page("Analysis")
    qtbot.waitUntil(lambda: window.analysis.analysis is not None, timeout=LONG)
    return window.analysis


def words_of(widget: QWidget) -> list[str]:
    """Return what the labels say that can be seen."""
    return [label.text() for label in widget.findChildren(QLabel) if label.isVisible()]


def tables_of(grids: GridColumn) -> dict[str, GridTable]:
    """Return the tables by title."""
    return {one.findChild(QLabel).text(): one for one in grids.tables}


def text_of(table: GridTable, heading: str, row: int = 0) -> str:
    """Return what stands in a column."""
    return table.table.item(row, column_of(table, heading)).text()


def column_of(table: GridTable, heading: str) -> int:
    """Return the place of the first column with a heading."""
    of = table.table.horizontalHeaderItem
    return next(i for i in range(table.table.columnCount()) if of(i).text() == heading)


def click(qtbot: Any, table: GridTable, row: int, column: int) -> None:
    """Click a cell with the mouse."""
    place = table.table.visualRect(table.table.model().index(row, column)).center()
    qtbot.mouseClick(table.table.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(place))


def sheets_behind(qtbot: Any, table: GridTable, heading: str, row: int = 0) -> list[dict[str, str]]:
    """Click a number and return the lines of the score sheets that open."""
    found: list[dict[str, str]] = []

    def read(dialog: SheetsDialog) -> None:
        shown = dialog.shown
        for line in range(shown.rowCount()):
            found.append({name: shown.index(line, i).data() for i, name in enumerate(HEADINGS)})
        dialog.reject()

    answer = Answer(SheetsDialog, read)
    click(qtbot, table, row, column_of(table, heading))
    assert answer.given
    return found

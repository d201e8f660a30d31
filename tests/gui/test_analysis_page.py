import shutil
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QLabel

from reader_app.jobs import JobRunner
from reader_app.study.sheets_dialog import SheetsDialog
from reader_app.study.window import StudyWindow
from storage.study.store import Study
from tests.gui.windows import Answer
from tests.unit.workflow.analysed_trials import SUBJECTS, trial

pytestmark = pytest.mark.gui
LONG = 30000
FEW = SUBJECTS[:5]


@pytest.fixture(scope="session")
def locked(tmp_path_factory) -> Path:
    """A locked round of two readers."""
    a_trial = trial(subjects=FEW, repeats=FEW[:2], features=("synovitis", "bone_erosion"))
    return a_trial.write(tmp_path_factory.mktemp("analysis") / "study")


@pytest.fixture
def opened(qtbot):
    jobs = JobRunner()
    windows = []

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


@pytest.fixture
def page(opened, locked, tmp_path, qtbot):
    window = opened(shutil.copytree(locked, tmp_path / "study"))
    window.show_page("Analysis")
    qtbot.waitUntil(lambda: window.analysis.analysis is not None, timeout=LONG)
    return window.analysis


def tables_of(page, tab):
    """Return the tables of a tab by title."""
    grids = (page.tabs.scores.grids, page.tabs.agreement.grids, None, page.tabs.between.grids)[tab]
    return {one.findChild(QLabel).text(): one for one in grids.tables}


def words_of(widget):
    return [label.text() for label in widget.findChildren(QLabel) if label.isVisible()]


def click(qtbot, table, row, column):
    place = table.visualRect(table.model().index(row, column)).center()
    qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(place))


def test_before_a_lock_the_page_says_what_to_do(opened, tmp_path):
    window = opened(trial(subjects=FEW[:2], locked=False).write(tmp_path / "study"))
    window.show_page("Analysis")
    assert "No round is locked yet" in words_of(window.analysis)
    assert not window.analysis.files.export_button.isEnabled()
    assert not window.analysis.files.report_button.isEnabled()


def test_nothing_is_calculated_before_the_page_is_looked_at(opened, locked, tmp_path, qtbot):
    window = opened(shutil.copytree(locked, tmp_path / "study"))
    assert window.analysis.chosen is not None
    assert window.analysis._wanted == ""


def test_the_tables_show_the_numbers_of_the_analysis(page):
    tables = tables_of(page, 0)
    table = tables["Scores by visit – final score (mean of 2 readers)"].table
    row = page.analysis.row(page.analysis.measure("ramris_2003.bone_erosion"))
    (shown,) = [i for i in range(table.rowCount()) if table.item(i, 0).text().startswith("Bone erosion")]
    directions = row.changes[0].directions
    assert table.item(shown, 6).text() == (
        f"{directions.increase} {directions.no_change} {directions.decrease}"
    )
    assert {"Readers: Ann / Bo", "Repeats: Ann / again"} <= set(tables_of(page, 1))


def test_another_reader_has_tables_of_its_own(page):
    box = page.tabs.scores.reader_box
    box.setCurrentIndex(box.findText("Bo"))
    assert "Scores by visit – Bo" in tables_of(page, 0)


def test_a_number_opens_the_score_sheets_behind_it(page, qtbot):
    table = tables_of(page, 0)["Scores by visit – final score (mean of 2 readers)"].table
    seen = []

    def look(dialog):
        seen.append(dialog.shown.rowCount())
        dialog.filter.setText("P02")
        seen.append(dialog.shown.rowCount())
        seen.append({dialog.shown.index(i, 3).data() for i in range(dialog.shown.rowCount())})
        dialog.reject()

    answer = Answer(SheetsDialog, look)
    click(qtbot, table, 1, 5)  # p of bone erosion from the first to the second visit
    assert answer.given
    assert seen == [len(FEW) * 2 * 2 * 23, 2 * 2 * 23, {"Ann", "Bo"}]


def test_a_word_of_a_table_opens_nothing(page, qtbot):
    table = tables_of(page, 0)["Scores by visit – final score (mean of 2 readers)"]
    with qtbot.assertNotEmitted(table.picked):
        click(qtbot, table.table, 1, 0)


def test_plots_follow_the_feature_and_a_point_opens_its_subject(page, qtbot):
    page.tabs.setCurrentIndex(2)
    plots = page.tabs.plots
    assert plots.measure.feature == "bone_erosion"
    plots.feature.setCurrentIndex(0)
    assert plots.measure.feature == "synovitis"
    assert "Synovitis" in plots.cumulative._title.text()
    plots.compared.setCurrentIndex(1)
    seen = []
    answer = Answer(
        SheetsDialog, lambda dialog: (seen.append(dialog.shown.index(0, 1).data()), dialog.reject())
    )
    scatter = next(item for item in plots.cumulative.plot.listDataItems() if len(item.points()))
    point = scatter.points()[0]
    scatter.sigClicked.emit(scatter, [point], None)
    assert answer.given
    assert seen == [point.data()]


def test_plots_are_saved_as_svg_and_png_and_never_over_others(page, tmp_path, qtbot):
    page.tabs.setCurrentIndex(2)
    folder = tmp_path / "plots"
    folder.mkdir()
    page.files.save_plots(folder)
    qtbot.waitUntil(lambda: not page.files._task.busy, timeout=LONG)
    names = {path.suffix for path in folder.iterdir()}
    assert names == {".svg", ".png"}
    assert len(list(folder.iterdir())) == 8
    png = QImage(str(next(folder.glob("Cumulative*.png"))))
    assert png.width() > 1000
    assert len({png.pixel(x, y) for x in range(0, png.width(), 9) for y in range(0, png.height(), 9)}) > 2
    page.files.save_plots(folder)
    qtbot.waitUntil(lambda: not page.files._task.busy, timeout=LONG)
    assert "is already there" in page.files._task._words.text()


def test_the_report_is_written_in_both_kinds(page, tmp_path, qtbot):
    page.files.write_report(tmp_path)
    qtbot.waitUntil(lambda: not page.files._task.busy, timeout=LONG)
    assert (tmp_path / "RAMRIS_report.pdf").read_bytes().startswith(b"%PDF")
    assert "Methods" in (tmp_path / "RAMRIS_report.html").read_text("utf-8")


def test_one_reader_without_repeats_has_nothing_to_compare(opened, tmp_path, qtbot):
    window = opened(trial(subjects=FEW[:3], readers=("Ann",)).write(tmp_path / "study"))
    window.show_page("Analysis")
    qtbot.waitUntil(lambda: window.analysis.analysis is not None, timeout=LONG)
    window.analysis.tabs.setCurrentIndex(1)
    assert "Nothing to compare" in words_of(window.analysis.tabs)
    window.analysis.tabs.setCurrentIndex(2)
    assert "it takes two readers" in window.analysis.tabs.plots.bland_altman._title.text()

import shutil
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage

from reader_app.study.sheets_dialog import SheetsDialog
from scoring_forms.domain.score import Score
from storage.study.store import Study
from tests.gui.analysed_windows import (
    LONG,
    analysed,
    click,
    column_of,
    sheets_behind,
    study_windows,
    tables_of,
    text_of,
    words_of,
)
from tests.gui.windows import Answer
from tests.unit.workflow.analysed_trials import SUBJECTS, VISITS, noisy, trial

pytestmark = pytest.mark.gui
FEW = SUBJECTS[:5]
SCORES, AGREEMENT, PLOTS = range(3)
FINAL = "Scores by visit – final score (mean of 2 readers)"


@pytest.fixture(scope="session")
def locked(tmp_path_factory) -> Path:
    """A locked round of two readers."""
    a_trial = trial(subjects=FEW, repeats=FEW[:2], features=("synovitis", "bone_erosion"))
    return a_trial.write(tmp_path_factory.mktemp("analysis") / "study")


@pytest.fixture
def opened(qtbot):
    with study_windows(qtbot) as open_window:
        yield open_window


@pytest.fixture
def page(opened, locked, tmp_path, qtbot):
    return analysed(qtbot, opened(shutil.copytree(locked, tmp_path / "study")))


@pytest.fixture
def page_of(opened, tmp_path, qtbot):
    """Return a function that analyses another trial."""
    return lambda **different: analysed(qtbot, opened(trial(**different).write(tmp_path / "study")))


def free(qtbot, page):
    qtbot.waitUntil(lambda: not page.files._task.busy, timeout=LONG)
    return page.files._task.text


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
    table = tables_of(page.tabs.scores.grids)[FINAL]
    row = page.analysis.row(page.analysis.measure("ramris_2003.bone_erosion"))
    directions = row.changes[0].directions
    assert text_of(table, "↑ = ↓", row=1) == (
        f"{directions.increase} {directions.no_change} {directions.decrease}"
    )
    agreed = tables_of(page.tabs.agreement.grids)
    assert {"Readers: Ann / Bo", "Repeats: Ann / again", "Synovitis by site – Ann / Bo, n 5"} <= set(agreed)


def test_another_reader_has_tables_of_its_own(page):
    box = page.tabs.scores.reader_box
    box.setCurrentIndex(box.findText("Bo"))
    assert "Scores by visit – Bo" in tables_of(page.tabs.scores.grids)


def test_a_number_opens_the_score_sheets_behind_it(page, qtbot):
    table = tables_of(page.tabs.scores.grids)[FINAL]
    seen = []

    def look(dialog):
        seen.append(dialog.shown.rowCount())
        dialog.filter.setText("P02")
        seen.append(dialog.shown.rowCount())
        dialog.reject()

    answer = Answer(SheetsDialog, look)
    click(qtbot, table, 1, column_of(table, "p"))  # bone erosion, first to second visit
    assert answer.given
    assert seen == [len(FEW) * 2 * 2 * 23, 2 * 2 * 23]


def test_progression_opens_the_sheets_of_the_two_visits_it_is_about(page, qtbot):
    table = tables_of(page.tabs.scores.grids)["Progression – final score (mean of 2 readers)"]
    lines = sheets_behind(qtbot, table, "> SDC", row=3)
    assert table.table.item(3, 1).text() == "Baseline → Week 36"
    assert {line["Visit"] for line in lines} == {"Baseline", "Week 36"}
    assert {line["Reader"] for line in lines} == {"Ann", "Bo"}
    assert {line["Feature"] for line in lines} == {"Bone erosion"}


def test_agreement_of_readers_with_their_repeats_opens_both_readings(page, qtbot):
    page.tabs.setCurrentIndex(AGREEMENT)
    table = tables_of(page.tabs.agreement.grids)["Repeats: Bo / again"]
    lines = sheets_behind(qtbot, table, "ICC(2,1) (95 % CI)")
    assert {line["Reader"] for line in lines} == {"Bo", "Bo, again"}
    assert {line["Subject"] for line in lines} == set(FEW[:2])


def test_agreement_of_a_site_opens_the_cells_of_that_site(page, qtbot):
    page.tabs.setCurrentIndex(AGREEMENT)
    page.tabs.agreement.feature_box.setCurrentIndex(1)
    table = tables_of(page.tabs.agreement.grids)["Bone erosion by site – Ann / Bo, n 5"]
    page.tabs.agreement.grids.ensureWidgetVisible(table)
    lines = sheets_behind(qtbot, table, "Baseline → Week 12", row=7)
    assert {line["Site"] for line in lines} == {table.table.item(7, 0).text()}
    assert len(lines) == len(FEW) * 2 * 2


def test_a_word_of_a_table_opens_nothing(page, qtbot):
    table = tables_of(page.tabs.scores.grids)[FINAL]
    with qtbot.assertNotEmitted(table.picked):
        click(qtbot, table, 1, 0)


def test_plots_follow_the_feature_and_a_point_opens_its_subject(page, qtbot):
    page.tabs.setCurrentIndex(PLOTS)
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


def test_a_dot_in_the_plot_can_be_clicked_with_the_mouse(page, qtbot):
    page.tabs.setCurrentIndex(PLOTS)
    plot = page.tabs.plots.bland_altman.plot
    (scatter,) = plot.listDataItems()
    point = scatter.points()[0]
    found = []
    answer = Answer(
        SheetsDialog,
        lambda dialog: (
            found.extend(dialog.shown.index(i, 1).data() for i in range(dialog.shown.rowCount())),
            dialog.reject(),
        ),
    )
    places = []

    def is_settled():  # axes get their range and room one after the other
        places.append(plot.mapFromScene(plot.getViewBox().mapViewToScene(point.pos())))
        return plot.getViewBox().viewRange()[0] != [0, 1] and len({str(one) for one in places[-9:]}) == 1

    qtbot.waitUntil(is_settled, timeout=LONG)
    place = places[-1]
    qtbot.mouseMove(plot.viewport(), place)
    qtbot.mouseClick(plot.viewport(), Qt.MouseButton.LeftButton, pos=place)
    qtbot.waitUntil(lambda: answer.given, timeout=LONG)
    assert point.data() in set(found)


def test_the_heat_map_is_there_for_every_visit_and_every_change(page):
    page.tabs.setCurrentIndex(PLOTS)
    plots = page.tabs.plots
    whats = [plots.mapped.itemText(i) for i in range(plots.mapped.count())]
    assert whats == ["Baseline", "Week 12", "Week 36", "Baseline → Week 12", "Baseline → Week 36"]
    plots.mapped.setCurrentIndex(1)
    assert plots.heat._title.text() == "Heat map of sites, Bone erosion, Week 12"
    assert "n 5, missing 0" in plots.heat._words.text()


def test_plots_are_saved_as_svg_and_png_and_never_over_others(page, tmp_path, qtbot):
    page.tabs.setCurrentIndex(PLOTS)
    folder = tmp_path / "plots"
    folder.mkdir()
    page.files.save_plots(folder)
    free(qtbot, page)
    names = {path.suffix for path in folder.iterdir()}
    assert names == {".svg", ".png"}
    assert len(list(folder.iterdir())) == 8
    png = QImage(str(next(folder.glob("Cumulative*.png"))))
    assert png.width() > 1000
    assert len({png.pixel(x, y) for x in range(0, png.width(), 9) for y in range(0, png.height(), 9)}) > 2
    page.files.save_plots(folder)
    assert "is already there" in free(qtbot, page)


def test_the_report_is_written_in_both_kinds(page, tmp_path, qtbot):
    page.files.write_report(tmp_path)
    free(qtbot, page)
    assert (tmp_path / "RAMRIS_report.pdf").read_bytes().startswith(b"%PDF")
    assert "Methods" in (tmp_path / "RAMRIS_report.html").read_text("utf-8")


@pytest.mark.parametrize("what", ["export", "report", "plots"])
def test_what_is_cancelled_leaves_nothing_behind(page, tmp_path, qtbot, what):
    page.tabs.setCurrentIndex(PLOTS)
    folder = tmp_path / "out"
    if what == "export":
        page.files.export_to(folder, ("csv", "xlsx"))
    else:
        folder.mkdir()
        (page.files.write_report if what == "report" else page.files.save_plots)(folder)
    assert page.files._task.cancel_button.isVisible()
    page.files._task.cancel_button.click()
    assert "Nothing was written" in free(qtbot, page)
    assert not folder.exists() or not list(folder.iterdir())
    with Study.open(tmp_path / "study", read_only=True) as study:
        assert not [one for one in study.audit_entries() if one.action in ("export", "report")]
    assert page.files.report_button.isEnabled()


# --- rounds of which little can be said -----------------------------------------------------------------


def test_a_study_without_a_round_says_what_to_do(opened, tmp_path):
    Study.create(tmp_path / "study", "A trial", VISITS).close()
    window = opened(tmp_path / "study")
    window.show_page("Analysis")
    assert "There is no round yet" in words_of(window.analysis)
    files = window.analysis.files
    assert not any(one.isEnabled() for one in (window.analysis.round_box, files.export_button))


def test_one_reader_without_repeats_has_nothing_to_compare(page_of):
    page = page_of(subjects=FEW[:3], readers=("Ann",))
    assert not page.tabs.scores.reader_box.isEnabled()
    assert not page.round_box.isEnabled()
    page.tabs.setCurrentIndex(AGREEMENT)
    assert "Nothing to compare" in words_of(page.tabs)
    assert not page.tabs.agreement.feature_box.isEnabled()
    page.tabs.setCurrentIndex(PLOTS)
    assert "it takes two readers" in page.tabs.plots.bland_altman._title.text()
    assert not page.tabs.plots.compared.isEnabled()


def test_one_visit_has_scores_and_no_change(page_of):
    page = page_of(subjects=FEW, visits=VISITS[:1])
    assert list(tables_of(page.tabs.scores.grids)) == [FINAL]
    assert "The round has one visit: there is no change." in words_of(page.tabs.scores)
    page.tabs.setCurrentIndex(PLOTS)
    plots = page.tabs.plots
    assert "no subject has two visits" in plots.cumulative._title.text()
    assert not plots.mapped.isEnabled()
    assert plots.heat._title.text() == "Heat map of sites, Bone erosion, Baseline"


def test_three_subjects_are_counted_and_warned_about(page_of):
    page = page_of(subjects=FEW[:3])
    change = tables_of(page.tabs.scores.grids)["Change – final score (mean of 2 readers)"]
    assert text_of(change, "n") == "3"
    assert any("exact p cannot be below" in words for words in words_of(change))


def test_scores_that_are_all_equal_are_not_calculable_for_a_reason(page_of, qtbot):
    page = page_of(subjects=FEW, score_of=lambda *place: Score(1))
    change = tables_of(page.tabs.scores.grids)["Change – final score (mean of 2 readers)"]
    assert text_of(change, "SRM (95 % CI)") == "n/c"
    page.tabs.setCurrentIndex(AGREEMENT)
    agreed = tables_of(page.tabs.agreement.grids)["Readers: Ann / Bo"]
    assert (text_of(agreed, "ICC(2,1) (95 % CI)"), text_of(agreed, "κ linear")) == ("n/c", "n/c")
    assert text_of(agreed, "Exact") == "100 %"
    assert len(words_of(agreed)) > 1  # the reasons below the table
    page.tabs.setCurrentIndex(PLOTS)
    assert "n 5, missing 0" in page.tabs.plots.bland_altman._words.text()


def test_a_visit_without_scores_is_missing_and_nothing_is_put_there(page_of):
    def without_last(reader, subject, visit, item):
        return None if visit == "Week 36" else noisy(reader, subject, visit, item)

    page = page_of(subjects=FEW, score_of=without_last)
    table = tables_of(page.tabs.scores.grids)[FINAL]
    assert text_of(table, "Week 36") == "n/c"
    assert table.table.item(0, column_of(table, "Week 36") + 1).text() == "0 of 5"
    assert any("there are no scores" in words for words in words_of(table))
    page.tabs.setCurrentIndex(PLOTS)
    assert "no subject has final grades" in page.tabs.plots.heat._title.text()


def test_a_round_nothing_came_back_of_says_so(page_of):
    page = page_of(subjects=FEW, collected=False)
    said = words_of(page.tabs.scores)
    assert "No signed case was collected before the lock: nothing can be calculated." in said
    page.tabs.setCurrentIndex(PLOTS)
    assert page.files.report_button.isEnabled()

import shutil
from pathlib import Path

import pytest

from reader_app.study.between_rounds import BetweenRounds
from scoring_forms.domain.score import Score
from storage.study.store import Study
from tests.gui.analysed_windows import LONG, analysed, sheets_behind, study_windows, tables_of, text_of
from tests.gui.windows import deliver, wait_for_jobs
from tests.unit.workflow.analysed_trials import SUBJECTS, VISITS, trial
from tests.unit.workflow.locked_rounds import Trial

pytestmark = pytest.mark.gui
FEW = SUBJECTS[:6]
BETWEEN = 3


def films(reader, subject, visit, item):
    """Return films on which the subjects with an even number got worse at two sites."""
    worse = visit == "Week 36" and int(subject[1:]) % 2 == 0 and item.site.id in ("mcp2", "mcp3")
    return Score(2.0 if worse else 1.0)


def scans(reader, subject, visit, item):
    """Return scans on which subjects 2, 4 and 5 got worse, and one visit that was not scored."""
    if (subject, visit) == ("P06", "Week 12"):
        return None
    worse = visit != "Baseline" and subject in ("P02", "P04", "P05") and item.site.id == "capitate"
    return Score(1.0 if worse else 0.0)


@pytest.fixture(scope="module")
def three_rounds(tmp_path_factory) -> Path:
    """Scans, films, and films of the first visit only."""
    folder = tmp_path_factory.mktemp("between") / "study"
    scanned = trial(score_of=scans, subjects=FEW, features=("synovitis", "bone_erosion"), title="MRI")
    scanned.write(folder)
    with Study.open(folder) as study:
        for number, (title, visits) in enumerate((("Films", VISITS), ("First films", VISITS[:1])), 1):
            filmed = Trial(films, ("sharp_1985",), readers=("Cy",), subjects=FEW, visits=visits, title=title)
            filmed.add(study, codes_from=100 * number)
    return folder


@pytest.fixture
def opened(qtbot):
    with study_windows(qtbot) as open_window:
        yield open_window


@pytest.fixture
def page(opened, three_rounds, tmp_path, qtbot):
    return analysed(qtbot, opened(shutil.copytree(three_rounds, tmp_path / "study")))


def look(qtbot, page) -> BetweenRounds:
    page.tabs.setCurrentIndex(BETWEEN)
    between = page.tabs.between
    qtbot.waitUntil(lambda: bool(between.grids.tables), timeout=LONG)
    return between


def choose(qtbot, between, box, text):
    """Choose another entry and wait for what is calculated."""
    before = between.grids.tables
    box.setCurrentIndex(box.findText(text))
    qtbot.waitUntil(lambda: between.grids.tables not in ([], before), timeout=LONG)


def test_the_second_round_is_told_beside_the_first_in_one_sentence(page, qtbot):
    between = look(qtbot, page)
    assert between.sentence.text() == (
        "2 of the 3 subjects with progression of Bone erosion (MRI) at Week 12 had progression of "
        "Erosion (Films) at Week 36."
    )
    progressed = tables_of(between.grids)["Progression in both rounds"]
    shown = {
        name: text_of(progressed, name) for name in ("n", "Both", "Only first", "Only second", "Neither")
    }
    assert shown == {"n": "5 of 6", "Both": "2", "Only first": "1", "Only second": "0", "Neither": "2"}
    assert text_of(tables_of(between.grids)["Correlation"], "n") == "5 of 6"


def test_a_number_opens_the_sheets_of_both_rounds(page, qtbot):
    progressed = tables_of(look(qtbot, page).grids)["Progression in both rounds"]
    lines = sheets_behind(qtbot, progressed, "n")
    assert {line["Round"] for line in lines} == {"MRI", "Films"}
    assert {line["Reader"] for line in lines} == {"Ann", "Bo", "Cy"}
    assert {line["Visit"] for line in lines if line["Round"] == "MRI"} == {"Baseline", "Week 12"}
    assert {line["Visit"] for line in lines if line["Round"] == "Films"} == {"Baseline", "Week 36"}
    correlation = tables_of(page.tabs.between.grids)["Correlation"]
    assert len(sheets_behind(qtbot, correlation, "p")) == len(lines)


def test_a_count_opens_the_sheets_of_the_subjects_it_counts(page, qtbot):
    progressed = tables_of(look(qtbot, page).grids)["Progression in both rounds"]
    of = {"Both": {"P02", "P04"}, "Only first": {"P05"}, "Neither": {"P01", "P03"}}
    for heading, subjects in of.items():
        assert {line["Subject"] for line in sheets_behind(qtbot, progressed, heading)} == subjects
    assert sheets_behind(qtbot, progressed, "Only second") == []


def test_scores_of_a_visit_are_correlated_without_a_word_of_progression(page, qtbot):
    between = look(qtbot, page)
    choose(qtbot, between, between.first.what_box, "Baseline")
    assert "Progression belongs to change" in between.sentence.text()
    assert set(tables_of(between.grids)) == {"Correlation"}


def test_what_was_chosen_is_there_again_for_the_same_two_rounds(page, qtbot):
    between = look(qtbot, page)
    choose(qtbot, between, between.first.feature_box, "Synovitis")
    choose(qtbot, between, between.other_box, "First films")
    assert between.first.feature_box.currentText() == "Bone erosion"
    for title, other in (("Films", "MRI"), ("MRI", "First films")):
        page.round_box.setCurrentIndex(page.round_box.findText(title))
        qtbot.waitUntil(lambda: page.analysis is not None, timeout=LONG)
        qtbot.waitUntil(lambda: bool(between.grids.tables), timeout=LONG)
        assert (page.analysis.plan.title, between.other.plan.title) == (title, other)
    assert between.other_box.currentText() == "First films"
    choose(qtbot, between, between.other_box, "Films")
    assert between.first.feature_box.currentText() == "Synovitis"


def test_there_is_nothing_to_choose_where_there_is_one_visit(page, qtbot):
    between = look(qtbot, page)
    choose(qtbot, between, between.other_box, "First films")
    assert between.second.what_box.currentText() == "Baseline"
    assert not between.second.what_box.isEnabled()
    assert between.second.feature_box.isEnabled()


def test_what_was_asked_for_first_never_arrives_after_what_was_asked_for_last(page, qtbot):
    between = look(qtbot, page)
    between.first.what_box.setCurrentIndex(0)
    wait_for_jobs(page._jobs)  # the first answer is there and not delivered
    between.first.what_box.setCurrentIndex(between.first.what_box.findText("Baseline → Week 36"))
    deliver()
    assert "Progression belongs to change" not in between.sentence.text()
    qtbot.waitUntil(lambda: "(MRI) at Week 36" in between.sentence.text(), timeout=LONG)


def test_a_single_locked_round_says_what_to_lock(opened, tmp_path, qtbot):
    page = analysed(qtbot, opened(trial(subjects=FEW[:2]).write(tmp_path / "study")))
    page.tabs.setCurrentIndex(BETWEEN)
    between = page.tabs.between
    assert between._empty.isVisible()
    assert not between.other_box.isVisible()
    assert "Lock a second round" in between._empty._words.text()

"""The coordinator's page of disagreements, on rounds without images."""

import pytest
from PySide6.QtWidgets import QLabel

from reader_app.jobs import JobRunner
from reader_app.study.round_editor import RoundEditor
from reader_app.study.window import StudyWindow
from scoring_forms.domain.score import Score
from storage.study.store import Study
from tests.unit.workflow.locked_rounds import VISITS, Trial

pytestmark = pytest.mark.gui


def apart(reader, subject, visit, item):
    more = (reader, subject, visit, item.site.id) == ("Bob", "P02", "Late", "hamate")
    return Score(3.0 if more else 1.0)


@pytest.fixture
def opened(qtbot, tmp_path):
    jobs = JobRunner()
    windows = []

    def open_window(**given):
        settled = {"readers": ("Ann", "Bob"), "adjudication": ("site>=2",), "locked": False}
        folder = Trial(apart, **{**settled, **given}).write(tmp_path / "study")
        window = StudyWindow(Study.open(folder), jobs)
        windows.append(window)
        window.show()
        window.show_page("Adjudication")
        qtbot.waitUntil(lambda: window._reading is None)
        return window

    yield open_window
    for window in windows:
        window.close()
        window.deleteLater()
    jobs.close()


def rows_of(page):
    return [page.table.row_texts(row) for row in range(page.table.rowCount())]


def test_disagreements_are_listed_when_asked_for_and_tell_no_visit_subject_or_reader(qtbot, opened):
    window = opened()
    page = window.adjudication
    assert rows_of(page) == []
    assert page.round_box.currentText() == "RAMRIS"
    page.compare_button.click()
    qtbot.waitUntil(lambda: page.table.rowCount() == 2)
    assert [row[:4] for row in rows_of(page)] == [
        ("RP02", "Bone marrow oedema (osteitis)", "2", "open"),
        ("RP02", "Bone erosion", "2", "open"),
    ]
    assert page.words.text() == "Compared: the two readers, in 2 cases. 1 of them disagrees."
    told = str(rows_of(page)) + page.words.text()
    for word in ("Ann", "Bob", "'P02'", *(visit.label for visit in VISITS)):
        assert word not in told
    qtbot.waitUntil(lambda: not window.task.busy and window._reading is None)


def test_rules_are_told_in_words_wherever_a_round_is_shown(qtbot, opened):
    window = opened(adjudication=("site>=2", "change:bone_erosion>5"))
    page = window.adjudication
    site = "the readers’ grades of a site differ by 2 or more"
    both = f"where {site}; or the readers’ changes of Bone erosion differ by more than 5."
    assert both in page.words.text()
    assert both in window.rounds._words.text()
    page.compare_button.click()
    qtbot.waitUntil(lambda: page.table.rowCount() == 2)
    assert {row[4] for row in rows_of(page)} == {site}
    assert page.table.columnWidth(4) >= page.table.sizeHintForColumn(4)  # there is room for all of it
    qtbot.waitUntil(lambda: not window.task.busy and window._reading is None)


def test_a_reader_of_the_round_is_refused_as_adjudicator_in_one_sentence(qtbot, opened):
    window = opened()
    page = window.adjudication
    assert not page.prepare_button.isEnabled()
    page.name_line.setText("bob")
    assert page.prepare_button.isEnabled()
    page.prepare_button.click()
    qtbot.waitUntil(lambda: not window.task.busy)
    said = " ".join(label.text() for label in window.task.findChildren(QLabel))
    assert "bob read the cases of the round 'RAMRIS'; somebody else has to adjudicate them." in said


def test_rounds_without_rules_are_not_offered(opened):
    assert opened(adjudication=()).adjudication.round_box.count() == 0


def test_an_adjudication_between_three_readers_is_refused_while_the_round_is_defined(qtbot, opened):
    window = opened()
    editor = RoundEditor(window._study, window)
    qtbot.addWidget(editor)
    editor.title_line.setText("Again")
    editor.tick("ramris_2003")
    editor.readers.setPlainText("Ann\nBob\nCyd")
    editor.adjudication.rules_line.setText("all")
    assert not editor.check()
    assert "between two readers, and this round has 3" in editor.problem.text()
    editor.adjudication.rules_line.clear()
    editor.check()
    assert "between two readers" not in editor.problem.text()

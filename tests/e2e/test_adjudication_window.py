"""From the coordinator's click to the adjudicator's first key: the adjudication page and what it writes."""

import shutil
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QPushButton

from reader_app.cli import main
from reader_app.jobs import JobRunner
from reader_app.reading.window import ReadingWindow
from reader_app.study.window import StudyWindow
from reader_app.theme import apply_theme
from scoring_forms.domain.score import Score
from storage.reading.reading import Reading
from storage.study.store import Study
from tests.e2e.trials import PASSWORD, VISITS, new_study, write_mr
from tests.gui.windows import has_keyboard, saved_sheet, text_of

pytestmark = [pytest.mark.gui, pytest.mark.e2e]

READERS = ("Ann Lee", "Bo Łęcki")
SUBJECTS = ("P01", "P02", "P03")
DISPUTED, LATE = "P02", "P03"


@pytest.fixture(scope="module")
def read(tmp_path_factory):
    """A study whose round is read but for one case; the second reader sees more in one subject."""
    base = tmp_path_factory.mktemp("page")
    for subject in SUBJECTS:
        for label, _, day in VISITS[:2]:
            write_mr(base / "images" / subject / label, subject, day, laterality="R", count=3)
    folder = new_study(base / "study", VISITS[:2])
    assert main(["study", "import", str(folder), str(base / "images")]) == 0
    named = ["--title", "RAMRIS", "--system", "ramris_2003", "--features", "synovitis"]
    assert main(["study", "round", str(folder), *named, "--reader", *READERS, "--adjudicate", "site>=2"]) == 0
    with Study.open(folder, read_only=True) as study:
        readings = study.readings(1)
    for one in readings:
        read_cases(one, [subject for subject in SUBJECTS if (one.reader, subject) != (READERS[1], LATE)])
    return folder


def read_cases(key, subjects):
    """Score and sign the cases of some subjects in a reading."""
    with Reading.open(Path(key.path)) as reading:
        for case in key.cases:
            cells = reading.form.cells([timepoint.letter for timepoint in case.timepoints])
            more = (key.reader, case.subject) == (READERS[1], DISPUTED)
            first = Score(3.0 if more else 1.0)
            scores = [(cell, first if n == 0 else Score(1.0)) for n, cell in enumerate(cells)]
            if case.subject in subjects:
                reading.record(case.code, scores, "score.table")
                reading.sign(case.code, PASSWORD)


@pytest.fixture
def opened(qtbot, tmp_path, read):
    """Return functions that open the adjudication page of a copy of the study, and a reading."""
    apply_theme(QApplication.instance())
    jobs = JobRunner()
    windows = []
    folder = shutil.copytree(read, tmp_path / "study")

    def open_page(*, complete=True):
        if complete:
            with Study.open(folder, read_only=True) as study:
                (key,) = [one for one in study.readings(1) if one.reader == READERS[1]]
            read_cases(key, [LATE])
        assert main(["study", "collect", str(folder)]) == 0
        window = StudyWindow(Study.open(folder), jobs)
        windows.append(window)
        window.resize(1280, 800)
        window.show()
        window.show_page("Adjudication")
        qtbot.waitUntil(lambda: window._reading is None)
        return window

    def open_reading(path):
        window = ReadingWindow(Reading.open(path), jobs)
        windows.append(window)
        window.show()
        window.open_first()
        qtbot.waitUntil(lambda: has_keyboard(window))
        return window

    yield open_page, open_reading
    for window in windows:
        window.close()
        window.deleteLater()
    jobs.close()


def click(qtbot, button):
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def ask_for(qtbot, window, name):
    """Type the adjudicator's name and click; wait until something is said."""
    page = window.adjudication
    page.name_line.clear()
    qtbot.keyClicks(page.name_line, name)
    click(qtbot, page.prepare_button)
    qtbot.waitUntil(lambda: not window.task.busy, timeout=20_000)


def said(window):
    return " ".join(label.text() for label in window.task.findChildren(QLabel))


def prepared_in(window):
    return window._study.adjudications(1)


def test_a_click_prepares_a_reading_that_opens_at_its_first_disagreement(qtbot, opened):
    open_page, open_reading = opened
    window = open_page()
    page = window.adjudication
    click(qtbot, page.compare_button)
    qtbot.waitUntil(lambda: page.table.rowCount() == 1)
    assert page.table.row_texts(0)[3] == "open"
    page.mix_box.setValue(100)
    ask_for(qtbot, window, "Cyd")
    (key,) = prepared_in(window)
    assert f"2 cases for Cyd: {key.path}" in said(window)
    assert page.table.row_texts(0)[3] == "with the adjudicator"
    assert page.name_line.text() == ""
    (case,) = [one for one in key.cases if one.subject == DISPUTED]
    (sides,) = [one for one in key.adjudication.cases if one.code == case.code]
    reading = open_reading(Path(key.path))
    reading.open_case(case.code)
    qtbot.waitUntil(lambda: has_keyboard(reading))
    qtbot.keyClick(reading.panel.table, Qt.Key.Key_Tab)
    assert text_of(reading, "message") == "Disagreement 1 of 1."
    cell = reading.panel.current_cell
    qtbot.keyClick(reading.panel.table, Qt.Key.Key_F2)
    wanted = 3.0 if sides.reader_1 == READERS[1] else 1.0
    assert saved_sheet(Path(key.path), case.code) == {cell: Score(wanted)}


def test_who_read_a_case_is_refused_in_the_window_in_one_sentence(qtbot, opened):
    window = opened[0]()
    ask_for(qtbot, window, "ann lee")
    sentence = "ann lee read the cases of the round 'RAMRIS'; somebody else has to adjudicate them."
    assert sentence in said(window)
    assert prepared_in(window) == ()
    assert window.adjudication.name_line.text() == "ann lee"  # to be mended, not typed again


def test_a_case_that_is_awaited_is_left_out_only_on_purpose(qtbot, opened):
    window = opened[0](complete=False)
    ask_for(qtbot, window, "Cyd")
    assert "1 case is not collected from both readers yet" in said(window)
    assert prepared_in(window) == ()
    (button,) = [one for one in window.task.findChildren(QPushButton) if one.text() == "Prepare without it"]
    click(qtbot, button)
    qtbot.waitUntil(lambda: not window.task.busy, timeout=20_000)
    (key,) = prepared_in(window)
    assert {case.subject for case in key.cases} == {"P01", DISPUTED}

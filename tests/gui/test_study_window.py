import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, QSettings, Qt, QUrl
from PySide6.QtGui import QDropEvent, QGuiApplication
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QMessageBox, QWidget

from reader_app.images.refused_dialog import RefusedDialog
from reader_app.jobs import JobRunner
from reader_app.study.audit_table import HEADINGS
from reader_app.study.export_dialog import ExportDialog
from reader_app.study.place_dialog import PlaceDialog, Unfiled, place_one_visit, unfiled
from reader_app.study.progress_page import HEADINGS as PROGRESS
from reader_app.study.role_words import MISSING, PRESENT, QUESTION, chip_of, chips_of
from reader_app.study.round_editor import RoundEditor
from reader_app.study.window import StudyWindow
from reader_app.workflow.import_images import Refused, import_images
from reader_app.workflow.pack_reading import write_result
from reader_app.workflow.placement import Examination, Placement
from reader_app.workflow.series_roles import ROLES, RoleStatus
from reader_app.workflow.study_check import VisitCheck
from reader_app.workflow.unpack_reading import reading_folder
from scoring_forms.domain.rules import RoundRules
from scoring_forms.domain.score import Score
from scoring_forms.domain.scoring_system import ScoringSystem
from scoring_forms.domain.systems import available_systems
from storage.grants import Refusal, read_answer
from storage.reading.reading import Reading
from storage.study.records import StoredSeries, Visit
from storage.study.store import Study
from tests.e2e.trials import MR_SERIES, VISITS, write_films, write_mr
from tests.gui.windows import PASSWORD, Answer
from viewer.imaging.series import Series

pytestmark = [pytest.mark.gui, pytest.mark.slow]
VISIT, WEEK, DAY = VISITS[0]
LONG = 30000
OWN_SYSTEM = """
id = "wrist"
title = "Wrist effusion"
modality = "MR"
sides = 1
grand_total = false
[[features]]
id = "effusion"
label = "Effusion"
abbreviation = "EFF"
maximum = 3
roles = ["cor_stir"]
sites = ["radiocarpal"]
"""


@pytest.fixture(scope="session")
def images(tmp_path_factory) -> Path:
    """One visit: P01 complete, P02 without STIR."""
    folder = tmp_path_factory.mktemp("images")
    for subject, series in (("P01", MR_SERIES), ("P02", MR_SERIES[:-1])):
        write_mr(folder / subject, subject, DAY, series=series)
        write_films(folder / subject, subject, DAY)
    return folder


@pytest.fixture(scope="session")
def imported(tmp_path_factory, images) -> Path:
    """A study that has these images."""
    folder = tmp_path_factory.mktemp("studies") / "study"
    with Study.create(folder, "Trial", [Visit(VISIT, WEEK)]) as study:
        import_images(study, [images], checkpoint=lambda _done, _total: None)
    return folder


@pytest.fixture
def opened(qtbot):
    """Opens study windows and closes them at the end."""
    jobs = JobRunner()
    windows = []

    def open_window(folder: Path) -> StudyWindow:
        window = StudyWindow(Study.open(folder), jobs)
        windows.append(window)
        window.show()
        qtbot.waitUntil(lambda: window._reading is None, timeout=LONG)
        return window

    yield open_window
    for window in windows:
        window.close()
        window.deleteLater()
    jobs.close()


@pytest.fixture
def window(opened, imported, tmp_path) -> StudyWindow:
    return opened(shutil.copytree(imported, tmp_path / "study"))


def chips(window: StudyWindow, subject: str) -> dict[str, str]:
    """Return the words of a subject's chips with their state."""
    matrix = window.images.matrix.matrix
    index = matrix.index_of(subject, VISIT)
    return {chip.text: chip.state for chip in matrix.data(index, Qt.ItemDataRole.UserRole)}


def free(window: StudyWindow) -> bool:
    return not window.task.busy and window._reading is None


def press(box: QMessageBox, text: str) -> None:
    next(button for button in box.buttons() if button.text() == text).click()


def fill_lines(editor: RoundEditor, title: str) -> None:
    editor.title_line.setText(title)
    editor.readers.setPlainText("A. Lind\nB. Holm")


def fill(editor: RoundEditor, title: str) -> None:
    fill_lines(editor, title)
    editor.tick("ramris_2003")
    assert editor.check(), editor.problem.text()


def choose(dialog: ExportDialog, folder: Path, formats: tuple[str, ...]) -> None:
    """Find out by trying what the dialog wants, then give it."""
    assert dialog.formats == ("csv", "xlsx")
    dialog.export_button.click()
    assert dialog.problem.text() == "Name the folder with its whole path."
    dialog.folder_line.setText(str(folder))
    for box in dialog.boxes.values():
        box.setChecked(False)
    dialog.export_button.click()
    assert dialog.problem.text() == "Tick at least one format."
    for name in formats:
        dialog.boxes[name].setChecked(True)
    dialog.export_button.click()


def prepare(qtbot, window: StudyWindow, title: str = "RAMRIS") -> None:
    window.show_page("Rounds")
    answer = Answer(RoundEditor, lambda editor: [fill(editor, title), editor.accept()])
    window.rounds.new_button.click()
    assert answer.given
    qtbot.waitUntil(lambda: free(window), timeout=LONG)


def test_chips_say_in_words_what_is_wrong():
    found = [
        chip_of(RoleStatus("cor_stir", (), problem))
        for problem in ("", "missing", "ambiguous", "wrong side: R, not L", "other geometry than cor_t1_pre")
    ]
    assert [chip.text for chip in found] == [
        "STIR",
        "no STIR",
        "STIR: ambiguous",
        "STIR: wrong side",
        "STIR: other geometry",
    ]
    assert [chip.state for chip in found] == [PRESENT, MISSING, QUESTION, QUESTION, QUESTION]
    assert found[-1].tip == "coronal STIR: other geometry than coronal T1 pre"


def test_a_visit_with_series_for_no_form_is_not_called_not_imaged():
    missing = (RoleStatus("cor_stir", (), "missing"),)
    assert [chip.text for chip in chips_of(VisitCheck(VISIT, missing))] == ["not imaged"]
    (chip,) = chips_of(VisitCheck(VISIT, missing), 2)
    assert chip.text == "nothing that is read"
    assert chip.tip.startswith("2 filed here")


def test_a_series_that_was_not_recognised_is_a_question_not_a_gap():
    unknown = StoredSeries("1.2", "1", "P01", VISIT, "DX", "other", "other", "no body part is named")
    missing, there = RoleStatus("xr_pa_left", (), "missing"), RoleStatus("xr_pa_right", (unknown,))
    (chip,) = chips_of(VisitCheck(VISIT, (missing,), (unknown,)), 1)
    assert (chip.text, chip.state) == ("1 not recognised", QUESTION)
    found = chips_of(VisitCheck(VISIT, (missing, there), (unknown, unknown)), 3)
    assert [(one.text, one.state) for one in found] == [
        ("no PA L", MISSING),
        ("PA R", PRESENT),
        ("2 not recognised", QUESTION),
    ]


def test_images_come_in_through_the_window(qtbot, opened, images, tmp_path):
    Study.create(tmp_path / "study", "Trial", [Visit(VISIT, WEEK)]).close()
    window = opened(tmp_path / "study")
    assert not window.images.matrix.isVisible()
    (tmp_path / "letter.txt").write_text("Dear colleague")
    window.images.import_paths([images, tmp_path / "letter.txt"])
    qtbot.waitUntil(lambda: free(window) and window.images.matrix.isVisible(), timeout=LONG)
    assert "40 files new · 1 file not taken" in window.task.text
    assert set(chips(window, "P01").values()) == {PRESENT}
    assert [text for text, state in chips(window, "P02").items() if state == MISSING] == ["no STIR"]
    answer = Answer(RefusedDialog, lambda dialog: [dialog.table.item(0, 0).text(), dialog.reject()])
    window.images.show_refused()
    assert answer.given


def test_images_that_do_not_tell_their_visit_are_asked_for(qtbot, opened, images, tmp_path):
    Study.create(tmp_path / "study", "Trial", [Visit(label, week) for label, week, _ in VISITS]).close()
    window = opened(tmp_path / "study")
    window.images.import_paths([images / "P01" / "mr1"])
    qtbot.waitUntil(lambda: free(window), timeout=LONG)
    assert "4 files not taken" in window.task.text

    def answer(dialog: PlaceDialog) -> None:
        dialog.accept()
        assert dialog.problem.text() == "Give the subject's code."
        dialog.subject.setCurrentText("S-01")
        dialog.visit.setCurrentText(VISIT)
        dialog.accept()

    asked = Answer(PlaceDialog, answer)
    window.images.file_refused()
    assert asked.given
    qtbot.waitUntil(lambda: free(window) and window.images.matrix.isVisible(), timeout=LONG)
    assert chips(window, "S-01")["T1 cor"] == PRESENT


def test_films_of_several_patients_or_days_are_never_filed_as_one_visit(tmp_path):
    nothing = (None, None, None)
    facts = ("CR", "", "other", "", (), 1, 1, 1, (None, None, None), *nothing, ())
    film = tmp_path / "0001.dcm"
    film.touch()
    home = Placement("S-01", VISIT)
    place = place_one_visit(home)
    assert place(film, Series("1.1", "1", "20240105", "P", None, *facts)) == home
    assert place(film, Series("1.2", "1", "20240105", "P", None, *facts)) == home
    for other in (("20240402", "P"), ("20240105", "Q")):
        refusal = place(film, Series("1.3", "2", *other, None, *facts))
        assert isinstance(refusal, str)
        assert unfiled([Refused(film, refusal)]) == (Unfiled(tmp_path, (film,)),)  # asked for in another turn


def test_whose_images_come_first_is_said_before_they_are_filed(qtbot, window, tmp_path):
    early, late = Examination("P", "20240105"), Examination("P", "20240402")
    film = tmp_path / "0001.dcm"
    film.touch()
    groups = unfiled([Refused(film, "no date; name subject and visit", of) for of in (late, early)])
    assert groups == (Unfiled(tmp_path, (film, film), (early, late)),)
    dialog = PlaceDialog(["P01"], [VISIT], groups, parent=window)
    qtbot.addWidget(dialog)
    assert "this subject and visit: patient P, 2024-01-05. Left for another" in dialog.words.text()
    assert dialog.words.text().endswith("turn: patient P, 2024-04-02.")
    assert dialog.examination == early
    dialog.folders.item(0).setCheckState(Qt.CheckState.Unchecked)
    assert "the first patient and day that are found" in dialog.words.text()
    facts = ("CR", "", "other", "", (), 1, 1, 1, (None, None, None), None, None, None, ())
    place = place_one_visit(Placement("S-01", VISIT), early)
    assert "on another day" in str(place(film, Series("1.1", "1", "20240402", "P", None, *facts)))
    assert place(film, Series("1.2", "2", "20240105", "P", None, *facts)) == Placement("S-01", VISIT)


def test_a_zip_that_is_dropped_is_imported(qtbot, opened, images, tmp_path):
    Study.create(tmp_path / "study", "Trial", [Visit(VISIT, WEEK)]).close()
    archive = shutil.make_archive(str(tmp_path / "images"), "zip", images)
    window = opened(tmp_path / "study")
    window.show_page("Rounds")
    carried = QMimeData()
    carried.setUrls([QUrl.fromLocalFile(archive)])
    window.dropEvent(
        QDropEvent(
            QPointF(300, 300),
            Qt.DropAction.CopyAction,
            carried,
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )
    )
    qtbot.waitUntil(lambda: free(window) and window.images.matrix.isVisible(), timeout=LONG)
    assert "40 files new" in window.task.text
    assert window.images.isVisible()


def test_a_map_files_images_in_the_window_or_says_what_is_wrong_with_it(qtbot, opened, images, tmp_path):
    Study.create(tmp_path / "study", "Trial", [Visit(label, week) for label, week, _ in VISITS]).close()
    window = opened(tmp_path / "study")
    table = tmp_path / "where.csv"
    table.write_text(f"path,subject,visit\nP01,S-01,{VISIT}\nP02,S-02,Never\n", "utf-8")
    window.images.import_by_map(table, images)
    assert window.task.text.startswith("Not imported")
    assert "Never" in window.task.text
    table.write_text(f"path,subject,visit\nP01,S-01,{VISIT}\n", "utf-8")
    window.images.import_by_map(table, images)
    qtbot.waitUntil(lambda: free(window) and window.images.matrix.isVisible(), timeout=LONG)
    assert "not taken" in window.task.text
    assert set(chips(window, "S-01").values()) == {PRESENT}


def test_a_role_is_overruled_where_its_series_is_shown(qtbot, window):
    window.images.matrix.choose("P01", VISIT)
    inspector = window.images.inspector
    assert inspector.title.text() == f"P01 · {VISIT}"
    assert len(inspector.cards) == 7
    qtbot.waitUntil(
        lambda: all(not card.picture.pixmap().isNull() for card in inspector.cards.values()), timeout=LONG
    )
    card = next(card for card in inspector.cards.values() if card.role.currentData() == "cor_stir")
    card.role.setCurrentIndex(ROLES.index("cor_t1_pre"))
    card.role.activated.emit(card.role.currentIndex())
    qtbot.waitUntil(lambda: chips(window, "P01").get("T1 cor: ambiguous") == QUESTION, timeout=LONG)
    assert chips(window, "P01")["no STIR"] == MISSING
    with Study.open(window._study.folder, read_only=True) as study:
        (changed,) = [one for one in study.series() if one.overruled]
    assert (changed.recognised_role, changed.role) == ("cor_stir", "cor_t1_pre")
    assert len(inspector.cards) == 7  # the cell stays chosen


def test_subjects_are_found_by_name_and_by_what_is_missing(window):
    page, matrix = window.images, window.images.matrix.matrix
    assert page._count.text() == "0 questions and 1 gap."
    page.search.setText("p02")
    assert matrix.rowCount() == 1
    page.search.clear()
    page.show_only.setCurrentIndex(2)
    assert [matrix.index(row, 0).data() for row in range(matrix.rowCount())] == ["P02"]


def test_a_title_that_tells_a_week_is_refused_while_it_is_typed(qtbot, window):
    editor = RoundEditor(window._study, window)
    qtbot.addWidget(editor)
    editor.tick("ramris_2003")
    editor.readers.setPlainText("A. Lind")
    editor.title_line.setText("Week 12")
    qtbot.waitUntil(lambda: "holds a week" in editor.problem.text())
    assert not editor.prepare.isEnabled()
    editor.title_line.setText("RAMRIS")
    qtbot.waitUntil(editor.prepare.isEnabled)
    assert editor.preview.text() == "2 subjects can be read."
    editor.tick("sharp_1985")
    assert not editor.check()
    assert "separate rounds" in editor.problem.text()


def test_films_of_one_hand_are_warned_of_where_a_round_scores_both(qtbot, opened, tmp_path):
    write_films(tmp_path / "images", "P01", DAY)
    (tmp_path / "images" / "filmR.dcm").unlink()
    with Study.create(tmp_path / "study", "Trial", [Visit(VISIT, WEEK)]) as study:
        import_images(study, [tmp_path / "images"], checkpoint=lambda _done, _total: None)
    window = opened(tmp_path / "study")
    editor = RoundEditor(window._study, window)
    qtbot.addWidget(editor)
    fill_lines(editor, "Films")
    editor.tick("sharp_1985")
    assert editor.check(), editor.problem.text()
    assert "1 subject can be read. ⚠ No visit has films of both hands" in editor.preview.text()


def test_formats_of_an_export_are_remembered(qtbot, tmp_path):
    first = ExportDialog("RAMRIS")
    qtbot.addWidget(first)
    first.folder_line.setText(str(tmp_path))
    first.boxes["csv"].setChecked(False)
    first.boxes["sav"].setChecked(True)
    first.accept()
    again = ExportDialog("RAMRIS")
    qtbot.addWidget(again)
    assert again.formats == ("xlsx", "sav")
    QSettings("RA Reader", "RA Reader").remove("export/formats")


def test_every_rule_of_a_round_is_chosen_in_the_editor(qtbot, window):
    editor = RoundEditor(window._study, window)
    qtbot.addWidget(editor)
    assert editor.request.rules == RoundRules()
    fields = editor.rules
    assert not fields.same_place.isEnabled()
    fields.evidence.setCurrentIndex(2)
    fields.same_place.setValue(4.5)
    for box in (fields.totals_visible, fields.confidence, fields.fill_unseen):
        qtbot.keyClick(box, Qt.Key.Key_Space)
    fields.prorate.setValue(75)
    wanted = RoundRules(
        totals_visible=False,
        evidence="required",
        same_place_mm=4.5,
        confidence=True,
        fill_unseen=False,
        prorate_from=0.75,
    )
    assert editor.request.rules == wanted
    fields_with_words = fields.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly)
    assert all(one.toolTip() for one in fields_with_words if not isinstance(one, QLabel))


def test_what_an_adjudication_does_is_chosen_where_a_rule_is_given(qtbot, window):
    editor = RoundEditor(window._study, window)
    qtbot.addWidget(editor)
    fields = editor.adjudication
    assert not fields.method_box.isEnabled()
    fields.rules_line.setText("change:synovitis>3 site>=2")
    assert fields.method_box.isEnabled()
    fields.method_box.setCurrentText("Consensus")
    fill(editor, "RAMRIS")
    request = editor.request
    assert (request.adjudication, request.method) == (("change:synovitis>3", "site>=2"), "consensus")
    fields.rules_line.setText("change:synovitis")
    assert not editor.check()
    assert "is none of change:FEATURE>N" in editor.problem.text()


def test_every_system_is_offered_and_one_of_a_file_too(qtbot, window, tmp_path):
    editor = RoundEditor(window._study, window)
    qtbot.addWidget(editor)
    assert editor.systems.topLevelItemCount() == len(available_systems())
    file = tmp_path / "wrist.toml"
    file.write_text(OWN_SYSTEM.replace("maximum = 3", "maximum = 300"), "utf-8")
    told = []
    answer = Answer(QMessageBox, lambda box: [told.append(box.text()), box.accept()])
    editor.add_system(file)
    assert answer.given
    assert "wrist.toml, line 11" in told[0]
    file.write_text(OWN_SYSTEM, "utf-8")
    editor.add_system(file)
    (system,) = editor.request.systems
    assert isinstance(system, ScoringSystem)
    assert (system.id, editor.request.features) == ("wrist", ())
    fill_lines(editor, "Wrist")
    assert editor.check(), editor.problem.text()


def test_a_request_to_reopen_is_allowed_with_a_file_or_refused(qtbot, window, tmp_path):
    prepare(qtbot, window)
    (path, _), reason = [Path(one.reading.path) for one in window.rounds.chosen.readings], "the wrong hand"
    with Reading.open(path) as reading:
        codes = [case.code for case in reading.cases()]
        for code in codes:
            (letter,) = (timepoint.letter for timepoint in reading.case(code).timepoints)
            reading.record(code, [(cell, Score(0.0)) for cell in reading.form.cells(letter)], "score.fill")
            reading.sign(code, PASSWORD)
            reading.request_reopening(code, reason)
    window.show_page("Progress")
    requests = window.progress.requests
    assert requests.isHidden()
    window.progress.collect_button.click()
    qtbot.waitUntil(lambda: free(window) and requests.table.rowCount() == 2, timeout=LONG)
    assert requests.isVisible()
    assert requests.table.row_texts(0)[:3] == ("A. Lind", "RAMRIS", codes[1])
    assert requests.table.row_texts(0)[4:] == ("waits for an answer", reason)
    requests.refuse_for("read as planned")
    qtbot.waitUntil(lambda: free(window) and requests.table.row_texts(0)[2] == codes[0], timeout=LONG)
    assert requests.table.row_texts(1)[4] == "refused: read as planned"
    requests.tell_into(next(one for one in requests._requests if one.answer), "read as planned", tmp_path)
    assert isinstance(read_answer(tmp_path / f"{path.stem}-{codes[1]}.refused"), Refusal)
    requests.allow_into(tmp_path)
    qtbot.waitUntil(lambda: free(window) and "allowed" in states(requests), timeout=LONG)
    grant = read_answer(tmp_path / f"{path.stem}-{codes[0]}.reopen")
    with Reading.open(path) as reading:
        reading.reopen(grant)
        assert [case.reopened for case in reading.cases()] == [True, False]
    requests.table.setCurrentCell(states(requests).index("allowed"), 0)
    assert requests.allow_button.text() == "Write the file &again…"
    requests.allow_into(tmp_path)
    assert "Not allowed" in window.task.text
    assert window._study.verify() == ()


def states(requests):
    return [requests.table.row_texts(row)[4] for row in range(requests.table.rowCount())]


def test_a_round_is_prepared_locked_and_exported(qtbot, window, tmp_path):
    prepare(qtbot, window)
    assert "2 readings for A. Lind, B. Holm" in window.task.text
    chosen = window.rounds.chosen
    assert all(Path(one.reading.path).is_dir() for one in chosen.readings)
    assert [window.rounds.readings.item(row, 0).text() for row in range(2)] == ["A. Lind", "B. Holm"]
    assert not window.rounds.export_button.isEnabled()

    window.show_page("Progress")
    assert [window.progress.table.item(0, column).text() for column in (2, 3, 4)] == ["0 of 2"] * 3
    window.progress.collect_button.click()
    qtbot.waitUntil(lambda: free(window), timeout=LONG)
    assert window.task.text == "Collected 0 cases new"

    asked = []

    def lock_anyway(box: QMessageBox) -> None:
        asked.append(box.text())
        press(box, "Lock anyway")

    def lock(box: QMessageBox) -> None:
        asked.append(box.text())
        later.append(Answer(QMessageBox, lock_anyway))
        press(box, "Lock")

    later = []
    first = Answer(QMessageBox, lock)
    window.rounds.lock_button.click()
    assert first.given
    qtbot.waitUntil(lambda: free(window) and window.rounds.export_button.isEnabled(), timeout=LONG)
    assert "A. Lind: 2 cases not signed and collected" in asked[1]
    exported = Answer(ExportDialog, lambda dialog: choose(dialog, tmp_path / "tables", ("csv", "sav")))
    window.rounds.export_button.click()
    assert exported.given
    qtbot.waitUntil(lambda: free(window), timeout=LONG)
    assert "19 files in" in window.task.text
    assert {path.suffix for path in (tmp_path / "tables").iterdir()} == {".csv", ".sav", ".json"}


def test_the_audit_trail_is_filtered_verified_and_exported(qtbot, window, tmp_path):
    window.show_page("Audit trail")
    audit = window.audit
    rows = audit.table.rows
    qtbot.waitUntil(lambda: rows.rowCount() > 0, timeout=LONG)
    audit.filter.setText("images imported")
    assert audit._count.text() == f"{rows.rowCount()} of {len(audit._entries)} rows"
    assert {rows.texts(row)[3] for row in range(rows.rowCount())} == {"images.imported"}
    audit.verify_button.click()
    qtbot.waitUntil(lambda: free(window), timeout=LONG)
    assert "as they were written" in window.task.text
    audit.export_to(tmp_path / "trail")
    qtbot.waitUntil(lambda: free(window), timeout=LONG)
    lines = (tmp_path / "trail" / "audit_trail.csv").read_text("utf-8").splitlines()
    assert lines[0].startswith("seq,utc,actor")
    assert len(lines) == len(audit._entries) + 1


def test_closing_while_work_goes_on_stops_it_first(qtbot, window, images):
    window.images.import_paths([images])
    answer = Answer(QMessageBox, lambda box: press(box, "Stop it and close"))
    window.close()
    assert answer.given
    qtbot.waitUntil(lambda: window._closed, timeout=LONG)
    assert not window.isVisible()
    Study.open(window._study.folder).close()  # nobody holds it any more


def tabbed(qtbot, dialog) -> list[str]:
    """Return the names of what Tab goes through, from the first field until it is there again."""
    dialog.show()
    dialog.activateWindow()
    qtbot.waitUntil(lambda: dialog.isAncestorOf(QApplication.focusWidget()), timeout=LONG)
    first = QApplication.focusWidget()
    names = []
    while True:
        here = QApplication.focusWidget()
        text = here.text() if isinstance(here, QAbstractButton) else ""
        names.append(here.accessibleName() or text.replace("&", ""))
        qtbot.keyClick(here, Qt.Key.Key_Tab)
        if QApplication.focusWidget() is first:
            return names


def test_tab_goes_down_the_fields_of_a_new_round_and_every_one_has_a_name(qtbot, window):
    editor = RoundEditor(window._study, window)
    qtbot.addWidget(editor)
    fill(editor, "RAMRIS")
    names = tabbed(qtbot, editor)
    assert names[:9] == [
        *(
            "Title",
            "Scoring systems and features",
            "Add a system from a file…",
            "Visits",
            "Design",
            "Readers",
        ),
        *("Repeats", "Readings go to", "Browse…"),
    ]
    assert names[9] == "Totals are shown while reading"
    assert names[-2:] == ["Prepare readings", "Cancel"]
    assert all(names)


def test_a_place_is_given_with_the_keyboard_alone(qtbot, window):
    dialog = PlaceDialog(["P01"], [VISIT], new_visits=True, parent=window)
    qtbot.addWidget(dialog)
    assert tabbed(qtbot, dialog) == ["Subject", "Visit", "Imaged hand", "Import", "Cancel"]
    qtbot.keyClicks(dialog.subject, "S-01")
    qtbot.keyClick(dialog.subject, Qt.Key.Key_Return)
    assert dialog.result() == PlaceDialog.DialogCode.Accepted
    assert dialog.placement == Placement("S-01", VISIT, None)


def test_a_long_trail_is_shown_whole_with_digests_shortened_but_copied_in_full(qtbot, window):
    digest = "0123456789abcdef" * 4
    with window._study.transaction():
        for number in range(10_000):
            window._study.note("test.row", case_code="K7Q2M", item=f"place-{number}-", old=digest, new=digest)
    window.resize(1280, 800)
    window.show_page("Audit trail")
    table, rows = window.audit.table, window.audit.table.rows
    qtbot.waitUntil(lambda: rows.rowCount() > 10_000, timeout=LONG)
    cell = rows.index(0, HEADINGS.index("After"))
    assert (cell.data(), cell.data(Qt.ItemDataRole.ToolTipRole)) == ("01234567…abcdef", digest)
    assert table.horizontalHeader().length() <= table.viewport().width()
    assert table.columnWidth(HEADINGS.index("Why")) > 80
    window.audit.filter.setText("place-9999-")
    assert rows.rowCount() == 1
    table.selectRow(0)
    qtbot.keyClick(table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text().split("\t")[-3:] == [digest, digest, ""]


def test_readings_are_packed_and_their_results_collected_in_the_window(qtbot, window, tmp_path):
    prepare(qtbot, window)
    window.rounds.pack_into(tmp_path)
    qtbot.waitUntil(lambda: free(window), timeout=LONG)
    assert "Packed 2 readings" in window.task.text
    (first, second) = (Path(one.reading.path) for one in window.rounds.chosen.readings)
    assert {path.name for path in tmp_path.glob("*.zip")} == {f"{first.name}.zip", f"{second.name}.zip"}
    away = reading_folder(tmp_path / f"{first.name}.zip")
    with Reading.open(away) as reading:
        code = reading.cases()[0].code
        (letter,) = (timepoint.letter for timepoint in reading.case(code).timepoints)
        cells = list(reading.form.cells(letter))
        reading.record(code, [(cell, Score(0.0)) for cell in cells], "score.fill")
        reading.add_active_time(code, cells[0], 270_000)
        reading.sign(code, PASSWORD)
    shutil.rmtree(first)  # the reader has the only one that counts
    window.show_page("Progress")
    table = window.progress.table
    column = {heading: number for number, heading in enumerate(PROGRESS)}
    window.progress.collect_from([write_result(away)])
    qtbot.waitUntil(
        lambda: free(window) and table.item(0, column["Collected"]).text() == "1 of 2", timeout=LONG
    )
    assert table.item(0, column["Pace"]).text() == "1 a week"
    assert "1 week to go" in table.item(0, column["Pace"]).toolTip()
    assert table.item(0, column["Median time"]).text() == "4.5 min"
    assert table.item(1, column["Pace"]).text() == "–"


def test_an_import_tells_of_every_series_while_it_goes_on(qtbot, window, images, tmp_path):
    (tmp_path / "letter.txt").write_text("Dear colleague")
    (tmp_path / "other.txt").write_text("Dear colleague")
    window.images.import_paths([images, tmp_path / "letter.txt", tmp_path / "other.txt"])
    found = window.images.imports
    assert found.isVisible()
    qtbot.waitUntil(lambda: free(window), timeout=LONG)
    lines = [found.table.row_texts(row) for row in range(found.table.rowCount())]
    assert len(lines) == 14
    assert lines[0][2].endswith("and others")
    assert lines[0][3] == "2 not taken"
    assert lines[0][4]
    assert found.table.item(0, 4).toolTip() == lines[0][4]
    assert {line[3] for line in lines[1:]} == {"1 already there", "4 already there"}
    assert {line[1] for line in lines[1:]} == {"P01, 2021-03-01", "P02, 2021-03-01"}
    assert {line[2] for line in lines if line[0] == "hand PA"} == {"filmL.dcm", "filmR.dcm"}
    assert "0 files new, 40 already there, 2 not taken" in found._words.text()
    found.hide_button.click()
    assert not found.isVisible()


def test_rows_of_a_large_matrix_have_the_height_their_chips_need(qtbot, window):
    view = window.images.matrix
    checks = [replace(one, subject=f"S{number}") for number in range(100) for one in view.matrix._checks]
    view.show_checks(checks, [VISIT])
    view.resize(400, 600)
    heights = [view.rowHeight(row) for row in range(len(checks))]
    view.resizeRowsToContents()
    assert heights == [view.rowHeight(row) for row in range(len(checks))]
    assert heights[0] > 50  # more than one line

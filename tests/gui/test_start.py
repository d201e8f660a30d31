import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit

from reader_app.images.file_dialogs import ask_folder
from reader_app.program import Program
from reader_app.start import StartWindow
from reader_app.study.new_study import NewStudyDialog
from reader_app.study.recent import recent_studies, remember_study
from reader_app.waiting import DemoBuilder, DemoDialog
from reader_app.workflow.pack_reading import pack_reading
from scoring_forms.domain.form import compose_form
from storage.errors import StoreNotFoundError
from storage.study.records import Visit
from storage.study.store import Study
from tests.gui.windows import Answer, build

pytestmark = pytest.mark.gui


@pytest.fixture
def program(qapp):
    """A program whose unexpected errors fail the test."""
    hook = sys.excepthook
    opened = Program()
    sys.excepthook = hook
    yield opened
    opened.close()
    qapp.setStyleSheet("")
    QSettings("RA Reader", "RA Reader").clear()


@pytest.fixture
def start(program, qtbot, tmp_path):
    window = StartWindow(program, tmp_path / "demo")
    program.show(window)
    return window


@pytest.fixture
def study_folder(tmp_path) -> Path:
    Study.create(tmp_path / "study", "Anakinra", [Visit("Week 0", 0)]).close()
    return tmp_path / "study"


def test_everything_is_offered_and_reached_with_the_keyboard(qtbot, start):
    names = [offer.accessibleName() for offer in start.offers.values()]
    assert names == ["Try the demo", "Open reading", "Open zip", "Open study", "New study", "Look at images"]
    reached = []
    for _ in names:
        reached.append(QApplication.focusWidget().accessibleName())
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
    assert reached == names


def test_an_opened_study_is_remembered_and_opens_from_the_list(qtbot, start, program, study_folder):
    start.open_study_in(study_folder)
    assert [(one.folder, one.title) for one in recent_studies()] == [(study_folder, "Anakinra")]
    window = program._windows[-1]
    assert window.windowTitle() == "Anakinra – RA Reader"
    window.close()
    start.recent.setCurrentRow(0)
    start.recent.itemActivated.emit(start.recent.item(0))
    assert program._windows[-1] is not window
    assert program._windows[-1].windowTitle() == "Anakinra – RA Reader"


def test_a_study_that_is_gone_is_grey_says_so_and_can_be_forgotten(start, tmp_path):
    remember_study(tmp_path / "gone", "Old trial")
    start.show_recent()
    (item,) = [start.recent.item(row) for row in range(start.recent.count())]
    assert "no longer there" in item.text()
    assert item.foreground().color() != start.recent.palette().text().color()
    start.recent.itemActivated.emit(item)
    assert start.problem.text().startswith(f"“Old trial” is no longer in {tmp_path / 'gone'}: ")
    start.forget_button.click()
    assert recent_studies() == ()
    assert not start.problem.isVisible()
    assert not start.forget_button.isVisible()


def test_delete_takes_a_study_off_the_list(qtbot, start, study_folder):
    remember_study(study_folder, "Anakinra")
    start.show_recent()
    start.recent.setFocus()
    start.recent.setCurrentRow(0)
    qtbot.waitUntil(lambda: QApplication.focusWidget() is start.recent)
    qtbot.keyClick(start.recent, Qt.Key.Key_Delete)
    assert recent_studies() == ()
    assert not start.recent.isVisible()


def test_a_folder_that_is_no_reading_is_told_in_one_sentence_and_not_remembered(start, tmp_path):
    def choose(dialog: QFileDialog) -> None:
        dialog.setDirectory(str(tmp_path))
        dialog.selectFile(str(tmp_path))
        dialog.accept()

    answer = Answer(QFileDialog, choose)
    start.offers["reading"].click()
    assert answer.given
    assert start.problem.text().startswith(f"There is no reading in {tmp_path}. Choose ")
    assert recent_studies() == ()


def test_a_zipped_reading_is_unpacked_and_opened(qtbot, start, program, tmp_path):
    folder = build(tmp_path, compose_form(["ramris_2003"], ["synovitis"]))
    away = tmp_path / "away"
    away.mkdir()
    archive = pack_reading(folder, away)
    start.open_dropped(archive)
    window = program._windows[-1]
    assert window.objectName() == "reading"
    assert (away / folder.name).is_dir()
    window.close()


def test_a_zip_of_something_else_is_told_in_one_sentence(start, tmp_path):
    (tmp_path / "other.reading.zip").write_bytes(b"PK nothing")
    start.open_dropped(tmp_path / "other.reading.zip")
    assert start.problem.text().startswith("This archive is not a reading: it is neither a reading's folder")


def test_a_study_that_is_dropped_is_opened(start, program, study_folder):
    start.open_dropped(study_folder)
    assert program._windows[-1].windowTitle() == "Anakinra – RA Reader"


def test_asking_for_a_folder_leaves_no_trace_of_it(qtbot, start, tmp_path):
    answer = Answer(QFileDialog, lambda dialog: [dialog.setDirectory(str(tmp_path)), dialog.accept()])
    assert ask_folder(start, "Which?") == tmp_path
    assert answer.given
    settings = QSettings(QSettings.Scope.UserScope, "QtProject")
    settings.sync()
    assert not [key for key in settings.allKeys() if str(tmp_path) in str(settings.value(key))]


def test_a_new_study_has_the_visits_that_were_typed(qtbot, tmp_path):
    dialog = NewStudyDialog()
    qtbot.addWidget(dialog)
    dialog.accept()
    assert dialog.problem.text() == "Give the study a title."
    dialog.title_line.setText("My trial (2)")
    dialog.parent_line.setText(str(tmp_path))
    dialog.visits.item(1, 1).setText("twelve")
    dialog.accept()
    assert dialog.problem.text() == "The week of Week 12 is “twelve”, not a number."
    dialog.visits.item(1, 1).setText("12.5")
    dialog.accept()
    assert dialog.study.folder == tmp_path / "my-trial-2"
    assert dialog.study.visits() == (Visit("Week 0", 0), Visit("Week 12", 12.5), Visit("Week 36", 36))
    dialog.study.close()


def test_tab_leaves_the_visits_of_a_new_study(qtbot):
    dialog = NewStudyDialog()
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.activateWindow()
    dialog.visits.setFocus()
    qtbot.waitUntil(lambda: QApplication.focusWidget() is dialog.visits)
    dialog.visits.setCurrentCell(2, 1)
    qtbot.keyClick(dialog.visits, Qt.Key.Key_Delete)
    assert dialog.visits.item(2, 1).text() == ""
    reached = []
    for _ in range(4):
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        reached.append(QApplication.focusWidget().property("text").replace("&", ""))
    assert reached == ["Add visit", "Remove visit", "Create study", "Cancel"]


def test_return_in_a_visit_of_a_new_study_begins_and_ends_the_editing_and_creates_nothing(qtbot, tmp_path):
    dialog = NewStudyDialog()
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.activateWindow()
    dialog.title_line.setText("My trial")
    dialog.parent_line.setText(str(tmp_path))
    dialog.visits.setFocus()
    qtbot.waitUntil(lambda: QApplication.focusWidget() is dialog.visits)
    dialog.visits.setCurrentCell(1, 0)
    qtbot.keyClick(dialog.visits, Qt.Key.Key_Return)
    editor = QApplication.focusWidget()
    assert isinstance(editor, QLineEdit)
    qtbot.keyClicks(editor, "Month 3")
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: dialog.visits.item(1, 0).text() == "Month 3")
    assert dialog.isVisible()
    assert dialog.study is None


def test_a_demo_that_cannot_be_built_is_told_in_one_sentence(qtbot, start, tmp_path):
    (tmp_path / "demo").mkdir()
    (tmp_path / "demo" / "letter.txt").write_text("mine")
    start.try_demo()
    assert start.problem.text().startswith("The demo cannot be written there")


def test_a_cancelled_demo_leaves_nothing(qtbot, program, tmp_path):
    builder = DemoBuilder(program.jobs)
    dialog = DemoDialog(builder)
    qtbot.addWidget(dialog)
    builder.progress.connect(dialog.reject)
    builder.start(tmp_path / "demo", 1)
    dialog.exec()
    program.jobs.close()
    assert dialog.demo is None
    assert not [path for path in tmp_path.iterdir() if path.is_dir() and any(path.iterdir())]


def test_a_small_window_says_what_is_being_opened_until_it_is(program):
    with program.opening("Opening the reading …"):
        (label,) = (one for one in program.app.topLevelWidgets() if one.objectName() == "opening")
        assert (label.isVisible(), label.text()) == (True, "Opening the reading …")
    assert not label.isVisible()


def test_the_small_window_goes_when_opening_fails(program):
    with pytest.raises(StoreNotFoundError), program.opening("Opening …"):
        raise StoreNotFoundError(Path("gone"), "reading")
    assert not any(one.isVisible() for one in program.app.topLevelWidgets() if one.objectName() == "opening")

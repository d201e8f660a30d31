"""The form in a window of its own."""

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtWidgets import QApplication

from reader_app.jobs import JobRunner
from reader_app.reading.window import ReadingWindow
from reader_app.reading.window_place import place_text, visible_place
from storage.reading.reading import Reading
from tests.gui.windows import saved_sheet, type_keys

pytestmark = pytest.mark.gui


@pytest.fixture
def detached(qtbot, window):
    qtbot.keyClick(window.panel.table, Qt.Key.Key_M, Qt.KeyboardModifier.ControlModifier)
    form = window.panel.window()
    assert form is not window
    form.activateWindow()
    qtbot.waitUntil(lambda: form.isActiveWindow() and QApplication.focusWidget() is window.panel.table)
    return window


def test_scores_and_commands_work_from_the_form_in_its_own_window(qtbot, detached, folder):
    type_keys(qtbot, detached, "2")
    assert len(saved_sheet(folder)) == 1
    inverted = detached.grid.panes[0].state.picture.inverted
    type_keys(qtbot, detached, "i")
    assert detached.grid.panes[0].state.picture.inverted != inverted
    title = detached.grid.panes[0].state.title
    qtbot.keyPress(detached.panel.table, Qt.Key.Key_Space)
    assert detached.grid.panes[0].state.title != title
    qtbot.keyRelease(detached.panel.table, Qt.Key.Key_Space)
    assert detached.grid.panes[0].state.title == title


def test_closing_the_form_puts_it_back_beside_the_pictures(qtbot, detached):
    detached.panel.window().close()
    assert detached.panel.window() is detached
    assert detached.panel.isVisible()


def test_a_form_left_in_its_own_window_is_there_again_at_the_next_start(qtbot, detached, folder):
    detached.close()
    jobs = JobRunner()
    again = ReadingWindow(Reading.open(folder), jobs)
    qtbot.addWidget(again)
    again.show()
    again.open_first()
    form = again.panel.window()
    assert form is not again
    assert form.isVisible()
    assert form.screen().availableGeometry().intersects(form.geometry())
    form.close()
    again.close()
    last = ReadingWindow(Reading.open(folder), jobs)
    qtbot.addWidget(last)
    last.open_first()
    assert last.panel.window() is last
    last.close()
    jobs.close()


def test_a_place_on_a_screen_that_is_gone_is_not_used(qtbot):
    fallback = QRect(10, 20, 300, 400)
    screen = QApplication.primaryScreen().availableGeometry()
    there = QRect(screen.x() + 50, screen.y() + 50, 300, 400)
    assert visible_place(place_text(there), fallback) == there
    assert visible_place(place_text(there.translated(90000, 0)), fallback) == fallback
    assert visible_place(None, fallback) == fallback
    assert visible_place("nonsense", fallback) == fallback
    assert visible_place("99999999999,0,10,10", fallback) == fallback
    assert visible_place("50,50,-300,-400", fallback) == fallback


def test_a_window_from_a_larger_screen_is_shown_whole_on_the_one_that_is_left(qtbot):
    screen = QApplication.primaryScreen().availableGeometry()
    beside = QRect(screen.right() - 150, screen.y() + 60, 300, 400)
    larger = QRect(screen.x() + 10, screen.y() + 10, screen.width() + 500, screen.height() + 300)
    fallback = QRect(10, 20, 300, 400)
    assert visible_place(place_text(beside), fallback) == beside.translated(-149, 0)
    assert visible_place(place_text(larger), fallback) == screen


def test_the_reading_window_opens_where_it_was(opened, window, folder):
    window.setGeometry(0, 30, 800, 700)
    place = place_text(window.geometry())
    window.close()
    with Reading.open(folder, read_only=True) as reading:
        assert (reading.recall("window"), reading.recall("window_maximised")) == (place, "no")
    assert opened(folder).pos().y() == window.pos().y()

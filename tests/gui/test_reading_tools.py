"""Measuring, magnifying and playing in the reading window, by real key and mouse events."""

import itertools
import re

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication

from scoring_forms.domain.form import compose_form
from tests.gui.windows import build, saved_sheet, text_of, type_keys

pytestmark = pytest.mark.gui

LEFT, RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton


def drag(qtbot, pane, start, stop):
    qtbot.mousePress(pane, Qt.MouseButton.LeftButton, pos=start)
    qtbot.mouseMove(pane, (start + stop) / 2)
    qtbot.mouseMove(pane, stop)
    qtbot.mouseRelease(pane, Qt.MouseButton.LeftButton, pos=stop)


@pytest.fixture
def films(opened, tmp_path):
    return opened(build(tmp_path, compose_form(["sharp_1985"]), films=True))


def test_a_drag_measures_millimetres_and_stays_on_its_slice(qtbot, window):
    pane = window.grid.panes[0]
    type_keys(qtbot, window, "d")
    middle = pane.rect().center()
    drag(qtbot, pane, middle, middle + QPoint(40, 30))
    (measure,) = pane.state.measures
    length = 50 / pane.state.picture.view.pixels_per_column
    assert measure.text == f"{length:.1f} mm"
    assert window.grid.panes[1].state.measures == ()
    type_keys(qtbot, window, Qt.Key.Key_PageDown)
    assert pane.state.measures == ()
    type_keys(qtbot, window, Qt.Key.Key_PageUp)
    assert pane.state.measures == (measure,)


def test_an_angle_is_drawn_in_two_drags(qtbot, window):
    pane = window.grid.panes[0]
    type_keys(qtbot, window, "g")
    vertex = pane.rect().center()
    drag(qtbot, pane, vertex + QPoint(40, 0), vertex)
    assert pane.state.measures[0].text == ""
    drag(qtbot, pane, vertex, vertex + QPoint(0, 40))
    assert pane.state.measures[0].text == "90.0°"


def test_measures_are_taken_back_one_by_one_also_a_clearing(qtbot, window, folder):
    pane = window.grid.panes[0]
    type_keys(qtbot, window, "d")
    middle = pane.rect().center()
    for length in (20, 40):
        drag(qtbot, pane, middle, middle + QPoint(length, 0))
    both = pane.state.measures
    window.pictures.clear_measures()
    assert pane.state.measures == ()
    for expected in (both, both[:1], ()):
        window.pictures.undo_measure()
        assert pane.state.measures == expected
    window.pictures.undo_measure()
    assert "no measurement" in text_of(window, "message")
    assert saved_sheet(folder) == {}


def test_measures_are_there_again_after_reopening(qtbot, opened, folder):
    window = opened(folder)
    type_keys(qtbot, window, "d")
    pane = window.grid.panes[0]
    drag(qtbot, pane, pane.rect().center(), pane.rect().center() + QPoint(30, 0))
    text = pane.state.measures[0].text
    window.close()
    assert [measure.text for measure in opened(folder).grid.panes[0].state.measures] == [text]


def test_another_button_pressed_meanwhile_does_not_take_a_drag_away(qtbot, window):
    pane = window.grid.panes[0]
    start, end = pane.rect().center() - QPoint(50, 0), pane.rect().center() + QPoint(50, 0)
    type_keys(qtbot, window, "d")
    qtbot.mousePress(pane, Qt.MouseButton.LeftButton, pos=start)
    qtbot.mouseMove(pane, start + QPoint(20, 0))
    before = pane.state.picture.window
    for event, button in ((QEvent.Type.MouseButtonPress, RIGHT), (QEvent.Type.MouseButtonRelease, RIGHT)):
        held = LEFT | RIGHT if event == QEvent.Type.MouseButtonPress else LEFT
        at = QPointF(start + QPoint(20, 0))
        pressed = QMouseEvent(event, at, pane.mapToGlobal(at), button, held, Qt.KeyboardModifier.NoModifier)
        QApplication.sendEvent(pane, pressed)
    qtbot.mouseMove(pane, end)
    qtbot.mouseRelease(pane, LEFT, pos=end)
    (measure,) = pane.state.measures
    assert measure.points[0] == pytest.approx((start.x(), start.y()), abs=0.01)
    assert measure.points[1] == pytest.approx((end.x(), end.y()), abs=0.01)
    assert pane.state.picture.window == before


def test_a_mere_click_measures_nothing_and_escape_points_again(qtbot, window):
    pane = window.grid.panes[0]
    type_keys(qtbot, window, "d")
    qtbot.mouseClick(pane, Qt.MouseButton.LeftButton, pos=pane.rect().center())
    assert pane.state.measures == ()
    assert pane.state.cross is None
    type_keys(qtbot, window, Qt.Key.Key_Escape)
    qtbot.mouseClick(pane, Qt.MouseButton.LeftButton, pos=pane.rect().center())
    assert pane.state.cross is not None


def test_a_length_on_a_film_says_that_it_holds_at_the_detector(qtbot, films):
    pane = films.grid.panes[0]
    type_keys(qtbot, films, "d")
    drag(qtbot, pane, pane.rect().center(), pane.rect().center() + QPoint(0, 60))
    assert re.fullmatch(r"[0-9.]+ mm at detector", pane.state.measures[0].text)


def test_nothing_is_measured_where_no_length_is_known(qtbot, opened, tmp_path):
    reading = build(tmp_path, compose_form(["sharp_1985"]), films=True, film_spacing=None)
    window = opened(reading)
    pane = window.grid.panes[0]
    type_keys(qtbot, window, "d")
    drag(qtbot, pane, pane.rect().center(), pane.rect().center() + QPoint(0, 60))
    assert pane.state.measures == ()
    assert "no known pixel size" in text_of(window, "message")
    window.pictures.show_life_size()
    assert "life-size" in text_of(window, "message")


def test_the_magnifier_is_there_while_its_key_is_held(qtbot, window):
    pane = window.grid.panes[0]
    table = window.panel.table
    qtbot.mouseMove(pane, QPoint(80, 90))
    qtbot.keyPress(table, Qt.Key.Key_M)
    assert pane.state.lens == (80, 90)
    plain = np.array(pane.grey())
    shown = pane.grab().toImage()
    qtbot.keyRelease(table, Qt.Key.Key_M)
    assert pane.state.lens is None
    assert np.array_equal(pane.grey(), plain)
    assert pane.grab().toImage() != shown


def test_playing_goes_to_and_fro_and_stops(qtbot, window):
    pane = window.grid.panes[0]
    type_keys(qtbot, window, "p")
    assert window.pictures.cine.is_playing
    seen = []
    for _ in range(30):
        window.pictures.cine.tick()
        seen.append(pane.state.picture.view.slice_index)
    assert {0, 11} <= set(seen)
    assert all(abs(after - before) == 1 for before, after in itertools.pairwise(seen))
    type_keys(qtbot, window, ".", "p")
    assert not window.pictures.cine.is_playing


def test_a_film_of_one_frame_has_nothing_to_play(qtbot, films):
    type_keys(qtbot, films, "p")
    assert not films.pictures.cine.is_playing
    assert "nothing to play" in text_of(films, "message")


def test_another_case_ends_playing_and_measuring(qtbot, window):
    type_keys(qtbot, window, "p", "d")
    window.next_case()
    assert not window.pictures.cine.is_playing
    assert window.display.tool is None

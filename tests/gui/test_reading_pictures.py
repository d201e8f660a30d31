"""The pictures of the reading window, by real key and mouse events."""

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtWidgets import QApplication

from reader_app.reading.window_dialog import WindowDialog
from tests.gui.windows import Answer, text_of, type_keys
from viewer.imaging.resample import subtract

pytestmark = pytest.mark.gui


def with_shift(qtbot, window, key):
    qtbot.keyClick(window.panel.table, key, Qt.KeyboardModifier.ShiftModifier)


def test_turning_turns_the_series_in_every_timepoint_and_its_letters_with_it(qtbot, window):
    pre, post, second = window.grid.panes[0], window.grid.panes[1], window.grid.panes[3]
    before = pre.state.letters
    type_keys(qtbot, window, "r")
    for pane in (pre, second):
        assert (pane.state.letters.top, pane.state.letters.right) == (before.left, before.top)
    assert post.state.letters == before
    type_keys(qtbot, window, "h")
    assert (pre.state.letters.left, pre.state.letters.right) == (before.top, before.bottom)


def test_a_turned_picture_is_moved_and_pointed_at_where_the_cursor_is(qtbot, window):
    pane = window.grid.panes[0]
    type_keys(qtbot, window, "r")
    point = pane.rect().center() + QPoint(20, -11)
    qtbot.mouseClick(pane, Qt.MouseButton.LeftButton, pos=point)
    assert pane.state.cross == pytest.approx((point.x(), point.y()), abs=0.6)
    qtbot.mousePress(pane, Qt.MouseButton.MiddleButton, pos=point)
    qtbot.mouseMove(pane, point + QPoint(15, 30))
    qtbot.mouseRelease(pane, Qt.MouseButton.MiddleButton, pos=point + QPoint(15, 30))
    assert pane.state.cross == pytest.approx((point.x() + 15, point.y() + 30), abs=0.6)


def test_pixel_for_pixel_survives_a_new_size_and_fitting_brings_the_whole_slice_back(qtbot, window):
    pane = window.grid.panes[0]
    fitted = pane.state.picture.view.pixels_per_column
    window.pictures.show_pixels()
    assert pane.state.picture.view.pixels_per_column == pytest.approx(1.0)
    window.resize(1500, 950)
    qtbot.waitUntil(lambda: pane.state.picture.view.pixels_per_column == pytest.approx(1.0))
    window.resize(1280, 800)
    window.pictures.fit()
    assert pane.state.picture.view.pixels_per_column == pytest.approx(fitted, rel=0.05)


def test_pictures_are_shown_anew_on_a_screen_of_another_scale(window):
    shown = []
    window.display.shown.connect(lambda: shown.append("anew"))
    QApplication.sendEvent(window.grid, QEvent(QEvent.Type.DevicePixelRatioChange))
    assert shown == ["anew"]


def test_the_value_under_the_cursor_follows_it_and_goes_with_it(qtbot, window):
    pane = window.grid.panes[0]
    view, size = pane.state.picture.view, (pane.width(), pane.height())
    x, y = (round(value) for value in view.to_screen(20, 15, size))
    qtbot.mouseMove(pane, QPoint(x, y))
    row, column = view.to_image(x, y, size)
    pixels = window._images.image("A", "cor_t1_pre").volume.pixels
    assert pane.state.readout.startswith(f"{pixels[view.slice_index, round(row), round(column)]} at ")
    QApplication.sendEvent(pane, QEvent(QEvent.Type.Leave))
    assert pane.state.readout == ""


@pytest.mark.parametrize("button", [Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton])
def test_what_a_key_does_at_the_cursor_it_does_where_a_drag_ended(qtbot, window, button):
    pane = window.grid.panes[0]
    start, end = pane.rect().center() - QPoint(40, 30), pane.rect().center() + QPoint(35, 20)
    qtbot.mouseMove(pane, start)
    qtbot.mousePress(pane, button, pos=start)
    qtbot.mouseMove(pane, end)
    view, size = pane.state.picture.view, (pane.width(), pane.height())
    row, column = view.to_image(end.x(), end.y(), size)
    pixels = window._images.image("A", "cor_t1_pre").volume.pixels
    assert pane.state.readout.startswith(f"{pixels[view.slice_index, round(row), round(column)]} at ")
    qtbot.mouseRelease(pane, button, pos=end)
    type_keys(qtbot, window, "k")
    assert pane.state.spot == pytest.approx((end.x(), end.y()), abs=0.1)


def test_a_window_typed_in_numbers_is_shown_at_once_and_taken_back_on_cancel(qtbot, window):
    pane, stir = window.grid.panes[0], window.grid.panes[2]
    before = (pane.state.picture.window, stir.state.picture.window)

    def type_width(dialog):
        dialog.width_box.setValue(500)
        dialog.level_box.setValue(400)
        seen.append(pane.state.window_text)
        dialog.reject()

    seen = []
    answer = Answer(WindowDialog, type_width)
    type_keys(qtbot, window, "w")
    assert answer.given
    assert seen == ["W 500  L 400"]
    assert (pane.state.picture.window, stir.state.picture.window) == before


def test_presets_follow_each_other_and_come_back_to_how_the_case_opened(qtbot, window):
    pane, second = window.grid.panes[0], window.grid.panes[3]
    before = pane.state.picture.window
    with_shift(qtbot, window, Qt.Key.Key_W)
    assert pane.state.picture.window != before
    assert second.state.picture.window != pane.state.picture.window  # each from its own pixels
    assert "Bright" in text_of(window, "message")
    for _ in range(3):
        with_shift(qtbot, window, Qt.Key.Key_W)
    assert pane.state.picture.window == before


def test_turns_and_windows_are_there_again_after_reopening(qtbot, opened, folder):
    window = opened(folder)
    type_keys(qtbot, window, "r", "i")
    with_shift(qtbot, window, Qt.Key.Key_W)
    pane = window.grid.panes[0]
    before = (pane.state.letters, pane.state.picture.window, pane.state.picture.inverted)
    window.close()
    pane = opened(folder).grid.panes[0]
    assert (pane.state.letters, pane.state.picture.window, pane.state.picture.inverted) == before


def layout_of(window, name):
    window.header.layout_asked.emit(next(layout for layout in window.layouts.standard if layout.id == name))
    return window.grid.panes


def test_three_planes_of_a_series_meet_where_the_reader_points(qtbot, window):
    panes = layout_of(window, "planes")[:3]
    assert [pane.state.letters.top for pane in panes] == ["H", "A", "H"]
    assert [len(pane.state.cuts) for pane in panes] == [2, 2, 2]
    qtbot.mouseClick(panes[0], Qt.MouseButton.LeftButton, pos=panes[0].rect().center() + QPoint(14, -20))
    coronal, axial, sagittal = (pane.state.picture for pane in panes)
    size = (panes[0].width(), panes[0].height())
    row, column = coronal.view.to_image(*panes[0].state.cross, size)
    rows, columns = coronal.levels[0].shape
    assert axial.view.slice_index == rows - 1 - round(row)  # from the feet up
    assert sagittal.view.slice_index == columns - 1 - round(column)  # from left to right
    assert panes[1].state.picture.window == coronal.window


def test_a_difference_is_shown_with_a_window_of_its_own(qtbot, window):
    pre, post, difference = layout_of(window, "subtraction")[:3]
    images = window._images
    index = difference.state.picture.view.slice_index
    after, before = (images.image("A", role).volume for role in ("cor_t1_post", "cor_t1_pre"))
    assert (difference.state.picture.levels[0] == subtract(after, before).pixels[index]).all()
    assert difference.state.title == "cor T1 post − pre"
    before = difference.state.picture.window
    qtbot.mousePress(post, Qt.MouseButton.RightButton, pos=post.rect().center())
    qtbot.mouseMove(post, post.rect().center() + QPoint(40, 0))
    qtbot.mouseRelease(post, Qt.MouseButton.RightButton, pos=post.rect().center())
    assert difference.state.picture.window == before
    assert pre.state.picture.window == post.state.picture.window


def test_hands_that_do_not_match_are_subtracted_as_acquired_and_the_pane_says_so(qtbot, window):
    difference = layout_of(window, "subtraction")[2]
    plain = difference.state.picture.levels[0]
    assert difference.state.made_note == "post − pre, not registered yet"
    qtbot.waitUntil(lambda: "yet" not in difference.state.made_note, timeout=20000)
    assert difference.state.made_note.startswith("post − pre, not registered: The ")  # noise has no hand
    assert (difference.state.picture.levels[0] == plain).all()


def test_pre_and_post_change_places_while_space_is_held(qtbot, window):
    pre, post = window.grid.panes[:2]
    shown = [id(pane.state.picture.levels[0]) for pane in (pre, post)]
    qtbot.keyPress(window.panel.table, Qt.Key.Key_Space)
    assert [id(pane.state.picture.levels[0]) for pane in (post, pre)] == shown
    assert (pre.state.title, post.state.title) == ("cor T1 post", "cor T1 pre")
    qtbot.keyRelease(window.panel.table, Qt.Key.Key_Space)
    assert [id(pane.state.picture.levels[0]) for pane in (pre, post)] == shown


def test_evened_shading_is_marked_and_the_stored_picture_comes_back(qtbot, window):
    pane = window.grid.panes[0]
    stored, opened_with = pane.state.picture.levels[0], pane.state.picture.window
    type_keys(qtbot, window, "c")
    qtbot.waitUntil(lambda: pane.state.shading_note != "", timeout=20000)
    assert "for looking only" in pane.state.shading_note
    assert pane.state.picture.window == opened_with
    type_keys(qtbot, window, "c")
    assert pane.state.shading_note == ""
    assert pane.state.picture.levels[0] is stored

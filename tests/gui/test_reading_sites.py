"""Landmarks in the reading window: set with one key, found again, carried over."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt

from reader_app.reading.site_estimates import Estimates
from scoring_forms.domain.form import compose_form
from storage.reading.landmarks import Landmark
from storage.reading.reading import Reading
from tests.gui.windows import CODES, build, text_of, type_keys, wheel

pytestmark = pytest.mark.gui


def shown_position(window, pane, letter, role):
    """Where the middle of the cross lies, LPS mm."""
    view = pane.state.picture.view
    row, column = view.to_image(*pane.state.cross, (pane.width(), pane.height()))
    geometry = window._images.image(letter, role).volume.geometry
    return geometry.position_of((view.slice_index, row, column))


def set_here(qtbot, window, pane, point):
    qtbot.mouseMove(pane, point + QPoint(5, 5))  # a cursor that is there already does not move
    qtbot.mouseMove(pane, point)
    type_keys(qtbot, window, "k")


def test_choosing_a_site_takes_every_pane_to_where_the_reader_set_it(qtbot, window):
    pre, post, stir = window.grid.panes[:3]
    for _ in range(3):
        window.pictures.next_slice()
    point = pre.rect().center() + QPoint(12, 20)
    set_here(qtbot, window, pre, point)
    index = pre.state.picture.view.slice_index
    set_to = shown_position(window, pre, "A", "cor_t1_pre")
    assert pre.state.spot == pytest.approx((point.x(), point.y()), abs=1)
    assert pre.state.spot_note == ""
    type_keys(qtbot, window, Qt.Key.Key_Down)
    for _ in range(5):
        window.pictures.previous_slice()
    type_keys(qtbot, window, Qt.Key.Key_Up)
    assert pre.state.picture.view.slice_index == post.state.picture.view.slice_index == index
    spacing = window._images.image("A", "cor_stir").volume.geometry.spacing_mm[0]
    off = np.abs(shown_position(window, stir, "A", "cor_stir") - set_to)
    assert (off <= (0.2, spacing / 2 + 0.01, 0.2)).all()


def test_scoring_on_at_the_same_site_moves_nothing(qtbot, window):
    pre = window.grid.panes[0]
    set_here(qtbot, window, pre, pre.rect().center())
    window.pictures.next_slice()
    index = pre.state.picture.view.slice_index
    type_keys(qtbot, window, Qt.Key.Key_Right)
    assert pre.state.picture.view.slice_index == index


def test_a_landmark_is_saved_at_once_and_can_be_taken_away(qtbot, window, folder):
    pre = window.grid.panes[0]
    set_here(qtbot, window, pre, pre.rect().center())
    with Reading.open(folder, read_only=True) as reading:
        assert list(reading.landmarks(CODES[0])) == [("A", "distal_radioulnar", None)]
    window.sites.forget_landmark()
    assert pre.state.spot is None
    window.sites.forget_landmark()
    assert text_of(window, "message") == "You have kept no place of this site at timepoint A."
    with Reading.open(folder, read_only=True) as reading:
        assert reading.landmarks(CODES[0]) == {}


def test_a_place_is_carried_to_another_timepoint_by_what_registration_found(qtbot, opened, folder):
    moved = np.eye(4)
    moved[:3, 3] = (3.0, 1.5, -4.0)  # from B to A
    with Reading.open(folder) as reading:
        reading.keep_transform(CODES[0], "B", moved, 0.9, "registered")
    window = opened(folder)
    pre, other = window.grid.panes[0], window.grid.panes[3]
    set_here(qtbot, window, pre, pre.rect().center() + QPoint(15, 5))
    assert other.state.spot_note == "place carried over"
    here = shown_position(window, pre, "A", "cor_t1_pre")
    there = shown_position(window, other, "B", "cor_t1_pre")
    assert np.abs(there + moved[:3, 3] - here).max() <= 0.8


def test_without_a_picture_under_the_cursor_the_key_says_what_to_do(qtbot, window):
    type_keys(qtbot, window, "k")
    assert "Point at the site" in text_of(window, "message")
    window.sites.go_to_site()
    assert "Nobody knows" in text_of(window, "message")


def test_the_joint_lens_shows_the_same_joint_of_both_timepoints_equally_large(qtbot, opened, tmp_path):
    window = opened(build(tmp_path, compose_form(["sharp_1985"]), films=True))
    first, second = window.grid.panes[0], window.grid.panes[2]
    set_here(qtbot, window, first, first.rect().center() + QPoint(20, 40))
    set_here(qtbot, window, second, second.rect().center() + QPoint(-25, 10))
    assert first.state.spot == pytest.approx((first.width() / 2 + 20, first.height() / 2 + 40), abs=1.5)
    type_keys(qtbot, window, "j")
    for pane in (first, second):
        assert pane.state.spot == pytest.approx((pane.width() / 2, pane.height() / 2), abs=0.01)
        assert pane.state.mm_per_pixel * min(pane.width(), pane.height()) == pytest.approx(42, rel=0.02)
    type_keys(qtbot, window, "j")
    assert first.state.spot == pytest.approx((first.width() / 2 + 20, first.height() / 2 + 40), abs=1.5)


def test_a_joint_of_the_other_hand_is_not_set_on_this_film(qtbot, opened, tmp_path):
    window = opened(build(tmp_path, compose_form(["sharp_1985"]), films=True))
    set_here(qtbot, window, window.grid.panes[1], window.grid.panes[1].rect().center())
    assert "left hand" in text_of(window, "message")
    assert all(pane.state.spot is None for pane in window.grid.panes)


def test_a_fresh_case_goes_to_estimated_places_and_says_that_they_are_estimates(qtbot, window):
    landmark = Landmark(1, (4.0, 6.0, -9.0))
    window.sites._on_estimated((Estimates("A", None, {"radiocarpal": landmark}),))
    pre = window.grid.panes[0]
    assert pre.state.spot_note == ""
    type_keys(qtbot, window, Qt.Key.Key_Down)
    assert pre.state.spot_note.startswith("estimated place")
    assert shown_position(window, pre, "A", "cor_t1_pre") == pytest.approx((4, 6, -9), abs=0.76)
    set_here(qtbot, window, pre, pre.rect().center())
    assert pre.state.spot_note == ""


def test_a_slice_away_from_the_site_does_not_say_how_its_place_is_known(qtbot, window):
    window.sites._on_estimated((Estimates("A", None, {"radiocarpal": Landmark(1, (4.0, 0.0, -9.0))}),))
    pre = window.grid.panes[0]
    type_keys(qtbot, window, Qt.Key.Key_Down)
    assert pre.state.spot is not None
    assert pre.state.spot_note.startswith("estimated place")
    wheel(pre, 3)
    assert pre.state.spot is None
    assert pre.state.spot_note == ""


def test_beside_the_picture_there_is_no_place_to_keep(qtbot, window):
    pane = window.grid.panes[0]
    window.display.zoom(0.5)
    qtbot.mouseMove(pane, QPoint(12, pane.height() // 2))
    type_keys(qtbot, window, "k")
    assert "Point at the site" in text_of(window, "message")

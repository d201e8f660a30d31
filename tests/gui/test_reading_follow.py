"""Timepoints that follow the hand in the reading window."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt

from reader_app.reading.sites import CaseSites
from scoring_forms.domain.form import compose_form
from storage.reading.build import build_reading
from storage.reading.landmarks import Landmark
from storage.reading.reading import Reading
from storage.reading.records import CaseSpec, ReadingSpec, TimepointSpec
from tests.gui.windows import CODES, mr_images, text_of, type_keys, wheel

pytestmark = pytest.mark.gui


def from_b_to_a():
    angle = np.deg2rad(6.0)
    matrix = np.eye(4)
    matrix[:2, :2] = [[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]]
    matrix[:3, 3] = (2.0, 1.2, -3.0)
    return matrix


@pytest.fixture
def registered(opened, folder):
    with Reading.open(folder) as reading:
        reading.keep_transform(CODES[0], "B", from_b_to_a(), 0.93, "registered")
    return opened(folder)


def focus(window, letter):
    return np.array(window.display.focus_of(f"{letter}/1"))


def place_in_a(window):
    return from_b_to_a()[:3, :3] @ focus(window, "B") + from_b_to_a()[:3, 3]


def test_a_point_appears_at_the_same_bone_of_the_other_timepoint(qtbot, registered):
    window = registered
    first, other = window.grid.panes[0], window.grid.panes[3]
    type_keys(qtbot, window, "t")
    assert other.state.link_note == "follows A, fit 93%"
    qtbot.mouseClick(first, Qt.MouseButton.LeftButton, pos=first.rect().center() + QPoint(21, 13))
    assert place_in_a(window) == pytest.approx(focus(window, "A"))
    qtbot.mouseClick(other, Qt.MouseButton.LeftButton, pos=other.rect().center() - QPoint(9, 30))
    assert place_in_a(window) == pytest.approx(focus(window, "A"))
    wheel(first, 3)
    assert place_in_a(window) == pytest.approx(focus(window, "A"))


def test_following_never_changes_pixels_and_stops_when_switched_off(qtbot, registered):
    window = registered
    other = window.grid.panes[3]
    type_keys(qtbot, window, "t")
    picture = other.state.picture
    pixels = window._images.image("B", "cor_t1_pre").volume.pixels
    assert np.array_equal(picture.levels[0], pixels[picture.view.slice_index])
    type_keys(qtbot, window, "t")
    assert other.state.link_note == ""
    before = focus(window, "B")
    first = window.grid.panes[0]
    qtbot.mouseClick(first, Qt.MouseButton.LeftButton, pos=first.rect().center() + QPoint(40, 0))
    assert focus(window, "B") == pytest.approx(before)


def test_a_registration_that_fails_its_check_is_never_followed(qtbot, window, folder):
    qtbot.waitUntil(lambda: not window.follower._waiting, timeout=20000)
    type_keys(qtbot, window, "t")
    assert not window.display.follows
    assert "does not follow" in text_of(window, "message")
    with Reading.open(folder, read_only=True) as reading:
        assert reading.transform(CODES[0], "B") is None


def test_the_reader_can_move_it_by_hand_and_start_over(qtbot, registered, folder):
    window = registered
    first, other = window.grid.panes[0], window.grid.panes[3]
    for pane, offset in ((first, QPoint(10, 0)), (other, QPoint(-30, 20))):
        qtbot.mouseClick(pane, Qt.MouseButton.LeftButton, pos=pane.rect().center() + offset)
    places = focus(window, "A"), focus(window, "B")
    window.follower.nudge_hand()
    type_keys(qtbot, window, "t")
    assert other.state.link_note == "follows A, moved by hand"
    wheel(first, 1)
    wheel(first, -1)
    assert focus(window, "B") == pytest.approx(places[1], abs=1e-6)
    with Reading.open(folder, read_only=True) as reading:
        kept = reading.transform(CODES[0], "B")
    assert kept.origin == "nudged"
    assert (kept.as_array() @ (*places[1], 1))[:3] == pytest.approx(places[0], abs=1e-4)
    window.follower.register_again()
    assert not window.display.follows
    with Reading.open(folder, read_only=True) as reading:
        assert reading.transform(CODES[0], "B") is None


@pytest.fixture
def apart(tmp_path):
    """A reading with post contrast only at A; at B pre and post contrast lie in frames of their own."""
    first = mr_images("A", 1, {"cor_t1_pre": (0, 0.0), "cor_t1_post": (12, 1.5)})
    pre, post = mr_images("B", 2, {"cor_t1_pre": (12, 1.5), "cor_t1_post": (12, 1.5)})
    second = [pre, replace(post, record=replace(post.record, frame=2))]
    timepoints = (TimepointSpec("A", tuple(first)), TimepointSpec("B", tuple(second)))
    form = compose_form(["ramris_2003"], ["synovitis"])
    spec = ReadingSpec("Anna Lind", "Round one", "paired", form, (CaseSpec(CODES[0], "L", timepoints),))
    folder = build_reading(tmp_path / "Q4WZR.reading", spec).folder
    with Reading.open(folder) as reading:
        reading.keep_transform(CODES[0], "B", from_b_to_a(), 0.93, "registered", 2)
    return folder


def test_a_place_is_carried_between_the_frames_that_are_registered_and_no_others(apart):
    here, there = Landmark(1, (1.0, 2.0, 3.0)), Landmark(2, (4.0, 5.0, 6.0))
    with Reading.open(apart) as reading:
        sites = CaseSites(reading, reading.case(CODES[0]))
        sites.place("A", "radiocarpal", None, here)
        sites.place("B", "distal_radioulnar", None, there)
        sites.place("B", "mcp2", None, replace(there, frame=1))
        at_b = sites.spots("radiocarpal", (None,))["B", None].landmark
        at_a = sites.spots("distal_radioulnar", (None,))["A", None].landmark
        assert (at_b.frame, at_a.frame) == (2, 1)
        assert (from_b_to_a() @ (*at_b.position_mm, 1))[:3] == pytest.approx(here.position_mm, abs=1e-3)
        assert (from_b_to_a() @ (*there.position_mm, 1))[:3] == pytest.approx(at_a.position_mm, abs=1e-3)
        assert ("A", None) not in sites.spots("mcp2", (None,))


def test_starting_over_forgets_the_frame_of_reference_that_was_registered(opened, apart):
    window = opened(apart)
    window.follower.register_again()
    assert window._reading.transform(CODES[0], "B", 2) is None
    assert window.follower._waiting == 1


def test_a_registration_that_broke_off_is_not_waited_for(qtbot, window):
    qtbot.waitUntil(lambda: not window.follower._waiting, timeout=20000)
    image = window._images.image("B", "cor_t1_pre")
    window.follower.failed.disconnect()
    window.follower._register(image)
    window.follower._on_failed(image, RuntimeError("the process ended"))
    type_keys(qtbot, window, "t")
    assert text_of(window, "message") == "could not be registered"

"""A series cut along a line the reader drew, by real key and mouse events."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt

from tests.gui.windows import text_of, type_keys

pytestmark = pytest.mark.gui

START, STOP = QPoint(-30, 60), QPoint(40, -50)


@pytest.fixture
def drawn(qtbot, window):
    """Return a window in whose first pane a line was drawn."""
    pane = window.grid.panes[0]
    middle = pane.rect().center()
    type_keys(qtbot, window, "d")
    qtbot.mousePress(pane, Qt.MouseButton.LeftButton, pos=middle + START)
    qtbot.mouseMove(pane, middle + STOP)
    qtbot.mouseRelease(pane, Qt.MouseButton.LeftButton, pos=middle + STOP)
    type_keys(qtbot, window, Qt.Key.Key_Escape)
    return window


def ends(pane):
    """Return where the line drawn in the first pane is on the screen of another one with the same slice."""
    middle = pane.rect().center()
    return [np.array((point.x(), point.y())) for point in (middle + START, middle + STOP)]


def distance_to_line(point, line):
    first, last = (np.array(end) for end in line)
    (x, y), (along_x, along_y) = point - first, (last - first) / np.linalg.norm(last - first)
    return abs(x * along_y - y * along_x)


def test_the_cut_stands_upright_with_true_letters_and_the_same_key_goes_back(qtbot, drawn):
    pane = drawn.grid.panes[0]
    before = pane.state
    assert len(before.measures) == 1
    type_keys(qtbot, drawn, "o")
    assert pane.state.made_note == "cut along the drawn line"
    letters = pane.state.letters
    assert (letters.left, letters.right) == ("A", "P")
    assert (letters.top, letters.bottom) == ("HL", "FR")
    assert pane.state.picture.window == before.picture.window
    assert pane.state.mm_per_pixel == pytest.approx(before.mm_per_pixel)
    assert pane.state.measures == ()
    type_keys(qtbot, drawn, "o")
    assert pane.state.made_note == ""
    assert pane.state.measures == before.measures
    assert pane.state.picture.levels[0] is before.picture.levels[0]


def test_the_other_panes_show_the_cut_where_the_line_was_drawn(qtbot, drawn):
    post = drawn.grid.panes[1]
    without = post.state.cuts
    type_keys(qtbot, drawn, "o")
    (cut,) = (line for line in post.state.cuts if line not in without)
    for end in ends(post):
        assert distance_to_line(end, cut) < 1.0


def test_the_cut_shows_the_voxels_on_the_line(qtbot, drawn):
    pane = drawn.grid.panes[0]
    volume = drawn._images.image("A", "cor_t1_pre").volume
    slice_index = pane.state.picture.view.slice_index
    (measure,) = drawn.display.wanted.measures["A/cor_t1_pre"]
    type_keys(qtbot, drawn, "o")
    cut = drawn.display._line_cuts["A", "cor_t1_pre"].volume
    shown = pane.state.picture
    for share in (0.1, 0.5, 0.8):
        row, column = np.array(measure.points[0]) * (1 - share) + np.array(measure.points[1]) * share
        there = cut.geometry.index_of(volume.geometry.position_of((slice_index, row, column)))
        assert there[0] == pytest.approx(shown.view.slice_index, abs=0.01)
    assert shown.levels[0].std() > 100


def test_scrolling_a_cut_goes_beside_the_line_and_leaves_the_other_timepoints(qtbot, drawn):
    pane, other = drawn.grid.panes[0], drawn.grid.panes[3]
    type_keys(qtbot, drawn, "o")
    here, there = pane.state.picture.view.slice_index, other.state.picture.view.slice_index
    type_keys(qtbot, drawn, Qt.Key.Key_PageDown)
    assert pane.state.picture.view.slice_index == here + 1
    assert other.state.picture.view.slice_index == there


def test_without_a_line_there_is_no_cut(qtbot, window):
    type_keys(qtbot, window, "o")
    assert "Draw a distance" in text_of(window, "message")
    assert window.grid.panes[0].state.made_note == ""


def test_a_cut_is_not_measured_on(qtbot, drawn):
    pane = drawn.grid.panes[0]
    type_keys(qtbot, drawn, "o", "d")
    qtbot.mouseClick(pane, Qt.MouseButton.LeftButton, pos=pane.rect().center())
    assert "Measure on the series itself" in text_of(drawn, "message")

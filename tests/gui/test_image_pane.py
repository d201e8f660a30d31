"""What a pane paints, state after state: nothing of an earlier one may stay."""

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, QRect
from PySide6.QtGui import QColor, QFont, QImage, QPainter, QPixmap, QRegion, QTransform
from PySide6.QtWidgets import QApplication

from viewer.display.orientation import Letters, Orientation
from viewer.display.pane_state import PaneState, Picture
from viewer.display.picture import render
from viewer.display.viewport import SliceView
from viewer.display.window_level import StoredWindow
from viewer.widgets.image_pane import ImagePane

pytestmark = pytest.mark.gui


def state_of(seed=1, zoom=2.0, shape=(60, 50), **words):
    pixels = np.random.default_rng(seed).integers(0, 1000, shape).astype(np.int16)
    centre = ((shape[0] - 1) / 2, (shape[1] - 1) / 2)
    view = SliceView(0, centre, zoom, zoom, Orientation())
    picture = Picture((pixels,), view, StoredWindow(100, 900), False)
    return PaneState("A", "cor T1 pre", picture, letters=Letters("R", "L", "H", "F"), **words)


def seen(pane):
    """Return what the pane paints, shape (rows, columns, 4)."""
    return colours_of(pane.grab())


def colours_of(pixmap):
    image = pixmap.toImage().convertToFormat(QImage.Format.Format_RGB32)
    return np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.width(), 4).copy()


@pytest.fixture
def new_pane(qtbot):
    def make(width=240, height=200):
        pane = ImagePane()
        qtbot.addWidget(pane)
        pane.resize(width, height)
        return pane

    return make


def test_a_pane_paints_a_state_as_a_new_pane_does_whatever_it_painted_before(new_pane):
    states = (
        state_of(1),
        state_of(2, zoom=9.0, depth=0.3),
        state_of(3, zoom=1.0, window_text="W 10  L 5", readout="12"),
        replace(state_of(1), title="ax T1 post, cut oblique, of a very long name", badge="B"),
        state_of(4, zoom=1.5, mm_per_pixel=0.2, spacing_note="mm at detector", current=True, cross=(90, 80)),
        PaneState("A", "cor T1 pre", reason="No cor T1 pre at this timepoint."),
        replace(state_of(4), letters=Letters("A", "P", "H", "F"), shading_note="evened out"),
        state_of(1, shape=(30, 90)),
    )
    pane = new_pane()
    for state in (*states, *reversed(states)):
        pane.show_state(state)
        fresh = new_pane()
        fresh.show_state(state)
        assert np.array_equal(seen(pane), seen(fresh)), state


def test_panes_side_by_side_do_not_paint_each_others_pictures(new_pane):
    panes, states = [new_pane(), new_pane(), new_pane(150, 170)], [state_of(seed) for seed in (1, 2, 3)]
    for pane, state in zip(panes, states, strict=True):
        pane.show_state(state)
        pane.grab()
    for pane, state in zip(panes, states, strict=True):
        size = (pane.width(), pane.height())
        picture = state.picture
        expected = render(picture.levels, picture.view, picture.window, size, inverted=False)
        assert np.array_equal(pane.grey(), expected)
        inside = slice(70, 130), slice(60, 90)  # where nothing is written
        assert np.array_equal(seen(pane)[:, :, 0][inside], expected[inside])


def test_a_resized_pane_fills_its_new_size_and_writes_at_its_new_edges(new_pane):
    pane = new_pane()
    pane.show_state(state_of(1))
    pane.grab()
    for size in ((400, 160), (120, 330), (240, 200)):
        pane.resize(*size)
        fresh = new_pane(*size)
        fresh.show_state(state_of(1))
        assert np.array_equal(seen(pane), seen(fresh)), size


def test_a_pane_writes_in_the_font_it_was_given_last(new_pane):
    pane = new_pane()
    pane.show_state(state_of(1, window_text="W 410  L 205"))
    before = seen(pane)
    font = QFont(pane.font())
    font.setItalic(True)
    pane.setFont(font)
    assert not np.array_equal(seen(pane), before)


def test_a_pane_that_only_writes_something_else_still_shows_its_own_picture(new_pane):
    first, second = new_pane(), new_pane()
    first.show_state(state_of(1))
    second.show_state(state_of(2))
    before = seen(first)
    seen(second)
    written = replace(state_of(1), readout="12")
    first.show_state(written)
    fresh = new_pane()
    fresh.show_state(written)
    assert np.array_equal(seen(first), seen(fresh))
    first.show_state(state_of(1))
    assert np.array_equal(seen(first), before)


def test_a_picture_outside_its_pane_leaves_it_black(new_pane):
    pane, state = new_pane(), state_of(1)
    pane.show_state(state)
    pane.grab()
    away = replace(state.picture.view, centre=(9000.0, 9000.0))
    pane.show_state(PaneState(picture=replace(state.picture, view=away)))
    assert not seen(pane)[:, :, :3].any()


@pytest.mark.parametrize("scale", ["1.5", "2"])
def test_every_device_pixel_of_a_scaled_screen_is_the_one_that_was_rendered(scale):
    found = subprocess.run(
        [sys.executable, "-m", "tests.gui.scaled_pane"],
        cwd=Path(__file__).parents[2],
        env={**os.environ, "QT_SCALE_FACTOR": scale},
        check=True,
        timeout=60,
        capture_output=True,
        text=True,
    )
    assert found.stdout.strip() == f"ratio {scale}, 0 pixels differ"


def test_only_the_part_of_a_pane_that_is_asked_for_is_painted(new_pane):
    pane, part = new_pane(), QRegion(60, 50, 80, 70)
    pane.show_state(state_of(1, zoom=9.0))
    whole = seen(pane)
    paper = QPixmap(pane.size())
    paper.fill(QColor(1, 2, 3))
    pane.render(paper, part.boundingRect().topLeft(), part)
    painted = colours_of(paper)
    assert np.array_equal(painted[50:120, 60:140], whole[50:120, 60:140])
    assert (painted[:50, :, :3] == (3, 2, 1)).all()
    assert (painted[:, 140:, :3] == (3, 2, 1)).all()


def test_a_pane_is_painted_on_other_paper_than_its_window_at_any_size_and_angle(new_pane):
    pane = new_pane()
    pane.show_state(replace(state_of(1, zoom=9.0), badge="", title="", letters=Letters()))
    whole, paper = seen(pane), QPixmap(pane.width() * 2, pane.height() * 2)
    turned = QPixmap(pane.height(), pane.width())
    for pixmap, turn in ((paper, QTransform.fromScale(2, 2)), (turned, QTransform(0, 1, -1, 0, 200, 0))):
        painter = QPainter(pixmap)
        painter.setTransform(turn)
        pane.render(painter, QPoint())
        painter.end()
    assert np.array_equal(colours_of(paper)[::2, ::2], whole)
    assert np.array_equal(colours_of(turned), np.rot90(whole, -1))


class PaintedAreas(QObject):
    """Puts down what was painted of a widget."""

    def __init__(self):
        super().__init__()
        self.areas = []

    def eventFilter(self, watched, event):  # noqa: N802 - Qt's name
        if event.type() == QEvent.Type.Paint:
            self.areas.append(QRect(event.rect()))
        return False


def on_the_screen(pane):
    """Return what was painted of a pane's window, event by event, shape (rows, columns, 4)."""
    return colours_of(pane.screen().grabWindow(pane.winId()))


def test_a_pane_on_the_screen_shows_every_state_whole_though_only_what_changed_is_painted(new_pane, qtbot):
    narrow = state_of(1, zoom=2.0, depth=0.0, cross=(120, 90), window_text="W 10  L 5")
    states = (
        narrow,
        replace(state_of(2), depth=0.2, cross=(120, 90), window_text="W 10  L 5"),
        replace(state_of(3), depth=0.4, cross=(20, 90), window_text="W 10  L 5"),
        replace(state_of(4), depth=0.4, cross=(20, 90), window_text="W 400  L 5"),
        replace(state_of(5), depth=0.5, cuts=(((3.0, 3.0), (3.0, 150.0)),), window_text="W 400  L 5"),
        replace(state_of(5), depth=0.5, cuts=(((9.0, 3.0), (9.0, 150.0)),), window_text="W 400  L 5"),
        replace(state_of(6), depth=0.9, window_text="W 400  L 5"),
        replace(state_of(6), depth=0.9, window_text="W 400  L 5", current=True),
        state_of(7, zoom=9.0, depth=0.9),
        state_of(8, zoom=9.0, depth=0.1),
        state_of(9, zoom=1.0, depth=0.1),
        replace(state_of(9, zoom=1.0, depth=0.1), spot=(15.0, 100.0)),
    )
    pane = new_pane()
    with qtbot.waitExposed(pane):
        pane.show()
    for state in (*states, *reversed(states)):
        pane.show_state(state)
        QApplication.processEvents()
        assert np.array_equal(on_the_screen(pane), seen(pane)), state


def test_a_pane_that_looks_the_same_already_is_not_painted_again(new_pane, qtbot):
    pane, state = new_pane(), state_of(1, depth=0.2, cross=(120, 90))
    with qtbot.waitExposed(pane):
        pane.show()
    pane.show_state(state)
    QApplication.processEvents()
    before, events = on_the_screen(pane), PaintedAreas()
    pane.installEventFilter(events)
    made_again = replace(state.picture, view=replace(state.picture.view))
    pane.show_state(replace(state, picture=made_again))
    QApplication.processEvents()
    assert events.areas == []
    assert np.array_equal(on_the_screen(pane), before)
    for other in (
        replace(state, depth=0.3),
        replace(state, cross=(121, 90)),
        replace(state, picture=replace(state.picture, inverted=True)),
        replace(state, picture=replace(state.picture, window=StoredWindow(100, 901))),
        replace(state, picture=replace(state.picture, part=(0, 20))),
        replace(state, picture=replace(state.picture, levels=(state.picture.levels[0].copy(),))),
        replace(state, picture=replace(state.picture, view=replace(state.picture.view, slice_index=1))),
    ):
        events.areas.clear()
        pane.show_state(other)
        QApplication.processEvents()
        assert events.areas, other


def test_only_the_picture_and_what_is_right_of_it_is_painted_when_the_slice_is_another(new_pane, qtbot):
    pane = new_pane()
    with qtbot.waitExposed(pane):
        pane.show()
    pane.show_state(state_of(1))
    QApplication.processEvents()
    events = PaintedAreas()
    pane.installEventFilter(events)
    pane.show_state(state_of(2))
    QApplication.processEvents()
    assert events.areas == [QRect(70, 0, 170, 200)]


def test_a_fast_zoom_of_a_large_pane_is_coarse_and_shows_everything_as_soon_as_it_rests(new_pane, qtbot):
    pane, state = new_pane(1500, 900), state_of(1, shape=(400, 300))
    pane.show_state(state)
    whole = pane.grey()
    for zoom in (2.2, 2.4, 2.6, 2.8):
        view = replace(state.picture.view, pixels_per_row=zoom, pixels_per_column=zoom)
        pane.show_state(replace(state, picture=replace(state.picture, view=view)))
        painted, whole = seen(pane)[100:800, 400:1100, 0], pane.grey()[100:800, 400:1100]
    assert not np.array_equal(painted, whole)
    assert np.array_equal(painted[::2], painted[1::2])
    qtbot.waitUntil(lambda: np.array_equal(seen(pane)[100:800, 400:1100, 0], whole))
    pane.show_state(state)
    assert np.array_equal(seen(pane)[100:700, 500:1000, 0], pane.grey()[100:700, 500:1000])


def test_a_pane_zoomed_once_shows_everything_at_once(new_pane):
    pane, state = new_pane(1500, 900), state_of(1, shape=(400, 300))
    pane.show_state(state)
    view = replace(state.picture.view, pixels_per_row=2.5, pixels_per_column=2.5)
    pane.show_state(replace(state, picture=replace(state.picture, view=view)))
    assert np.array_equal(seen(pane)[100:800, 500:1000, 0], pane.grey()[100:800, 500:1000])


@pytest.mark.parametrize("width", [96, 110, 130, 240])
def test_the_letter_below_stands_clear_of_the_scale_in_narrow_panes(new_pane, width):
    pane, words = new_pane(width), {"mm_per_pixel": 0.3, "depth": 0.4}
    pane.show_state(replace(state_of(1, **words), letters=Letters()))
    without_letter = seen(pane)
    pane.show_state(state_of(1, **words))
    letter = np.argwhere((seen(pane) != without_letter).any(axis=2)[-30:])
    scale = np.argwhere((without_letter[-30:, width // 3 :, :3] > 100).all(axis=2))
    assert letter[:, 1].max() < width // 3 + scale[:, 1].min()

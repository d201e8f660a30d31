"""When a zoom is so fast that a coarser picture does until it rests."""

from dataclasses import replace

import numpy as np

from viewer.display.orientation import Orientation
from viewer.display.pane_state import Picture
from viewer.display.viewport import SliceView
from viewer.display.window_level import StoredWindow
from viewer.display.zoom_pace import REST_MS, ZoomPace

LARGE, SMALL = (1900, 1040), (620, 510)
SHOWN = Picture(
    (np.zeros((8, 8), np.int16),),
    SliceView(0, (4.0, 4.0), 1.0, 1.0, Orientation()),
    StoredWindow(0, 1),
    inverted=False,
)


def zoomed(factor, picture=SHOWN):
    return replace(picture, view=picture.view.scaled(factor))


def test_the_first_step_of_a_zoom_and_slow_steps_are_shown_whole():
    pace = ZoomPace()
    assert not pace.is_fast(SHOWN, zoomed(2), LARGE, 10.0)
    assert not pace.is_fast(zoomed(2), zoomed(3), LARGE, 10.3)
    assert not pace.is_fast(zoomed(3), zoomed(4), LARGE, 10.6)


def test_step_upon_step_is_fast_in_a_large_pane_only():
    for size, fast in ((LARGE, True), (SMALL, False)):
        pace = ZoomPace()
        pace.is_fast(SHOWN, zoomed(2), size, 10.0)
        assert pace.is_fast(zoomed(2), zoomed(3), size, 10.05) == fast


def test_what_is_no_zoom_is_shown_whole_even_right_after_one():
    pace = ZoomPace()
    pace.is_fast(SHOWN, zoomed(2), LARGE, 10.0)
    assert pace.is_fast(zoomed(2), zoomed(3), LARGE, 10.01)
    here = zoomed(3)
    assert not pace.is_fast(here, replace(here, window=StoredWindow(5, 9)), LARGE, 10.02)
    assert not pace.is_fast(here, replace(here, view=replace(here.view, centre=(1.0, 1.0))), LARGE, 10.02)
    assert not pace.is_fast(here, zoomed(4, replace(SHOWN, levels=(np.ones((8, 8)),))), LARGE, 10.02)
    assert not pace.is_fast(None, zoomed(4), LARGE, 10.02)
    assert not pace.is_fast(here, None, LARGE, 10.02)


def test_a_picture_does_not_come_to_rest_between_two_fast_steps():
    pace, rest = ZoomPace(), REST_MS / 1000
    pace.is_fast(SHOWN, zoomed(2), LARGE, 10.0)
    assert not pace.is_fast(zoomed(2), zoomed(3), LARGE, 10.0 + rest)

"""Rendering one picture after the other: what is kept must never show in the next one."""

import itertools
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier

import numpy as np
import pytest

from viewer.display.orientation import Orientation, Turn
from viewer.display.picture import Renderer, Scratch, pyramid, render
from viewer.display.viewport import SliceView
from viewer.display.window_level import StoredWindow

TURNS = [
    Turn(quarters, flipped).applied_to(Orientation()) for flipped in (False, True) for quarters in range(4)
]
WINDOW = StoredWindow(100, 900)


def noise(shape, seed=1, dtype=np.int16):
    return np.random.default_rng(seed).integers(0, 1000, shape).astype(dtype)


def ramp(shape):
    rows, columns = np.mgrid[: shape[0], : shape[1]]
    return (100 + (rows + columns) * (800 / sum(shape))).astype(np.float32)


def middle_of(levels, zoom, orientation=TURNS[0], moved=(0.0, 0.0)):
    rows, columns = levels[0].shape
    return SliceView(0, ((rows - 1) / 2 + moved[0], (columns - 1) / 2 + moved[1]), zoom, zoom, orientation)


def drawn(renderer, levels, view, window=WINDOW, size=(300, 200), *, inverted=False, part=None):
    canvas = np.zeros((size[1], size[0]), np.uint8)
    seen = renderer.visible(levels, view, window, size, inverted, part)
    if seen is not None:
        canvas[slice(*seen.rows), slice(*seen.columns)] = seen.grey()
    return canvas


def test_each_copy_of_a_film_has_half_the_pixels_of_the_one_before():
    film = noise((2501, 1999), dtype=np.uint16)
    copies = pyramid(film)
    assert copies[0] is film
    for larger, smaller in itertools.pairwise(copies):
        assert smaller.size / larger.size == pytest.approx(0.5, abs=0.003)
        assert smaller.shape[0] / smaller.shape[1] == pytest.approx(2501 / 1999, rel=0.003)
        assert smaller.dtype == film.dtype
        assert smaller.mean() == pytest.approx(film.mean(), rel=0.002)
    assert max(copies[-1].shape) <= 512
    assert copies.copies_nbytes == sum(copy.nbytes for copy in copies[1:])


def test_a_copy_is_made_once():
    copies = pyramid(noise((1200, 1300), dtype=np.uint16))
    assert copies[1] is copies[1]
    assert [copy is again for copy, again in zip(copies, copies, strict=True)] == [True] * len(copies)


def test_threads_that_ask_for_a_copy_at_once_get_the_same_one():
    film, meeting = pyramid(np.zeros((4000, 3000), np.uint16)), Barrier(4)

    def copy(_):
        meeting.wait()
        return film[2]

    with ThreadPoolExecutor(4) as pool:
        first, *others = pool.map(copy, range(4))
    assert all(other is first for other in others)


@pytest.mark.parametrize("shape", [(1, 1), (3, 2000), (512, 512)])
def test_a_small_or_narrow_picture_has_a_pyramid_too(shape):
    copies = pyramid(noise(shape))
    copies.complete()
    assert all(min(copy.shape) >= 1 for copy in copies)


def test_a_line_of_one_pixel_keeps_most_of_its_contrast_at_every_zoom_wherever_it_lies():
    for column in range(1201, 1211):
        film = np.zeros((8, 2400), np.uint16)
        film[:, column] = 40000
        copies = pyramid(film)
        for zoom in np.geomspace(0.12, 3.0, 60):
            view = SliceView(0, (4, 1200.0), max(zoom, 1), zoom, Orientation())
            shown = render(copies, view, StoredWindow(0, 40000), (800, 8), inverted=False)
            assert shown[4].max() >= 255 * min(zoom, 1) * 0.38, (column, zoom)


@pytest.mark.parametrize("orientation", TURNS)
def test_a_thing_lies_where_the_view_says_to_half_a_pixel_at_every_zoom(orientation):
    film = np.zeros((1300, 1100), np.float32)
    row, column = 701, 498
    film[row - 7 : row + 8, column - 7 : column + 8] = 800
    copies = pyramid(film)
    for zoom in (0.21, 0.5, 0.62, 0.707, 0.75, 0.9, 1.0, 1.3, 2.7, 6.0):
        view = SliceView(0, (702.3, 500.8), zoom, zoom, orientation)
        shown = render(copies, view, StoredWindow(0, 800), (301, 200), inverted=False).astype(float)
        y, x = np.mgrid[:200, :301]
        found = ((shown * x).sum() / shown.sum() + 0.5, (shown * y).sum() / shown.sum() + 0.5)
        assert found == pytest.approx(view.to_screen(row, column, (301, 200)), abs=0.8), zoom


@pytest.mark.parametrize("orientation", TURNS)
@pytest.mark.parametrize("zoom", [1.0, 2.0, 5.0])
def test_dragging_a_picture_shows_what_rendering_it_there_would_show(zoom, orientation):
    levels, renderer = (noise((400, 380)),), Renderer()
    for step in range(0, 200, 7):
        view = middle_of(levels, zoom, orientation, (step / 2, -step / 4))
        kept = drawn(renderer, levels, view)
        assert np.array_equal(kept, drawn(Renderer(), levels, view)), step


@pytest.mark.parametrize("zoom", [0.3, 0.66, 1.37])
def test_dragging_a_picture_at_any_zoom_shows_it_where_it_belongs_to_a_pixel(zoom):
    copies, renderer = pyramid(ramp((1400, 1200))), Renderer()
    a_pixel = 255 / sum(copies[0].shape) / zoom * 2
    for step in range(0, 400, 31):
        view = middle_of(copies, zoom, TURNS[1], (step / 3, -step / 2))
        apart = drawn(renderer, copies, view).astype(float) - drawn(Renderer(), copies, view)
        assert np.abs(apart[2:-2, 2:-2]).max() <= a_pixel + 1, step


def test_a_new_window_on_what_is_kept_is_the_window_on_the_picture():
    levels, renderer = (noise((300, 280)),), Renderer()
    view = middle_of(levels, 1.7)
    for low, width, inverted in itertools.product((-50, 0, 400), (1, 300), (False, True)):
        window = StoredWindow(low, low + width)
        expected = render(levels, view, window, (300, 200), inverted=inverted)
        assert np.array_equal(drawn(renderer, levels, view, window, inverted=inverted), expected)


def test_renderers_with_the_same_memory_never_show_each_others_pictures():
    scratch = Scratch()
    renderers = [(Renderer(scratch), (noise((200, 180), seed),)) for seed in range(3)]
    for moved, low, again in itertools.product((0.0, 3.0, 90.0), (-50, 300), range(3)):
        window = StoredWindow(low, low + 500)
        for renderer, levels in renderers:
            view = middle_of(levels, 2.0, moved=(moved, 0.0))
            expected = render(levels, view, window, (300, 200), inverted=False)
            assert np.array_equal(drawn(renderer, levels, view, window), expected), again


def test_another_slice_size_turn_or_hand_never_shows_what_was_there_before():
    renderer = Renderer()
    slices = [
        (noise((90, 70), seed, dtype),)
        for seed, dtype in enumerate((np.int16, np.uint8, np.float32, np.int32, np.uint16))
    ]
    parts = (None, (10, 40), (40, 70))
    sizes = ((300, 200), (64, 500), (301, 200))
    for levels, size, orientation, part, zoom in itertools.product(
        slices, sizes, TURNS[::3], parts, (0.4, 2.3)
    ):
        view = replace(middle_of(levels, zoom, orientation), pixels_per_row=zoom * 1.5)
        expected = render(levels, view, WINDOW, size, inverted=False, part=part)
        assert np.array_equal(drawn(renderer, levels, view, size=size, part=part), expected)


def test_one_hand_at_the_zoom_of_the_whole_film_never_shows_the_other_one():
    levels, renderer = (noise((90, 140)),), Renderer()
    view = middle_of(levels, 2.0)
    for part in (None, None, (0, 70), (0, 70), (60, 140), None):
        expected = render(levels, view, WINDOW, (300, 200), inverted=False, part=part)
        assert np.array_equal(drawn(renderer, levels, view, part=part), expected), part


def test_a_picture_dragged_out_of_its_pane_leaves_nothing_and_comes_back():
    levels, renderer = (noise((50, 50)),), Renderer()
    here, away = middle_of(levels, 2.0), middle_of(levels, 2.0, moved=(0, 4000))
    before = drawn(renderer, levels, here)
    assert not drawn(renderer, levels, away).any()
    assert np.array_equal(drawn(renderer, levels, here), before)


def test_panes_that_share_memory_show_what_each_would_show_alone():
    shared, levels = Scratch(), [(noise((50, 60), seed),) for seed in range(2)]
    panes, view = [Renderer(shared), Renderer(shared)], middle_of(levels[0], 3.0)
    for inverted, (renderer, one) in itertools.product((False, True), zip(panes, levels, strict=True)):
        expected = render(one, view, WINDOW, (300, 200), inverted=inverted)
        assert np.array_equal(drawn(renderer, one, view, inverted=inverted), expected)


@pytest.mark.parametrize("orientation", TURNS)
@pytest.mark.parametrize("zoom", [0.9, 2.0])
def test_the_colours_of_a_large_picture_are_its_grey_values_wherever_they_are_written(zoom, orientation):
    levels, renderer, size = (noise((1200, 900)),), Renderer(), (1101, 1003)
    view = middle_of(levels, zoom, orientation, (31.0, -17.0))
    expected = render(levels, view, WINDOW, size, inverted=True)
    for time in ("first", "when they are kept"):
        seen = renderer.visible(levels, view, WINDOW, size, True, None)
        screen = np.full((1050, 1150, 4), 7, np.uint8)
        target = screen[slice(*seen.rows), slice(*seen.columns)]
        seen.paint(target)
        assert np.array_equal(target[..., 0], expected[slice(*seen.rows), slice(*seen.columns)]), time
        assert (target[..., 1:3] == target[..., :1]).all()
        assert (target[..., 3] == 255).all()
        assert (screen[seen.rows[1] :] == 7).all()
        assert (screen[:, seen.columns[1] :] == 7).all()


@pytest.mark.parametrize("orientation", TURNS)
@pytest.mark.parametrize("size", [(600, 400), (601, 399)])
def test_a_coarse_picture_is_the_same_picture_with_a_value_for_two_rows_and_columns(size, orientation):
    rows, columns = np.mgrid[:900, :1100]
    copies, window = pyramid((2 * rows + columns).astype(np.float32)), StoredWindow(0, 2900)
    for zoom in (0.43, 0.8, 1.0, 3.1):
        view = middle_of(copies, zoom, orientation, (11.0, -7.0))
        whole = render(copies, view, window, size, inverted=False).astype(float)
        seen = Renderer().visible(copies, view, window, size, False, None, coarse=True)
        target = np.zeros((seen.rows[1] - seen.rows[0], seen.columns[1] - seen.columns[0], 4), np.uint8)
        seen.paint(target)
        assert np.array_equal(target[..., 1], seen.grey())
        assert np.array_equal(target[::2], target[1::2])
        assert np.array_equal(target[:, ::2], target[:, 1::2])
        apart = seen.grey() - whole[slice(*seen.rows), slice(*seen.columns)]
        a_pixel = 255 * 3 / 2900 / zoom
        assert np.abs(apart[4:-4, 4:-4]).max() <= 2 * a_pixel + 1, zoom


def test_a_thin_line_is_not_lost_in_a_coarse_picture():
    for column in range(1201, 1211):
        film = np.zeros((8, 2400), np.uint16)
        film[:, column] = 40000
        copies = pyramid(film)
        for zoom in np.geomspace(0.25, 3.0, 30):
            view = SliceView(0, (4, 1200.0), max(zoom, 1), zoom, Orientation())
            seen = Renderer().visible(
                copies, view, StoredWindow(0, 40000), (800, 8), False, None, coarse=True
            )
            assert seen.grey()[4].max() >= 255 * min(zoom / 2, 1) * 0.38, (column, zoom)


def test_memory_for_a_large_pane_is_given_back_when_it_is_small_again():
    scratch = Scratch()
    scratch.room("grey", (1200, 1600), np.uint8)
    small = scratch.room("grey", (100, 120), np.uint8)
    assert isinstance(small.base, np.ndarray)
    assert small.base.nbytes < 400_000

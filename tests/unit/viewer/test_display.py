import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from viewer.display.hanging import layouts
from viewer.display.orientation import Orientation, Turn, letters, standing, upright
from viewer.display.picture import pyramid, render
from viewer.display.readout import read_out
from viewer.display.tones import to_grey
from viewer.display.viewport import (
    Place,
    SliceView,
    cut_line,
    nearest_slice,
    step_slices,
    view_in_patient,
)
from viewer.display.window_level import (
    Adjustment,
    StoredWindow,
    WindowWish,
    describe_window,
    first_window,
    rescaled,
    stored,
    window_presets,
)
from viewer.display.zoom import Screen, Zoom, life_size_refusal, scale_of
from viewer.imaging.geometry import Geometry
from viewer.imaging.volume import Volume

AXES = ((1, 0, 0), (0, 1, 0), (0, 0, 1))
UPRIGHT = {
    "coronal": ("R", "L", "H", "F"),
    "axial": ("R", "L", "A", "P"),
    "sagittal": ("A", "P", "H", "F"),
}


def volume_with(
    down, across, normal, shape=(8, 6, 4), spacing=(3.0, 0.5, 0.25), origin=(10, 20, 30), **kwargs
):
    affine = np.eye(4)
    affine[:3] = np.column_stack(
        [
            np.multiply(normal, spacing[0]),
            np.multiply(down, spacing[1]),
            np.multiply(across, spacing[2]),
            origin,
        ]
    )
    geometry = Geometry(affine, shape, spacing)
    pixels = np.arange(np.prod(shape), dtype=np.int16).reshape(shape)
    return Volume(pixels, geometry, spacing[1:], "patient", **kwargs)


def axis_aligned():
    for across, down in itertools.permutations(AXES, 2):
        for sign_across, sign_down, sign_normal in itertools.product((1, -1), repeat=3):
            normal = np.cross(np.multiply(across, sign_across), np.multiply(down, sign_down)) * sign_normal
            yield np.multiply(down, sign_down), np.multiply(across, sign_across), normal


@pytest.mark.parametrize(("down", "across", "normal"), list(axis_aligned()))
def test_no_slice_is_ever_shown_mirrored(down, across, normal):
    volume = volume_with(down, across, normal)
    turned = upright(volume.geometry)
    shown = letters(volume, turned)
    standard = UPRIGHT[volume.geometry.plane]
    turns = [standard]
    for _ in range(3):  # quarter turns of the radiological view: left <- bottom <- right <- top
        left, right, top, bottom = turns[-1]
        turns.append((bottom, top, left, right))
    assert (shown.left, shown.right, shown.top, shown.bottom) in turns


def test_a_stack_stored_mirrored_opens_in_the_radiological_view():
    for plane, (down, across, normal) in {
        "coronal": ((0, 0, -1), (-1, 0, 0), (0, 1, 0)),
        "axial": ((0, -1, 0), (1, 0, 0), (0, 0, 1)),
    }.items():
        volume = volume_with(down, across, normal)
        shown = letters(volume, upright(volume.geometry))
        assert (shown.left, shown.right, shown.top, shown.bottom) == UPRIGHT[plane]


def test_letters_of_a_film_follow_its_patient_orientation_and_flips():
    film = Volume(
        np.zeros((1, 2, 2), np.uint16), None, None, None, row_letters=("R", "L"), column_letters=("H", "F")
    )
    assert letters(film, Orientation()).right == "L"
    assert letters(film, Orientation(columns=-1)).right == "R"
    assert letters(film, Orientation(rows=-1)).top == "F"


@given(
    st.floats(-50, 50),
    st.floats(-50, 50),
    st.floats(0.1, 9),
    st.sampled_from([1, -1]),
    st.sampled_from([1, -1]),
)
def test_screen_and_image_positions_are_inverse(row, column, scale, columns, rows):
    view = SliceView(0, (3.5, 2.5), scale, scale * 2, Orientation(columns, rows))
    assert view.to_image(*view.to_screen(row, column, (301, 200)), (301, 200)) == pytest.approx((row, column))


def test_every_pane_of_a_timepoint_shows_the_same_place_whatever_its_spacing():
    thin = volume_with((0, 0, -1), (1, 0, 0), (0, 1, 0), (40, 60, 60), (1.5, 0.4, 0.4), (-12, -30, 12))
    thick = volume_with((0, 0, -1), (1, 0, 0), (0, 1, 0), (16, 30, 30), (3.5, 0.8, 0.8), (-12, -27, 12))
    place = Place(focus=(1.0, 4.0, 2.0), centre=(1.0, 4.0, 2.0))
    for volume in (thin, thick):
        view = view_in_patient(volume, place, 2.0, Orientation())
        shown = volume.geometry.position_of((view.slice_index, *view.to_image(150, 100, (300, 200))))
        assert shown[[0, 2]] == pytest.approx((1.0, 2.0))
        assert abs(shown[1] - 4.0) <= volume.geometry.spacing_mm[0] / 2


def test_scrolling_goes_one_slice_a_step_and_stops_at_the_ends():
    geometry = volume_with((0, 0, -1), (1, 0, 0), (0, 1, 0)).geometry
    focus = np.array([10.0, 20.4, 30.0])
    for expected in (1, 2, 3, 4, 5, 6, 7, 7):
        focus = focus + step_slices(geometry, focus, 1)
        assert nearest_slice(geometry, focus) == expected


def test_the_cut_of_an_axial_slice_is_drawn_where_it_crosses_the_coronal_one():
    coronal = volume_with((0, 0, -1), (1, 0, 0), (0, 1, 0), (10, 50, 50), (2, 1, 1), (-25, -10, 25))
    axial = volume_with((0, 1, 0), (1, 0, 0), (0, 0, 1), (20, 30, 50), (2, 1, 1), (-25, -15, -20)).geometry
    view = view_in_patient(coronal, Place(), 4.0, Orientation())
    line = cut_line(view, coronal, axial, (0, 0, 8.0), (200, 200))
    assert line is not None
    assert [y for _, y in line] == pytest.approx([100 - 8 * 4, 100 - 8 * 4])
    assert cut_line(view, coronal, coronal.geometry, (0, 0, 0), (200, 200)) is None


@pytest.mark.parametrize("dtype", [np.int16, np.uint16, np.uint8, np.int32, np.float32])
@pytest.mark.parametrize("orientation", [Orientation(), Orientation(-1, 1), Orientation(1, -1)])
def test_a_slice_at_one_to_one_is_exactly_its_pixels_windowed(dtype, orientation):
    pixels = np.random.default_rng(1).integers(0, 200, (40, 30)).astype(dtype)
    view = SliceView(0, (19.5, 14.5), 1.0, 1.0, orientation)
    shown = render((pixels,), view, StoredWindow(50, 150), (30, 40), inverted=False)
    expected = np.clip((pixels.astype(float) - 50) * 2.55, 0, 255).round()
    expected = expected[:: orientation.rows, :: orientation.columns]
    assert np.abs(shown.astype(float) - expected).max() <= 1


def test_what_lies_under_a_screen_pixel_is_what_was_asked_for():
    pixels = np.zeros((64, 64), np.int16)
    pixels[20, 40] = 1000
    view = SliceView(0, (24.0, 36.0), 6.0, 6.0, Orientation())
    shown = render((pixels,), view, StoredWindow(0, 1000), (200, 160), inverted=False)
    row, column = np.unravel_index(np.argmax(shown), shown.shape)
    x, y = view.to_screen(20, 40, (200, 160))
    assert abs(column + 0.5 - x) <= 1.5
    assert abs(row + 0.5 - y) <= 1.5


def test_bright_and_dark_change_places_for_monochrome1_and_values_below_the_window_stay_dark():
    stored = np.array([[-3000, 0, 50, 100, 3000]], np.int16)
    window = StoredWindow(0, 100)
    assert to_grey(stored, window, inverted=False).tolist() == [[0, 0, 128, 255, 255]]
    assert to_grey(stored, window, inverted=True).tolist() == [[255, 255, 127, 0, 0]]


@pytest.mark.parametrize("zoom", [0.05, 0.11, 0.23, 0.4, 0.77, 1.0, 2.3])
def test_a_thin_bright_line_on_a_film_never_vanishes(zoom):
    film = np.zeros((3000, 2400), np.uint16)
    film[:, 1201] = 4000
    view = SliceView(0, (1500, 1200), zoom, zoom, Orientation())
    shown = render(pyramid(film), view, StoredWindow(0, 4000), (300, 200), inverted=False)
    covered = shown[100 - int(1400 * zoom) if zoom < 0.07 else 0 : 100 + int(1400 * zoom)]
    assert (covered.max(axis=1) >= 250 * min(zoom, 1.0) * 0.45).all()


@given(st.integers(-1000, 1000))
def test_a_flat_picture_gets_a_window_that_divides_by_something(value):
    flat = Volume(np.full((1, 8, 8), value, np.int16), None, None, None)
    window = first_window(flat)
    assert window.width >= 1
    assert window.low < value < window.high


def test_padding_does_not_count_for_the_first_window():
    pixels = np.full((1, 100, 100), -2000, np.int16)
    pixels[0, 40:60, 40:60] = 500
    window = first_window(Volume(pixels, None, None, None, padding=(-2000, -2000)))
    assert window.low > 0


def test_a_film_opens_equally_bright_whatever_its_polarity():
    density = np.random.default_rng(4).gamma(2.0, 300.0, (1, 200, 150)).clip(0, 4095).astype(np.uint16)
    plain = Volume(density, None, None, None)
    turned = Volume(4095 - density, None, None, None, monochrome1=True)
    for low, high in ((2.0, 99.7), (30.0, 99.9)):
        window, other = first_window(plain, low, high), first_window(turned, low, high)
        assert (4095 - other.high, 4095 - other.low) == pytest.approx((window.low, window.high))


def test_dragging_the_window_back_and_forth_ends_where_it_began():
    window = StoredWindow(100, 300)
    dragged = Adjustment().dragged(0.2, 0.0).dragged(-0.2, 0.0).applied_to(window)
    assert (dragged.low, dragged.high) == pytest.approx((100, 300))


@pytest.mark.parametrize("modality", ["MR", "CR/DX"])
def test_every_layout_shows_every_timepoint_in_each_of_its_roles(modality):
    for layout in layouts(modality):
        cells = [cell for row in layout.grid("ABC") for cell in row]
        assert sorted(cells) == sorted(itertools.product("ABC", layout.roles))


TURNS = [Turn(quarters, flipped) for flipped in (False, True) for quarters in range(4)]


@pytest.mark.parametrize(("down", "across", "normal"), list(axis_aligned()))
def test_letters_name_the_edge_a_thing_is_seen_at_after_every_turn_and_flip(down, across, normal):
    shape, spacing = (5, 21, 21), (3.0, 1.0, 1.0)
    volume = volume_with(down, across, normal, shape, spacing, (0, 0, 0))
    centre = volume.geometry.position_of((2, 10, 10))
    for turn in TURNS:
        orientation = turn.applied_to(upright(volume.geometry))
        shown = letters(volume, orientation)
        for axis, negative, positive in ((0, "R", "L"), (1, "A", "P"), (2, "F", "H")):
            for sign, letter in ((-1, negative), (1, positive)):
                position = centre + sign * 10 * np.eye(3)[axis]
                index, row, column = (round(float(value)) for value in volume.geometry.index_of(position))
                if index != 2:
                    continue  # along the normal: on no edge
                pixels = np.zeros(shape[1:], np.int16)
                pixels[row, column] = 100
                view = SliceView(2, (10.0, 10.0), 1.0, 1.0, orientation)
                picture = render((pixels,), view, StoredWindow(0, 100), (21, 21), inverted=False)
                y, x = (int(value) for value in np.argwhere(picture == 255)[0])
                edge = {(0, 10): "left", (20, 10): "right", (10, 0): "top", (10, 20): "bottom"}[x, y]
                assert getattr(shown, edge) == letter


@pytest.mark.parametrize("turn", TURNS)
def test_letters_of_a_film_stay_at_their_edges_after_every_turn_and_flip(turn):
    film = Volume(
        np.zeros((1, 9, 9), np.uint16), None, None, None, row_letters=("R", "L"), column_letters=("H", "F")
    )
    orientation = turn.applied_to(Orientation())
    shown = letters(film, orientation)
    for row, column, letter in ((4, 0, "R"), (4, 8, "L"), (0, 4, "H"), (8, 4, "F")):
        right, down = orientation.to_screen(row - 4, column - 4)
        edge = {(-4, 0): "left", (4, 0): "right", (0, -4): "top", (0, 4): "bottom"}[right, down]
        assert getattr(shown, edge) == letter


@given(st.sampled_from(TURNS), st.lists(st.integers(-3, 3), max_size=4))
def test_turning_and_flipping_on_the_screen_do_what_they_say_whatever_came_before(turn, more):
    step = turn.applied_to(Orientation()).to_screen(1.0, 2.0)
    turned = turn.turned(1).applied_to(Orientation()).to_screen(1.0, 2.0)
    assert turned == (-step[1], step[0])
    flipped = turn.mirrored().applied_to(Orientation()).to_screen(1.0, 2.0)
    assert flipped == (-step[0], step[1])
    for quarters in more:
        turn = turn.turned(quarters)
    assert turn.turned(-sum(more)).applied_to(Orientation()).to_screen(1.0, 2.0) == step


def test_a_reformatted_plane_stands_the_radiological_way_up():
    for down, across, normal in axis_aligned():
        volume = volume_with(down, across, normal)
        shown = letters(volume, standing(volume.geometry))
        assert (shown.left, shown.right, shown.top, shown.bottom) == UPRIGHT[volume.geometry.plane]


@given(st.sampled_from(TURNS), st.floats(-30, 30), st.floats(-30, 30))
def test_screen_and_image_positions_are_inverse_in_every_turn(turn, row, column):
    view = SliceView(0, (3.5, 2.5), 1.5, 3.0, turn.applied_to(Orientation()))
    assert view.to_image(*view.to_screen(row, column, (301, 200)), (301, 200)) == pytest.approx((row, column))


def test_pixel_for_pixel_counts_device_pixels_and_life_size_millimetres_of_glass():
    volume = volume_with((0, 0, -1), (1, 0, 0), (0, 1, 0), spacing=(3.0, 0.5, 0.25))
    screen = Screen((400, 300), 2.0, 4.0)
    pixel = scale_of(volume, Orientation(), screen, Zoom("pixel"))
    assert pixel * 0.25 * screen.ratio == pytest.approx(1)
    assert scale_of(volume, Orientation(), screen, Zoom("life")) == 4.0
    assert scale_of(volume, Orientation(), screen, Zoom("life").magnified(2)) == 8.0
    assert life_size_refusal(volume, screen) == ""
    assert "screen" in life_size_refusal(volume, Screen((400, 300)))
    assert "pixel size" in life_size_refusal(Volume(volume.pixels, None, None, None), screen)


def test_a_turned_picture_fits_its_pane_with_its_own_sides():
    volume = Volume(np.zeros((1, 200, 100), np.uint16), None, (1.0, 1.0), "patient")
    screen = Screen((300, 200))
    assert scale_of(volume, Orientation(), screen, Zoom()) == 1.0
    assert scale_of(volume, Orientation().turned(1), screen, Zoom()) == 1.5


def test_the_value_under_the_cursor_is_rescaled_and_placed_in_millimetres():
    volume = volume_with((0, 0, -1), (1, 0, 0), (0, 1, 0), rescale_slope=2.0, rescale_intercept=-7.0)
    index = (3, 2.2, 1.4)
    assert read_out(volume, *index) == f"{volume.pixels[3, 2, 1] * 2 - 7} at L 10.3 P 29.0 H 28.9 mm"
    assert read_out(volume, 3, -0.6, 1) == ""
    assert read_out(volume, 3, 2, 3.6) == ""
    film = Volume(np.full((1, 3, 3), 5, np.uint16), None, None, None, padding=(0, 0))
    assert read_out(film, 0, 1, 1) == "5"
    assert read_out(Volume(film.pixels, None, None, None, padding=(4, 6)), 0, 1, 1) == "no picture here"


@given(st.floats(1, 5000), st.floats(-3000, 3000), st.sampled_from([1.0, 0.25, -2.0]))
def test_a_window_in_numbers_comes_back_as_it_was_typed(width, level, slope):
    volume = Volume(
        np.zeros((1, 2, 2), np.int16), None, None, None, rescale_slope=slope, rescale_intercept=40
    )
    window = stored(volume, width, level)
    assert rescaled(volume, window) == pytest.approx((width, level))
    base = StoredWindow(10, 300)
    back = Adjustment.from_to(base, window).applied_to(base)
    assert (back.low, back.high) == pytest.approx((window.low, window.high), abs=1e-6)


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [(0, 17930, "W 17930  L 8965"), (100.25, 300.75, "W 200.5  L 200.5"), (-2000, 0, "W 2000  L -1000")],
)
def test_a_window_is_told_in_plain_digits(low, high, words):
    film = Volume(np.zeros((1, 2, 2), np.uint16), None, None, None)
    assert describe_window(film, StoredWindow(low, high)) == words


@pytest.mark.parametrize("modality", ["MR", "CR/DX"])
def test_the_first_window_preset_is_how_a_case_opens(modality):
    first = window_presets(modality)[0]
    assert (first.low, first.high) == (WindowWish().low, WindowWish().high)
    assert all(0 <= preset.low < preset.high <= 100 for preset in window_presets(modality))

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from viewer.display.hanging import layouts
from viewer.display.orientation import Orientation, letters, upright
from viewer.display.picture import pyramid, render, to_grey
from viewer.display.viewport import (
    Place,
    SliceView,
    cut_line,
    nearest_slice,
    step_slices,
    view_in_patient,
)
from viewer.display.window_level import Adjustment, StoredWindow, first_window
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


def test_dragging_the_window_back_and_forth_ends_where_it_began():
    window = StoredWindow(100, 300)
    dragged = Adjustment().dragged(0.2, 0.0).dragged(-0.2, 0.0).applied_to(window)
    assert (dragged.low, dragged.high) == pytest.approx((100, 300))


@pytest.mark.parametrize("modality", ["MR", "CR/DX"])
def test_every_layout_shows_every_timepoint_in_each_of_its_roles(modality):
    for layout in layouts(modality):
        cells = [cell for row in layout.grid("ABC") for cell in row]
        assert sorted(cells) == sorted(itertools.product("ABC", layout.roles))

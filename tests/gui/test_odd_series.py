"""Series that are not what one expects, in the real reading window: shown right, or said in one sentence."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from scoring_forms.domain.form import compose_form
from storage.reading.build import build_reading
from storage.reading.records import CaseSpec, ImageRecord, ImageSpec, ReadingSpec, TimepointSpec
from tests.gui.windows import text_of, type_keys, wheel
from viewer.widgets.labels import Frame, heading, labels

pytestmark = pytest.mark.gui

FILM = ImageRecord("xr_pa_left", "A", row_letters=("R", "L"), column_letters=("F", "H"))


def axes(slices, rows, columns):
    """Return a matrix whose columns are the directions of the indices, LPS."""
    return np.column_stack([slices, rows, columns]).astype(float)


CORONAL = axes((0, 1, 0), (0, 0, -1), (1, 0, 0))
AXIAL = axes((0, 0, 1), (0, 1, 0), (1, 0, 0))


def placed(
    role,
    *,
    directions=CORONAL,
    shape=(12, 40, 30),
    spacing=(2.0, 1.0, 1.0),
    at=(0, 0, 0),
    frame=1,
):
    """Return a series whose middle lies at a place of its frame of reference; values tell their index."""
    affine = np.eye(4)
    affine[:3, :3] = directions * spacing
    affine[:3, 3] = np.array(at) - affine[:3, :3] @ ((np.array(shape) - 1) / 2)
    step = None if shape[0] == 1 else abs(float(affine[:3, 0] @ np.cross(directions[:, 2], directions[:, 1])))
    record = ImageRecord(
        role,
        "A",
        frame=frame,
        affine=tuple(affine.ravel().tolist()),
        spacing_mm=(step, *spacing[1:]),
        pixel_spacing_mm=spacing[1:],
        spacing_at="patient",
    )
    pixels = np.arange(np.prod(shape), dtype=np.int32).reshape(shape) % 30000
    return ImageSpec(record, pixels.astype(np.int16))


def unplaced(role, shape=(10, 40, 30)):
    """Return frames of which nobody knows where they are."""
    generator = np.random.default_rng(1)
    return ImageSpec(ImageRecord(role, "A"), generator.integers(0, 999, shape).astype(np.int16))


@pytest.fixture
def show(opened, tmp_path):
    """Return a function that opens a reading of these pictures and returns its window and panes by role."""

    def build_and_open(*images, films=False):
        form = compose_form(["sharp_1985"]) if films else compose_form(["ramris_2003"], ["synovitis"])
        case = CaseSpec("K7Q2M", None if films else "L", (TimepointSpec("A", images),))
        folder = build_reading(
            tmp_path / "Q4WZR.reading", ReadingSpec("Anna Lind", "Round one", "paired", form, (case,))
        ).folder
        window = opened(folder)
        return window, lambda layout: panes(window, layout)

    return build_and_open


def panes(window, layout):
    """Show a layout and return its panes by timepoint and role."""
    window.layouts.show(next(one for one in window.layouts.standard if one.id == layout))
    QApplication.processEvents()  # new panes get their places
    return {key: pane for pane, key in window.display._keys.items()}


def hover(pane, x, y):
    """Move the cursor over a pane."""
    QTest.mouseMove(pane, QPoint(x, y))


def place_at(pane, x, y):
    """Return (slice, row, column) under a point of a pane."""
    view = pane.state.picture.view
    return view.slice_index, *view.to_image(x, y, (pane.width(), pane.height()))


def click(qtbot, pane, at):
    qtbot.mouseClick(pane, Qt.MouseButton.LeftButton, pos=at)


def test_a_series_of_one_slice_is_shown_and_says_what_it_cannot_do(qtbot, show):
    window, layout = show(placed("cor_t1_pre", shape=(1, 40, 30)), placed("ax_t1_pre", directions=AXIAL))
    shown = layout("planes")
    whole = shown["A", "cor_t1_pre"]
    assert whole.state.picture is not None
    assert whole.state.depth is None
    for plane in ("axial", "sagittal"):
        assert "one slice" in shown["A", f"cor_t1_pre@{plane}"].state.reason
    before = whole.state.picture.view
    wheel(whole, 1)
    assert whole.state.picture.view == before
    click(qtbot, whole, whole.rect().center())
    type_keys(qtbot, window, "p")
    assert "one slice" in text_of(window, "message")
    assert layout("coronal_axial")["A", "ax_t1_pre"].state.cuts, "the other plane shows where it lies"


def test_one_slice_beside_the_place_looked_at_says_so_and_scrolling_goes_there(show):
    _, layout = show(placed("cor_t1_pre"), placed("cor_stir", shape=(1, 40, 30), at=(0, 8, 0)))
    shown = layout("coronal")
    stir = shown["A", "cor_stir"]
    assert "outside" in stir.state.reason
    wheel(stir, 1)
    assert stir.state.picture is not None
    assert place_of(shown["A", "cor_t1_pre"], 0)[1] == pytest.approx(8, abs=1)


def test_a_plane_that_does_not_reach_the_place_looked_at_draws_no_line(qtbot, show):
    axial = placed("ax_t1_pre", directions=AXIAL, shape=(6, 40, 30), spacing=(2.0, 1.0, 1.0))
    _, layout = show(placed("cor_t1_pre"), axial)
    shown = layout("coronal_axial")
    coronal, cut = shown["A", "cor_t1_pre"], shown["A", "ax_t1_pre"]
    assert coronal.state.cuts
    click(qtbot, coronal, QPoint(coronal.width() // 2, 12))
    assert "outside" in cut.state.reason
    assert coronal.state.cuts == ()
    wheel(cut, -1)
    assert cut.state.picture is not None
    assert coronal.state.cuts


def place_of(pane, slices):
    """Return the place in the patient of the middle of the slice a pane shows, for a straight stack."""
    index = pane.state.picture.view.slice_index + slices
    return (0.0, (index - 5.5) * 2.0, 0.0)


def test_frames_without_positions_play_and_say_that_they_move_alone(qtbot, show):
    window, layout = show(placed("cor_t1_pre"), unplaced("cor_stir"))
    shown = layout("coronal")
    cine, other = shown["A", "cor_stir"], shown["A", "cor_t1_pre"]
    assert cine.state.picture.view.slice_index == 0
    assert "moves alone" in cine.state.link_note
    assert cine.state.mm_per_pixel is None
    assert (cine.state.cross, cine.state.cuts) == (None, ())
    before = other.state.picture.view
    for frame in (1, 2, 3):
        wheel(cine, 1)
        assert cine.state.picture.view.slice_index == frame
    wheel(cine, -20)
    assert cine.state.picture.view.slice_index == 0
    assert other.state.picture.view == before
    click(qtbot, cine, cine.rect().center())
    type_keys(qtbot, window, "p")
    qtbot.waitUntil(lambda: cine.state.picture.view.slice_index > 2)
    type_keys(qtbot, window, "p")
    type_keys(qtbot, window, "d")
    click(qtbot, cine, cine.rect().center())
    assert "no known pixel size" in text_of(window, "message")


def test_pixels_that_are_not_square_keep_the_shape_of_the_hand(qtbot, show):
    image = placed("cor_t1_pre", shape=(12, 40, 60), spacing=(2.0, 1.0, 0.5))
    window, layout = show(image)
    pane = layout("coronal")["A", "cor_t1_pre"]
    view = pane.state.picture.view
    assert view.pixels_per_row == pytest.approx(2 * view.pixels_per_column)
    type_keys(qtbot, window, "d")
    middle = pane.rect().center()
    scale = view.pixels_per_row  # of a millimetre, along rows
    for step in (QPoint(60, 0), QPoint(0, 60)):
        qtbot.mousePress(pane, Qt.MouseButton.LeftButton, pos=middle)
        qtbot.mouseMove(pane, middle + step)
        qtbot.mouseRelease(pane, Qt.MouseButton.LeftButton, pos=middle + step)
        assert float(pane.state.measures[-1].text.split()[0]) == pytest.approx(60 / scale, abs=0.06)
    type_keys(qtbot, window, Qt.Key.Key_Escape, "r")
    turned = pane.state.picture.view
    assert turned.orientation.transposed
    assert turned.pixels_per_row == pytest.approx(2 * turned.pixels_per_column)


TILTS = {
    "gantry": axes((0, 0.94, 0.34), (0, 0, -1), (1, 0, 0)),
    "oblique": axes((-0.5, 0.866, 0), (0, 0, -1), (0.866, 0.5, 0)),
    "double oblique": np.linalg.qr(axes((-0.5, 0.8, 0.3), (0.1, 0.3, -0.9), (0.85, 0.5, 0.2)))[0],
}


@pytest.mark.parametrize("tilt", TILTS)
def test_a_tilted_stack_shows_the_point_that_was_clicked_within_half_a_voxel(qtbot, show, tilt):
    tilted = placed("cor_t1_pre", directions=TILTS[tilt], shape=(24, 60, 50), spacing=(1.5, 0.7, 0.7))
    axial = placed("ax_t1_pre", directions=AXIAL, shape=(30, 40, 40), spacing=(1.5, 1.1, 1.1))
    _, layout = show(tilted, axial)
    shown = layout("coronal_axial")
    here, there = shown["A", "cor_t1_pre"], shown["A", "ax_t1_pre"]
    affines = [np.array(image.record.affine).reshape(4, 4) for image in (tilted, axial)]
    for step in (QPoint(20, 14), QPoint(-15, 22), QPoint(6, -30)):
        at = here.rect().center() + step
        click(qtbot, here, at)
        clicked = (affines[0] @ (*place_at(here, at.x(), at.y()), 1))[:3]
        assert np.linalg.norm(np.subtract(here.state.cross, (at.x(), at.y()))) < 1
        crossed = (affines[1] @ (*place_at(there, *there.state.cross), 1))[:3]
        index = np.linalg.inv(affines[1]) @ (*(clicked - crossed), 0)
        assert np.abs(index[:3]).max() <= 0.5 + 1e-6


@pytest.mark.parametrize("tilt", TILTS)
def test_the_line_of_a_tilted_cut_lies_in_both_slices(qtbot, show, tilt):
    tilted = placed("cor_t1_pre", directions=TILTS[tilt], shape=(24, 60, 50), spacing=(1.5, 0.7, 0.7))
    axial = placed("ax_t1_pre", directions=AXIAL, shape=(30, 40, 40), spacing=(1.5, 1.1, 1.1))
    _, layout = show(tilted, axial)
    shown = layout("coronal_axial")
    here, there = shown["A", "cor_t1_pre"], shown["A", "ax_t1_pre"]
    click(qtbot, here, here.rect().center() + QPoint(17, 9))
    affines = [np.array(image.record.affine).reshape(4, 4) for image in (tilted, axial)]
    for one, other, own, its in ((here, there, *affines), (there, here, *affines[::-1])):
        (line,) = one.state.cuts
        for end in line:
            position = own @ (*place_at(one, *end), 1)
            index = (np.linalg.inv(its) @ position)[0]
            assert index == pytest.approx(other.state.picture.view.slice_index, abs=1e-6)


def test_a_tilted_stack_scrolls_through_all_its_slices_and_reads_out_true_places(show):
    tilted = placed("cor_t1_pre", directions=TILTS["gantry"], shape=(8, 40, 30), spacing=(3.0, 1.0, 1.0))
    _, layout = show(tilted)
    pane = layout("coronal")["A", "cor_t1_pre"]
    affine = np.array(tilted.record.affine).reshape(4, 4)
    wheel(pane, -20)
    for number in range(8):
        assert pane.state.picture.view.slice_index == number
        x, y = pane.width() // 2 + number, pane.height() // 2 - 3
        hover(pane, x, y)
        index = place_at(pane, x, y)
        position = (affine @ (*index, 1))[:3]
        value = tilted.pixels[index[0], round(index[1]), round(index[2])]
        words = " ".join(
            f"{letters[int(mm > 0)]} {abs(mm):.1f}"
            for letters, mm in zip(("RL", "AP", "FH"), position, strict=True)
        )
        assert pane.state.readout == f"{value:.6g} at {words} mm"
        wheel(pane, 1)


def test_unknown_frames_of_reference_are_never_linked_and_say_so(qtbot, show):
    window, layout = show(
        placed("cor_t1_pre"),
        placed("cor_stir", frame=None),
        placed("ax_t1_pre", directions=AXIAL, frame=None),
        placed("ax_t1_post", directions=AXIAL, frame=2),
    )
    shown = layout("coronal_axial")
    known, unknown, other = (shown["A", role] for role in ("cor_t1_pre", "ax_t1_pre", "ax_t1_post"))
    assert "unknown" in unknown.state.link_note
    assert "another frame" in other.state.link_note
    assert known.state.link_note == ""
    before = [pane.state.picture.view for pane in (unknown, other)]
    click(qtbot, known, known.rect().center() + QPoint(30, 20))
    wheel(known, 2)
    assert [pane.state.picture.view for pane in (unknown, other)] == before
    for pane in (known, unknown, other):
        assert pane.state.cuts == ()
    assert (unknown.state.cross, other.state.cross) == (None, None)
    hover(unknown, *unknown.rect().center().toTuple())
    type_keys(qtbot, window, "k")
    assert "frame of reference" in text_of(window, "message")
    assert window._reading.landmarks("K7Q2M") == {}


def test_cuts_of_a_series_whose_frame_is_unknown_still_move_with_it(qtbot, show):
    _, layout = show(placed("cor_t1_pre", frame=None))
    shown = layout("planes")
    whole, axial = shown["A", "cor_t1_pre"], shown["A", "cor_t1_pre@axial"]
    before = axial.state.picture.view.slice_index
    click(qtbot, whole, whole.rect().center() + QPoint(0, 40))
    assert axial.state.picture.view.slice_index != before
    assert axial.state.cuts
    assert "unknown" in whole.state.link_note


def test_films_without_a_pixel_size_show_no_millimetres_and_keep_their_aspect(qtbot, show):
    pixels = np.random.default_rng(2).integers(0, 4095, (1, 60, 60)).astype(np.uint16)
    window, layout = show(
        ImageSpec(replace(FILM, pixel_aspect=2.0), pixels),
        ImageSpec(replace(FILM, role="xr_pa_right"), pixels),
        films=True,
    )
    shown = layout("both_hands")
    tall, square = shown["A", "xr_pa_left"], shown["A", "xr_pa_right"]
    for pane, aspect in ((tall, 2.0), (square, 1.0)):
        view = pane.state.picture.view
        assert view.pixels_per_row == pytest.approx(aspect * view.pixels_per_column)
        assert 60 * view.pixels_per_row <= pane.height() + 1e-6
        assert pane.state.mm_per_pixel is None
    for keys, words in (("d", "no known pixel size"), (None, "life-size")):
        if keys:
            type_keys(qtbot, window, keys)
            click(qtbot, tall, tall.rect().center())
        else:
            window.pictures.show_life_size()
        assert words in text_of(window, "message")
    hover(square, *square.rect().center().toTuple())
    assert "mm" not in square.state.readout


def test_a_film_without_a_pixel_size_leaves_the_size_of_the_others_alone(show):
    pixels = np.random.default_rng(2).integers(0, 4095, (1, 900, 700)).astype(np.uint16)
    _, layout = show(
        ImageSpec(replace(FILM, role="xr_pa_right"), pixels),
        ImageSpec(replace(FILM, pixel_spacing_mm=(0.2, 0.2), spacing_at="detector"), pixels),
        films=True,
    )
    shown = layout("both_hands")
    unknown, known = shown["A", "xr_pa_right"], shown["A", "xr_pa_left"]
    assert known.state.mm_per_pixel is not None
    for pane in (unknown, known):
        view = pane.state.picture.view
        fills = max(900 * view.pixels_per_row / pane.height(), 700 * view.pixels_per_column / pane.width())
        assert fills == pytest.approx(1.0)


def test_what_must_be_known_of_a_picture_is_written_inside_panes_of_every_width(show):
    _, layout = show(placed("cor_t1_pre"), placed("cor_stir", frame=None))
    pane = layout("coronal")["A", "cor_stir"]
    for width in (110, 189, 260, 700):
        frame = Frame(width, 240, pane.font(), 1.0)
        without = labels(replace(pane.state, link_note=""), frame, has_depth=True)
        written = labels(pane.state, frame, has_depth=True)
        assert len(written) > len(without)
        for corner, image in written:
            assert corner.x() + image.width() <= width + 8


@pytest.mark.parametrize("title", ["cor T1 pre, cut sagittal", "cor T1 post − pre", "ax T1 pre"])
def test_a_title_is_written_whole_in_panes_of_every_width(show, title):
    _, layout = show(placed("cor_t1_pre"))
    pane = layout("planes")["A", "cor_t1_pre"]
    for width in (110, 123, 189, 700):
        frame = Frame(width, 240, pane.font(), 1.0)
        written = heading(replace(pane.state, title=title), frame)
        assert all(corner.x() + image.width() <= width + 2 for corner, image in written), width

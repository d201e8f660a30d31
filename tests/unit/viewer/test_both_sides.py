from dataclasses import replace

import numpy as np
import pytest

from viewer.display.both_sides import cut_column, side_columns
from viewer.display.orientation import Orientation
from viewer.display.picture import pyramid, render
from viewer.display.readout import read_out
from viewer.display.viewport import film_middle, fitting_scale, view_of_film
from viewer.display.window_level import StoredWindow
from viewer.imaging.phantom import radiograph
from viewer.imaging.phantom.anatomy import make_hand
from viewer.imaging.phantom.bones import make_bones
from viewer.imaging.volume import Volume

DENSEST = 4095
TURNS = [Orientation(), Orientation(columns=-1), Orientation(transposed=True)]


@pytest.fixture(scope="module")
def hands():
    """Return films of both hands of one person, half as fine as they are made."""
    rng = np.random.default_rng(11)
    hand = make_hand(rng)
    shadows = {name: radiograph.cast_shadow(bone) for name, bone in make_bones(hand).items()}
    offsets = {name: np.zeros(3) for name in shadows}
    return {side: radiograph.expose(hand, shadows, offsets, side, rng).pixels[::2, ::2] for side in "RL"}


def film_of(left_half, right_half, letters=("R", "L"), *, monochrome1=False):
    pixels = np.hstack([left_half, right_half])
    stored = DENSEST - pixels if monochrome1 else pixels
    return Volume(
        stored[np.newaxis].astype(np.uint16), None, (0.2, 0.2), "detector", 1.0,
        monochrome1=monochrome1, row_letters=letters,
    )  # fmt: skip


@pytest.mark.parametrize("monochrome1", [False, True])
def test_a_film_is_cut_where_no_hand_is_whatever_its_polarity(hands, monochrome1):
    glued = hands["R"].shape[1]
    film = film_of(hands["R"], hands["L"], monochrome1=monochrome1)
    cut = cut_column(film)
    assert abs(cut - glued) < 0.15 * glued
    density = DENSEST - film.pixels[0] if monochrome1 else film.pixels[0]
    soft_tissue = np.percentile(density, 70)
    assert (density[:, cut] < soft_tissue).mean() > 0.98


def test_the_cut_follows_the_gap_when_the_hands_lie_off_the_middle(hands):
    narrow = hands["R"][:, : round(0.86 * hands["R"].shape[1])]
    film = film_of(narrow, hands["L"])
    gap = np.pad(film.pixels, ((0, 0), (0, 0), (0, 300)), mode="edge")
    cut = cut_column(replace(film, pixels=gap))
    assert cut < film.pixels.shape[2] // 2 + 40
    assert cut == pytest.approx(narrow.shape[1], abs=0.15 * narrow.shape[1])


def test_each_hand_lies_where_the_letters_of_the_film_say(hands):
    film = film_of(hands["R"], hands["L"])
    mirrored = film_of(hands["L"][:, ::-1], hands["R"][:, ::-1], ("L", "R"))
    for volume in (film, mirrored):
        cut, end = cut_column(volume), volume.pixels.shape[2]
        assert volume.row_letters is not None
        left, right = volume.row_letters
        assert side_columns(volume, left) == (0, cut)
        assert side_columns(volume, right) == (cut, end)


@pytest.mark.parametrize("letters", [None, ("H", "F"), ("", "L"), ("R", "R")])
def test_without_letters_of_the_sides_nothing_is_split(hands, letters):
    assert side_columns(film_of(hands["R"], hands["L"], letters), "R") is None


def test_a_lead_letter_in_the_gap_and_padding_do_not_move_the_cut_into_a_hand(hands):
    glued = hands["R"].shape[1]
    film = film_of(hands["R"], hands["L"])
    film.pixels[0, 40:110, glued - 30 : glued + 30] = DENSEST
    film.pixels[0, :, :120] = 60000
    cut = cut_column(replace(film, padding=(60000, 60000)))
    assert abs(cut - glued) < 0.15 * glued


@pytest.mark.parametrize("pixels", [np.zeros((1, 40, 61)), np.ones((1, 3, 2)), np.eye(70)[np.newaxis]])
def test_a_film_without_a_gap_is_cut_in_the_middle(pixels):
    columns = pixels.shape[2]
    volume = Volume(pixels.astype(np.uint16), None, None, None, row_letters=("R", "L"))
    assert side_columns(volume, "R") == (0, columns // 2)


def test_half_a_film_fits_its_pane_and_keeps_the_coordinates_of_the_whole():
    pixels = np.arange(40 * 100, dtype=np.uint16).reshape(1, 40, 100)
    half = Volume(pixels, None, (0.5, 0.5), "detector", part=(60, 100))
    assert film_middle(half) == (19.5, 79.5)
    assert fitting_scale(half, (200, 200)) == pytest.approx(10.0)
    view = view_of_film(half, (0.0, 0.0), 10.0, Orientation())
    assert view.to_image(100, 100, (200, 200)) == pytest.approx((19.5, 79.5))
    assert read_out(half, 0, 3, 70) == "370"
    assert read_out(half, 0, 3, 59) == ""


@pytest.mark.parametrize(
    "orientation", [Orientation(), Orientation(columns=-1), Orientation(transposed=True)]
)
@pytest.mark.parametrize("scale", [0.05, 0.21, 0.5, 1.0])
def test_nothing_of_the_other_hand_is_ever_painted(orientation, scale):
    pixels = np.full((2200, 2600), 100, np.uint16)
    pixels[:, 1400:] = 200
    volume = Volume(pixels[np.newaxis], None, None, None, part=(1400, 2600))
    view = view_of_film(volume, (0.0, -600.0), scale, orientation)
    shown = render(pyramid(pixels), view, StoredWindow(0, 200), (301, 299), inverted=False, part=volume.part)
    share_of_other = ((shown > 0) & (shown < 250)).mean()
    assert (shown == 255).any()
    assert share_of_other < 0.01

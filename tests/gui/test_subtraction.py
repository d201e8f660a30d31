"""Post − pre of a hand that moved between both, registered in the background."""

from dataclasses import replace

import cv2
import numpy as np
import pytest

from reader_app.jobs import JobRunner
from reader_app.reading.case_display import CaseDisplay
from reader_app.reading.case_images import CaseImage, CaseImages
from reader_app.reading.subtraction import REGISTERED, Subtraction
from viewer.display.hanging import layouts
from viewer.imaging.geometry import geometry_of
from viewer.imaging.volume import Volume
from viewer.widgets.pane_grid import PaneGrid

pytestmark = pytest.mark.gui

ROLE = "cor_t1_post-cor_t1_pre"
SHAPE = (30, 110, 70)


def hand():
    """Return a palm with four fingers and some texture."""
    values = np.zeros(SHAPE, np.float32)
    z, y, x = np.indices(SHAPE)
    values[((x - 35) / 24) ** 2 + ((y - 80) / 24) ** 2 + ((z - 15) / 9) ** 2 < 1] = 900
    for column, top in ((17, 22), (29, 12), (41, 15), (53, 26)):
        finger = ((x - column) ** 2 + (z - 15) ** 2 < 25) & (y > top) & (y < 80)
        bone = ((x - column) ** 2 + (z - 15) ** 2 < 6) & finger & ((y + column) % 23 > 2)
        values[finger], values[bone] = 700, 1500
    texture = np.random.default_rng(3).normal(0, 60, SHAPE).astype(np.float32)
    values += (values > 0) * cv2.GaussianBlur(texture.reshape(SHAPE[0], -1), (3, 1), 0).reshape(SHAPE)
    return np.stack([cv2.GaussianBlur(plane, (3, 3), 0) for plane in values]).clip(0).astype(np.int16)


def volume(pixels, shift=(0, 0, 0)):
    first = np.array((-28.0, -22, 44)) + shift
    last = first + np.array((0, 1.5 * (SHAPE[0] - 1), 0))
    geometry = geometry_of(first, last, (1, 0, 0), (0, 0, -1), (0.8, 0.8), SHAPE)
    return Volume(pixels, geometry, (0.8, 0.8), "patient")


@pytest.fixture
def shown(qtbot, tmp_path):
    """Return a function that shows a pair as post − pre, with its registration under way."""
    grid, jobs = PaneGrid(), JobRunner()
    qtbot.addWidget(grid)
    grid.resize(900, 400)
    grid.show()
    display = CaseDisplay(grid)
    subtraction = Subtraction(display, jobs)

    def kept(role, frame, found):
        np.save(tmp_path / f"{role}.npy", found.pixels)
        return CaseImage("A", role, frame, found, path=tmp_path / f"{role}.npy")

    def show(post, pre, frames=(1, 1)):
        pair = zip(("cor_t1_post", "cor_t1_pre"), frames, (post, pre), strict=True)
        made = {("A", role): kept(role, frame, found) for role, frame, found in pair}
        images = CaseImages("K7Q2M", ("A",), made)
        layout = next(layout for layout in layouts("MR") if layout.id == "subtraction")
        display.show_case(images, layout, None)
        subtraction.open_case(images)
        return images, grid.panes[2]

    yield show
    subtraction.leave_case()
    jobs.close()


@pytest.mark.parametrize("frames", [(1, 1), (1, 2)])
def test_what_moved_between_both_is_not_taken_for_enhancement(qtbot, shown, frames):
    pixels = hand()
    post = replace(volume(pixels, shift=(2.4, 0.7, -3.1)), pixels=(pixels * 1.3).astype(np.int16))
    images, pane = shown(post, volume(pixels), frames)
    plain = images.image("A", ROLE)
    if frames == (1, 1):
        assert pane.state.made_note == "post − pre, not registered yet"
    else:
        assert "They are being registered." in pane.state.reason
    qtbot.waitUntil(lambda: pane.state.made_note == REGISTERED, timeout=20000)
    registered = images.image("A", ROLE)
    residue = np.abs(registered.volume.pixels[5:-5, 10:-10, 10:-10])
    assert np.percentile(residue, 99) < 150
    if plain.volume is not None:
        assert np.percentile(np.abs(plain.volume.pixels[5:-5, 10:-10, 10:-10]), 99) > 600
    assert pane.state.picture.levels[0] is registered.levels(pane.state.picture.view.slice_index)[0]


def test_a_registration_is_kept_with_the_case(qtbot, shown):
    pixels = hand()
    images, pane = shown(volume(pixels, shift=(1.0, 0, 0)), volume(pixels))
    qtbot.waitUntil(lambda: pane.state.made_note == REGISTERED, timeout=20000)
    assert images.registered == {("A", ROLE)}


def test_pictures_without_a_place_say_why_there_is_no_difference(qtbot, shown):
    film = Volume(np.ones((1, 8, 8), np.int16), None, None, None)
    _, pane = shown(film, film)
    assert "no place in the patient" in pane.state.reason

"""A bone of the phantom that is clicked in one pane, and where every other pane shows it."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication

from reader_app.reading.case_display import CaseDisplay
from reader_app.reading.case_images import CaseImage, CaseImages
from reader_app.reading.wanted import Wanted
from viewer.display.hanging import layouts
from viewer.display.orientation import upright
from viewer.display.pane_state import OUTSIDE
from viewer.display.viewport import Place
from viewer.imaging.registration import register
from viewer.widgets.pane_grid import PaneGrid

pytestmark = [pytest.mark.gui, pytest.mark.slow]

ROLES = ("cor_t1_pre", "cor_t1_post", "ax_t1_pre", "ax_t1_post", "cor_stir")
REGISTERED_MM = 0.5
"""How far registration may be off."""
SITES = ("mc3_head", "capitate", "lunate", "distal_radius")


@pytest.fixture(scope="module")
def to_first(visits):
    """The ways to the frame of the first timepoint, as registration finds them."""
    before, after = (visit.volumes["cor_t1_pre"] for visit in visits)
    found = register(before, after)
    assert found.accepted
    return {"A/1": np.eye(4), "B/1": found.transform.matrix}


@pytest.fixture
def display(qtbot, visits, to_first):
    """Show both visits as timepoints A and B that follow each other by what registration found."""
    grid = PaneGrid()
    qtbot.addWidget(grid)
    grid.resize(1200, 800)
    grid.show()
    images = {
        (letter, role): CaseImage(letter, role, 1, volume, upright(volume.geometry))
        for letter, visit in zip("AB", visits, strict=True)
        for role, volume in visit.volumes.items()
        if role in ROLES
    }
    display = CaseDisplay(grid)
    display.show_case(CaseImages("K7Q2M", ("A", "B"), images), layouts("MR")[0], None)
    display.set_followed(to_first, {})
    display.set_follows(True)
    return display


def pane_places(display):
    """Return what every pane that shows its cross-hair points at, and its volume, by its key."""
    places = {}
    scene = display._scene()
    for pane, key in display._keys.items():
        if pane.state.reason == OUTSIDE:
            continue
        geometry = scene.image(key).volume.geometry
        view = pane.state.picture.view
        row, column = view.to_image(*pane.state.cross, (pane.width(), pane.height()))
        places[key] = geometry, np.array((view.slice_index, row, column))
    return places


@pytest.mark.parametrize("name", ["planes", "coronal_axial"])
def test_a_bone_clicked_in_one_pane_is_within_half_a_voxel_in_every_other(qtbot, visits, display, name):
    truths = [visit.truth for visit in visits]
    display.show_layout(next(layout for layout in layouts("MR") if layout.id == name))
    QApplication.processEvents()
    seen = set()
    for site in SITES:
        bones = {letter: truth.landmarks_mm[site] for letter, truth in zip("AB", truths, strict=True)}
        display.show(Wanted(places={f"{letter}/1": Place(bone, bone) for letter, bone in bones.items()}))
        click_on(qtbot, display, bones["A"])
        clicked = display.focus_of("A/1")
        beside = np.append(np.subtract(clicked, bones["A"]), 0)  # the mouse knows whole pixels only
        same = {"A": clicked, "B": bones["B"] + (truths[1].pose @ np.linalg.inv(truths[0].pose) @ beside)[:3]}
        assert np.linalg.norm(beside) < 1.5
        for (letter, role), (geometry, index) in pane_places(display).items():
            off = np.abs(index - geometry.index_of(same[letter]))
            registered = REGISTERED_MM / np.array(geometry.spacing_mm) if letter == "B" else 0
            seen.add((letter, role))
            assert (off <= 0.5 + registered + 1e-6).all(), (site, letter, role)
    assert seen == set(display._keys.values())


def click_on(qtbot, display, position):
    """Click on a place of the patient in the first pane."""
    pane, key = next(iter(display._keys.items()))
    _, row, column = display._scene().image(key).volume.geometry.index_of(position)
    x, y = pane.state.picture.view.to_screen(row, column, (pane.width(), pane.height()))
    qtbot.mouseClick(pane, Qt.MouseButton.LeftButton, pos=QPoint(round(x), round(y)))

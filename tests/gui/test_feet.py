"""Rounds that score hands and feet, in the reading window."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QApplication

from scoring_forms.domain.form import compose_form
from storage.reading.build import build_reading
from storage.reading.reading import Reading
from storage.reading.records import CaseSpec, ImageRecord, ImageSpec, ReadingSpec, TimepointSpec
from tests.gui.windows import CODES, text_of, type_keys

pytestmark = pytest.mark.gui

ROWS, COLUMNS, CUT = 120, 200, 96
HANDS = {"xr_pa_left", "xr_pa_right"}
FEET = {"xr_foot_left", "xr_foot_right"}


def film(role, letter):
    """Return a film whose left half, and whose right half, is as bright as no other."""
    pixels = np.full((1, ROWS, COLUMNS), 100, np.uint16)
    pixels[0, 15:105, 10:86] = 1500
    pixels[0, 15:105, 106:190] = 3000
    record = ImageRecord(
        role, letter, pixel_spacing_mm=(0.5, 0.5), spacing_at="detector", row_letters=("R", "L"),
        column_letters=("H", "F"),
    )  # fmt: skip
    return ImageSpec(record, pixels)


@pytest.fixture
def folder(tmp_path):
    """Return a reading in which one timepoint has a film of both feet, the other one of each."""
    timepoints = (
        TimepointSpec("A", [film(role, "A") for role in (*sorted(HANDS), "xr_foot_both")]),
        TimepointSpec("B", [film(role, "B") for role in sorted(HANDS | FEET)]),
    )
    form = compose_form(["svdh_hands_feet"])
    spec = ReadingSpec("Anna Lind", "Films", "paired", form, (CaseSpec(CODES[0], None, timepoints),))
    return build_reading(tmp_path / "films.reading", spec).folder


def panes(window):
    QApplication.processEvents()  # new panes get their places
    return {key: pane for pane, key in window.display._keys.items()}


def roles(window):
    return {role for _, role in panes(window)}


def go_to(window, feature, side, site):
    cell = next(
        cell for cell in window.panel.cells() if (cell.feature, cell.side, cell.site) == (feature, side, site)
    )
    window.panel.go_to(cell)


def show(window, layout):
    window.layouts.show(next(one for one in window.layouts.standard if one.id == layout))


def at(pane, row, column):
    x, y = pane.state.picture.view.to_screen(row, column, (pane.width(), pane.height()))
    return QPoint(round(x), round(y))


def test_the_panes_show_feet_while_a_foot_is_scored_and_hands_again_after(window):
    assert roles(window) == HANDS
    go_to(window, "erosion_feet", "R", "mtp1_proximal")
    assert roles(window) == FEET
    assert all(pane.state.picture is not None for pane in panes(window).values())
    assert panes(window)["B", "xr_foot_left"].state.title == "left foot"
    go_to(window, "joint_space_narrowing_hands", "L", "mcp2")
    assert roles(window) == HANDS


def test_going_on_past_the_last_joint_of_the_hands_shows_the_feet(qtbot, window):
    last = [cell for cell in window.panel.cells() if cell.feature == "joint_space_narrowing_hands"][-1]
    window.panel.go_to(last)
    type_keys(qtbot, window, "0")
    assert window.panel.current_cell.feature == "erosion_feet"
    assert roles(window) == FEET


def test_a_layout_that_shows_hands_and_feet_stays(window):
    show(window, "hands_feet")
    for feature, site in (("erosion_feet", "mtp2_distal"), ("erosion_hands", "pip2")):
        go_to(window, feature, "R", site)
        assert roles(window) == HANDS | FEET


def test_the_layouts_chosen_last_for_hands_and_for_feet_come_back(opened, window, folder):
    show(window, "left_hand")
    go_to(window, "erosion_feet", "R", "mtp1_proximal")
    show(window, "right_foot")
    go_to(window, "erosion_hands", "R", "pip2")
    assert roles(window) == {"xr_pa_left"}
    go_to(window, "joint_space_narrowing_feet", "R", "mtp1")
    assert roles(window) == {"xr_foot_right"}
    window.close()
    assert roles(opened(folder)) == {"xr_foot_right"}, "it opens at the foot that was left"


def test_each_foot_of_a_film_of_both_is_shown_in_its_own_pane(window):
    go_to(window, "erosion_feet", "R", "mtp1_proximal")
    shown = panes(window)
    cut = shown["A", "xr_foot_right"].state.picture.part[1]
    assert abs(cut - CUT) <= 2
    assert shown["A", "xr_foot_right"].state.picture.part == (0, cut)
    assert shown["A", "xr_foot_left"].state.picture.part == (cut, COLUMNS)
    assert shown["B", "xr_foot_left"].state.picture.part is None
    assert shown["A", "xr_foot_left"].state.title == "left foot"


def test_a_joint_of_a_foot_is_kept_and_the_joint_lens_goes_there(qtbot, window, folder):
    go_to(window, "erosion_feet", "R", "mtp1_proximal")
    shown = panes(window)
    for letter, row, column in (("A", 60, 40), ("B", 70, 120)):
        qtbot.mouseMove(shown[letter, "xr_foot_right"], at(shown[letter, "xr_foot_right"], row, column))
        type_keys(qtbot, window, "k")
    with Reading.open(folder, read_only=True) as reading:
        kept = {key: landmark.role for key, landmark in reading.landmarks(CODES[0]).items()}
    assert kept == {
        ("A", "mtp1_proximal", "R"): "xr_foot_both",
        ("B", "mtp1_proximal", "R"): "xr_foot_right",
    }
    window.pictures.toggle_joint_lens()
    for pane in (shown["A", "xr_foot_right"], shown["B", "xr_foot_right"]):
        middle = (pane.width() / 2, pane.height() / 2)
        assert pane.state.spot == pytest.approx(middle, abs=1)
    scales = {pane.state.mm_per_pixel for pane in shown.values()}
    assert len(scales) == 1


def test_a_joint_of_a_foot_is_not_set_on_a_hand(qtbot, window, folder):
    show(window, "hands_feet")
    go_to(window, "erosion_feet", "R", "mtp1_proximal")
    hand = panes(window)["A", "xr_pa_right"]
    qtbot.mouseMove(hand, at(hand, 60, 40))
    type_keys(qtbot, window, "k")
    assert text_of(window, "message") == "This is a hand; the current site is on a foot."
    with Reading.open(folder, read_only=True) as reading:
        assert not reading.landmarks(CODES[0])


def test_rounds_of_hands_alone_offer_no_layouts_of_feet(opened, tmp_path):
    form = compose_form(["svdh_hands"])
    timepoints = (TimepointSpec("A", [film(role, "A") for role in sorted(HANDS)]),)
    spec = ReadingSpec("Anna Lind", "Films", "paired", form, (CaseSpec(CODES[0], None, timepoints),))
    window = opened(build_reading(tmp_path / "hands.reading", spec).folder)
    shown = {role for layout in window.layouts.standard for role in layout.roles}
    assert shown == HANDS

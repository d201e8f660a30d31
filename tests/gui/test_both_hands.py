"""Films that show both hands, in the reading window."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint

from reader_app.reading.film_roles import film_side
from scoring_forms.domain.form import compose_form
from storage.reading.build import build_reading
from storage.reading.reading import Reading
from storage.reading.records import CaseSpec, ImageRecord, ImageSpec, ReadingSpec, TimepointSpec
from tests.gui.windows import CODES, type_keys

pytestmark = pytest.mark.gui

ROWS, COLUMNS, CUT = 120, 200, 96
VALUE = {"left": 1500, "right": 3000}


def both(letter, row_letters, *, monochrome1):
    """Return a film with a hand of its own value on either half and nothing between them."""
    pixels = np.full((1, ROWS, COLUMNS), 100, np.uint16)
    pixels[0, 15:105, 10:86] = VALUE["left"]
    pixels[0, 15:105, 106:190] = VALUE["right"]
    record = ImageRecord(
        "xr_pa_both",
        letter,
        pixel_spacing_mm=(0.5, 0.5),
        spacing_at="detector",
        monochrome1=monochrome1,
        row_letters=row_letters,
        column_letters=("F", "H"),
    )
    return ImageSpec(record, np.asarray(4095 - pixels if monochrome1 else pixels, np.uint16))


@pytest.fixture
def folder(tmp_path):
    timepoints = (
        TimepointSpec("A", [both("A", ("R", "L"), monochrome1=True)]),
        TimepointSpec("B", [both("B", ("L", "R"), monochrome1=False)]),
        TimepointSpec("C", [both("C", None, monochrome1=False)]),
    )
    form = compose_form(["sharp_1985"])
    spec = ReadingSpec("Anna Lind", "Films", "paired", form, (CaseSpec(CODES[0], None, timepoints),))
    return build_reading(tmp_path / "films.reading", spec).folder


@pytest.fixture
def panes(window):
    return {key: pane for pane, key in window.display._keys.items()}


def at(pane, row, column):
    x, y = pane.state.picture.view.to_screen(row, column, (pane.width(), pane.height()))
    return QPoint(round(x), round(y))


def test_every_pane_shows_its_own_hand_where_the_letters_of_the_film_say(panes):
    halves = {key: pane.state.picture.part for key, pane in panes.items()}
    cut = halves["A", "xr_pa_right"][1]
    assert abs(cut - CUT) <= 2
    assert halves["A", "xr_pa_right"] == (0, cut) == halves["B", "xr_pa_left"]
    assert halves["A", "xr_pa_left"] == (cut, COLUMNS) == halves["B", "xr_pa_right"]
    titles = {key: pane.state.title for key, pane in panes.items()}
    assert titles["B", "xr_pa_left"] == "left hand PA"
    grey = panes["B", "xr_pa_left"].grey()
    assert grey.max() < panes["B", "xr_pa_right"].grey().max()


def test_a_film_whose_side_is_not_known_is_shown_whole_and_says_so(panes):
    for role in ("xr_pa_right", "xr_pa_left"):
        state = panes["C", role].state
        assert state.picture.part is None
        assert state.title == "both hands PA"
        assert "not known" in state.made_note
    assert panes["A", "xr_pa_right"].state.made_note == ""


def test_a_site_on_half_a_film_is_kept_in_pixels_of_the_whole_film(qtbot, window, panes, folder):
    cell = window.panel.current_cell
    pane = next(pane for key, pane in panes.items() if key[0] == "A" and film_side(key[1]) == cell.side)
    first, stop = pane.state.picture.part
    point = at(pane, 60, (first + stop) / 2 + 12)
    qtbot.mouseMove(pane, point)
    type_keys(qtbot, window, "k")
    with Reading.open(folder, read_only=True) as reading:
        ((_, landmark),) = reading.landmarks(CODES[0]).items()
    assert landmark.role == "xr_pa_both"
    assert landmark.row_column == pytest.approx((60, (first + stop) / 2 + 12), abs=1)
    assert pane.state.spot == pytest.approx((point.x(), point.y()), abs=1)


def test_a_mark_on_half_a_film_is_kept_in_pixels_of_the_whole_film(qtbot, window, panes, folder):
    cell = window.panel.current_cell
    pane = next(pane for key, pane in panes.items() if key[0] == "A" and film_side(key[1]) == cell.side)
    other = next(pane for key, pane in panes.items() if key[0] == "A" and film_side(key[1]) != cell.side)
    first, stop = pane.state.picture.part
    for place in (at(pane, 60, first - 3), at(pane, 60, stop + 3)):  # the other one is hidden
        qtbot.mouseMove(pane, place)
        type_keys(qtbot, window, "e")
    qtbot.mouseMove(other, other.rect().center())
    type_keys(qtbot, window, "e")
    qtbot.mouseMove(pane, at(pane, 60, (first + stop) / 2 + 12))
    type_keys(qtbot, window, "e")
    with Reading.open(folder, read_only=True) as reading:
        (mark,) = reading.marks(CODES[0])
    assert (mark.role, mark.plane, mark.cell) == ("xr_pa_both", "film", cell)
    assert mark.points[0] == pytest.approx((60, (first + stop) / 2 + 12), abs=1)
    assert [len(shown.state.marks) for shown in (pane, other)] == [1, 0]


def test_nothing_is_read_or_kept_from_the_hidden_hand(qtbot, window, panes):
    pane = panes["A", "xr_pa_right"]
    qtbot.mouseMove(pane, at(pane, 60, 40))
    assert pane.state.readout
    edge = at(pane, 60, pane.state.picture.part[1] + 3)
    qtbot.mouseMove(pane, edge)
    assert pane.state.readout == ""
    assert "Point at" in window.display.landmark_at_cursor()

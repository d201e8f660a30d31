from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QApplication

from reader_app.images.header_window import first_look, linear_window
from reader_app.images.pane_display import PaneDisplay
from reader_app.images.refused_dialog import RefusedDialog
from reader_app.images.scene import point_of
from reader_app.images.series_list import MIME
from reader_app.images.window import ImagesWindow
from reader_app.jobs import JobRunner
from tests.e2e.trials import write_mr
from tests.gui.windows import Answer, wheel
from viewer.display.pane_state import OUTSIDE
from viewer.imaging.loading import load_volume
from viewer.imaging.scan import scan
from viewer.imaging.volume import LookupTable, Voi, Volume, Window
from viewer.widgets.pane_grid import PaneGrid

pytestmark = pytest.mark.gui


@pytest.fixture
def viewer(qtbot):
    jobs = JobRunner()
    window = ImagesWindow(jobs)
    qtbot.addWidget(window)
    window.show()
    yield window
    window.close()
    jobs.close()


def volume(pixels, **facts) -> Volume:
    return Volume(np.array(pixels, np.int16).reshape(1, 1, -1), None, None, None, **facts)


def test_the_window_of_the_header_is_taken_in_stored_values():
    found = linear_window(volume([0], rescale_slope=2.0, rescale_intercept=-10.0), Window(100, 51))
    assert (found.low, found.high) == pytest.approx(((99.5 - 25 + 10) / 2, (99.5 + 25 + 10) / 2))
    exact = linear_window(volume([0]), Window(100, 50, "LINEAR_EXACT"))
    assert (exact.low, exact.high) == (75, 125)


def test_a_voi_lookup_table_is_applied_and_its_ends_hold_beyond_it():
    table = LookupTable(10, np.array([5, 200, 255], np.uint16), 8)
    look = first_look(volume([-7, 10, 11, 12, 99], voi=Voi((Window(0, 10),), (table,))))
    assert look.volume.pixels.ravel().tolist() == [5, 5, 200, 255, 255]
    assert (look.window.low, look.window.high) == (0, 255)


def test_a_sigmoid_is_half_white_at_its_centre():
    look = first_look(volume([0, 100, 200], voi=Voi((Window(100, 50, "SIGMOID"),))))
    dark, middle, bright = look.volume.pixels.ravel() / look.window.high
    assert middle == pytest.approx(0.5, abs=0.01)
    assert (dark < 0.01, bright > 0.99) == (True, True)


def test_without_a_window_the_pixels_give_one():
    look = first_look(volume(range(1000)))
    assert look.source == "window from the pixels"
    assert 0 < look.window.low < look.window.high < 1000


@pytest.mark.slow
def test_a_real_wrist_is_shown_with_its_letters_and_scrolls(qtbot, viewer, shared_data):
    hand = shared_data / "hand"
    viewer.look_at([hand / "wrist_mr_coronal", hand / "hand_png" / "0.png"])
    pane = viewer.grid.panes[0]
    qtbot.waitUntil(lambda: pane.state.picture is not None, timeout=20000)
    state = pane.state
    assert (state.letters.left, state.letters.right) == ("R", "L")
    assert (state.letters.top, state.letters.bottom) == ("H", "F")
    assert state.window_text.startswith("9 / 16")
    assert state.mm_per_pixel > 0
    assert pane.grey().std() > 20
    wheel(pane, 1)
    assert pane.state.window_text.startswith("10 / 16")
    qtbot.keyClick(viewer, Qt.Key.Key_End)
    assert pane.state.window_text.startswith("16 / 16")
    qtbot.waitUntil(lambda: not viewer.series_list.item(0).icon().isNull())
    answer = Answer(RefusedDialog, lambda dialog: [dialog.copy(), dialog.reject()])
    viewer._refused.click()
    assert answer.given
    assert "PNG" in QApplication.clipboard().text()


@pytest.mark.slow
def test_a_second_series_is_dropped_into_the_pane_it_is_dropped_on(qtbot, viewer, tmp_path):
    write_mr(tmp_path, "P01", "20210301")
    viewer.look_at([tmp_path])
    qtbot.waitUntil(lambda: viewer.grid.panes[0].state.picture is not None, timeout=20000)
    viewer.display.arrange(1, 2)
    right = viewer.grid.panes[1]
    qtbot.waitUntil(lambda: right.x() > 0)
    axial = next(one for one in viewer._result.series if one.plane == "axial")
    mime = QMimeData()
    mime.setData(MIME, axial.series_uid.encode())
    where = QPointF(right.mapTo(viewer, right.rect().center()))
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    viewer.dropEvent(QDropEvent(where, Qt.DropAction.CopyAction, mime, buttons, keys))
    qtbot.waitUntil(lambda: right.state.picture is not None, timeout=10000)
    assert right.state.title == axial.description
    assert right.state.cuts


@pytest.mark.slow
def test_a_folder_without_pictures_says_so_and_why(qtbot, viewer, tmp_path):
    (tmp_path / "notes.txt").write_text("nothing to see")
    viewer.look_at([tmp_path])
    qtbot.waitUntil(lambda: viewer._empty.why.isVisible(), timeout=20000)
    assert viewer._empty.words.text() == "No pictures that can be shown in 1 file."


def test_a_cancelled_search_goes_back_to_where_it_was(qtbot, viewer, tmp_path):
    viewer.look_at([tmp_path])
    viewer._busy.cancel.click()
    assert viewer._empty.isVisible()


def test_what_arrives_late_of_files_looked_at_before_is_not_painted(qtbot, viewer, tmp_path):
    for name in ("before", "now"):
        write_mr(tmp_path / name, name, "20240101")
    viewer.look_at([tmp_path / "before"])
    qtbot.waitUntil(lambda: viewer.grid.panes[0].state.picture is not None, timeout=20000)
    before, generation = viewer._result, viewer._generation
    uid = before.series[0].series_uid
    late = viewer._looks[uid]
    viewer.look_at([tmp_path / "now"])
    viewer._wanted = dict.fromkeys(viewer.grid.panes, uid)  # as if the pane still waited for it
    viewer.display.clear()
    viewer._on_ready(("scan", generation), before)
    viewer._on_ready(("volume", generation, uid), late)
    assert viewer.grid.panes[0].state.picture is None
    assert viewer._pages.currentWidget() is viewer._busy
    viewer._on_ready(("volume", viewer._generation, uid), late)
    assert viewer.grid.panes[0].state.picture is not None


@pytest.fixture
def linked(qtbot, tmp_path):
    """A display with a coronal and an axial series of one frame of reference."""
    write_mr(tmp_path, "P01", "20210301")
    found = scan([Path(tmp_path)]).series
    coronal = next(one for one in found if one.plane == "coronal")
    axial = next(one for one in found if one.plane == "axial")
    grid = PaneGrid()
    qtbot.addWidget(grid)
    grid.resize(640, 320)
    display = PaneDisplay(grid)
    display.arrange(1, 2)
    grid.show()
    for pane, series in zip(grid.panes, (coronal, axial), strict=True):
        display.show_look(pane, series, series.description, first_look(load_volume(series)))
    return display, grid.panes


def shown_slice(pane) -> int:
    return pane.state.picture.view.slice_index


def test_a_point_takes_the_linked_pane_to_its_slice(linked):
    display, (coronal, axial) = linked
    axial.pointed.emit(axial, 3.0, 2.0)
    assert shown_slice(coronal) == 1
    axial.pointed.emit(axial, 0.0, 2.0)
    assert shown_slice(coronal) == 0
    display.set_linked(False)
    axial.pointed.emit(axial, 3.0, 2.0)
    assert shown_slice(coronal) == 0


def test_a_linked_pane_whose_slices_end_before_the_place_says_so_until_it_is_scrolled_back(linked):
    display, (coronal, axial) = linked
    geometry = display.shown_in(coronal).geometry
    frame = display.shown_in(coronal).series.frame_of_reference_uid
    display._focus[frame] = point_of(geometry.position_of((-3.0, 1.0, 1.0)))
    display.refresh()
    assert (coronal.state.picture, coronal.state.reason) == (None, OUTSIDE)
    assert axial.state.picture is None or axial.state.cuts == ()
    coronal.scrolled.emit(coronal, 1)
    assert shown_slice(coronal) == 1


def shown(picture):
    return id(picture.levels[0]), picture.view, picture.window, picture.inverted, picture.part


def test_gestures_change_one_pane_and_reset_takes_them_back(linked):
    display, (coronal, axial) = linked
    display.make_current(coronal)
    first, other = coronal.state.picture, axial.state.picture
    coronal.zoomed.emit(coronal, 2.0)
    coronal.panned.emit(coronal, 10.0, 5.0)
    coronal.windowed.emit(coronal, 0.2, 0.1)
    display.invert()
    changed = coronal.state.picture
    assert changed.view.pixels_per_row == pytest.approx(first.view.pixels_per_row * 2)
    assert changed.view.centre[0] < first.view.centre[0]
    assert changed.view.centre[1] < first.view.centre[1]
    assert changed.window.width > first.window.width
    assert changed.inverted != first.inverted
    assert shown(axial.state.picture) == shown(other)
    display.reset()
    assert shown(coronal.state.picture) == shown(first)

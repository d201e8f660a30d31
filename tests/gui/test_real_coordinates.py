"""What the plain viewer reads out under the cursor of real pictures, held against SimpleITK."""

import re

import pytest
from PySide6.QtCore import QPoint, Qt

from reader_app.images.window import ImagesWindow
from reader_app.jobs import JobRunner
from tests.gui.windows import wheel

pytestmark = [pytest.mark.gui, pytest.mark.slow]

SIGNS = {"L": 1, "R": -1, "P": 1, "A": -1, "H": 1, "F": -1}
SERIES = {"wrist": "hand/wrist_mr_coronal", "before and after contrast": "mr/ge_t1_pre_post"}
TURNS = ("", "h", "r", "rh", "rr", "hrrr")


@pytest.fixture
def viewer(qtbot):
    jobs = JobRunner()
    window = ImagesWindow(jobs)
    qtbot.addWidget(window)
    window.show()
    yield window
    window.close()
    jobs.close()


def read_out_at(qtbot, pane, at):
    """Return the value and the LPS position that the pane reads out, or None beside the picture."""
    qtbot.mouseMove(pane, at)
    if not pane.state.readout:
        return None
    value, *places = re.fullmatch(
        r"(\S+) at ([RL]) ([\d.]+) ([AP]) ([\d.]+) ([FH]) ([\d.]+) mm", pane.state.readout
    ).groups()
    position = [SIGNS[letter] * float(mm) for letter, mm in zip(places[::2], places[1::2], strict=True)]
    return float(value), position


def true_at(volume, pane, at):
    """Return the same from the file of the slice that is shown, read by SimpleITK."""
    view = pane.state.picture.view
    row, column = view.to_image(at.x(), at.y(), (pane.width(), pane.height()))
    image = volume[view.slice_index]
    position = image.TransformContinuousIndexToPhysicalPoint((column, row, 0.0))
    on_pixel = image.TransformIndexToPhysicalPoint((round(column), round(row), 0))
    size = max(image.GetSpacing()[:2])
    assert max(abs(a - b) for a, b in zip(position, on_pixel, strict=True)) <= size
    return float(image[round(column), round(row), 0]), position


@pytest.mark.parametrize("name", SERIES)
def test_the_place_under_the_cursor_is_that_of_simpleitk_however_the_picture_is_turned(
    qtbot, viewer, shared_data, name
):
    sitk = pytest.importorskip("SimpleITK")
    viewer.look_at([shared_data / SERIES[name]])
    qtbot.waitUntil(lambda: bool(viewer._result.series), timeout=20000)
    compared = 0
    for series in viewer._result.series:
        viewer.show_series(series.series_uid)
        pane = viewer.grid.panes[0]
        qtbot.waitUntil(lambda: pane.state.picture is not None, timeout=20000)  # noqa: B023
        images = [sitk.ReadImage(str(file.path)) for file in series.files]
        for number, keys in enumerate(TURNS):
            viewer.display.reset()
            qtbot.keyClicks(viewer, keys)
            wheel(pane, 1 + number % 3)
            middle = pane.rect().center()
            for step in (QPoint(0, 0), QPoint(-90, 60), QPoint(75, -110)):
                found = read_out_at(qtbot, pane, middle + step)
                if found is None:
                    continue
                value, position = true_at(images, pane, middle + step)
                assert found[0] == pytest.approx(value, rel=1e-5)
                assert found[1] == pytest.approx(position, abs=0.051)
                compared += 1
    assert compared >= 2 * len(TURNS) * len(viewer._result.series)


def test_turning_in_the_plain_viewer_takes_letters_along_and_reset_takes_it_back(qtbot, viewer, shared_data):
    viewer.look_at([shared_data / "hand" / "wrist_mr_coronal"])
    pane = viewer.grid.panes[0]
    qtbot.waitUntil(lambda: pane.state.picture is not None, timeout=20000)
    seen = []
    for key in ("", "r", "h"):
        qtbot.keyClicks(viewer, key)
        letters = pane.state.letters
        seen.append(letters.left + letters.right + letters.top + letters.bottom)
    qtbot.keyClick(viewer, Qt.Key.Key_R, Qt.KeyboardModifier.ControlModifier)
    letters = pane.state.letters
    seen.append(letters.left + letters.right + letters.top + letters.bottom)
    assert seen == ["RLHF", "FHRL", "HFRL", "RLHF"]

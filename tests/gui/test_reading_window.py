import shutil
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtWidgets import QMessageBox, QWidget

from reader_app.reading.dialogs import ReasonDialog, SignDialog
from reader_app.reading.missing_dialog import MissingDialog
from scoring_forms.domain.form import compose_form
from scoring_forms.domain.score import Cell, Score
from storage.reading.reading import Reading
from tests.gui.windows import CODES, PASSWORD, Answer, build, saved_sheet, text_of, type_keys, wheel

pytestmark = pytest.mark.gui
SITES = ("distal_radioulnar", "radiocarpal", "intercarpal_cmc", "mcp2", "mcp3", "mcp4", "mcp5")


def synovitis(site, letter="A"):
    return Cell(letter, "ramris_2003", "synovitis", None, site)


def test_a_digit_is_saved_at_once_and_the_next_site_is_current(qtbot, window, folder):
    type_keys(qtbot, window, "2")
    assert saved_sheet(folder) == {synovitis("distal_radioulnar"): Score(2.0)}
    assert window.panel.current_cell == synovitis("radiocarpal")
    assert text_of(window, "saved").startswith("✓ saved")


def test_the_last_site_leads_on_to_the_next_timepoint(qtbot, window):
    type_keys(qtbot, window, "0123012")
    assert window.panel.current_cell == synovitis("distal_radioulnar", "B")


def test_across_goes_from_timepoint_to_timepoint(qtbot, window):
    type_keys(qtbot, window, "x", "1")
    assert window.panel.current_cell == synovitis("distal_radioulnar", "B")


def test_a_digit_off_the_scale_changes_nothing_and_says_the_scale(qtbot, window, folder):
    type_keys(qtbot, window, "7")
    assert saved_sheet(folder) == {}
    assert window.panel.current_cell == synovitis("distal_radioulnar")
    assert "0 to 3" in text_of(window, "message")


def test_one_then_nought_is_ten_and_one_then_enter_stays_one(qtbot, opened, tmp_path):
    folder = build(tmp_path, compose_form(["ramris_2003"], ["bone_erosion"]))
    window = opened(folder)
    type_keys(qtbot, window, "1", "0", "1", Qt.Key.Key_Return, "0", "1", "5")
    values = [score.value for score in saved_sheet(folder).values()]
    assert values == [10, 1, 0, 1, 5]


def test_a_waiting_one_goes_on_by_itself_after_a_moment(qtbot, opened, tmp_path):
    folder = build(tmp_path, compose_form(["ramris_2003"], ["bone_erosion"]))
    window = opened(folder)
    first = window.panel.current_cell
    type_keys(qtbot, window, "1")
    assert window.panel.current_cell == first
    qtbot.waitUntil(lambda: window.panel.current_cell != first)
    assert saved_sheet(folder) == {first: Score(1.0)}


def test_undo_and_redo_are_rows_of_their_own(qtbot, window, folder):
    type_keys(qtbot, window, "2", "3")
    qtbot.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert saved_sheet(folder) == {synovitis("distal_radioulnar"): Score(2.0)}
    assert window.panel.current_cell == synovitis("radiocarpal")
    qtbot.keyClick(window, Qt.Key.Key_Y, Qt.KeyboardModifier.ControlModifier)
    assert saved_sheet(folder)[synovitis("radiocarpal")] == Score(3.0)
    with Reading.open(folder, read_only=True) as reading:
        actions = [entry.action for entry in reading.audit_entries()]
    assert actions[-4:] == ["score.set", "score.set", "score.undo", "score.redo"]


def test_delete_empties_a_cell(qtbot, window, folder):
    type_keys(qtbot, window, "2", Qt.Key.Key_Up, Qt.Key.Key_Delete)
    assert saved_sheet(folder) == {}


def test_not_assessable_asks_for_the_reason_and_goes_on(qtbot, window, folder):
    answer = Answer(ReasonDialog, lambda dialog: [qtbot.keyClick(dialog, Qt.Key.Key_4), dialog.accept()])
    type_keys(qtbot, window, "n")
    assert answer.given
    assert saved_sheet(folder) == {synovitis("distal_radioulnar"): Score(not_assessable="no_contrast")}
    assert window.panel.current_cell == synovitis("radiocarpal")


def test_the_reason_other_is_taken_only_with_words(qtbot, window, folder):
    def refuse(dialog):
        qtbot.keyClick(dialog, Qt.Key.Key_8)
        dialog.accept()
        assert dialog.isVisible()
        dialog.reject()

    answer = Answer(ReasonDialog, refuse)
    type_keys(qtbot, window, "n")
    assert answer.given
    assert saved_sheet(folder) == {}


def test_filling_a_column_with_nought_is_one_command_that_undo_takes_back(qtbot, window, folder):
    type_keys(qtbot, window, "2")
    answer = Answer(QMessageBox, lambda box: box.button(QMessageBox.StandardButton.Ok).click())
    qtbot.keyClick(window, Qt.Key.Key_0, Qt.KeyboardModifier.ControlModifier)
    assert answer.given
    assert [saved_sheet(folder)[synovitis(site)].value for site in SITES] == [2, 0, 0, 0, 0, 0, 0]
    window.scoring.undo()
    assert len(saved_sheet(folder)) == 1


def test_totals_appear_when_the_last_site_has_its_grade(qtbot, window):
    strip = window.panel.findChild(QWidget, "totals")
    type_keys(qtbot, window, "123012")
    assert "6/7" in strip.accessibleName()
    type_keys(qtbot, window, "3")
    assert "Synovitis: 12," in strip.accessibleName()


def test_submitting_an_incomplete_case_lists_what_is_missing_and_goes_there(qtbot, window):
    type_keys(qtbot, window, "1")
    answer = Answer(MissingDialog, lambda dialog: dialog.accept())
    window.signing.submit()
    assert answer.given
    assert window.panel.current_cell == synovitis("radiocarpal")


def sign(qtbot, window, first):
    def type_password(dialog):
        qtbot.keyClicks(dialog.findChildren(QWidget, "password")[0], PASSWORD)
        if first:
            qtbot.keyClicks(dialog.findChildren(QWidget, "password")[1], PASSWORD)
        dialog.accept()

    answer = Answer(SignDialog, type_password)
    window.signing.submit()
    assert answer.given


def test_signing_locks_the_case_and_opens_the_next(qtbot, window, folder):
    type_keys(qtbot, window, "0123012" * 2)
    sign(qtbot, window, first=True)
    qtbot.waitUntil(lambda: window.panel.current_cell is not None and text_of(window, "code") == CODES[1])
    window.open_case(CODES[0])
    before = saved_sheet(folder)
    type_keys(qtbot, window, "3")
    assert saved_sheet(folder) == before
    assert "signed" in text_of(window, "message")
    with Reading.open(folder, read_only=True) as reading:
        assert [case.status for case in reading.cases()] == ["signed", "untouched"]


def test_a_reading_that_was_killed_opens_at_the_first_empty_cell(qtbot, opened, folder, tmp_path):
    opened(folder).close()  # the first cell is remembered
    window = opened(folder)
    type_keys(qtbot, window, "2", "1")
    killed = Path(shutil.copytree(folder, tmp_path / "killed.reading"))
    assert opened(killed).panel.current_cell == synovitis("intercarpal_cmc")


def test_a_reading_opens_again_where_the_reader_left(qtbot, opened, folder):
    window = opened(folder)
    window.next_case()
    type_keys(qtbot, window, "11")
    window.layouts.next_layout()
    window.pictures.zoom_in()
    window.pictures.next_slice()
    cell, view = window.panel.current_cell, window.grid.panes[0].state.picture.view
    window.close()
    again = opened(folder)
    assert text_of(again, "code") == CODES[1]
    assert again.panel.current_cell == cell
    shown = again.grid.panes[0].state.picture.view
    assert (shown.slice_index, shown.pixels_per_column) == (
        view.slice_index,
        pytest.approx(view.pixels_per_column),
    )


def test_undo_never_reaches_into_another_case(qtbot, window, folder):
    type_keys(qtbot, window, "2")
    window.next_case()
    window.scoring.undo()
    assert len(saved_sheet(folder)) == 1


def focus_of(pane):
    return pane.state.picture.view.slice_index


def test_the_wheel_moves_all_series_of_a_timepoint_by_millimetres(qtbot, window):
    pre, post, stir = window.grid.panes[:3]
    start = focus_of(pre)
    for _ in range(4):
        wheel(pre, 1)
    assert (focus_of(pre), focus_of(post)) == (start + 4, start + 4)
    assert focus_of(stir) == round(2 + (4 - 0.5) * 1.5 / 3.5)


def test_linked_timepoints_scroll_together_and_unlinked_ones_alone(qtbot, window):
    first, second = window.grid.panes[0], window.grid.panes[3]
    wheel(first, 2)
    assert focus_of(first) == focus_of(second)
    window.header.toggle_link()
    wheel(first, 2)
    assert focus_of(first) == focus_of(second) + 2


def test_scrolling_zooming_and_pointing_never_change_the_window(qtbot, window):
    pane = window.grid.panes[0]
    before = pane.state.picture.window
    wheel(pane, 3)
    window.pictures.zoom_in()
    qtbot.mouseClick(pane, Qt.MouseButton.LeftButton, pos=pane.rect().center())
    assert pane.state.picture.window == before


def test_post_contrast_opens_with_the_window_of_its_own_pre_contrast(window):
    pre, post = window.grid.panes[:2]
    assert pre.state.picture.window == post.state.picture.window


def test_every_pane_has_the_same_scale(window):
    scales = {
        round(pane.state.picture.view.pixels_per_column, 6)
        for pane in window.grid.panes
        if pane.state.picture
    }
    assert len(scales) == 1


def test_an_empty_pane_says_why(window):
    assert "not acquired" in window.grid.panes[5].state.reason


def test_pointing_at_a_bone_takes_the_other_plane_there(qtbot, window):
    window.layouts.next_layout()
    window.layouts.next_layout()
    coronal, axial = window.grid.panes[0], window.grid.panes[1]
    assert (coronal.state.letters.top, axial.state.letters.top) == ("H", "A")
    geometry = window._images.image("A", "ax_t1_pre").volume.geometry
    view = coronal.state.picture.view
    x, y = view.to_screen(10.0, 15.0, (coronal.width(), coronal.height()))
    qtbot.mouseClick(coronal, Qt.MouseButton.LeftButton, pos=QPoint(round(x), round(y)))
    z = window._images.image("A", "cor_t1_pre").volume.geometry.position_of((view.slice_index, 10.0, 15.0))[2]
    assert abs(geometry.position_of((axial.state.picture.view.slice_index, 0, 0))[2] - z) <= 1.3


def test_dragging_with_the_right_button_changes_this_series_in_all_timepoints(qtbot, window):
    first, stir, second = window.grid.panes[0], window.grid.panes[2], window.grid.panes[3]
    widths = [pane.state.picture.window.width for pane in (first, stir, second)]
    middle = first.rect().center()
    qtbot.mousePress(first, Qt.MouseButton.RightButton, pos=middle)
    qtbot.mouseMove(first, middle + QPoint(40, 0))
    qtbot.mouseRelease(first, Qt.MouseButton.RightButton, pos=middle + QPoint(40, 0))
    changed = [pane.state.picture.window.width for pane in (first, stir, second)]
    assert changed[0] > widths[0]
    assert changed[1] == widths[1]
    assert changed[2] / widths[2] == pytest.approx(changed[0] / widths[0])


def test_a_picture_that_was_exchanged_is_neither_shown_nor_scored_and_the_panes_say_so(qtbot, opened, folder):
    victim = sorted((folder / "volumes").glob("*.npy"))
    for path in victim:
        content = bytearray(path.read_bytes())
        content[-1] ^= 1
        path.chmod(0o600)
        path.write_bytes(content)
    answer = Answer(QMessageBox, lambda box: box.accept())
    window = opened(folder)
    qtbot.waitUntil(lambda: answer.given)
    type_keys(qtbot, window, "2")
    assert saved_sheet(folder) == {}
    said = {(pane.state.picture, pane.state.reason) for pane in window.grid.panes}
    assert said == {(None, "Not shown: these pictures are not as they were prepared.")}


def test_what_the_window_tells_screen_readers_is_code_site_and_timepoint(qtbot, window):
    names = {widget.accessibleName() for widget in window.findChildren(QWidget)}
    assert any(name.startswith("A cor T1 pre") for name in names)
    model = window.panel.table.model()
    words = model.data(model.index(1, 1), Qt.ItemDataRole.AccessibleTextRole)
    assert words == "Distal radioulnar joint, timepoint A, Synovitis: empty"


def test_films_hang_right_hand_left_with_both_polarities_shown_alike(qtbot, opened, tmp_path):
    folder = build(tmp_path, compose_form(["sharp_1985"]), films=True)
    window = opened(folder)
    right, left = window.grid.panes[:2]
    assert (right.state.title, left.state.title) == ("right hand PA", "left hand PA")
    assert (right.state.picture.inverted, left.state.picture.inverted) == (False, True)
    assert (right.state.letters.left, right.state.letters.top) == ("R", "F")
    assert right.state.spacing_note == "mm at detector"
    type_keys(qtbot, window, "5")
    assert saved_sheet(folder) == {Cell("A", "sharp_1985", "erosion", "R", "pip2"): Score(5.0)}


def test_a_first_case_that_cannot_be_opened_says_so_and_the_next_one_can(qtbot, opened, folder):
    with Reading.open(folder, read_only=True) as reading:
        records = [image for timepoint in reading.case(CODES[0]).timepoints for image in timepoint.images]
    for image in records:
        if image.array is not None:
            path = folder / "volumes" / image.array.name
            path.chmod(0o600)
            path.write_bytes(b"short")
    answer = Answer(QMessageBox, lambda box: box.accept())
    window = opened(folder, waits=False)
    assert answer.given
    assert {pane.state.reason for pane in window.grid.panes} == {"This case could not be opened."}
    with qtbot.waitActive(window):
        window.activateWindow()
    qtbot.keyClick(window, Qt.Key.Key_PageDown, Qt.KeyboardModifier.ControlModifier)
    assert window.panel.current_cell == synovitis("distal_radioulnar")
    assert window._images.code == CODES[1]


class Painted(QObject):
    """Counts how often a widget is painted."""

    times = 0

    def eventFilter(self, watched, event):  # noqa: N802 - Qt's name
        self.times += event.type() == QEvent.Type.Paint
        return False


def test_the_form_is_painted_once_when_the_first_case_opens(qtbot, opened, tmp_path):
    painted = Painted()
    folder = build(tmp_path, compose_form(["ramris_2003"]))
    opened(folder, before=lambda window: window.panel.table.viewport().installEventFilter(painted))
    qtbot.wait(50)
    assert painted.times == 1

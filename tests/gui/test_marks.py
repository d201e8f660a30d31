"""Evidence marks in the reading window, by real key and mouse events."""

import math

import numpy as np
import pytest
import SimpleITK as sitk  # noqa: N813 - the name its manual uses
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QMessageBox, QWidget

from reader_app.reading.dialogs import SignDialog
from reader_app.reading.evidence_dialog import EvidenceDialog
from reader_app.reading.words_dialog import WordsDialog
from scoring_forms.domain.form import compose_form
from scoring_forms.domain.rules import RoundRules
from scoring_forms.domain.score import Score
from storage.reading.reading import Reading
from tests.gui.windows import (
    CODES,
    Answer,
    build,
    has_keyboard,
    saved_sheet,
    text_of,
    type_keys,
    wheel,
)
from viewer.display.hanging import layouts

pytestmark = pytest.mark.gui

EROSION = compose_form(["ramris_2003"], ["bone_erosion"])


@pytest.fixture
def folder(tmp_path):
    return build(tmp_path, EROSION)


def pane_of(window, letter, role):
    return next(pane for pane, key in window.display._keys.items() if key == (letter, role))


def show_layout(window, name):
    window.layouts.show(next(layout for layout in layouts("MR") if layout.id == name))
    QApplication.processEvents()  # new panes get their sizes


def point_at(qtbot, pane, point):
    """Leave the cursor at a point of a pane; one that is there already would not move."""
    qtbot.mouseMove(pane, point + QPoint(5, 5))
    qtbot.mouseMove(pane, point)


def put(qtbot, window, pane, point):
    point_at(qtbot, pane, point)
    type_keys(qtbot, window, "e")


def press(qtbot, window, key, modifier=Qt.KeyboardModifier.NoModifier):
    qtbot.keyClick(window.panel.table, key, modifier)


def saved_marks(folder, code=CODES[0]):
    with Reading.open(folder, read_only=True) as reading:
        return reading.marks(code)


def numbers(pane):
    return [mark.label for mark in pane.state.marks]


def place_on(window, letter, role, position):
    """Return the point of a pane nearest to an LPS position, logical pixels."""
    pane = pane_of(window, letter, role)
    _, row, column = window._images.image(letter, role).volume.geometry.index_of(position)
    x, y = pane.state.picture.view.to_screen(row, column, (pane.width(), pane.height()))
    return QPoint(round(x), round(y))


def drag(qtbot, pane, start, stop):
    qtbot.mousePress(pane, Qt.MouseButton.LeftButton, pos=start)
    qtbot.mouseMove(pane, (start + stop) / 2)
    qtbot.mouseMove(pane, stop)
    qtbot.mouseRelease(pane, Qt.MouseButton.LeftButton, pos=stop)


# -- where marks lie -----------------------------------------------------------------------------------------


def test_a_mark_has_the_millimetres_that_simpleitk_gives_for_its_voxel(qtbot, window, folder):
    pane = window.grid.panes[0]
    type_keys(qtbot, window, Qt.Key.Key_PageDown, Qt.Key.Key_PageDown)
    point = pane.rect().center() + QPoint(17, -23)
    put(qtbot, window, pane, point)
    (mark,) = saved_marks(folder)
    view = pane.state.picture.view
    row, column = view.to_image(point.x(), point.y(), (pane.width(), pane.height()))
    volume = window._images.image("A", "cor_t1_pre").volume
    affine = np.array(volume.geometry.affine)
    spacing = np.linalg.norm(affine[:3, :3], axis=0)
    image = sitk.GetImageFromArray(np.asarray(volume.pixels))
    image.SetSpacing(spacing[::-1].tolist())
    image.SetDirection((affine[:3, :3] / spacing)[:, ::-1].ravel().tolist())
    image.SetOrigin(affine[:3, 3].tolist())
    expected = image.TransformContinuousIndexToPhysicalPoint((column, row, float(view.slice_index)))
    assert mark.points[0] == pytest.approx(expected, abs=0.001)
    assert (mark.role, mark.plane, mark.frame, mark.slice_step_mm) == ("cor_t1_pre", "coronal", 1, 1.5)
    assert mark.cell == window.panel.current_cell
    assert mark.window == pytest.approx(window.display.window_numbers(), abs=0.001)


def test_a_mark_belongs_to_the_timepoint_of_its_pane_and_is_shown_at_no_other(qtbot, window, folder):
    pane = pane_of(window, "B", "cor_t1_pre")
    put(qtbot, window, pane, pane.rect().center())
    (mark,) = saved_marks(folder)
    assert mark.cell.timepoint == "B"
    assert numbers(pane) == ["1"]
    assert numbers(pane_of(window, "B", "cor_t1_post")) == ["1"]
    assert all(not other.state.marks for other in window.grid.panes[:3])


def test_a_mark_is_seen_on_its_slice_only_and_with_its_site_only(qtbot, window):
    pane = window.grid.panes[0]
    put(qtbot, window, pane, pane.rect().center())
    type_keys(qtbot, window, Qt.Key.Key_PageDown)
    assert numbers(pane) == []
    type_keys(qtbot, window, Qt.Key.Key_PageUp)
    assert numbers(pane) == ["1"]
    type_keys(qtbot, window, Qt.Key.Key_Down)
    assert numbers(pane) == []


def test_a_mark_is_there_again_after_reopening(qtbot, opened, folder):
    window = opened(folder)
    pane = window.grid.panes[0]
    put(qtbot, window, pane, pane.rect().center())
    drawn = pane.state.marks[0].points
    window.close()
    pane = opened(folder).grid.panes[0]
    assert pane.state.marks[0].points[0] == pytest.approx(drawn[0], abs=0.1)


def test_a_mark_on_a_cut_has_its_plane_and_the_series_it_was_cut_from(qtbot, window, folder):
    show_layout(window, "planes")
    pane = pane_of(window, "A", "cor_t1_pre@sagittal")
    put(qtbot, window, pane, pane.rect().center())
    (mark,) = saved_marks(folder)
    assert (mark.role, mark.plane, mark.slice_mm, mark.slice_step_mm) == (
        "cor_t1_pre",
        "sagittal",
        None,
        None,
    )


def test_a_mark_on_a_difference_lies_in_the_coordinates_of_the_series_before_contrast(qtbot, window, folder):
    show_layout(window, "subtraction")
    pane = pane_of(window, "A", "cor_t1_post-cor_t1_pre")
    put(qtbot, window, pane, pane.rect().center())
    (mark,) = saved_marks(folder)
    assert (mark.role, mark.plane) == ("cor_t1_pre", "coronal")


def test_a_mark_on_a_plane_askew_is_oblique(qtbot, window, folder):
    pane = window.grid.panes[0]
    middle = pane.rect().center()
    type_keys(qtbot, window, "d")
    drag(qtbot, pane, middle - QPoint(40, 40), middle + QPoint(40, 40))
    type_keys(qtbot, window, Qt.Key.Key_Escape, "o")
    put(qtbot, window, pane, pane.rect().center())
    (mark,) = saved_marks(folder)
    assert (mark.role, mark.plane, mark.slice_step_mm) == ("cor_t1_pre", "oblique", None)


def test_beside_a_picture_nothing_is_marked(qtbot, window, folder):
    type_keys(qtbot, window, "e")
    assert "Point at what you see" in text_of(window, "message")
    put(qtbot, window, window.grid.panes[0], QPoint(8, 8))
    assert "beside the picture" in text_of(window, "message")
    assert saved_marks(folder) == ()


def test_a_mark_on_a_film_has_row_and_column_and_only_the_hand_that_is_scored(qtbot, opened, tmp_path):
    folder = build(tmp_path, compose_form(["sharp_1985"], ["erosion"]), films=True)
    window = opened(folder)
    side = {"L": "left", "R": "right"}[window.panel.current_cell.side]
    other = {"left": "right", "right": "left"}[side]
    wrong, pane = pane_of(window, "A", f"xr_pa_{other}"), pane_of(window, "A", f"xr_pa_{side}")
    put(qtbot, window, wrong, wrong.rect().center())
    assert f"This is the {other} hand" in text_of(window, "message")
    point = pane.rect().center() + QPoint(9, 12)
    put(qtbot, window, pane, point)
    (mark,) = saved_marks(folder)
    row, column = pane.state.picture.view.to_image(point.x(), point.y(), (pane.width(), pane.height()))
    assert mark.points[0] == pytest.approx((row, column), abs=0.001)
    assert (mark.plane, mark.role, mark.frame) == ("film", f"xr_pa_{side}", None)
    assert numbers(pane) == ["1"]
    assert numbers(wrong) == []


# -- evidence ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("aside_mm", "is_same"), [(1.5, True), (5.0, False)])
def test_marks_in_two_planes_are_one_lesion_up_to_three_millimetres(qtbot, window, folder, aside_mm, is_same):
    show_layout(window, "coronal_axial")
    coronal, axial = pane_of(window, "A", "cor_t1_pre"), pane_of(window, "A", "ax_t1_pre")
    put(qtbot, window, coronal, coronal.rect().center())
    assert window.panel.marks.words == "marks: cor ✓  ax –  break –"
    qtbot.mouseClick(coronal, Qt.MouseButton.LeftButton, pos=coronal.rect().center())
    (first,) = saved_marks(folder)
    x, y, z = first.points[0]
    there = (x + aside_mm, y, z)
    put(qtbot, window, axial, place_on(window, "A", "ax_t1_pre", there))
    apart = math.dist(*(mark.points[0] for mark in saved_marks(folder)))
    assert (apart <= 3.0) == is_same
    word = "✓" if is_same else "apart"
    assert window.panel.marks.words == f"marks: cor ✓  ax ✓  {apart:.1f} mm {word}  break –"
    type_keys(qtbot, window, "u")
    assert [mark.cortical_break for mark in saved_marks(folder)] == [False, True]
    assert window.panel.marks.words.endswith("break ✓")
    assert numbers(axial)[-1].endswith("✓")


def test_tenosynovitis_needs_three_slices_in_a_row(qtbot, opened, tmp_path):
    folder = build(tmp_path, compose_form(["ramris_2016"], ["tenosynovitis"]))
    window = opened(folder)
    show_layout(window, "axial")
    pane = pane_of(window, "A", "ax_t1_pre")
    for count in (1, 2, 3):
        put(qtbot, window, pane, pane.rect().center())
        done = "✓" if count == 3 else "–"
        assert window.panel.marks.words == f"marks: {count} of 3 slices in a row {done}"
        press(qtbot, window, Qt.Key.Key_PageDown)


# -- undo, moving, deleting, the list ------------------------------------------------------------------------


def test_undo_and_redo_go_over_scores_and_marks_in_the_order_they_were_done(qtbot, window, folder):
    pane = window.grid.panes[0]
    cell = window.panel.current_cell
    put(qtbot, window, pane, pane.rect().center())
    type_keys(qtbot, window, "2")
    type_keys(qtbot, window, Qt.Key.Key_Up)
    put(qtbot, window, pane, pane.rect().center() + QPoint(30, 0))

    def state():
        return [mark.id for mark in saved_marks(folder)], saved_sheet(folder).get(cell)

    done = [([1, 2], Score(2.0)), ([1], Score(2.0)), ([1], None), ([], None)]
    assert state() == done[0]
    for expected in done[1:]:
        press(qtbot, window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
        assert state() == expected
    for expected in reversed(done[:-1]):
        press(qtbot, window, Qt.Key.Key_Y, Qt.KeyboardModifier.ControlModifier)
        assert state() == expected
    assert numbers(pane) == ["1", "2"]


def test_a_mark_is_dragged_on_the_picture_it_was_put_on_and_that_is_taken_back(qtbot, window, folder):
    pane = window.grid.panes[0]
    start = pane.rect().center()
    put(qtbot, window, pane, start)
    (before,) = saved_marks(folder)
    drag(qtbot, pane, start, start + QPoint(24, 16))
    (moved,) = saved_marks(folder)
    view = pane.state.picture.view
    expected = np.hypot(24, 16) / view.pixels_per_column
    assert math.dist(before.points[0], moved.points[0]) == pytest.approx(expected, abs=0.01)
    press(qtbot, window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert saved_marks(folder) == (before,)


def test_a_mark_is_not_dragged_in_a_picture_of_another_series(qtbot, window, folder):
    pre, post = window.grid.panes[:2]
    put(qtbot, window, pre, pre.rect().center())
    before = saved_marks(folder)
    drag(qtbot, post, post.rect().center(), post.rect().center() + QPoint(20, 0))
    assert "drag it there" in text_of(window, "message")
    assert saved_marks(folder) == before


def test_the_chosen_mark_moves_to_the_cursor(qtbot, window, folder):
    pre, post = window.grid.panes[:2]
    put(qtbot, window, pre, pre.rect().center())
    (before,) = saved_marks(folder)
    point_at(qtbot, post, post.rect().center() + QPoint(30, 10))
    both = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    press(qtbot, window, Qt.Key.Key_E, both)
    (moved,) = saved_marks(folder)
    assert (moved.id, moved.role) == (before.id, "cor_t1_post")
    assert moved.points != before.points


def test_the_mark_at_the_cursor_is_deleted_and_comes_back(qtbot, window, folder):
    pane = window.grid.panes[0]
    for aside in (0, 60):
        put(qtbot, window, pane, pane.rect().center() + QPoint(aside, 0))
    point_at(qtbot, pane, pane.rect().center() + QPoint(2, 2))
    press(qtbot, window, Qt.Key.Key_Delete, Qt.KeyboardModifier.ShiftModifier)
    assert [mark.id for mark in saved_marks(folder)] == [2]
    assert numbers(pane) == ["2"]
    press(qtbot, window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert [mark.id for mark in saved_marks(folder)] == [1, 2]


def test_the_list_takes_form_and_panes_to_a_mark_by_keys_alone(qtbot, window, folder):
    pane = window.grid.panes[0]
    marked = window.panel.current_cell
    for _ in range(3):
        press(qtbot, window, Qt.Key.Key_PageDown)
    index = pane.state.picture.view.slice_index
    put(qtbot, window, pane, pane.rect().center())
    type_keys(qtbot, window, Qt.Key.Key_Down, Qt.Key.Key_Down)
    wheel(pane, -2)
    assert window.panel.current_cell != marked
    press(qtbot, window, Qt.Key.Key_E, Qt.KeyboardModifier.ShiftModifier)
    marks = window.panel.marks.list
    assert marks.isVisible()
    assert marks.item(0).text().startswith("1  A  ")
    qtbot.keyClick(marks, Qt.Key.Key_Return)
    assert window.panel.current_cell == marked
    assert pane.state.picture.view.slice_index == index
    assert numbers(pane) == ["1"]
    qtbot.keyClick(marks, Qt.Key.Key_Delete)
    assert saved_marks(folder) == ()
    assert marks.isHidden()


def test_a_click_on_a_mark_chooses_it_and_takes_the_other_plane_there(qtbot, window):
    show_layout(window, "coronal_axial")
    coronal, axial = pane_of(window, "A", "cor_t1_pre"), pane_of(window, "A", "ax_t1_pre")
    point = coronal.rect().center() + QPoint(0, 30)
    put(qtbot, window, coronal, point)
    before = axial.state.picture.view.slice_index
    qtbot.mouseClick(coronal, Qt.MouseButton.LeftButton, pos=point)
    assert axial.state.picture.view.slice_index != before
    assert [(mark.id, mark.is_chosen) for mark in axial.state.marks] == [(1, True)]


# -- signing -------------------------------------------------------------------------------------------------


@pytest.fixture
def graded(opened, tmp_path):
    """Open a reading of erosions whose first grade is 3 and all others 0, under a rule for evidence."""

    def open_graded(evidence):
        folder = build(tmp_path, EROSION, letters="A", rules=RoundRules(evidence=evidence))
        with Reading.open(folder) as reading:
            cells = list(reading.form.cells("A"))
            grades = [Score(3.0), *[Score(0.0)] * (len(cells) - 1)]
            reading.record(CODES[0], list(zip(cells, grades, strict=True)), "score.fill")
        return opened(folder), cells[0], folder

    return open_graded


def submit(qtbot, window):
    qtbot.waitUntil(lambda: has_keyboard(window))
    press(qtbot, window, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)


def test_a_warning_jumps_to_what_lacks_marks_and_lets_sign(qtbot, graded):
    window, cell, _ = graded("warn")
    window.panel.table.go_to(window.panel.cells()[5])
    answer = Answer(EvidenceDialog, lambda dialog: dialog.go_button.click())
    submit(qtbot, window)
    assert answer.given
    assert window.panel.current_cell == cell
    warned = Answer(EvidenceDialog, lambda dialog: dialog.sign_button.click())
    asked = Answer(SignDialog, QWidget.close)
    submit(qtbot, window)
    assert (warned.given, asked.given) == (True, True)


def test_required_evidence_refuses_until_a_reason_is_given(qtbot, graded):
    window, cell, folder = graded("required")
    seen = []

    def look(dialog):
        seen.append(dialog.sign_button)
        dialog.reject()

    refused = Answer(EvidenceDialog, look)
    submit(qtbot, window)
    assert (refused.given, seen) == (True, [None])

    def explain(dialog):
        qtbot.keyClicks(dialog.reason_line, "seen on films, not to be marked here")
        qtbot.keyClick(dialog.reason_line, Qt.Key.Key_Return)

    explained = Answer(EvidenceDialog, explain)
    asked = Answer(SignDialog, QWidget.close)
    submit(qtbot, window)
    assert (explained.given, asked.given) == (True, True)
    with Reading.open(folder, read_only=True) as reading:
        assert reading.evidence_overrides(CODES[0]) == {cell: "seen on films, not to be marked here"}


def test_a_reason_to_stand_without_marks_is_given_changed_taken_back_and_undone(qtbot, graded):
    window, cell, folder = graded("required")
    window.panel.go_to(cell)

    def answer(text):
        def write(dialog):
            dialog.line.setPlainText(text)
            dialog.accept()

        given = Answer(WordsDialog, write)
        qtbot.waitUntil(lambda: has_keyboard(window))
        press(qtbot, window, "u", Qt.KeyboardModifier.ShiftModifier)
        assert given.given

    def overrides():
        with Reading.open(folder, read_only=True) as reading:
            return reading.evidence_overrides(CODES[0])

    answer("seen on films")
    assert window.panel.marks.words.endswith("stands without: seen on films")
    answer("")
    assert overrides() == {}
    assert window.panel.marks.words == "marks: cor –  ax –"
    qtbot.waitUntil(lambda: has_keyboard(window))
    press(qtbot, window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert overrides() == {cell: "seen on films"}
    press(qtbot, window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert overrides() == {}
    with Reading.open(folder, read_only=True) as reading:
        told = [entry.action for entry in reading.audit_entries() if "evidence" in entry.action]
        assert told == [f"evidence_override.{word}" for word in ("set", "cleared", "set", "cleared")]
        assert reading.verify() == []


def test_a_reason_without_marks_is_not_taken_where_the_round_requires_none(qtbot, graded):
    window, _, _ = graded("warn")
    press(qtbot, window, "u", Qt.KeyboardModifier.ShiftModifier)
    assert "requires no marks" in text_of(window, "message")


def test_marks_are_shown_with_their_planes_where_the_form_asks_for_none(qtbot, opened, tmp_path):
    window = opened(build(tmp_path, compose_form(["ramris_2003"], ["synovitis"])))
    pane = window.grid.panes[0]
    for aside in (0, 40):
        put(qtbot, window, pane, pane.rect().center() + QPoint(aside, 0))
    assert window.panel.marks.words == "marks: 1 coronal  2 coronal"


def test_without_the_rule_nothing_is_asked(qtbot, graded):
    window, _, _ = graded("off")
    asked = Answer(SignDialog, QWidget.close)
    submit(qtbot, window)
    assert asked.given


def test_marks_of_a_signed_case_stay_as_they_are(qtbot, window, folder):
    pane = window.grid.panes[0]
    put(qtbot, window, pane, pane.rect().center())
    before, drawn = saved_marks(folder), [mark.points for mark in pane.state.marks]
    window.scoring.lock()
    put(qtbot, window, pane, pane.rect().center() + QPoint(40, 0))
    drag(qtbot, pane, pane.rect().center(), pane.rect().center() + QPoint(40, 40))
    press(qtbot, window, Qt.Key.Key_Delete, Qt.KeyboardModifier.ShiftModifier)
    assert "signed" in text_of(window, "message")
    assert saved_marks(folder) == before
    assert [mark.points for mark in pane.state.marks] == drawn


# -- the estimate --------------------------------------------------------------------------------------------


def outline(qtbot, pane, corners):
    for corner in corners:
        qtbot.mouseClick(pane, Qt.MouseButton.LeftButton, pos=corner)


def square(middle, half):
    return [middle + QPoint(x, y) for x, y in ((-half, -half), (half, -half), (half, half), (-half, half))]


def test_outlines_on_slices_say_what_share_is_gone_and_fill_nothing_in(qtbot, window, folder):
    pane = window.grid.panes[0]
    middle = pane.rect().center()
    for kind, half in (("bone", 60), ("defect", 30)):
        press(
            qtbot,
            window,
            "z",
            Qt.KeyboardModifier.ShiftModifier if kind == "defect" else Qt.KeyboardModifier.NoModifier,
        )
        outline(qtbot, pane, square(middle, half))
        press(qtbot, window, Qt.Key.Key_Return)
    assert [mark.kind for mark in saved_marks(folder)] == ["bone", "defect"]
    assert numbers(pane) == ["1b", "2d"]
    said = []
    answer = Answer(QMessageBox, lambda box: (said.append(box.text()), box.close()))
    press(qtbot, window, "s", Qt.KeyboardModifier.ShiftModifier)
    assert answer.given
    assert "Share: 25.0 %, which would be grade 3" in said[0]
    assert "estimate" in said[0]
    assert saved_sheet(folder) == {}


def test_an_estimate_without_outlines_says_what_is_missing(qtbot, window):
    press(qtbot, window, "s", Qt.KeyboardModifier.ShiftModifier)
    assert text_of(window, "message") == "There is no estimate: no bone is outlined."


def test_an_outline_closes_by_double_click_or_at_its_first_corner_and_escape_ends_it(qtbot, window, folder):
    pane = window.grid.panes[0]
    corners = square(pane.rect().center(), 40)
    type_keys(qtbot, window, "z")
    outline(qtbot, pane, corners)
    qtbot.mouseDClick(pane, Qt.MouseButton.LeftButton, pos=corners[-1])
    assert len(saved_marks(folder)) == 1
    assert len(window.grid.visible_panes) > 1
    outline(qtbot, pane, [*corners, corners[0] + QPoint(2, 2)])
    assert [len(mark.points) for mark in saved_marks(folder)] == [4, 4]
    outline(qtbot, pane, corners[:2])
    assert pane.state.marks[-1].is_open
    type_keys(qtbot, window, Qt.Key.Key_Escape)
    assert not any(mark.is_open for mark in pane.state.marks)
    current = window.panel.current_cell
    type_keys(qtbot, window, Qt.Key.Key_Return)
    assert window.panel.current_cell != current
    assert len(saved_marks(folder)) == 2


def test_the_tool_for_outlines_is_put_away_with_its_site(qtbot, window):
    type_keys(qtbot, window, "z")
    assert window.display.outline_kind == "bone"
    type_keys(qtbot, window, "3")
    assert window.display.outline_kind is None


def test_an_outline_is_drawn_free_hand_too(qtbot, window, folder):
    pane = window.grid.panes[0]
    middle = pane.rect().center()
    type_keys(qtbot, window, "z")
    turns = [2 * math.pi * step / 24 for step in range(24)]
    ring = [middle + QPoint(round(40 * math.cos(turn)), round(40 * math.sin(turn))) for turn in turns]
    qtbot.mousePress(pane, Qt.MouseButton.LeftButton, pos=ring[0])
    for point in ring[1:]:
        qtbot.mouseMove(pane, point)
    qtbot.mouseMove(pane, ring[0])
    qtbot.mouseRelease(pane, Qt.MouseButton.LeftButton, pos=ring[0])
    (mark,) = saved_marks(folder)
    assert (mark.kind, len(mark.points)) == ("bone", 24)


def test_no_outline_is_drawn_on_a_cut(qtbot, window, folder):
    show_layout(window, "planes")
    pane = pane_of(window, "A", "cor_t1_pre@axial")
    type_keys(qtbot, window, "z")
    outline(qtbot, pane, square(pane.rect().center(), 20))
    assert "Draw outlines on the series itself" in text_of(window, "message")
    assert saved_marks(folder) == ()

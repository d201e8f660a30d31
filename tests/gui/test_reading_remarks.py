"""Comments, confidence, whole columns, reopening and time, by keys in the real window."""

import json

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QLabel, QMessageBox, QWidget

from reader_app.reading.active_time import IDLE_AFTER_MS, ActiveClock
from reader_app.reading.dialogs import ReasonDialog, SignDialog
from reader_app.reading.missing_dialog import MissingDialog
from reader_app.reading.words_dialog import WordsDialog
from scoring_forms.domain.form import compose_form
from scoring_forms.domain.rules import RoundRules
from scoring_forms.domain.score import Cell, Score
from scoring_forms.widgets.totals_strip import TotalsStrip
from storage.grants import Grant, Refusal
from storage.reading.build import build_reading
from storage.reading.landmarks import Landmark
from storage.reading.reading import Reading
from storage.reading.records import CaseSpec, ImageRecord, ImageSpec, ReadingSpec, TimepointSpec
from tests.gui.windows import (
    CODES,
    PASSWORD,
    Answer,
    build,
    film_images,
    has_keyboard,
    saved_sheet,
    text_of,
    type_keys,
)

pytestmark = pytest.mark.gui
SITES = ("distal_radioulnar", "radiocarpal", "intercarpal_cmc", "mcp2", "mcp3", "mcp4", "mcp5")
CTRL, SHIFT, ALT = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.AltModifier,
)


def synovitis(site, letter="A"):
    return Cell(letter, "ramris_2003", "synovitis", None, site)


def open_with(opened, tmp_path, rules, features=("synovitis",), **options):
    folder = build(tmp_path, compose_form(["ramris_2003"], features), rules=rules, **options)
    return opened(folder), folder


def press(qtbot, window, key, modifier=Qt.KeyboardModifier.NoModifier):
    """Press a key once the window has the keyboard again, after a question."""
    qtbot.waitUntil(lambda: has_keyboard(window))
    qtbot.keyClick(window.panel.table, key, modifier)


def words(qtbot, text):
    """Return an answer that types *text* into a question for words and takes it with Enter."""

    def type_them(dialog):
        dialog.line.selectAll()
        qtbot.keyClick(dialog.line, Qt.Key.Key_Backspace)
        qtbot.keyClicks(dialog.line, text)
        qtbot.keyClick(dialog.line, Qt.Key.Key_Return)

    return Answer(WordsDialog, type_them)


def of_reading(folder, ask):
    with Reading.open(folder, read_only=True) as reading:
        return ask(reading)


def spoken(window, cell):
    model = window.panel.table.model()
    return model.data(model.index_of(cell), Qt.ItemDataRole.AccessibleTextRole)


# -- comments ----------------------------------------------------------------------------------------------


def test_a_comment_typed_for_a_site_is_saved_and_stands_in_the_table(qtbot, window, folder):
    cell = window.panel.current_cell
    answer = words(qtbot, "blurred by motion")
    press(qtbot, window, Qt.Key.Key_Q)
    assert answer.given
    assert of_reading(folder, lambda reading: reading.comments(CODES[0])) == {
        ("A", cell): "blurred by motion"
    }
    assert spoken(window, cell).endswith("empty, comment: blurred by motion")
    model = window.panel.table.model()
    tip = model.data(model.index_of(cell), Qt.ItemDataRole.ToolTipRole)
    assert tip == "Comment: blurred by motion"


def test_an_emptied_comment_is_gone(qtbot, window, folder):
    for text in ("once", ""):
        answer = words(qtbot, text)
        press(qtbot, window, Qt.Key.Key_Q)
        assert answer.given
    assert of_reading(folder, lambda reading: reading.comments(CODES[0])) == {}
    assert spoken(window, window.panel.current_cell).endswith(": empty")


def test_a_comment_never_crosses_to_another_case(qtbot, window, folder):
    found = []
    for key in (Qt.Key.Key_Q, None):
        answer = words(qtbot, "of the first case")
        modifier = Qt.KeyboardModifier.NoModifier if key else SHIFT
        press(qtbot, window, Qt.Key.Key_Q, modifier)
        assert answer.given
    assert "comment" in text_of(window, "progress")
    cell = window.panel.current_cell
    press(qtbot, window, Qt.Key.Key_PageDown, CTRL)
    assert text_of(window, "code") == CODES[1]
    assert window.panel.current_cell == cell
    assert "comment" not in spoken(window, cell)
    assert "comment" not in text_of(window, "progress")
    for modifier in (Qt.KeyboardModifier.NoModifier, SHIFT):
        answer = Answer(WordsDialog, lambda dialog: [found.append(dialog.words), dialog.reject()])
        press(qtbot, window, Qt.Key.Key_Q, modifier)
        assert answer.given
    assert found == ["", ""]
    comments = of_reading(folder, lambda reading: [reading.comments(code) for code in CODES])
    assert comments == [{("A", cell): "of the first case", (None, None): "of the first case"}, {}]


def undo(qtbot, window):
    press(qtbot, window, Qt.Key.Key_Z, CTRL)


def redo(qtbot, window):
    press(qtbot, window, Qt.Key.Key_Y, CTRL)


def test_a_comment_is_taken_back_and_done_again_as_one_step_among_the_scores(qtbot, window, folder):
    cell = window.panel.current_cell
    for text in ("first words", "other words"):
        answer = words(qtbot, text)
        press(qtbot, window, Qt.Key.Key_Q)
        assert answer.given
    type_keys(qtbot, window, "2")
    undo(qtbot, window)
    assert saved_sheet(folder) == {}
    shown = []
    for step in (undo, undo, redo, redo):
        step(qtbot, window)
        comments = of_reading(folder, lambda reading: reading.comments(CODES[0]))
        assert comments.get(("A", cell), "") in spoken(window, cell)
        shown.append(comments.get(("A", cell), ""))
    assert shown == ["first words", "", "first words", "other words"]
    assert window.panel.current_cell == cell
    assert text_of(window, "message") == "Done again: comment on Synovitis · Distal radioulnar joint · A."
    redo(qtbot, window)
    assert saved_sheet(folder) == {cell: Score(2.0)}


def test_a_comment_on_the_case_is_taken_back_and_leaves_the_reader_where_he_is(qtbot, window, folder):
    answer = words(qtbot, "thumb only")
    press(qtbot, window, Qt.Key.Key_Q, SHIFT)
    type_keys(qtbot, window, Qt.Key.Key_Down)
    cell = window.panel.current_cell
    assert answer.given
    assert "comment" in text_of(window, "progress")
    undo(qtbot, window)
    assert "comment" not in text_of(window, "progress")
    assert (window.panel.current_cell, text_of(window, "message")) == (
        cell,
        f"Taken back: comment on Case {CODES[0]}.",
    )
    assert of_reading(folder, lambda reading: reading.comments(CODES[0])) == {}


def test_the_same_words_again_are_no_step(qtbot, window):
    answer = Answer(WordsDialog, lambda dialog: dialog.accept())
    press(qtbot, window, Qt.Key.Key_Q)
    assert answer.given
    undo(qtbot, window)
    assert text_of(window, "message") == "Nothing to undo in this case."


# -- confidence --------------------------------------------------------------------------------------------


def test_confidence_is_taken_back_and_done_again_step_by_step(qtbot, opened, tmp_path):
    window, folder = open_with(opened, tmp_path, RoundRules(confidence=True))
    cell = window.panel.current_cell
    for level in (Qt.Key.Key_1, Qt.Key.Key_3, Qt.Key.Key_3):
        press(qtbot, window, level, ALT)
    found = []
    for step in (undo, undo, redo, redo):
        step(qtbot, window)
        found.append(of_reading(folder, lambda reading: reading.confidences(CODES[0])).get(cell))
    assert found == [1, None, 1, 3]
    assert spoken(window, cell).endswith("empty, sure")


def test_confidence_is_stated_by_key_where_the_round_asks_for_it(qtbot, opened, tmp_path):
    window, folder = open_with(opened, tmp_path, RoundRules(confidence=True))
    cell = window.panel.current_cell
    type_keys(qtbot, window, "2", Qt.Key.Key_Up)
    press(qtbot, window, Qt.Key.Key_1, ALT)
    assert of_reading(folder, lambda reading: reading.confidences(CODES[0])) == {cell: 1}
    assert spoken(window, cell).endswith(": 2, unsure")
    press(qtbot, window, Qt.Key.Key_0, ALT)
    assert of_reading(folder, lambda reading: reading.confidences(CODES[0])) == {}
    assert saved_sheet(folder) == {cell: Score(2.0)}


def test_confidence_is_not_taken_where_the_round_does_not_ask(qtbot, window, folder):
    press(qtbot, window, Qt.Key.Key_3, ALT)
    assert "does not ask" in text_of(window, "message")
    assert of_reading(folder, lambda reading: reading.confidences(CODES[0])) == {}


# -- what the round decides --------------------------------------------------------------------------------


def test_totals_are_hidden_where_the_round_hides_them(qtbot, opened, tmp_path):
    window, _ = open_with(opened, tmp_path, RoundRules(totals_visible=False))
    type_keys(qtbot, window, "0123012")
    assert window.panel.findChild(TotalsStrip).isHidden()


def fill(qtbot, window):
    asked = []

    def agree(box):
        asked.append(box.text())
        box.button(QMessageBox.StandardButton.Ok).click()

    answer = Answer(QMessageBox, agree)
    press(qtbot, window, Qt.Key.Key_0, CTRL)
    return asked if answer.given else []


def place(window, cell, slice_index, role="cor_t1_pre"):
    """Say where a site is: in the middle of a slice of a series."""
    image = window._images.image(cell.timepoint, role)
    position = image.volume.geometry.position_of((slice_index, 20.0, 15.0)).tolist()
    window.sites.sites.place(cell.timepoint, cell.site, cell.side, Landmark(image.frame, tuple(position)))


def test_zeros_leave_out_sites_whose_slices_were_not_on_the_screen(qtbot, opened, tmp_path):
    window, folder = open_with(opened, tmp_path, RoundRules(fill_unseen=False))
    shown = dict(window.display.shown_slices())
    middle = shown[("A", "cor_t1_pre")]
    for site in SITES:
        place(window, synovitis(site), middle)
    place(window, synovitis("mcp5"), middle + 3)
    (question,) = fill(qtbot, window)
    assert "1 cell was not looked at" in question
    assert set(saved_sheet(folder)) == {synovitis(site) for site in SITES[:-1]}
    for _ in range(3):
        press(qtbot, window, Qt.Key.Key_PageDown)
    (question,) = fill(qtbot, window)
    assert question.startswith("1 empty cell of Synovitis")
    assert "not looked at" not in question
    assert set(saved_sheet(folder)) == {synovitis(site) for site in SITES}


def test_sites_of_unknown_place_were_looked_at_when_they_were_current(qtbot, opened, tmp_path):
    window, folder = open_with(opened, tmp_path, RoundRules(fill_unseen=False))
    type_keys(qtbot, window, Qt.Key.Key_Down, Qt.Key.Key_Down)
    fill(qtbot, window)
    assert set(saved_sheet(folder)) == {synovitis(site) for site in SITES[:3]}
    assert "4 cells were not looked at" in text_of(window, "message")
    window.scoring.undo()
    assert saved_sheet(folder) == {}


def test_what_was_looked_at_is_known_in_the_next_sitting(qtbot, opened, tmp_path):
    window, folder = open_with(opened, tmp_path, RoundRules(fill_unseen=False))
    type_keys(qtbot, window, Qt.Key.Key_Down, Qt.Key.Key_Home)
    window.close()
    again = opened(folder)
    fill(qtbot, again)
    assert set(saved_sheet(folder)) == {synovitis(site) for site in SITES[:2]}


# -- not assessable ----------------------------------------------------------------------------------------


def no_contrast(qtbot, window, button):
    texts = []

    def choose(box):
        texts.append(box.text())
        found = [one for one in box.buttons() if button in one.text()]
        qtbot.mouseClick(found[0], Qt.MouseButton.LeftButton)

    answer = Answer(QMessageBox, choose)
    press(qtbot, window, Qt.Key.Key_N, CTRL | SHIFT)
    assert answer.given
    return texts[0]


def test_no_contrast_is_one_step_over_all_that_needs_it_and_undo_takes_it_back(qtbot, opened, tmp_path):
    window, folder = open_with(opened, tmp_path, RoundRules(), ("synovitis", "bone_oedema"))
    type_keys(qtbot, window, "2")
    text = no_contrast(qtbot, window, "Fill 6 empty cells with n/a")
    assert "6 cells are empty, 1 has another entry" in text
    sheet = saved_sheet(folder)
    assert sheet.pop(synovitis(SITES[0])) == Score(2.0)
    assert sheet == {synovitis(site): Score(not_assessable="no_contrast") for site in SITES[1:]}
    window.panel.go_to(synovitis(SITES[0]))
    no_contrast(qtbot, window, "Replace 1 entry by n/a")
    assert saved_sheet(folder)[synovitis(SITES[0])] == Score(not_assessable="no_contrast")
    window.scoring.undo()
    window.scoring.undo()
    assert saved_sheet(folder) == {synovitis(SITES[0]): Score(2.0)}


def test_missing_pictures_are_named_and_suggest_the_reason(qtbot, opened, tmp_path):
    window, folder = open_with(opened, tmp_path, RoundRules(), ("bone_oedema",))
    first = window.panel.current_cell
    press(qtbot, window, Qt.Key.Key_Right)  # timepoint B has no STIR
    assert "Timepoint B has no picture for" in text_of(window, "message")
    answer = Answer(ReasonDialog, lambda dialog: dialog.accept())
    type_keys(qtbot, window, "n")
    assert answer.given
    cell = Cell("B", first.system, first.feature, None, first.site)
    assert saved_sheet(folder) == {cell: Score(not_assessable="not_acquired")}


def column_not_assessable(qtbot, window):
    """Take the suggested reason for a column, and return the question."""
    asked = []

    def take(dialog):
        asked.extend(label.text() for label in dialog.findChildren(QLabel))
        dialog.accept()

    answer = Answer(ReasonDialog, take)
    press(qtbot, window, Qt.Key.Key_N, CTRL)
    assert answer.given
    return asked[0]


def test_after_a_column_is_not_assessable_the_next_digit_is_for_the_next_empty_cell(qtbot, opened, tmp_path):
    window, folder = open_with(opened, tmp_path, RoundRules())
    type_keys(qtbot, window, "1", "2", Qt.Key.Key_Home)
    assert column_not_assessable(qtbot, window).startswith("Why can the 5 empty sites of Synovitis")
    assert window.panel.current_cell == synovitis(SITES[0], "B")
    press(qtbot, window, Qt.Key.Key_3)
    sheet = saved_sheet(folder)
    assert sheet.pop(synovitis(SITES[0], "B")) == Score(3.0)
    assert [sheet[synovitis(site)].value for site in SITES] == [1.0, 2.0, *[None] * 5]
    window.scoring.undo()
    window.scoring.undo()
    assert set(saved_sheet(folder)) == {synovitis(site) for site in SITES[:2]}


def test_across_timepoints_the_next_empty_cell_after_a_column_is_that_of_the_same_site(
    qtbot, opened, tmp_path
):
    window, _ = open_with(opened, tmp_path, RoundRules())
    window.scoring.toggle_across()
    type_keys(qtbot, window, Qt.Key.Key_Down, Qt.Key.Key_Down)
    column_not_assessable(qtbot, window)
    assert window.panel.current_cell == synovitis(SITES[2], "B")


def test_one_empty_site_is_spoken_of_in_the_singular_and_after_the_last_the_case_can_be_submitted(
    qtbot, opened, tmp_path
):
    window, _ = open_with(opened, tmp_path, RoundRules())
    type_keys(qtbot, window, "1" * 13)
    assert column_not_assessable(qtbot, window).startswith("Why can the one empty site of Synovitis")
    assert "Ctrl+Enter submits the case" in text_of(window, "message")


def test_after_no_contrast_the_next_digit_is_for_the_next_empty_cell(qtbot, opened, tmp_path):
    window, folder = open_with(opened, tmp_path, RoundRules(), ("synovitis", "bone_oedema"))
    no_contrast(qtbot, window, "Fill 7 empty cells")
    assert window.panel.current_cell == synovitis(SITES[0], "B")
    press(qtbot, window, Qt.Key.Key_2)
    assert saved_sheet(folder)[synovitis(SITES[0], "B")] == Score(2.0)
    empty = next(cell for cell in window.panel.cells() if cell.feature == "bone_oedema")
    window.panel.go_to(Cell("B", empty.system, empty.feature, empty.side, empty.site))
    here = window.panel.current_cell
    no_contrast(qtbot, window, "Fill 6 empty cells")
    assert window.panel.current_cell == here  # nothing was filled there


def one_hand(folder):
    """Return a reading of Sharp scores in which the right hand of timepoint A has no film."""

    def films(letter):
        left, right = film_images(letter, 1, (0.5, 0.5))
        if letter == "A":
            right = ImageSpec(ImageRecord("xr_pa_right", letter, missing_reason="This film was not taken."))
        return [left, right]

    timepoints = tuple(TimepointSpec(letter, films(letter)) for letter in "AB")
    form = compose_form(["sharp_1985"])
    spec = ReadingSpec("Anna Lind", "Films", "paired", form, (CaseSpec(CODES[0], None, timepoints),))
    return build_reading(folder / "films.reading", spec).folder


SUGGESTED = "Timepoint A has no picture of the right hand for Erosion: Ctrl+N says so."


def test_a_missing_film_is_named_with_its_hand_until_all_of_its_cells_are_filled(qtbot, opened, tmp_path):
    folder = one_hand(tmp_path)
    window = opened(folder)
    assert text_of(window, "message") == SUGGESTED
    column_not_assessable(qtbot, window)
    assert text_of(window, "message") == ""
    sheet, right = saved_sheet(folder), window.panel.cells()[0]
    column = [cell for cell in window.panel.cells() if cell.feature == right.feature and cell.side == "R"]
    assert sheet == {cell: Score(not_assessable="not_acquired") for cell in column if cell.timepoint == "A"}
    assert (window.panel.current_cell.timepoint, window.panel.current_cell.side) == ("A", "L")
    window.panel.go_to(right)
    assert text_of(window, "message") == ""
    window.close()
    again = opened(folder)
    again.panel.go_to(right)
    assert text_of(again, "message") == ""


def test_a_missing_film_is_no_longer_spoken_of_at_the_other_hand(qtbot, opened, tmp_path):
    window = opened(one_hand(tmp_path))
    assert text_of(window, "message") == SUGGESTED
    press(qtbot, window, Qt.Key.Key_Right)
    assert window.panel.current_cell.side == "L"
    assert text_of(window, "message") == ""


def test_a_case_left_elsewhere_says_nothing_of_the_hand_it_begins_with(opened, tmp_path):
    folder = one_hand(tmp_path)
    window = opened(folder)
    window.panel.go_to(window.panel.cells()[-1])
    window.close()
    again = opened(folder)
    assert text_of(again, "message") == ""
    again.panel.go_to(again.panel.cells()[0])
    assert text_of(again, "message") == SUGGESTED


# -- what is missing, signing, reopening -------------------------------------------------------------------


def test_what_is_missing_is_listed_by_feature_and_timepoint_and_enter_goes_there(qtbot, window):
    type_keys(qtbot, window, "0120120")
    headings = []

    def go(dialog):
        tree = dialog.tree
        headings.extend(tree.topLevelItem(row).text(0) for row in range(tree.topLevelItemCount()))
        qtbot.keyClick(tree, Qt.Key.Key_Down)
        qtbot.keyClick(tree, Qt.Key.Key_Return)

    answer = Answer(MissingDialog, go)
    press(qtbot, window, Qt.Key.Key_Return, CTRL)
    assert answer.given
    assert headings == ["Synovitis · timepoint B · 7 empty"]
    assert window.panel.current_cell == synovitis("radiocarpal", "B")


def sign(qtbot, window, first=True):
    def type_password(dialog):
        for line in dialog.findChildren(QWidget, "password")[: 2 if first else 1]:
            qtbot.keyClicks(line, PASSWORD)
        dialog.accept()

    answer = Answer(SignDialog, type_password)
    window.signing.submit()
    assert answer.given


def signed(qtbot, window):
    type_keys(qtbot, window, "0123012" * 2)
    sign(qtbot, window)
    qtbot.waitUntil(lambda: text_of(window, "code") == CODES[1], timeout=10_000)
    window.open_case(CODES[0])


def test_a_signed_case_is_clearly_locked_and_its_reopening_is_asked_for_with_a_reason(qtbot, window, folder):
    assert not window.header.findChild(QWidget, "lock").isVisible()
    signed(qtbot, window)
    lock = window.header.findChild(QWidget, "lock")
    assert lock.isVisible()
    assert lock.text() == "LOCKED"
    answer = words(qtbot, "the wrong hand was scored")
    press(qtbot, window, Qt.Key.Key_A, CTRL | SHIFT)
    assert answer.given
    (request,) = of_reading(folder, lambda reading: reading.reopen_requests())
    assert (request.case_code, request.reason) == (CODES[0], "the wrong hand was scored")
    assert "collected" in text_of(window, "message")
    press(qtbot, window, Qt.Key.Key_Q)
    assert of_reading(folder, lambda reading: reading.comments(CODES[0])) == {}


def take_answer(qtbot, window, answer, tmp_path):
    """Open the coordinator's file in the window."""
    file = tmp_path / answer.file_name
    file.write_text(answer.text, "utf-8")
    chosen = Answer(QFileDialog, lambda dialog: (dialog.selectFile(str(file)), dialog.accept()))
    press(qtbot, window, Qt.Key.Key_O, CTRL | SHIFT)
    assert chosen.given


def test_a_refusal_is_shown_with_its_reason_in_the_list_the_header_and_at_every_opening(
    qtbot, opened, window, folder, tmp_path
):
    signed(qtbot, window)
    answer = words(qtbot, "the wrong hand was scored")
    press(qtbot, window, Qt.Key.Key_A, CTRL | SHIFT)
    assert answer.given
    assert window.worklist.item(0).text() == f"✓ {CODES[0]} asked"
    receipt = of_reading(folder, lambda reading: reading.receipts()[0])
    take_answer(
        qtbot, window, Refusal("Q4WZR", CODES[0], receipt.hash, "the hand is the right one"), tmp_path
    )
    sentence = "The coordinator lets it stay signed: the hand is the right one."
    assert text_of(window, "message") == f"Case {CODES[0]}: {sentence}"
    assert window.worklist.item(0).text() == f"✓ {CODES[0]} refused"
    assert window.worklist.item(0).toolTip().endswith(sentence)
    assert window.findChild(QWidget, "lock").toolTip().endswith(sentence)
    window.close()
    again = opened(folder)
    assert text_of(again, "message") == sentence
    again.open_case(CODES[1])
    assert sentence not in again.findChild(QWidget, "lock").toolTip()
    assert of_reading(folder, lambda reading: reading.verify()) == []


def test_a_grant_opens_the_case_and_changes_ask_once_for_their_reason(qtbot, window, folder, tmp_path):
    signed(qtbot, window)
    receipt = of_reading(folder, lambda reading: reading.receipts()[0])
    grant = Grant("Q4WZR", CODES[0], receipt.hash, "0" * 32)
    take_answer(qtbot, window, grant, tmp_path)
    assert text_of(window, "code") == CODES[0]
    assert text_of(window, "lock") == "REOPENED"
    answer = Answer(WordsDialog, lambda dialog: dialog.reject())
    before = saved_sheet(folder)
    type_keys(qtbot, window, Qt.Key.Key_Home, "3")
    assert answer.given
    assert saved_sheet(folder) == before
    assert "Nothing was changed" in text_of(window, "message")
    answer = words(qtbot, "the wrong hand was scored")
    type_keys(qtbot, window, Qt.Key.Key_Home, "3", "3")
    assert answer.given
    assert [saved_sheet(folder)[synovitis(site)].value for site in SITES[:2]] == [3.0, 3.0]
    entries = of_reading(folder, lambda reading: reading.audit_entries())
    changed = [entry for entry in entries if entry.action == "score.set"][-2:]
    assert {entry.reason for entry in changed} == {"the wrong hand was scored"}
    sign(qtbot, window, first=False)
    qtbot.waitUntil(lambda: text_of(window, "code") == CODES[1], timeout=10_000)
    assert of_reading(folder, lambda reading: reading.verify()) == []


# -- time --------------------------------------------------------------------------------------------------


def test_time_at_work_is_kept_by_cell_and_nowhere_shown(qtbot, window, folder):
    hands = [0]
    scores = window.scoring.scores
    scores.clock = ActiveClock(lambda: hands[0])
    scores.clock.go_to(window.panel.current_cell)
    hands[0] += 4_000
    type_keys(qtbot, window, "2")
    hands[0] += 3_600_000  # a break
    type_keys(qtbot, window, "1")
    window.close()
    times = of_reading(folder, lambda reading: reading.active_ms(CODES[0]))
    assert times == {synovitis(SITES[0]): 4_000, synovitis(SITES[1]): IDLE_AFTER_MS}


def test_keys_and_the_mouse_in_the_window_are_activity(qtbot, window):
    hands = [0]
    scores = window.scoring.scores
    scores.clock = ActiveClock(lambda: hands[0])
    scores.clock.go_to(window.panel.current_cell)
    hands[0] += 1_000
    qtbot.keyClick(window.windowHandle(), Qt.Key.Key_L)
    hands[0] += 500
    qtbot.mouseMove(window.windowHandle())
    assert scores.clock.unstored() == {window.panel.current_cell: 1_500}


# -- how the form looks ------------------------------------------------------------------------------------


def test_arrangement_and_diagram_are_chosen_by_key_and_remembered(qtbot, opened, tmp_path):
    window, folder = open_with(opened, tmp_path, RoundRules(), ("bone_oedema", "bone_erosion"))
    press(qtbot, window, Qt.Key.Key_Y)
    press(qtbot, window, Qt.Key.Key_B)
    assert (window.panel.arrangement, window.panel.diagram.isHidden()) == ("bones", True)
    window.close()
    again = opened(folder)
    assert (again.panel.arrangement, again.panel.diagram.isHidden()) == ("bones", True)


def test_what_was_looked_at_is_plain_data(qtbot, opened, tmp_path):
    window, folder = open_with(opened, tmp_path, RoundRules(fill_unseen=False))
    window.close()
    stored = json.loads(of_reading(folder, lambda reading: reading.recall(f"{CODES[0]}/looked_at")))
    assert ["A", None, "distal_radioulnar"] in stored["places"]
    assert {letter for letter, _role, _shown in stored["slices"]} == {"A", "B"}

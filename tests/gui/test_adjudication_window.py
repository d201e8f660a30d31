"""The adjudicator's window: two readers' scores beside the form, decided by real keys."""

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QLineEdit

from reader_app.commands import READING_COMMANDS
from reader_app.reading.dialogs import ReasonDialog, SignDialog
from reader_app.reading.keys_dialog import KeysDialog
from scoring_forms.domain.form import compose_form
from scoring_forms.domain.score import Score
from storage.reading.build import build_reading
from storage.reading.reading import Reading
from storage.reading.records import CaseSpec, ReadingSpec, TimepointSpec
from tests.gui.windows import (
    CODES,
    PASSWORD,
    Answer,
    has_keyboard,
    mr_images,
    saved_sheet,
    text_of,
    type_keys,
)

pytestmark = pytest.mark.gui

FORM = compose_form(["ramris_2003"], ["synovitis", "bone_oedema"])
CELLS = FORM.cells("AB")
APART = (CELLS[2], CELLS[9], CELLS[-1])  # on two tabs and two timepoints
NOT_SEEN = Score(not_assessable="image_quality")


def others():
    """Both scored 1, but in three cells Reader 2 saw more, or could not see."""
    first = dict.fromkeys(CELLS, Score(1.0))
    return first, {**first, APART[0]: Score(3.0), APART[1]: NOT_SEEN, APART[2]: Score(2.0)}


def adjudication_of(parent, form, first, second) -> Path:
    """Build a reading of two cases in which Reader 1 and Reader 2 have these sheets."""

    def timepoint(letter, seed):
        return TimepointSpec(letter, mr_images(letter, seed, {"cor_t1_pre": (6, 1.5), "ax_t1_pre": (4, 2.0)}))

    cases = [CaseSpec(code, "L", (timepoint("A", 1), timepoint("B", 2))) for code in CODES]
    spec = ReadingSpec(
        *("Cyd", "Round one", "paired", form),
        (replace(cases[0], others=(first, second)), replace(cases[1], others=(first, first))),
    )
    return build_reading(parent / "Q4WZR.reading", spec).folder


@pytest.fixture
def folder(tmp_path) -> Path:
    return adjudication_of(tmp_path, FORM, *others())


def in_form_order(window):
    """Return the cells that differ in the order of the form's tables."""
    return [cell for cell in window.panel.cells() if cell in APART]


def test_tab_goes_from_disagreement_to_disagreement_and_round(qtbot, window):
    wanted = in_form_order(window)
    found = []
    for _ in range(4):
        type_keys(qtbot, window, Qt.Key.Key_Tab)
        found.append(window.panel.current_cell)
    assert found == [*wanted, wanted[0]]
    assert text_of(window, "message") == "Disagreement 1 of 3."
    qtbot.keyClick(window.panel.table, Qt.Key.Key_Backtab, Qt.KeyboardModifier.ShiftModifier)
    assert window.panel.current_cell == wanted[-1]


def test_a_key_takes_a_readers_score_saves_it_and_goes_on(qtbot, window, folder):
    first, second, third = in_form_order(window)
    type_keys(qtbot, window, Qt.Key.Key_Tab, Qt.Key.Key_F2)
    assert window.panel.current_cell == second
    type_keys(qtbot, window, Qt.Key.Key_F3)
    assert window.panel.current_cell == third
    type_keys(qtbot, window, "0")
    sheet = saved_sheet(folder)
    assert sheet == {first: others()[0][first], second: others()[1][second], third: Score(0.0)}
    with Reading.open(folder, read_only=True) as reading:
        told = [entry.action for entry in reading.audit_entries() if entry.action.startswith("score.")]
    assert told == ["score.reader_1", "score.reader_2", "score.set"]


def test_a_pick_can_be_taken_back(qtbot, window, folder):
    type_keys(qtbot, window, Qt.Key.Key_Tab, Qt.Key.Key_F3)
    qtbot.keyClick(window.panel.table, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert saved_sheet(folder) == {}


def consensus_in(folder):
    with Reading.open(folder, read_only=True) as reading:
        return reading.consensus(CODES[0])


def said_of(window, cell):
    """Return what a screen reader says and what the tool tip shows of a cell."""
    window.panel.go_to(cell)
    index = window.panel.table.currentIndex()
    return index.data(Qt.ItemDataRole.AccessibleTextRole), index.data(Qt.ItemDataRole.ToolTipRole)


def test_a_typed_score_is_stated_as_a_consensus_with_the_next_key(qtbot, window, folder):
    first, second, third = in_form_order(window)
    type_keys(qtbot, window, Qt.Key.Key_Tab, "2", Qt.Key.Key_F5)
    assert consensus_in(folder) == {first}
    assert text_of(window, "message").endswith(": consensus.")
    assert window.panel.current_cell == second
    type_keys(qtbot, window, Qt.Key.Key_F3)  # a score that was taken may be one, too
    window.panel.go_to(second)
    type_keys(qtbot, window, Qt.Key.Key_F5)
    assert consensus_in(folder) == {first, second}
    assert window.panel.current_cell == third
    words, tip = said_of(window, first)
    assert ": 2 by consensus, Reader 1: 1" in words
    assert tip == "Agreed in a consensus"
    with Reading.open(folder, read_only=True) as reading:
        told = [entry.action for entry in reading.audit_entries() if entry.action.startswith("score.")]
    assert told == ["score.set", "score.consensus", "score.reader_2", "score.consensus"]


def test_a_consensus_ends_with_its_score_or_by_its_key_and_undo_brings_it_back(qtbot, window, folder):
    first = in_form_order(window)[0]
    type_keys(qtbot, window, Qt.Key.Key_Tab, "2", Qt.Key.Key_F5)
    window.panel.go_to(first)
    type_keys(qtbot, window, "3")
    assert consensus_in(folder) == frozenset()
    qtbot.keyClick(window.panel.table, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert consensus_in(folder) == {first}
    assert saved_sheet(folder)[first] == Score(2.0)
    window.panel.go_to(first)
    type_keys(qtbot, window, Qt.Key.Key_F5)
    assert consensus_in(folder) == frozenset()
    assert said_of(window, first)[1] is None
    assert saved_sheet(folder)[first] == Score(2.0)


def test_not_assessable_is_stated_as_a_consensus_with_the_next_key_too(qtbot, window, folder):
    first = in_form_order(window)[0]
    type_keys(qtbot, window, Qt.Key.Key_Tab)
    answer = Answer(ReasonDialog, ReasonDialog.accept)
    type_keys(qtbot, window, Qt.Key.Key_N)
    assert answer.given
    assert window.panel.current_cell != first
    qtbot.waitUntil(lambda: has_keyboard(window))
    type_keys(qtbot, window, Qt.Key.Key_F5)
    assert saved_sheet(folder)[first].not_assessable
    assert consensus_in(folder) == {first}


def test_a_readers_score_that_was_taken_is_stated_as_a_consensus_with_the_next_key(qtbot, window, folder):
    first, second, third = in_form_order(window)
    type_keys(qtbot, window, Qt.Key.Key_Tab, Qt.Key.Key_F2, Qt.Key.Key_F3, Qt.Key.Key_F5)
    assert consensus_in(folder) == {second}
    assert window.panel.current_cell == third
    type_keys(qtbot, window, Qt.Key.Key_F2)  # of the last one: the first, which has its score, comes next
    assert window.panel.current_cell == first
    type_keys(qtbot, window, Qt.Key.Key_F5)
    assert consensus_in(folder) == {second, third}


def test_after_a_move_on_purpose_the_consensus_is_that_of_the_cell_where_the_reader_is(qtbot, window, folder):
    first, second, _ = in_form_order(window)
    type_keys(qtbot, window, Qt.Key.Key_Tab, Qt.Key.Key_F2, Qt.Key.Key_F3)
    type_keys(qtbot, window, Qt.Key.Key_Tab, Qt.Key.Key_F5)
    assert consensus_in(folder) == {first}
    assert window.panel.current_cell == second
    type_keys(qtbot, window, Qt.Key.Key_F2, Qt.Key.Key_Down, Qt.Key.Key_F5)
    assert "Enter the score" in text_of(window, "message")
    assert consensus_in(folder) == {first}


def test_the_key_of_the_consensus_pressed_twice_takes_it_back_and_touches_no_other_cell(
    qtbot, window, folder
):
    first, second, _ = in_form_order(window)
    type_keys(qtbot, window, Qt.Key.Key_Tab, Qt.Key.Key_F2, Qt.Key.Key_F3)
    window.panel.go_to(first)
    type_keys(qtbot, window, Qt.Key.Key_F5)
    assert consensus_in(folder) == {first}
    type_keys(qtbot, window, Qt.Key.Key_F5)
    assert consensus_in(folder) == frozenset()
    assert window.panel.current_cell == second


def test_after_a_taken_score_was_taken_back_there_is_no_consensus_to_state(qtbot, window, folder):
    _, second, _ = in_form_order(window)
    type_keys(qtbot, window, Qt.Key.Key_Tab, Qt.Key.Key_F2, Qt.Key.Key_F3)
    window.scoring.undo()
    assert window.panel.current_cell == second
    type_keys(qtbot, window, Qt.Key.Key_F5)
    assert "Enter the score" in text_of(window, "message")
    assert consensus_in(folder) == frozenset()


def test_a_digit_typed_in_the_last_cell_is_stated_as_a_consensus_with_the_next_key(qtbot, window, folder):
    last = window.panel.cells()[-1]
    window.panel.go_to(last)
    type_keys(qtbot, window, "2")
    assert window.panel.current_cell == window.panel.cells()[0]
    type_keys(qtbot, window, Qt.Key.Key_F5)
    assert consensus_in(folder) == {last}


def test_no_half_step_is_added_to_what_was_typed_before_a_score_was_taken(qtbot, opened, tmp_path):
    form = compose_form(["genant_1998"], ["erosion"])
    cells = form.cells("AB")
    folder = adjudication_of(
        tmp_path, form, dict.fromkeys(cells, Score(1.0)), dict.fromkeys(cells, Score(2.0))
    )
    window = opened(folder)
    first, second, *_ = window.panel.cells()
    type_keys(qtbot, window, "1", Qt.Key.Key_F3, ".", Qt.Key.Key_F5)
    assert saved_sheet(folder) == {first: Score(1.0), second: Score(2.0)}
    assert consensus_in(folder) == {second}


def test_an_empty_cell_is_no_consensus(qtbot, window, folder):
    type_keys(qtbot, window, Qt.Key.Key_Tab, Qt.Key.Key_F5)
    assert (
        text_of(window, "message") == "Enter the score that was agreed upon first, then state the consensus."
    )
    assert saved_sheet(folder) == {}


def test_a_consensus_is_shown_again_when_its_case_is(qtbot, window, folder):
    first = in_form_order(window)[0]
    type_keys(qtbot, window, Qt.Key.Key_Tab, "2", Qt.Key.Key_F5)
    window.open_case(CODES[1])
    assert "consensus" not in said_of(window, first)[0]
    window.open_case(CODES[0])
    assert "by consensus" in said_of(window, first)[0]


def test_what_both_scored_alike_is_taken_over_in_one_step_and_what_differs_stays_empty(qtbot, window, folder):
    qtbot.keyClick(window.panel.table, Qt.Key.Key_F2, Qt.KeyboardModifier.ControlModifier)
    sheet = saved_sheet(folder)
    assert sheet == {cell: Score(1.0) for cell in CELLS if cell not in APART}
    assert "cells taken over in which the readers agree" in text_of(window, "message")


def test_both_scores_are_read_out_and_who_they_are_is_not(window):
    table = window.panel.table
    cell = in_form_order(window)[0]
    window.panel.go_to(cell)
    words = table.currentIndex().data(Qt.ItemDataRole.AccessibleTextRole)
    assert words.endswith(": empty, Reader 1: 1, Reader 2: 3, they disagree")
    assert table.model().headerData(1, Qt.Orientation.Horizontal) == "1   2   A"


def test_columns_and_names_of_sites_fit_where_features_stand_side_by_side(opened, tmp_path):
    form = compose_form(["ramris_2003"], ["bone_oedema", "bone_erosion"])
    sheet = dict.fromkeys(form.cells("AB"), Score(1.0))
    window = opened(adjudication_of(tmp_path, form, sheet, sheet))
    window.panel.set_arrangement("bones")
    table = window.panel.table
    assert table.model().columnCount() == 1 + 2 * 2
    assert table.horizontalHeader().length() <= table.viewport().width()
    assert table.columnWidth(0) >= 100


def test_a_case_in_which_the_readers_agree_says_so(qtbot, window):
    window.open_case(CODES[1])
    type_keys(qtbot, window, Qt.Key.Key_Tab)
    assert text_of(window, "message") == "The two readers agree in every cell of this case."


def test_the_adjudicator_signs_that_both_scores_were_seen(qtbot, window, folder):
    qtbot.keyClick(window.panel.table, Qt.Key.Key_F2, Qt.KeyboardModifier.ControlModifier)
    type_keys(qtbot, window, Qt.Key.Key_Tab, Qt.Key.Key_F2, Qt.Key.Key_F2, Qt.Key.Key_F2)
    seen = []

    def sign(dialog):
        seen.extend(label.text() for label in dialog.findChildren(QLabel))
        for line in dialog.findChildren(QLineEdit):
            line.setText(PASSWORD)
        dialog.accept()

    answer = Answer(SignDialog, sign)
    with qtbot.waitSignal(window.signing.signed, timeout=20000) as signed:
        window.signing.submit()
    assert answer.given
    assert any("the scores of Reader 1 and Reader 2" in text for text in seen)
    assert signed.args[0].meaning == "adjudicated"


def test_an_ordinary_reading_offers_no_keys_of_an_adjudication(qtbot):
    dialog = KeysDialog([one for one in READING_COMMANDS if one.group != "Adjudication"])
    qtbot.addWidget(dialog)
    shown = [label.text() for label in dialog.findChildren(QLabel)]
    assert "What the grades mean" in shown
    assert not any("Reader 1" in text for text in shown)

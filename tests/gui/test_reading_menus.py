"""What the reading window offers: the list of keys, its menus, and a header that gives way."""

import itertools

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QApplication, QLabel, QScrollArea, QToolButton

from reader_app.commands import HELD_KEYS, MOUSE_GESTURES, READING_COMMANDS, TABLE_KEYS
from reader_app.reading.header import StepwiseLabel
from reader_app.reading.keys_dialog import KeyGroup, KeysDialog, in_columns, key_words
from reader_app.reading.menus import CommandMenu
from scoring_forms.domain.form import compose_form
from scoring_forms.domain.rules import RoundRules
from storage.reading.reading import Reading
from tests.gui.windows import Answer, build, text_of, type_keys

pytestmark = pytest.mark.gui
CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def menus(window):
    return [button.menu() for button in window.header.findChildren(QToolButton) if button.menu()]


def shown(dialog):
    """Return keys and words of the list, in the order of the screen's columns."""
    keys = [label.text() for label in dialog.findChildren(QLabel, "keyName")]
    words = [label.text() for label in dialog.findChildren(QLabel, "keyText")]
    return list(zip(keys, words, strict=True))


def test_the_list_of_keys_has_every_shortcut_of_the_window_and_nothing_else(qtbot, window):
    found = []
    answer = Answer(KeysDialog, lambda dialog: (found.extend(shown(dialog)), dialog.reject()))
    type_keys(qtbot, window, Qt.Key.Key_F1)
    assert answer.given
    commands = {action.text(): action for action in window.actions() if action.shortcuts()}
    others = {*TABLE_KEYS, *HELD_KEYS, *MOUSE_GESTURES}
    of_commands = [line for line in found if line not in others]
    assert sorted(text for _, text in of_commands) == sorted(commands)
    for keys, text in of_commands:
        shortcuts = {one.toString() for one in commands[text].shortcuts()}
        assert keys == key_words([key for key in _keys_of(text) if QKeySequence(key).toString() in shortcuts])
        assert len(_keys_of(text)) == len(shortcuts)
    assert others < set(found)
    assert len(found) == len(commands) + len(others)


def _keys_of(text):
    return next(command.keys for command in READING_COMMANDS if command.text == text)


def test_no_key_means_two_things():
    keys = [QKeySequence(key).toString() for command in READING_COMMANDS for key in command.keys]
    assert sorted(keys) == sorted(set(keys))


def test_the_list_of_keys_fits_a_small_screen(qtbot, window):
    dialog = KeysDialog(READING_COMMANDS, window, room=QSize(1280, 770))
    qtbot.addWidget(dialog)
    dialog.show()
    assert (dialog.width() <= 1280, dialog.height() <= 770) == (True, True)
    area = dialog.findChild(QScrollArea)
    assert area.horizontalScrollBar().maximum() == area.verticalScrollBar().maximum() == 0


def test_keys_are_named_as_on_a_keyboard():
    assert key_words(("Ctrl+PgDown",)) == "Ctrl+Page down"
    assert key_words(("Return", "Enter")) == "Enter"
    assert key_words(("+", "=")) == "+ or ="
    assert key_words(("Shift+Del",)) == "Shift+Delete"


def test_columns_keep_the_order_and_are_as_even_as_can_be():
    groups = [KeyGroup(str(n), (("k", "t"),) * n) for n in (7, 5, 8, 3, 2, 9)]
    columns = in_columns(groups, 3)
    assert list(itertools.chain(*columns)) == groups
    assert [[group.title for group in column] for column in columns] == [["7", "5"], ["8", "3"], ["2", "9"]]


def test_menus_are_grouped_and_hold_every_command_but_help_once(window, menus):
    command_menus = [menu for menu in menus if isinstance(menu, CommandMenu)]
    assert len(command_menus) == 3
    offered = [action.objectName() for menu in command_menus for action in menu.actions()]
    commands = {one.id: one for one in READING_COMMANDS if one.group not in ("Help", "Adjudication")}
    assert sorted(filter(None, offered)) == sorted(commands)
    for menu in command_menus:
        groups = [
            {commands[action.objectName()].group for action in part}
            for separator, part in itertools.groupby(menu.actions(), key=lambda action: action.isSeparator())
            if not separator
        ]
        assert all(len(group) == 1 for group in groups)
        assert menu.sizeHint().height() < 760


def entry(menus, command):
    return next(action for menu in menus for action in menu.actions() if action.objectName() == command)


def why_not(menus, command):
    """Return why an entry is grey while its menu is open; empty where it can be chosen."""
    action = entry(menus, command)
    menu = next(menu for menu in menus if action in menu.actions())
    menu.aboutToShow.emit()
    reason = "" if action.isEnabled() else action.toolTip()
    menu.aboutToHide.emit()
    assert action.isEnabled()  # or its key could not say why
    return reason


def test_an_entry_that_can_do_nothing_is_grey_and_says_why(qtbot, window, menus):
    assert why_not(menus, "undo") == "Nothing to undo in this case."
    assert "does not ask" in why_not(menus, "unsure")
    assert "not graded by volume" in why_not(menus, "bone")
    assert "not signed" in why_not(menus, "ask_reopening")
    assert why_not(menus, "fill") == ""
    type_keys(qtbot, window, "2")
    assert why_not(menus, "undo") == ""
    window.scoring.lock()
    assert "is signed" in why_not(menus, "undo")
    assert why_not(menus, "ask_reopening") == ""
    qtbot.keyClick(window.panel.table, Qt.Key.Key_Z, CTRL)
    assert "is signed" in text_of(window, "message")


def test_films_and_single_timepoints_leave_out_what_they_cannot(opened, tmp_path):
    folder = build(tmp_path, compose_form(["sharp_1985"], ["erosion"]), films=True, letters="A")
    window = opened(folder)
    menus = [button.menu() for button in window.header.findChildren(QToolButton) if button.menu()]
    assert "one timepoint" in why_not(menus, "link")
    assert "films" in why_not(menus, "follow")
    assert "coil" in why_not(menus, "shading")


# -- the header ----------------------------------------------------------------------------------------------


def test_the_header_gives_way_in_whole_words_and_keeps_the_rest_in_its_tool_tip(qtbot, window):
    label = window.findChild(StepwiseLabel, "progress")
    words = []
    for width in (1920, 1280, 1100):
        window.resize(width, 800)
        QApplication.processEvents()
        words.append(label.painted)
    assert words[0] == "case 1 of 2 · MRI, order of timepoints hidden"
    assert words[1] == "case 1 of 2 · MRI"
    assert label.toolTip() == words[0]
    assert all("…" not in text for text in words)


@pytest.mark.parametrize("state", ["locked", "reopened"])
def test_the_header_of_a_signed_case_cuts_nothing_at_1280(qtbot, window, state):
    type_keys(qtbot, window, "2")
    window.header.show_lock(state)
    window.resize(1280, 800)
    QApplication.processEvents()
    label = window.findChild(StepwiseLabel, "progress")
    assert window.width() == 1280
    assert label.painted.startswith("case 1 of 2")
    for name in ("code", "lock", "saved"):
        shown = window.findChild(QLabel, name)
        assert shown.isHidden() or shown.width() >= shown.sizeHint().width()


def test_nothing_but_codes_numbers_and_the_design_stands_in_the_header(window, folder):
    with Reading.open(folder, read_only=True) as reading:
        hidden = (reading.round_title, reading.reader)
    texts = " ".join(label.text() + label.toolTip() for label in window.header.findChildren(QLabel))
    assert not any(word in texts for word in hidden)


def test_confidence_can_be_chosen_in_the_menu_where_the_round_asks_for_it(opened, tmp_path):
    folder = build(tmp_path, compose_form(["ramris_2003"], ["synovitis"]), rules=RoundRules(confidence=True))
    window = opened(folder)
    menus = [button.menu() for button in window.header.findChildren(QToolButton) if button.menu()]
    assert why_not(menus, "sure") == ""


def test_control_w_closes_the_reading_and_not_a_part_of_it(qtbot, window):
    qtbot.keyClick(window.panel.table, Qt.Key.Key_W, Qt.KeyboardModifier.ControlModifier)
    assert not window.isVisible()
    assert not window.panel.isHidden()


# -- hints and messages --------------------------------------------------------------------------------------


def test_a_long_message_is_whole_while_hints_give_way_and_the_list_of_keys_stays(qtbot, window):
    window.resize(1280, 800)
    window.hints.say(
        "Outline the bone: click its corners or draw round it; Enter or a double click closes. " * 2
    )
    QApplication.processEvents()
    message = window.findChild(QLabel, "message")
    assert message.width() >= message.sizeHint().width() or len(visible_keys(window)) == 0
    window.hints.say("x" * 60)
    QApplication.processEvents()
    assert message.width() >= message.sizeHint().width()
    assert "?" in visible_keys(window)
    window.hints.say("")
    QApplication.processEvents()
    assert visible_keys(window)[0] == "0–9"


def visible_keys(window):
    return [label.text() for label in window.findChildren(QLabel, "keycap") if label.isVisible()]


def test_a_signed_case_hints_at_what_can_be_done_with_it(window):
    window.scoring.lock()
    window._show_progress()
    keys = visible_keys(window)
    assert "Ctrl Shift A" in keys
    assert "0–9" not in keys

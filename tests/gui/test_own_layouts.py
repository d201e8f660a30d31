"""Layouts the reader saves: made, shown, remembered, changed and removed by real key events."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction

from reader_app.reading.layout_dialog import LayoutDialog
from reader_app.reading.own_layouts import to_text
from scoring_forms.domain.form import compose_form
from storage.reading.reading import Reading
from tests.gui.windows import Answer, build, has_keyboard, type_keys

pytestmark = pytest.mark.gui

ENTER, DELETE = Qt.Key.Key_Return, Qt.Key.Key_Delete


def edit(qtbot, window, act):
    """Open the dialog of layouts and do something in it."""
    answer = Answer(LayoutDialog, act)
    window.layouts.edit_layouts()
    assert answer.given
    qtbot.waitUntil(lambda: has_keyboard(window))


def take(qtbot, dialog, title):
    """Add a picture by keys."""
    (item,) = dialog.offered.findItems(title, Qt.MatchFlag.MatchExactly)
    dialog.offered.setCurrentItem(item)
    dialog.offered.setFocus()
    qtbot.keyClick(dialog.offered, Qt.Key.Key_Insert)


def save_stir_and_cut(qtbot, dialog):
    """Make a layout of the STIR and an axial cut, side by side for every timepoint."""
    dialog.taken.setFocus()
    for _ in range(dialog.taken.count()):
        qtbot.keyClick(dialog.taken, DELETE)
    assert dialog.problem.text()
    take(qtbot, dialog, "cor T1 pre, cut axial")
    take(qtbot, dialog, "cor STIR")
    dialog.taken.setFocus()
    qtbot.keyClick(dialog.taken, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    dialog.direction.setCurrentIndex(1)
    dialog.name.setFocus()
    qtbot.keyClicks(dialog.name, "Mine & yours")
    qtbot.keyClick(dialog.name, ENTER)


def titles(window):
    """Return what the panes show, row by row."""
    return [f"{pane.state.badge} {pane.state.title}" for pane in window.grid.panes]


def menu_of(window):
    """Return the texts of the menu of own layouts, and which of them are checked."""
    actions = [action for action in window.header._menu.actions() if action.text()]
    return [action.text() for action in actions], [action for action in actions if action.isChecked()]


def test_a_layout_is_saved_under_a_name_and_shown(qtbot, window):
    edit(qtbot, window, lambda dialog: save_stir_and_cut(qtbot, dialog))
    assert titles(window) == [
        "A cor STIR",
        "B cor STIR",
        "A cor T1 pre, cut axial",
        "B cor T1 pre, cut axial",
    ]
    texts, checked = menu_of(window)
    assert texts == ["Mine && yours", "Layouts of my own …"]
    assert [action.text() for action in checked] == ["Mine && yours"]


def test_it_is_there_again_with_other_timepoints_and_after_reopening(qtbot, opened, folder, tmp_path):
    window = opened(folder)
    edit(qtbot, window, lambda dialog: save_stir_and_cut(qtbot, dialog))
    text = window._reading.recall("layouts")
    window.close()
    assert len(titles(opened(folder))) == 4
    (tmp_path / "other").mkdir()
    other = build(tmp_path / "other", compose_form(["ramris_2003"], ["synovitis"]), letters="ABC")
    with Reading.open(other) as reading:
        reading.remember("layouts", text)
        reading.remember("layout", "own/Mine & yours")
    assert [title for title in titles(opened(other)) if "STIR" in title] == [
        "A cor STIR",
        "B cor STIR",
        "C cor STIR",
    ]


def test_the_key_for_the_next_layout_goes_through_own_ones_too(qtbot, window):
    edit(qtbot, window, lambda dialog: save_stir_and_cut(qtbot, dialog))
    own = titles(window)
    seen = []
    for _ in range(len(window.layouts.standard) + 1):
        type_keys(qtbot, window, "v")
        seen.append(titles(window))
    assert seen[-1] == own
    assert own not in seen[:-1]


def test_choosing_it_in_the_menu_shows_it(qtbot, window):
    edit(qtbot, window, lambda dialog: save_stir_and_cut(qtbot, dialog))
    own = titles(window)
    type_keys(qtbot, window, "v")
    assert titles(window) != own
    window.header._menu.actions()[0].trigger()
    assert titles(window) == own


def test_it_is_renamed_and_removed(qtbot, window, folder):
    edit(qtbot, window, lambda dialog: save_stir_and_cut(qtbot, dialog))
    own = titles(window)

    def rename(dialog):
        assert dialog.name.text() == "Mine & yours"
        dialog.name.selectAll()
        qtbot.keyClicks(dialog.name, "Ours")
        qtbot.keyClick(dialog.name, ENTER)

    edit(qtbot, window, rename)
    assert titles(window) == own
    assert menu_of(window)[0] == ["Ours", "Layouts of my own …"]
    edit(qtbot, window, lambda dialog: dialog.remove.click())
    assert menu_of(window)[0] == ["Layouts of my own …"]
    assert titles(window) != own
    assert window._reading.recall("layouts") == "[]"


def test_names_that_are_empty_or_taken_are_refused_in_the_dialog(qtbot, window):
    words = []

    def type_names(dialog):
        for name in ("", "Axial"):
            dialog.name.setText(name)
            words.append((dialog.problem.text(), dialog.save.isEnabled()))
        dialog.reject()

    edit(qtbot, window, type_names)
    assert [("name" in words[0][0], words[0][1]), ("“Axial” already" in words[1][0], words[1][1])] == [
        (True, False),
        (True, False),
    ]
    assert window.layouts.own == ()


def test_remembered_layouts_that_are_damaged_do_no_harm(opened, folder):
    with Reading.open(folder) as reading:
        reading.remember("layouts", to_text(())[:-1])
        reading.remember("layout", "own/gone")
    window = opened(folder)
    assert window.layouts.own == ()
    assert window.display.layout_ == window.layouts.standard[0]


def test_many_small_panes_do_not_make_the_window_larger_than_a_small_screen(qtbot, opened, tmp_path):
    window = opened(build(tmp_path, compose_form(["ramris_2003"], ["synovitis"]), letters="ABCDEF"))
    roles = ("cor_t1_pre", "cor_t1_post", "cor_stir", "ax_t1_pre")

    def save(dialog):
        dialog.name.setText("Block")
        dialog.taken.clear()
        for role in roles:
            dialog.offered.setCurrentRow(
                [
                    dialog.offered.item(row).data(Qt.ItemDataRole.UserRole)
                    for row in range(dialog.offered.count())
                ].index(role)
            )
            dialog._add()
        dialog.lines.setValue(2)
        dialog.save.click()

    edit(qtbot, window, save)
    assert len(window.grid.panes) == 24
    assert window.minimumSizeHint().height() <= 800
    assert window.minimumSizeHint().width() <= 1280


def test_the_command_has_a_key_and_stands_in_the_menu_of_layouts(window):
    command = window.findChild(QAction, "layouts")
    assert command.shortcut().toString() == "Shift+V"
    assert command in window.header._menu.actions()

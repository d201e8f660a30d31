"""Filling in the form by keys alone: nothing is lost, nothing is entered that was not typed."""

import random

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QKeyEvent

from scoring_forms.domain.form import compose_form
from scoring_forms.domain.score import Cell, Score
from scoring_forms.domain.systems import available_systems
from scoring_forms.widgets.score_panel import ScorePanel
from tests.gui.windows import build, saved_sheet, type_keys

pytestmark = pytest.mark.gui

NO_MODIFIER = Qt.KeyboardModifier.NoModifier


class Reader:
    """A form and what its owner would store; every change is shown before the next key."""

    def __init__(self, panel, system_id, features=None, letters="AB"):
        self.panel, self.form, self.letters = panel, compose_form([system_id], features), letters
        self.sheet = {}
        self.entered = []
        self.refused = []
        panel.table.score_entered.connect(self._store)
        panel.table.refused.connect(self.refused.append)
        panel.show_case(self.form, letters, self.sheet, locked=False)

    def _store(self, cell, score):
        self.entered.append((cell, score))
        self.sheet = {key: value for key, value in self.sheet.items() if key != cell}
        if score is not None:
            self.sheet[cell] = score
        self.panel.show_scores(self.sheet, locked=False)

    @property
    def values(self):
        return {cell: score.value for cell, score in self.sheet.items()}

    def press(self, *keys, again=False):
        for key in keys:
            QCoreApplication.sendEvent(self.panel.table, key_event(key, again=again))

    def at(self):
        return self.panel.current_cell.site


def key_event(key, again=False, modifier=NO_MODIFIER):
    if isinstance(key, str):
        code, text = Qt.Key(ord(key.upper())), key
    else:
        code, text = key, ""
    return QKeyEvent(QEvent.Type.KeyPress, code, modifier, text, again)


def fewest_keys(cells, truth):
    """Return the keys that enter these grades one after the other."""
    keys = []
    for cell, value, following in zip(cells, truth, [*truth[1:], None], strict=True):
        grows = cell.feature == "bone_erosion" and value == 1
        keys += list(str(value))
        if grows and following in (0, None):
            keys.append(Qt.Key.Key_Return)  # a 0 would make it 10
    return keys


@pytest.fixture
def panel(qtbot):
    widget = ScorePanel()
    qtbot.addWidget(widget)
    widget.resize(420, 760)
    widget.show()
    return widget


def test_more_than_a_thousand_keys_sent_without_a_pause_all_arrive(panel):
    draw = random.Random(4)
    reader = Reader(panel, "ramris_2003", letters="ABC")
    cells = panel.cells()
    sent = 0
    for _pass in range(7):
        truth = [draw.randint(0, int(reader.form.item(cell).feature.maximum)) for cell in cells]
        keys = fewest_keys(cells, truth)
        panel.go_to(cells[0])
        for key in keys:
            QCoreApplication.postEvent(panel.table, key_event(key))
        QCoreApplication.sendPostedEvents(panel.table)
        assert reader.values == dict(zip(cells, map(float, truth), strict=True))
        sent += len(keys)
    assert sent > 1000


def test_a_timepoint_of_ramris_takes_at_most_one_key_and_a_fifth_for_each_item(panel):
    draw = random.Random(1)
    reader = Reader(panel, "ramris_2003", letters="A")
    cells = panel.cells()
    truth = [
        draw.choice([0, 0, 0, 1, 2, 3, 10] if cell.feature == "bone_erosion" else [0, 0, 1, 2, 3])
        for cell in cells
    ]
    keys = fewest_keys(cells, truth)
    reader.press(*keys)
    assert reader.values == dict(zip(cells, map(float, truth), strict=True))
    assert len(cells) == 53
    assert len(keys) / len(cells) <= 1.2


def test_one_then_nought_is_ten_and_one_then_two_is_one_and_two(panel):
    reader = Reader(panel, "ramris_2003", ["bone_erosion"])
    reader.press("1", "0", "1", "2", "1", Qt.Key.Key_Return, "0")
    first = panel.cells()[:5]
    assert [reader.values[cell] for cell in first] == [10, 1, 2, 1, 0]


def test_after_a_pause_a_one_stays_one_and_the_nought_is_of_the_next_cell(qtbot, panel):
    reader = Reader(panel, "ramris_2003", ["bone_erosion"])
    first, second = panel.cells()[:2]
    reader.press("1")
    assert panel.current_cell == first
    qtbot.waitUntil(lambda: panel.current_cell == second)
    reader.press("0")
    assert reader.values == {first: 1, second: 0}


def test_a_one_is_stored_before_the_next_key(panel):
    reader = Reader(panel, "ramris_2003", ["bone_erosion"])
    reader.press("1")
    assert reader.values == {panel.cells()[0]: 1}


def test_a_held_key_enters_its_score_once(panel):
    reader = Reader(panel, "ramris_2003", ["synovitis"])
    reader.press("0")
    reader.press("0", "0", "0", again=True)
    assert list(reader.values.values()) == [0]


def test_the_half_step_key_adds_to_the_cell_typed_last_and_stays_put(panel):
    reader = Reader(panel, "genant_1998", ["erosion"])
    reader.press("2", ".", "0", ",", "3")
    first = panel.cells()[:3]
    assert [reader.values[cell] for cell in first] == [2.5, 0.5, 3]
    assert panel.current_cell == panel.cells()[3]


def test_a_half_step_is_added_once_and_never_past_the_scale(panel):
    reader = Reader(panel, "genant_1998", ["joint_space_narrowing"])
    reader.press("2", ".", ".", "4", ".")
    assert list(reader.values.values()) == [2.5, 4]
    assert len(reader.refused) == 2


def test_after_moving_away_the_half_step_key_changes_nothing(panel):
    reader = Reader(panel, "genant_1998", ["erosion"])
    reader.press("2", Qt.Key.Key_Down, ".")
    assert list(reader.values.values()) == [2]
    assert "follows a digit" in reader.refused[0]


def test_after_a_refused_digit_the_half_step_key_changes_nothing(panel):
    reader = Reader(panel, "genant_1998", ["erosion"])
    reader.press("2", "7", ".")
    assert list(reader.values.values()) == [2]
    assert len(reader.refused) == 2


def test_a_key_that_qt_does_not_know_and_text_of_several_letters_enter_nothing(panel):
    reader = Reader(panel, "ramris_2003")
    for code, text in ((0, ""), (0, "12"), (0x1FFFFFF, "")):
        event = QKeyEvent(QEvent.Type.KeyPress, code, NO_MODIFIER, text)
        QCoreApplication.sendEvent(panel.table, event)
    assert not reader.entered


def test_the_last_cell_of_a_feature_still_takes_its_half_step(panel):
    reader = Reader(panel, "genant_1998", letters="A")
    reader.press(Qt.Key.Key_End, "2", ".")
    (cell,) = reader.values
    assert (cell.feature, reader.values[cell]) == ("erosion", 2.5)
    assert panel.current_cell.feature == "joint_space_narrowing"


def test_in_whole_steps_the_half_step_key_is_left_to_the_window(panel):
    Reader(panel, "ramris_2003")
    event = key_event(".")
    panel.table.keyPressEvent(event)
    assert not event.isAccepted()


@pytest.mark.parametrize(
    ("keys", "site"),
    [
        ("/sca", "scaphoid"),
        ("/rad", "distal_radius"),
        ("/mc2h", "mc2_head"),
        (["/", Qt.Key.Key_Shift, "R", "a", "d"], "distal_radius"),
        (["/", "m", "c", "2", Qt.Key.Key_Return], "mc2_base"),
        (["/", "l", "u", "x", Qt.Key.Key_Backspace, "n"], "lunate"),
    ],
)
def test_a_slash_and_a_few_letters_go_to_a_site(panel, keys, site):
    reader = Reader(panel, "ramris_2003", ["bone_erosion"])
    reader.press(*keys)
    assert reader.at() == site
    assert not reader.values


def test_a_digit_that_fits_no_name_is_a_score_again(panel):
    reader = Reader(panel, "ramris_2003", ["bone_erosion"])
    reader.press("/", "l", "u", "n", "7")
    assert reader.values == {Cell("A", "ramris_2003", "bone_erosion", None, "lunate"): 7}


def test_letters_of_a_name_are_no_commands(panel):
    Reader(panel, "ramris_2003", ["bone_erosion"])
    panel.table.keyPressEvent(key_event("/"))
    override = QKeyEvent(QEvent.Type.ShortcutOverride, Qt.Key.Key_R, NO_MODIFIER, "r")
    override.ignore()
    panel.table.event(override)
    assert override.isAccepted()


def test_escape_ends_the_search_where_the_reader_was(panel):
    reader = Reader(panel, "ramris_2003", ["bone_erosion"])
    reader.press("/", "m", Qt.Key.Key_Escape, "4")
    assert reader.values == {panel.cells()[0]: 4}


def test_arrows_tab_home_and_end_move_over_headings(panel):
    reader = Reader(panel, "ramris_2003", ["synovitis"])
    seen = []
    for key in (
        Qt.Key.Key_Down,
        Qt.Key.Key_End,
        Qt.Key.Key_Up,
        Qt.Key.Key_Home,
        Qt.Key.Key_Right,
        Qt.Key.Key_Tab,
    ):
        reader.press(key)
        seen.append((panel.current_cell.timepoint, reader.at()))
    assert seen == [
        ("A", "radiocarpal"),
        ("B", "mcp5"),
        ("B", "mcp4"),
        ("A", "distal_radioulnar"),
        ("B", "distal_radioulnar"),
        ("B", "radiocarpal"),
    ]


def test_control_and_an_arrow_go_to_the_next_group(panel):
    reader = Reader(panel, "sharp_1985")
    sites = [reader.at()]
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Up):
        event = key_event(key, modifier=Qt.KeyboardModifier.ControlModifier)
        QCoreApplication.sendEvent(panel.table, event)
        sites.append(reader.at())
    assert sites == ["pip2", "mcp1", "mc1_base", "mc1_base", "mcp1"]


def test_by_bone_digits_fill_both_features_of_a_bone_in_turn(panel):
    reader = Reader(panel, "ramris_2003", ["bone_oedema", "bone_erosion"])
    panel.set_arrangement("bones")
    reader.press("2", "7", "3", "4")
    assert [(cell.site, cell.feature, value) for cell, value in reader.values.items()] == [
        ("mc1_base", "bone_oedema", 2),
        ("mc1_base", "bone_erosion", 7),
        ("mc2_base", "bone_oedema", 3),
        ("mc2_base", "bone_erosion", 4),
    ]


def test_changing_the_arrangement_keeps_the_cell_and_tells_the_owner(qtbot, panel):
    reader = Reader(panel, "ramris_2003")
    cell = Cell("B", "ramris_2003", "bone_erosion", None, "lunate")
    panel.go_to(cell)
    with qtbot.waitSignal(panel.arrangement_changed) as changed:
        reader.press("y")
    assert changed.args == ["bones"]
    assert panel.current_cell == cell


def test_the_diagram_folds_away_by_a_key_and_tells_the_owner(qtbot, panel):
    reader = Reader(panel, "ramris_2003")
    before = panel.table.height()
    with qtbot.waitSignal(panel.diagram_toggled) as toggled:
        reader.press("b")
    assert toggled.args == [False]
    qtbot.waitUntil(lambda: panel.table.height() > before)


@pytest.mark.parametrize("system_id", available_systems())
def test_in_a_small_window_diagram_scale_and_table_all_have_room(qtbot, panel, system_id):
    Reader(panel, system_id)
    panel.resize(400, 740)  # beside the pictures at 1280 x 800
    qtbot.waitUntil(lambda: panel.strip.width() == 400)
    assert panel.strip.height() >= 180
    assert panel.table.height() >= 9 * 20
    assert panel.diagram.geometry().right() < panel.strip.site.x()
    assert panel.strip.scale.x() + panel.strip.scale.width() <= 400


def test_the_grades_are_one_key_away_and_go_with_the_next_cell(panel):
    reader = Reader(panel, "ramris_2016", ["tenosynovitis"])
    reader.press("s")
    (feature,) = reader.form.parts[0].scored
    assert panel.grades.isVisible()
    for _grade, text in feature.scale:
        assert text in panel.grades.accessibleName()
    reader.press("1")
    assert not panel.grades.isVisible()


@pytest.mark.parametrize("system_id", available_systems())
def test_certainty_notes_are_nowhere_in_the_form(panel, system_id):
    reader = Reader(panel, system_id)
    for number, feature in enumerate(reader.form.parts[0].scored):
        panel.tabs.setCurrentIndex(number)
        panel.toggle_grades()
        shown = panel.grades.accessibleName() + panel.strip.scale.toolTip() + panel.strip.site.text()
        assert not feature.certainty or feature.certainty not in shown
        panel.toggle_grades()


def test_group_headings_show_their_subtotals_unless_totals_are_hidden(panel):
    reader = Reader(panel, "ramris_2003", ["synovitis"])
    reader.press("1", "2", "3", "1")
    model = panel.table.model()
    assert [model.index(0, column).data() for column in (0, 1, 2)] == ["Wrist", "6", ""]
    assert model.index(4, 1).data() == "1/4"
    panel.set_totals_visible(False)
    assert [model.index(row, 1).data() for row in (0, 4)] == ["", ""]


def test_by_bone_both_hands_have_the_subtotals_of_each_feature_and_none_with_a_missing_site(panel):
    reader = Reader(panel, "sharp_1985")
    panel.set_arrangement("bones")
    model = panel.table.model()
    wrist = next(row for row in model.heading_rows() if model.index(row, 0).data() == "Wrist")
    assert model.index(wrist, 1).data() == ""
    for feature in reader.form.parts[0].scored:
        for side in "RL":
            for site in feature.scored_sites:
                if site.group == "wrist":
                    cell = Cell("A", "sharp_1985", feature.id, side, site.id)
                    reader._store(cell, Score(1.0))
    found = [model.index(wrist, column).data() for column in range(1, 6)]
    counts = [
        2 * sum(site.group == "wrist" for site in feature.scored_sites)
        for feature in reader.form.parts[0].scored
    ]
    assert found == [f"ES {counts[0]}  JSN {counts[1]}", "", "", "", ""]
    assert panel.table.columnSpan(wrist, 1) == 4
    cell = next(cell for cell in reversed(list(reader.sheet)) if cell.feature == "erosion")
    reader._store(cell, Score(not_assessable="motion"))
    assert model.index(wrist, 1).data() == f"ES {counts[0] - 1}/{counts[0]}  JSN {counts[1]}"
    spoken = model.index(wrist, 1).data(Qt.ItemDataRole.ToolTipRole)
    assert spoken.startswith("Wrist, subtotal, timepoint A, ")


@pytest.mark.parametrize("system_id", ["ramris_2003", "svdh_hands_feet"])
def test_every_cell_is_read_out_with_site_side_timepoint_feature_and_value(panel, system_id):
    reader = Reader(panel, system_id)
    for number, feature in enumerate(reader.form.parts[0].scored):
        panel.tabs.setCurrentIndex(number)
        model = panel.table.model()
        for cell in panel.table.page.cells(across=False):
            words = model.index_of(cell).data(Qt.ItemDataRole.AccessibleTextRole)
            site = feature.site(cell.site)
            where = "foot" if site.group == "forefoot" else "hand"
            side = {"L": f"left {where}, ", "R": f"right {where}, ", None: ""}[cell.side]
            assert words == f"{site.label}, {side}timepoint {cell.timepoint}, {feature.label}: empty"


def test_a_signed_case_takes_no_key(panel):
    reader = Reader(panel, "genant_1998")
    panel.show_scores(reader.sheet, locked=True)
    reader.press("2", ".", "n", Qt.Key.Key_Delete)
    assert not reader.entered
    assert len(reader.refused) == 4


def test_in_the_window_the_full_stop_is_a_half_step_and_no_command(qtbot, opened, tmp_path):
    folder = build(tmp_path, compose_form(["genant_1998"]), films=True)
    type_keys(qtbot, opened(folder), "2.0,3")
    assert [score.value for score in saved_sheet(folder).values()] == [2.5, 0.5, 3]


def test_a_half_step_belongs_to_the_last_cell_of_the_form_too(qtbot, opened, tmp_path):
    folder = build(tmp_path, compose_form(["genant_1998"]), films=True)
    window = opened(folder)
    last = window.panel.cells()[-1]
    window.panel.go_to(last)
    type_keys(qtbot, window, "2")
    assert window.panel.current_cell == window.panel.cells()[0]  # the next empty one
    type_keys(qtbot, window, ".")
    assert saved_sheet(folder) == {last: Score(2.5)}


def test_in_the_window_letters_of_a_site_turn_no_picture(qtbot, opened, tmp_path):
    folder = build(tmp_path, compose_form(["ramris_2003"], ["bone_erosion"]))
    window = opened(folder)
    before = window.grid.panes[0].state
    type_keys(qtbot, window, "/tri", Qt.Key.Key_Return)
    assert window.panel.current_cell.site == "triquetrum"
    assert window.grid.panes[0].state.letters == before.letters


def test_a_sheet_that_its_owner_changes_in_place_is_shown_anew(panel):
    reader = Reader(panel, "ramris_2003", ["synovitis"])
    sheet = {}
    panel.show_scores(sheet, locked=False)
    before = panel.grab().toImage(), panel.diagram.grab().toImage()
    changed = []
    panel.table.model().dataChanged.connect(
        lambda first, _last: changed.append((first.row(), first.column()))
    )
    sheet[panel.cells()[2]] = Score(3.0)
    panel.show_scores(sheet, locked=False)
    assert (3, 1) in changed
    assert panel.grab().toImage() != before[0]
    assert panel.diagram.grab().toImage() != before[1]
    assert not reader.entered


def test_a_not_assessable_score_reads_as_such(panel):
    reader = Reader(panel, "ramris_2003", ["synovitis"])
    cell = panel.cells()[0]
    panel.show_scores({cell: Score(not_assessable="surgery")}, locked=False)
    words = panel.table.model().index_of(cell).data(Qt.ItemDataRole.AccessibleTextRole)
    assert words.endswith(": not assessable")
    assert reader.at() == cell.site

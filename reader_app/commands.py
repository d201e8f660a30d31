"""One table of what a reader can do: id, words, keys. Menus, tool tips and the key list are made from it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Command:
    """A user action; ``method`` is what does it, of the window or one of its groups of commands."""

    id: str
    text: str
    keys: tuple[str, ...]
    method: str
    group: str


READING_COMMANDS = (
    Command("undo", "Undo the last entry", ("Ctrl+Z",), "undo", "Scores"),
    Command("redo", "Redo", ("Ctrl+Shift+Z", "Ctrl+Y"), "redo", "Scores"),
    Command(
        "fill", "Set the empty cells of this column to 0 …", ("Ctrl+0",), "fill_column_with_zero", "Scores"
    ),
    Command(
        "series_na",
        "Set the empty cells of this column to n/a …",
        ("Ctrl+N",),
        "column_not_assessable",
        "Scores",
    ),
    Command("no_contrast", "No contrast at this timepoint …", ("Ctrl+Shift+N",), "no_contrast", "Scores"),
    Command("comment", "Comment on this site …", ("Q",), "comment_on_site", "Remarks"),
    Command("case_comment", "Comment on this case …", ("Shift+Q",), "comment_on_case", "Remarks"),
    Command("unsure", "Unsure of this score", ("Alt+1",), "unsure", "Remarks"),
    Command("fairly_sure", "Fairly sure of this score", ("Alt+2",), "fairly_sure", "Remarks"),
    Command("sure", "Sure of this score", ("Alt+3",), "sure", "Remarks"),
    Command("no_confidence", "No confidence stated", ("Alt+0",), "forget_confidence", "Remarks"),
    Command("next_missing", "Go to the next empty cell", ("Ctrl+E",), "go_to_next_missing", "Form"),
    Command("next_feature", "Next feature", ("Ctrl+Tab",), "next_feature", "Form"),
    Command("previous_feature", "Previous feature", ("Ctrl+Shift+Tab",), "previous_feature", "Form"),
    Command("across", "Go on across timepoints, not down sites", ("X",), "toggle_across", "Form"),
    Command("arrangement", "Form by feature, or by bone", ("Y",), "toggle_arrangement", "Form"),
    Command("diagram", "Hand diagram", ("B",), "toggle_diagram", "Form"),
    Command("grades", "What the grades mean", ("S",), "toggle_grades", "Form"),
    Command("panel_window", "Form in a window of its own", ("Ctrl+M",), "toggle_panel_window", "Form"),
    Command("submit", "Submit and sign this case …", ("Ctrl+Return",), "submit", "Signing"),
    Command(
        "ask_reopening", "Ask to reopen this signed case …", ("Ctrl+Shift+A",), "ask_reopening", "Signing"
    ),
    Command(
        "send_back",
        "Write signed cases for the coordinator …",
        ("Ctrl+Shift+S",),
        "send_back",
        "Signing",
    ),
    Command("open_grant", "Open the coordinator's answer …", ("Ctrl+Shift+O",), "open_grant", "Signing"),
    Command("next_disagreement", "Next disagreement, also Tab", ("F4",), "next_disagreement", "Adjudication"),
    Command(
        "previous_disagreement",
        "Disagreement before",
        ("Shift+F4",),
        "previous_disagreement",
        "Adjudication",
    ),
    Command("take_first", "Take the score of Reader 1", ("F2",), "take_first", "Adjudication"),
    Command("take_second", "Take the score of Reader 2", ("F3",), "take_second", "Adjudication"),
    Command(
        "take_agreed", "Take what both scored alike, where empty", ("Ctrl+F2",), "take_agreed", "Adjudication"
    ),
    Command(
        "consensus", "This score is a consensus, or no longer", ("F5",), "state_consensus", "Adjudication"
    ),
    Command("next_case", "Next case", ("Ctrl+PgDown",), "next_case", "Cases"),
    Command("previous_case", "Previous case", ("Ctrl+PgUp",), "previous_case", "Cases"),
    Command("slice_down", "Next slice", ("PgDown", "Shift+Down"), "next_slice", "Slices and layout"),
    Command("slice_up", "Previous slice", ("PgUp", "Shift+Up"), "previous_slice", "Slices and layout"),
    Command("layout", "Next layout", ("V",), "next_layout", "Slices and layout"),
    Command("layouts", "Layouts of my own …", ("Shift+V",), "edit_layouts", "Slices and layout"),
    Command("large", "One large picture, or all", ("F",), "toggle_large", "Slices and layout"),
    Command(
        "joint_lens", "Joint lens: only the current joint", ("J",), "toggle_joint_lens", "Slices and layout"
    ),
    Command("link", "Timepoints move together", ("L",), "toggle_link", "Timepoints"),
    Command("follow", "Timepoints follow the hand", ("T",), "follow_hand", "Timepoints"),
    Command("nudge", "Places shown are the same place", ("Shift+T",), "nudge_hand", "Timepoints"),
    Command("start_over", "Register the timepoints again", ("Ctrl+T",), "register_again", "Timepoints"),
    Command("zoom_in", "Magnify", ("+", "="), "zoom_in", "Size and turns"),
    Command("zoom_out", "Make smaller", ("-",), "zoom_out", "Size and turns"),
    Command("fit", "Fit the pictures to their panes", ("Ctrl+F",), "fit", "Size and turns"),
    Command("pixels", "Pixel for pixel", ("Ctrl+1",), "show_pixels", "Size and turns"),
    Command("life_size", "As large as the hand", ("Ctrl+2",), "show_life_size", "Size and turns"),
    Command("turn", "Turn clockwise", ("R",), "turn_right", "Size and turns"),
    Command("turn_back", "Turn anticlockwise", ("Shift+R",), "turn_left", "Size and turns"),
    Command("flip", "Mirror, letters follow", ("H",), "flip", "Size and turns"),
    Command("reset", "Pictures as they were at opening", ("Ctrl+R",), "reset", "Size and turns"),
    Command("window", "Window in numbers …", ("W",), "ask_window", "Grey values"),
    Command("preset", "Next window preset", ("Shift+W",), "next_preset", "Grey values"),
    Command("auto_window", "Window by the slice shown", ("A",), "window_to_slice", "Grey values"),
    Command("invert", "Change black and white", ("I",), "invert", "Grey values"),
    Command("shading", "Even out coil shading, for looking only", ("C",), "toggle_shading", "Grey values"),
    Command("landmark", "The current site is at the cursor", ("K",), "set_landmark", "Sites"),
    Command("no_landmark", "Forget where the current site is", ("Shift+K",), "forget_landmark", "Sites"),
    Command("go_to_site", "Go to the current site", ("Ctrl+K",), "go_to_site", "Sites"),
    Command("mark", "Mark the current feature and site at the cursor", ("E",), "put_mark", "Marks"),
    Command("break", "Cortical break seen at the mark, or not", ("U",), "tick_break", "Marks"),
    Command("marks", "List of all marks of the case", ("Shift+E",), "toggle_mark_list", "Marks"),
    Command("move_mark", "Move the chosen mark to the cursor", ("Ctrl+Shift+E",), "move_mark", "Marks"),
    Command("delete_mark", "Delete the mark", ("Shift+Del",), "delete_mark", "Marks"),
    Command(
        "no_marks",
        "Why this grade stands without marks …",
        ("Shift+U",),
        "say_why_without_marks",
        "Marks",
    ),
    Command("bone", "Outline the bone on this slice", ("Z",), "outline_bone", "Marks"),
    Command("defect", "Outline the defect on this slice", ("Shift+Z",), "outline_defect", "Marks"),
    Command("close_outline", "Close the outline", ("Return", "Enter"), "close_outline", "Marks"),
    Command("estimate", "Estimate the share of the bone …", ("Shift+S",), "show_estimate", "Marks"),
    Command("distance", "Measure a distance", ("D",), "measure_distance", "Measuring"),
    Command("angle", "Measure an angle", ("G",), "measure_angle", "Measuring"),
    Command("no_tool", "Point again, stop playing", ("Esc",), "put_tool_away", "Measuring"),
    Command("undo_measure", "Take the last measurement back", ("Ctrl+D",), "undo_measure", "Measuring"),
    Command(
        "clear_measures",
        "Clear the measurements of this pane",
        ("Ctrl+Shift+D",),
        "clear_measures",
        "Measuring",
    ),
    Command(
        "line_cut",
        "Cut along the line drawn last, or go back",
        ("O",),
        "cut_along_line",
        "Measuring",
    ),
    Command("play", "Play through the slices, or stop", ("P",), "play_or_stop", "Measuring"),
    Command("slower", "Play slower", (",",), "play_slower", "Measuring"),
    Command("faster", "Play faster", (".",), "play_faster", "Measuring"),
    Command("keys", "All keys", ("?", "F1"), "show_keys", "Help"),
    Command("close", "Close the reading", ("Ctrl+W",), "close", "Help"),
)

TABLE_KEYS = (
    ("0–9", "Score and go on; 1 0 is 10, 1 Enter stays 1"),
    ("N", "Not assessable: choose the reason"),
    (". or , after a digit", "Half a grade more, where the scale has halves"),
    ("Delete or Backspace", "Empty the cell"),
    ("Arrows, Tab, Enter, Home, End", "Move between cells"),
    ("Ctrl+Up, Ctrl+Down", "Next group of sites"),
    ("/", "Find a site by its name"),
)

HELD_KEYS = (
    ("M", "Magnifier at the cursor"),
    ("Space", "Pre and post contrast change places"),
)

MOUSE_GESTURES = (
    ("Wheel", "Slices; with Ctrl magnify"),
    ("Left button", "Point: the other planes follow; on a mark: choose it, drag it"),
    ("Right button, drag", "Window: right wider, down darker"),
    ("Middle button or Shift, drag", "Move the picture"),
    ("Double click", "One large picture, or all"),
)

"""What keys and menu entries do with the pictures of the open case."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtWidgets import QWidget

from reader_app.reading.case_display import CaseDisplay
from reader_app.reading.cine import Cine
from reader_app.reading.window_dialog import WindowDialog
from viewer.display.measure import MeasureKind
from viewer.display.window_level import window_presets

_TOOLS: dict[MeasureKind, str] = {
    "distance": "Distance: drag a line. Esc ends.",
    "angle": "Angle: drag one side to the vertex, then the other from it. Esc ends.",
}


class PictureCommands(QObject):
    """One method a command, named in the table of commands."""

    said = Signal(str)

    def __init__(self, display: CaseDisplay, modality: str, window: QWidget) -> None:
        super().__init__(window)
        self._display, self._modality, self._window = display, modality, window
        self._dialog: WindowDialog | None = None
        self.cine = Cine(display.scroll, self)

    def next_slice(self) -> None:
        """Go one slice on."""
        self._display.scroll(1)

    def previous_slice(self) -> None:
        """Go one slice back."""
        self._display.scroll(-1)

    def zoom_in(self) -> None:
        """Magnify."""
        self._display.zoom(1.25)

    def zoom_out(self) -> None:
        """Make smaller."""
        self._display.zoom(0.8)

    def fit(self) -> None:
        """Show whole slices in the middle of their panes."""
        self._display.zoom_to("fit")

    def show_pixels(self) -> None:
        """Show every pixel of the picture as one pixel of the screen."""
        self._display.zoom_to("pixel")

    def show_life_size(self) -> None:
        """Show the hand as large as it is."""
        self._display.zoom_to("life")

    def turn_right(self) -> None:
        """Turn the series of the current pane clockwise."""
        self._display.turn(1)

    def turn_left(self) -> None:
        """Turn the series of the current pane anticlockwise."""
        self._display.turn(-1)

    def flip(self) -> None:
        """Exchange left and right of the current pane's series."""
        self._display.flip()

    def toggle_large(self) -> None:
        """Show one picture large, or all."""
        self._display.toggle_large()

    def invert(self) -> None:
        """Change black and white."""
        self._display.invert()

    def reset(self) -> None:
        """Show the pictures as they were at opening; measures stay."""
        self._display.reset()

    # -- windows -------------------------------------------------------------------------------------------

    def next_preset(self) -> None:
        """Use the next window preset for the current series."""
        preset = self._display.next_preset(self._modality)
        if preset is not None:
            self.said.emit(f"Window: {preset.title}")

    def window_to_slice(self) -> None:
        """Window the current series by the slice that is shown."""
        self._display.window_to_slice()

    def ask_window(self) -> None:
        """Ask for the window of the current series in numbers; the pictures follow at once."""
        numbers, before = self._display.window_numbers(), self._display.wanted
        if numbers is None:
            self.said.emit("There is no picture in this pane.")
            return
        dialog = WindowDialog(window_presets(self._modality), self._window)
        dialog.show_numbers(*numbers)
        dialog.numbers_changed.connect(self._display.set_window)
        dialog.preset_chosen.connect(self._display.use_preset)
        dialog.slice_asked.connect(self._display.window_to_slice)
        dialog.preset_chosen.connect(self._on_window_chosen)
        dialog.slice_asked.connect(self._on_window_chosen)
        self._dialog = dialog
        if not dialog.exec():
            self._display.show(before)
        self._dialog = None

    @Slot()
    def _on_window_chosen(self) -> None:
        numbers = self._display.window_numbers()
        if self._dialog is not None and numbers is not None:
            self._dialog.show_numbers(*numbers)

    def toggle_joint_lens(self) -> None:
        """Show just the current joint in every pane, or whole pictures."""
        is_on = self._display.toggle_joint_lens()
        self.said.emit("Joint lens: every timepoint shows the current joint." if is_on else "")

    # -- tools ---------------------------------------------------------------------------------------------

    def measure_distance(self) -> None:
        """Let the left button draw distances."""
        self._take_tool("distance")

    def measure_angle(self) -> None:
        """Let the left button draw angles."""
        self._take_tool("angle")

    def _take_tool(self, tool: MeasureKind) -> None:
        self._display.set_tool(None if self._display.tool == tool else tool)
        self.said.emit(_TOOLS[tool] if self._display.tool else "")

    def put_tool_away(self) -> None:
        """Let the left button point again, and stop playing."""
        self._display.set_tool(None)
        self.cine.stop()
        self.said.emit("")

    def undo_measure(self) -> None:
        """Take back the last change of the measures."""
        if not self._display.undo_measure():
            self.said.emit("There is no measurement to take back.")

    def cut_along_line(self) -> None:
        """Cut the series of the current pane along the line drawn last, or show it whole again."""
        self._display.toggle_line_cut()

    def clear_measures(self) -> None:
        """Take the measures of the current pane away."""
        self._display.clear_measures()

    def play_or_stop(self) -> None:
        """Play through the slices, or stop."""
        if self.cine.is_playing:
            self.cine.stop()
        elif self.cine.play():
            self.said.emit(f"Playing {self.cine.speed} slices a second. P stops.")
        else:
            self.said.emit("There is nothing to play: this series has one slice.")

    def play_faster(self) -> None:
        """Play faster."""
        self._change_speed(1)

    def play_slower(self) -> None:
        """Play slower."""
        self._change_speed(-1)

    def _change_speed(self, steps: int) -> None:
        self.cine.change_speed(steps)
        self.said.emit(f"{self.cine.speed} slices a second.")

    def leave_case(self) -> None:
        """End what belongs to the case that goes."""
        self.cine.stop()
        self._display.set_tool(None)
        self.let_go()

    def let_go(self) -> None:
        """End what held keys do, also when their release went elsewhere."""
        self._display.set_lens(False)
        self._display.set_flicker(False)

    def hold(self, key: int, *, down: bool) -> bool:
        """Do what a key does while it is held; return whether it is such a key."""
        if key == Qt.Key.Key_M:
            self._display.set_lens(down)
        elif key == Qt.Key.Key_Space:
            self._display.set_flicker(down)
        return key in (Qt.Key.Key_M, Qt.Key.Key_Space)

"""What keys, gestures and the other parts of the reading window can do with the pictures of a case."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from PySide6.QtCore import QObject, Slot

from reader_app.reading import moves, windowing
from reader_app.reading.case_images import CaseImage
from reader_app.reading.line_cuts import cut_refusal, drawn_line, line_cut, middle_of
from reader_app.reading.marked_panes import MarkedPanes
from reader_app.reading.pane_gestures import PaneGestures
from reader_app.reading.pointing import POINT_AT_IT, landmark_at_cursor
from reader_app.reading.sites import Spot, SpotKey
from reader_app.reading.wanted import PaneKey, Wanted
from storage.reading.landmarks import Landmark
from viewer.display.measure import MeasureKind
from viewer.display.viewport import Place
from viewer.display.window_level import WindowPreset
from viewer.display.zoom import Zoom, ZoomMode, life_size_refusal
from viewer.imaging.geometry import FloatArray
from viewer.widgets.pane_grid import PaneGrid


class CaseDisplay(MarkedPanes):
    """Does to the open case what keys, gestures and the other parts of the window ask for."""

    def __init__(self, grid: PaneGrid, parent: QObject | None = None) -> None:
        super().__init__(grid, parent)
        self._gestures = PaneGestures(self, self)
        self.layout_changed.connect(self._on_layout_changed)

    @property
    def tool(self) -> MeasureKind | None:
        """What the left button draws; None: it points."""
        return self._measuring.tool

    def make_current(self, letter: str) -> None:
        """Mark the panes of a timepoint as the ones that are being scored."""
        if self._current is None or self._current[0] != letter:
            self._current = next((key for key in self._keys.values() if key[0] == letter), None)
            self.refresh()

    # -- what keys do --------------------------------------------------------------------------------------

    def scroll(self, steps: int) -> bool:
        """Go *steps* slices on in the current pane, or the first one; return whether that changed it."""
        scene, key = self._scene(), self._current_key()
        if scene is None or key is None:
            return False
        before = scene.view(key)
        self.show(moves.scrolled(scene, key, steps))
        after = self._scene()
        return after is not None and after.view(key) != before

    def zoom(self, factor: float) -> None:
        """Magnify every pane by *factor*."""
        self.show(replace(self._wanted, zoom=self._wanted.zoom.magnified(factor)))

    def zoom_to(self, mode: ZoomMode) -> None:
        """Fit the pictures to their panes, show them pixel for pixel, or life-size."""
        scene, key = self._scene(), self._current_key()
        if scene is None or key is None:
            return
        if mode == "fit":
            self.show(moves.fitted(scene))
            return
        volume = scene.image(key).volume
        refusal = life_size_refusal(volume, scene.screens[key]) if mode == "life" and volume else ""
        if refusal:
            self.refused.emit(refusal)
        else:
            self.show(replace(self._wanted, zoom=Zoom(mode)))

    def turn(self, quarters: int) -> None:
        """Turn the series of the current pane clockwise, in every timepoint."""
        self.change_current(moves.turned, quarters)

    def flip(self) -> None:
        """Exchange left and right of the current pane's series."""
        self.change_current(moves.flipped)

    def reset(self) -> None:
        """Show everything as it was at opening; measures stay."""
        self._line_cuts = {}
        self.show(Wanted(measures=self._wanted.measures))

    def invert(self) -> None:
        """Change black and white in every pane."""
        self.show(replace(self._wanted, inverted=not self._wanted.inverted))

    def toggle_line_cut(self) -> None:
        """Show the current pane's series cut along the distance drawn last on its slice, or whole again."""
        scene, key = self._scene(), self._current_key()
        if scene is None or key is None:
            return
        if key in self._line_cuts:
            self._line_cuts = {pane: cut for pane, cut in self._line_cuts.items() if pane != key}
            self.refresh()
            return
        line, refusal = drawn_line(scene, key), cut_refusal(scene, key)
        if refusal or line is None:
            self.refused.emit(refusal)
            return
        self._line_cuts = {**self._line_cuts, key: line_cut(scene.image(key), line)}
        self.show(moves.pointed(scene, key, *middle_of(line)))

    def toggle_large(self) -> None:
        """Show the current pane alone, or all again."""
        pane = self._pane_of(self._current_key())
        if pane is not None:
            self._grid.toggle_large(pane)
            self.refresh()

    def set_lens(self, has_lens: bool) -> None:
        """Magnify what lies under the cursor, or no longer."""
        self._has_lens = has_lens
        self.refresh()

    def set_flicker(self, flickers: bool) -> None:
        """Let pre and post contrast change places, or go back."""
        if flickers != self._flickers:
            self._flickers = flickers
            self.refresh()

    # -- following the hand --------------------------------------------------------------------------------

    def set_followed(self, to_first: Mapping[str, FloatArray], notes: Mapping[str, str]) -> None:
        """Use these ways from frames of reference to that of the first timepoint; see :class:`Scene`."""
        self._to_first, self._follow_notes = dict(to_first), dict(notes)
        if self.follows and len(self._to_first) < 2:
            self.follows = False
        self.refresh()

    def set_follows(self, follows: bool) -> None:
        """Let timepoints follow the hand of the current pane, or no longer."""
        self.follows = follows
        if follows:
            self.change_current(moves.followed)
        else:
            self.refresh()

    def focus_of(self, frame: str) -> tuple[float, float, float]:
        """Return where the panes of a frame of reference look, LPS mm."""
        return self._wanted.places.get(frame, Place()).focus

    def set_evened(self, images: Sequence[CaseImage]) -> None:
        """Show these pictures in the place of the stored ones, marked as such; none: the stored ones."""
        self._evened = {(image.letter, image.role): image for image in images}
        self._line_cuts = {}
        self.refresh()

    # -- sites ---------------------------------------------------------------------------------------------

    def show_spots(self, spots: Mapping[SpotKey, Spot], *, go: bool) -> None:
        """Ring the current site in every pane, and *go* there."""
        self._spots = spots
        scene = self._scene()
        if scene is not None:
            self.show(moves.gone_to_site(scene) if go else self._wanted)

    def toggle_joint_lens(self) -> bool:
        """Let every pane show just the current joint, or whole pictures again; return whether it does."""
        is_on = self._wanted.zoom.mode != "joint"
        self.zoom_to("joint" if is_on else "fit")
        scene = self._scene()
        if is_on and scene is not None:
            self.show(moves.gone_to_site(scene))
        return is_on

    def landmark_at_cursor(self) -> tuple[PaneKey, Landmark] | str:
        """Return what lies under the cursor as a landmark, or why that can be none."""
        scene = self._scene()
        return landmark_at_cursor(scene) if scene is not None else POINT_AT_IT

    # -- windows -------------------------------------------------------------------------------------------

    def window_numbers(self) -> tuple[float, float] | None:
        """Return (width, level) of the current pane in rescaled values; None without a picture."""
        scene, key = self._scene(), self._current_key()
        return windowing.numbers(scene, key) if scene is not None and key is not None else None

    def set_window(self, width: float, level: float) -> None:
        """Show the current pane with this window, and change the other timepoints by as much."""
        self.change_current(windowing.with_numbers, width, level)

    def use_preset(self, preset: WindowPreset) -> None:
        """Window the current series by a rule over its pixels."""
        self.change_current(moves.preset, preset)

    def next_preset(self, modality: str) -> WindowPreset | None:
        """Use the preset after the one in use, and return it."""
        scene, key = self._scene(), self._current_key()
        if scene is None or key is None:
            return None
        chosen = windowing.next_preset(scene, key, modality)
        self.use_preset(chosen)
        return chosen

    def window_to_slice(self) -> None:
        """Window the current pane by the pixels of the slice it shows."""
        self.change_current(windowing.by_slice)

    # -- measures ------------------------------------------------------------------------------------------

    def set_tool(self, tool: MeasureKind | None) -> None:
        """Let the left button measure, or point again."""
        self._measuring.take(tool)
        self.take_outline(None)

    def undo_measure(self) -> bool:
        """Take back the last change of the measures of this case; return False where there was none."""
        wanted = self._measuring.undo(self._wanted)
        if wanted is not None:
            self.show(wanted)
        return wanted is not None

    def clear_measures(self) -> None:
        """Take the measures of the current pane away."""
        self.change_current(self._measuring.clear)

    # -- what gestures ask for -----------------------------------------------------------------------------

    def make_current_pane(self, key: PaneKey) -> None:
        """Let keys act on a pane."""
        self._current = key
        self.press_mark()
        self.refresh()

    def point(self, key: PaneKey, row: float, column: float) -> None:
        """Take the panes to a point of a pane's picture, or draw there with the tool in hand."""
        scene = self._scene()
        if scene is None or self.tool is None:
            if not self.touch_mark(key, row, column):
                self.change(moves.pointed, key, row, column)
            return
        refusal = self._measuring.draw(scene, key, row, column)
        if refusal:
            self.refused.emit(refusal)
        else:
            self.refresh()

    def end_stroke(self) -> None:
        """Keep what was drawn, once it has all its points, and put a mark down."""
        if self.release_mark():
            return
        scene = self._scene()
        if scene is not None and self._measuring.drawing is not None:
            self.show(self._measuring.release(scene))

    def move_cursor(self, key: PaneKey, x: float, y: float) -> None:
        """Read out the value under the cursor; only this pane is painted anew."""
        self._cursor = (key, x, y)
        self._refresh_pane(key)

    def lose_cursor(self, key: PaneKey) -> None:
        """Read out nothing more."""
        self._cursor = None
        self._refresh_pane(key)

    @Slot()
    def _on_layout_changed(self) -> None:
        self._gestures.follow(self._keys)

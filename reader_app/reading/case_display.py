"""The panes of the open case: keeps what is wanted, follows their gestures and shows them the result."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from PySide6.QtCore import QObject, Signal, Slot

from reader_app.reading import measuring, moves
from reader_app.reading.case_images import CaseImage, CaseImages
from reader_app.reading.line_cuts import cut_refusal, drawn_line, line_cut, middle_of
from reader_app.reading.pane_states import pane_state
from reader_app.reading.scene import Scene
from reader_app.reading.sites import Spot, SpotKey
from reader_app.reading.wanted import PaneKey, Wanted, from_text, to_text
from storage.reading.landmarks import Landmark
from viewer.display.hanging import Layout
from viewer.display.measure import Measure, MeasureKind, measure_refusal
from viewer.display.pane_state import PaneState
from viewer.display.viewport import Place
from viewer.display.window_level import (
    HIGH_PERCENTILE,
    LOW_PERCENTILE,
    WindowPreset,
    rescaled,
    stored,
    window_of,
    window_presets,
)
from viewer.display.zoom import Screen, Zoom, ZoomMode, life_size_refusal
from viewer.imaging.geometry import FloatArray
from viewer.widgets.image_pane import ImagePane
from viewer.widgets.pane_grid import PaneGrid

_MM_PER_INCH = 25.4
_NO_MEASURE = "Measure on the series itself: O leaves this cut."


class CaseDisplay(QObject):
    """Shows one case in the grid; every change goes through :class:`Wanted`."""

    layout_changed = Signal(object)  # Layout
    refused = Signal(str)  # why something cannot be done

    def __init__(self, grid: PaneGrid, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._grid = grid
        grid.resized.connect(self.refresh)
        self._images: CaseImages | None = None
        self._layout: Layout | None = None
        self._wanted = Wanted()
        self._current: PaneKey | None = None
        self._cursor: tuple[PaneKey, float, float] | None = None
        self._keys: dict[ImagePane, PaneKey] = {}
        self._stroke: measuring.Stroke | None = None
        self._measured: list[Mapping[str, tuple[Measure, ...]]] = []
        self._has_lens = self._flickers = False
        self._spots: Mapping[SpotKey, Spot] = {}
        self._to_first: Mapping[str, FloatArray] = {}
        self._follow_notes: Mapping[str, str] = {}
        self._evened: Mapping[PaneKey, CaseImage] = {}
        self._line_cuts: Mapping[PaneKey, CaseImage] = {}
        self.follows = False
        self.tool: MeasureKind | None = None
        self.linked = True

    @property
    def layout_(self) -> Layout | None:
        """The layout on the screen."""
        return self._layout

    @property
    def wanted(self) -> Wanted:
        """What the reader wants to see."""
        return self._wanted

    def show_case(self, images: CaseImages, layout: Layout, remembered: str | None) -> None:
        """Show another case, where the reader left it if that was *remembered*."""
        self._images = images
        self._wanted = from_text(remembered) if remembered else Wanted()
        self._current = self._cursor = self._stroke = None
        self._measured, self._spots, self._line_cuts = [], {}, {}
        self.show_layout(layout)

    def clear(self) -> None:
        """Show nothing."""
        self._images = None
        for pane in self._grid.panes:
            pane.show_state(PaneState())
        self._keys = {}

    def remembered(self) -> str:
        """Return what :meth:`show_case` needs to come back here, as JSON."""
        return to_text(self._wanted)

    def show_layout(self, layout: Layout) -> None:
        """Arrange the panes anew and show the same places in them."""
        if self._images is None:
            return
        self._layout = layout
        cells = layout.grid(self._images.letters)
        self._grid.arrange(len(cells), len(cells[0]))
        keys = [key for row in cells for key in row]
        self._keys = dict(zip(self._grid.panes, keys, strict=True))
        for pane in self._keys:
            self._connect(pane)
        self.refresh()
        self.layout_changed.emit(layout)

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
        self._want(moves.scrolled(scene, key, steps))
        after = self._scene()
        return after is not None and after.view(key) != before

    def zoom(self, factor: float) -> None:
        """Magnify every pane by *factor*."""
        self._want(replace(self._wanted, zoom=self._wanted.zoom.magnified(factor)))

    def zoom_to(self, mode: ZoomMode) -> None:
        """Fit the pictures to their panes, show them pixel for pixel, or life-size."""
        scene, key = self._scene(), self._current_key()
        if scene is None or key is None:
            return
        if mode == "fit":
            self._want(moves.fitted(scene))
            return
        volume = scene.image(key).volume
        refusal = life_size_refusal(volume, scene.screens[key]) if mode == "life" and volume else ""
        if refusal:
            self.refused.emit(refusal)
        else:
            self._want(replace(self._wanted, zoom=Zoom(mode)))

    def turn(self, quarters: int) -> None:
        """Turn the series of the current pane clockwise, in every timepoint."""
        scene, key = self._scene(), self._current_key()
        if scene is not None and key is not None:
            self._want(moves.turned(scene, key, quarters))

    def flip(self) -> None:
        """Exchange left and right of the current pane's series."""
        scene, key = self._scene(), self._current_key()
        if scene is not None and key is not None:
            self._want(moves.flipped(scene, key))

    def reset(self) -> None:
        """Show everything as it was at opening; measures stay."""
        self._line_cuts = {}
        self._want(Wanted(measures=self._wanted.measures))

    def invert(self) -> None:
        """Change black and white in every pane."""
        self._want(replace(self._wanted, inverted=not self._wanted.inverted))

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
        self._want(moves.pointed(scene, key, *middle_of(line)))

    def toggle_large(self) -> None:
        """Show the current pane alone, or all again."""
        pane = self._pane_of(self._current_key())
        if pane is not None:
            self._grid.toggle_large(pane)
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
        scene, key = self._scene(), self._current_key()
        if follows and scene is not None and key is not None:
            self._want(moves.followed(scene, key))
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
            self._want(moves.gone_to_site(scene) if go else self._wanted)

    def toggle_joint_lens(self) -> bool:
        """Let every pane show just the current joint, or whole pictures again; return whether it does."""
        is_on = self._wanted.zoom.mode != "joint"
        self.zoom_to("joint" if is_on else "fit")
        scene = self._scene()
        if is_on and scene is not None:
            self._want(moves.gone_to_site(scene))
        return is_on

    def landmark_at_cursor(self) -> tuple[PaneKey, Landmark] | None:
        """Return what lies under the cursor as a landmark; None while the cursor is on no picture."""
        scene = self._scene()
        if scene is None or scene.cursor is None or scene.cursor[0] not in scene.screens:
            return None
        key, x, y = scene.cursor
        image, view = scene.image(key), scene.view(key)
        if image.volume is None or view is None:
            return None
        row, column = view.to_image(x, y, scene.screens[key].size)
        geometry = image.volume.geometry
        if geometry is None:
            first, stop = image.volume.shown_columns
            if not first <= column + 0.5 < stop:  # there is the other hand, unseen
                return None
            return key, Landmark(role=image.role, row_column=(row, column))
        if image.frame is None:
            return None
        x_mm, y_mm, z_mm = geometry.position_of((view.slice_index, row, column)).tolist()
        return key, Landmark(image.frame, (x_mm, y_mm, z_mm))

    # -- windows -------------------------------------------------------------------------------------------

    def window_numbers(self) -> tuple[float, float] | None:
        """Return (width, level) of the current pane in rescaled values; None without a picture."""
        scene, key = self._scene(), self._current_key()
        volume = scene.image(key).volume if scene and key else None
        return rescaled(volume, scene.window(key)) if scene and key and volume else None

    def set_window(self, width: float, level: float) -> None:
        """Show the current pane with this window, and change the other timepoints by as much."""
        scene, key = self._scene(), self._current_key()
        volume = scene.image(key).volume if scene and key else None
        if scene and key and volume:
            self._want(moves.windowed(scene, key, stored(volume, width, level)))

    def use_preset(self, preset: WindowPreset) -> None:
        """Window the current series by a rule over its pixels."""
        scene, key = self._scene(), self._current_key()
        if scene is not None and key is not None:
            self._want(moves.preset(scene, key, preset))

    def next_preset(self, modality: str) -> WindowPreset | None:
        """Use the preset after the one in use, and return it."""
        scene, key = self._scene(), self._current_key()
        if scene is None or key is None:
            return None
        presets = window_presets(modality)
        wish = scene.wish(key[1])
        used = [
            number for number, known in enumerate(presets) if (known.low, known.high) == (wish.low, wish.high)
        ]
        chosen = presets[(used[0] + 1) % len(presets) if used else 0]
        self.use_preset(chosen)
        return chosen

    def window_to_slice(self) -> None:
        """Window the current pane by the pixels of the slice it shows."""
        scene, key = self._scene(), self._current_key()
        if scene is None or key is None:
            return
        volume, view = scene.image(key).volume, scene.view(key)
        if volume is not None and view is not None:
            first, stop = volume.shown_columns
            pixels = volume.pixels[view.slice_index, :, first:stop]
            self._want(moves.windowed(scene, key, window_of(volume, pixels, LOW_PERCENTILE, HIGH_PERCENTILE)))

    # -- tools ---------------------------------------------------------------------------------------------

    def set_tool(self, tool: MeasureKind | None) -> None:
        """Let the left button measure, or point again."""
        self.tool, self._stroke = tool, None
        self.refresh()

    def undo_measure(self) -> bool:
        """Take back the last change of the measures of this case; return False where there was none."""
        if not self._measured:
            return False
        self._want(replace(self._wanted, measures=self._measured.pop()))
        return True

    def clear_measures(self) -> None:
        """Take the measures of the current pane away."""
        key = self._current_key()
        if key is not None:
            self._change_measures(measuring.cleared(self._wanted, key))

    def set_lens(self, has_lens: bool) -> None:
        """Magnify what lies under the cursor, or no longer."""
        self._has_lens = has_lens
        self.refresh()

    def set_flicker(self, flickers: bool) -> None:
        """Let pre and post contrast change places, or go back."""
        if flickers != self._flickers:
            self._flickers = flickers
            self.refresh()

    def _change_measures(self, wanted: Wanted) -> None:
        if wanted.measures != self._wanted.measures:
            self._measured.append(self._wanted.measures)
            self._want(wanted)

    def _draw(self, scene: Scene, key: PaneKey, tool: MeasureKind, row: float, column: float) -> None:
        volume, view = scene.image(key).volume, scene.view(key)
        if volume is None or view is None:
            return
        refusal = _NO_MEASURE if key in self._line_cuts else measure_refusal(volume)
        if refusal:
            self.refused.emit(refusal)
            return
        self._stroke = measuring.pressed(self._stroke, key, tool, view.slice_index, (row, column))
        self.refresh()

    @Slot(object)
    def _on_released(self, pane: ImagePane) -> None:
        scene = self._scene()
        if self._stroke is None or scene is None or self._stroke.key not in scene.screens:
            return
        view = scene.view(self._stroke.key)
        self._stroke = self._stroke.released(view.pixels_per_row) if view else None
        if self._stroke is not None and self._stroke.measure.is_complete:
            finished, self._stroke = self._stroke, None
            self._change_measures(measuring.kept(self._wanted, finished))
        self.refresh()

    # -- painting ------------------------------------------------------------------------------------------

    @Slot()
    def refresh(self) -> None:
        """Show every pane as it is wanted now."""
        scene = self._scene()
        if scene is None:
            return
        scale = scene.scale()
        for pane in self._grid.visible_panes:
            if pane in self._keys:
                pane.show_state(pane_state(scene, self._keys[pane], scale))

    def _scene(self) -> Scene | None:
        if self._images is None or not self._keys:
            return None
        screens = {
            self._keys[pane]: _screen_of(pane) for pane in self._grid.visible_panes if pane in self._keys
        }
        cells = tuple(self._keys.values())
        drawing = (self._stroke.key, self._stroke.measure) if self._stroke else None
        return Scene(
            self._images,
            self._wanted,
            screens,
            cells,
            self._current,
            self.linked,
            self._cursor,
            drawing,
            self._has_lens,
            self._flickers,
            self._spots,
            self._to_first if self.follows else {},
            self._follow_notes if self.follows else {},
            self._evened,
            self._line_cuts,
        )

    def show(self, wanted: Wanted) -> None:
        """Show what was wanted before."""
        self._want(wanted)

    def _want(self, wanted: Wanted) -> None:
        self._wanted = wanted
        self.refresh()

    def _current_key(self) -> PaneKey | None:
        """Return the pane keys act on: the current one, else the first one that can be seen."""
        seen = [self._keys[pane] for pane in self._grid.visible_panes if pane in self._keys]
        return self._current if self._current in seen else next(iter(seen), None)

    def _pane_of(self, key: PaneKey | None) -> ImagePane | None:
        return next((pane for pane, shown in self._keys.items() if shown == key), None)

    # -- gestures ------------------------------------------------------------------------------------------

    def _connect(self, pane: ImagePane) -> None:
        if pane.property("followed"):
            return
        pane.setProperty("followed", True)
        pane.pressed.connect(self._on_pressed)
        pane.scrolled.connect(self._on_scrolled)
        pane.zoomed.connect(self._on_zoomed)
        pane.panned.connect(self._on_panned)
        pane.windowed.connect(self._on_windowed)
        pane.pointed.connect(self._on_pointed)
        pane.released.connect(self._on_released)
        pane.hovered.connect(self._on_hovered)
        pane.left.connect(self._on_left)

    @Slot(object)
    def _on_pressed(self, pane: ImagePane) -> None:
        self._current = self._keys.get(pane)
        self.refresh()

    @Slot(object, int)
    def _on_scrolled(self, pane: ImagePane, steps: int) -> None:
        scene = self._scene()
        if scene is not None:
            self._want(moves.scrolled(scene, self._keys[pane], steps))

    @Slot(object, float)
    def _on_zoomed(self, pane: ImagePane, factor: float) -> None:
        self.zoom(factor)

    @Slot(object, float, float)
    def _on_panned(self, pane: ImagePane, right: float, down: float) -> None:
        scene = self._scene()
        if scene is not None:
            self._want(moves.panned(scene, self._keys[pane], right, down))

    @Slot(object, float, float)
    def _on_windowed(self, pane: ImagePane, right: float, down: float) -> None:
        scene = self._scene()
        if scene is not None:
            self._want(moves.dragged_window(scene, self._keys[pane], right, down))

    @Slot(object, float, float)
    def _on_pointed(self, pane: ImagePane, row: float, column: float) -> None:
        scene = self._scene()
        if scene is None or pane.state.picture is None:
            return
        if self.tool is not None:
            self._draw(scene, self._keys[pane], self.tool, row, column)
        else:
            self._want(moves.pointed(scene, self._keys[pane], row, column))

    @Slot(object, float, float)
    def _on_hovered(self, pane: ImagePane, x: float, y: float) -> None:
        """Read out the value under the cursor; only this pane is painted anew."""
        if pane in self._keys:
            self._cursor = (self._keys[pane], x, y)
            self._refresh_pane(pane)

    @Slot(object)
    def _on_left(self, pane: ImagePane) -> None:
        self._cursor = None
        self._refresh_pane(pane)

    def _refresh_pane(self, pane: ImagePane) -> None:
        scene = self._scene()
        if scene is not None and self._keys.get(pane) in scene.screens:
            pane.show_state(pane_state(scene, self._keys[pane], scene.scale()))


def _screen_of(pane: ImagePane) -> Screen:
    dots_per_inch = pane.screen().physicalDotsPerInch()
    known = pane.screen().physicalSize().width() > 0 and dots_per_inch > 0
    return Screen(
        (pane.width(), pane.height()),
        pane.devicePixelRatioF(),
        dots_per_inch / _MM_PER_INCH if known else None,
    )

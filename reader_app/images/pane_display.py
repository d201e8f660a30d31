"""What the panes of the plain viewer show, and the gestures that change it."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot

from reader_app.images.header_window import Look
from reader_app.images.pane_states import pane_state
from reader_app.images.scene import Point, Scene, Shown, holds, middle_of, moved, point_of
from viewer.display.orientation import Turn
from viewer.display.pane_state import PaneState
from viewer.display.viewport import drag_in_patient, drag_on_film, step_slices
from viewer.display.window_level import Adjustment
from viewer.imaging.series import Series
from viewer.widgets.image_pane import ImagePane
from viewer.widgets.pane_grid import PaneGrid

ZOOM_RANGE = (0.25, 40.0)


class PaneDisplay(QObject):
    """Resolves what every pane shows and follows its gestures.

    Panes whose series have one frame of reference go to the same position in the patient while linked.
    """

    current_changed = Signal(object)  # series UID of the current pane, or None

    def __init__(self, grid: PaneGrid, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._grid = grid
        self._shown: dict[ImagePane, Shown] = {}
        self._focus: dict[Hashable, Point] = {}
        self._current: ImagePane | None = None
        self._followed: set[ImagePane] = set()
        self._cursor: tuple[ImagePane, float, float] | None = None
        self.linked = True
        grid.arranged.connect(self._on_arranged)

    @property
    def current(self) -> ImagePane | None:
        """The pane that keys act on and series go to."""
        return self._current

    def shown_in(self, pane: ImagePane) -> Shown | None:
        """Return what *pane* shows."""
        return self._shown.get(pane)

    def arrange(self, rows: int, columns: int) -> None:
        """Lay out the panes anew and keep the pictures that still have one."""
        kept = [self._shown.get(pane) for pane in self._grid.panes]
        at = self._grid.panes.index(self._current) if self._current in self._grid.panes else 0
        self._grid.arrange(rows, columns)
        panes = self._grid.panes
        self._followed &= set(panes)
        self._shown = {pane: shown for pane, shown in zip(panes, kept, strict=False) if shown is not None}
        for pane in panes:
            self._follow(pane)
        self.make_current(panes[min(at, len(panes) - 1)])

    def clear(self) -> None:
        """Show nothing in any pane."""
        self._shown, self._focus = {}, {}
        for pane in self._grid.panes:
            pane.show_state(PaneState())

    def make_current(self, pane: ImagePane) -> None:
        """Let keys act on *pane*."""
        self._current = pane
        self.refresh()
        shown = self._shown.get(pane)
        self.current_changed.emit(shown.series.series_uid if shown and shown.series else None)

    def show_reason(self, pane: ImagePane, series: Series, title: str, reason: str) -> None:
        """Show words in the place of a picture."""
        self._shown[pane] = Shown(title, series, reason=reason)
        self.refresh()

    def show_look(self, pane: ImagePane, series: Series, title: str, look: Look) -> None:
        """Show a series from its middle slice, or where the linked panes are."""
        geometry = look.volume.geometry
        shown = Shown(title, series, look, slice_index=len(look.volume.pixels) // 2)
        if geometry is not None:
            shown = replace(shown, centre=middle_of(geometry))
        self._shown[pane] = shown
        if geometry is not None:
            middle = middle_of(geometry)
            known = self._focus.get(self._key(pane))
            if known is None or not holds(geometry, known):
                self._focus[self._key(pane)] = middle
        self.refresh()

    # -- what the keys do ----------------------------------------------------------------------------------

    def scroll(self, steps: int) -> None:
        """Go *steps* slices on in the current pane."""
        if self._current is not None:
            self._on_scrolled(self._current, steps)

    def zoom(self, factor: float) -> None:
        """Magnify the current pane."""
        if self._current is not None:
            self._on_zoomed(self._current, factor)

    def invert(self) -> None:
        """Change black and white in the current pane."""
        if self._current in self._shown:
            self._change(self._current, inverted=not self._shown[self._current].inverted)

    def turn(self, quarters: int) -> None:
        """Turn the picture of the current pane clockwise; its letters follow."""
        if self._current in self._shown:
            self._change(self._current, turn=self._shown[self._current].turn.turned(quarters))

    def flip(self) -> None:
        """Exchange left and right of the current pane; its letters follow."""
        if self._current in self._shown:
            self._change(self._current, turn=self._shown[self._current].turn.mirrored())

    def reset(self) -> None:
        """Show the current pane as it was first, on the slice it is on."""
        pane = self._current
        if pane is None or pane not in self._shown:
            return
        geometry = self._shown[pane].geometry
        centre = middle_of(geometry) if geometry is not None else (0.0, 0.0, 0.0)
        self._change(
            pane,
            magnification=1.0,
            offset_mm=(0.0, 0.0),
            centre=centre,
            adjustment=Adjustment(),
            inverted=False,
            turn=Turn(),
        )

    def toggle_large(self) -> None:
        """Show the current pane alone, or all."""
        if self._current is not None:
            self._grid.toggle_large(self._current)

    def set_linked(self, linked: bool) -> None:
        """Let panes of one frame of reference move together or each alone, from where they are."""
        places = {pane: self._focus.get(self._key(pane)) for pane in self._grid.panes}
        self.linked = linked
        for pane, focus in places.items():
            if focus is not None and not linked:
                self._focus[self._key(pane)] = focus
        self.refresh()

    # -- painting ------------------------------------------------------------------------------------------

    @Slot()
    def refresh(self) -> None:
        """Show every pane as it is wanted now."""
        scene = self._scene()
        for pane in self._grid.visible_panes:
            pane.show_state(pane_state(scene, pane))

    def _refresh_pane(self, pane: ImagePane) -> None:
        scene = self._scene()
        if pane in scene.sizes:
            pane.show_state(pane_state(scene, pane))

    def _key(self, pane: ImagePane) -> Hashable:
        """Return what panes that move together have in common."""
        return self._scene().shared(pane)

    def _scene(self) -> Scene:
        panes = self._grid.visible_panes
        return Scene(
            dict[Hashable, Shown](self._shown.items()),
            {pane: (pane.width(), pane.height()) for pane in panes},
            self._focus,
            self.linked,
            self._current,
            self._cursor,
            is_alone=len(self._grid.panes) == 1,
        )

    # -- gestures ------------------------------------------------------------------------------------------

    @Slot()
    def _on_arranged(self) -> None:
        self._current = None

    def _follow(self, pane: ImagePane) -> None:
        if pane in self._followed:
            return
        self._followed.add(pane)
        pane.pressed.connect(self.make_current)
        pane.scrolled.connect(self._on_scrolled)
        pane.zoomed.connect(self._on_zoomed)
        pane.panned.connect(self._on_panned)
        pane.windowed.connect(self._on_windowed)
        pane.pointed.connect(self._on_pointed)
        pane.hovered.connect(self._on_hovered)
        pane.left.connect(self._on_left)
        pane.resized.connect(self.refresh)

    def _change(self, pane: ImagePane, **changes: Any) -> None:
        self._shown[pane] = replace(self._shown[pane], **changes)
        self.refresh()

    @Slot(object, int)
    def _on_scrolled(self, pane: ImagePane, steps: int) -> None:
        shown = self._shown.get(pane)
        if shown is None or shown.look is None:
            return
        if shown.geometry is None:
            wanted = min(max(shown.slice_index + steps, 0), shown.count - 1)
            self._change(pane, slice_index=wanted)
            return
        focus = self._scene().focus_of(pane)
        self._focus[self._key(pane)] = moved(focus, step_slices(shown.geometry, focus, steps))
        self.refresh()

    @Slot(object, float)
    def _on_zoomed(self, pane: ImagePane, factor: float) -> None:
        if pane in self._shown:
            low, high = ZOOM_RANGE
            self._change(pane, magnification=min(max(self._shown[pane].magnification * factor, low), high))

    @Slot(object, float, float)
    def _on_panned(self, pane: ImagePane, right: float, down: float) -> None:
        shown = self._shown.get(pane)
        if shown is None or shown.look is None:
            return
        view = self._scene().view(pane)
        if shown.geometry is not None:
            step = drag_in_patient(shown.geometry, view, right, down)
            self._change(pane, centre=moved(shown.centre, step))
            return
        rows, columns = drag_on_film(shown.look.volume, view, right, down)
        before = shown.offset_mm
        self._change(pane, offset_mm=(before[0] + rows, before[1] + columns))

    @Slot(object, float, float)
    def _on_windowed(self, pane: ImagePane, right: float, down: float) -> None:
        if pane in self._shown:
            self._change(pane, adjustment=self._shown[pane].adjustment.dragged(right, down))

    @Slot(object, float, float)
    def _on_pointed(self, pane: ImagePane, row: float, column: float) -> None:
        """Take the linked panes to the point."""
        shown = self._shown.get(pane)
        if shown is None or shown.geometry is None or pane.state.picture is None:
            return
        index = (pane.state.picture.view.slice_index, row, column)
        self._focus[self._key(pane)] = point_of(shown.geometry.position_of(index))
        self.refresh()

    @Slot(object, float, float)
    def _on_hovered(self, pane: ImagePane, x: float, y: float) -> None:
        self._cursor = (pane, x, y)
        self._refresh_pane(pane)

    @Slot(object)
    def _on_left(self, pane: ImagePane) -> None:
        self._cursor = None
        self._refresh_pane(pane)

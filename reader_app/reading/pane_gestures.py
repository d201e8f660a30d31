"""From the gestures of panes to changes of what is wanted: the wheel, drags and the cursor."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol

from PySide6.QtCore import QObject, Slot

from reader_app.reading import moves
from reader_app.reading.wanted import PaneKey, Wanted
from viewer.widgets.image_pane import ImagePane


class Followed(Protocol):
    """What shows a case and can be asked to change it."""

    def make_current_pane(self, key: PaneKey) -> None:
        """Let keys act on a pane."""
        ...

    def zoom(self, factor: float) -> None:
        """Magnify every pane."""
        ...

    def change(self, move: Callable[..., Wanted], key: PaneKey, *values: float) -> None:
        """Show what *move* makes of the scene, a pane and *values*."""
        ...

    def point(self, key: PaneKey, row: float, column: float) -> None:
        """Go to a point of a pane's picture, or draw there."""
        ...

    def end_stroke(self) -> None:
        """Keep what was drawn."""
        ...

    def close_outline(self) -> None:
        """Close what is being outlined."""
        ...

    def move_cursor(self, key: PaneKey, x: float, y: float) -> None:
        """Read out what is under the cursor."""
        ...

    def lose_cursor(self, key: PaneKey) -> None:
        """Read out nothing more."""
        ...


class PaneGestures(QObject):
    """Follows the panes of a grid; decides nothing but whose gesture it was."""

    def __init__(self, display: Followed, parent: QObject) -> None:
        super().__init__(parent)
        self._display = display
        self._keys: Mapping[ImagePane, PaneKey] = {}

    def follow(self, keys: Mapping[ImagePane, PaneKey]) -> None:
        """Follow these panes, which show these series."""
        self._keys = keys
        for pane in keys:
            self._connect(pane)

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
        pane.enlarged.connect(self._on_double_click)
        pane.hovered.connect(self._on_hovered)
        pane.left.connect(self._on_left)

    @Slot(object)
    def _on_pressed(self, pane: ImagePane) -> None:
        if pane in self._keys:
            self._display.make_current_pane(self._keys[pane])

    @Slot(object, int)
    def _on_scrolled(self, pane: ImagePane, steps: int) -> None:
        if pane in self._keys:
            self._display.change(moves.scrolled, self._keys[pane], steps)

    @Slot(object, float)
    def _on_zoomed(self, pane: ImagePane, factor: float) -> None:
        self._display.zoom(factor)

    @Slot(object, float, float)
    def _on_panned(self, pane: ImagePane, right: float, down: float) -> None:
        if pane in self._keys:
            self._display.change(moves.panned, self._keys[pane], right, down)

    @Slot(object, float, float)
    def _on_windowed(self, pane: ImagePane, right: float, down: float) -> None:
        if pane in self._keys:
            self._display.change(moves.dragged_window, self._keys[pane], right, down)

    @Slot(object, float, float)
    def _on_pointed(self, pane: ImagePane, row: float, column: float) -> None:
        if pane in self._keys and pane.state.picture is not None:
            self._display.point(self._keys[pane], row, column)

    @Slot(object)
    def _on_released(self, pane: ImagePane) -> None:
        self._display.end_stroke()

    @Slot(object)
    def _on_double_click(self, pane: ImagePane) -> None:
        self._display.close_outline()

    @Slot(object, float, float)
    def _on_hovered(self, pane: ImagePane, x: float, y: float) -> None:
        if pane in self._keys:
            self._display.move_cursor(self._keys[pane], x, y)

    @Slot(object)
    def _on_left(self, pane: ImagePane) -> None:
        if pane in self._keys:
            self._display.lose_cursor(self._keys[pane])

"""The panes of the open case and all that decides what they show; painted anew at every change."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot

from reader_app.reading.case_images import CaseImage, CaseImages
from reader_app.reading.measuring import Measuring
from reader_app.reading.pane_states import pane_state
from reader_app.reading.scene import Scene
from reader_app.reading.shown_marks import ShownMarks
from reader_app.reading.sites import Spot, SpotKey
from reader_app.reading.wanted import PaneKey, Wanted, from_text, to_text
from viewer.display.hanging import Layout
from viewer.display.pane_state import PaneState
from viewer.display.zoom import Screen
from viewer.imaging.geometry import FloatArray
from viewer.widgets.image_pane import ImagePane
from viewer.widgets.pane_grid import PaneGrid

_MM_PER_INCH = 25.4


class CasePanes(QObject):
    """Shows one case in the grid; every change goes through :class:`Wanted`."""

    layout_changed = Signal(object)  # Layout
    shown = Signal()  # the panes are as they are wanted

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
        self._measuring = Measuring()
        self._has_lens = self._flickers = False
        self._spots: Mapping[SpotKey, Spot] = {}
        self._to_first: Mapping[str, FloatArray] = {}
        self._follow_notes: Mapping[str, str] = {}
        self._evened: Mapping[PaneKey, CaseImage] = {}
        self._line_cuts: Mapping[PaneKey, CaseImage] = {}
        self._marks = ShownMarks()
        self.follows = False
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
        self._current = self._cursor = None
        self._measuring.start_case()
        self._spots, self._line_cuts = {}, {}
        self.show_layout(layout)

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
        self.refresh()
        self.layout_changed.emit(layout)

    def clear(self, reason: str = "") -> None:
        """Show no picture; every pane says the reason."""
        self._images = None
        for pane in self._grid.panes:
            pane.show_state(PaneState(reason=reason))
        self._keys = {}

    def show(self, wanted: Wanted) -> None:
        """Show what is wanted now."""
        self._wanted = wanted
        self.refresh()

    def change(self, move: Callable[..., Wanted], key: PaneKey | None, *values: Any) -> None:
        """Show what ``move(scene, key, *values)`` makes of the case on the screen."""
        scene = self._scene()
        if scene is not None and key is not None:
            self.show(move(scene, key, *values))

    def change_current(self, move: Callable[..., Wanted], *values: Any) -> None:
        """Do so with the pane that keys act on."""
        self.change(move, self._current_key(), *values)

    def _current_key(self) -> PaneKey | None:
        """Return the pane keys act on: the current one, else the first one that can be seen."""
        seen = [self._keys[pane] for pane in self._grid.visible_panes if pane in self._keys]
        return self._current if self._current in seen else next(iter(seen), None)

    def _pane_of(self, key: PaneKey | None) -> ImagePane | None:
        return next((pane for pane, shown in self._keys.items() if shown == key), None)

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
        self.shown.emit()

    def shown_slices(self) -> Iterator[tuple[PaneKey, int]]:
        """Yield the slice in every pane that can be seen and shows one, but not of cuts along a line."""
        for pane in self._grid.visible_panes:
            key, picture = self._keys.get(pane), pane.state.picture
            if key is not None and picture is not None and key not in self._line_cuts:
                yield key, picture.view.slice_index

    def _refresh_pane(self, key: PaneKey) -> None:
        scene, pane = self._scene(), self._pane_of(key)
        if scene is not None and pane is not None and key in scene.screens:
            pane.show_state(pane_state(scene, key, scene.scale()))

    def _scene(self) -> Scene | None:
        if self._images is None or not self._keys:
            return None
        seen = [pane for pane in self._grid.visible_panes if pane in self._keys]
        ratio, pixels_per_mm = _glass_of(self._grid)
        return Scene(
            self._images,
            self._wanted,
            {self._keys[pane]: Screen((pane.width(), pane.height()), ratio, pixels_per_mm) for pane in seen},
            tuple(self._keys.values()),
            self._current,
            self.linked,
            self._cursor,
            self._measuring.drawing,
            self._has_lens,
            self._flickers,
            self._spots,
            self._to_first if self.follows else {},
            self._follow_notes if self.follows else {},
            self._evened,
            self._line_cuts,
            self._marks,
        )


def _glass_of(grid: PaneGrid) -> tuple[float, float | None]:
    """Return device pixels per logical pixel, and logical pixels per millimetre where the screen says so."""
    screen = grid.screen()
    dots_per_inch = screen.physicalDotsPerInch()
    known = screen.physicalSize().width() > 0 and dots_per_inch > 0
    return grid.devicePixelRatioF(), dots_per_inch / _MM_PER_INCH if known else None

"""What the panes of the plain viewer show, and the gestures that change it."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, replace
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot

from reader_app.images.header_window import Look
from viewer.display.orientation import Turn, letters
from viewer.display.pane_state import POSITIONS_UNKNOWN, Line, PaneState, Picture
from viewer.display.readout import read_out
from viewer.display.viewport import (
    Place,
    SliceView,
    cut_line,
    drag_in_patient,
    drag_on_film,
    fitting_scale,
    nearest_slice,
    pixel_size,
    step_slices,
    view_in_patient,
    view_of_film,
)
from viewer.display.window_level import Adjustment, describe_window
from viewer.display.zoom import has_length
from viewer.imaging.geometry import Geometry
from viewer.imaging.series import Series
from viewer.widgets.image_pane import ImagePane
from viewer.widgets.pane_grid import PaneGrid

ZOOM_RANGE = (0.25, 40.0)
Point = tuple[float, float, float]


@dataclass(frozen=True, slots=True, eq=False)
class Shown:
    """What one pane shows and how.

    ``slice_index`` and ``offset_mm`` (down, right) are for pictures without a place in the patient,
    ``centre`` (LPS mm) for the others; ``turn`` is what the viewer turned and flipped; ``reason`` is for
    a pane without a picture.
    """

    title: str
    series: Series | None = None
    look: Look | None = None
    reason: str = ""
    slice_index: int = 0
    offset_mm: tuple[float, float] = (0.0, 0.0)
    centre: Point = (0.0, 0.0, 0.0)
    magnification: float = 1.0
    adjustment: Adjustment = Adjustment()  # noqa: RUF009 - frozen
    turn: Turn = Turn()  # noqa: RUF009 - frozen
    inverted: bool = False

    @property
    def geometry(self) -> Geometry | None:
        """Where the picture lies in the patient."""
        return self.look.volume.geometry if self.look else None

    @property
    def count(self) -> int:
        """Number of slices."""
        return len(self.look.volume.pixels) if self.look else 0


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
            shown = replace(shown, centre=_middle_of(geometry))
        self._shown[pane] = shown
        if geometry is not None:
            middle = _middle_of(geometry)
            known = self._focus.get(self._key(pane))
            if known is None or not _holds(geometry, known):
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
        centre = _middle_of(geometry) if geometry is not None else (0.0, 0.0, 0.0)
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
        for pane in self._grid.visible_panes:
            self._refresh_pane(pane)

    def _refresh_pane(self, pane: ImagePane) -> None:
        current = pane is self._current and len(self._grid.panes) > 1
        pane.show_state(self._state_of(pane, self._shown.get(pane), current))

    def _state_of(self, pane: ImagePane, shown: Shown | None, current: bool) -> PaneState:
        if shown is None:
            return PaneState(reason="Choose a series on the left, or drag one here.", current=current)
        if shown.look is None:
            return PaneState(title=shown.title, reason=shown.reason, current=current)
        volume = shown.look.volume
        view = self._view(pane, shown)
        window = shown.adjustment.applied_to(shown.look.window)
        text = describe_window(volume, window)
        if shown.count > 1:
            text = f"{view.slice_index + 1} / {shown.count}   {text}"
        return PaneState(
            title=shown.title,
            picture=Picture(
                shown.look.levels(view.slice_index), view, window, volume.monochrome1 != shown.inverted
            ),
            letters=letters(volume, view.orientation),
            window_text=text,
            mm_per_pixel=_mm_per_pixel(shown, view),
            spacing_note="mm at detector" if volume.spacing_at == "detector" else "",
            link_note=self._link_note(shown),
            readout=self._readout(pane, shown, view),
            cuts=self._cuts(pane, shown, view),
            depth=view.slice_index / (shown.count - 1) if shown.count > 1 else None,
            current=current,
        )

    def _view(self, pane: ImagePane, shown: Shown) -> SliceView:
        assert shown.look is not None
        volume, orientation = shown.look.volume, shown.turn.applied_to(shown.look.orientation)
        size = pane.width(), pane.height()
        scale = fitting_scale(volume, size, transposed=orientation.transposed) * shown.magnification
        if volume.geometry is None:
            return view_of_film(volume, shown.offset_mm, scale, orientation, shown.slice_index)
        return view_in_patient(volume, Place(self._focus_of(pane, shown), shown.centre), scale, orientation)

    def _link_note(self, shown: Shown) -> str:
        """Say which of several panes cannot move with the others, and why."""
        if len(self._grid.panes) == 1 or shown.series is None or not self.linked:
            return ""
        if shown.geometry is None:
            return f"{POSITIONS_UNKNOWN}: moves alone" if shown.count > 1 else ""
        return "" if shown.series.frame_of_reference_uid else "frame of reference unknown: moves alone"

    def _readout(self, pane: ImagePane, shown: Shown, view: SliceView) -> str:
        """Return the value and the place in the patient under the cursor."""
        if self._cursor is None or self._cursor[0] is not pane or shown.look is None:
            return ""
        row, column = view.to_image(*self._cursor[1:], (pane.width(), pane.height()))
        return read_out(shown.look.volume, view.slice_index, row, column)

    def _focus_of(self, pane: ImagePane, shown: Shown) -> Point:
        return self._focus.get(self._key(pane), shown.centre)

    def _key(self, pane: ImagePane) -> Hashable:
        """Return what panes that move together have in common."""
        series = self._shown[pane].series if pane in self._shown else None
        frame = series.frame_of_reference_uid if series else None
        return frame if self.linked and frame else pane

    def _cuts(self, pane: ImagePane, shown: Shown, view: SliceView) -> tuple[Line, ...]:
        """Return where the slices of linked panes in other planes cut this picture."""
        assert shown.look is not None
        lines: dict[str, Line] = {}
        for other in self._grid.visible_panes:
            geometry = self._shown[other].geometry if other in self._shown else None
            if other is pane or geometry is None or self._key(other) != self._key(pane):
                continue
            focus = self._focus_of(pane, shown)
            line = cut_line(view, shown.look.volume, geometry, focus, (pane.width(), pane.height()))
            if line is not None:
                lines.setdefault(geometry.plane, line)
        return tuple(lines.values())

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
        focus = self._focus_of(pane, shown)
        moved = step_slices(shown.geometry, focus, steps)
        self._focus[self._key(pane)] = _sum(focus, moved)
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
        view = self._view(pane, shown)
        if shown.geometry is not None:
            step = drag_in_patient(shown.geometry, view, right, down)
            self._change(pane, centre=_sum(shown.centre, step))
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
        self._focus[self._key(pane)] = _point(shown.geometry.position_of(index))
        self.refresh()

    @Slot(object, float, float)
    def _on_hovered(self, pane: ImagePane, x: float, y: float) -> None:
        self._cursor = (pane, x, y)
        self._refresh_pane(pane)

    @Slot(object)
    def _on_left(self, pane: ImagePane) -> None:
        self._cursor = None
        self._refresh_pane(pane)


def _middle_of(geometry: Geometry) -> Point:
    slices, rows, columns = geometry.shape
    return _point(geometry.position_of((slices // 2, (rows - 1) / 2, (columns - 1) / 2)))


def _holds(geometry: Geometry, position: Point) -> bool:
    """Whether a position lies in the volume, so that its own slice is shown there and not an end."""
    index = float(geometry.index_of(position)[0])
    return abs(index - nearest_slice(geometry, position)) <= 0.5 + 1e-6


def _mm_per_pixel(shown: Shown, view: SliceView) -> float | None:
    assert shown.look is not None
    volume = shown.look.volume
    return pixel_size(volume)[1] / view.pixels_per_column if has_length(volume) else None


def _sum(point: Point, vector: Any) -> Point:
    return (point[0] + float(vector[0]), point[1] + float(vector[1]), point[2] + float(vector[2]))


def _point(position: Any) -> Point:
    return (float(position[0]), float(position[1]), float(position[2]))

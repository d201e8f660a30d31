"""What the panes of the open case show: layout, place, zoom, windows, and the gestures that change them."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot

from reader_app.reading.case_images import ROLE_TITLES, CaseImage, CaseImages
from viewer.display.hanging import Layout
from viewer.display.orientation import Orientation, letters
from viewer.display.pane_state import Line, PaneState, Picture
from viewer.display.viewport import (
    Place,
    SliceView,
    cut_line,
    fitting_scale,
    is_outside,
    pixel_size,
    step_slices,
    view_in_patient,
    view_of_film,
)
from viewer.display.window_level import Adjustment, describe_window
from viewer.widgets.image_pane import ImagePane
from viewer.widgets.pane_grid import PaneGrid

ZOOM_RANGE = (0.25, 40.0)
_WINDOW_GROUPS = {
    "cor_t1_post": "cor_t1_pre",
    "ax_t1_post": "ax_t1_pre",
    "xr_pa_left": "xr",
    "xr_pa_right": "xr",
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the reader wants to see of a case; the same zoom everywhere, relative moves in every timepoint.

    ``places`` are in mm, LPS, of each timepoint; ``films`` are shifts (down, right) in mm of each timepoint's
    films; ``windows`` are adjustments by window group.
    """

    magnification: float = 1.0
    places: dict[str, Place] = field(default_factory=dict)
    films: dict[str, tuple[float, float]] = field(default_factory=dict)
    windows: dict[str, Adjustment] = field(default_factory=dict)
    inverted: bool = False


class CaseDisplay(QObject):
    """Resolves what is wanted into pane states and follows the panes' gestures."""

    layout_changed = Signal(object)  # Layout

    def __init__(self, grid: PaneGrid, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._grid = grid
        self._images: CaseImages | None = None
        self._layout: Layout | None = None
        self._wanted = Wanted()
        self._current: tuple[str, str] | None = None
        self._shown: dict[ImagePane, tuple[CaseImage, str]] = {}
        self.linked = True

    @property
    def layout_(self) -> Layout | None:
        """The layout on the screen."""
        return self._layout

    def show_case(self, images: CaseImages, layout: Layout, remembered: str | None) -> None:
        """Show another case, where the reader left it if that was *remembered*."""
        self._images = images
        self._wanted = _recalled(remembered) if remembered else Wanted()
        self._current = None
        self.show_layout(layout)

    def clear(self) -> None:
        """Show nothing."""
        self._images = None
        for pane in self._grid.panes:
            pane.show_state(PaneState())
        self._shown = {}

    def remembered(self) -> str:
        """Return what :meth:`show_case` needs to come back here, as JSON."""
        wanted = self._wanted
        return json.dumps(
            {
                "magnification": wanted.magnification,
                "places": {letter: [place.focus, place.centre] for letter, place in wanted.places.items()},
                "films": wanted.films,
                "windows": {group: [a.brighter, a.width] for group, a in wanted.windows.items()},
                "inverted": wanted.inverted,
            }
        )

    def show_layout(self, layout: Layout) -> None:
        """Arrange the panes anew and show the same places in them."""
        if self._images is None:
            return
        self._layout = layout
        cells = layout.grid(self._images.letters)
        self._grid.arrange(len(cells), len(cells[0]))
        self._shown = {}
        for pane, (letter, role) in zip(
            self._grid.panes, (cell for row in cells for cell in row), strict=True
        ):
            self._shown[pane] = (self._images.image(letter, role), role)
            self._connect(pane)
        self.refresh()
        self.layout_changed.emit(layout)

    def make_current(self, letter: str) -> None:
        """Mark the panes of a timepoint as the ones that are being scored."""
        if self._current is None or self._current[0] != letter:
            roles = [role for image, role in self._shown.values() if image.letter == letter]
            self._current = (letter, roles[0]) if roles else None
            self.refresh()

    def scroll(self, steps: int) -> None:
        """Go *steps* slices on in the current pane, or the first one."""
        pane = self._current_pane()
        if pane is not None:
            self._on_scrolled(pane, steps)

    def zoom(self, factor: float) -> None:
        """Magnify every pane by *factor*."""
        low, high = ZOOM_RANGE
        self._want(magnification=min(max(self._wanted.magnification * factor, low), high))

    def reset(self) -> None:
        """Show everything as it was at opening."""
        self._wanted = Wanted()
        self.refresh()

    def invert(self) -> None:
        """Change black and white in every pane."""
        self._want(inverted=not self._wanted.inverted)

    def toggle_large(self) -> None:
        """Show the current pane alone, or all again."""
        pane = self._current_pane()
        if pane is not None:
            self._grid.toggle_large(pane)

    @Slot()
    def refresh(self) -> None:
        """Show every pane as it is wanted now."""
        scale = self._pixels_per_mm()
        for pane in self._grid.visible_panes:
            if pane in self._shown:
                pane.show_state(self._resolve(pane, scale))

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
        pane.resized.connect(self.refresh)

    def _want(self, **changes: Any) -> None:
        self._wanted = replace(self._wanted, **changes)
        self.refresh()

    def _current_pane(self) -> ImagePane | None:
        for pane, (image, role) in self._shown.items():
            if self._current == (image.letter, role):
                return pane
        return next(iter(self._shown), None)

    def _pixels_per_mm(self) -> float:
        """Return one scale for all panes, so that a bone is equally large everywhere.

        The first picture of the layout just fits its pane at magnification 1.
        """
        for pane in self._grid.visible_panes:
            volume = self._shown[pane][0].volume if pane in self._shown else None
            if volume is not None:
                return fitting_scale(volume, (pane.width(), pane.height())) * self._wanted.magnification
        return 1.0

    def _scale_of(self, pane: ImagePane, image: CaseImage, scale: float) -> float:
        """Films without a known length cannot share a scale in mm: each fits its own pane."""
        volume = image.volume
        assert volume is not None
        if volume.geometry is None and volume.pixel_spacing_mm is None:
            return fitting_scale(volume, (pane.width(), pane.height())) * self._wanted.magnification
        return scale

    def _view(self, pane: ImagePane, image: CaseImage, scale: float) -> SliceView:
        volume, orientation = image.volume, image.orientation or Orientation()
        assert volume is not None
        pixels_per_mm = self._scale_of(pane, image, scale)
        if volume.geometry is None:
            shift = self._wanted.films.get(image.letter, (0.0, 0.0))
            return view_of_film(volume, shift, pixels_per_mm, orientation)
        return view_in_patient(volume, self._place(image.letter), pixels_per_mm, orientation)

    def _place(self, letter: str) -> Place:
        return self._wanted.places.get(letter, Place())

    def _resolve(self, pane: ImagePane, scale: float) -> PaneState:
        image, role = self._shown[pane]
        title = ROLE_TITLES.get(role, role)
        current = self._current == (image.letter, role)
        volume = image.volume
        if volume is None or image.window is None:
            return PaneState(image.letter, title, reason=image.reason, current=current)
        place = self._place(image.letter)
        if volume.geometry is not None and is_outside(volume.geometry, place.focus):
            reason = "This place lies outside the slices of this series."
            return PaneState(image.letter, title, reason=reason, current=current)
        view = self._view(pane, image, scale)
        adjustment = self._wanted.windows.get(_group(role), Adjustment())
        window = adjustment.applied_to(image.window)
        inverted = volume.monochrome1 != self._wanted.inverted
        return PaneState(
            image.letter,
            title,
            Picture(image.levels(view.slice_index), view, window, inverted),
            letters=letters(volume, view.orientation),
            window_text=describe_window(volume, window),
            mm_per_pixel=_mm_per_pixel(volume, view),
            spacing_note="mm at detector" if volume.spacing_at == "detector" else "",
            cross=self._cross(pane, image, view),
            cuts=self._cuts(pane, image, view),
            depth=_depth(image, view),
            current=current,
        )

    def _cross(self, pane: ImagePane, image: CaseImage, view: SliceView) -> tuple[float, float] | None:
        geometry = image.volume.geometry if image.volume else None
        if geometry is None or image.letter not in self._wanted.places:
            return None
        _, row, column = geometry.index_of(self._place(image.letter).focus)
        return view.to_screen(float(row), float(column), (pane.width(), pane.height()))

    def _cuts(self, pane: ImagePane, image: CaseImage, view: SliceView) -> tuple[Line, ...]:
        """Return where the other planes of this timepoint and frame cut this picture, each plane once."""
        assert image.volume is not None
        lines: dict[str, Line] = {}
        for other, _ in self._shown.values():
            geometry = other.volume.geometry if other.volume else None
            if geometry is None or other.letter != image.letter or other.frame != image.frame:
                continue
            focus = self._place(image.letter).focus
            line = cut_line(view, image.volume, geometry, focus, (pane.width(), pane.height()))
            if line is not None:
                lines.setdefault(geometry.plane, line)
        return tuple(lines.values())

    @Slot(object)
    def _on_pressed(self, pane: ImagePane) -> None:
        image, role = self._shown[pane]
        self._current = (image.letter, role)
        self.refresh()

    @Slot(object, int)
    def _on_scrolled(self, pane: ImagePane, steps: int) -> None:
        image, role = self._shown[pane]
        if image.volume is None or image.volume.geometry is None:
            return
        places = dict(self._wanted.places)
        for letter in self._followers(image.letter):
            other = self._same_role(letter, role)
            if other is not None:
                focus = self._place(letter).focus
                places[letter] = self._place(letter).moved(focus=step_slices(other, focus, steps).tolist())
        self._want(places=places)

    def _same_role(self, letter: str, role: str) -> Any:
        assert self._images is not None
        volume = self._images.image(letter, role).volume
        return volume.geometry if volume else None

    def _followers(self, letter: str) -> tuple[str, ...]:
        """Return the timepoints that move with *letter*: all while they are linked."""
        return self._images.letters if self.linked and self._images else (letter,)

    @Slot(object, float)
    def _on_zoomed(self, pane: ImagePane, factor: float) -> None:
        self.zoom(factor)

    @Slot(object, float, float)
    def _on_panned(self, pane: ImagePane, right: float, down: float) -> None:
        image, _ = self._shown[pane]
        if image.volume is None:
            return
        view = self._view(pane, image, self._pixels_per_mm())
        down_mm, right_mm = _mm(view, image, right, down)
        geometry = image.volume.geometry
        if geometry is None:
            films = dict(self._wanted.films)
            for letter in self._followers(image.letter):
                before = films.get(letter, (0.0, 0.0))
                films[letter] = (before[0] - down_mm, before[1] - right_mm)
            self._want(films=films)
            return
        across = geometry.column_direction * view.orientation.columns * -right_mm
        along = geometry.row_direction * view.orientation.rows * -down_mm
        places = dict(self._wanted.places)
        for letter in self._followers(image.letter):
            places[letter] = self._place(letter).moved(centre=(across + along).tolist())
        self._want(places=places)

    @Slot(object, float, float)
    def _on_windowed(self, pane: ImagePane, right: float, down: float) -> None:
        group = _group(self._shown[pane][1])
        before = self._wanted.windows.get(group, Adjustment())
        self._want(windows={**self._wanted.windows, group: before.dragged(right, down)})

    @Slot(object, float, float)
    def _on_pointed(self, pane: ImagePane, row: float, column: float) -> None:
        image, _ = self._shown[pane]
        if image.volume is None or image.volume.geometry is None or pane.state.picture is None:
            return
        position = image.volume.geometry.position_of((pane.state.picture.view.slice_index, row, column))
        x, y, z = (float(value) for value in position)
        place = replace(self._place(image.letter), focus=(x, y, z))
        self._want(places={**self._wanted.places, image.letter: place})


def _group(role: str) -> str:
    return _WINDOW_GROUPS.get(role, role)


def _mm_per_pixel(volume: Any, view: SliceView) -> float | None:
    known = volume.geometry is not None or volume.pixel_spacing_mm is not None
    return pixel_size(volume)[1] / view.pixels_per_column if known else None


def _mm(view: SliceView, image: CaseImage, right: float, down: float) -> tuple[float, float]:
    assert image.volume is not None
    row_size, column_size = pixel_size(image.volume)
    return down / view.pixels_per_row * row_size, right / view.pixels_per_column * column_size


def _depth(image: CaseImage, view: SliceView) -> float | None:
    assert image.volume is not None
    slices = image.volume.pixels.shape[0]
    return view.slice_index / (slices - 1) if slices > 1 else None


def _recalled(text: str) -> Wanted:
    found = json.loads(text)
    return Wanted(
        found["magnification"],
        {letter: Place(tuple(focus), tuple(centre)) for letter, (focus, centre) in found["places"].items()},
        {letter: (down, right) for letter, (down, right) in found["films"].items()},
        {group: Adjustment(*values) for group, values in found["windows"].items()},
        found["inverted"],
    )

"""What is on the screen of the plain viewer, and where its panes look. Values only: nothing is painted."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Any

from reader_app.images.header_window import Look
from viewer.display.orientation import Turn
from viewer.display.viewport import (
    Place,
    SliceView,
    fitting_scale,
    nearest_slice,
    view_in_patient,
    view_of_film,
)
from viewer.display.window_level import Adjustment
from viewer.imaging.geometry import Geometry
from viewer.imaging.series import Series

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


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """All panes of the viewer.

    Attributes:
        shown: What each pane shows, by anything that names the pane.
        sizes: Width and height, logical pixels, of the panes that can be seen, in their order.
        focus: The place that panes which move together go through, by :meth:`shared`, LPS mm.
        linked: Whether panes of one frame of reference move together.
        current: The pane that keys act on.
        cursor: The pane under the cursor and where in it, logical pixels.
        is_alone: Whether the viewer has one pane.
    """

    shown: Mapping[Hashable, Shown]
    sizes: Mapping[Hashable, tuple[int, int]]
    focus: Mapping[Hashable, Point]
    linked: bool = True
    current: Hashable = None
    cursor: tuple[Hashable, float, float] | None = None
    is_alone: bool = False

    def shared(self, pane: Hashable) -> Hashable:
        """Return what panes that move together have in common."""
        series = self.shown[pane].series if pane in self.shown else None
        frame = series.frame_of_reference_uid if series else None
        return frame if self.linked and frame else pane

    def focus_of(self, pane: Hashable) -> Point:
        """Return the place that the slice of a pane goes through."""
        return self.focus.get(self.shared(pane), self.shown[pane].centre)

    def view(self, pane: Hashable) -> SliceView:
        """Return which slice a pane with a picture shows, and where."""
        shown, size = self.shown[pane], self.sizes[pane]
        assert shown.look is not None
        volume, orientation = shown.look.volume, shown.turn.applied_to(shown.look.orientation)
        scale = fitting_scale(volume, size, transposed=orientation.transposed) * shown.magnification
        if volume.geometry is None:
            return view_of_film(volume, shown.offset_mm, scale, orientation, shown.slice_index)
        return view_in_patient(volume, Place(self.focus_of(pane), shown.centre), scale, orientation)


def middle_of(geometry: Geometry) -> Point:
    """Return the place in the middle of the middle slice."""
    slices, rows, columns = geometry.shape
    return point_of(geometry.position_of((slices // 2, (rows - 1) / 2, (columns - 1) / 2)))


def holds(geometry: Geometry, position: Point) -> bool:
    """Whether a position lies in the volume, so that its own slice is shown there and not an end."""
    return abs(geometry.slice_of(position) - nearest_slice(geometry, position)) <= 0.5 + 1e-6


def moved(point: Point, vector: Any) -> Point:
    """Return a place shifted by a vector in mm."""
    return (point[0] + float(vector[0]), point[1] + float(vector[1]), point[2] + float(vector[2]))


def point_of(position: Any) -> Point:
    """Return a position of shape (3,) as plain numbers."""
    return (float(position[0]), float(position[1]), float(position[2]))

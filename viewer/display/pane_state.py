"""Everything a pane needs to paint itself: resolved outside, compared and painted by the widget."""

from __future__ import annotations

from dataclasses import dataclass

from viewer.display.measure import DrawnMeasure
from viewer.display.orientation import Letters
from viewer.display.pyramid import Levels
from viewer.display.viewport import SliceView
from viewer.display.window_level import StoredWindow

Line = tuple[tuple[float, float], tuple[float, float]]


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """The grey part of a pane.

    ``levels`` is the slice, shape (rows, columns), and optionally its pyramid; ``part`` the first column
    that is shown and the first that is not, None for all of them.
    """

    levels: Levels
    view: SliceView
    window: StoredWindow
    inverted: bool
    part: tuple[int, int] | None = None

    def __eq__(self, other: object) -> bool:
        """Whether *other* looks the same because it is made of the same."""
        return self is other or (
            isinstance(other, Picture)
            and self.levels[0] is other.levels[0]
            and (self.view, self.window, self.inverted, self.part)
            == (other.view, other.window, other.inverted, other.part)
        )

    def covers_as(self, other: Picture) -> bool:
        """Whether *other* covers the same part of its pane."""
        view, its = self.view, other.view
        return (
            self.levels[0].shape == other.levels[0].shape
            and self.part == other.part
            and (view.centre, view.pixels_per_row, view.pixels_per_column, view.orientation)
            == (its.centre, its.pixels_per_row, its.pixels_per_column, its.orientation)
        )


@dataclass(frozen=True, slots=True)
class DrawnMark:
    """A mark on the screen: a point, or the corners of an outline, (x, y) in logical pixels.

    Attributes:
        id: Its number; 0 while it is being drawn.
        points: One, or those of an outline.
        label: What stands beside the first point.
        is_own: Whether it stands out, as one of what is looked at now.
        is_faint: Whether it lies between slices, next to the one that is shown.
        is_chosen: Whether keys act on it.
        is_dashed: Whether its outline is dashed.
        is_open: Whether its outline is not closed yet.
    """

    id: int
    points: tuple[tuple[float, float], ...]
    label: str
    is_own: bool = True
    is_faint: bool = False
    is_chosen: bool = False
    is_dashed: bool = False
    is_open: bool = False


NO_LETTERS = Letters()
POSITIONS_UNKNOWN = "slice positions unknown or uneven"
"""Why slices have no place in the patient: none is told, or no even grid has them all."""
OUTSIDE = "This place lies outside the slices of this series."


@dataclass(frozen=True, slots=True)
class PaneState:
    """One pane: its picture or the reason why there is none, and what is written over it.

    ``cross``, ``cuts``, ``measures``, ``marks``, ``lens`` (the middle of the magnifier) and ``spot`` (the
    current site; ``spot_note`` says how it is known if the reader did not set it) are in logical pixels;
    ``mm_per_pixel`` is None where no length is known.
    """

    badge: str = ""
    title: str = ""
    picture: Picture | None = None
    reason: str = ""
    letters: Letters = NO_LETTERS
    window_text: str = ""
    mm_per_pixel: float | None = None
    spacing_note: str = ""
    made_note: str = ""
    shading_note: str = ""
    link_note: str = ""
    readout: str = ""
    measures: tuple[DrawnMeasure, ...] = ()
    marks: tuple[DrawnMark, ...] = ()
    lens: tuple[float, float] | None = None
    spot: tuple[float, float] | None = None
    spot_note: str = ""
    cross: tuple[float, float] | None = None
    cuts: tuple[Line, ...] = ()
    depth: float | None = None
    current: bool = False

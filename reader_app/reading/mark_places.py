"""From points of panes to marks in the patient, or on a film."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from reader_app.reading import windowing
from reader_app.reading.case_images import grid_role
from reader_app.reading.film_roles import film_side, regions
from reader_app.reading.scene import Scene
from reader_app.reading.shown_marks import Outline, Point
from reader_app.reading.wanted import PaneKey
from scoring_forms.domain.marks import Mark, MarkKind, MarkPlane
from scoring_forms.domain.score import Cell
from viewer.display.readout import is_inside
from viewer.display.viewport import SliceView
from viewer.imaging.volume import Volume

POINT_AT_IT = "Point at what you see in a picture, then press the key."
_NO_PLACE = "This picture has no known place in the patient: no mark can be kept on it."
_NO_FRAME = "Nobody knows the patient coordinates of this picture: no mark can be kept on it."
_MANY = "This film has several pictures, which marks cannot tell apart."
_BESIDE = "That is beside the picture."
_OUTLINE_ON_FILM = "Outlines are for slices: a film has none."
_OUTLINE_ON_CUT = "Draw outlines on the series itself: the slices of a cut are not those that were acquired."
_SIDES = {"L": "left", "R": "right"}


@dataclass(frozen=True, slots=True)
class _Picture:
    """What a mark says about the picture it is put on; see :class:`Mark`."""

    frame: int | None
    role: str
    plane: MarkPlane
    slice_mm: float | None
    slice_step_mm: float | None
    window: tuple[float, float]

    def mark(self, kind: MarkKind, cell: Cell, points: Sequence[Sequence[float]]) -> Mark:
        """Return a new mark on this picture."""
        return Mark(
            0,
            cell,
            kind,
            tuple(tuple(point) for point in points),
            self.frame,
            self.role,
            self.plane,
            self.slice_mm,
            self.slice_step_mm,
            self.window,
        )


def mark_at(scene: Scene, key: PaneKey, row: float, column: float, cell: Cell) -> Mark | str:
    """Return a mark for a cell's feature and site at a point of a pane's picture, or why there can be none.

    Its timepoint is that of the pane.
    """
    volume, view = scene.image(key).volume, scene.view(key)
    if volume is None or view is None:
        return POINT_AT_IT
    if not is_inside(volume, row, column):  # or on the other hand, unseen
        return _BESIDE
    picture = _picture(scene, key, view.slice_index, cell)
    if isinstance(picture, str):
        return picture
    return picture.mark("point", _at(cell, key), _positions(volume, view.slice_index, [(row, column)]))


def mark_at_cursor(scene: Scene, cell: Cell) -> Mark | str:
    """Return the same for the cursor."""
    found = point_at_cursor(scene)
    return mark_at(scene, *found, cell) if found is not None else POINT_AT_IT


def point_at_cursor(scene: Scene) -> tuple[PaneKey, float, float] | None:
    """Return the pane under the cursor and where in its picture: row and column, fractional."""
    if scene.cursor is None or scene.cursor[0] not in scene.screens:
        return None
    key, x, y = scene.cursor
    view: SliceView | None = scene.view(key)
    return (key, *view.to_image(x, y, scene.screens[key].size)) if view is not None else None


def outline_refusal(scene: Scene, key: PaneKey, cell: Cell) -> str:
    """Return why no outline can be drawn in a pane; empty when one can."""
    if scene.image(key).volume is None:
        return POINT_AT_IT
    picture = _picture(scene, key, 0, cell)
    if isinstance(picture, str):
        return picture
    if picture.plane == "film":
        return _OUTLINE_ON_FILM
    return _OUTLINE_ON_CUT if picture.slice_mm is None else ""


def outline_mark(scene: Scene, outline: Outline, cell: Cell) -> Mark | str:
    """Return a finished outline as a mark, or why it can be none."""
    refusal, volume = outline_refusal(scene, outline.key, cell), scene.image(outline.key).volume
    picture = refusal or _picture(scene, outline.key, outline.slice_index, cell)
    if isinstance(picture, str) or volume is None:
        return refusal
    points = _positions(volume, outline.slice_index, outline.points)
    return picture.mark(outline.kind, _at(cell, outline.key), points)


def _picture(scene: Scene, key: PaneKey, slice_index: int, cell: Cell) -> _Picture | str:
    """Return what a mark says about the picture in a pane, or why it can say nothing."""
    image, window = scene.image(key), windowing.numbers(scene, key)
    volume = image.volume
    if volume is None or window is None:
        return POINT_AT_IT
    geometry = volume.geometry
    if geometry is None:
        refusal = _film_refusal(image.role, key, volume, cell)
        return refusal or _Picture(None, image.role, "film", None, None, window)
    if image.frame is None:
        return _NO_FRAME
    role = grid_role(image.role)
    if key in scene.line_cuts or "@" in image.role:  # its slices are not those of the series
        return _Picture(image.frame, role, geometry.plane, None, None, window)
    place = float(geometry.position_of((slice_index, 0, 0)) @ geometry.normal)
    return _Picture(image.frame, role, geometry.plane, place, geometry.spacing_mm[0], window)


def _film_refusal(role: str, key: PaneKey, volume: Volume, cell: Cell) -> str:
    if not role.startswith("xr_"):
        return _NO_PLACE
    if volume.pixels.shape[0] > 1:
        return _MANY
    shown = film_side(role if volume.part is None else key[1])
    if cell.side is not None and shown is not None and shown != cell.side:
        part = "foot" if "feet" in regions((role,)) else "hand"
        return f"This is the {_SIDES[shown]} {part}; the current site is on the other one."
    return ""


def _positions(volume: Volume, slice_index: int, points: Sequence[Point]) -> Sequence[Sequence[float]]:
    """Return points of a slice in mm, LPS, or on a film as they are."""
    if volume.geometry is None:
        return points
    indices = [(slice_index, row, column) for row, column in points]
    return volume.geometry.position_of(indices).tolist()


def _at(cell: Cell, key: PaneKey) -> Cell:
    return replace(cell, timepoint=key[0])

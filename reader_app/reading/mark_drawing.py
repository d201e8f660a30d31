"""From the marks of a case to where panes show them, which one is meant by a click, and the way to one."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from reader_app.reading import moves
from reader_app.reading.scene import Scene
from reader_app.reading.shown_marks import Outline, mark_name
from reader_app.reading.sites import Spot
from reader_app.reading.wanted import PaneKey, Wanted
from scoring_forms.domain.marks import Mark
from storage.reading.landmarks import Landmark
from viewer.display.pane_state import DrawnMark
from viewer.display.readout import is_inside
from viewer.display.viewport import SliceView
from viewer.imaging.volume import Volume

NEAR = 10.0
"""Logical pixels around a mark within which it is meant."""
_HALF = 0.5 + 1e-6
_ON_SLICE = 0.25
_LEAST_MM = 0.5
"""A mark is on the planes of a cut this far from it, however thin these are."""


def drawn_marks(scene: Scene, key: PaneKey, volume: Volume, view: SliceView) -> tuple[DrawnMark, ...]:
    """Return the marks of the current site that lie on the slice a pane shows: only its own timepoint's."""
    shown = scene.marks
    drawn = [
        one
        for mark in shown.now
        if mark.cell.timepoint == key[0]
        for one in _drawn(scene, key, volume, view, mark)
    ]
    if shown.outline is not None and shown.outline.key == key:
        drawn.extend(_under_way(shown.outline, view, scene.screens[key].size))
    return tuple(drawn)


def mark_under(scene: Scene, key: PaneKey, x: float, y: float) -> Mark | None:
    """Return the mark whose point or number's end lies next to a place in a pane, logical pixels."""
    volume, view = scene.image(key).volume, scene.view(key)
    if not scene.marks.marks or volume is None or view is None:
        return None
    near = [
        (math.dist((x, y), drawn.points[0]), drawn.id)
        for drawn in drawn_marks(scene, key, volume, view)
        if drawn.id and math.dist((x, y), drawn.points[0]) <= NEAR
    ]
    if not near:
        return None
    return next((mark for mark in scene.marks.marks if mark.id == min(near)[1]), None)


def gone_to_mark(scene: Scene, mark: Mark) -> Wanted:
    """Return what is wanted with the panes at a mark; other timepoints come along where they follow."""
    middle = [sum(values) / len(mark.points) for values in zip(*mark.points, strict=True)]
    letter = mark.cell.timepoint
    if mark.frame is None:
        place = Landmark(role=mark.role, row_column=(middle[0], middle[1]))
        return moves.gone_to_site(replace(scene, spots={(letter, mark.cell.side): Spot(place, "set")}))
    place = Landmark(mark.frame, (middle[0], middle[1], middle[2]))
    wanted = moves.gone_to_site(replace(scene, spots={(letter, None): Spot(place, "set")}))
    sharing = scene.sharing(f"{letter}/{mark.frame}")
    return moves.followed(replace(scene, wanted=wanted), sharing[0]) if sharing else wanted


def _drawn(scene: Scene, key: PaneKey, volume: Volume, view: SliceView, mark: Mark) -> Sequence[DrawnMark]:
    size = scene.screens[key].size
    if mark.frame is None:
        on_it = scene.image(key).role == mark.role and is_inside(volume, mark.points[0][0], mark.points[0][1])
        places = [view.to_screen(row, column, size) for row, column in mark.points] if on_it else []
        return [_look(scene, mark, places, is_faint=False)] if places else []
    if volume.geometry is None or scene.image(key).frame != mark.frame:
        return []
    indices = volume.geometry.index_of(mark.points).tolist()
    off = max(abs(slice_index - view.slice_index) for slice_index, _, _ in indices)
    step = volume.geometry.spacing_mm[0] or 1.0
    if off > max(_HALF, _LEAST_MM / step):
        return []
    places = [view.to_screen(row, column, size) for _, row, column in indices]
    return [_look(scene, mark, places, is_faint=off > _ON_SLICE)]


def _look(scene: Scene, mark: Mark, places: Sequence[tuple[float, float]], *, is_faint: bool) -> DrawnMark:
    cell = scene.marks.cell
    return DrawnMark(
        mark.id,
        tuple(places),
        f"{mark_name(mark)}{' ✓' if mark.cortical_break else ''}",
        is_own=cell is not None and cell.feature == mark.cell.feature,
        is_faint=is_faint,
        is_chosen=mark.id == scene.marks.chosen,
        is_dashed=mark.kind == "defect",
    )


def _under_way(outline: Outline, view: SliceView, size: tuple[int, int]) -> Sequence[DrawnMark]:
    if outline.slice_index != view.slice_index or not outline.points:
        return []
    places = tuple(view.to_screen(row, column, size) for row, column in outline.points)
    return [DrawnMark(0, places, "", is_own=True, is_dashed=outline.kind == "defect", is_open=True)]

"""What the left button does with marks: it chooses and drags them, and draws outlines of bone and defect."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from PySide6.QtCore import Signal

from reader_app.reading.case_panes import CasePanes
from reader_app.reading.mark_drawing import gone_to_mark, mark_under
from reader_app.reading.mark_places import (
    mark_at,
    mark_at_cursor,
    outline_mark,
    outline_refusal,
    point_at_cursor,
)
from reader_app.reading.scene import Scene
from reader_app.reading.shown_marks import Outline, OutlineKind, ShownMarks, mark_name, with_point
from reader_app.reading.wanted import PaneKey
from scoring_forms.domain.marks import LEAST_POINTS, Mark

_SHORTEST = 3.0
"""Logical pixels between the corners of an outline, and of a drag that is meant as one."""
_CLOSES = 8.0
"""Logical pixels around the first corner of an outline within which the last one closes it."""


@dataclass(frozen=True, slots=True)
class _Drag:
    """A mark under the left button; ``moved`` is where it would be put, or why it cannot be put there."""

    mark: Mark
    start: tuple[float, float]  # logical pixels
    moved: Mark | str | None = None


class MarkedPanes(CasePanes):
    """Shows the marks of the current site; what the reader wants with them is reported, not done."""

    refused = Signal(str)  # why something cannot be done
    mark_chosen = Signal(object)  # Mark
    mark_moved = Signal(object)  # Mark, with its number, where it is to be
    outlined = Signal(object)  # Mark, new
    outlining_changed = Signal(bool)  # whether a tool for outlines is in hand

    _drag: _Drag | None = None
    _is_fresh = False  # the next point is where the button went down
    _outline_kind: OutlineKind | None = None

    @property
    def outline_kind(self) -> OutlineKind | None:
        """What the left button outlines; None: nothing."""
        return self._outline_kind

    def show_marks(self, shown: ShownMarks) -> None:
        """Show other marks, or others of them chosen; a half-drawn outline stays."""
        before = self._marks
        self._marks = replace(shown, outline=before.outline)
        if self._marks != before and (before.paints or self._marks.paints):
            self.refresh()

    def mark_at_cursor(self) -> Mark | str:
        """Return a mark for the current feature and site at the cursor, or why there can be none."""
        scene, cell = self._scene(), self._marks.cell
        return mark_at_cursor(scene, cell) if scene is not None and cell is not None else ""

    def mark_near_cursor(self) -> Mark | None:
        """Return the mark next to the cursor."""
        scene = self._scene()
        if scene is None or scene.cursor is None or point_at_cursor(scene) is None:
            return None
        return mark_under(scene, *scene.cursor)

    def go_to_mark(self, mark: Mark) -> None:
        """Take the panes of a mark's timepoint to it."""
        scene = self._scene()
        if scene is not None:
            self.show(gone_to_mark(scene, mark))

    # -- outlines ------------------------------------------------------------------------------------------

    def take_outline(self, kind: OutlineKind | None) -> None:
        """Take the tool that outlines *kind*, or put it away; what is half drawn goes."""
        self._marks = replace(self._marks, outline=None)
        if kind is not None:
            self._measuring.take(None)
        if kind != self._outline_kind:
            self._outline_kind = kind
            self._grid.keeps_sizes = kind is not None
            self.outlining_changed.emit(kind is not None)
        self.refresh()

    def drop_outline(self) -> None:
        """Put the tool for outlines away, if it is in hand."""
        if self._outline_kind is not None:
            self.take_outline(None)

    def close_outline(self) -> None:
        """Close what is being outlined and report it."""
        scene, outline, cell = self._scene(), self._marks.outline, self._marks.cell
        if scene is None or outline is None or cell is None:
            return
        if len(outline.points) < LEAST_POINTS[outline.kind]:
            self.refused.emit("An outline needs three corners or more.")
            return
        mark = outline_mark(scene, outline, cell)
        self._marks = replace(self._marks, outline=None)
        self.refresh()
        if isinstance(mark, Mark):
            self.outlined.emit(mark)
        else:
            self.refused.emit(mark)

    def _draw_outline(self, scene: Scene, key: PaneKey, row: float, column: float) -> None:
        """Go on to a corner, or begin anew on another slice."""
        view, cell, kind = scene.view(key), self._marks.cell, self._outline_kind
        if view is None or cell is None or kind is None:
            return
        refusal = outline_refusal(scene, key, cell)
        if refusal:
            if self._is_fresh:
                self.refused.emit(refusal)
            return
        outline = self._marks.outline
        if outline is None or (outline.kind, outline.key, outline.slice_index) != (
            kind,
            key,
            view.slice_index,
        ):
            outline = Outline(kind, key, view.slice_index)
        last = outline.points[-1] if outline.points else None
        if last is None or _pixels(scene, key, last, (row, column)) >= _SHORTEST:
            outline = with_point(outline, (row, column))
        self._marks = replace(self._marks, outline=outline)
        self.refresh()

    def _close_at_first_corner(self, scene: Scene) -> None:
        """Close an outline whose last corner is its first one again."""
        outline = self._marks.outline
        if outline is None or outline.key not in scene.screens or len(outline.points) <= LEAST_POINTS["bone"]:
            return
        first, last = outline.points[0], outline.points[-1]
        if _pixels(scene, outline.key, first, last) <= _CLOSES:
            self._marks = replace(self._marks, outline=replace(outline, points=outline.points[:-1]))
            self.close_outline()

    # -- the left button -----------------------------------------------------------------------------------

    def press_mark(self) -> None:
        """Take the next point of a pane for the one where the button went down."""
        self._is_fresh, self._drag = True, None

    def touch_mark(self, key: PaneKey, row: float, column: float) -> bool:
        """Drag a mark or draw an outline to a point of a pane's picture; return whether it was meant so."""
        scene = self._scene()
        if scene is None:
            return False
        if self._outline_kind is not None:
            self._draw_outline(scene, key, row, column)
        elif self._is_fresh:
            self._grab(scene, key, row, column)
        elif self._drag is not None:
            self._drag_on(scene, key, row, column)
        self._is_fresh = False
        return self._outline_kind is not None or self._drag is not None

    def release_mark(self) -> bool:
        """Report what was done with a mark; return whether there was one."""
        scene, drag = self._scene(), self._drag
        self._drag = None
        if self._outline_kind is not None and scene is not None:
            self._close_at_first_corner(scene)
            return True
        if drag is None:
            return False
        if self._marks.moving is not None:
            self._marks = replace(self._marks, moving=None)
            self.refresh()  # it may not be moved in the end
        if isinstance(drag.moved, Mark):
            self.mark_moved.emit(drag.moved)
        else:
            if drag.moved is not None:
                self.refused.emit(drag.moved)
            self.mark_chosen.emit(drag.mark)
        return True

    def _grab(self, scene: Scene, key: PaneKey, row: float, column: float) -> None:
        at = _on_screen(scene, key, (row, column))
        mark = mark_under(scene, key, *at)
        self._drag = _Drag(mark, at) if mark is not None else None

    def _drag_on(self, scene: Scene, key: PaneKey, row: float, column: float) -> None:
        """Show the mark where it would be put; only on the series and plane that it was put on."""
        drag = self._drag
        if drag is None or (
            drag.moved is None and math.dist(drag.start, _on_screen(scene, key, (row, column))) < _SHORTEST
        ):
            return
        moved = mark_at(scene, key, row, column, drag.mark.cell)
        if drag.mark.kind != "point":
            moved = "An outline is not moved: delete it and draw it anew."
        elif isinstance(moved, Mark):
            moved = _moved(drag.mark, moved)
        self._drag = replace(drag, moved=moved)
        if isinstance(moved, Mark):
            self._marks = replace(self._marks, moving=moved)
            self.refresh()


def _moved(mark: Mark, put: Mark) -> Mark | str:
    """Return *mark* where *put* is, or why it is not moved in that picture."""
    if (mark.role, mark.plane) != (put.role, put.plane):
        series = f"a {mark.plane} picture" if mark.plane != put.plane else "another series"
        return f"Mark {mark_name(mark)} was put on {series}: drag it there."
    return replace(put, id=mark.id, cortical_break=mark.cortical_break)


def _on_screen(scene: Scene, key: PaneKey, point: tuple[float, float]) -> tuple[float, float]:
    view = scene.view(key)
    return view.to_screen(*point, scene.screens[key].size) if view is not None else (0.0, 0.0)


def _pixels(scene: Scene, key: PaneKey, one: tuple[float, float], other: tuple[float, float]) -> float:
    return math.dist(_on_screen(scene, key, one), _on_screen(scene, key, other))

"""Drawing distances and angles: from presses and drags to measures that stay until they are taken back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from reader_app.reading.scene import Scene, film_key
from reader_app.reading.wanted import PaneKey, Wanted
from viewer.display.measure import Measure, MeasureKind, Point, measure_refusal

_NO_MEASURE = "Measure on the series itself: O leaves this cut."
_SHORTEST = 3.0
"""Logical pixels a drag must have to be meant as a line."""


@dataclass(frozen=True, slots=True)
class Stroke:
    """A measure that is being drawn; ``is_down`` while the button is."""

    key: PaneKey
    measure: Measure
    is_down: bool = True

    def dragged(self, point: Point) -> Stroke:
        """Return the stroke with its free end at *point*; a released one grows its next leg."""
        points = self.measure.points
        kept = points[:-1] if self.is_down else points
        return Stroke(self.key, replace(self.measure, points=(*kept, point)))

    def released(self, pixels_per_row: float) -> Stroke | None:
        """Return the stroke after the button went up; None where it was only a click."""
        first, last = self.measure.points[-2:]
        length = abs(last[0] - first[0]) + abs(last[1] - first[1])
        if length * pixels_per_row < _SHORTEST:
            return None
        return replace(self, is_down=False)


def pressed(stroke: Stroke | None, key: PaneKey, kind: MeasureKind, slice_index: int, point: Point) -> Stroke:
    """Return the stroke after a press or drag at *point*: a new one, or the one under way."""
    goes_on = (
        stroke is not None
        and stroke.key == key
        and (stroke.measure.kind, stroke.measure.slice_index) == (kind, slice_index)
    )
    if stroke is not None and goes_on:
        return stroke.dragged(point)
    return Stroke(key, Measure(kind, slice_index, (point, point)))


def kept(wanted: Wanted, stroke: Stroke) -> Wanted:
    """Return what is wanted with a finished measure in its pane."""
    name = film_key(stroke.key)
    there = wanted.measures.get(name, ())
    return replace(wanted, measures={**wanted.measures, name: (*there, stroke.measure)})


def cleared(wanted: Wanted, key: PaneKey) -> Wanted:
    """Return what is wanted without the measures of a pane."""
    return replace(
        wanted, measures={name: there for name, there in wanted.measures.items() if name != film_key(key)}
    )


class Measuring:
    """The tool in the reader's hand, what is being drawn with it, and the way back."""

    def __init__(self) -> None:
        self.tool: MeasureKind | None = None
        self._stroke: Stroke | None = None
        self._before: list[Mapping[str, tuple[Measure, ...]]] = []

    @property
    def drawing(self) -> tuple[PaneKey, Measure] | None:
        """The measure that is being drawn, and where."""
        return (self._stroke.key, self._stroke.measure) if self._stroke else None

    def take(self, tool: MeasureKind | None) -> None:
        """Take a tool, or put it away; what is half drawn goes."""
        self.tool, self._stroke = tool, None

    def start_case(self) -> None:
        """Forget what was drawn in the case before."""
        self._stroke, self._before = None, []

    def draw(self, scene: Scene, key: PaneKey, row: float, column: float) -> str:
        """Draw on to a point of a pane's picture; return why that cannot be, if so."""
        volume, view = scene.image(key).volume, scene.view(key)
        if self.tool is None or volume is None or view is None:
            return ""
        refusal = _NO_MEASURE if key in scene.line_cuts else measure_refusal(volume)
        if not refusal:
            self._stroke = pressed(self._stroke, key, self.tool, view.slice_index, (row, column))
        return refusal

    def release(self, scene: Scene) -> Wanted:
        """Return what is wanted after the button went up: with the measure, once it has all its points."""
        if self._stroke is None or self._stroke.key not in scene.screens:
            return scene.wanted
        view = scene.view(self._stroke.key)
        self._stroke = self._stroke.released(view.pixels_per_row) if view else None
        if self._stroke is None or not self._stroke.measure.is_complete:
            return scene.wanted
        finished, self._stroke = self._stroke, None
        return self._change(scene.wanted, kept(scene.wanted, finished))

    def clear(self, scene: Scene, key: PaneKey) -> Wanted:
        """Return what is wanted without the measures of a pane."""
        return self._change(scene.wanted, cleared(scene.wanted, key))

    def undo(self, wanted: Wanted) -> Wanted | None:
        """Return what is wanted without the last change of the measures; None where there was none."""
        return replace(wanted, measures=self._before.pop()) if self._before else None

    def _change(self, before: Wanted, after: Wanted) -> Wanted:
        if after.measures != before.measures:
            self._before.append(before.measures)
        return after

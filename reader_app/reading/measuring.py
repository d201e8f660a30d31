"""Drawing distances and angles: from presses and drags to measures that stay until they are taken back."""

from __future__ import annotations

from dataclasses import dataclass, replace

from reader_app.reading.scene import film_key
from reader_app.reading.wanted import PaneKey, Wanted
from viewer.display.measure import Measure, MeasureKind, Point

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

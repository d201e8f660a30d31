"""What the reader wants to see of a case: one frozen value that gestures replace and the panes resolve."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from viewer.display.measure import Measure
from viewer.display.orientation import Turn
from viewer.display.viewport import Place
from viewer.display.window_level import Adjustment, WindowWish
from viewer.display.zoom import Zoom

PaneKey = tuple[str, str]
"""Timepoint letter and series role."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """The same zoom everywhere, the same window and turn for a series in every timepoint.

    Attributes:
        zoom: How large pictures are.
        places: Where the panes of a timepoint's frame of reference look, by ``"A/1"``, LPS mm.
        films: What is in the middle of a film, in mm along (rows, columns) from its centre, by ``"A/role"``.
        frames: Which frame a film of several shows, by role.
        windows: By window group: series that are windowed together.
        turns: Quarter turns and flips, by role.
        inverted: Whether black and white are exchanged.
        measures: Distances and angles of a pane, by ``"A/role"``.
    """

    zoom: Zoom = Zoom()  # noqa: RUF009 - frozen
    places: Mapping[str, Place] = field(default_factory=dict[str, Place])
    films: Mapping[str, tuple[float, float]] = field(default_factory=dict[str, tuple[float, float]])
    frames: Mapping[str, int] = field(default_factory=dict[str, int])
    windows: Mapping[str, WindowWish] = field(default_factory=dict[str, WindowWish])
    turns: Mapping[str, Turn] = field(default_factory=dict[str, Turn])
    inverted: bool = False
    measures: Mapping[str, tuple[Measure, ...]] = field(default_factory=dict[str, tuple[Measure, ...]])


def to_text(wanted: Wanted) -> str:
    """Return *wanted* as JSON, to be remembered beside the scores."""
    return json.dumps(asdict(wanted))


def from_text(text: str) -> Wanted:
    """Return what was remembered; nothing where an older version wrote something else."""
    try:
        found: Any = json.loads(text)
        return Wanted(
            Zoom(**found["zoom"]),
            {
                key: Place(tuple(place["focus"]), tuple(place["centre"]))
                for key, place in _items(found, "places")
            },
            {key: (down, right) for key, (down, right) in _items(found, "films")},
            dict(_items(found, "frames")),
            {
                group: WindowWish(wish["low"], wish["high"], Adjustment(**wish["adjustment"]))
                for group, wish in _items(found, "windows")
            },
            {role: Turn(**turn) for role, turn in _items(found, "turns")},
            found["inverted"],
            {name: tuple(map(_measure, there)) for name, there in _items(found, "measures")},
        )
    except (KeyError, TypeError, ValueError, AttributeError):
        return Wanted()


def _measure(found: Any) -> Measure:
    points = tuple((float(row), float(column)) for row, column in found["points"])
    return Measure(found["kind"], int(found["slice_index"]), points)


def _items(found: Any, name: str) -> Any:
    return found[name].items()

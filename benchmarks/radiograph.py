"""Window drag, pan and zoom on a film of 4280 x 3520 in the real reading window, against pyqtgraph."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from itertools import count
from typing import Any

from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtWidgets import QApplication

from benchmarks import scenes
from benchmarks.compare import compare, goal, per_event, percentile
from benchmarks.windows import (
    GRID,
    Painted,
    application,
    become_idle,
    close_reading,
    mouse,
    open_reading,
    pictures_of,
    pyqtgraph_views,
    settle,
    wheel,
)
from viewer.display.zoom_pace import ZoomPace

ZOOMS = (1.0, 2.5, 6.0)
ONE_PANE = (1000, 1040)
"""The pane whose limits ``reference/performance.md`` gives; GRID is a screen's."""
WHOLE_ZOOM = "zoom, slow steps, shown whole"
"""In panes of more than a megapixel the steps of a fast zoom are coarse until it rests."""
RIVAL = "pyqtgraph, levels, full resolution"


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--events", type=int, default=24, help="steps a round")
    arguments = parser.parse_args()
    application()
    for grid in (ONE_PANE, GRID):
        _measure(grid, arguments.rounds, arguments.events)


def _measure(grid: tuple[int, int], rounds: int, events: int) -> None:
    window = open_reading(scenes.copy_of(scenes.film_reading()), grid=grid)
    window.display.toggle_large()
    become_idle(window)
    (pane,) = pictures_of(window)
    painted = Painted([pane])
    times: dict[str, list[float]] = {}
    variants: dict[str, Callable[[], None]] = {}
    for zoom in ZOOMS:
        for gesture, button in (
            ("window drag", Qt.MouseButton.RightButton),
            ("pan", Qt.MouseButton.MiddleButton),
        ):
            name = f"{gesture} at {zoom:g} times"
            times[name] = []
            variants[name] = _drag(window, painted, zoom, button, times[name], events)
    for name, slow in (("zoom", False), (WHOLE_ZOOM, True)):
        times[name] = []
        variants[name] = _zoom(window, painted, times[name], events, slow=slow)
    rival = pyqtgraph_views([scenes.film_pixels(1)[None]], 1, (2000, 14000), grid, smooth=False)
    if rival is not None:
        variants[RIVAL] = _levels(rival, events)
    title = f"film, pane of {pane.width()} x {pane.height()} [{QApplication.platformName()}]"
    found = compare(title, variants, RIVAL if rival else "zoom", rounds, events)
    per_event(title, times)
    if grid == ONE_PANE:
        _judge(times, found if rival else {})
    if rival is not None:
        rival[0].close()
    close_reading(window)


def _judge(times: Mapping[str, list[float]], found: Mapping[str, Any]) -> None:
    for name, values in times.items():
        goal(f"{name}, p50", percentile(values, 50), 2.5, " ms")
        if found:
            goal(f"pyqtgraph / {name}", 1 / found[name].ratio, 8, "x", at_least=True)


def _drag(
    window: Any, painted: Painted, zoom: float, button: Qt.MouseButton, times: list[float], events: int
) -> Callable[[], None]:
    def run() -> None:
        window.display.reset()
        window.display.zoom(zoom)
        settle()
        (pane,) = pictures_of(window)
        middle = QPointF(pane.width() / 2, pane.height() / 2)
        mouse(pane, QEvent.Type.MouseButtonPress, middle, button)
        for step in range(1, events + 1):
            place = middle + QPointF(3 * (step % 12), 2 * (step % 9))
            times.append(
                painted.time_of(lambda place=place: mouse(pane, QEvent.Type.MouseMove, place, button))
            )
        mouse(pane, QEvent.Type.MouseButtonRelease, middle, button)

    return run


def _zoom(
    window: Any, painted: Painted, times: list[float], events: int, *, slow: bool
) -> Callable[[], None]:
    control = Qt.KeyboardModifier.ControlModifier

    def run() -> None:
        window.display.reset()
        settle()
        (pane,) = pictures_of(window)
        for step in range(events):
            notch = -1 if step % 24 < 12 else 1
            if slow:
                pane._pace = ZoomPace()  # as if the last step were long ago
            times.append(painted.time_of(lambda notch=notch: wheel(pane, notch, control)))

    return run


def _levels(rival: tuple[Any, list[Any]], events: int) -> Callable[[], None]:
    view, (item,) = rival
    painted, turn = Painted([view.viewport()]), count()

    def run() -> None:
        for _ in range(events):
            step = next(turn) % 100
            painted.time_of(lambda step=step: item.setLevels((2000 + 20 * step, 14000 - 20 * step)))

    return run


if __name__ == "__main__":
    main()

"""One scroll step in six linked panes of the real reading window, and in one; see README.md."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from itertools import cycle
from typing import Any

from PySide6.QtWidgets import QApplication

from benchmarks import scenes
from benchmarks.compare import compare, goal, per_event, percentile
from benchmarks.windows import (
    GRID,
    Painted,
    application,
    become_idle,
    close_reading,
    open_reading,
    pictures_of,
    pyqtgraph_views,
    ready_pictures,
    wheel,
)

STEPS = [1] * 60 + [-1] * 60
ONE_PANE = (800, 1024)
"""The pane whose limits ``reference/performance.md`` gives; GRID is a screen's."""


class Stepper:
    """Scrolls something step by step and remembers how long each step took."""

    def __init__(
        self, painted: Painted, step: Callable[[int], object], back_and_forth: Iterator[int]
    ) -> None:
        self._painted, self._step, self._plan = painted, step, back_and_forth
        self.milliseconds: list[float] = []

    def run(self, events: int) -> None:
        """Make so many steps."""
        for _ in range(events):
            step = next(self._plan)
            self.milliseconds.append(self._painted.time_of(lambda step=step: self._step(step)))


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--events", type=int, default=60, help="steps a round")
    arguments = parser.parse_args()
    application()
    for count, grid in ((6, GRID), (1, ONE_PANE), (1, GRID)):
        _measure(count, grid, arguments.rounds, arguments.events)


def _measure(count: int, grid: tuple[int, int], rounds: int, events: int) -> None:
    window = open_reading(scenes.copy_of(scenes.mr_reading(letters="AB")), "coronal", grid)
    if count == 1:
        window.display.toggle_large()
    become_idle(window)
    panes = pictures_of(window)
    if len(panes) != count:
        raise SystemExit(f"{len(panes)} panes show a picture, not {count}")
    window.display.scroll(-40)
    volumes = [scenes.mr_pixels((64, 420, 328), number) for number in range(count)]
    ours = Stepper(Painted(panes), lambda step: wheel(panes[0], step), cycle(STEPS))
    limit_window, ready = ready_pictures(volumes, min(count, 3), grid)
    limit = Stepper(Painted(ready), _slices_of(ready), cycle(STEPS))
    steppers = {"reading window": ours, "copy and blit of ready pictures": limit}
    rival = pyqtgraph_views(volumes, min(count, 3), (0, 1000), grid, smooth=True)
    if rival is not None:
        show = _pyqtgraph_slices(rival[1], volumes)
        steppers["pyqtgraph, smooth, without texts"] = Stepper(
            Painted([rival[0].viewport()]), show, cycle(STEPS)
        )
    variants = {name: lambda one=one: one.run(events) for name, one in steppers.items()}
    title = (
        f"scroll {count} pane(s) of {panes[0].width()} x {panes[0].height()} [{QApplication.platformName()}]"
    )
    found = compare(title, variants, "copy and blit of ready pictures", rounds, events)
    times = {name: one.milliseconds[events:] for name, one in steppers.items()}
    per_event(title, times)
    mine = times["reading window"]
    goal("a step, p50", percentile(mine, 50), 4 if count == 6 else 1.5, " ms")
    if count == 6:
        goal("a step, p99", percentile(mine, 99), 8, " ms")
        goal("against copy and blit", found["reading window"].ratio, 4, "x")
    if rival is not None:
        if count == 6:
            its = found["pyqtgraph, smooth, without texts"]
            goal("against pyqtgraph", found["reading window"].median_ms / its.median_ms, 0.4, "x")
        rival[0].close()
    limit_window.close()
    close_reading(window)


def _slices_of(panes: list[Any]) -> Callable[[int], None]:
    place = [0]

    def show(step: int) -> None:
        place[0] = min(max(place[0] + step, 0), 63)
        for pane in panes:
            pane.show_slice(place[0])

    return show


def _pyqtgraph_slices(items: list[Any], volumes: list[Any]) -> Callable[[int], None]:
    place = [0]

    def show(step: int) -> None:
        place[0] = min(max(place[0] + step, 0), 63)
        for item, volume in zip(items, volumes, strict=True):
            item.setImage(volume[place[0]], autoLevels=False)

    return show


if __name__ == "__main__":
    main()

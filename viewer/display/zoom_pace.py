"""When a pane is zoomed so fast that a coarser picture does until it rests."""

from __future__ import annotations

from viewer.display.pane_state import Picture

REST_MS = 120
"""So long after the last step a pane shows all it can; longer than the steps of a fast zoom lie apart."""

_FAST_SECONDS = 0.1
_LARGE = 1_000_000
"""Device pixels that are painted whole at every step; more of them, as of a full screen, take too long."""


class ZoomPace:
    """Follows the pictures of a pane, state after state."""

    def __init__(self) -> None:
        self._zoomed = float("-inf")

    def is_fast(
        self, before: Picture | None, now: Picture | None, size: tuple[int, int], time: float
    ) -> bool:
        """Return whether *now* may be shown coarsely until it rests.

        Args:
            before: What was shown last.
            now: What is shown now.
            size: Width and height of the pane in device pixels.
            time: Seconds on a clock that only goes forward.
        """
        if before is None or now is None or before.levels[0] is not now.levels[0]:
            return False
        view, other = now.view, before.view
        if (view.pixels_per_row, view.pixels_per_column) == (other.pixels_per_row, other.pixels_per_column):
            return False
        last, self._zoomed = self._zoomed, time
        return time - last < _FAST_SECONDS and size[0] * size[1] > _LARGE

"""What every slow function calls now and then."""

from __future__ import annotations

from collections.abc import Callable

Checkpoint = Callable[[int, int], None]
"""Called with (done, total); it reports progress, and what it raises stops the work."""

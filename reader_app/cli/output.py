"""What the commands print: one JSON document or a few lines; errors in one line; progress on a terminal."""

from __future__ import annotations

import json
import sys
import time
import traceback
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parents[2]
_WIDTH = 30
_REDRAW_SECONDS = 0.1
_OUR_PACKAGES = ("reader_app", "viewer", "storage", "scoring_forms")


def print_result(as_json: bool, document: Mapping[str, Any], lines: Sequence[str]) -> None:
    """Print *document* as JSON, or *lines* for people."""
    print(json.dumps(document, indent=1) if as_json else "\n".join(lines))


def print_error(text: str) -> None:
    """Print one line on stderr."""
    print(f"ra-reader: {' '.join(text.split())}", file=sys.stderr)


def progress(label: str) -> Callable[[int, int], None]:
    """Return a checkpoint that draws a bar on stderr, or does nothing where stderr is no terminal."""
    if not sys.stderr.isatty():
        return lambda done, total: None
    drawn = 0.0

    def checkpoint(done: int, total: int) -> None:
        nonlocal drawn
        now = time.monotonic()
        if done < total and now - drawn < _REDRAW_SECONDS:
            return
        drawn = now
        filled = _WIDTH * done // max(total, 1)
        end = "\n" if done >= total else ""
        bar = "#" * filled + "." * (_WIDTH - filled)
        print(f"\r{label} [{bar}] {done}/{total} ", end=end, file=sys.stderr, flush=True)

    return checkpoint


def write_crash_report(error: BaseException) -> Path | None:
    """Write type and place of an unexpected error, no values, and return the file; None if that fails."""
    import platformdirs

    lines = [
        f"{datetime.now(UTC).isoformat(timespec='seconds')} python {sys.version.split()[0]} {sys.platform}"
    ]
    seen: BaseException | None = error
    while seen is not None:
        lines.append(f"{type(seen).__module__}.{type(seen).__qualname__}")
        lines += [f"  {place}" for place in _our_places(seen)]
        seen = seen.__cause__ or seen.__context__
    stamp = datetime.now(UTC).strftime("%Y%m%d-%H%M%S-%f")
    try:
        folder = Path(platformdirs.user_log_dir("ra-reader", appauthor=False))
        folder.mkdir(parents=True, exist_ok=True)
        report = folder / f"crash-{stamp}.txt"
        report.write_text("\n".join(lines) + "\n", "utf-8")
    except OSError:
        return None
    return report


def _our_places(error: BaseException) -> list[str]:
    """Return ``storage/engine.py:12 open_store`` for each frame in our own files."""
    places: list[str] = []
    for frame in traceback.extract_tb(error.__traceback__):
        path = Path(frame.filename)
        if path.is_relative_to(PROJECT) and path.relative_to(PROJECT).parts[0] in _OUR_PACKAGES:
            places.append(f"{path.relative_to(PROJECT).as_posix()}:{frame.lineno} {frame.name}")
    return places

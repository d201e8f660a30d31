"""A report of an unexpected error: exception types and places in our files, never values."""

from __future__ import annotations

import sys
import traceback
from datetime import UTC, datetime
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
_OUR_PACKAGES = ("reader_app", "viewer", "storage", "scoring_forms")


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

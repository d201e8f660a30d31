"""What the commands print: one JSON document or a few lines; errors in one line; progress on a terminal."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

_WIDTH = 30
_REDRAW_SECONDS = 0.1


def print_result(as_json: bool, document: Mapping[str, Any], lines: Sequence[str]) -> None:
    """Print *document* as JSON, or *lines* for people."""
    print(json.dumps(document, indent=1) if as_json else "\n".join(lines))


def print_file(as_json: bool, path: Path) -> None:
    """Print where a file was written."""
    print_result(as_json, {"file": str(path)}, [str(path)])


def print_error(text: str) -> None:
    """Print one line on stderr."""
    print(f"ra-reader: {' '.join(text.split())}", file=sys.stderr)


def print_findings(as_json: bool, findings: Sequence[str]) -> int:
    """Print what a check found; exit status 1 if that is anything."""
    print_result(as_json, {"ok": not findings, "findings": list(findings)}, findings or ["ok"])
    if findings:
        counted = "one problem" if len(findings) == 1 else f"{len(findings)} problems; the first"
        print_error(f"The check found {counted}: {findings[0]}")
    return 1 if findings else 0


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

"""The command ``ra-reader``; what it promises stands in the command-line contract."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from reader_app.cli.output import print_error
from reader_app.cli.parser import build_parser
from reader_app.crash_report import write_crash_report
from reader_app.messages import describe


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status: 0 done, 1 not possible, 2 wrong usage."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")  # pyright: ignore[reportAttributeAccessIssue]
    try:
        arguments = build_parser().parse_args(argv)
    except SystemExit as stop:
        return int(stop.code or 0)
    try:
        status: int = arguments.run(arguments)
        sys.stdout.flush()
    except KeyboardInterrupt:
        print_error("Stopped.")
        return 1
    except BrokenPipeError:
        # Whoever read our output has gone; Python would complain once more when it closes stdout.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except Exception as error:  # noqa: BLE001 - the last place where a bug becomes words
        message = describe(error)
        print_error(message.text if message else _words_for_a_bug(error))
        return 1
    return status


def _words_for_a_bug(error: Exception) -> str:
    report = write_crash_report(error)
    where = f"; please report it with {report}, which holds no study data" if report else ""
    return f"Something unexpected happened ({type(error).__name__}){where}."

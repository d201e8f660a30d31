"""The grammar of the command line."""

from __future__ import annotations

import argparse

from reader_app.cli import images, reading, study
from storage.version import app_version

_EPILOG = "Every command has its own --help. Exit status: 0 done, 1 not possible, 2 wrong usage."


def build_parser() -> argparse.ArgumentParser:
    """Return the parser; a parsed command carries the function to call in ``run``."""
    parser = argparse.ArgumentParser(
        prog="ra-reader",
        description="Blinded reading of hand MRI and radiographs in rheumatoid arthritis trials. "
        "Without a command it opens the start screen.",
        epilog=_EPILOG,
    )
    parser.add_argument("--version", action="version", version=f"ra-reader {app_version()}")
    parser.set_defaults(run=images.run_start)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")
    as_json = argparse.ArgumentParser(add_help=False)
    as_json.add_argument("--json", action="store_true", help="print one JSON document instead of text")
    images.add_commands(commands, as_json)
    study.add_commands(commands, as_json)
    reading.add_commands(commands, as_json)
    return parser

"""Commands that write a reading into one file: pack, result."""

from __future__ import annotations

import argparse
from pathlib import Path

from reader_app.cli.arguments import Commands, Parents
from reader_app.cli.output import print_file, progress
from reader_app.cli.stores import reading_folder


def add_pack(steps: Commands, parents: Parents) -> None:
    """Add ``reading pack``."""
    pack = steps.add_parser(
        "pack",
        parents=parents,
        help="zip for another workstation",
        description="Zip a reading with all its pictures for another workstation, where `read` opens it. "
        "Nothing in it tells more than the folder does.",
    )
    _add_out(pack, "CODE.reading.zip")
    pack.set_defaults(run=_run_pack)


def _run_pack(arguments: argparse.Namespace) -> int:
    from reader_app.workflow.pack_reading import pack_reading

    file = pack_reading(reading_folder(arguments), arguments.out, progress("Pack"))
    print_file(arguments.json, file)
    return 0


def add_result(steps: Commands, parents: Parents) -> None:
    """Add ``reading result``."""
    result = steps.add_parser(
        "result",
        parents=parents,
        help="small signed bundle that goes back to the coordinator",
        description="Write the signed cases without their pictures into a small zip that the coordinator "
        "collects with: ra-reader study collect.",
    )
    _add_out(result, "CODE-N.result.zip")
    result.set_defaults(run=_run_result)


def _run_result(arguments: argparse.Namespace) -> int:
    from reader_app.workflow.pack_reading import write_result

    file = write_result(reading_folder(arguments), arguments.out)
    print_file(arguments.json, file)
    return 0


def _add_out(command: argparse.ArgumentParser, name: str) -> None:
    command.add_argument(
        "--out",
        type=Path,
        metavar="FILE",
        help=f"the new file, or a folder for {name}; default: beside the reading",
    )

"""Commands of the coordinator: a study from its first image to its tables."""

from __future__ import annotations

import argparse
from pathlib import Path

from reader_app.cli.adjudicating import add_adjudicate
from reader_app.cli.arguments import Commands
from reader_app.cli.collecting import add_collect, add_grant_reopening, add_refuse_reopening, add_reopenings
from reader_app.cli.importing import add_import, add_set_role
from reader_app.cli.results import add_analyse, add_export
from reader_app.cli.rounds import add_lock, add_round
from reader_app.cli.study_folder import add_check, add_new, add_verify


def add_commands(commands: Commands, as_json: argparse.ArgumentParser) -> None:
    """Add the study commands, in the order of the work."""
    group = commands.add_parser("study", help="make a study, import, define rounds, collect, lock, export")
    steps = group.add_subparsers(title="commands", metavar="COMMAND", required=True)
    where = argparse.ArgumentParser(add_help=False)
    where.add_argument("folder", type=Path, metavar="FOLDER", help="the study's folder")
    for add in (
        add_new,
        add_import,
        add_set_role,
        add_check,
        add_round,
        add_collect,
        add_reopenings,
        add_grant_reopening,
        add_refuse_reopening,
        add_adjudicate,
        add_lock,
        add_export,
        add_analyse,
        add_verify,
    ):
        add(steps, [where, as_json])

"""Commands about what readers send: signed cases, and requests to change them."""

from __future__ import annotations

import argparse
from pathlib import Path

from reader_app.cli.arguments import Commands, Parents
from reader_app.cli.output import print_error, print_file, print_result, progress
from reader_app.cli.stores import open_study


def add_collect(steps: Commands, parents: Parents) -> None:
    """Add ``study collect``."""
    collect = steps.add_parser("collect", parents=parents, help="verify readings and take over signed cases")
    collect.add_argument(
        "readings",
        nargs="*",
        type=Path,
        metavar="X.reading",
        help="readings, their zips or results; default: all of the study",
    )
    collect.set_defaults(run=_run_collect)


def _run_collect(arguments: argparse.Namespace) -> int:
    from reader_app.workflow.collect import collect

    with open_study(arguments) as study:
        report = collect(study, arguments.readings, progress("Collect"))
    document = {
        "collected": report.collected,
        "refused": [{"path": str(one.path), "reason": one.reason} for one in report.refused],
    }
    lines = [f"refused {one.path}: {one.reason}" for one in report.refused]
    cases = "1 case" if report.collected == 1 else f"{report.collected} cases"
    print_result(arguments.json, document, [*lines, f"{cases} collected"])
    if report.refused:
        number = len(report.refused)
        counted = "1 reading was refused" if number == 1 else f"{number} readings were refused; the first"
        print_error(f"{counted}: {report.refused[0].reason}")
        return 1
    return 0


def add_reopenings(steps: Commands, parents: Parents) -> None:
    """Add ``study reopenings``."""
    reopenings = steps.add_parser(
        "reopenings", parents=parents, help="readers' requests to change signed cases, and what was granted"
    )
    reopenings.set_defaults(run=_run_reopenings)


def _run_reopenings(arguments: argparse.Namespace) -> int:
    with open_study(arguments, read_only=True) as study:
        asked = study.reopening_requests()
    document = {
        "requests": [
            {
                "reading": one.reading,
                "case": one.case,
                "utc": one.utc,
                "reason": one.reason,
                "granted": one.grant is not None,
            }
            for one in asked
        ]
    }
    lines = [
        f"{one.reading}  {one.case}  {one.utc}  {'granted' if one.grant else 'open':7}  {one.reason}"
        for one in asked
    ]
    print_result(arguments.json, document, lines or ["nobody has asked for a signed case"])
    return 0


def add_grant_reopening(steps: Commands, parents: Parents) -> None:
    """Add ``study grant-reopening``."""
    grant = steps.add_parser(
        "grant-reopening",
        parents=parents,
        help="allow a reader to change a signed case",
        description="Allow what a reader asked for and write the small file that the reader opens with: "
        "ra-reader reading reopen. The next collect takes the new signature; the old sheet is kept.",
    )
    _add_request(grant)
    _add_answer(grant, "READING-CASE.reopen")
    grant.set_defaults(run=_run_grant_reopening)


def _run_grant_reopening(arguments: argparse.Namespace) -> int:
    from reader_app.workflow.reopening import grant_reopening

    with open_study(arguments) as study:
        path = grant_reopening(study, arguments.reading, arguments.case, arguments.out)
    print_file(arguments.json, path)
    return 0


def add_refuse_reopening(steps: Commands, parents: Parents) -> None:
    """Add ``study refuse-reopening``."""
    refuse = steps.add_parser(
        "refuse-reopening",
        parents=parents,
        help="let a signed case stay as it is",
        description="Refuse a request, with a reason that the reader sees. Writes a small file for: "
        "ra-reader reading reopen. The request can still be granted later.",
    )
    _add_request(refuse)
    refuse.add_argument("--reason", required=True, metavar="TEXT", help="one line; the reader sees it")
    _add_answer(refuse, "READING-CASE.refused")
    refuse.set_defaults(run=_run_refuse_reopening)


def _run_refuse_reopening(arguments: argparse.Namespace) -> int:
    from reader_app.workflow.reopening import write_refusal
    from reader_app.workflow.reopening_requests import newest_request, refuse_reopening

    with open_study(arguments) as study:
        asked = newest_request(study, arguments.reading, arguments.case)
        refuse_reopening(study, asked, arguments.reason)
    path = write_refusal(asked, arguments.reason, arguments.out)
    print_file(arguments.json, path)
    return 0


def _add_request(command: argparse.ArgumentParser) -> None:
    command.add_argument("--reading", required=True, metavar="CODE", help="as study reopenings lists it")
    command.add_argument("--case", required=True, metavar="CODE")


def _add_answer(command: argparse.ArgumentParser, name: str) -> None:
    command.add_argument(
        "--out", type=Path, required=True, metavar="FILE", help=f"the new file, or a folder for {name}"
    )

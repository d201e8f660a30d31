"""Commands of the reader: the reading window, and the same work from tables."""

from __future__ import annotations

import argparse
from pathlib import Path

from reader_app.cli.arguments import Commands, Parents
from reader_app.cli.output import print_findings, print_result, progress
from reader_app.cli.packing import add_pack, add_result
from reader_app.cli.signing import add_ask_reopening, add_reopen, add_submit
from reader_app.cli.stores import open_reading, reading_folder


def add_commands(commands: Commands, as_json: argparse.ArgumentParser) -> None:
    """Add read and the reading commands, in the order of the work."""
    where = argparse.ArgumentParser(add_help=False)
    where.add_argument("reading", type=Path, metavar="X.reading", help="folder of the reading, or its zip")
    _add_read(commands, [where])
    group = commands.add_parser("reading", help="look into a reading, enter scores, submit, pack, verify")
    steps = group.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for add in (
        _add_show,
        _add_enter,
        add_submit,
        add_ask_reopening,
        add_reopen,
        add_pack,
        add_result,
        _add_verify,
    ):
        add(steps, [where, as_json])


def _add_read(commands: Commands, parents: Parents) -> None:
    read = commands.add_parser("read", parents=parents, help="open a reading in its window")
    read.add_argument("--case", metavar="CODE", help="the case to open; default: where the reader left")
    read.set_defaults(run=_run_read)


def _run_read(arguments: argparse.Namespace) -> int:
    from reader_app.app import run_reading

    return run_reading(reading_folder(arguments), arguments.case)


def _add_show(steps: Commands, parents: Parents) -> None:
    show = steps.add_parser("show", parents=parents, help="cases, progress and form")
    show.set_defaults(run=_run_show)


def _run_show(arguments: argparse.Namespace) -> int:
    with open_reading(arguments, read_only=True) as reading:
        cases = reading.cases()
        form = reading.form
        document = {
            "round": reading.round_title,
            "cases": [
                {
                    "code": case.code,
                    "status": case.status,
                    "side": case.side,
                    "timepoints": list(case.letters),
                    "missing": case.missing,
                }
                for case in cases
            ],
            "form": [
                {
                    "system": item.system.id,
                    "feature": item.feature.id,
                    "side": item.side,
                    "site": item.site.id,
                    "min": item.feature.minimum,
                    "max": item.feature.maximum,
                    "step": item.feature.step,
                }
                for item in form.items()
            ],
        }
    lines = [f"round {document['round']}"]
    lines += [
        f"{case.position:3}  {case.code}  {case.status:9}  {case.side or '-'}  {''.join(case.letters)}  "
        f"{case.missing} missing"
        for case in cases
    ]
    lines += [
        f"{part.system.title}: " + ", ".join(feature.label for feature in part.scored) for part in form.parts
    ]
    print_result(arguments.json, document, lines)
    return 0


def _add_enter(steps: Commands, parents: Parents) -> None:
    enter = steps.add_parser(
        "enter",
        parents=parents,
        help="enter scores from a table",
        description="Enter scores from a CSV table with the columns case, timepoint, system, feature, side, "
        "site, value, not_assessable (and comment, where a reason needs words; in an adjudication also "
        "consensus, yes where a score was agreed upon). Good rows are kept, bad ones named.",
    )
    enter.add_argument("table", type=Path, metavar="TABLE.csv")
    enter.add_argument("--reason", metavar="TEXT", help="why reopened cases are changed; their rows need one")
    enter.set_defaults(run=_run_enter)


def _run_enter(arguments: argparse.Namespace) -> int:
    from reader_app.workflow.enter_scores import enter_table

    with open_reading(arguments) as reading:
        report = enter_table(reading, arguments.table, arguments.reason)
    document = {
        "entered": report.entered,
        "refused": [{"row": one.row, "reason": one.reason} for one in report.refused],
    }
    lines = [f"row {one.row} refused: {one.reason}" for one in report.refused]
    print_result(
        arguments.json, document, [*lines, f"{report.entered} entered, {len(report.refused)} refused"]
    )
    return 0


def _add_verify(steps: Commands, parents: Parents) -> None:
    verify = steps.add_parser("verify", parents=parents, help="check database, pictures and audit trail")
    verify.set_defaults(run=_run_verify)


def _run_verify(arguments: argparse.Namespace) -> int:
    with open_reading(arguments, read_only=True) as reading:
        findings = reading.verify(progress("Verify"))
    return print_findings(arguments.json, findings)

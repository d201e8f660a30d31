"""Commands of the reader: the reading window, and the same work from tables."""

from __future__ import annotations

import argparse
import getpass
import os
import sys
from pathlib import Path
from typing import Any

from reader_app.cli.output import print_error, print_result, progress

PASSWORD_VARIABLE = "RA_READER_PASSWORD"

Commands = Any  # argparse's class for this has no public name


def add_commands(commands: Commands, as_json: argparse.ArgumentParser) -> None:
    """Add read and the reading commands."""
    where = argparse.ArgumentParser(add_help=False)
    where.add_argument("reading", type=Path, metavar="X.reading", help="folder of the reading, or its zip")

    read = commands.add_parser("read", parents=[where], help="open a reading in its window")
    read.add_argument("--case", metavar="CODE", help="the case to open; default: where the reader left")
    read.set_defaults(run=_run_read)

    group = commands.add_parser("reading", help="look into a reading, enter scores, submit, pack, verify")
    steps = group.add_subparsers(title="commands", metavar="COMMAND", required=True)

    show = steps.add_parser("show", parents=[where, as_json], help="cases, progress and form")
    show.set_defaults(run=_run_show)

    enter = steps.add_parser(
        "enter",
        parents=[where, as_json],
        help="enter scores from a table",
        description="Enter scores from a CSV table with the columns case, timepoint, system, feature, side, "
        "site, value, not_assessable (and comment, where a reason needs words; in an adjudication also "
        "consensus, yes where a score was agreed upon). Good rows are kept, bad ones named.",
    )
    enter.add_argument("table", type=Path, metavar="TABLE.csv")
    enter.add_argument("--reason", metavar="TEXT", help="why reopened cases are changed; their rows need one")
    enter.set_defaults(run=_run_enter)

    submit = steps.add_parser(
        "submit",
        parents=[where, as_json],
        help="sign and lock cases",
        description=f"Sign and lock cases. The password is asked for, or taken from {PASSWORD_VARIABLE}; the "
        "first signature in a reading sets it (12 characters or more).",
    )
    which = submit.add_mutually_exclusive_group(required=True)
    which.add_argument("--case", nargs="+", action="extend", metavar="CODE", help="these cases")
    which.add_argument("--all", action="store_true", help="every complete case; the others are listed")
    submit.set_defaults(run=_run_submit)

    ask = steps.add_parser(
        "ask-reopening",
        parents=[where, as_json],
        help="ask the coordinator for a signed case",
        description="Ask for a signed case to be opened again. The request travels with the reading; the "
        "coordinator answers with a file for: ra-reader reading reopen.",
    )
    ask.add_argument("--case", required=True, metavar="CODE")
    ask.add_argument("--reason", required=True, metavar="TEXT", help="the coordinator reads it")
    ask.set_defaults(run=_run_ask_reopening)

    reopen = steps.add_parser(
        "reopen",
        parents=[where, as_json],
        help="open a signed case again, with the coordinator's file",
        description="Open a signed case again. Its changes need a reason, and it is to be signed again. A "
        "file that refuses this is kept with its reason, and the case stays as it is.",
    )
    reopen.add_argument("file", type=Path, metavar="FILE.reopen")
    reopen.set_defaults(run=_run_reopen)

    pack = steps.add_parser(
        "pack",
        parents=[where, as_json],
        help="zip for another workstation",
        description="Zip a reading with all its pictures for another workstation, where `read` opens it. "
        "Nothing in it tells more than the folder does.",
    )
    _add_out(pack, "CODE.reading.zip")
    pack.set_defaults(run=_run_pack)

    result = steps.add_parser(
        "result",
        parents=[where, as_json],
        help="small signed bundle that goes back to the coordinator",
        description="Write the signed cases without their pictures into a small zip that the coordinator "
        "collects with: ra-reader study collect.",
    )
    _add_out(result, "CODE-N.result.zip")
    result.set_defaults(run=_run_result)

    verify = steps.add_parser(
        "verify", parents=[where, as_json], help="check database, pictures and audit trail"
    )
    verify.set_defaults(run=_run_verify)


def _add_out(command: argparse.ArgumentParser, name: str) -> None:
    command.add_argument(
        "--out",
        type=Path,
        metavar="FILE",
        help=f"the new file, or a folder for {name}; default: beside the reading",
    )


def _run_read(arguments: argparse.Namespace) -> int:
    from reader_app.app import run_reading
    from reader_app.workflow.unpack_reading import reading_folder

    return run_reading(reading_folder(arguments.reading), arguments.case)


def _run_show(arguments: argparse.Namespace) -> int:
    from reader_app.workflow.unpack_reading import reading_folder
    from storage.reading.reading import Reading

    with Reading.open(reading_folder(arguments.reading), read_only=True) as reading:
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


def _run_enter(arguments: argparse.Namespace) -> int:
    from reader_app.workflow.enter_scores import enter_table
    from reader_app.workflow.unpack_reading import reading_folder
    from storage.reading.reading import Reading

    with Reading.open(reading_folder(arguments.reading)) as reading:
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


def _run_submit(arguments: argparse.Namespace) -> int:
    from reader_app.workflow.submit import submit_cases
    from reader_app.workflow.unpack_reading import reading_folder
    from storage.reading.reading import Reading

    with Reading.open(reading_folder(arguments.reading)) as reading:
        password = _password(first=not reading.has_password())
        report = submit_cases(reading, None if arguments.all else arguments.case, password)
    document = {
        "submitted": list(report.submitted),
        "incomplete": [{"case": code, "missing": missing} for code, missing in report.incomplete],
        "without_evidence": [{"case": code, "scores": count} for code, count in report.without_evidence],
    }
    lines = [f"{code} submitted" for code in report.submitted]
    lines += [f"{code} not complete: {missing} missing" for code, missing in report.incomplete]
    lines += [f"{code} not complete: {count} scores lack marks" for code, count in report.without_evidence]
    print_result(arguments.json, document, lines or ["nothing to submit"])
    left = (*report.incomplete, *report.without_evidence)
    if left and not arguments.all:
        print_error(f"Not complete: {', '.join(code for code, _ in left)}.")
        return 1
    return 0


def _run_ask_reopening(arguments: argparse.Namespace) -> int:
    from reader_app.workflow.unpack_reading import reading_folder
    from storage.reading.reading import Reading

    with Reading.open(reading_folder(arguments.reading)) as reading:
        asked = reading.request_reopening(arguments.case, arguments.reason)
    document = {"case": asked.case_code, "reason": asked.reason}
    print_result(arguments.json, document, [f"{asked.case_code} asked for: {asked.reason}"])
    return 0


def _run_reopen(arguments: argparse.Namespace) -> int:
    from reader_app.workflow.take_answer import take_answer
    from reader_app.workflow.unpack_reading import reading_folder
    from storage.reading.reading import Reading

    with Reading.open(reading_folder(arguments.reading)) as reading:
        answer = take_answer(reading, arguments.file)
    if answer.refused:
        document = {"case": answer.case, "refused": answer.refused}
        print_result(arguments.json, document, [f"{answer.case} stays signed: {answer.refused}"])
        return 0
    print_result(arguments.json, {"case": answer.case}, [f"{answer.case} is open again"])
    return 0


def _run_pack(arguments: argparse.Namespace) -> int:
    from reader_app.workflow.pack_reading import pack_reading
    from reader_app.workflow.unpack_reading import reading_folder

    file = pack_reading(reading_folder(arguments.reading), arguments.out, progress("Pack"))
    print_result(arguments.json, {"file": str(file)}, [str(file)])
    return 0


def _run_result(arguments: argparse.Namespace) -> int:
    from reader_app.workflow.pack_reading import write_result
    from reader_app.workflow.unpack_reading import reading_folder

    file = write_result(reading_folder(arguments.reading), arguments.out)
    print_result(arguments.json, {"file": str(file)}, [str(file)])
    return 0


def _run_verify(arguments: argparse.Namespace) -> int:
    from reader_app.workflow.unpack_reading import reading_folder
    from storage.reading.reading import Reading

    with Reading.open(reading_folder(arguments.reading), read_only=True) as reading:
        findings = reading.verify(progress("Verify"))
    return print_findings(arguments.json, findings)


def print_findings(as_json: bool, findings: list[str]) -> int:
    """Print what a check found; exit status 1 if that is anything."""
    print_result(as_json, {"ok": not findings, "findings": findings}, findings or ["ok"])
    if findings:
        counted = "one problem" if len(findings) == 1 else f"{len(findings)} problems; the first"
        print_error(f"The check found {counted}: {findings[0]}")
    return 1 if findings else 0


def _password(*, first: bool) -> str:
    """Return the password from the environment, or ask; the one that sets it is asked for twice."""
    given = os.environ.get(PASSWORD_VARIABLE)
    if given is not None:
        return given
    from reader_app.workflow.errors import WorkflowError

    if not sys.stdin.isatty():
        raise WorkflowError(f"No password: set {PASSWORD_VARIABLE} or run this in a terminal.")
    password = getpass.getpass("Password: ")
    if first and getpass.getpass("The same again: ") != password:
        raise WorkflowError("The two passwords differ; nothing was signed.")
    return password

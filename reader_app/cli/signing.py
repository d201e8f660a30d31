"""Commands about signatures: submit, ask-reopening, reopen."""

from __future__ import annotations

import argparse
import getpass
import os
import sys
from pathlib import Path

from reader_app.cli.arguments import Commands, Parents
from reader_app.cli.output import print_error, print_result
from reader_app.cli.stores import open_reading

PASSWORD_VARIABLE = "RA_READER_PASSWORD"


def add_submit(steps: Commands, parents: Parents) -> None:
    """Add ``reading submit``."""
    submit = steps.add_parser(
        "submit",
        parents=parents,
        help="sign and lock cases",
        description=f"Sign and lock cases. The password is asked for, or taken from {PASSWORD_VARIABLE}; the "
        "first signature in a reading sets it (12 characters or more).",
    )
    which = submit.add_mutually_exclusive_group(required=True)
    which.add_argument("--case", nargs="+", action="extend", metavar="CODE", help="these cases")
    which.add_argument("--all", action="store_true", help="every complete case; the others are listed")
    submit.set_defaults(run=_run_submit)


def _run_submit(arguments: argparse.Namespace) -> int:
    from reader_app.workflow.submit import submit_cases

    with open_reading(arguments) as reading:
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


def add_ask_reopening(steps: Commands, parents: Parents) -> None:
    """Add ``reading ask-reopening``."""
    ask = steps.add_parser(
        "ask-reopening",
        parents=parents,
        help="ask the coordinator for a signed case",
        description="Ask for a signed case to be opened again. The request travels with the reading; the "
        "coordinator answers with a file for: ra-reader reading reopen.",
    )
    ask.add_argument("--case", required=True, metavar="CODE")
    ask.add_argument("--reason", required=True, metavar="TEXT", help="the coordinator reads it")
    ask.set_defaults(run=_run_ask_reopening)


def _run_ask_reopening(arguments: argparse.Namespace) -> int:
    with open_reading(arguments) as reading:
        asked = reading.request_reopening(arguments.case, arguments.reason)
    document = {"case": asked.case_code, "reason": asked.reason}
    print_result(arguments.json, document, [f"{asked.case_code} asked for: {asked.reason}"])
    return 0


def add_reopen(steps: Commands, parents: Parents) -> None:
    """Add ``reading reopen``."""
    reopen = steps.add_parser(
        "reopen",
        parents=parents,
        help="open a signed case again, with the coordinator's file",
        description="Open a signed case again. Its changes need a reason, and it is to be signed again. A "
        "file that refuses this is kept with its reason, and the case stays as it is.",
    )
    reopen.add_argument("file", type=Path, metavar="FILE.reopen")
    reopen.set_defaults(run=_run_reopen)


def _run_reopen(arguments: argparse.Namespace) -> int:
    from reader_app.workflow.take_answer import take_answer

    with open_reading(arguments) as reading:
        answer = take_answer(reading, arguments.file)
    if answer.refused:
        document = {"case": answer.case, "refused": answer.refused}
        print_result(arguments.json, document, [f"{answer.case} stays signed: {answer.refused}"])
        return 0
    print_result(arguments.json, {"case": answer.case}, [f"{answer.case} is open again"])
    return 0

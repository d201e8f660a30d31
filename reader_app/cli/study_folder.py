"""Commands about a study as a whole: new, check, verify."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from reader_app.cli.arguments import Commands, Parents
from reader_app.cli.output import print_error, print_findings, print_result
from reader_app.cli.stores import open_study

if TYPE_CHECKING:
    from reader_app.workflow.study_check import VisitCheck
    from storage.study.records import Visit


def add_new(steps: Commands, parents: Parents) -> None:
    """Add ``study new``."""
    new = steps.add_parser("new", parents=parents, help="make a study in a new or empty folder")
    new.add_argument("--title", required=True, metavar="T")
    new.add_argument(
        "--visit",
        action="append",
        default=[],
        type=_visit,
        metavar="LABEL[=WEEK]",
        help="a visit, in order; without any, imports add the visits they name",
    )
    new.set_defaults(run=_run_new)


def _run_new(arguments: argparse.Namespace) -> int:
    from storage.study.store import Study

    visits: list[Visit] = arguments.visit
    if len({visit.label.casefold() for visit in visits}) < len(visits):
        print_error("Two visits have the same label.")
        return 2
    with Study.create(arguments.folder, arguments.title, visits) as study:
        folder = str(study.folder)
    print_result(arguments.json, {"study": folder}, [f"study  {folder}"])
    return 0


def _visit(text: str) -> Visit:
    """Read ``LABEL`` or ``LABEL=WEEK``."""
    from storage.study.records import Visit

    label, separator, week = text.rpartition("=")
    if not separator:
        label, week = text, ""
    if not label.strip():
        raise argparse.ArgumentTypeError("a visit needs a label")
    try:
        return Visit(label.strip(), float(week) if separator else None)
    except ValueError:
        raise argparse.ArgumentTypeError(f"the week of {label!r} is {week!r}, not a number") from None


def add_check(steps: Commands, parents: Parents) -> None:
    """Add ``study check``."""
    check = steps.add_parser("check", parents=parents, help="completeness and problems by subject and visit")
    check.set_defaults(run=_run_check)


def _run_check(arguments: argparse.Namespace) -> int:
    from reader_app.workflow.study_check import check_study

    with open_study(arguments, read_only=True) as study:
        subjects = check_study(study)
    document = {
        "subjects": [
            {
                "subject": one.subject,
                "side": one.side,
                "problem": one.problem or None,
                "visits": [_visit_facts(visit) for visit in one.visits],
            }
            for one in subjects
        ]
    }
    lines: list[str] = []
    for one in subjects:
        lines.append(f"{one.subject}  {one.problem}".rstrip())
        for visit in one.visits:
            roles = ", ".join(f"{role.role} {role.problem or 'ok'}" for role in visit.roles)
            lines.append(f"    {visit.visit}: {roles or 'nothing'}")
            lines += [
                f"        ? {each.modality} not recognised ({each.role_reason}); say what it is for with: "
                f"study set-role FOLDER {each.series_uid} ROLE"
                for each in visit.unrecognised
            ]
    print_result(arguments.json, document, lines or ["no subjects yet"])
    return 0


def _visit_facts(visit: VisitCheck) -> dict[str, Any]:
    return {
        "visit": visit.visit,
        "roles": {role.role: role.problem or "ok" for role in visit.roles},
        "unrecognised": [
            {"series_uid": one.series_uid, "modality": one.modality, "reason": one.role_reason}
            for one in visit.unrecognised
        ],
    }


def add_verify(steps: Commands, parents: Parents) -> None:
    """Add ``study verify``."""
    verify = steps.add_parser("verify", parents=parents, help="check database, originals and audit trail")
    verify.set_defaults(run=_run_verify)


def _run_verify(arguments: argparse.Namespace) -> int:
    with open_study(arguments, read_only=True) as study:
        return print_findings(arguments.json, study.verify())

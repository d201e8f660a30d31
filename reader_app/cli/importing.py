"""Commands that bring images into a study: import, set-role."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from reader_app.cli.arguments import Commands, Parents
from reader_app.cli.output import print_error, print_result, progress
from reader_app.cli.stores import open_study
from reader_app.workflow.series_roles import ROLES


def add_import(steps: Commands, parents: Parents) -> None:
    """Add ``study import``."""
    take = steps.add_parser(
        "import",
        parents=parents,
        help="import images under subject and visit",
        description="Scan, copy and file images. Where they belong is told by a map, by --subject and "
        "--visit, or found by Patient ID and date where only one visit fits. Importing again adds nothing "
        "twice. Exit status 1 if every file was rejected.",
    )
    take.add_argument(
        "paths", nargs="+", type=Path, metavar="PATH", help="file or folder, searched to any depth"
    )
    take.add_argument(
        "--map",
        type=Path,
        metavar="TABLE.csv",
        help="columns path (prefix) or patient_id and study_date, then subject, visit, and side if known",
    )
    take.add_argument("--subject", metavar="CODE")
    take.add_argument("--visit", metavar="LABEL")
    take.add_argument("--side", choices=("L", "R"), help="the imaged hand")
    take.set_defaults(run=_run_import, parser=take)


def _run_import(arguments: argparse.Namespace) -> int:
    from reader_app.workflow.import_images import check_visits, import_images
    from reader_app.workflow.placement import Placement, place_all, place_by_map, read_map

    if (arguments.subject is None) != (arguments.visit is None) or (arguments.map and arguments.subject):
        arguments.parser.print_usage(sys.stderr)
        print_error("Give --map, or --subject and --visit together, or none of them.")
        return 2
    if arguments.side and not arguments.subject:
        print_error("--side goes with --subject and --visit; in a map it is a column.")
        return 2
    with open_study(arguments) as study:
        place = None
        if arguments.map:
            rows = read_map(arguments.map)
            check_visits(study, [row.placement.visit for row in rows])
            place = place_by_map(rows, [Path.cwd(), arguments.map.absolute().parent, *arguments.paths])
        elif arguments.subject:
            check_visits(study, [arguments.visit])
            place = place_all(Placement(arguments.subject, arguments.visit, arguments.side))
        report = import_images(study, arguments.paths, place, checkpoint=progress("Import"))
    document = {
        "imported": report.imported,
        "already_there": report.already_there,
        "rejected": [{"path": str(one.path.absolute()), "reason": one.reason} for one in report.rejected],
    }
    lines = [f"rejected  {one.path}: {one.reason}" for one in report.rejected]
    lines.append(
        f"{report.imported} imported, {report.already_there} already there, {len(report.rejected)} rejected"
    )
    print_result(arguments.json, document, lines)
    if report.rejected and not report.imported and not report.already_there:
        number = len(report.rejected)
        counted = "The file was rejected" if number == 1 else f"All {number} files were rejected; the first"
        print_error(f"{counted}: {report.rejected[0].reason}")
        return 1
    return 0


def add_set_role(steps: Commands, parents: Parents) -> None:
    """Add ``study set-role``."""
    role = steps.add_parser("set-role", parents=parents, help="overrule the recognised role of a series")
    role.add_argument("series_uid", metavar="SERIES_UID", help="as study check and scan name it")
    role.add_argument("role", metavar="ROLE", help=f"one of {', '.join(ROLES)}; other is read in no round")
    role.set_defaults(run=_run_set_role)


def _run_set_role(arguments: argparse.Namespace) -> int:
    from reader_app.workflow.set_role import set_role

    with open_study(arguments) as study:
        old = set_role(study, arguments.series_uid, arguments.role)
    document = {"series_uid": arguments.series_uid, "role": arguments.role, "before": old}
    print_result(arguments.json, document, [f"{arguments.series_uid}: {old} -> {arguments.role}"])
    return 0

"""Commands of the coordinator: a study from its first image to its tables."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from pathlib import Path
from typing import Any

from reader_app.cli.analyse import add_analyse_command
from reader_app.cli.output import print_error, print_result, progress
from reader_app.cli.reading import print_findings
from scoring_forms.domain.adjudication_rule import METHODS
from scoring_forms.domain.rules import EVIDENCE_RULES, RoundRules
from scoring_forms.domain.scoring_system import ScoringSystem
from storage.study.records import Visit
from storage.study.store import Study

Commands = Any  # argparse's class for this has no public name


def add_commands(commands: Commands, as_json: argparse.ArgumentParser) -> None:
    """Add the study commands."""
    group = commands.add_parser("study", help="make a study, import, define rounds, collect, lock, export")
    steps = group.add_subparsers(title="commands", metavar="COMMAND", required=True)
    where = argparse.ArgumentParser(add_help=False)
    where.add_argument("folder", type=Path, metavar="FOLDER", help="the study's folder")
    parents = [where, as_json]
    _add_image_commands(steps, parents)
    _add_round_command(steps, parents)
    _add_result_commands(steps, parents)


def _add_image_commands(steps: Commands, parents: list[argparse.ArgumentParser]) -> None:
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

    take = steps.add_parser(
        "import",
        parents=parents,
        help="import images under subject and visit",
        description="Scan, copy and file images. Where they belong is told by a map, by --subject and "
        "--visit, or found by Patient ID and date where only one visit fits. Importing again adds nothing "
        "twice.",
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

    role = steps.add_parser("set-role", parents=parents, help="overrule the recognised role of a series")
    role.add_argument("series_uid", metavar="SERIES_UID")
    role.add_argument("role", metavar="ROLE")
    role.set_defaults(run=_run_set_role)

    check = steps.add_parser("check", parents=parents, help="completeness and problems by subject and visit")
    check.set_defaults(run=_run_check)


def _add_round_command(steps: Commands, parents: list[argparse.ArgumentParser]) -> None:
    plan = steps.add_parser("round", parents=parents, help="define a round and prepare its readings")
    plan.add_argument(
        "--title", required=True, metavar="T", help="readers see it: no visit, week, date or subject"
    )
    plan.add_argument(
        "--system",
        nargs="+",
        action="extend",
        required=True,
        metavar="ID",
        help="a scoring system of the program, or the path of a .toml or .json file that describes one",
    )
    plan.add_argument("--reader", nargs="+", action="extend", required=True, metavar="NAME")
    plan.add_argument("--features", nargs="+", action="extend", default=[], metavar="ID", help="default: all")
    plan.add_argument("--design", choices=("paired", "single", "chronological"), default="paired")
    plan.add_argument(
        "--visits", nargs="+", action="extend", default=[], metavar="LABEL", help="default: all"
    )
    plan.add_argument("--repeat", type=float, default=0.0, metavar="SHARE", help="share of cases shown twice")
    plan.add_argument("--seed", type=int, metavar="N", help="default: 128 random bits")
    plan.add_argument(
        "--adjudicate",
        action="append",
        default=[],
        metavar="RULE",
        help="change:FEATURE>N, status:FEATURE>N, site>=N, progression:FEATURE or all; may be repeated",
    )
    plan.add_argument(
        "--adjudication-method",
        choices=METHODS,
        default=METHODS[0],
        help="whose scores count of a case that was adjudicated: the two closest by the change that was "
        "compared (all three at a tie; the default), the adjudicator alone, the mean of all three, or the "
        "adjudicator's as consensus",
    )
    plan.add_argument(
        "--out", type=Path, metavar="DIR", help="where the readings go; default FOLDER/readings"
    )
    _add_rules(plan)
    plan.set_defaults(run=_run_round)


def _add_rules(plan: argparse.ArgumentParser) -> None:
    default = RoundRules()
    rules = plan.add_argument_group("what is asked of the readers")
    rules.add_argument("--hide-totals", action="store_true", help="readers see no totals while they score")
    rules.add_argument(
        "--evidence",
        choices=EVIDENCE_RULES,
        default=default.evidence,
        help="scores that lack marks: nothing, a warning, or no signature without a reason; default off",
    )
    rules.add_argument(
        "--same-place-mm",
        type=float,
        default=default.same_place_mm,
        metavar="MM",
        help=f"marks in two planes are one lesion up to this distance; default {default.same_place_mm:g}",
    )
    rules.add_argument(
        "--confidence", action="store_true", help="readers may say how sure they are of a score"
    )
    rules.add_argument(
        "--no-fill-unseen",
        action="store_true",
        help="zeros only where the reader has looked at site and visit",
    )
    rules.add_argument(
        "--prorate-from",
        type=float,
        default=default.prorate_from,
        metavar="SHARE",
        help=f"share of sites with a grade that a prorated total needs; default {default.prorate_from:g}",
    )


def _add_result_commands(steps: Commands, parents: list[argparse.ArgumentParser]) -> None:
    collect = steps.add_parser("collect", parents=parents, help="verify readings and take over signed cases")
    collect.add_argument(
        "readings",
        nargs="*",
        type=Path,
        metavar="X.reading",
        help="readings, their zips or results; default: all of the study",
    )
    collect.set_defaults(run=_run_collect)

    reopenings = steps.add_parser(
        "reopenings", parents=parents, help="readers' requests to change signed cases, and what was granted"
    )
    reopenings.set_defaults(run=_run_reopenings)

    grant = steps.add_parser(
        "grant-reopening",
        parents=parents,
        help="allow a reader to change a signed case",
        description="Allow what a reader asked for and write the small file that the reader opens with: "
        "ra-reader reading reopen. The next collect takes the new signature; the old sheet is kept.",
    )
    grant.add_argument("--reading", required=True, metavar="CODE", help="as study reopenings lists it")
    grant.add_argument("--case", required=True, metavar="CODE")
    grant.add_argument(
        "--out",
        required=True,
        type=Path,
        metavar="FILE",
        help="the new file, or a folder for READING-CASE.reopen",
    )
    grant.set_defaults(run=_run_grant_reopening)

    refuse = steps.add_parser(
        "refuse-reopening",
        parents=parents,
        help="let a signed case stay as it is",
        description="Refuse a request, with a reason that the reader sees. Writes a small file for: "
        "ra-reader reading reopen. The request can still be granted later.",
    )
    refuse.add_argument("--reading", required=True, metavar="CODE", help="as study reopenings lists it")
    refuse.add_argument("--case", required=True, metavar="CODE")
    refuse.add_argument("--reason", required=True, metavar="TEXT", help="one line; the reader sees it")
    refuse.add_argument(
        "--out",
        type=Path,
        required=True,
        metavar="FILE",
        help="the new file, or a folder for READING-CASE.refused",
    )
    refuse.set_defaults(run=_run_refuse_reopening)

    adjudicate = steps.add_parser(
        "adjudicate",
        parents=parents,
        help="where the readers of a round disagree by its rules; prepare the adjudicator's reading",
        description="List the disagreements of collected cases by the round's own codes: where and how far, "
        "never at which visit. Change is each later visit minus the first. With a name, prepare the "
        "adjudication: a blinded reading of all visits of these cases, with both readers' scores as Reader 1 "
        "and Reader 2 and ordinary cases among them.",
    )
    adjudicate.add_argument("--round", required=True, metavar="R", help="title or id")
    adjudicate.add_argument("--adjudicator", metavar="NAME", help="who decides; nobody who read the round")
    adjudicate.add_argument(
        "--mix",
        type=float,
        default=0.2,
        metavar="RATE",
        help="ordinary cases for each case that disagrees, 0 to 1; default 0.2",
    )
    adjudicate.add_argument("--anyway", action="store_true", help="even if cases are not collected yet")
    adjudicate.set_defaults(run=_run_adjudicate)

    lock = steps.add_parser("lock", parents=parents, help="freeze a round, so that it may be exported")
    lock.add_argument("--round", required=True, metavar="R", help="title or id")
    lock.add_argument("--anyway", action="store_true", help="even if cases are missing")
    lock.set_defaults(run=_run_lock)

    export = steps.add_parser("export", parents=parents, help="write the score sheets of a locked round")
    export.add_argument("--round", required=True, metavar="R", help="title or id")
    export.add_argument("--out", required=True, type=Path, metavar="DIR", help="nothing there is overwritten")
    export.add_argument("--format", default="csv", metavar="FORMATS", help="some of csv,xlsx,sav,dta,xpt")
    export.set_defaults(run=_run_export)

    add_analyse_command(steps, parents)
    verify = steps.add_parser("verify", parents=parents, help="check database, originals and audit trail")
    verify.set_defaults(run=_run_verify)


def _run_new(arguments: argparse.Namespace) -> int:
    visits: list[Visit] = arguments.visit
    if len({visit.label.casefold() for visit in visits}) < len(visits):
        print_error("Two visits have the same label.")
        return 2
    with Study.create(arguments.folder, arguments.title, visits) as study:
        folder = str(study.folder)
    print_result(arguments.json, {"study": folder}, [f"study  {folder}"])
    return 0


def _run_import(arguments: argparse.Namespace) -> int:
    from reader_app.workflow.import_images import check_visits, import_images
    from reader_app.workflow.placement import Placement, place_all, place_by_map, read_map

    if (arguments.subject is None) != (arguments.visit is None) or (arguments.map and arguments.subject):
        arguments.parser.print_usage(_stderr())
        print_error("Give --map, or --subject and --visit together, or none of them.")
        return 2
    if arguments.side and not arguments.subject:
        print_error("--side goes with --subject and --visit; in a map it is a column.")
        return 2
    with Study.open(arguments.folder) as study:
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
    return 0


def _run_set_role(arguments: argparse.Namespace) -> int:
    from reader_app.workflow.set_role import set_role

    with Study.open(arguments.folder) as study:
        old = set_role(study, arguments.series_uid, arguments.role)
    document = {"series_uid": arguments.series_uid, "role": arguments.role, "before": old}
    print_result(arguments.json, document, [f"{arguments.series_uid}: {old} -> {arguments.role}"])
    return 0


def _run_check(arguments: argparse.Namespace) -> int:
    from reader_app.workflow.study_check import check_study

    with Study.open(arguments.folder, read_only=True) as study:
        subjects = check_study(study)
    document = {
        "subjects": [
            {
                "subject": one.subject,
                "side": one.side,
                "problem": one.problem or None,
                "visits": [
                    {"visit": visit.visit, "roles": {role.role: role.problem or "ok" for role in visit.roles}}
                    for visit in one.visits
                ],
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
    print_result(arguments.json, document, lines or ["no subjects yet"])
    return 0


def _run_round(arguments: argparse.Namespace) -> int:
    from reader_app.workflow.prepare_round import RoundRequest, prepare_round

    request = RoundRequest(
        title=arguments.title,
        systems=tuple(_system(one) for one in arguments.system),
        readers=tuple(arguments.reader),
        features=tuple(arguments.features),
        design=arguments.design,
        visits=tuple(arguments.visits),
        repeat=arguments.repeat,
        seed=arguments.seed,
        adjudication=tuple(arguments.adjudicate),
        out=arguments.out,
        rules=_rules(arguments),
        method=arguments.adjudication_method,
    )
    with Study.open(arguments.folder) as study:
        prepared = prepare_round(study, request, progress("Prepare"))
    document = {
        "round": prepared.round.plan.title,
        "id": prepared.round.id,
        "readings": [
            {"reader": one.reader, "path": one.path, "cases": len(one.cases)} for one in prepared.readings
        ],
        "skipped": [{"subject": code, "reason": reason} for code, reason in prepared.skipped.items()],
    }
    lines = [f"{one.reader}: {len(one.cases)} cases  {one.path}" for one in prepared.readings]
    lines += [f"skipped {code}: {reason}" for code, reason in prepared.skipped.items()]
    print_result(arguments.json, document, lines)
    return 0


def _run_collect(arguments: argparse.Namespace) -> int:
    from reader_app.workflow.collect import collect

    with Study.open(arguments.folder) as study:
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


def _run_reopenings(arguments: argparse.Namespace) -> int:
    with Study.open(arguments.folder, read_only=True) as study:
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


def _run_grant_reopening(arguments: argparse.Namespace) -> int:
    from reader_app.workflow.reopening import grant_reopening

    with Study.open(arguments.folder) as study:
        path = grant_reopening(study, arguments.reading, arguments.case, arguments.out)
    print_result(arguments.json, {"file": str(path)}, [str(path)])
    return 0


def _run_refuse_reopening(arguments: argparse.Namespace) -> int:
    from reader_app.workflow.reopening import write_refusal
    from reader_app.workflow.reopening_requests import newest_request, refuse_reopening

    with Study.open(arguments.folder) as study:
        asked = newest_request(study, arguments.reading, arguments.case)
        refuse_reopening(study, asked, arguments.reason)
    path = write_refusal(asked, arguments.reason, arguments.out)
    print_result(arguments.json, {"file": str(path)}, [str(path)])
    return 0


def _run_adjudicate(arguments: argparse.Namespace) -> int:
    from reader_app.workflow.adjudicate import AdjudicationRequest, prepare_adjudication
    from reader_app.workflow.disagreements import list_disagreements

    reading = None
    with Study.open(arguments.folder) as study:
        if arguments.adjudicator is not None:
            asked = (arguments.round, arguments.adjudicator, arguments.mix, arguments.anyway)
            reading = prepare_adjudication(study, AdjudicationRequest(*asked), progress("Prepare"))
        comparison = list_disagreements(study, arguments.round)
    document: dict[str, Any] = {
        "round": comparison.round.plan.title,
        "compared": list(comparison.compared),
        "waiting": list(comparison.waiting),
        "comparison": comparison.words,
        "disagreements": [asdict(one) for one in comparison.disagreements],
        "reading": None if reading is None else reading.path,
        "cases": None if reading is None else len(reading.cases),
    }
    lines: list[str] = []
    for one in comparison.disagreements:
        apart = _apart(one.difference)
        lines.append(f"{one.case}  {one.system}.{one.feature}  {apart}  by {one.rule}  {one.status}")
        lines += [
            f"    {site.feature} {site.side or ''} {site.site}  {site.difference:g}" for site in one.sites
        ]
    found = len({one.case for one in comparison.disagreements})
    lines.append(f"{comparison.words} {found} of them disagree.")
    if reading is not None:
        lines.append(f"{reading.reader}: {len(reading.cases)} cases  {reading.path}")
    print_result(arguments.json, document, lines)
    return 0


def _apart(difference: float | None) -> str:
    return "not comparable" if difference is None else f"{difference:g} apart"


def _run_lock(arguments: argparse.Namespace) -> int:
    from reader_app.workflow.errors import RoundNotCompleteError
    from reader_app.workflow.lock import lock_round

    with Study.open(arguments.folder) as study:
        report = lock_round(study, arguments.round, anyway=arguments.anyway)
        title = study.round(arguments.round).plan.title
    missing = [{"reader": one.reader, "case": one.case} for one in report.missing]
    document = {"round": title, "locked": report.locked, "missing": missing, "pending": list(report.pending)}
    lines = [f"missing: {one.reader}, case {one.case}" for one in report.missing]
    lines += [f"awaits adjudication: {code}" for code in report.pending]
    print_result(arguments.json, document, [*lines, "locked" if report.locked else "not locked"])
    if not report.locked:
        print_error(str(RoundNotCompleteError(title, len(report.missing), len(report.pending))))
        return 1
    return 0


def _run_export(arguments: argparse.Namespace) -> int:
    from reader_app.workflow.export import export_round

    formats = [one.strip().lower() for one in arguments.format.split(",")]
    with Study.open(arguments.folder) as study:
        files = export_round(study, arguments.round, arguments.out, formats, progress("Export"))
    print_result(arguments.json, {"files": [str(path) for path in files]}, [str(path) for path in files])
    return 0


def _run_verify(arguments: argparse.Namespace) -> int:
    with Study.open(arguments.folder, read_only=True) as study:
        return print_findings(arguments.json, list(study.verify()))


def _rules(arguments: argparse.Namespace) -> RoundRules:
    return RoundRules(
        totals_visible=not arguments.hide_totals,
        evidence=arguments.evidence,
        same_place_mm=arguments.same_place_mm,
        confidence=arguments.confidence,
        fill_unseen=not arguments.no_fill_unseen,
        prorate_from=arguments.prorate_from,
    )


def _system(text: str) -> str | ScoringSystem:
    """Return the id of a system of the program, or what a file describes."""
    from scoring_forms.domain.systems import SYSTEM_FILES, load_system_file

    path = Path(text)
    return load_system_file(path) if path.suffix.lower() in SYSTEM_FILES else text


def _visit(text: str) -> Visit:
    """Read ``LABEL`` or ``LABEL=WEEK``."""
    label, separator, week = text.rpartition("=")
    if not separator:
        label, week = text, ""
    if not label.strip():
        raise argparse.ArgumentTypeError("a visit needs a label")
    try:
        return Visit(label.strip(), float(week) if separator else None)
    except ValueError:
        raise argparse.ArgumentTypeError(f"the week of {label!r} is {week!r}, not a number") from None


def _stderr() -> Any:
    import sys

    return sys.stderr

"""Commands at both ends of a round: round (plan it and prepare its readings) and lock."""

from __future__ import annotations

import argparse
from pathlib import Path

from reader_app.cli.arguments import Commands, Parents, add_round_title
from reader_app.cli.output import print_error, print_result, progress
from reader_app.cli.stores import open_study
from scoring_forms.domain.adjudication_rule import METHODS
from scoring_forms.domain.rules import EVIDENCE_RULES, RoundRules
from scoring_forms.domain.scoring_system import ScoringSystem


def add_round(steps: Commands, parents: Parents) -> None:
    """Add ``study round``."""
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
        nargs="+",
        action="extend",
        default=[],
        metavar="RULE",
        help="change:FEATURE>N, status:FEATURE>N, site>=N, progression:FEATURE or all; one or more, each in "
        "quotation marks, since shells take > for a file",
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
    with open_study(arguments) as study:
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


def add_lock(steps: Commands, parents: Parents) -> None:
    """Add ``study lock``."""
    lock = steps.add_parser("lock", parents=parents, help="freeze a round, so that it may be exported")
    add_round_title(lock)
    lock.add_argument("--anyway", action="store_true", help="even if cases are missing")
    lock.set_defaults(run=_run_lock)


def _run_lock(arguments: argparse.Namespace) -> int:
    from reader_app.workflow.errors import RoundNotCompleteError
    from reader_app.workflow.lock import lock_round

    with open_study(arguments) as study:
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

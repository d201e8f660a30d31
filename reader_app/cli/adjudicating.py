"""``study adjudicate``: where readers disagree, and the reading of who decides."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from typing import Any

from reader_app.cli.arguments import Commands, Parents, add_round_title
from reader_app.cli.output import print_result, progress
from reader_app.cli.stores import open_study


def add_adjudicate(steps: Commands, parents: Parents) -> None:
    """Add ``study adjudicate``."""
    adjudicate = steps.add_parser(
        "adjudicate",
        parents=parents,
        help="where the readers of a round disagree by its rules; prepare the adjudicator's reading",
        description="List the disagreements of collected cases by the round's own codes: where and how far, "
        "never at which visit. Change is each later visit minus the first. With a name, prepare the "
        "adjudication: a blinded reading of all visits of these cases, with both readers' scores as Reader 1 "
        "and Reader 2 and ordinary cases among them.",
    )
    add_round_title(adjudicate)
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


def _run_adjudicate(arguments: argparse.Namespace) -> int:
    from reader_app.workflow.adjudicate import AdjudicationRequest, prepare_adjudication
    from reader_app.workflow.disagreements import list_disagreements

    reading = None
    with open_study(arguments) as study:
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
    lines.append(f"{comparison.words} {comparison.outcome()}.")
    if reading is not None:
        lines.append(f"{reading.reader}: {len(reading.cases)} cases  {reading.path}")
    print_result(arguments.json, document, lines)
    return 0


def _apart(difference: float | None) -> str:
    return "not comparable" if difference is None else f"{difference:g} apart"

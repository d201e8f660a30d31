"""Whose scores count in a round, subject by subject, and where each final score comes from.

The readers are chosen once for a subject and used at every visit and for every feature, so that the final
change is the final follow-up minus the final baseline (statistics reference, section 11).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import cast

from reader_app.workflow.collected_timepoints import ReadCase
from scoring_forms.analysis.consensus import Decision, Origin, undisputed
from scoring_forms.analysis.decisions import final_decisions
from scoring_forms.analysis.disagreement import find_disagreements
from scoring_forms.analysis.score_cube import ReadCase as CubeCase
from scoring_forms.analysis.score_cube import ScoreCube, score_cube
from scoring_forms.domain.adjudication_rule import METHODS, PLANNED, AdjudicationRule, Method, parse_rule
from storage.study.records import RoundPlan

_THIRD = " adjudicator"
"""Whoever adjudicates, as a reader of the cube; readers' names begin with no space."""


@dataclass(frozen=True, slots=True)
class FinalScore:
    """Whose mean is a subject's final score, and what that is called; nobody's while it is pending."""

    readers: tuple[str, ...]
    origin: Origin


_PENDING = FinalScore((), "adjudication_pending")


def method_of(plan: RoundPlan) -> Method:
    """Return what an adjudication of the round does; rounds of before there was a choice have the default."""
    return METHODS[0] if plan.method is None else cast("Method", plan.method)


def final_scores_of(plan: RoundPlan, cases: Sequence[ReadCase]) -> dict[str, FinalScore]:
    """Return the final score of every subject that came back from all planned readers.

    Args:
        plan: The round's.
        cases: What was collected of planned readers and adjudicators; repeats do not count.
    """
    read = _by_reader(cases)
    subjects = [subject for subject, of in read.items() if _is_complete(plan, of)]
    agreed = FinalScore(plan.readers, undisputed(len(plan.readers)).origin)
    if len(plan.readers) == 1 or not plan.adjudication:
        return dict.fromkeys(subjects, agreed)
    rules = [parse_rule(text, plan.form) for text in plan.adjudication]
    if len(plan.readers) > PLANNED:
        disputed = _disputed(plan, read, subjects, rules)
        return {subject: _PENDING if subject in disputed else agreed for subject in subjects}
    adjudicators = {subject: _adjudicator(plan, read[subject]) for subject in subjects}
    decisions = final_decisions(_cube(plan, read, subjects, adjudicators), rules, method_of(plan))
    return {subject: _named(decisions[subject], plan, adjudicators[subject]) for subject in subjects}


_Read = Mapping[str, list[ReadCase]]
"""The cases of one subject by reader."""


def _by_reader(cases: Iterable[ReadCase]) -> dict[str, dict[str, list[ReadCase]]]:
    read: dict[str, dict[str, list[ReadCase]]] = {}
    for one in cases:
        if not one.case.repeat:
            read.setdefault(one.case.subject, {}).setdefault(one.reader, []).append(one)
    return read


def _visits(cases: Iterable[ReadCase]) -> set[str]:
    return {timepoint.visit for one in cases for timepoint in one.case.timepoints}


def _is_complete(plan: RoundPlan, of: _Read) -> bool:
    """Whether every planned reader's scores of a subject are there, at the same visits."""
    seen = [_visits(of.get(reader, ())) for reader in plan.readers]
    return bool(seen[0]) and all(visits == seen[0] for visits in seen)


def _adjudicator(plan: RoundPlan, of: _Read) -> str | None:
    """Return who has adjudicated all visits of a subject."""
    wanted = _visits(of[plan.readers[0]])
    others = (reader for reader in of if reader not in plan.readers)
    return next((reader for reader in others if _visits(of[reader]) == wanted), None)


def _cube(
    plan: RoundPlan,
    read: Mapping[str, _Read],
    subjects: Sequence[str],
    adjudicators: Mapping[str, str | None],
) -> ScoreCube:
    cases = [
        _as_read(one if reader in plan.readers else replace(one, reader=_THIRD))
        for subject in subjects
        for reader in (*plan.readers, adjudicators[subject])
        if reader is not None
        for one in read[subject][reader]
    ]
    third = (_THIRD,) if any(adjudicators.values()) else ()
    return score_cube(plan.form, cases, subjects, plan.visits, (*plan.readers, *third))


def _disputed(
    plan: RoundPlan, read: Mapping[str, _Read], subjects: Sequence[str], rules: Sequence[AdjudicationRule]
) -> set[str]:
    cube = _cube(plan, read, subjects, dict.fromkeys(subjects))
    return {one.subject for one in find_disagreements(cube, rules)}


def _as_read(one: ReadCase) -> CubeCase:
    visits = {timepoint.letter: timepoint.visit for timepoint in one.case.timepoints}
    return CubeCase(one.case.subject, one.reader, visits, one.collected.sheet)


def _named(decision: Decision, plan: RoundPlan, adjudicator: str | None) -> FinalScore:
    names = (*plan.readers, adjudicator or "")
    return FinalScore(tuple(names[number] for number in decision.readers), decision.origin)

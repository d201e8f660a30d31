"""Where the readers of a round disagree, told before the lock: where and how far, never at which visit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from reader_app.workflow.errors import NothingToCompareError
from scoring_forms.analysis.disagreement import Disagreement, find_disagreements
from scoring_forms.analysis.score_cube import ReadCase, ScoreCube, score_cube
from scoring_forms.domain.adjudication_rule import AdjudicationRule, parse_rule
from storage.study.records import AllocatedReading, CollectedCase, Round
from storage.study.store import Study

AdjudicationState = Literal["open", "prepared", "adjudicated"]


@dataclass(frozen=True, slots=True)
class SiteApart:
    """A bone or joint at which readers lie apart, and how far at the visit where it is most."""

    feature: str
    side: str | None
    site: str
    difference: float


@dataclass(frozen=True, slots=True)
class CaseDisagreement:
    """What sends one case to adjudication, for one feature.

    Attributes:
        case: The round's own code.
        system: Id of the scoring system.
        feature: A feature, derived count, named sum, or ``"total"``.
        rule: The rule that found it, as it is written.
        difference: How far the readers lie apart by that rule; None where they cannot be compared.
        sites: Where; the furthest apart first.
        status: Whether no adjudicator has the case yet, one has it, or one has signed it.
    """

    case: str
    system: str
    feature: str
    rule: str
    difference: float | None
    sites: tuple[SiteApart, ...]
    status: AdjudicationState


@dataclass(frozen=True, slots=True)
class Comparison:
    """The readers of a round held against each other; cases are the round's own codes.

    Attributes:
        round: What was compared.
        n_readers: How many readers; of more than two the highest and the lowest are compared.
        compared: Cases that came back from every reader.
        waiting: Cases that did not yet.
        disagreements: Case by case.
    """

    round: Round
    n_readers: int
    compared: tuple[str, ...]
    waiting: tuple[str, ...]
    disagreements: tuple[CaseDisagreement, ...]

    @property
    def words(self) -> str:
        """What was compared, as a sentence."""
        who = (
            "the two readers"
            if self.n_readers == 2
            else f"the highest and the lowest of {self.n_readers} readers"
        )
        cases = "1 case" if len(self.compared) == 1 else f"{len(self.compared)} cases"
        waits = "1 is" if len(self.waiting) == 1 else f"{len(self.waiting)} are"
        waiting = f"; {waits} not collected from every reader yet" if self.waiting else ""
        return f"Compared: {who}, in {cases}{waiting}."

    def outcome(self, compared: str = "them") -> str:
        """Say in how many of the *compared* the readers disagree."""
        found = len({one.case for one in self.disagreements})
        return f"{found} of {compared} {'disagrees' if found == 1 else 'disagree'}"


@dataclass(frozen=True, slots=True, eq=False)
class WhatCameBack:
    """What was collected of some readings, without repeats.

    Attributes:
        cases: By subject.
        sides: Of every subject that is read.
        complete: The subjects of which every case came back.
    """

    cases: Mapping[str, tuple[ReadCase, ...]]
    sides: Mapping[str, str | None]
    complete: frozenset[str]


def list_disagreements(study: Study, name: str) -> Comparison:
    """Compare the readers of a round and tell the study's audit trail.

    Args:
        study: Open for writing.
        name: Title or id of the round.

    Raises:
        UnknownRoundError: There is no such round.
        NothingToCompareError: It has no rule, or one reader, or nothing came back from all of them.
    """
    comparison = compare_readers(study, study.round(name))
    told = f"{len(comparison.compared)} cases compared, {len(comparison.disagreements)} disagreements"
    study.note("readers.compared", item=comparison.round.plan.title, new=told)
    return comparison


def compare_readers(study: Study, chosen: Round) -> Comparison:
    """Compare the readers of a round by its rules; see :func:`list_disagreements`.

    Raises:
        NothingToCompareError: It has no rule, or one reader, or nothing came back from all of them.
    """
    plan = chosen.plan
    if not plan.adjudication:
        raise NothingToCompareError(
            plan.title, "has no adjudication rule; rules are set when a round is defined"
        )
    if len(plan.readers) == 1:
        raise NothingToCompareError(plan.title, "has one reader, so nobody can disagree")
    codes = study.round_codes(chosen.id)
    back = what_came_back(study, study.readings(chosen.id))
    adjudicated = what_came_back(study, study.adjudications(chosen.id))
    states: dict[str, AdjudicationState] = {codes[subject]: _state(subject, adjudicated) for subject in codes}
    subjects = sorted(back.complete, key=lambda subject: codes[subject])
    if not subjects:
        raise NothingToCompareError(plan.title, "has no case yet that came back from every reader")
    cases = [case for subject in subjects for case in back.cases[subject]]
    cube = score_cube(plan.form, cases, subjects, plan.visits, plan.readers)
    return Comparison(
        chosen,
        len(plan.readers),
        tuple(codes[subject] for subject in subjects),
        tuple(sorted(code for subject, code in codes.items() if subject not in back.complete)),
        tuple(_found(cube, rules_of(chosen), codes, back.sides, states)),
    )


def rules_of(chosen: Round) -> tuple[AdjudicationRule, ...]:
    """Return the adjudication rules of a round in its order."""
    return tuple(parse_rule(text, chosen.plan.form) for text in chosen.plan.adjudication)


def what_came_back(study: Study, readings: Sequence[AllocatedReading]) -> WhatCameBack:
    """Return what was collected of *readings* and is in force."""
    cases: dict[str, tuple[ReadCase, ...]] = {}
    sides: dict[str, str | None] = {}
    waiting: set[str] = set()
    for reading in readings:
        collected = in_force(study, reading)
        for case in reading.cases:
            if case.repeat:
                continue
            sides[case.subject] = case.side
            if case.code not in collected:
                waiting.add(case.subject)
                continue
            visits = {timepoint.letter: timepoint.visit for timepoint in case.timepoints}
            read = ReadCase(case.subject, reading.reader, visits, collected[case.code].sheet)
            cases[case.subject] = (*cases.get(case.subject, ()), read)
    return WhatCameBack(cases, sides, frozenset(sides) - waiting)


def in_force(study: Study, reading: AllocatedReading) -> dict[str, CollectedCase]:
    """Return the collected cases of a reading whose signature was not lifted since, by code."""
    lifted = {(grant.case, grant.receipt) for grant in study.reopening_grants(reading.code)}
    return {
        code: case
        for code, case in study.collected(reading.code).items()
        if (code, case.receipt.get("hash")) not in lifted
    }


def _found(
    cube: ScoreCube,
    rules: tuple[AdjudicationRule, ...],
    codes: Mapping[str, str],
    sides: Mapping[str, str | None],
    states: Mapping[str, AdjudicationState],
) -> Iterator[CaseDisagreement]:
    for one in find_disagreements(cube, rules):
        code, sites = codes[one.subject], _without_visits(one, sides[one.subject])
        place = (code, one.system, one.feature, one.rule.text)
        yield CaseDisagreement(*place, one.difference, sites, states[code])


def _state(subject: str, adjudicated: WhatCameBack) -> AdjudicationState:
    if subject in adjudicated.complete:
        return "adjudicated"
    return "prepared" if subject in adjudicated.sides else "open"


def _without_visits(one: Disagreement, side: str | None) -> tuple[SiteApart, ...]:
    """Return each place once, with the difference where it is most."""
    apart: dict[tuple[str, str | None, str], float] = {}
    for difference in one.sites:
        grades = [grade for grade in difference.grades if grade is not None]
        place = (difference.feature, difference.side or side, difference.site)
        apart[place] = max(apart.get(place, 0.0), max(grades) - min(grades))
    furthest_first = sorted(apart.items(), key=lambda item: -item[1])
    return tuple(SiteApart(*place, distance) for place, distance in furthest_first)

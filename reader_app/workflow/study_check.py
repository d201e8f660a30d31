"""What is there and what is not: subjects by visits, with the state of every expected role."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from reader_app.workflow.series_roles import FILM_PREFIX, FOOT_PREFIX, RoleStatus, fill_roles, side_of
from scoring_forms.domain.form import compose_form
from scoring_forms.domain.systems import available_systems
from storage.study.records import StoredSeries, Subject
from storage.study.store import Study

_FILM_MODALITIES = {"MR": False, "CR": True, "DX": True}


@dataclass(frozen=True, slots=True)
class VisitCheck:
    """The roles of one visit of a subject.

    ``unrecognised`` are series that no rule gave a role and nobody overruled, while a role of their kind
    (film or MR) is missing: each may be what is missed, and the coordinator has to look.
    """

    visit: str
    roles: tuple[RoleStatus, ...]
    unrecognised: tuple[StoredSeries, ...] = ()


@dataclass(frozen=True, slots=True)
class SubjectCheck:
    """The visits of a subject; ``problem`` is about its side."""

    subject: str
    side: str | None
    problem: str
    visits: tuple[VisitCheck, ...]


def check_study(study: Study) -> tuple[SubjectCheck, ...]:
    """Return the completeness of every subject.

    Expected are the roles of the study's rounds; while there is none, those that the scoring systems
    read. A visit without any film, or any MR, of all subjects is taken as planned without.
    """
    series, visits = study.series(), [visit.label for visit in study.visits()]
    expected = {visit: _expected(study, series, visit) for visit in visits}
    of_subject: defaultdict[str, list[StoredSeries]] = defaultdict(list)
    for one in series:
        of_subject[one.subject].append(one)
    return tuple(_check_subject(subject, of_subject[subject.code], expected) for subject in study.subjects())


def _check_subject(
    subject: Subject, series: Sequence[StoredSeries], expected: dict[str, list[str]]
) -> SubjectCheck:
    side, problem = side_of(subject, series)
    checks: list[VisitCheck] = []
    for visit, roles in expected.items():
        here = [one for one in series if one.visit == visit]
        more = {one.role for one in here} - {"other", *roles}
        statuses = fill_roles(here, [*roles, *sorted(more)], side)
        checks.append(VisitCheck(visit, statuses, _unrecognised(here, statuses)))
    return SubjectCheck(subject.code, side, problem, tuple(checks))


def _unrecognised(series: Sequence[StoredSeries], statuses: Sequence[RoleStatus]) -> tuple[StoredSeries, ...]:
    missed = {one.role.startswith(FILM_PREFIX) for one in statuses if not one.series}
    unknown = [one for one in series if one.role == "other" and not one.overruled]
    return tuple(one for one in unknown if _FILM_MODALITIES.get(one.modality) in missed)


def _expected(study: Study, series: Sequence[StoredSeries], visit: str) -> list[str]:
    here = [one for one in series if one.visit == visit] or series
    forms = [one.plan.form for one in study.rounds()]
    if not forms:
        forms = [compose_form([one]) for one in available_systems()]
        if not any(one.role.startswith(FOOT_PREFIX) for one in here):
            forms = [form for form in forms if not any(role.startswith(FOOT_PREFIX) for role in form.roles)]
    roles = list(dict.fromkeys(role for form in forms for role in form.roles))
    kinds = {_FILM_MODALITIES[one.modality] for one in here if one.modality in _FILM_MODALITIES}
    return [role for role in roles if role.startswith(FILM_PREFIX) in kinds]

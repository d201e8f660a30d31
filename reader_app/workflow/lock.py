"""The lock of a round: from here no score comes in, and scores may be joined with visits."""

from __future__ import annotations

from dataclasses import dataclass

from reader_app.workflow.errors import RoundLockedError
from storage.study.store import Study


@dataclass(frozen=True, slots=True)
class MissingCase:
    """Signed work that has not come back, or not since it was reopened; ``case`` is the reader's code."""

    reader: str
    case: str


@dataclass(frozen=True, slots=True)
class LockReport:
    """Whether the round is locked now, what is missing, and the round's cases that await adjudication."""

    locked: bool
    missing: tuple[MissingCase, ...]
    pending: tuple[str, ...]


def lock_round(study: Study, name: str, *, anyway: bool = False) -> LockReport:
    """Lock a round if nothing is missing, or *anyway*.

    A round of several readers with adjudication rules has every case pending until it is adjudicated.

    Raises:
        UnknownRoundError: There is no such round.
        RoundLockedError: It is locked already.
    """
    chosen = study.round(name)
    if chosen.locked:
        raise RoundLockedError(chosen.plan.title)
    missing: list[MissingCase] = []
    for reading in study.readings(chosen.id):
        collected = study.collected(reading.code)
        lifted = {(grant.case, grant.receipt) for grant in study.reopening_grants(reading.code)}
        missing += (
            MissingCase(reading.reader, one.code)
            for one in reading.cases
            if one.code not in collected or (one.code, collected[one.code].receipt.get("hash")) in lifted
        )
    adjudicated = len(chosen.plan.readers) > 1 and bool(chosen.plan.adjudication)
    pending = tuple(sorted(study.round_codes(chosen.id).values())) if adjudicated else ()
    if (missing or pending) and not anyway:
        return LockReport(False, tuple(missing), pending)
    study.lock_round(chosen.id, f"{len(missing)} cases missing, {len(pending)} pending")
    return LockReport(True, tuple(missing), pending)

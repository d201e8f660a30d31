"""The lock of a round: from here no score comes in, and scores may be joined with visits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from reader_app.workflow.disagreements import compare_readers
from reader_app.workflow.errors import NothingToCompareError, RoundLockedError
from storage.study.records import Round
from storage.study.store import Study

Checkpoint = Callable[[int, int], None]


def _unwatched(_done: int, _total: int) -> None:
    """Go on."""


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


def lock_round(
    study: Study, name: str, *, anyway: bool = False, checkpoint: Checkpoint = _unwatched
) -> LockReport:
    """Lock a round if nothing is missing, or *anyway*.

    A case that disagrees by the round's rules is pending until an adjudicator has signed it.

    Args:
        study: Open for writing.
        name: Title or id of the round.
        anyway: Lock it with what is missing; that stays without a final score.
        checkpoint: Called with (readings looked at, readings in all), and before the lock is set.

    Raises:
        UnknownRoundError: There is no such round.
        RoundLockedError: It is locked already.
    """
    chosen = study.round(name)
    if chosen.locked:
        raise RoundLockedError(chosen.plan.title)
    missing: list[MissingCase] = []
    readings = study.readings(chosen.id)
    for done, reading in enumerate(readings):
        checkpoint(done, len(readings))
        collected = study.collected(reading.code)
        lifted = {(grant.case, grant.receipt) for grant in study.reopening_grants(reading.code)}
        missing += (
            MissingCase(reading.reader, one.code)
            for one in reading.cases
            if one.code not in collected or (one.code, collected[one.code].receipt.get("hash")) in lifted
        )
    checkpoint(len(readings), len(readings))
    pending = _pending(study, chosen)
    if (missing or pending) and not anyway:
        return LockReport(False, tuple(missing), pending)
    checkpoint(len(readings), len(readings))  # the last chance to stop
    study.lock_round(chosen.id, f"{len(missing)} cases missing, {len(pending)} pending")
    return LockReport(True, tuple(missing), pending)


def _pending(study: Study, chosen: Round) -> tuple[str, ...]:
    """Return the round's own codes of the collected cases that await adjudication."""
    try:
        found = compare_readers(study, chosen).disagreements
    except NothingToCompareError:
        return ()
    return tuple(sorted({one.case for one in found if one.status != "adjudicated"}))

"""Readers' requests to change signed cases, as the coordinator sees them: codes and reasons, no score."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from reader_app.workflow.errors import AlreadyGrantedError, RefusalTellsError
from reader_app.workflow.round_title import told_by
from storage.grants import LONGEST_REASON, is_line
from storage.study.errors import NotAskedError
from storage.study.records import AskedReopening
from storage.study.store import Study

REFUSED = "reopening.refused"
State = Literal["open", "allowed", "refused"]


@dataclass(frozen=True, slots=True)
class ReopeningRequest:
    """A request and what became of it; ``answer`` is why it was refused."""

    asked: AskedReopening
    reader: str
    round_title: str
    state: State
    answer: str = ""


def reopening_requests(study: Study) -> tuple[ReopeningRequest, ...]:
    """Return every request that came in with collected readings, the oldest first."""
    asked = study.reopening_requests()
    if not asked:
        return ()
    refused = _refusals(study)
    readings = {
        reading.code: (reading.reader, one.plan.title)
        for one in study.rounds()
        for reading in study.every_reading(one.id)
    }
    found: list[ReopeningRequest] = []
    for one in asked:
        answer = refused.get(_item(one), "")
        state: State = "allowed" if one.grant else "refused" if answer else "open"
        found.append(ReopeningRequest(one, *readings.get(one.reading, (one.reading, "")), state, answer))
    return tuple(found)


def refuse_reopening(study: Study, asked: AskedReopening, reason: str) -> None:
    """Put down in the audit trail that a request is refused, and why; it can still be allowed later.

    Raises:
        RefusalTellsError: The reason is not one line, or tells the reader what is hidden.
        AlreadyGrantedError: The file that reopens the case is written already.
    """
    if asked.grant is not None:
        raise AlreadyGrantedError(asked.case)
    if not is_line(reason):
        raise RefusalTellsError(f"it must be one line of 1 to {LONGEST_REASON} characters")
    told = told_by(reason, study.visits(), study.subjects())
    if told:
        raise RefusalTellsError(f"it holds {told}, which readers must not learn")
    study.note(REFUSED, case_code=asked.case, item=_item(asked), new=reason)


def newest_request(study: Study, reading_code: str, case_code: str) -> AskedReopening:
    """Return what was asked for a case last.

    Raises:
        NotAskedError: Nobody asked for it.
    """
    asked = [
        one for one in study.reopening_requests() if (one.reading, one.case) == (reading_code, case_code)
    ]
    if not asked:
        raise NotAskedError(reading_code, case_code)
    return asked[-1]


def _item(asked: AskedReopening) -> str:
    return f"{asked.reading}/{asked.seq}"


def _refusals(study: Study) -> Mapping[str, str]:
    """Return reasons by what :func:`_item` says of a request, the newest last."""
    told = [entry for entry in study.audit_entries() if entry.action == REFUSED]
    return {entry.item or "": entry.new or "" for entry in told}

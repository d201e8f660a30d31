"""Holds what came back against its seals and the study's own audit trail."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from storage.audit import AUDIT, Head
from storage.seal import Sealed
from storage.study.collected import load_history
from storage.study.records import AllocatedCase, CollectedCase, Round
from storage.study.rounds import load_readings, load_rounds
from storage.study.schema import reopening_grant, reopening_request, signature

COLLECTED, ASKED, GRANTED = "case.collected", "reopening.asked", "reopening.granted"


def result_findings(connection: Connection) -> Iterator[str]:
    """Yield what is wrong with collected cases, requests and grants in plain words."""
    for table, action, column in (
        (signature, COLLECTED, signature.c.seal),
        (reopening_request, ASKED, reopening_request.c.reason),
        (reopening_grant, GRANTED, reopening_grant.c.grant_id),
    ):
        told = select(AUDIT.c.case_code, AUDIT.c.new).where(AUDIT.c.action == action)
        expected = sorted(map(tuple, connection.execute(told).all()))
        if sorted(map(tuple, connection.execute(select(table.c.case_code, column)).all())) != expected:
            yield f"The table {table.name} is not what the audit trail says."
    for one in load_rounds(connection):
        for reading in load_readings(connection, one.id):
            for case in reading.cases:
                yield from _case_findings(connection, one, case)


def _case_findings(connection: Connection, one: Round, case: AllocatedCase) -> Iterator[str]:
    try:
        for collected in load_history(connection, case.code):
            if seal_of(one, case, collected) not in (None, collected.seal):
                yield f"The signature of case {case.code} does not fit what was collected with it."
    except (ValueError, TypeError, KeyError):  # values of a file that was changed can be anything
        yield f"What was collected of case {case.code} cannot be read."


def seal_of(one: Round, case: AllocatedCase, collected: CollectedCase) -> str | None:
    """Return the seal that a collected case must have; None where it came without what that takes.

    Raises:
        ValueError, TypeError, KeyError: The receipt is none that this program writes.
    """
    receipt: Mapping[str, Any] = collected.receipt
    if "head_hash" not in receipt:
        return None  # collected before 1.1
    digests = {
        f"{timepoint.letter}/{image.role}": image.sha256
        for timepoint in case.timepoints
        for image in timepoint.images
    }
    return Sealed(
        case.code,
        one.plan.form,
        one.plan.rules,
        collected.sheet,
        collected.annotations,
        digests,
        Head(receipt["head_seq"], receipt["head_hash"]),
        receipt["printed_name"],
        datetime.fromisoformat(receipt["utc"]),
        receipt["meaning"],
    ).sha256(collected.seal_version)

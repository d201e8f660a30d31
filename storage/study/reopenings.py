"""Readers' requests for signed cases and the coordinator's grants: rows in and out."""

from __future__ import annotations

import secrets
from collections.abc import Sequence

from sqlalchemy import Connection, and_, insert, select

from storage.audit import utc_text
from storage.grants import Grant
from storage.reading.records import ReopenRequest
from storage.study.records import AskedReopening
from storage.study.schema import reading_case, reopening_grant, reopening_request


def add_requests(
    connection: Connection, reading_code: str, requests: Sequence[ReopenRequest]
) -> tuple[ReopenRequest, ...]:
    """Add those of *requests* that are not there yet, and return them."""
    known = {(one.case, one.seq) for one in load_requests(connection) if one.reading == reading_code}
    new = tuple(one for one in requests if (one.case_code, one.seq) not in known)
    for one in new:
        connection.execute(
            insert(reopening_request).values(
                case_code=one.case_code,
                seq=one.seq,
                utc=utc_text(one.utc),
                receipt=one.receipt,
                reason=one.reason,
            )
        )
    return new


def load_requests(connection: Connection) -> tuple[AskedReopening, ...]:
    """Return every request with its grant, in the order they came in."""
    asked, grant = reopening_request.c, reopening_grant.c
    query = (
        select(reopening_request, reading_case.c.reading_code, grant.grant_id)
        .join(reading_case, reading_case.c.code == asked.case_code)
        .outerjoin(reopening_grant, and_(grant.case_code == asked.case_code, grant.receipt == asked.receipt))
    )
    return tuple(
        AskedReopening(
            row.reading_code, row.case_code, row.seq, row.utc, row.receipt, row.reason, row.grant_id
        )
        for row in connection.execute(query.order_by(asked.id))
    )


def draw_grant(connection: Connection, asked: AskedReopening, utc: str) -> Grant:
    """Add a grant with a number of its own and return it."""
    grant = Grant(asked.reading, asked.case, asked.receipt, secrets.token_hex(16))
    connection.execute(
        insert(reopening_grant).values(
            grant_id=grant.grant, case_code=grant.case, receipt=grant.receipt, utc=utc
        )
    )
    return grant


def load_grants(connection: Connection, reading_code: str) -> tuple[Grant, ...]:
    """Return the grants of a reading, oldest first."""
    query = (
        select(reopening_grant)
        .join(reading_case, reading_case.c.code == reopening_grant.c.case_code)
        .where(reading_case.c.reading_code == reading_code)
        .order_by(reopening_grant.c.utc, reopening_grant.c.grant_id)
    )
    return tuple(
        Grant(reading_code, row.case_code, row.receipt, row.grant_id) for row in connection.execute(query)
    )

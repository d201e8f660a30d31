"""A signed case is opened again: asked for by the reader, granted by the coordinator, told in the trail."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Table, bindparam, func, insert, select

from storage.audit import AUDIT
from storage.grants import Grant, Refusal
from storage.reading import schema
from storage.reading.log import Writer
from storage.reading.records import Reopening, ReopenRequest

ASKED, REOPENED, REFUSED = "case.reopening_asked", "case.reopened", "case.reopening_refused"

_STATE = select(
    *(
        select(func.max(table.c.seq)).where(table.c.case_code == bindparam("code")).scalar_subquery()
        for table in (schema.signature, schema.reopening)
    )
)


@dataclass(frozen=True, slots=True)
class CaseState:
    """The audit rows in which a case was last signed and last reopened, 0 where it never was."""

    signed_seq: int
    reopened_seq: int

    @property
    def signed(self) -> bool:
        """Whether its signature is in force, so that it is locked."""
        return self.signed_seq > self.reopened_seq

    @property
    def reopened(self) -> bool:
        """Whether it may be changed although it was signed; changes need a reason."""
        return 0 < self.signed_seq < self.reopened_seq


def case_state(connection: Connection, code: str) -> CaseState:
    """Return whether a case is signed or reopened."""
    newest: tuple[Any, ...] = tuple(connection.execute(_STATE, {"code": code}).one())
    return CaseState(newest[0] or 0, newest[1] or 0)


def all_states(connection: Connection) -> dict[str, CaseState]:
    """Return the state of every case that was ever signed."""
    reopened = _newest_by_case(connection, schema.reopening)
    signed = _newest_by_case(connection, schema.signature)
    return {code: CaseState(seq, reopened.get(code, 0)) for code, seq in signed.items()}


def _newest_by_case(connection: Connection, table: Table) -> dict[str, int]:
    newest = select(table.c.case_code, func.max(table.c.seq)).group_by(table.c.case_code)
    return {row[0]: row[1] for row in connection.execute(newest)}


def receipt_in_force(connection: Connection, code: str) -> str | None:
    """Return the receipt's hash of the signature that locks a case, or None where none does."""
    state = case_state(connection, code)
    if not state.signed:
        return None
    query = select(schema.signature.c.receipt_hash).where(schema.signature.c.seq == state.signed_seq)
    return connection.execute(query).scalar_one()


def add_request(
    connection: Connection, code: str, receipt: str, reason: str, writer: Writer
) -> ReopenRequest:
    """Keep that the reader asks for a signed case."""
    entry = writer.tell(connection, ASKED, code, receipt, None, reason)
    row = {"seq": entry.seq, "case_code": code, "receipt_hash": receipt, "reason": reason}
    connection.execute(insert(schema.reopen_request), row)
    return ReopenRequest(code, entry.seq, entry.time, receipt, reason)


def load_requests(connection: Connection) -> tuple[ReopenRequest, ...]:
    """Return every request, the oldest first."""
    table, told = schema.reopen_request, schema.audit
    query = select(table, told.c.utc).join(told, told.c.seq == table.c.seq).order_by(table.c.seq)
    return tuple(_request_of(row) for row in connection.execute(query))


def _request_of(row: Row[Any]) -> ReopenRequest:
    when = datetime.fromisoformat(row.utc)
    return ReopenRequest(row.case_code, row.seq, when, row.receipt_hash, row.reason)


def add_reopening(connection: Connection, grant: Grant, writer: Writer) -> None:
    """Lift the signature in force of a case."""
    entry = writer.tell(connection, REOPENED, grant.case, grant.receipt, None, grant.grant)
    row = {"seq": entry.seq, "case_code": grant.case, "receipt_hash": grant.receipt}
    connection.execute(insert(schema.reopening), {**row, "grant_id": grant.grant})


def load_reopenings(connection: Connection, code: str) -> tuple[Reopening, ...]:
    """Return how often and by what a case was reopened, the oldest first."""
    table = schema.reopening
    rows = connection.execute(select(table).where(table.c.case_code == code).order_by(table.c.seq))
    return tuple(Reopening(row.seq, row.receipt_hash, row.grant_id) for row in rows)


def add_refusal(connection: Connection, refusal: Refusal, writer: Writer) -> None:
    """Keep in the audit trail, and nowhere else, that a signature stays in force and why."""
    writer.tell(connection, REFUSED, refusal.case, refusal.receipt, None, refusal.reason)


def load_answers(connection: Connection) -> dict[str, str | None]:
    """Return what became of requests for cases as they are signed now: why refused, None while they wait."""
    told = (
        select(AUDIT.c.case_code, AUDIT.c.action, AUDIT.c.item, AUDIT.c.new)
        .where(AUDIT.c.action.in_((ASKED, REFUSED)))
        .order_by(AUDIT.c.seq)
    )
    newest = {row.case_code: row for row in connection.execute(told)}
    return {
        code: row.new if row.action == REFUSED else None
        for code, row in newest.items()
        if row.item == receipt_in_force(connection, code)
    }

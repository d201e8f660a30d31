"""Signs a case: password, signature over all that was scored and seen, receipt, lock.

Rules: 21 CFR 11.50 (name, time, meaning), 11.70 (bound to the record), 11.200 (password at each signing),
11.300 (attempts are limited).
"""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import datetime
from itertools import takewhile
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select

from scoring_forms.domain.form import Form
from scoring_forms.domain.rules import RoundRules
from storage import passwords
from storage.audit import AUDIT, Clock, Event, Head, append, head, utc_text
from storage.errors import PasswordDelayError
from storage.reading import schema
from storage.reading.annotation_logs import load_annotations
from storage.reading.content import image_digests
from storage.reading.records import Receipt, Signature
from storage.reading.scores import load_sheet
from storage.seal import SEAL_VERSION, Sealed

SCORED, ADJUDICATED = "scored", "adjudicated"
_FAILED = "password.failed"
SIGNED = "case.signed"


def load_signatures(connection: Connection) -> tuple[tuple[Signature, Receipt], ...]:
    """Return every signature with its receipt, in the order of signing."""
    rows = connection.execute(select(schema.signature).order_by(schema.signature.c.seq))
    return tuple((_signature_of(row), _receipt_of(row)) for row in rows)


def stored_password(connection: Connection) -> str | None:
    """Return the hash of this reading's password, or None before the first signature."""
    return connection.execute(select(schema.password.c.argon2)).scalar()


def refuse_hasty_attempt(connection: Connection, now: datetime) -> None:
    """Make somebody wait who gave five or more wrong passwords in a row.

    Raises:
        PasswordDelayError: The wait is not over.
    """
    told = select(AUDIT.c.action, AUDIT.c.utc).where(AUDIT.c.action.in_((_FAILED, SIGNED)))
    newest_first = connection.execute(told.order_by(AUDIT.c.seq.desc())).all()
    failures = list(takewhile(lambda row: row.action == _FAILED, newest_first))
    if not failures:
        return
    delay = passwords.delay_s(len(failures))
    passed = (now - datetime.fromisoformat(failures[0].utc)).total_seconds()
    if passed < delay:
        raise PasswordDelayError(math.ceil(min(delay - passed, delay)))  # a clock set back adds no wait


def add_failed_attempt(connection: Connection, code: str, actor: str, clock: Clock) -> None:
    """Tell the audit trail of a wrong password."""
    append(connection, Event(_FAILED, actor, "reader", code), clock=clock)


def sealed(connection: Connection, form: Form, rules: RoundRules, signature: Signature) -> Sealed:
    """Return what a signature binds together, as it was when it was given; its hash is not looked at."""
    code, until = signature.case_code, signature.head.seq
    return Sealed(
        code,
        form,
        rules,
        load_sheet(connection, code, until),
        load_annotations(connection, code, until),
        image_digests(connection, code),
        signature.head,
        signature.printed_name,
        signature.utc,
        signature.meaning,
    )


def add_signature(
    connection: Connection,
    code: str,
    form: Form,
    rules: RoundRules,
    printed_name: str,
    new_password: str | None,
    clock: Clock,
) -> Signature:
    """Sign a complete case in the caller's transaction; from then on its rows are refused.

    Args:
        connection: In a transaction for writing.
        code: The case.
        form: The reading's form.
        rules: The reading's rules.
        printed_name: The reader's name as it is to be printed.
        new_password: Hash of the password that this first signature sets, else None.
        clock: Where the time comes from.
    """
    if new_password is not None:
        connection.execute(insert(schema.password).values(id=1, argon2=new_password))
        append(connection, Event("password.set", printed_name, "reader"), clock=clock)
    adjudicated = connection.execute(select(schema.other_score.c.id).limit(1)).first()
    meaning = ADJUDICATED if adjudicated else SCORED
    newest, utc = head(connection), datetime.fromisoformat(utc_text(clock.utc()))
    unsealed = Signature(code, printed_name, utc, meaning, newest, "", SEAL_VERSION)
    signature = replace(unsealed, sha256=sealed(connection, form, rules, unsealed).sha256())
    signed = Event(SIGNED, printed_name, "reader", code, item=meaning, new=signature.sha256)
    (entry,) = append(connection, signed, clock=clock)
    connection.execute(
        insert(schema.signature).values(
            seq=entry.seq,
            case_code=code,
            printed_name=printed_name,
            utc=utc_text(utc),
            meaning=meaning,
            head_seq=newest.seq,
            head_hash=newest.hash,
            sha256=signature.sha256,
            receipt_hash=entry.hash,
            seal_version=SEAL_VERSION,
        )
    )
    memory = schema.view_memory.c.key
    connection.execute(delete(schema.view_memory).where(memory.startswith(f"{code}/", autoescape=True)))
    return signature


def _signature_of(row: Row[Any]) -> Signature:
    utc = datetime.fromisoformat(row.utc)
    place = Head(row.head_seq, row.head_hash)
    return Signature(row.case_code, row.printed_name, utc, row.meaning, place, row.sha256, row.seal_version)


def _receipt_of(row: Row[Any]) -> Receipt:
    return Receipt(row.case_code, row.printed_name, row.seq, row.receipt_hash)

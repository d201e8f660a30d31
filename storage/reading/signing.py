"""Signs a case: password, signature over all that was scored and seen, receipt, lock.

Rules: 21 CFR 11.50 (name, time, meaning), 11.70 (bound to the record), 11.200 (password at each signing),
11.300 (attempts are limited).
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping
from datetime import datetime
from itertools import takewhile
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, insert, select

from scoring_forms.domain.form import Form
from scoring_forms.domain.score import Cell, Score
from storage import passwords
from storage.audit import AUDIT, Clock, Event, Head, append, canonical_json, head, utc_text
from storage.errors import PasswordDelayError
from storage.reading import schema
from storage.reading.content import image_digests
from storage.reading.records import Receipt, Signature
from storage.reading.scores import load_sheet, score_text

SCORED = "scored"
_FAILED = "password.failed"
_SIGNED = "case.signed"
_SIGNATURE_OF = select(schema.signature.c.seq).where(schema.signature.c.case_code == bindparam("code"))


def signature_sha256(
    code: str,
    form: Form,
    sheet: Mapping[Cell, Score],
    digests: Mapping[str, str],
    head: Head,
    printed_name: str,
    utc: datetime,
    meaning: str,
) -> str:
    """Return the hash that a signature holds; whoever has these facts can recompute it.

    Args:
        code: The case.
        form: What was to be scored, with its systems in full.
        sheet: Every score of the case.
        digests: SHA-256 of its pictures by ``"letter/role"``.
        head: The audit trail's newest row before the signature.
        printed_name: Who signs.
        utc: When, to the millisecond.
        meaning: What the signature says, e.g. ``"scored"``.
    """
    signed = {
        "case": code,
        "form": hashlib.sha256(canonical_json(form.to_dict()).encode()).hexdigest(),
        "scores": {cell.name: score_text(score) for cell, score in sheet.items()},
        "images": dict(digests),
        "audit": [head.seq, head.hash],
        "name": printed_name,
        "utc": utc_text(utc),
        "meaning": meaning,
    }
    return hashlib.sha256(canonical_json(signed).encode()).hexdigest()


def is_signed(connection: Connection, code: str) -> bool:
    """Whether the case is signed and so locked."""
    return connection.execute(_SIGNATURE_OF, {"code": code}).first() is not None


def signed_codes(connection: Connection) -> set[str]:
    """Return the codes of all signed cases."""
    return set(connection.execute(select(schema.signature.c.case_code)).scalars())


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
    told = select(AUDIT.c.action, AUDIT.c.utc).where(AUDIT.c.action.in_((_FAILED, _SIGNED)))
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


def add_signature(
    connection: Connection, code: str, form: Form, printed_name: str, new_password: str | None, clock: Clock
) -> Signature:
    """Sign a complete case in the caller's transaction; from then on its rows are refused.

    Args:
        connection: In a transaction for writing.
        code: The case.
        form: The reading's form.
        printed_name: The reader's name as it is to be printed.
        new_password: Hash of the password that this first signature sets, else None.
        clock: Where the time comes from.
    """
    if new_password is not None:
        connection.execute(insert(schema.password).values(id=1, argon2=new_password))
        append(connection, Event("password.set", printed_name, "reader"), clock=clock)
    newest, utc = head(connection), datetime.fromisoformat(utc_text(clock.utc()))
    sheet, digests = load_sheet(connection, code), image_digests(connection, code)
    sha256 = signature_sha256(code, form, sheet, digests, newest, printed_name, utc, SCORED)
    signed = Event(_SIGNED, printed_name, "reader", code, item=SCORED, new=sha256)
    (entry,) = append(connection, signed, clock=clock)
    connection.execute(
        insert(schema.signature).values(
            seq=entry.seq,
            case_code=code,
            printed_name=printed_name,
            utc=utc_text(utc),
            meaning=SCORED,
            head_seq=newest.seq,
            head_hash=newest.hash,
            sha256=sha256,
            receipt_hash=entry.hash,
        )
    )
    memory = schema.view_memory.c.key
    connection.execute(delete(schema.view_memory).where(memory.startswith(f"{code}/", autoescape=True)))
    return Signature(code, printed_name, utc, SCORED, newest, sha256)


def _signature_of(row: Row[Any]) -> Signature:
    utc = datetime.fromisoformat(row.utc)
    place = Head(row.head_seq, row.head_hash)
    return Signature(row.case_code, row.printed_name, utc, row.meaning, place, row.sha256)


def _receipt_of(row: Row[Any]) -> Receipt:
    return Receipt(row.case_code, row.printed_name, row.seq, row.receipt_hash)

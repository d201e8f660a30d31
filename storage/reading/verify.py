"""Checks a reading against itself and says in plain words what does not fit."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import Connection, Row, Table, select

from scoring_forms.domain.errors import ScoringError
from scoring_forms.domain.form import Form
from scoring_forms.domain.score import Cell
from storage.audit import AUDIT, GENESIS, verify_chain
from storage.reading import landmarks, schema, transforms
from storage.reading.build import PREPARED
from storage.reading.content import content_digest, image_digests
from storage.reading.records import Signature
from storage.reading.scores import load_sheet, score_of, score_text
from storage.reading.signing import load_signatures, signature_sha256


def trail_findings(connection: Connection, form: Form) -> tuple[str, ...]:
    """Return what is wrong with rows: all but the picture files, which are not opened."""
    findings = [*verify_chain(connection)]
    findings += _content_findings(connection)
    findings += _score_findings(connection, form)
    findings += _place_findings(connection, schema.landmark, _landmark_row)
    findings += _place_findings(connection, schema.transform, _transform_row)
    try:
        findings += _signature_findings(connection, form)
    except (ValueError, TypeError):  # times and hashes of a hostile file can be anything
        findings.append("A signature or its scores cannot be read.")
    return tuple(findings)


def database_findings(connection: Connection) -> tuple[str, ...]:
    """Return what SQLite finds wrong with the file itself."""
    findings = [
        f"The database is damaged: {line}."
        for (line,) in connection.exec_driver_sql("PRAGMA integrity_check").all()
        if line != "ok"
    ]
    if connection.exec_driver_sql("PRAGMA foreign_key_check").first() is not None:
        findings.append("The database is damaged: a row points to one that is not there.")
    return tuple(findings)


def _content_findings(connection: Connection) -> Iterator[str]:
    first = connection.execute(select(AUDIT.c.action, AUDIT.c.new).where(AUDIT.c.seq == 1)).first()
    if first is None or first.action != PREPARED:
        yield "The audit trail does not start with the preparation of the reading."
    elif first.new != content_digest(connection):
        yield "Cases, timepoints, pictures or form are not those that were prepared."


def _score_findings(connection: Connection, form: Form) -> Iterator[str]:
    """Yield scores that the audit trail does not tell of, and the other way round."""
    told: dict[int, tuple[Any, ...]] = {
        row.seq: (row.case_code, row.item, row.new)
        for row in connection.execute(select(AUDIT).where(AUDIT.c.action.startswith("score.")))
    }
    timepoints = {(code, letter) for code, letter in connection.execute(select(schema.timepoint))}
    for row in connection.execute(select(schema.score).order_by(schema.score.c.seq)):
        try:
            cell = Cell(row.timepoint, row.system, row.feature, row.side, row.site)
            score = score_of(row.value, row.not_assessable, row.comment)
            written = (row.case_code, cell.name, score_text(score))
            if score is not None:
                form.validate(cell, score)
            if (row.case_code, cell.timepoint) not in timepoints:
                yield f"Score row {row.seq} belongs to a timepoint that its case does not have."
        except (ScoringError, ValueError, TypeError):
            yield f"Score row {row.seq} holds a score that the form does not have."
            written = None
        if told.pop(row.seq, None) != written and written is not None:
            yield f"Score row {row.seq} is not what the audit trail says."
    for seq in sorted(told):
        yield f"The score of audit row {seq} is missing."


_PlaceReader = Callable[[Row[Any]], tuple[str, str | None]]


def _place_findings(connection: Connection, table: Table, read: _PlaceReader) -> Iterator[str]:
    """Yield landmarks or transforms that the audit trail does not tell of, and the other way round."""
    name = table.name
    told: dict[int, tuple[Any, ...]] = {
        row.seq: (row.case_code, row.item, row.new)
        for row in connection.execute(select(AUDIT).where(AUDIT.c.action.startswith(f"{name}.")))
    }
    timepoints = {(code, letter) for code, letter in connection.execute(select(schema.timepoint))}
    for seq in connection.execute(select(table.c.seq).order_by(table.c.seq)).scalars().all():
        try:
            row = connection.execute(select(table).where(table.c.seq == seq)).one()
            written = (row.case_code, *read(row))
        except (ValueError, TypeError):  # numbers of a hostile file can be anything
            yield f"The {name} of row {seq} cannot be read."
            told.pop(seq, None)
            continue
        if (row.case_code, row.timepoint) not in timepoints:
            yield f"The {name} of row {seq} belongs to a timepoint that its case does not have."
        if told.pop(seq, None) != written:
            yield f"The {name} of row {seq} is not what the audit trail says."
    for seq in sorted(told):
        yield f"The {name} of audit row {seq} is missing."


def _landmark_row(row: Row[Any]) -> tuple[str, str | None]:
    key = (row.timepoint, row.site, row.side)
    return landmarks.item_text(key), landmarks.landmark_text(landmarks.landmark_of(row))


def _transform_row(row: Row[Any]) -> tuple[str, str | None]:
    kept = transforms.transform_of(row)
    return transforms.item_text((row.timepoint, row.frame)), transforms.transform_text(kept)


def _signature_findings(connection: Connection, form: Form) -> Iterator[str]:
    hashes = {0: GENESIS}
    hashes |= {row.seq: row.hash for row in connection.execute(select(AUDIT.c.seq, AUDIT.c.hash))}
    signed_rows = select(AUDIT.c.seq).where(AUDIT.c.action == "case.signed")
    told = set(connection.execute(signed_rows).scalars())
    for signature, receipt in load_signatures(connection):
        code = signature.case_code
        told.discard(receipt.seq)
        if hashes.get(receipt.seq) != receipt.hash or hashes.get(signature.head.seq) != signature.head.hash:
            yield f"The audit trail is not the one that case {code} was signed with."
        for table in (schema.score, schema.landmark, schema.transform):
            newest = select(table.c.seq).where(table.c.case_code == code)
            if any(seq > receipt.seq for seq in connection.execute(newest).scalars()):
                yield f"Case {code} has a {table.name} from after its signature."
        if _recomputed(connection, form, signature) != signature.sha256:
            yield f"The signature of case {code} does not fit its scores and pictures."
    for seq in sorted(told):
        yield f"The signature of audit row {seq} is missing."


def _recomputed(connection: Connection, form: Form, signature: Signature) -> str:
    code = signature.case_code
    return signature_sha256(
        code,
        form,
        load_sheet(connection, code),
        image_digests(connection, code),
        signature.head,
        signature.printed_name,
        signature.utc,
        signature.meaning,
    )

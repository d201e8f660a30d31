"""Checks a reading against itself and says in plain words what does not fit."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import Connection, Row, Table, func, or_, select

from scoring_forms.domain.errors import ScoringError
from scoring_forms.domain.form import Form
from scoring_forms.domain.marks import Mark
from scoring_forms.domain.rules import RoundRules
from scoring_forms.domain.score import Cell
from storage.audit import AUDIT, GENESIS, verify_chain
from storage.reading import schema
from storage.reading.annotation_logs import ACTIVE_TIMES, COMMENTS, CONFIDENCES, MARKS, OVERRIDES
from storage.reading.build import PREPARED
from storage.reading.content import content_digest
from storage.reading.landmarks import LANDMARKS
from storage.reading.log import LATEST, Log
from storage.reading.reopening import ASKED, REOPENED, load_reopenings
from storage.reading.scores import score_of, score_text
from storage.reading.signing import load_signatures, sealed
from storage.reading.transforms import TRANSFORMS

_LOGS = (LANDMARKS, TRANSFORMS, MARKS, COMMENTS, CONFIDENCES, OVERRIDES, ACTIVE_TIMES)
_CHANGES = ("score", "mark", "comment", "confidence", "evidence_override")


def trail_findings(connection: Connection, form: Form, rules: RoundRules) -> tuple[str, ...]:
    """Return what is wrong with rows: all but the picture files, which are not opened."""
    findings = [*verify_chain(connection)]
    findings += _content_findings(connection)
    findings += _score_findings(connection, form)
    for log in _LOGS:
        findings += _log_findings(connection, form, log)
    findings += _reopening_findings(connection)
    findings += _reason_findings(connection)
    try:
        findings += _signature_findings(connection, form, rules)
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


def _log_findings(connection: Connection, form: Form, log: Log[Any, Any]) -> Iterator[str]:
    """Yield rows of a log that the audit trail does not tell of, and the other way round."""
    table, name = log.table, log.table.name.replace("_", " ")
    told: dict[int, tuple[Any, ...]] = {
        row.seq: (row.case_code, row.item, row.new)
        for row in connection.execute(select(AUDIT).where(AUDIT.c.action.startswith(f"{table.name}.")))
    }
    timepoints = {(code, letter) for code, letter in connection.execute(select(schema.timepoint))}
    known: set[Cell] = set()
    for seq, read in _rows(connection, log.table):
        try:
            row = read()
            written = (row.case_code, *log.told(row))
            letter, cell = _place(row, log)
            if cell is not None and cell not in known:
                form.item(cell)
                known.add(cell)
        except (ValueError, TypeError, ScoringError):  # values of a hostile file can be anything
            yield f"The {name} of row {seq} cannot be read."
            told.pop(seq, None)
            continue
        if letter is not None and (row.case_code, letter) not in timepoints:
            yield f"The {name} of row {seq} belongs to a timepoint that its case does not have."
        if told.pop(seq, None) != written:
            yield f"The {name} of row {seq} is not what the audit trail says."
    for seq in sorted(told):
        yield f"The {name} of audit row {seq} is missing."


def _rows(connection: Connection, table: Table) -> Iterator[tuple[int, Callable[[], Row[Any]]]]:
    """Yield every row's number and how to get it: one by one where a column of some row cannot be read."""
    try:
        rows = connection.execute(select(table).order_by(table.c.seq)).all()
    except (ValueError, TypeError):
        for seq in connection.execute(select(table.c.seq).order_by(table.c.seq)).scalars().all():
            query = select(table).where(table.c.seq == seq)
            yield seq, lambda query=query: connection.execute(query).one()
    else:
        for row in rows:
            yield row.seq, lambda row=row: row


def _place(row: Row[Any], log: Log[Any, Any]) -> tuple[str | None, Cell | None]:
    """Return the timepoint, and the cell if there is one, that a row of a log belongs to."""
    value = log.value_of(row)
    if isinstance(value, Mark):
        return value.cell.timepoint, value.cell
    if "timepoint" not in log.table.c:
        return None, None
    if "system" not in log.table.c or row.system is None:
        return row.timepoint, None
    return row.timepoint, Cell(row.timepoint, row.system, row.feature, row.side, row.site)


def _reopening_findings(connection: Connection) -> Iterator[str]:
    """Yield requests and reopenings that the audit trail does not tell of, and the other way round."""
    for table, action, column in (
        (schema.reopen_request, ASKED, "reason"),
        (schema.reopening, REOPENED, "grant_id"),
    ):
        name = table.name.replace("_", " ")
        told = select(AUDIT.c.seq, AUDIT.c.case_code, AUDIT.c.item, AUDIT.c.new).where(
            AUDIT.c.action == action
        )
        expected = {row.seq: tuple(row) for row in connection.execute(told)}
        columns = (table.c.seq, table.c.case_code, table.c.receipt_hash, table.c[column])
        found = {row.seq: tuple(row) for row in connection.execute(select(*columns))}
        for seq in sorted(expected.keys() | found.keys()):
            if expected.get(seq) != found.get(seq):
                yield f"The {name} of row {seq} is not what the audit trail says."


def _reason_findings(connection: Connection) -> Iterator[str]:
    """Yield changes of reopened cases of which nobody said why."""
    reopened = select(schema.reopening.c.case_code, func.min(schema.reopening.c.seq))
    for code, seq in connection.execute(reopened.group_by(schema.reopening.c.case_code)):
        changes = or_(*(AUDIT.c.action.startswith(f"{name}.") for name in _CHANGES))
        unexplained = select(AUDIT.c.seq).where(
            AUDIT.c.case_code == code, AUDIT.c.seq > seq, AUDIT.c.reason.is_(None), changes
        )
        for row in connection.execute(unexplained).scalars():
            yield f"Case {code} was changed without a reason after it was reopened, in audit row {row}."


def _signature_findings(connection: Connection, form: Form, rules: RoundRules) -> Iterator[str]:
    hashes = {0: GENESIS}
    hashes |= {row.seq: row.hash for row in connection.execute(select(AUDIT.c.seq, AUDIT.c.hash))}
    signed_rows = select(AUDIT.c.seq).where(AUDIT.c.action == "case.signed")
    told = set(connection.execute(signed_rows).scalars())
    for signature, receipt in load_signatures(connection):
        code = signature.case_code
        told.discard(receipt.seq)
        if hashes.get(receipt.seq) != receipt.hash or hashes.get(signature.head.seq) != signature.head.hash:
            yield f"The audit trail is not the one that case {code} was signed with."
        lifted = [one.seq for one in load_reopenings(connection, code) if one.receipt == receipt.hash]
        for table in (schema.score, *(log.table for log in _LOGS)):
            rows = connection.execute(select(table.c.seq).where(table.c.case_code == code)).scalars()
            if any(receipt.seq < seq < min(lifted, default=LATEST) for seq in rows):
                yield f"Case {code} has a {table.name.replace('_', ' ')} from after its signature."
        if sealed(connection, form, rules, signature).sha256(signature.seal_version) != signature.sha256:
            yield f"The signature of case {code} does not fit its scores and pictures."
    for seq in sorted(told):
        yield f"The signature of audit row {seq} is missing."

"""Checks a reading against itself and says in plain words what does not fit."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Set
from typing import Any

from sqlalchemy import Connection, Row, Table, func, select

from scoring_forms.domain.errors import ScoringError
from scoring_forms.domain.form import Form
from scoring_forms.domain.marks import Mark
from scoring_forms.domain.rules import RoundRules
from scoring_forms.domain.score import Cell
from storage.audit import AUDIT, START, Head
from storage.reading import schema
from storage.reading.annotation_logs import ACTIVE_TIMES, COMMENTS, CONFIDENCES, MARKS, OVERRIDES
from storage.reading.build import PREPARED
from storage.reading.cells import cell_of
from storage.reading.content import content_digest
from storage.reading.landmarks import LANDMARKS
from storage.reading.log import LATEST, Log
from storage.reading.reopening import ASKED, REOPENED, load_reopenings
from storage.reading.scores import CONSENSUS, score_of, score_text
from storage.reading.signing import SIGNED, load_signatures, sealed
from storage.reading.trail import WHOLE, Part, Trail, hash_at
from storage.reading.transforms import TRANSFORMS

_LOGS = (LANDMARKS, TRANSFORMS, MARKS, COMMENTS, CONFIDENCES, OVERRIDES, ACTIVE_TIMES)
_CHANGES = ("score", "mark", "comment", "confidence", "evidence_override")


Timepoints = Set[tuple[str, str]]
"""Case code and letter of every timepoint."""


def trail_findings(
    connection: Connection, form: Form, rules: RoundRules, part: Part = WHOLE
) -> tuple[str, ...]:
    """Return what is wrong with rows: all but the picture files, which are not opened.

    Cost: about 0.1 milliseconds a row that is looked at.
    """
    trail = Trail(connection, part)
    timepoints = {(code, letter) for code, letter in connection.execute(select(schema.timepoint))}
    findings = [*trail.findings(), *_content_findings(connection)]
    findings += _score_findings(connection, form, trail, timepoints)
    findings += _consensus_findings(connection, trail)
    for log in _LOGS:
        findings += _log_findings(connection, form, trail, timepoints, log)
    findings += _reopening_findings(connection, trail)
    findings += _reason_findings(connection, trail)
    try:
        findings += _signature_findings(connection, form, rules, trail)
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


def _score_findings(
    connection: Connection, form: Form, trail: Trail, timepoints: Timepoints
) -> Iterator[str]:
    """Yield scores that the audit trail does not tell of, and the other way round."""
    told = trail.told("score")
    rows = select(schema.score).where(trail.part.holds(schema.score)).order_by(schema.score.c.seq)
    for row in connection.execute(rows):
        try:
            cell = cell_of(row)
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


def _consensus_findings(connection: Connection, trail: Trail) -> Iterator[str]:
    """Yield statements of a consensus that are about no score, or by somebody who adjudicates nothing."""
    stated = [entry for entry in trail.of_kind("score") if entry.action == CONSENSUS]
    adjudicates = stated and connection.execute(select(schema.other_score.c.id).limit(1)).first()
    for entry in stated:
        if not adjudicates or entry.new is None:
            yield f"Audit row {entry.seq} states a consensus where there is none to state."


def _log_findings(
    connection: Connection, form: Form, trail: Trail, timepoints: Timepoints, log: Log[Any, Any]
) -> Iterator[str]:
    """Yield rows of a log that the audit trail does not tell of, and the other way round."""
    name = log.table.name.replace("_", " ")
    told = trail.told(log.table.name)
    known: set[Cell] = set()
    for seq, read in _rows(connection, log.table, trail.part):
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


def _rows(connection: Connection, table: Table, part: Part) -> Iterator[tuple[int, Callable[[], Row[Any]]]]:
    """Yield every row's number and how to get it: one by one where a column of some row cannot be read."""
    try:
        rows = connection.execute(select(table).where(part.holds(table)).order_by(table.c.seq)).all()
    except (ValueError, TypeError):
        numbers = select(table.c.seq).where(part.holds(table)).order_by(table.c.seq)
        for seq in connection.execute(numbers).scalars().all():
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
    return row.timepoint, cell_of(row)


def _reopening_findings(connection: Connection, trail: Trail) -> Iterator[str]:
    """Yield requests and reopenings that the audit trail does not tell of, and the other way round."""
    for table, action, column in (
        (schema.reopen_request, ASKED, "reason"),
        (schema.reopening, REOPENED, "grant_id"),
    ):
        name = table.name.replace("_", " ")
        expected = {
            entry.seq: (entry.seq, entry.case_code, entry.item, entry.new)
            for entry in trail.of_kind("case")
            if entry.action == action
        }
        columns = (table.c.seq, table.c.case_code, table.c.receipt_hash, table.c[column])
        rows = connection.execute(select(*columns).where(trail.part.holds(table)))
        found = {row.seq: tuple(row) for row in rows}
        for seq in sorted(expected.keys() | found.keys()):
            if expected.get(seq) != found.get(seq):
                yield f"The {name} of row {seq} is not what the audit trail says."


def _reason_findings(connection: Connection, trail: Trail) -> Iterator[str]:
    """Yield changes of reopened cases of which nobody said why."""
    table = schema.reopening
    first = select(table.c.case_code, func.min(table.c.seq)).group_by(table.c.case_code)
    reopened: dict[str | None, int] = {code: seq for code, seq in connection.execute(first)}  # noqa: C416 - rows
    for entry in trail.without_reason(_CHANGES):
        if entry.seq > reopened.get(entry.case_code, LATEST):
            code, seq = entry.case_code, entry.seq
            yield f"Case {code} was changed without a reason after it was reopened, in audit row {seq}."


def _signature_findings(connection: Connection, form: Form, rules: RoundRules, trail: Trail) -> Iterator[str]:
    told = {entry.seq for entry in trail.of_kind("case") if entry.action == SIGNED}
    for signature, receipt in load_signatures(connection):
        if not trail.touches(signature.case_code):
            continue
        code = signature.case_code
        told.discard(receipt.seq)
        if not _stands_in_trail(connection, Head(receipt.seq, receipt.hash), signature.head):
            yield f"The audit trail is not the one that case {code} was signed with."
        lifted = [one.seq for one in load_reopenings(connection, code) if one.receipt == receipt.hash]
        for table in (schema.score, *(log.table for log in _LOGS)):
            later = select(table.c.seq).where(
                table.c.case_code == code,
                table.c.seq > receipt.seq,
                table.c.seq < min(lifted, default=LATEST),
            )
            if connection.execute(later.limit(1)).first():
                yield f"Case {code} has a {table.name.replace('_', ' ')} from after its signature."
        if sealed(connection, form, rules, signature).sha256(signature.seal_version) != signature.sha256:
            yield f"The signature of case {code} does not fit its scores and pictures."
    for seq in sorted(told):
        yield f"The signature of audit row {seq} is missing."


def _stands_in_trail(connection: Connection, *heads: Head) -> bool:
    return all(head == START or head.hash == hash_at(connection, head.seq) for head in heads)

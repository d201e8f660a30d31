"""The tables of ``reading.sqlite``; nothing in them can hold a visit, a date or an identity of a subject."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Dialect,
    Float,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
)
from sqlalchemy.types import TypeDecorator

from storage.audit import AUDIT
from storage.sqlite_file import StoreKind, in_sequence_trigger

DATABASE = "reading.sqlite"
VOLUMES = "volumes"


class JsonTuple(TypeDecorator[tuple[Any, ...]]):
    """A short tuple of numbers or letters as JSON text."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: tuple[Any, ...] | None, dialect: Dialect) -> str | None:
        """Return the text that is stored."""
        return None if value is None else json.dumps(value, separators=(",", ":"), allow_nan=False)

    def process_result_value(self, value: str | None, dialect: Dialect) -> tuple[Any, ...] | None:
        """Return the tuple that was stored."""
        return None if value is None else tuple(json.loads(value))


metadata = MetaData()

reading = Table(
    "reading",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("reader", Text, nullable=False),
    Column("round_title", Text, nullable=False),
    Column("reading_design", Text, nullable=False),
    Column("form", Text, nullable=False),
    Column("rules", Text),  # JSON; readings of before 1.2 have none
    CheckConstraint("id = 1"),
)

reading_case = Table(
    "reading_case",
    metadata,
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("code", Text, nullable=False, unique=True),
    Column("side", Text),
)

timepoint = Table(
    "timepoint",
    metadata,
    Column("case_code", Text, ForeignKey("reading_case.code"), primary_key=True),
    Column("letter", Text, primary_key=True),
)

image = Table(
    "image",
    metadata,
    Column("case_code", Text, primary_key=True),
    Column("letter", Text, primary_key=True),
    Column("role", Text, primary_key=True),
    Column("position", Integer, nullable=False),
    Column("frame", Integer),
    Column("array_name", Text, unique=True),
    Column("array_sha256", Text),
    Column("array_shape", JsonTuple),
    Column("array_dtype", Text),
    Column("affine", JsonTuple),
    Column("spacing_mm", JsonTuple),
    Column("pixel_spacing_mm", JsonTuple),
    Column("spacing_at", Text),
    Column("pixel_aspect", Float, nullable=False),
    Column("rescale_slope", Float, nullable=False),
    Column("rescale_intercept", Float, nullable=False),
    Column("monochrome1", Boolean, nullable=False),
    Column("row_letters", JsonTuple),
    Column("column_letters", JsonTuple),
    Column("padding", JsonTuple),
    Column("missing_reason", Text),
    ForeignKeyConstraint(["case_code", "letter"], ["timepoint.case_code", "timepoint.letter"]),
)

audit = AUDIT.to_metadata(metadata)

score = Table(
    "score",
    metadata,
    Column("seq", Integer, ForeignKey("audit.seq"), primary_key=True, autoincrement=False),
    Column("case_code", Text, ForeignKey("reading_case.code"), nullable=False),
    Column("timepoint", Text, nullable=False),
    Column("system", Text, nullable=False),
    Column("feature", Text, nullable=False),
    Column("side", Text),
    Column("site", Text, nullable=False),
    Column("value", Text),
    Column("not_assessable", Text),
    Column("comment", Text, nullable=False),
    CheckConstraint("value IS NULL OR not_assessable IS NULL"),
)
Index(
    "score_of_cell",
    *(score.c.case_code, score.c.timepoint, score.c.system, score.c.feature, score.c.side, score.c.site),
)

signature = Table(
    "signature",
    metadata,
    Column("seq", Integer, ForeignKey("audit.seq"), primary_key=True, autoincrement=False),
    Column("case_code", Text, ForeignKey("reading_case.code"), nullable=False),
    Column("printed_name", Text, nullable=False),
    Column("utc", Text, nullable=False),
    Column("meaning", Text, nullable=False),
    Column("head_seq", Integer, nullable=False),
    Column("head_hash", Text, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("receipt_hash", Text, nullable=False),
    Column("seal_version", Integer, nullable=False),
)
Index("signature_of_case", signature.c.case_code)

other_score = Table(  # what two readers scored, where the reading is an adjudication; never which person
    "other_score",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("case_code", Text, nullable=False),
    Column("reader_number", Integer, nullable=False),
    Column("timepoint", Text, nullable=False),
    Column("system", Text, nullable=False),
    Column("feature", Text, nullable=False),
    Column("side", Text),
    Column("site", Text, nullable=False),
    Column("value", Text),
    Column("not_assessable", Text),
    CheckConstraint("reader_number IN (1, 2)"),
    CheckConstraint("(value IS NULL) <> (not_assessable IS NULL)"),
    ForeignKeyConstraint(["case_code", "timepoint"], ["timepoint.case_code", "timepoint.letter"]),
)
Index("other_score_of_case", other_score.c.case_code)

password = Table(
    "password",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("argon2", Text, nullable=False),
    CheckConstraint("id = 1"),
)

view_memory = Table(
    "view_memory",
    metadata,
    Column("key", Text, primary_key=True),
    Column("value", Text, nullable=False),
)

landmark = Table(
    "landmark",
    metadata,
    Column("seq", Integer, ForeignKey("audit.seq"), primary_key=True, autoincrement=False),
    Column("case_code", Text, ForeignKey("reading_case.code"), nullable=False),
    Column("timepoint", Text, nullable=False),
    Column("site", Text, nullable=False),
    Column("side", Text),
    Column("frame", Integer),
    Column("position_mm", JsonTuple),
    Column("role", Text),
    Column("row_column", JsonTuple),
    CheckConstraint("(frame IS NULL) = (position_mm IS NULL)"),
    CheckConstraint("(role IS NULL) = (row_column IS NULL)"),
    CheckConstraint("frame IS NULL OR role IS NULL"),
)
Index("landmark_of_case", landmark.c.case_code)

transform = Table(
    "transform",
    metadata,
    Column("seq", Integer, ForeignKey("audit.seq"), primary_key=True, autoincrement=False),
    Column("case_code", Text, ForeignKey("reading_case.code"), nullable=False),
    Column("timepoint", Text, nullable=False),
    Column("frame", Integer, nullable=False),
    Column("matrix", JsonTuple),
    Column("quality", Float),
    Column("origin", Text),
    CheckConstraint("(matrix IS NULL) = (quality IS NULL) AND (matrix IS NULL) = (origin IS NULL)"),
)
Index("transform_of_case", transform.c.case_code)


mark = Table(
    "mark",
    metadata,
    Column("seq", Integer, ForeignKey("audit.seq"), primary_key=True, autoincrement=False),
    Column("case_code", Text, ForeignKey("reading_case.code"), nullable=False),
    Column("mark_id", Integer, nullable=False),
    Column("body", Text),  # JSON; NULL takes the mark away
)
Index("mark_of_case", mark.c.case_code, mark.c.mark_id)


def _of_cell(name: str, *columns: Column[Any]) -> Table:
    """Return a table of things that belong to a cell, a timepoint or a whole case, with its index."""
    table = Table(
        name,
        metadata,
        Column("seq", Integer, ForeignKey("audit.seq"), primary_key=True, autoincrement=False),
        Column("case_code", Text, ForeignKey("reading_case.code"), nullable=False),
        Column("timepoint", Text),
        Column("system", Text),
        Column("feature", Text),
        Column("side", Text),
        Column("site", Text),
        *columns,
    )
    Index(f"{name}_of_case", table.c.case_code)
    return table


comment = _of_cell("comment", Column("text", Text))
confidence = _of_cell("confidence", Column("level", Integer))
evidence_override = _of_cell("evidence_override", Column("reason", Text))
active_time = _of_cell("active_time", Column("milliseconds", Integer, nullable=False))

reopen_request = Table(
    "reopen_request",
    metadata,
    Column("seq", Integer, ForeignKey("audit.seq"), primary_key=True, autoincrement=False),
    Column("case_code", Text, ForeignKey("reading_case.code"), nullable=False),
    Column("receipt_hash", Text, nullable=False),  # of the signature it asks to lift
    Column("reason", Text, nullable=False),
)

reopening = Table(
    "reopening",
    metadata,
    Column("seq", Integer, ForeignKey("audit.seq"), primary_key=True, autoincrement=False),
    Column("case_code", Text, ForeignKey("reading_case.code"), nullable=False),
    Column("receipt_hash", Text, nullable=False),  # of the signature it lifts
    Column("grant_id", Text, nullable=False, unique=True),
)
Index("reopening_of_case", reopening.c.case_code)

IN_FORCE = (
    "SELECT 1 FROM signature WHERE case_code = NEW.case_code AND seq >"
    " coalesce((SELECT max(seq) FROM reopening WHERE case_code = NEW.case_code), 0)"
)
"""Whether the case of a new row is signed and was not reopened since."""

LOCKED = (
    *("score", "landmark", "transform", "mark", "comment", "confidence", "evidence_override"),
    *("active_time", "signature"),
)
"""The tables that take no row of a signed case."""

_TOLD = {  # which rows of the audit trail tell of a row of each table
    "score": "score.*",
    "signature": "case.signed",
    "reopen_request": "case.reopening_asked",
    "reopening": "case.reopened",
    **{
        name: f"{name}.*"
        for name in (
            *("landmark", "transform", "mark", "comment", "confidence", "evidence_override"),
            "active_time",
        )
    },
}


def _signed_cases_are_locked_trigger(table: str) -> str:
    """Return the trigger that refuses a row of *table* for a case that is signed."""
    return (
        f"CREATE TRIGGER {table}_of_signed_case BEFORE INSERT ON {table}"
        f" WHEN EXISTS ({IN_FORCE})"
        " BEGIN SELECT RAISE(ABORT, 'a signed case is locked'); END"
    )


def _told_in_audit_trigger(table: str, actions: str) -> str:
    """Return the trigger that refuses a row of *table* that the audit trail does not tell of."""
    return (
        f"CREATE TRIGGER {table}_told_in_audit BEFORE INSERT ON {table}"
        " WHEN NOT EXISTS (SELECT 1 FROM audit WHERE seq = NEW.seq AND case_code = NEW.case_code"
        f" AND action GLOB '{actions}')"
        f" BEGIN SELECT RAISE(ABORT, 'the audit trail does not tell of this {table}'); END"
    )


def _names_the_signature_trigger(table: str) -> str:
    """Return the trigger that refuses a row of *table* that is not about the signature in force."""
    return (
        f"CREATE TRIGGER {table}_names_signature BEFORE INSERT ON {table}"
        f" WHEN NOT EXISTS ({IN_FORCE} AND receipt_hash = NEW.receipt_hash)"
        f" BEGIN SELECT RAISE(ABORT, 'this {table} is not about the signature of its case'); END"
    )


READING = StoreKind(
    name="reading",
    application_id=0x52415244,  # "RARD"
    version=(1, 3),
    metadata=metadata,
    append_only=(
        *("reading", "reading_case", "timepoint", "image", "audit", "score", "signature", "password"),
        *("landmark", "transform", "mark", "comment", "confidence", "evidence_override", "active_time"),
        *("reopen_request", "reopening", "other_score"),
    ),
    triggers=(
        in_sequence_trigger("audit"),
        *(_told_in_audit_trigger(table, actions) for table, actions in _TOLD.items()),
        *(_signed_cases_are_locked_trigger(table) for table in LOCKED),
        *(_names_the_signature_trigger(table) for table in ("reopen_request", "reopening")),
    ),
    migrations=Path(__file__).parent / "migrations",
    revision="0004",
)

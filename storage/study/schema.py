"""Tables of ``study.sqlite``: who was imaged when, what is read in which round, and what came back.

The audit table is that of :mod:`storage.audit`. Only ``score``, ``signature``, ``reopening_request`` and the
audit log hold what readers did; those rows are never changed. Of several signatures of a case the newest
counts.
"""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    Float,
    ForeignKey,
    ForeignKeyConstraint,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
)

from storage.audit import AUDIT

metadata = MetaData()

study = Table(
    "study",
    metadata,
    Column("title", Text, primary_key=True),
    Column("visits_fixed", Boolean, nullable=False),
    Column("created_utc", Text, nullable=False),
)
visit = Table(
    "visit",
    metadata,
    Column("label", Text, primary_key=True),
    Column("position", Integer, nullable=False, unique=True),
    Column("week", Float),
)
subject = Table(
    "subject",
    metadata,
    Column("code", Text, primary_key=True),
    Column("side", Text),
)
file = Table(
    "file",
    metadata,
    Column("name", Text, primary_key=True),
    Column("sop_instance_uid", Text, nullable=False, unique=True),
    Column("sha256", Text, nullable=False),
    Column("size", Integer, nullable=False),
    Column("study_instance_uid", Text, nullable=False, index=True),
    Column("subject", Text, ForeignKey("subject.code"), nullable=False),
    Column("visit", Text, ForeignKey("visit.label"), nullable=False),
)
series = Table(
    "series",
    metadata,
    Column("series_uid", Text, primary_key=True),
    Column("study_instance_uid", Text, nullable=False, index=True),
    Column("subject", Text, ForeignKey("subject.code"), nullable=False),
    Column("visit", Text, ForeignKey("visit.label"), nullable=False),
    Column("modality", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("recognised_role", Text, nullable=False),
    Column("role_reason", Text, nullable=False),
    Column("overruled", Boolean, nullable=False),
    Column("patient_id", Text),
    Column("study_date", Text),
    Column("laterality", Text),
    Column("problems", Text, nullable=False),  # JSON list
    Column("facts", Text, nullable=False),  # JSON: the whole series as scanned, files by their names here
)
person = Table("person", metadata, Column("name", Text, primary_key=True))
round_ = Table(
    "round",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("title", Text, nullable=False, unique=True),
    Column("modality", Text, nullable=False),
    Column("design", Text, nullable=False),
    Column("form", Text, nullable=False),  # JSON: the frozen form with its systems
    Column("visits", Text, nullable=False),  # JSON list of labels
    Column("readers", Text, nullable=False),  # JSON list of names
    Column("repeat", Float, nullable=False),
    Column("seed", Text, nullable=False),  # decimal: 128 bits do not fit an SQLite integer
    Column("rules", Text, nullable=False),  # JSON list of adjudication rules as given
    Column("out_folder", Text, nullable=False),
    Column("locked_utc", Text),
    Column("reading_rules", Text),  # JSON: what is asked of the readers; rounds of before 1.1 have none
    Column("adjudication_method", Text),  # rounds of before 1.2 have none
)
round_case = Table(
    "round_case",
    metadata,
    Column("code", Text, primary_key=True),
    Column("round_id", Integer, ForeignKey("round.id"), nullable=False),
    Column("subject", Text, ForeignKey("subject.code"), nullable=False),
    UniqueConstraint("round_id", "subject"),
)
skipped = Table(
    "skipped",
    metadata,
    Column("round_id", Integer, ForeignKey("round.id"), primary_key=True),
    Column("subject", Text, ForeignKey("subject.code"), primary_key=True),
    Column("reason", Text, nullable=False),
)
reading = Table(
    "reading",
    metadata,
    Column("code", Text, primary_key=True),
    Column("round_id", Integer, ForeignKey("round.id"), nullable=False),
    Column("reader", Text, ForeignKey("person.name"), nullable=False),
    Column("path", Text, nullable=False),  # relative to the study's folder where it lies inside
    Column("head", Text, nullable=False),  # hash of the first row of its audit trail: seals its content
    UniqueConstraint("round_id", "reader"),
)
reading_case = Table(
    "reading_case",
    metadata,
    Column("code", Text, primary_key=True),
    Column("reading_code", Text, ForeignKey("reading.code"), nullable=False),
    Column("position", Integer, nullable=False),
    Column("subject", Text, ForeignKey("subject.code"), nullable=False),
    Column("side", Text),
    Column("repeat", Boolean, nullable=False),
    UniqueConstraint("reading_code", "position"),
)
reading_timepoint = Table(
    "reading_timepoint",
    metadata,
    Column("case_code", Text, ForeignKey("reading_case.code"), primary_key=True),
    Column("letter", Text, primary_key=True),
    Column("visit", Text, ForeignKey("visit.label"), nullable=False),
)
reading_image = Table(
    "reading_image",
    metadata,
    Column("case_code", Text, primary_key=True),
    Column("letter", Text, primary_key=True),
    Column("role", Text, primary_key=True),
    Column("series_uid", Text, nullable=False),
    Column("sha256", Text, nullable=False),
    ForeignKeyConstraint(
        ["case_code", "letter"], ["reading_timepoint.case_code", "reading_timepoint.letter"]
    ),
)
adjudication = Table(  # of the readings that are adjudications
    "adjudication",
    metadata,
    Column("reading_code", Text, ForeignKey("reading.code"), primary_key=True),
    Column("mix", Float, nullable=False),
    Column("seed", Text, nullable=False),  # decimal
)
adjudicated_case = Table(
    "adjudicated_case",
    metadata,
    Column("case_code", Text, ForeignKey("reading_case.code"), primary_key=True),
    Column("ordinary", Boolean, nullable=False),  # mixed in, no rule found it
    Column("reader_1", Text, ForeignKey("person.name"), nullable=False),
    Column("reader_2", Text, ForeignKey("person.name"), nullable=False),
)
signature = Table(
    "signature",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("case_code", Text, ForeignKey("reading_case.code"), nullable=False, index=True),
    Column("receipt", Text, nullable=False),  # JSON as the reading gave it
    Column("seal", Text, nullable=False),
    Column("collected_utc", Text, nullable=False),
    Column("seal_version", Integer, nullable=False),
    Column("annotations", Text),  # JSON: marks, comments and the like; none before 1.1
)
score = Table(
    "score",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("signature_id", Integer, ForeignKey("signature.id"), nullable=False, index=True),
    Column("letter", Text, nullable=False),
    Column("system", Text, nullable=False),
    Column("feature", Text, nullable=False),
    Column("side", Text),
    Column("site", Text, nullable=False),
    Column("value", Text),  # decimal text
    Column("not_assessable", Text),
    Column("comment", Text, nullable=False),
)
reopening_request = Table(
    "reopening_request",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("case_code", Text, ForeignKey("reading_case.code"), nullable=False),
    Column("seq", Integer, nullable=False),  # in the reading's audit trail
    Column("utc", Text, nullable=False),
    Column("receipt", Text, nullable=False),  # hash of the signature it asks to lift
    Column("reason", Text, nullable=False),
    UniqueConstraint("case_code", "seq"),
)
reopening_grant = Table(
    "reopening_grant",
    metadata,
    Column("grant_id", Text, primary_key=True),
    Column("case_code", Text, ForeignKey("reading_case.code"), nullable=False),
    Column("receipt", Text, nullable=False),  # hash of the signature it lifts
    Column("utc", Text, nullable=False),
    UniqueConstraint("case_code", "receipt"),
)
AUDIT.to_metadata(metadata)

"""The first shape of a reading."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

APPEND_ONLY = ("reading", "reading_case", "timepoint", "image", "audit", "score", "signature", "password")
TRIGGERS = (
    "CREATE TRIGGER audit_in_sequence BEFORE INSERT ON audit"
    " WHEN NEW.seq IS NOT (SELECT coalesce(max(seq), 0) + 1 FROM audit)"
    " BEGIN SELECT RAISE(ABORT, 'audit rows come one after the other'); END",
    "CREATE TRIGGER score_told_in_audit BEFORE INSERT ON score"
    " WHEN NOT EXISTS (SELECT 1 FROM audit WHERE seq = NEW.seq AND case_code = NEW.case_code"
    " AND action GLOB 'score.*')"
    " BEGIN SELECT RAISE(ABORT, 'the audit trail does not tell of this score'); END",
    "CREATE TRIGGER signature_told_in_audit BEFORE INSERT ON signature"
    " WHEN NOT EXISTS (SELECT 1 FROM audit WHERE seq = NEW.seq AND case_code = NEW.case_code"
    " AND action GLOB 'case.signed')"
    " BEGIN SELECT RAISE(ABORT, 'the audit trail does not tell of this signature'); END",
    "CREATE TRIGGER score_of_signed_case BEFORE INSERT ON score"
    " WHEN EXISTS (SELECT 1 FROM signature WHERE case_code = NEW.case_code)"
    " BEGIN SELECT RAISE(ABORT, 'a signed case is locked'); END",
)


def upgrade() -> None:
    _create_content()
    _create_trail()
    for table in APPEND_ONLY:
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table}"
                f" BEGIN SELECT RAISE(ABORT, '{table} rows stay as they are'); END"
            )
    for trigger in TRIGGERS:
        op.execute(trigger)


def _create_content() -> None:
    op.create_table(
        "reading",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("reader", sa.Text, nullable=False),
        sa.Column("round_title", sa.Text, nullable=False),
        sa.Column("reading_design", sa.Text, nullable=False),
        sa.Column("form", sa.Text, nullable=False),
        sa.CheckConstraint("id = 1"),
    )
    op.create_table(
        "reading_case",
        sa.Column("position", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("code", sa.Text, nullable=False, unique=True),
        sa.Column("side", sa.Text),
    )
    op.create_table(
        "timepoint",
        sa.Column("case_code", sa.Text, sa.ForeignKey("reading_case.code"), primary_key=True),
        sa.Column("letter", sa.Text, primary_key=True),
    )
    op.create_table(
        "image",
        sa.Column("case_code", sa.Text, primary_key=True),
        sa.Column("letter", sa.Text, primary_key=True),
        sa.Column("role", sa.Text, primary_key=True),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("frame", sa.Integer),
        sa.Column("array_name", sa.Text, unique=True),
        sa.Column("array_sha256", sa.Text),
        sa.Column("array_shape", sa.Text),
        sa.Column("array_dtype", sa.Text),
        sa.Column("affine", sa.Text),
        sa.Column("spacing_mm", sa.Text),
        sa.Column("pixel_spacing_mm", sa.Text),
        sa.Column("spacing_at", sa.Text),
        sa.Column("pixel_aspect", sa.Float, nullable=False),
        sa.Column("rescale_slope", sa.Float, nullable=False),
        sa.Column("rescale_intercept", sa.Float, nullable=False),
        sa.Column("monochrome1", sa.Boolean, nullable=False),
        sa.Column("row_letters", sa.Text),
        sa.Column("column_letters", sa.Text),
        sa.Column("padding", sa.Text),
        sa.Column("missing_reason", sa.Text),
        sa.ForeignKeyConstraint(["case_code", "letter"], ["timepoint.case_code", "timepoint.letter"]),
    )


def _create_trail() -> None:
    op.create_table(
        "audit",
        sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("utc", sa.Text, nullable=False),
        sa.Column("utc_offset_minutes", sa.Integer, nullable=False),
        sa.Column("mono_ms", sa.Integer, nullable=False),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("session", sa.Text, nullable=False),
        sa.Column("app", sa.Text, nullable=False),
        sa.Column("schema_version", sa.Text, nullable=False),
        sa.Column("action", sa.Text, nullable=False),
        sa.Column("case_code", sa.Text),
        sa.Column("item", sa.Text),
        sa.Column("old", sa.Text),
        sa.Column("new", sa.Text),
        sa.Column("reason", sa.Text),
        sa.Column("prev", sa.Text, nullable=False),
        sa.Column("hash", sa.Text, nullable=False),
    )
    op.create_table(
        "score",
        sa.Column("seq", sa.Integer, sa.ForeignKey("audit.seq"), primary_key=True, autoincrement=False),
        sa.Column("case_code", sa.Text, sa.ForeignKey("reading_case.code"), nullable=False),
        sa.Column("timepoint", sa.Text, nullable=False),
        sa.Column("system", sa.Text, nullable=False),
        sa.Column("feature", sa.Text, nullable=False),
        sa.Column("side", sa.Text),
        sa.Column("site", sa.Text, nullable=False),
        sa.Column("value", sa.Text),
        sa.Column("not_assessable", sa.Text),
        sa.Column("comment", sa.Text, nullable=False),
        sa.CheckConstraint("value IS NULL OR not_assessable IS NULL"),
    )
    op.create_index("score_of_cell", "score", ["case_code", "timepoint", "system", "feature", "side", "site"])
    op.create_table(
        "signature",
        sa.Column("seq", sa.Integer, sa.ForeignKey("audit.seq"), primary_key=True, autoincrement=False),
        sa.Column("case_code", sa.Text, sa.ForeignKey("reading_case.code"), nullable=False, unique=True),
        sa.Column("printed_name", sa.Text, nullable=False),
        sa.Column("utc", sa.Text, nullable=False),
        sa.Column("meaning", sa.Text, nullable=False),
        sa.Column("head_seq", sa.Integer, nullable=False),
        sa.Column("head_hash", sa.Text, nullable=False),
        sa.Column("sha256", sa.Text, nullable=False),
        sa.Column("receipt_hash", sa.Text, nullable=False),
    )
    op.create_table(
        "password",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("argon2", sa.Text, nullable=False),
        sa.CheckConstraint("id = 1"),
    )
    op.create_table(
        "view_memory",
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column("value", sa.Text, nullable=False),
    )

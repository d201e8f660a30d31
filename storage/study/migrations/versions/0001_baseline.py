"""The first shape of a study."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

APPEND_ONLY = (
    "audit",
    "round_case",
    "reading_case",
    "reading_timepoint",
    "reading_image",
    "signature",
    "score",
)
IN_SEQUENCE = (
    "CREATE TRIGGER audit_in_sequence BEFORE INSERT ON audit"
    " WHEN NEW.seq IS NOT (SELECT coalesce(max(seq), 0) + 1 FROM audit)"
    " BEGIN SELECT RAISE(ABORT, 'audit rows come one after the other'); END"
)


def upgrade() -> None:
    _create_images()
    _create_rounds()
    _create_results()
    for table in APPEND_ONLY:
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table}"
                f" BEGIN SELECT RAISE(ABORT, '{table} rows stay as they are'); END"
            )
    op.execute(IN_SEQUENCE)


def _create_images() -> None:
    op.create_table(
        "study",
        sa.Column("title", sa.Text, primary_key=True),
        sa.Column("visits_fixed", sa.Boolean, nullable=False),
        sa.Column("created_utc", sa.Text, nullable=False),
    )
    op.create_table(
        "visit",
        sa.Column("label", sa.Text, primary_key=True),
        sa.Column("position", sa.Integer, nullable=False, unique=True),
        sa.Column("week", sa.Float),
    )
    op.create_table(
        "subject",
        sa.Column("code", sa.Text, primary_key=True),
        sa.Column("side", sa.Text),
    )
    op.create_table(
        "file",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("sop_instance_uid", sa.Text, nullable=False, unique=True),
        sa.Column("sha256", sa.Text, nullable=False),
        sa.Column("size", sa.Integer, nullable=False),
        sa.Column("study_instance_uid", sa.Text, nullable=False),
        sa.Column("subject", sa.Text, sa.ForeignKey("subject.code"), nullable=False),
        sa.Column("visit", sa.Text, sa.ForeignKey("visit.label"), nullable=False),
    )
    op.create_index("ix_file_study_instance_uid", "file", ["study_instance_uid"])
    op.create_table(
        "series",
        sa.Column("series_uid", sa.Text, primary_key=True),
        sa.Column("study_instance_uid", sa.Text, nullable=False),
        sa.Column("subject", sa.Text, sa.ForeignKey("subject.code"), nullable=False),
        sa.Column("visit", sa.Text, sa.ForeignKey("visit.label"), nullable=False),
        sa.Column("modality", sa.Text, nullable=False),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("recognised_role", sa.Text, nullable=False),
        sa.Column("role_reason", sa.Text, nullable=False),
        sa.Column("overruled", sa.Boolean, nullable=False),
        sa.Column("patient_id", sa.Text),
        sa.Column("study_date", sa.Text),
        sa.Column("laterality", sa.Text),
        sa.Column("problems", sa.Text, nullable=False),
        sa.Column("facts", sa.Text, nullable=False),
    )
    op.create_index("ix_series_study_instance_uid", "series", ["study_instance_uid"])


def _create_rounds() -> None:
    op.create_table(
        "person",
        sa.Column("name", sa.Text, primary_key=True),
    )
    op.create_table(
        "round",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("title", sa.Text, nullable=False, unique=True),
        sa.Column("modality", sa.Text, nullable=False),
        sa.Column("design", sa.Text, nullable=False),
        sa.Column("form", sa.Text, nullable=False),
        sa.Column("visits", sa.Text, nullable=False),
        sa.Column("readers", sa.Text, nullable=False),
        sa.Column("repeat", sa.Float, nullable=False),
        sa.Column("seed", sa.Text, nullable=False),
        sa.Column("rules", sa.Text, nullable=False),
        sa.Column("out_folder", sa.Text, nullable=False),
        sa.Column("locked_utc", sa.Text),
    )
    op.create_table(
        "round_case",
        sa.Column("code", sa.Text, primary_key=True),
        sa.Column("round_id", sa.Integer, sa.ForeignKey("round.id"), nullable=False),
        sa.Column("subject", sa.Text, sa.ForeignKey("subject.code"), nullable=False),
        sa.UniqueConstraint("round_id", "subject"),
    )
    op.create_table(
        "skipped",
        sa.Column("round_id", sa.Integer, sa.ForeignKey("round.id"), primary_key=True),
        sa.Column("subject", sa.Text, sa.ForeignKey("subject.code"), primary_key=True),
        sa.Column("reason", sa.Text, nullable=False),
    )
    op.create_table(
        "reading",
        sa.Column("code", sa.Text, primary_key=True),
        sa.Column("round_id", sa.Integer, sa.ForeignKey("round.id"), nullable=False),
        sa.Column("reader", sa.Text, sa.ForeignKey("person.name"), nullable=False),
        sa.Column("path", sa.Text, nullable=False),
        sa.Column("head", sa.Text, nullable=False),
        sa.UniqueConstraint("round_id", "reader"),
    )
    op.create_table(
        "reading_case",
        sa.Column("code", sa.Text, primary_key=True),
        sa.Column("reading_code", sa.Text, sa.ForeignKey("reading.code"), nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("subject", sa.Text, sa.ForeignKey("subject.code"), nullable=False),
        sa.Column("side", sa.Text),
        sa.Column("repeat", sa.Boolean, nullable=False),
        sa.UniqueConstraint("reading_code", "position"),
    )
    op.create_table(
        "reading_timepoint",
        sa.Column("case_code", sa.Text, sa.ForeignKey("reading_case.code"), primary_key=True),
        sa.Column("letter", sa.Text, primary_key=True),
        sa.Column("visit", sa.Text, sa.ForeignKey("visit.label"), nullable=False),
    )
    op.create_table(
        "reading_image",
        sa.Column("case_code", sa.Text, primary_key=True),
        sa.Column("letter", sa.Text, primary_key=True),
        sa.Column("role", sa.Text, primary_key=True),
        sa.Column("series_uid", sa.Text, nullable=False),
        sa.Column("sha256", sa.Text, nullable=False),
        sa.ForeignKeyConstraint(
            ["case_code", "letter"], ["reading_timepoint.case_code", "reading_timepoint.letter"]
        ),
    )


def _create_results() -> None:
    op.create_table(
        "signature",
        sa.Column("case_code", sa.Text, sa.ForeignKey("reading_case.code"), primary_key=True),
        sa.Column("receipt", sa.Text, nullable=False),
        sa.Column("seal", sa.Text, nullable=False),
        sa.Column("collected_utc", sa.Text, nullable=False),
    )
    op.create_table(
        "score",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("case_code", sa.Text, sa.ForeignKey("signature.case_code"), nullable=False),
        sa.Column("letter", sa.Text, nullable=False),
        sa.Column("system", sa.Text, nullable=False),
        sa.Column("feature", sa.Text, nullable=False),
        sa.Column("side", sa.Text),
        sa.Column("site", sa.Text, nullable=False),
        sa.Column("value", sa.Text),
        sa.Column("not_assessable", sa.Text),
        sa.Column("comment", sa.Text, nullable=False),
    )
    op.create_index("ix_score_case_code", "score", ["case_code"])
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

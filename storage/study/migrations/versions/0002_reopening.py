"""What is asked of readers, annotations of collected cases, several signatures of a case, reopening."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

APPEND_ONLY = ("signature", "score", "reopening_request", "reopening_grant")


def upgrade() -> None:
    op.add_column("round", sa.Column("reading_rules", sa.Text))
    op.execute("CREATE TEMP TABLE old_score AS SELECT * FROM score")
    op.execute("CREATE TEMP TABLE old_signature AS SELECT rowid AS id, * FROM signature")
    op.drop_table("score")
    op.drop_table("signature")
    _create_results()
    op.execute(
        "INSERT INTO signature (id, case_code, receipt, seal, collected_utc, seal_version)"
        " SELECT id, case_code, receipt, seal, collected_utc, 1 FROM old_signature ORDER BY id"
    )
    op.execute(
        "INSERT INTO score"
        " (id, signature_id, letter, system, feature, side, site, value, not_assessable, comment)"
        " SELECT s.id, g.id, letter, system, feature, side, site, value, not_assessable, comment"
        " FROM old_score s JOIN old_signature g ON g.case_code = s.case_code ORDER BY s.id"
    )
    op.execute("DROP TABLE old_score")
    op.execute("DROP TABLE old_signature")
    _create_reopening()
    for table in APPEND_ONLY:
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table}"
                f" BEGIN SELECT RAISE(ABORT, '{table} rows stay as they are'); END"
            )


def _create_results() -> None:
    op.create_table(
        "signature",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("case_code", sa.Text, sa.ForeignKey("reading_case.code"), nullable=False),
        sa.Column("receipt", sa.Text, nullable=False),
        sa.Column("seal", sa.Text, nullable=False),
        sa.Column("collected_utc", sa.Text, nullable=False),
        sa.Column("seal_version", sa.Integer, nullable=False),
        sa.Column("annotations", sa.Text),
    )
    op.create_index("ix_signature_case_code", "signature", ["case_code"])
    op.create_table(
        "score",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("signature_id", sa.Integer, sa.ForeignKey("signature.id"), nullable=False),
        sa.Column("letter", sa.Text, nullable=False),
        sa.Column("system", sa.Text, nullable=False),
        sa.Column("feature", sa.Text, nullable=False),
        sa.Column("side", sa.Text),
        sa.Column("site", sa.Text, nullable=False),
        sa.Column("value", sa.Text),
        sa.Column("not_assessable", sa.Text),
        sa.Column("comment", sa.Text, nullable=False),
    )
    op.create_index("ix_score_signature_id", "score", ["signature_id"])


def _create_reopening() -> None:
    op.create_table(
        "reopening_request",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("case_code", sa.Text, sa.ForeignKey("reading_case.code"), nullable=False),
        sa.Column("seq", sa.Integer, nullable=False),
        sa.Column("utc", sa.Text, nullable=False),
        sa.Column("receipt", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.UniqueConstraint("case_code", "seq"),
    )
    op.create_table(
        "reopening_grant",
        sa.Column("grant_id", sa.Text, primary_key=True),
        sa.Column("case_code", sa.Text, sa.ForeignKey("reading_case.code"), nullable=False),
        sa.Column("receipt", sa.Text, nullable=False),
        sa.Column("utc", sa.Text, nullable=False),
        sa.UniqueConstraint("case_code", "receipt"),
    )

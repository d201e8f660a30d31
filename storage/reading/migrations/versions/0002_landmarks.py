"""Landmarks and the transforms between timepoints."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

TABLES = ("landmark", "transform")


def upgrade() -> None:
    op.create_table(
        "landmark",
        sa.Column("seq", sa.Integer, sa.ForeignKey("audit.seq"), primary_key=True, autoincrement=False),
        sa.Column("case_code", sa.Text, sa.ForeignKey("reading_case.code"), nullable=False),
        sa.Column("timepoint", sa.Text, nullable=False),
        sa.Column("site", sa.Text, nullable=False),
        sa.Column("side", sa.Text),
        sa.Column("frame", sa.Integer),
        sa.Column("position_mm", sa.Text),
        sa.Column("role", sa.Text),
        sa.Column("row_column", sa.Text),
        sa.CheckConstraint("(frame IS NULL) = (position_mm IS NULL)"),
        sa.CheckConstraint("(role IS NULL) = (row_column IS NULL)"),
        sa.CheckConstraint("frame IS NULL OR role IS NULL"),
    )
    op.create_index("landmark_of_case", "landmark", ["case_code"])
    op.create_table(
        "transform",
        sa.Column("seq", sa.Integer, sa.ForeignKey("audit.seq"), primary_key=True, autoincrement=False),
        sa.Column("case_code", sa.Text, sa.ForeignKey("reading_case.code"), nullable=False),
        sa.Column("timepoint", sa.Text, nullable=False),
        sa.Column("frame", sa.Integer, nullable=False),
        sa.Column("matrix", sa.Text),
        sa.Column("quality", sa.Float),
        sa.Column("origin", sa.Text),
        sa.CheckConstraint("(matrix IS NULL) = (quality IS NULL) AND (matrix IS NULL) = (origin IS NULL)"),
    )
    op.create_index("transform_of_case", "transform", ["case_code"])
    for table in TABLES:
        _guard(table)


def _guard(table: str) -> None:
    """Rows stay, the audit trail tells of them, and a signed case takes no more."""
    for verb in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table}"
            f" BEGIN SELECT RAISE(ABORT, '{table} rows stay as they are'); END"
        )
    op.execute(
        f"CREATE TRIGGER {table}_told_in_audit BEFORE INSERT ON {table}"
        " WHEN NOT EXISTS (SELECT 1 FROM audit WHERE seq = NEW.seq AND case_code = NEW.case_code"
        f" AND action GLOB '{table}.*')"
        f" BEGIN SELECT RAISE(ABORT, 'the audit trail does not tell of this {table}'); END"
    )
    op.execute(
        f"CREATE TRIGGER {table}_of_signed_case BEFORE INSERT ON {table}"
        " WHEN EXISTS (SELECT 1 FROM signature WHERE case_code = NEW.case_code)"
        " BEGIN SELECT RAISE(ABORT, 'a signed case is locked'); END"
    )

"""What two readers scored, in readings that are adjudications."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "other_score",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("case_code", sa.Text, nullable=False),
        sa.Column("reader_number", sa.Integer, nullable=False),
        *(sa.Column(part, sa.Text, nullable=False) for part in ("timepoint", "system", "feature")),
        sa.Column("side", sa.Text),
        sa.Column("site", sa.Text, nullable=False),
        sa.Column("value", sa.Text),
        sa.Column("not_assessable", sa.Text),
        sa.CheckConstraint("reader_number IN (1, 2)"),
        sa.CheckConstraint("(value IS NULL) <> (not_assessable IS NULL)"),
        sa.ForeignKeyConstraint(["case_code", "timepoint"], ["timepoint.case_code", "timepoint.letter"]),
    )
    op.create_index("other_score_of_case", "other_score", ["case_code"])
    for verb in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER other_score_no_{verb.lower()} BEFORE {verb} ON other_score"
            " BEGIN SELECT RAISE(ABORT, 'other_score rows stay as they are'); END"
        )

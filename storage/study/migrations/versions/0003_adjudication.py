"""How a round adjudicates, and the key of its adjudication readings."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("round", sa.Column("adjudication_method", sa.Text))
    op.create_table(
        "adjudication",
        sa.Column("reading_code", sa.Text, sa.ForeignKey("reading.code"), primary_key=True),
        sa.Column("mix", sa.Float, nullable=False),
        sa.Column("seed", sa.Text, nullable=False),
    )
    op.create_table(
        "adjudicated_case",
        sa.Column("case_code", sa.Text, sa.ForeignKey("reading_case.code"), primary_key=True),
        sa.Column("ordinary", sa.Boolean, nullable=False),
        sa.Column("reader_1", sa.Text, sa.ForeignKey("person.name"), nullable=False),
        sa.Column("reader_2", sa.Text, sa.ForeignKey("person.name"), nullable=False),
    )
    for table in ("adjudication", "adjudicated_case"):
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table}"
                f" BEGIN SELECT RAISE(ABORT, '{table} rows stay as they are'); END"
            )

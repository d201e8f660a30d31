"""Rules of the round, marks, comments, confidence, time at work, reopening; a case may be signed again."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

OF_CELL: dict[str, sa.Column[Any]] = {
    "comment": sa.Column("text", sa.Text),
    "confidence": sa.Column("level", sa.Integer),
    "evidence_override": sa.Column("reason", sa.Text),
    "active_time": sa.Column("milliseconds", sa.Integer, nullable=False),
}
IN_FORCE = (
    "SELECT 1 FROM signature WHERE case_code = NEW.case_code AND seq >"
    " coalesce((SELECT max(seq) FROM reopening WHERE case_code = NEW.case_code), 0)"
)
OLD_LOCKED = ("score", "landmark", "transform")
NEW_LOCKED = ("mark", *OF_CELL)


def upgrade() -> None:
    for table in OLD_LOCKED:
        op.execute(f"DROP TRIGGER {table}_of_signed_case")
    _give_the_reading_rules()
    _let_a_case_be_signed_again()
    _create_annotations()
    _create_reopening()
    for table in (*OLD_LOCKED, *NEW_LOCKED, "signature"):
        op.execute(
            f"CREATE TRIGGER {table}_of_signed_case BEFORE INSERT ON {table}"
            f" WHEN EXISTS ({IN_FORCE})"
            " BEGIN SELECT RAISE(ABORT, 'a signed case is locked'); END"
        )


def _give_the_reading_rules() -> None:
    row = _taken_out("reading")
    op.create_table(
        "reading",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("reader", sa.Text, nullable=False),
        sa.Column("round_title", sa.Text, nullable=False),
        sa.Column("reading_design", sa.Text, nullable=False),
        sa.Column("form", sa.Text, nullable=False),
        sa.Column("rules", sa.Text),
        sa.CheckConstraint("id = 1"),
    )
    _put_back("reading", row)
    _keep_rows("reading")


def _let_a_case_be_signed_again() -> None:
    rows = _taken_out("signature")
    op.create_table(
        "signature",
        _seq(),
        _case_code(),
        sa.Column("printed_name", sa.Text, nullable=False),
        sa.Column("utc", sa.Text, nullable=False),
        sa.Column("meaning", sa.Text, nullable=False),
        sa.Column("head_seq", sa.Integer, nullable=False),
        sa.Column("head_hash", sa.Text, nullable=False),
        sa.Column("sha256", sa.Text, nullable=False),
        sa.Column("receipt_hash", sa.Text, nullable=False),
        sa.Column("seal_version", sa.Integer, nullable=False),
    )
    op.create_index("signature_of_case", "signature", ["case_code"])
    _put_back("signature", [{**row, "seal_version": 1} for row in rows])
    _keep_rows("signature")
    _tell("signature", "case.signed")


def _create_annotations() -> None:
    op.create_table(
        "mark",
        _seq(),
        _case_code(),
        sa.Column("mark_id", sa.Integer, nullable=False),
        sa.Column("body", sa.Text),
    )
    op.create_index("mark_of_case", "mark", ["case_code", "mark_id"])
    for name, value in OF_CELL.items():
        cell = [sa.Column(part, sa.Text) for part in ("timepoint", "system", "feature", "side", "site")]
        op.create_table(name, _seq(), _case_code(), *cell, value)
        op.create_index(f"{name}_of_case", name, ["case_code"])
    for name in NEW_LOCKED:
        _keep_rows(name)
        _tell(name, f"{name}.*")


def _create_reopening() -> None:
    op.create_table(
        "reopen_request",
        _seq(),
        _case_code(),
        sa.Column("receipt_hash", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
    )
    op.create_table(
        "reopening",
        _seq(),
        _case_code(),
        sa.Column("receipt_hash", sa.Text, nullable=False),
        sa.Column("grant_id", sa.Text, nullable=False, unique=True),
    )
    op.create_index("reopening_of_case", "reopening", ["case_code"])
    for name, action in (("reopen_request", "case.reopening_asked"), ("reopening", "case.reopened")):
        _keep_rows(name)
        _tell(name, action)
        op.execute(
            f"CREATE TRIGGER {name}_names_signature BEFORE INSERT ON {name}"
            f" WHEN NOT EXISTS ({IN_FORCE} AND receipt_hash = NEW.receipt_hash)"
            f" BEGIN SELECT RAISE(ABORT, 'this {name} is not about the signature of its case'); END"
        )


def _seq() -> sa.Column[Any]:
    return sa.Column("seq", sa.Integer, sa.ForeignKey("audit.seq"), primary_key=True, autoincrement=False)


def _case_code() -> sa.Column[Any]:
    return sa.Column("case_code", sa.Text, sa.ForeignKey("reading_case.code"), nullable=False)


def _taken_out(table: str) -> list[dict[str, Any]]:
    """Drop a table, its triggers with it, and return its few rows: SQLite cannot drop a constraint."""
    rows = op.get_bind().execute(sa.text(f"SELECT * FROM {table}")).mappings().all()
    op.drop_table(table)
    return [dict(row) for row in rows]


def _put_back(table: str, rows: list[dict[str, Any]]) -> None:
    if rows:
        columns = ", ".join(rows[0])
        values = ", ".join(f":{name}" for name in rows[0])
        op.get_bind().execute(sa.text(f"INSERT INTO {table} ({columns}) VALUES ({values})"), rows)


def _keep_rows(table: str) -> None:
    for verb in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table}"
            f" BEGIN SELECT RAISE(ABORT, '{table} rows stay as they are'); END"
        )


def _tell(table: str, actions: str) -> None:
    op.execute(
        f"CREATE TRIGGER {table}_told_in_audit BEFORE INSERT ON {table}"
        " WHEN NOT EXISTS (SELECT 1 FROM audit WHERE seq = NEW.seq AND case_code = NEW.case_code"
        f" AND action GLOB '{actions}')"
        f" BEGIN SELECT RAISE(ABORT, 'the audit trail does not tell of this {table}'); END"
    )

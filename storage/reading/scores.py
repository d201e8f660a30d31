"""Scores as a log: a change is a row and one in the audit trail; the sheet is the newest row of each cell."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select

from scoring_forms.domain.score import Cell, Score
from storage.audit import Clock, Entry, Event, append, canonical_json
from storage.reading import schema

SCORE_ACTIONS = frozenset(
    (
        "score.set",
        "score.cleared",
        "score.not_assessable",
        "score.fill",
        "score.undo",
        "score.redo",
        "score.table",
    )
)
"""Entered, emptied, found not assessable, rest of a column filled, undone, redone, taken from a table."""

Change = tuple[Cell, Score | None]

_INSERT = insert(schema.score)
_CELL_COLUMNS = (
    schema.score.c.timepoint,
    schema.score.c.system,
    schema.score.c.feature,
    schema.score.c.side,
    schema.score.c.site,
)
_SCORE_COLUMNS = (schema.score.c.value, schema.score.c.not_assessable, schema.score.c.comment)
_ALL_ROWS = select(*_CELL_COLUMNS, *_SCORE_COLUMNS).order_by(schema.score.c.seq)


def add_scores(
    connection: Connection, code: str, changes: Sequence[Change], action: str, actor: str, clock: Clock
) -> tuple[Entry, ...]:
    """Add one row for each valid change, and one to the audit trail; return the latter."""
    sheet = load_sheet(connection, code)
    events: list[Event] = []
    for cell, score in changes:
        old = score_text(sheet.get(cell))
        events.append(Event(action, actor, "reader", code, cell.name, old, score_text(score)))
        if score is None:
            sheet.pop(cell, None)
        else:
            sheet[cell] = score
    entries = append(connection, *events, clock=clock)
    rows = [_row_of(entry.seq, code, *change) for entry, change in zip(entries, changes, strict=True)]
    connection.execute(_INSERT, rows)
    return entries


def load_sheet(connection: Connection, code: str) -> dict[Cell, Score]:
    """Return the newest score of every cell of a case; cells that were emptied are absent.

    Raises:
        ValueError: A row is none that this program writes; ``verify`` finds it.
    """
    sheet: dict[Cell, Score] = {}
    for row in connection.execute(_ALL_ROWS.where(schema.score.c.case_code == code)):
        cell, score = cell_of(row), score_of(row)
        if score is None:
            sheet.pop(cell, None)
        else:
            sheet[cell] = score
    return sheet


def count_filled(connection: Connection) -> dict[str, int]:
    """Return how many cells hold a score, by the code of every case that ever had one."""
    newest = (
        select(schema.score.c.case_code, *_SCORE_COLUMNS, func.max(schema.score.c.seq))  # SQLite: of that row
        .group_by(schema.score.c.case_code, *_CELL_COLUMNS)
        .subquery()
    )
    filled = func.count(newest.c.value) + func.count(newest.c.not_assessable)
    return dict(
        connection.execute(select(newest.c.case_code, filled).group_by(newest.c.case_code)).tuples().all()
    )


def score_text(score: Score | None) -> str | None:
    """Return a score in full as the audit trail has it: ``"2"``, or JSON with a reason or comment."""
    if score is None:
        return None
    if score.value is not None and not score.comment:
        return score.text
    told = {"value": None if score.value is None else score.text, "not_assessable": score.not_assessable}
    return canonical_json({name: text for name, text in (*told.items(), ("comment", score.comment)) if text})


def cell_of(row: Row[*tuple[Any, ...]]) -> Cell:
    """Return the cell a row of the score table belongs to."""
    return Cell(row.timepoint, row.system, row.feature, row.side, row.site)


def score_of(row: Row[*tuple[Any, ...]]) -> Score | None:
    """Return the score a row holds; None where it emptied its cell.

    Raises:
        ValueError: The row is none that this program writes.
    """
    if row.value is None and row.not_assessable is None:
        return None
    value = None if row.value is None else float(row.value)
    return Score(value, row.not_assessable, row.comment)


def _row_of(seq: int, code: str, cell: Cell, score: Score | None) -> dict[str, Any]:
    return {
        "seq": seq,
        "case_code": code,
        "timepoint": cell.timepoint,
        "system": cell.system,
        "feature": cell.feature,
        "side": cell.side,
        "site": cell.site,
        "value": None if score is None or score.value is None else score.text,
        "not_assessable": None if score is None else score.not_assessable,
        "comment": "" if score is None else score.comment,
    }

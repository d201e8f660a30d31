"""Scores as a log: a change is a row and one in the audit trail; the sheet is the newest row of each cell."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, func, insert, select

from scoring_forms.domain.score import Cell, Score
from storage.audit import Entry, Event, append, canonical_json
from storage.reading import schema
from storage.reading.cells import cell_row
from storage.reading.log import LATEST, Writer

UNDO, REDO, CONSENSUS = "score.undo", "score.redo", "score.consensus"
SCORE_ACTIONS = frozenset(
    (
        "score.set",
        "score.cleared",
        "score.not_assessable",
        "score.fill",
        UNDO,
        REDO,
        "score.table",
        "score.reader_1",
        "score.reader_2",
        "score.agreed",
        CONSENSUS,
    )
)
"""Entered, emptied, found not assessable, rest of a column filled, undone, redone, taken from a table.

By an adjudicator: taken from Reader 1, from Reader 2, taken over where both agree, stated as agreed in a
consensus.
"""

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
_OF_CASE = schema.score.c.case_code == bindparam("code")
_ROWS_OF_CASE = (
    select(*_CELL_COLUMNS, *_SCORE_COLUMNS)
    .where(_OF_CASE, schema.score.c.seq <= bindparam("until"))
    .order_by(schema.score.c.seq)
)
_NEWEST_OF_CELL = (
    select(*_SCORE_COLUMNS)
    .where(
        _OF_CASE, *(column.is_not_distinct_from(bindparam(f"the_{column.name}")) for column in _CELL_COLUMNS)
    )
    .order_by(schema.score.c.seq.desc())
    .limit(1)
)


def add_scores(
    connection: Connection, code: str, changes: Sequence[Change], action: str, writer: Writer
) -> tuple[Entry, ...]:
    """Add one row for each valid change, and one to the audit trail; return the latter."""
    newest: dict[Cell, Score | None] = {}
    events: list[Event] = []
    for cell, score in changes:
        old = newest[cell] if cell in newest else _load_score(connection, code, cell)
        texts = (cell.name, score_text(old), score_text(score), writer.reason)
        events.append(Event(action, writer.actor, "reader", code, *texts))
        newest[cell] = score
    entries = append(connection, *events, clock=writer.clock)
    rows = [_row_of(entry.seq, code, *change) for entry, change in zip(entries, changes, strict=True)]
    connection.execute(_INSERT, rows)
    return entries


def load_sheet(connection: Connection, code: str, until: int = LATEST) -> dict[Cell, Score]:
    """Return the newest score, at audit row *until*, of every cell of a case; emptied cells are absent.

    Raises:
        ValueError: A row is none that this program writes; ``verify`` finds it.
    """
    newest: dict[tuple[Any, ...], tuple[Any, ...]] = {}
    places = len(_CELL_COLUMNS)
    for row in connection.execute(_ROWS_OF_CASE, {"code": code, "until": until}):
        newest[row[:places]] = row[places:]
    scores = {Cell(*cell): score_of(*score) for cell, score in newest.items()}
    return {cell: score for cell, score in scores.items() if score is not None}


def _load_score(connection: Connection, code: str, cell: Cell) -> Score | None:
    place = {f"the_{name}": value for name, value in cell_row(cell).items()}
    row = connection.execute(_NEWEST_OF_CELL, {"code": code, **place}).first()
    return None if row is None else score_of(*row)


def count_filled(connection: Connection) -> dict[str, int]:
    """Return how many cells hold a score, by the code of every case that ever had one."""
    newest = (
        select(schema.score.c.case_code, *_SCORE_COLUMNS, func.max(schema.score.c.seq))  # SQLite: of that row
        .group_by(schema.score.c.case_code, *_CELL_COLUMNS)
        .subquery()
    )
    filled = func.count(newest.c.value) + func.count(newest.c.not_assessable)
    query = select(newest.c.case_code, filled).group_by(newest.c.case_code)
    return {code: count for code, count in connection.execute(query)}  # noqa: C416 - rows, not pairs


def score_text(score: Score | None) -> str | None:
    """Return a score in full as the audit trail has it: ``"2"``, or JSON with a reason or comment."""
    if score is None:
        return None
    if score.value is not None and not score.comment:
        return score.text
    told = {"value": None if score.value is None else score.text, "not_assessable": score.not_assessable}
    return canonical_json({name: text for name, text in (*told.items(), ("comment", score.comment)) if text})


def score_of(value: str | None, not_assessable: str | None, comment: str) -> Score | None:
    """Return the score that a row's last three columns hold; None where it emptied its cell.

    Raises:
        ValueError: The row is none that this program writes.
    """
    if value is None and not_assessable is None:
        return None
    return Score(None if value is None else float(value), not_assessable, comment)


def value_row(score: Score | None) -> dict[str, str | None]:
    """Return the columns of a score without its comment; None empties its cell."""
    if score is None:
        return {"value": None, "not_assessable": None}
    return {
        "value": None if score.value is None else score.text,
        "not_assessable": score.not_assessable,
    }


def _row_of(seq: int, code: str, cell: Cell, score: Score | None) -> dict[str, Any]:
    comment = "" if score is None else score.comment
    return {"seq": seq, "case_code": code, **cell_row(cell), **value_row(score), "comment": comment}

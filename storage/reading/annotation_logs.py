"""Marks, comments, confidence, reasons for missing evidence and time at work, as logs of a reading."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select

from scoring_forms.domain.errors import ScoringError
from scoring_forms.domain.marks import Mark
from scoring_forms.domain.score import Cell
from storage.annotations import (
    CONFIDENCE_LEVELS,
    Annotations,
    CommentKey,
    mark_from_dict,
    mark_to_dict,
)
from storage.audit import canonical_json
from storage.reading import schema
from storage.reading.cells import cell_of, cell_row
from storage.reading.consensus import load_consensus
from storage.reading.log import LATEST, Log, Writer, rows_until

_ADD_TIME = insert(schema.active_time)
_NO_CELL: Mapping[str, str | None] = dict.fromkeys(("timepoint", "system", "feature", "side", "site"))


def load_annotations(connection: Connection, code: str, until: int = LATEST) -> Annotations:
    """Return all annotations of a case as they were at audit row *until*.

    Raises:
        ValueError, TypeError: A row is none that this program writes; ``verify`` finds it.
    """
    return Annotations(
        load_marks(connection, code, until),
        COMMENTS.load(connection, code, until),
        CONFIDENCES.load(connection, code, until),
        OVERRIDES.load(connection, code, until),
        load_active_ms(connection, code, until),
        load_consensus(connection, code, until),
    )


def load_marks(connection: Connection, code: str, until: int = LATEST) -> tuple[Mark, ...]:
    """Return the marks of a case by number."""
    return tuple(mark for _, mark in sorted(MARKS.load(connection, code, until).items()))


def next_mark_id(connection: Connection, code: str) -> int:
    """Return a number that no mark of the case ever had."""
    newest = select(func.max(schema.mark.c.mark_id)).where(schema.mark.c.case_code == code)
    return (connection.execute(newest).scalar() or 0) + 1


def last_body(connection: Connection, code: str, mark_id: int) -> Mark | None:
    """Return a mark as it last was, even if it was taken away since; None if there never was one."""
    columns = schema.mark.c
    query = select(schema.mark).where(
        columns.case_code == code, columns.mark_id == mark_id, columns.body.is_not(None)
    )
    row = connection.execute(query.order_by(columns.seq.desc()).limit(1)).first()
    return None if row is None else _mark_of(row)


def rounded(mark: Mark) -> Mark:
    """Return *mark* to a thousandth of a millimetre or pixel, as it is stored."""
    return replace(
        mark,
        points=tuple(tuple(round(float(number), 3) for number in point) for point in mark.points),
        slice_mm=None if mark.slice_mm is None else round(float(mark.slice_mm), 3),
        slice_step_mm=None if mark.slice_step_mm is None else round(float(mark.slice_step_mm), 3),
        window=(round(float(mark.window[0]), 3), round(float(mark.window[1]), 3)),
    )


def add_active_time(
    connection: Connection, code: str, cell: Cell | None, milliseconds: int, writer: Writer
) -> None:
    """Add time at work to that of a cell, or of the case."""
    action = f"{schema.active_time.name}.added"
    entry = writer.tell(connection, action, code, _cell_item(cell), None, str(milliseconds))
    row = {"seq": entry.seq, "case_code": code, **_cell_row(cell), "milliseconds": milliseconds}
    connection.execute(_ADD_TIME, row)


def load_active_ms(connection: Connection, code: str, until: int = LATEST) -> dict[Cell | None, int]:
    """Return the milliseconds of a case by cell, outside any cell under None."""
    sums: dict[Cell | None, int] = {}
    for row in rows_until(connection, schema.active_time, code, until):
        cell = _cell_of(row)
        sums[cell] = sums.get(cell, 0) + row.milliseconds
    return sums


def _mark_of(row: Row[Any]) -> Mark | None:
    if row.body is None:
        return None
    try:
        mark = mark_from_dict(json.loads(row.body))
    except (ScoringError, KeyError, RecursionError) as error:
        raise ValueError("this mark lies nowhere") from error
    if mark.id != row.mark_id:
        raise ValueError("this mark has another number")
    return mark


def _mark_text(mark: Mark) -> str:
    return canonical_json(mark_to_dict(mark))


def _cell_row(cell: Cell | None) -> Mapping[str, str | None]:
    return _NO_CELL if cell is None else cell_row(cell)


def _cell_of(row: Row[Any]) -> Cell | None:
    return None if row.system is None else cell_of(row)


def _the_cell_of(row: Row[Any]) -> Cell:
    cell = _cell_of(row)
    if cell is None or not all((cell.timepoint, cell.feature, cell.site)):
        raise ValueError("this row belongs to no cell")
    return cell


def _cell_item(cell: Cell | None) -> str:
    return "-" if cell is None else cell.name


def _text(value: object) -> str | None:
    if value is not None and not (isinstance(value, str) and value):
        raise TypeError("this is no text")
    return value


def _level(value: object) -> int | None:
    if value is not None and value not in CONFIDENCE_LEVELS:
        raise ValueError("there is no such level of confidence")
    return value  # pyright: ignore[reportReturnType] - one of the levels


MARKS: Log[int, Mark] = Log(
    schema.mark,
    key_row=lambda mark_id: {"mark_id": mark_id},
    key_of=lambda row: row.mark_id,
    value_row=lambda mark: {"body": None if mark is None else _mark_text(mark)},
    value_of=_mark_of,
    item=str,
    text=_mark_text,
)
"""Told as ``mark.added``, ``.changed``, ``.deleted`` and ``.restored`` of the mark's number."""

COMMENTS: Log[CommentKey, str] = Log(
    schema.comment,
    key_row=lambda key: {**_cell_row(key[1]), "timepoint": key[0]},
    key_of=lambda row: (row.timepoint, _cell_of(row)),
    value_row=lambda text: {"text": text},
    value_of=lambda row: _text(row.text),
    item=lambda key: key[0] or "-" if key[1] is None else key[1].name,
    text=str,
)
"""Told as ``comment.set`` and ``comment.cleared`` of a cell, a timepoint or ``-``."""

CONFIDENCES: Log[Cell, int] = Log(
    schema.confidence,
    key_row=_cell_row,
    key_of=_the_cell_of,
    value_row=lambda level: {"level": level},
    value_of=lambda row: _level(row.level),
    item=_cell_item,
    text=str,
)
"""Told as ``confidence.set`` and ``confidence.cleared``."""

OVERRIDES: Log[Cell, str] = Log(
    schema.evidence_override,
    key_row=_cell_row,
    key_of=_the_cell_of,
    value_row=lambda reason: {"reason": reason},
    value_of=lambda row: _text(row.reason),
    item=_cell_item,
    text=str,
)
"""Told as ``evidence_override.set`` and ``evidence_override.cleared``."""

ACTIVE_TIMES: Log[Cell | None, int] = Log(
    schema.active_time,
    key_row=_cell_row,
    key_of=_cell_of,
    value_row=lambda milliseconds: {"milliseconds": milliseconds},
    value_of=lambda row: row.milliseconds,
    item=_cell_item,
    text=str,
)
"""Every row counts, not only the newest: for looking at single rows."""

"""Signed work that came back: added, never changed; of several signatures of a case the newest counts."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, insert, select

from scoring_forms.domain.score import Cell, Score
from storage.annotations import Annotations, annotations_from_dict
from storage.audit import canonical_json
from storage.study.records import CollectedCase
from storage.study.schema import reading_case, score, signature

_SHEET = (
    select(
        *(score.c.letter, score.c.system, score.c.feature, score.c.side, score.c.site),
        *(score.c.value, score.c.not_assessable, score.c.comment),
    )
    .where(score.c.signature_id == bindparam("signature_id"))
    .order_by(score.c.id)
)


def add_collected(connection: Connection, case: CollectedCase, utc: str) -> None:
    """Add a signed case and every score in it."""
    added = connection.execute(
        insert(signature).values(
            case_code=case.code,
            receipt=json.dumps(case.receipt, sort_keys=True),
            seal=case.seal,
            collected_utc=utc,
            seal_version=case.seal_version,
            annotations=canonical_json(case.annotations.to_dict()),
        )
    )
    (signature_id,) = added.inserted_primary_key or (0,)
    rows = [
        {
            "signature_id": signature_id,
            "letter": cell.timepoint,
            "system": cell.system,
            "feature": cell.feature,
            "side": cell.side,
            "site": cell.site,
            "value": None if entered.value is None else entered.text,
            "not_assessable": entered.not_assessable,
            "comment": entered.comment,
        }
        for cell, entered in case.sheet.items()
    ]
    if rows:
        connection.execute(insert(score), rows)


def load_collected(connection: Connection, reading_code: str) -> dict[str, CollectedCase]:
    """Return the newest collected state of every case of a reading by code."""
    rows = connection.execute(
        select(signature)
        .join(reading_case, reading_case.c.code == signature.c.case_code)
        .where(reading_case.c.reading_code == reading_code)
        .order_by(reading_case.c.position, signature.c.id)
    ).all()
    newest = {row.case_code: row for row in rows}
    return {code: _case(connection, row) for code, row in newest.items()}


def newest_signature(connection: Connection, reading_code: str) -> int:
    """Return the number of the newest signature that came back with a reading; 0 for none."""
    query = (
        select(func.max(signature.c.id))
        .join(reading_case, reading_case.c.code == signature.c.case_code)
        .where(reading_case.c.reading_code == reading_code)
    )
    return connection.execute(query).scalar() or 0


def load_history(connection: Connection, case_code: str) -> tuple[CollectedCase, ...]:
    """Return every collected state of a case, the one that counts last."""
    of_case = select(signature).where(signature.c.case_code == case_code).order_by(signature.c.id)
    return tuple(_case(connection, row) for row in connection.execute(of_case).all())


def _case(connection: Connection, row: Row[Any]) -> CollectedCase:
    left = Annotations() if row.annotations is None else annotations_from_dict(json.loads(row.annotations))
    sheet = _load_sheet(connection, row.id)
    return CollectedCase(row.case_code, json.loads(row.receipt), row.seal, sheet, left, row.seal_version)


def _load_sheet(connection: Connection, signature_id: int) -> dict[Cell, Score]:
    rows = connection.execute(_SHEET, {"signature_id": signature_id})
    return {
        _cell(letter, system, feature, side, site): _score(value, not_assessable, comment)
        for letter, system, feature, side, site, value, not_assessable, comment in rows
    }


@lru_cache(maxsize=100_000)
def _cell(letter: str, system: str, feature: str, side: str | None, site: str) -> Cell:
    """Return a cell; the cases of a round have the same ones, and a large round has a million scores."""
    return Cell(letter, system, feature, side, site)


@lru_cache(maxsize=1_000)
def _score(value: str | None, not_assessable: str | None, comment: str) -> Score:
    return Score(None if value is None else float(value), not_assessable, comment)

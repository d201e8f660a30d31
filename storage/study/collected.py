"""Signed work that came back: added once, never changed."""

from __future__ import annotations

import json
from collections.abc import Sequence

from sqlalchemy import Connection, insert, select

from scoring_forms.domain.score import Cell, Score
from storage.study.records import CollectedCase
from storage.study.schema import reading_case, score, signature


def add_collected(connection: Connection, case: CollectedCase, utc: str) -> None:
    """Add a signed case and every score in it."""
    connection.execute(
        insert(signature).values(
            case_code=case.code,
            receipt=json.dumps(case.receipt, sort_keys=True),
            seal=case.seal,
            collected_utc=utc,
        )
    )
    for cell, entered in case.sheet.items():
        connection.execute(
            insert(score).values(
                case_code=case.code,
                letter=cell.timepoint,
                system=cell.system,
                feature=cell.feature,
                side=cell.side,
                site=cell.site,
                value=None if entered.value is None else entered.text,
                not_assessable=entered.not_assessable,
                comment=entered.comment,
            )
        )


def load_collected(connection: Connection, reading_code: str) -> dict[str, CollectedCase]:
    """Return the collected cases of a reading by code."""
    rows = connection.execute(
        select(signature)
        .join(reading_case, reading_case.c.code == signature.c.case_code)
        .where(reading_case.c.reading_code == reading_code)
        .order_by(reading_case.c.position)
    ).all()
    return {
        row.case_code: CollectedCase(
            row.case_code, json.loads(row.receipt), row.seal, _load_sheet(connection, row.case_code)
        )
        for row in rows
    }


def load_seals(connection: Connection, codes: Sequence[str]) -> dict[str, str]:
    """Return the seals of those of *codes* that were collected."""
    rows = connection.execute(
        select(signature.c.case_code, signature.c.seal).where(signature.c.case_code.in_(codes))
    )
    return {row.case_code: row.seal for row in rows}


def _load_sheet(connection: Connection, case_code: str) -> dict[Cell, Score]:
    rows = connection.execute(select(score).where(score.c.case_code == case_code).order_by(score.c.id))
    return {
        Cell(row.letter, row.system, row.feature, row.side, row.site): Score(
            None if row.value is None else float(row.value), row.not_assessable, row.comment
        )
        for row in rows
    }

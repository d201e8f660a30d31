"""What a reading is made of and never changes: its cases, timepoints and pictures."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any

from sqlalchemy import Connection, RowMapping, insert, select

from scoring_forms.domain.score import Cell, Score
from storage.arrays import StoredArray
from storage.audit import canonical_json
from storage.reading import schema
from storage.reading.cells import cell_of, cell_row
from storage.reading.records import CaseSpec, ImageRecord, Timepoint
from storage.reading.scores import score_of, value_row

_PLAIN_FIELDS = tuple(field.name for field in fields(ImageRecord) if field.name != "array")
_TABLES = (schema.reading, schema.reading_case, schema.timepoint, schema.image)


def insert_case(
    connection: Connection, position: int, case: CaseSpec, images: Mapping[str, tuple[ImageRecord, ...]]
) -> None:
    """Add a case with its timepoints, their pictures by letter, and others' scores in an adjudication."""
    connection.execute(insert(schema.reading_case).values(position=position, code=case.code, side=case.side))
    for letter, records in sorted(images.items()):
        connection.execute(insert(schema.timepoint).values(case_code=case.code, letter=letter))
        for place, record in enumerate(records, start=1):
            row = {"case_code": case.code, "position": place, **_row_of(replace(record, letter=letter))}
            connection.execute(insert(schema.image).values(row))

    for number, sheet in enumerate(case.others, start=1):
        rows = [_other_row(case.code, number, cell, score) for cell, score in sheet.items()]
        if rows:
            connection.execute(insert(schema.other_score), rows)


def load_others(connection: Connection) -> dict[str, tuple[dict[Cell, Score], dict[Cell, Score]]]:
    """Return what Reader 1 and Reader 2 scored, by case; nothing in readings that are no adjudications.

    Raises:
        ValueError: A row is none that this program writes.
    """
    others: dict[str, tuple[dict[Cell, Score], dict[Cell, Score]]] = {}
    for row in connection.execute(select(schema.other_score).order_by(schema.other_score.c.id)):
        score = score_of(row.value, row.not_assessable, "")
        if score is None or row.reader_number not in (1, 2):
            raise ValueError("an empty score of another reader")
        others.setdefault(row.case_code, ({}, {}))[row.reader_number - 1][cell_of(row)] = score
    return others


def load_timepoints(connection: Connection) -> dict[str, tuple[Timepoint, ...]]:
    """Return the timepoints of every case by its code, with their pictures in the order they were given."""
    columns = schema.image.c
    pictures: dict[tuple[str, str], list[ImageRecord]] = {}
    query = select(schema.image).order_by(columns.case_code, columns.letter, columns.position)
    for row in connection.execute(query).mappings():
        pictures.setdefault((row["case_code"], row["letter"]), []).append(_record_of(row))
    timepoints: dict[str, tuple[Timepoint, ...]] = {}
    for code, letter in connection.execute(select(schema.timepoint).order_by(schema.timepoint.c.letter)):
        timepoint = Timepoint(letter, tuple(pictures.get((code, letter), ())))
        timepoints[code] = (*timepoints.get(code, ()), timepoint)
    return timepoints


def image_digests(connection: Connection, code: str) -> dict[str, str]:
    """Return the SHA-256 of every picture of a case by ``"letter/role"``."""
    columns = schema.image.c
    query = select(columns.letter, columns.role, columns.array_sha256).where(
        columns.case_code == code, columns.array_sha256.is_not(None)
    )
    return {f"{letter}/{role}": sha256 for letter, role, sha256 in connection.execute(query)}


def content_digest(connection: Connection) -> str:
    """Return the SHA-256 over all that is fixed when a reading is built; its audit trail starts with it."""
    content: dict[str, Any] = {}
    for table in _TABLES:
        rows = connection.execute(select(table).order_by(*table.primary_key.columns)).all()
        content[table.name] = [list(row) for row in rows]
    others = connection.execute(select(schema.other_score).order_by(schema.other_score.c.id)).all()
    if others:  # readings of before 1.3 have none
        content["other_score"] = [list(row) for row in others]
    content["reading"] = [row[:-1] if row[-1] is None else row for row in content["reading"]]  # before 1.2
    return hashlib.sha256(canonical_json(content).encode()).hexdigest()


def _other_row(code: str, number: int, cell: Cell, score: Score) -> dict[str, Any]:
    return {"case_code": code, "reader_number": number, **cell_row(cell), **value_row(score)}


def _row_of(record: ImageRecord) -> dict[str, Any]:
    row = {name: getattr(record, name) for name in _PLAIN_FIELDS}
    if record.array is not None:
        array = record.array
        row |= {
            "array_name": array.name,
            "array_sha256": array.sha256,
            "array_shape": array.shape,
            "array_dtype": array.dtype,
        }
    return row


def _record_of(row: RowMapping) -> ImageRecord:
    array = None
    if row["array_name"] is not None:
        array = StoredArray(row["array_name"], row["array_sha256"], row["array_shape"], row["array_dtype"])
    return ImageRecord(array=array, **{name: row[name] for name in _PLAIN_FIELDS})

"""Visits, subjects, files and series: rows in and out."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import Connection, RowMapping, delete, func, insert, select, update

from storage.study.errors import LONGEST_NAME, BadNameError, BadWeekError
from storage.study.records import OriginalFile, StoredSeries, Subject, Visit
from storage.study.schema import file, series, subject, visit


def check_name(name: str, what: str) -> None:
    """Refuse a name that cannot stand in lists and tables; *what* begins the sentence that says so.

    Raises:
        BadNameError: It is empty, too long, holds a line break or has spaces around it.
    """
    if not 0 < len(name) <= LONGEST_NAME or not name.isprintable() or name != name.strip():
        raise BadNameError(what)


def add_visit(connection: Connection, added: Visit) -> None:
    """Append a visit after those there are.

    Raises:
        BadNameError, BadWeekError: Label or week cannot be used.
    """
    check_name(added.label, "A visit's label")
    if added.week is not None and not math.isfinite(added.week):
        raise BadWeekError(added.label)
    position = connection.scalar(select(func.count()).select_from(visit)) or 0
    connection.execute(insert(visit).values(label=added.label, week=added.week, position=position))


def load_visits(connection: Connection) -> tuple[Visit, ...]:
    """Return the visits in study order."""
    rows = connection.execute(select(visit).order_by(visit.c.position))
    return tuple(Visit(row.label, row.week) for row in rows)


def put_subject(connection: Connection, put: Subject) -> None:
    """Add a subject or set the side of a known one.

    Raises:
        BadNameError: The code cannot be used.
    """
    check_name(put.code, "A subject's code")
    known = connection.execute(update(subject).where(subject.c.code == put.code).values(side=put.side))
    if known.rowcount == 0:
        connection.execute(insert(subject).values(code=put.code, side=put.side))


def load_subjects(connection: Connection) -> tuple[Subject, ...]:
    """Return the subjects by code."""
    rows = connection.execute(select(subject).order_by(subject.c.code))
    return tuple(Subject(row.code, row.side) for row in rows)


def add_files(connection: Connection, added: Sequence[OriginalFile]) -> None:
    """Add imported files."""
    if added:
        connection.execute(insert(file), [asdict(one) for one in added])


def load_files(connection: Connection) -> tuple[OriginalFile, ...]:
    """Return every imported file by name."""
    rows = connection.execute(select(file).order_by(file.c.name)).mappings()
    return tuple(OriginalFile(**row) for row in rows)


def replace_series(
    connection: Connection, study_instance_uids: Iterable[str], rescanned: Sequence[StoredSeries]
) -> None:
    """Replace all series of these imaging studies; an overruled role stays as the coordinator set it."""
    uids = list(study_instance_uids)
    old = connection.execute(
        select(series.c.series_uid, series.c.role).where(
            series.c.overruled, series.c.study_instance_uid.in_(uids)
        )
    )
    overruled = {row.series_uid: row.role for row in old}
    connection.execute(delete(series).where(series.c.study_instance_uid.in_(uids)))
    for one in rescanned:
        connection.execute(
            insert(series).values(
                series_uid=one.series_uid,
                study_instance_uid=one.study_instance_uid,
                subject=one.subject,
                visit=one.visit,
                modality=one.modality,
                role=overruled.get(one.series_uid, one.role),
                recognised_role=one.recognised_role,
                role_reason=one.role_reason,
                overruled=one.series_uid in overruled,
                patient_id=one.patient_id,
                study_date=one.study_date,
                laterality=one.laterality,
                problems=json.dumps(one.problems),
                facts=json.dumps(one.facts, sort_keys=True),
            )
        )


def set_role(connection: Connection, series_uid: str, role: str) -> None:
    """Overrule the recognised role of a series, or go back to it."""
    connection.execute(
        update(series)
        .where(series.c.series_uid == series_uid)
        .values(role=role, overruled=series.c.recognised_role != role)
    )


def load_series(connection: Connection) -> tuple[StoredSeries, ...]:
    """Return every series by subject, visit and UID."""
    in_order = select(series).order_by(series.c.subject, series.c.visit, series.c.series_uid)
    return tuple(_series(row) for row in connection.execute(in_order).mappings())


def _series(row: RowMapping) -> StoredSeries:
    columns: dict[str, Any] = {**row}
    columns["problems"] = tuple(json.loads(columns["problems"]))
    columns["facts"] = json.loads(columns["facts"])
    return StoredSeries(**columns)

"""Rounds, their readings and the key (code to subject and visit): rows in and out."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from scoring_forms.domain.form import form_from_dict
from scoring_forms.domain.rules import RoundRules, rules_from_dict
from storage.study.records import (
    AdjudicatedCase,
    Adjudication,
    AllocatedCase,
    AllocatedImage,
    AllocatedReading,
    AllocatedTimepoint,
    Round,
    RoundPlan,
)
from storage.study.schema import (
    adjudicated_case,
    adjudication,
    person,
    reading,
    reading_case,
    reading_image,
    reading_timepoint,
    round_,
    round_case,
    skipped,
)


def add_round(connection: Connection, plan: RoundPlan) -> int:
    """Add a round and the people who read it; return its id."""
    for name in plan.readers:
        _add_person(connection, name)
    added = connection.execute(
        insert(round_).values(
            title=plan.title,
            modality=plan.form.modality,
            design=plan.design,
            form=json.dumps(plan.form.to_dict(), sort_keys=True, ensure_ascii=False),
            visits=json.dumps(plan.visits),
            readers=json.dumps(plan.readers),
            repeat=plan.repeat,
            seed=str(plan.seed),
            rules=json.dumps(plan.adjudication),
            reading_rules=json.dumps(plan.rules.to_dict(), sort_keys=True),
            out_folder=plan.out_folder,
            adjudication_method=plan.method,
        )
    )
    (round_id,) = added.inserted_primary_key or (0,)
    return int(round_id)


def _add_person(connection: Connection, name: str) -> None:
    if connection.scalar(select(person.c.name).where(person.c.name == name)) is None:
        connection.execute(insert(person).values(name=name))


def load_rounds(connection: Connection) -> tuple[Round, ...]:
    """Return the rounds, oldest first."""
    return tuple(_round(row) for row in connection.execute(select(round_).order_by(round_.c.id)))


def lock_round(connection: Connection, round_id: int, utc: str) -> None:
    """Freeze a round."""
    connection.execute(update(round_).where(round_.c.id == round_id).values(locked_utc=utc))


def add_round_cases(connection: Connection, round_id: int, codes: Mapping[str, str]) -> None:
    """Add the round's own code of each subject (subject to code), in code order."""
    for subject_code, code in sorted(codes.items(), key=lambda item: item[1]):
        connection.execute(insert(round_case).values(code=code, round_id=round_id, subject=subject_code))


def load_round_cases(connection: Connection, round_id: int) -> dict[str, str]:
    """Return subject to the round's own case code."""
    rows = connection.execute(select(round_case).where(round_case.c.round_id == round_id))
    return {row.subject: row.code for row in rows}


def add_skipped(connection: Connection, round_id: int, reasons: Mapping[str, str]) -> None:
    """Remember which subjects the round could not take, and why."""
    for subject_code, reason in sorted(reasons.items()):
        connection.execute(insert(skipped).values(round_id=round_id, subject=subject_code, reason=reason))


def load_skipped(connection: Connection, round_id: int) -> dict[str, str]:
    """Return subject to the reason why the round left it out."""
    rows = connection.execute(select(skipped).where(skipped.c.round_id == round_id))
    return {row.subject: row.reason for row in rows}


def add_reading(connection: Connection, round_id: int, added: AllocatedReading) -> None:
    """Add a reading with its whole key, and its reader if not known yet."""
    _add_person(connection, added.reader)
    connection.execute(
        insert(reading).values(
            code=added.code, round_id=round_id, reader=added.reader, path=added.path, head=added.head
        )
    )
    for case in added.cases:
        connection.execute(
            insert(reading_case).values(
                code=case.code,
                reading_code=added.code,
                position=case.position,
                subject=case.subject,
                side=case.side,
                repeat=case.repeat,
            )
        )
        for timepoint in case.timepoints:
            _add_timepoint(connection, case.code, timepoint)
    if added.adjudication is not None:
        _add_adjudication(connection, added.code, added.adjudication)


def load_readings(connection: Connection, round_id: int) -> tuple[AllocatedReading, ...]:
    """Return the readings of a round with their keys, by reader; adjudications, too."""
    rows = connection.execute(
        select(reading).where(reading.c.round_id == round_id).order_by(reading.c.reader)
    ).all()
    return tuple(
        AllocatedReading(
            *(row.code, row.reader, row.path, row.head, _load_cases(connection, row.code)),
            _load_adjudication(connection, row.code),
        )
        for row in rows
    )


def load_codes(connection: Connection) -> set[str]:
    """Return every code that is in use anywhere in the study."""
    return {
        code
        for table in (round_case, reading, reading_case)
        for code in connection.scalars(select(table.c.code))
    }


def _round(row: Row[Any]) -> Round:
    plan = RoundPlan(
        title=row.title,
        form=form_from_dict(json.loads(row.form)),
        design=row.design,
        visits=tuple(json.loads(row.visits)),
        readers=tuple(json.loads(row.readers)),
        repeat=row.repeat,
        seed=int(row.seed),
        adjudication=tuple(json.loads(row.rules)),
        out_folder=row.out_folder,
        rules=RoundRules() if row.reading_rules is None else rules_from_dict(json.loads(row.reading_rules)),
        method=row.adjudication_method,
    )
    return Round(row.id, plan, row.locked_utc)


def _add_adjudication(connection: Connection, reading_code: str, added: Adjudication) -> None:
    connection.execute(
        insert(adjudication).values(reading_code=reading_code, mix=added.mix, seed=str(added.seed))
    )
    for case in added.cases:
        connection.execute(
            insert(adjudicated_case).values(
                case_code=case.code, ordinary=case.ordinary, reader_1=case.reader_1, reader_2=case.reader_2
            )
        )


def _load_adjudication(connection: Connection, reading_code: str) -> Adjudication | None:
    row = connection.execute(
        select(adjudication).where(adjudication.c.reading_code == reading_code)
    ).one_or_none()
    if row is None:
        return None
    cases = connection.execute(
        select(adjudicated_case)
        .join(reading_case, reading_case.c.code == adjudicated_case.c.case_code)
        .where(reading_case.c.reading_code == reading_code)
        .order_by(reading_case.c.position)
    )
    return Adjudication(
        row.mix,
        int(row.seed),
        tuple(AdjudicatedCase(one.case_code, one.ordinary, one.reader_1, one.reader_2) for one in cases),
    )


def _add_timepoint(connection: Connection, case_code: str, timepoint: AllocatedTimepoint) -> None:
    connection.execute(
        insert(reading_timepoint).values(case_code=case_code, letter=timepoint.letter, visit=timepoint.visit)
    )
    for image in timepoint.images:
        connection.execute(
            insert(reading_image).values(
                case_code=case_code,
                letter=timepoint.letter,
                role=image.role,
                series_uid=image.series_uid,
                sha256=image.sha256,
            )
        )


def _load_cases(connection: Connection, reading_code: str) -> tuple[AllocatedCase, ...]:
    rows = connection.execute(
        select(reading_case)
        .where(reading_case.c.reading_code == reading_code)
        .order_by(reading_case.c.position)
    ).all()
    timepoints = _load_timepoints(connection, reading_code)
    return tuple(
        AllocatedCase(
            *(row.code, row.position, row.subject, row.side, row.repeat),
            tuple(timepoints.get(row.code, ())),
        )
        for row in rows
    )


def _load_timepoints(connection: Connection, reading_code: str) -> dict[str, list[AllocatedTimepoint]]:
    """Return the timepoints of each case of a reading by letter."""
    images: dict[tuple[str, str], list[AllocatedImage]] = {}
    of_reading = reading_case.c.reading_code == reading_code
    rows: Sequence[Row[Any]] = connection.execute(
        select(reading_image)
        .join(reading_case, reading_case.c.code == reading_image.c.case_code)
        .where(of_reading)
        .order_by(reading_image.c.role)
    ).all()
    for row in rows:
        image = AllocatedImage(row.role, row.series_uid, row.sha256)
        images.setdefault((row.case_code, row.letter), []).append(image)
    rows = connection.execute(
        select(reading_timepoint)
        .join(reading_case, reading_case.c.code == reading_timepoint.c.case_code)
        .where(of_reading)
        .order_by(reading_timepoint.c.letter)
    ).all()
    timepoints: dict[str, list[AllocatedTimepoint]] = {}
    for row in rows:
        shown = tuple(images.get((row.case_code, row.letter), ()))
        timepoints.setdefault(row.case_code, []).append(AllocatedTimepoint(row.letter, row.visit, shown))
    return timepoints

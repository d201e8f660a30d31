"""Score sheets of a locked round, with subject and visit restored."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path

from reader_app.workflow.adjudication_rules import adjudication_seed
from reader_app.workflow.codebook import codebook
from reader_app.workflow.collected_timepoints import collected_cases, timepoints_of
from reader_app.workflow.errors import RoundNotLockedError, UnknownFormatError
from reader_app.workflow.evidence_tables import (
    comments_table,
    marks_table,
    signatures_table,
    timings_table,
)
from reader_app.workflow.final_scores import final_scores_of, method_of
from reader_app.workflow.score_tables import scores_long, scores_wide, totals_table
from scoring_forms.domain.form import Form
from scoring_forms.domain.totals import totals
from storage.audit import Entry
from storage.study.records import Round
from storage.study.store import Study
from storage.tables.export import FORMATS, Checkpoint, write_tables
from storage.tables.table import About, Column, Table, Value

_AUDIT = (
    Column("seq", "position in the study's audit trail", "number"),
    Column("utc", "time, UTC"),
    Column("actor", "account that did it"),
    Column("role", "as what"),
    Column("action", "what was done"),
    Column("case_code", "case in the reader's reading", width=8),
    Column("item", "round or reading", width=64),
    Column("old", "before", width=64),
    Column("new", "after", width=64),
    Column("reason", "why", width=64),
    Column("hash", "SHA-256 that chains the row to those before it", width=64),
)
_TABLES = 8
_ROUND_ACTIONS = ("seed.drawn", "round.defined", "readers.compared")
_READING_ACTIONS = ("reading.prepared", "case.collected", "reopening.asked", "reopening.granted")


def export_round(
    study: Study,
    round_name: str,
    folder: Path,
    formats: Sequence[str] = ("csv",),
    checkpoint: Checkpoint = lambda _done, _total: None,
) -> tuple[Path, ...]:
    """Write the tables of a locked round into *folder* and return the files.

    Nothing in them depends on when or how often a round is exported: what happened after its lock is
    left out.

    Args:
        study: Open.
        round_name: Title or id.
        folder: Where to; it is made if need be.
        formats: Which files.
        checkpoint: Called with the tables that are made, then with the rows that are written.

    Raises:
        RoundNotLockedError: Scores may not be joined with visits before the lock.
        UnknownFormatError: A format that this program does not write.
        ExportExistsError: A file of that name is there.
        ExportTooLargeError: A table does not fit into one of the formats.
        StorageFullError, StorageUnavailableError: The disk is full or gone.
            After any of these, and after a stop, nothing of the export is there.
    """
    for wanted in formats:
        if wanted not in FORMATS:
            raise UnknownFormatError(wanted, FORMATS)
    chosen = study.round(round_name)
    if not chosen.locked:
        raise RoundNotLockedError(chosen.plan.title)
    trail = _until_lock(study, chosen)
    about = _about(study, chosen, trail)
    tables = round_tables(study, chosen, trail, about, checkpoint)
    files = write_tables(folder, tables, about, formats, checkpoint)
    study.note("export", item=chosen.plan.title, new=",".join(formats))
    return files


def round_tables(
    study: Study, chosen: Round, trail: Sequence[Entry], about: About, checkpoint: Checkpoint
) -> tuple[Table, ...]:
    """Return scores_long, scores_wide, totals, codebook, marks, comments, timings, signatures and audit."""
    plan = chosen.plan
    checkpoint(0, _TABLES)
    cases, visits = collected_cases(study, chosen), study.visits()
    read = timepoints_of(cases, visits)
    final_of = final_scores_of(plan, cases)
    made: list[Table] = []

    def add(table: Table) -> None:
        made.append(table)
        checkpoint(len(made), _TABLES)

    add(scores_long(read, plan.form, plan.title, final_of, confidence=plan.rules.confidence))
    add(scores_wide(read, plan.form, plan.title))
    add(totals_table(read, plan.form, plan.title, final_of, plan.rules.prorate_from))
    add(marks_table(cases, plan.form, plan.title, visits))
    add(comments_table(cases, plan.form, plan.title, visits))
    add(timings_table(cases, plan.form, plan.title, visits))
    add(signatures_table(study, cases, plan.title))
    add(_audit(study, chosen, trail))
    made.insert(3, codebook([*made], plan.form, about.facts))  # beside the sheets that it explains
    return tuple(made)


def _about(study: Study, chosen: Round, trail: Sequence[Entry]) -> About:
    """Return what is stamped on every file: design, systems, ranges, rules, and what proves them."""
    plan = chosen.plan
    ids = ", ".join(part.system.id for part in plan.form.parts)
    facts: dict[str, Value] = {
        "study": study.title,
        "round": plan.title,
        "reading_design": plan.design,
        "readers": ", ".join(plan.readers),
        "visits": ", ".join(plan.visits),
        "repeated_share": f"{plan.repeat:g}",
        "adjudication_rules": "; ".join(plan.adjudication) or "none",
        "adjudication_method": method_of(plan) if plan.adjudication else "none",
        "adjudicators": ", ".join(one.reader for one in study.adjudications(chosen.id)) or "none",
        "missing_sites": "total: strict, empty unless every site has a grade; prorated: observed sum x "
        f"expected / assessed sites where at least {plan.rules.prorate_from:.0%} are assessed, counts never",
    }
    for part in plan.form.parts:
        facts[f"system {part.system.id}"] = part.system.fingerprint
        facts[f"range {part.system.id}"] = "; ".join(_ranges(plan.form, part.system.id))
    facts |= {
        "locked_utc": chosen.locked_utc,
        "seed": str(plan.seed),  # kept from everybody until the lock
        "audit_head": f"{trail[-1].seq}:{trail[-1].hash}",
    }
    locked = datetime.fromisoformat(chosen.locked_utc or "")
    return About(facts, f"{plan.design}; strict; {ids}; {plan.title}", locked)


def _ranges(form: Form, system_id: str) -> Iterable[str]:
    for total in totals(form, {}, ""):
        if total.system == system_id:
            yield f"{total.feature} {total.minimum:g}-{total.maximum:g}"


def _until_lock(study: Study, chosen: Round) -> tuple[Entry, ...]:
    """Return the study's audit trail up to the round's lock."""
    trail = study.audit_entries()
    lock = next(one.seq for one in trail if one.action == "round.locked" and one.item == str(chosen.id))
    return trail[:lock]


def _audit(study: Study, chosen: Round, trail: Sequence[Entry]) -> Table:
    """Return what the study's audit trail tells of this round; images are left out with their UIDs."""
    readings = {reading.code for reading in study.every_reading(chosen.id)}
    title = chosen.plan.title
    told = {("round.locked", str(chosen.id)), ("seed.drawn", adjudication_seed(title))}
    told |= {(action, title) for action in _ROUND_ACTIONS}
    rows = [
        tuple(getattr(one, column.name) for column in _AUDIT)
        for one in trail
        if (one.action, one.item) in told or (one.action in _READING_ACTIONS and one.item in readings)
    ]
    return Table("audit", _AUDIT, rows, "what happened to this round in the study")

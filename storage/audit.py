"""The audit trail of a study or reading: one row for each committed change, chained by hashes.

Rows are only ever added, in the transaction of the change they tell of. A row's hash is SHA-256 over
the hash before it and the row as canonical JSON, so a changed, missing or inserted row shows.
Workstation names are left out: a reading travels, and the name of a machine can name a site.
"""

from __future__ import annotations

import hashlib
import json
import secrets
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, Integer, MetaData, Row, Table, Text, insert, select

from storage.version import app_version

GENESIS = "0" * 64
SESSION = secrets.token_hex(8)
"""Tells the runs of the program apart; monotonic times compare only within one."""
FORWARD_JUMP_MS = 120_000
BACKWARD_JUMP_MS = 1_000

AUDIT = Table(
    "audit",
    MetaData(),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("utc", Text, nullable=False),
    Column("utc_offset_minutes", Integer, nullable=False),
    Column("mono_ms", Integer, nullable=False),
    Column("actor", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("session", Text, nullable=False),
    Column("app", Text, nullable=False),
    Column("schema_version", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("case_code", Text),
    Column("item", Text),
    Column("old", Text),
    Column("new", Text),
    Column("reason", Text),
    Column("prev", Text, nullable=False),
    Column("hash", Text, nullable=False),
)
"""The shape of the table; a store has a copy of it: ``AUDIT.to_metadata(metadata)``."""

_NEWEST = select(AUDIT).order_by(AUDIT.c.seq.desc()).limit(1)
_IN_ORDER = select(AUDIT).order_by(AUDIT.c.seq)
_INSERT = insert(AUDIT)
_APPENDED = "audit row appended last"


@dataclass(frozen=True, slots=True)
class Clock:
    """Where times come from: the time of day in UTC, and seconds that never run backwards."""

    utc: Callable[[], datetime] = lambda: datetime.now(UTC)
    monotonic: Callable[[], float] = time.monotonic


SYSTEM_CLOCK = Clock()


@dataclass(frozen=True, slots=True)
class Event:
    """What is to be told: who did what to which item, with both values in full."""

    action: str
    actor: str
    role: str
    case_code: str | None = None
    item: str | None = None
    old: str | None = None
    new: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of the audit trail; ``utc`` is ISO 8601 with milliseconds and ``Z``."""

    seq: int
    utc: str
    utc_offset_minutes: int
    mono_ms: int
    actor: str
    role: str
    session: str
    app: str
    schema_version: str
    action: str
    case_code: str | None
    item: str | None
    old: str | None
    new: str | None
    reason: str | None
    prev: str
    hash: str

    @property
    def time(self) -> datetime:
        """When it was written, in UTC."""
        return datetime.fromisoformat(self.utc)


_EVENT_FIELDS = tuple(field.name for field in fields(Event))
_ENTRY_FIELDS = tuple(field.name for field in fields(Entry))


@dataclass(frozen=True, slots=True)
class Head:
    """The newest row: with it a cut tail shows, which the chain alone cannot tell."""

    seq: int
    hash: str


START = Head(0, GENESIS)
"""Before the first row."""


def append(connection: Connection, *events: Event, clock: Clock = SYSTEM_CLOCK) -> tuple[Entry, ...]:
    """Add one row for each event in the caller's transaction, and return these rows.

    A clock that was set back, or forward by more than two minutes, gets a row of its own before them.
    """
    before = _newest_in_transaction(connection)
    utc, mono_ms = clock.utc(), round(clock.monotonic() * 1000)
    moment: dict[str, Any] = {
        "utc": utc_text(utc),
        "utc_offset_minutes": _offset_minutes(utc),
        "mono_ms": mono_ms,
        "session": SESSION,
        "app": app_version(),
        "schema_version": connection.get_execution_options().get("schema_version", ""),
    }
    jump = _clock_jump(before, moment, events)
    rows: list[Entry] = []
    seq, prev = (before.seq, before.hash) if before else (0, GENESIS)
    for event in (*jump, *events):
        seq += 1
        told = {name: getattr(event, name) for name in _EVENT_FIELDS}
        row: dict[str, Any] = {**told, **moment, "seq": seq, "prev": prev}
        prev = _hash(row)
        rows.append(Entry(**row, hash=prev))
    if rows:
        connection.execute(_INSERT, [_row_of(entry) for entry in rows])
        connection.info[_APPENDED] = connection.get_transaction(), rows[-1]
    return tuple(rows[len(jump) :])


def head(connection: Connection) -> Head:
    """Return sequence number and hash of the newest row; of an empty trail (0, zeros)."""
    newest = _newest(connection)
    return Head(newest.seq, newest.hash) if newest else START


def entries(connection: Connection, which: ColumnElement[bool] | None = None) -> tuple[Entry, ...]:
    """Return the rows in order; with a condition only those that meet it, e.g. of one case."""
    query = _IN_ORDER if which is None else _IN_ORDER.where(which)
    return tuple(_entry(row) for row in connection.execute(query))


def verify_chain(connection: Connection) -> tuple[str, ...]:
    """Return what is wrong with the trail in plain words; nothing when every row is as written.

    Cost: about 10 microseconds a row.
    """
    return tuple(chain_findings(_entry(row) for row in connection.execute(_IN_ORDER)))


def chain_findings(rows: Iterable[Entry], after: Head = START) -> Iterator[str]:
    """Yield what is wrong with all rows after *after*, by default with the whole chain."""
    expected_seq, prev = after.seq + 1, after.hash
    for entry in rows:
        if entry.seq != expected_seq:
            yield f"Audit row {expected_seq} is missing; row {entry.seq} stands in its place."
        elif entry.prev != prev:
            yield f"Audit row {entry.seq} does not continue the row before it."
        yield from changed_findings((entry,))
        expected_seq, prev = entry.seq + 1, entry.hash


def changed_findings(rows: Iterable[Entry]) -> Iterator[str]:
    """Yield which of some rows do not have the hash that they should; what lies between is not looked at."""
    for entry in rows:
        if not _is_as_written(entry):
            yield f"Audit row {entry.seq} was changed after it was written."


def canonical_json(value: Any) -> str:
    """Return *value* as the one JSON text it always has: sorted keys, no spaces, UTF-8 letters."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def utc_text(moment: datetime) -> str:
    """Return ``2026-03-01T12:04:31.123Z``."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _newest_in_transaction(connection: Connection) -> Entry | None:
    """Return the newest row, without looking where this transaction has appended it: nobody else can."""
    transaction, entry = connection.info.get(_APPENDED, (None, None))
    if transaction is not None and transaction is connection.get_transaction():
        return entry
    return _newest(connection)


def _newest(connection: Connection) -> Entry | None:
    row = connection.execute(_NEWEST).one_or_none()
    return None if row is None else _entry(row)


def _entry(row: Row[Any]) -> Entry:
    return Entry(*row)


def _row_of(entry: Entry) -> dict[str, Any]:
    return {name: getattr(entry, name) for name in _ENTRY_FIELDS}


def _hash(row: dict[str, Any]) -> str:
    return hashlib.sha256((str(row["prev"]) + canonical_json(row)).encode()).hexdigest()


def _is_as_written(entry: Entry) -> bool:
    row = _row_of(entry)
    del row["hash"]
    try:
        return _hash(row) == entry.hash
    except (TypeError, ValueError):  # bytes where text was: canonical JSON cannot hold them
        return False


def _offset_minutes(utc: datetime) -> int:
    offset = utc.astimezone().utcoffset()
    return 0 if offset is None else round(offset.total_seconds() / 60)


def _clock_jump(before: Entry | None, moment: dict[str, Any], events: tuple[Event, ...]) -> tuple[Event, ...]:
    """Return an event when the time of day and the monotonic clock no longer agree."""
    if before is None or not events:
        return ()
    passed = (datetime.fromisoformat(moment["utc"]) - before.time).total_seconds() * 1000
    jump_ms = passed - (moment["mono_ms"] - before.mono_ms) if before.session == SESSION else min(passed, 0)
    if -BACKWARD_JUMP_MS <= jump_ms <= FORWARD_JUMP_MS:
        return ()
    first = events[0]
    return (Event("clock.jumped", first.actor, first.role, old=before.utc, new=moment["utc"]),)

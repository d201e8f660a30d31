"""A table as a log: a change is a row and one in the audit trail; the newest row of each key counts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Generic, TypeVar

from sqlalchemy import Connection, Insert, Row, Select, Table, bindparam, insert, select

from storage.audit import Clock, Entry, Event, append

LATEST = 2**63 - 1
"""As a limit of audit rows: all of them."""

K = TypeVar("K")
V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class Writer:
    """Who changes a case, and why where a reason is asked for."""

    actor: str
    clock: Clock
    reason: str | None = None

    def tell(
        self,
        connection: Connection,
        action: str,
        code: str,
        item: str | None,
        old: str | None,
        new: str | None,
    ) -> Entry:
        """Add a row to the audit trail."""
        event = Event(action, self.actor, "reader", code, item, old, new, self.reason)
        return append(connection, event, clock=self.clock)[0]


@dataclass(frozen=True, slots=True)
class Log(Generic[K, V]):
    """How values of a case go into a table and come out of it.

    Attributes:
        table: Has the columns ``seq`` and ``case_code``; its audit rows are called ``TABLE.…``.
        key_row: The columns of a key.
        key_of: The key of a row.
        value_row: The columns of a value; None takes it away.
        value_of: The value of a row. Both of these raise ValueError or TypeError for a row that this
            program does not write.
        item: What the audit trail calls a key.
        text: A value in full as the audit trail has it.
    """

    table: Table
    key_row: Callable[[K], Mapping[str, Any]]
    key_of: Callable[[Row[Any]], K]
    value_row: Callable[[V | None], Mapping[str, Any]]
    value_of: Callable[[Row[Any]], V | None]
    item: Callable[[K], str]
    text: Callable[[V], str]

    def add(
        self, connection: Connection, code: str, key: K, value: V | None, action: str, writer: Writer
    ) -> Entry:
        """Add a row, and one to the audit trail; return the latter. None takes a value away."""
        old = self.newest(connection, code, key)
        entry = writer.tell(
            *(connection, f"{self.table.name}.{action}", code, self.item(key)),
            *(self.text_of(old), self.text_of(value)),
        )
        row = {"seq": entry.seq, "case_code": code, **self.key_row(key), **self.value_row(value)}
        connection.execute(_insert(self.table), row)
        return entry

    def newest(self, connection: Connection, code: str, key: K) -> V | None:
        """Return the newest value of *key*, or None."""
        place = self.key_row(key)
        wanted = {f"the_{name}": value for name, value in place.items()}
        query = _newest_of_key(self.table, tuple(place))
        row = connection.execute(query, {"code": code, **wanted}).first()
        return None if row is None else self.value_of(row)

    def load(self, connection: Connection, code: str, until: int = LATEST) -> dict[K, V]:
        """Return the newest value of every key of a case that has one, as it was at audit row *until*.

        Raises:
            ValueError, TypeError: A row is none that this program writes; ``verify`` finds it.
        """
        newest: dict[K, V] = {}
        for row in rows_until(connection, self.table, code, until):
            key, value = self.key_of(row), self.value_of(row)
            newest.pop(key, None)
            if value is not None:
                newest[key] = value
        return newest

    def text_of(self, value: V | None) -> str | None:
        """Return *value* as the audit trail has it."""
        return None if value is None else self.text(value)

    def told(self, row: Row[Any]) -> tuple[str, str | None]:
        """Return item and new value as the audit trail must have told them of *row*."""
        return self.item(self.key_of(row)), self.text_of(self.value_of(row))


@cache
def _insert(table: Table) -> Insert:
    return insert(table)


@cache
def _newest_of_key(table: Table, names: tuple[str, ...]) -> Select[Any]:
    columns = table.c
    here = [columns[name].is_not_distinct_from(bindparam(f"the_{name}")) for name in names]
    of_key = select(table).where(columns.case_code == bindparam("code"), *here)
    return of_key.order_by(columns.seq.desc()).limit(1)


def rows_until(connection: Connection, table: Table, code: str, until: int = LATEST) -> Iterator[Row[Any]]:
    """Yield the rows of a case up to audit row *until*, in order."""
    columns = table.c
    query = select(table).where(columns.case_code == bindparam("code"), columns.seq <= bindparam("until"))
    yield from connection.execute(query.order_by(columns.seq), {"code": code, "until": until})

"""The audit trail of a reading as a check reads it: whole, or only what is new since an earlier check."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, or_, select, true

from storage.audit import AUDIT, START, Entry, Head, chain_findings, changed_findings, entries


@dataclass(frozen=True, slots=True)
class Part:
    """Which rows a check looks at: those after one that was found right before, and all of a case.

    A case that is to be signed is looked at from its first row on: the signature speaks for all of it.
    """

    after: Head = START
    case: str | None = None

    @property
    def whole(self) -> bool:
        """Whether every row is looked at."""
        return self.after == START

    def holds(self, table: Table) -> ColumnElement[bool]:
        """Return the condition for rows of *table*, which has the columns ``seq`` and ``case_code``."""
        if self.whole:
            return true()
        return or_(table.c.seq > self.after.seq, table.c.case_code == self.case)


WHOLE = Part()


class Trail:
    """The rows of a part of the audit trail, in order.

    Attributes:
        part: Which part it is.
        entries: Its rows.
    """

    def __init__(self, connection: Connection, part: Part) -> None:
        self.part = part
        self.entries = entries(connection, part.holds(AUDIT))
        self._checked_before = part.whole or part.after.hash == hash_at(connection, part.after.seq)
        self._kinds: defaultdict[str, list[Entry]] = defaultdict(list)
        for entry in self.entries:
            self._kinds[_kind(entry)].append(entry)
        self._codes = {part.case, *(entry.case_code for entry in self.entries)}

    def of_kind(self, kind: str) -> Sequence[Entry]:
        """Return the rows whose action is ``KIND.…``."""
        return self._kinds.get(kind, ())

    def told(self, kind: str) -> dict[int, tuple[Any, ...]]:
        """Return what the rows of a kind tell by their number: case code, item, new value."""
        return {entry.seq: (entry.case_code, entry.item, entry.new) for entry in self.of_kind(kind)}

    def without_reason(self, kinds: Collection[str]) -> Iterator[Entry]:
        """Yield the rows of some kinds that say nothing of why."""
        return (entry for entry in self.entries if entry.reason is None and _kind(entry) in kinds)

    def touches(self, code: str) -> bool:
        """Whether a case has a row in this part."""
        return self.part.whole or code in self._codes

    def findings(self) -> Iterator[str]:
        """Yield what is wrong with the trail itself in plain words."""
        if self.part.whole:
            yield from chain_findings(self.entries)
            return
        after = self.part.after
        if not self._checked_before:
            yield f"Audit row {after.seq} is not the one that was checked before."
        yield from changed_findings(entry for entry in self.entries if entry.seq <= after.seq)
        yield from chain_findings((entry for entry in self.entries if entry.seq > after.seq), after)


def hash_at(connection: Connection, seq: int) -> str | None:
    """Return the hash of a row of the trail, or None where there is no such row."""
    return connection.execute(select(AUDIT.c.hash).where(AUDIT.c.seq == seq)).scalar()


def _kind(entry: Entry) -> str:
    return str(entry.action).partition(".")[0]  # in a hostile file an action can be anything

"""Which scores an adjudicator stated as agreed in a consensus: the audit trail tells, no table of its own.

A statement is about the score it was made with. Another entry in the cell ends it; taking that back brings
it back, as undo and redo do with the score itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from sqlalchemy import Connection, select

from scoring_forms.domain.score import Cell
from storage.audit import AUDIT
from storage.reading import schema
from storage.reading.cells import cell_of
from storage.reading.log import LATEST
from storage.reading.scores import CONSENSUS, REDO, UNDO

K = TypeVar("K")


def load_consensus(connection: Connection, code: str, until: int = LATEST) -> frozenset[Cell]:
    """Return the cells of a case whose score, at audit row *until*, stands as agreed in a consensus."""
    score = schema.score.c
    of_case = (score.case_code == code, score.seq <= until)
    told = schema.score.join(AUDIT, AUDIT.c.seq == score.seq)
    stated = select(score.seq).select_from(told).where(*of_case, AUDIT.c.action == CONSENSUS)
    if connection.execute(stated.limit(1)).first() is None:
        return frozenset()
    rows = connection.execute(
        select(schema.score, AUDIT.c.action).select_from(told).where(*of_case).order_by(score.seq)
    )
    return standing((cell_of(row), row.action) for row in rows)


def standing(entries: Iterable[tuple[K, str]]) -> frozenset[K]:
    """Return the cells in which a consensus stands after *entries*, (cell, action) in order of the log.

    Undo takes the newest entry of its cell back that stands, redo the one taken back last: other cells
    may be changed in between, but never the order within a cell.
    """
    done: dict[K, list[bool]] = {}
    taken_back: dict[K, list[bool]] = {}
    for cell, action in entries:
        of_cell, undone = done.setdefault(cell, []), taken_back.setdefault(cell, [])
        if action == UNDO and of_cell:
            undone.append(of_cell.pop())
        elif action == REDO and undone:
            of_cell.append(undone.pop())
        else:
            of_cell.append(action == CONSENSUS)
            undone.clear()
    return frozenset(cell for cell, of_cell in done.items() if of_cell and of_cell[-1])

"""Scores from a table into a reading: the same validation and audit as the window, row by row."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from reader_app.workflow.csv_tables import EXTRA, read_rows
from scoring_forms.domain.errors import ScoringError
from scoring_forms.domain.score import Cell, Score
from storage.reading.reading import Reading
from storage.reading.records import CaseSummary
from storage.reading.scores import CONSENSUS

COLUMNS = ("case", "timepoint", "system", "feature", "side", "site", "value", "not_assessable")
_COMMENT, _CONSENSUS = "comment", "consensus"
_ACTION = "score.table"
_NUMBER = re.compile(r"-?\d{1,6}(\.\d{1,6})?", re.ASCII)


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """A row that was not entered; ``row`` is its line of the file, the header being line 1."""

    row: int
    reason: str


@dataclass(frozen=True, slots=True)
class EnterReport:
    """How many rows stand in the reading now, and which do not."""

    entered: int
    refused: tuple[RefusedRow, ...]


class _RowError(Exception):
    """A row cannot be used; its text says why."""


def enter_table(reading: Reading, table: Path, reason: str | None = None) -> EnterReport:
    """Enter the good rows of a table and name the others.

    In an adjudication a column ``consensus`` with ``yes`` states that a score was agreed in a consensus.
    *reason* is why reopened cases are changed; their rows are refused without one.

    Raises:
        BadTableError: It is no UTF-8 CSV table with the needed columns; nothing was entered.
        OSError: It cannot be read.
    """
    cases = {case.code: case for case in reading.cases()}
    good: dict[str, dict[Cell, Score]] = {}
    agreed: set[tuple[str, Cell]] = set()
    lines: dict[tuple[str, Cell], int] = {}
    refused: list[RefusedRow] = []
    for line, row in read_rows(table, COLUMNS):
        try:
            code, cell, score = _parse(reading, cases, row, reason)
            first = lines.setdefault((code, cell), line)
            if first != line:
                raise _RowError(f"the same cell stands in line {first} already")
            if _is_consensus(reading, row):
                agreed.add((code, cell))
            good.setdefault(code, {})[cell] = score
        except (_RowError, ScoringError) as problem:
            refused.append(RefusedRow(line, str(problem)))
    for code, scores in good.items():
        before, stands = reading.sheet(code), reading.consensus(code)
        own = [
            (cell, score)
            for cell, score in scores.items()
            if before.get(cell) != score and (code, cell) not in agreed
        ]
        stated = [
            (cell, score)
            for cell, score in scores.items()
            if (code, cell) in agreed and (before.get(cell) != score or cell not in stands)
        ]
        if (own or stated) and reason and cases[code].reopened:
            reading.give_reason(code, reason)
        with reading.transaction():
            for changes, action in ((own, _ACTION), (stated, CONSENSUS)):
                if changes:
                    reading.record(code, changes, action)
    return EnterReport(sum(map(len, good.values())), tuple(refused))


def _parse(
    reading: Reading, cases: Mapping[str, CaseSummary], row: Mapping[str, str], reason: str | None
) -> tuple[str, Cell, Score]:
    if row[EXTRA]:
        raise _RowError("it has more cells than the header has columns")
    case = cases.get(row["case"])
    if case is None:
        raise _RowError(f"this reading has no case {row['case']!r}")
    if case.status == "signed":
        raise _RowError(f"case {case.code} is signed and locked")
    if case.reopened and not (reason or "").strip():
        raise _RowError(f"case {case.code} was reopened: its changes need a reason")
    if row["timepoint"] not in case.letters:
        raise _RowError(
            f"case {case.code} has no timepoint {row['timepoint']!r}; it has {', '.join(case.letters)}"
        )
    system = next((part.system for part in reading.form.parts if part.system.id == row["system"]), None)
    if system is None:
        raise _RowError(f"this round does not use the scoring system {row['system']!r}")
    side = row["side"] or None
    if system.sides == 1:
        if side not in (None, case.side):
            raise _RowError(f"the side of case {case.code} is {case.side or 'not known'}, not {side}")
        side = None
    elif side is None:
        raise _RowError(f"{system.title} needs a side, L or R")
    cell = Cell(row["timepoint"], system.id, row["feature"], side, row["site"])
    score = _score(row)
    reading.form.validate(cell, score)
    return case.code, cell, score


def _is_consensus(reading: Reading, row: Mapping[str, str]) -> bool:
    said = row.get(_CONSENSUS, "")
    if said not in ("", "yes", "no"):
        raise _RowError(f"consensus is yes, no or empty, not {said!r}")
    if said == "yes" and not reading.is_adjudication:
        raise _RowError("a consensus is stated in adjudications alone")
    return said == "yes"


def _score(row: Mapping[str, str]) -> Score:
    value, reason = row["value"], row["not_assessable"]
    if bool(value) == bool(reason):
        raise _RowError("give either a value or a not_assessable reason" + (", not both" if value else ""))
    if reason:
        return Score(not_assessable=reason, comment=row.get(_COMMENT, ""))
    if not _NUMBER.fullmatch(value):
        raise _RowError(f"{value!r} is not a number")
    return Score(float(value), comment=row.get(_COMMENT, ""))

"""Clinical values beside the images, from a table that is handed in: a row for each subject and visit.

Every column of numbers is a clinical value. Columns of known names also give DAS28, and with it the EULAR
response, and the ACR response: ``tjc28``, ``sjc28`` (or ``tjc``, ``sjc`` of 68 and 66 joints, for ACR only),
``esr`` in mm/h, ``crp`` in mg/L, ``gh`` and ``pain``, ``patient_global``, ``physician_global``, ``haq``.

Source: statistics reference, section 13.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from reader_app.workflow.csv_tables import EXTRA, read_header, read_rows
from reader_app.workflow.errors import BadTableError
from scoring_forms.analysis.clinical import (
    AcrCoreSet,
    Das28Inputs,
    ResponseLevel,
    acr_response,
    das28_crp,
    das28_crp_3,
    das28_esr,
    das28_esr_3,
    disease_activity,
    eular_response,
)

Place = tuple[str, str]
"""Subject and visit."""

_SUBJECT, _VISIT = "subject", "visit"
_RANGES = {"tjc28": (0, 28), "sjc28": (0, 28), "tjc": (0, 68), "sjc": (0, 66), "gh": (0, 100)}
_NOT_NEGATIVE = ("esr", "crp", "pain", "patient_global", "physician_global", "haq")
_CORE = ("pain", "patient_global", "physician_global", "haq")
_DAS28 = (
    ("DAS28-ESR", das28_esr, ("esr", "gh")),
    ("DAS28-CRP", das28_crp, ("crp", "gh")),
    ("DAS28-ESR(3)", das28_esr_3, ("esr",)),
    ("DAS28-CRP(3)", das28_crp_3, ("crp",)),
)
_UNKNOWN = "not known"
_LEVELS: tuple[ResponseLevel, ...] = (20, 50, 70)


@dataclass(frozen=True, slots=True)
class Response:
    """Which subjects belong to which group, of one endpoint at a later visit."""

    kind: str
    visit: str
    groups: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class ClinicalTable:
    """What a table says about a round.

    Attributes:
        name: Of the file.
        values: By name of the value, then by subject and visit; what is missing is not there.
        derived: Which of the values were calculated here.
        responses: EULAR, ACR and disease activity, as far as the columns give them.
        n_ignored: Rows of subjects or visits that the round does not have.
        n_raised: Rows whose ESR of less than 1 counted as 1.
    """

    name: str
    values: Mapping[str, Mapping[Place, float]]
    derived: tuple[str, ...]
    responses: tuple[Response, ...]
    n_ignored: int
    n_raised: int


_Rows = Mapping[Place, Mapping[str, float]]


def read_clinical_table(path: Path, subjects: Sequence[str], visits: Sequence[str]) -> ClinicalTable:
    """Read the clinical values of a round's subjects at its visits.

    Args:
        path: CSV with the columns ``subject``, ``visit`` and at least one of numbers; an empty cell is
            missing.
        subjects: Of the round.
        visits: Of the round, the first one first.

    Raises:
        BadTableError: Names the line and what is wrong with it; no value of the table is in it.
        OSError: It cannot be read.
    """
    names = [name for name in read_header(path) if name and name not in (_SUBJECT, _VISIT)]
    if not names:
        raise BadTableError(path.name, "beside subject and visit it has no column of values")
    rows: dict[Place, dict[str, float]] = {}
    n_ignored = 0
    for line, cells in read_rows(path, (_SUBJECT, _VISIT)):
        place = (cells[_SUBJECT], cells[_VISIT])
        if cells[EXTRA]:
            raise BadTableError(path.name, "the row has more cells than the header", line)
        if place in rows:
            raise BadTableError(path.name, "this subject and visit stand in an earlier row, too", line)
        values = _values(path.name, line, cells, names)
        if place[0] in subjects and place[1] in visits:
            rows[place] = values
        else:
            n_ignored += 1
    if not rows:
        raise BadTableError(
            path.name, "no row has a subject and a visit of this round, as the study writes them"
        )
    das28 = dict(_das28(rows, names))
    given = {name: {place: row[name] for place, row in rows.items() if name in row} for name in names}
    return ClinicalTable(
        name=path.name,
        values={**given, **das28},
        derived=tuple(das28),
        responses=tuple(_responses(rows, {**das28, **given}, names, subjects, visits)),
        n_ignored=n_ignored,
        n_raised=sum(_inputs(row).esr_was_raised for row in rows.values()),
    )


def _values(table: str, line: int, cells: Mapping[str, str], names: Sequence[str]) -> dict[str, float]:
    found: dict[str, float] = {}
    for name in names:
        if not cells[name]:
            continue
        try:
            value = float(cells[name])
        except ValueError:
            value = math.nan
        if not math.isfinite(value):
            problem = f"{name} is no number; write 5.6 with a point and leave empty what is missing"
            raise BadTableError(table, problem, line)
        low, high = _RANGES.get(name.lower(), (0 if name.lower() in _NOT_NEGATIVE else -math.inf, math.inf))
        if not low <= value <= high:
            limits = f"between {low} and {high}" if high < math.inf else "0 or more"
            raise BadTableError(table, f"{name} has to be {limits}", line)
        found[name] = value
    return found


def _known(row: Mapping[str, float]) -> dict[str, float]:
    return {name.lower(): value for name, value in row.items()}


def _inputs(row: Mapping[str, float]) -> Das28Inputs:
    of = _known(row).get
    return Das28Inputs(of("tjc28"), of("sjc28"), of("esr"), of("crp"), of("gh"))


def _das28(rows: _Rows, names: Sequence[str]) -> Iterator[tuple[str, dict[Place, float]]]:
    """Yield the DAS28 that the columns give: of four variables, or of three where there is no ``gh``."""
    columns = {name.lower() for name in names}
    for name, score, needed in _DAS28:
        if not columns.issuperset(("tjc28", "sjc28", *needed)) or ("gh" in columns) != ("gh" in needed):
            continue
        found = {place: score(_inputs(row)).value for place, row in rows.items()}
        yield name, {place: value for place, value in found.items() if value is not None}


def _responses(
    rows: _Rows,
    values: Mapping[str, Mapping[Place, float]],
    names: Sequence[str],
    subjects: Sequence[str],
    visits: Sequence[str],
) -> Iterator[Response]:
    first, *later = visits
    das28 = next((name for name in values if name.lower().startswith("das28")), None)
    for visit in later:
        if das28 is not None:
            of = values[das28]
            eular = {one: eular_response(of.get((one, first)), of.get((one, visit))) for one in subjects}
            yield Response(f"EULAR, by {das28}", visit, _groups(eular, ("good", "moderate", "none")))
            active = {
                one: disease_activity(of[one, visit]) if (one, visit) in of else None for one in subjects
            }
            kinds = ("remission", "low", "moderate", "high")
            yield Response(f"Activity, by {das28}", visit, _groups(active, kinds))
        if _has_core_set(names):
            sets = {place: _core_set(row, names) for place, row in rows.items()}
            for level in _LEVELS:
                both = {one: (sets.get((one, first)), sets.get((one, visit))) for one in subjects}
                said = {
                    one: None if a is None or b is None else acr_response(a, b, level)
                    for one, (a, b) in both.items()
                }
                words = {one: None if yes is None else "yes" if yes else "no" for one, yes in said.items()}
                yield Response(f"ACR{level}", visit, _groups(words, ("yes", "no")))


def _groups(said: Mapping[str, str | None], kinds: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Return the subjects by answer; who has none is listed, too, unless nobody has one."""
    groups = {kind: tuple(one for one, answer in said.items() if answer == kind) for kind in kinds}
    unknown = tuple(one for one, answer in said.items() if answer is None)
    if len(unknown) == len(said):
        return {}
    return groups | ({_UNKNOWN: unknown} if unknown else {})


def _has_core_set(names: Sequence[str]) -> bool:
    columns = {name.lower() for name in names}
    counted = columns.issuperset(("tjc", "sjc")) or columns.issuperset(("tjc28", "sjc28"))
    return counted and columns.issuperset(_CORE) and bool(columns & {"esr", "crp"})


def _core_set(row: Mapping[str, float], names: Sequence[str]) -> AcrCoreSet:
    """Return the core set with the same joint counts and acute phase reactant for everybody."""
    columns, of = {name.lower() for name in names}, _known(row).get
    counts = ("tjc", "sjc") if columns.issuperset(("tjc", "sjc")) else ("tjc28", "sjc28")
    reactant = "esr" if "esr" in columns else "crp"
    return AcrCoreSet(*(of(name) for name in (*counts, *_CORE, reactant)))

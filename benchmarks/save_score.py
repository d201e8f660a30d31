"""A score saved with its audit rows and active time, against a bare sqlite3 insert of score and audit row."""

from __future__ import annotations

import argparse
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from itertools import count
from pathlib import Path

from benchmarks.compare import compare, goal, per_event, percentile
from scoring_forms.domain.form import compose_form
from scoring_forms.domain.score import Score
from storage.reading.build import build_reading
from storage.reading.reading import Reading
from storage.reading.records import CaseSpec, ImageRecord, ImageSpec, ReadingSpec, TimepointSpec
from storage.sqlite_file import SETTINGS

CODE = "K7Q2M"
BATCH = 20
_BARE = (
    "CREATE TABLE audit (seq INTEGER PRIMARY KEY, utc TEXT, utc_offset_minutes INTEGER, mono_ms INTEGER,"
    " actor TEXT, role TEXT, session TEXT, app TEXT, schema_version TEXT, action TEXT, case_code TEXT,"
    " item TEXT, old TEXT, new TEXT, reason TEXT, prev TEXT, hash TEXT)",
    "CREATE TABLE score (seq INTEGER PRIMARY KEY, case_code TEXT, timepoint TEXT, system TEXT, feature TEXT,"
    " side TEXT, site TEXT, value TEXT, not_assessable TEXT, comment TEXT)",
    "CREATE INDEX score_of_cell ON score (case_code, timepoint, system, feature, side, site)",
)


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=25, help=f"each of {BATCH} scores")
    parser.add_argument("--folder", type=Path, help="on the disk to measure; default: the temporary folder")
    arguments = parser.parse_args()
    folder = Path(tempfile.mkdtemp(dir=arguments.folder))
    try:
        with Reading.open(_new_reading(folder)) as reading, closing(_bare(folder / "bare.sqlite")) as bare:
            _measure(reading, bare, arguments.rounds)
    finally:
        shutil.rmtree(folder)


def _measure(reading: Reading, bare: sqlite3.Connection, rounds: int) -> None:
    times: dict[str, list[float]] = {"bare": [], "ours": []}
    works = {"bare": _bare_saver(bare, reading), "ours": _saver(reading)}

    def batch(name: str) -> Callable[[], None]:
        def work() -> None:
            for _ in range(BATCH):
                start = time.perf_counter()
                works[name]()
                times[name].append((time.perf_counter() - start) * 1000)

        return work

    names = {"bare": "bare insert of score and audit row", "ours": "score, audit rows and active time"}
    variants = {names[name]: batch(name) for name in works}
    found = compare("a score is saved", variants, names["bare"], rounds, BATCH)[names["ours"]]
    per_event("single scores", {names[name]: values for name, values in times.items()})
    goal("saving a score against the bare insert", found.ratio, 2)
    goal("saving a score, p99", percentile(times["ours"], 99), 50, " ms")


def _saver(reading: Reading) -> Callable[[], None]:
    cells = reading.form.cells("AB")
    numbers: Iterator[int] = count()

    def save() -> None:
        number = next(numbers)
        cell = cells[number % len(cells)]
        with reading.transaction():
            reading.record(CODE, [(cell, Score(float(number % 4)))], "score.set")
            reading.add_active_time(CODE, cell, 700)

    return save


def _bare_saver(connection: sqlite3.Connection, reading: Reading) -> Callable[[], None]:
    """Return a function that saves the same texts by two prepared statements, knowing all of them."""
    entry = next(iter(reading.audit_entries()))
    told = [getattr(entry, name) for name in entry.__slots__]
    cells = reading.form.cells("AB")
    numbers = count(1)

    def save() -> None:
        number = next(numbers)
        cell = cells[number % len(cells)]
        place = (cell.timepoint, cell.system, cell.feature, cell.side, cell.site)
        connection.execute("BEGIN IMMEDIATE")
        connection.execute(f"INSERT INTO audit VALUES ({', '.join('?' * 17)})", [number, *told[1:]])
        connection.execute(
            f"INSERT INTO score VALUES ({', '.join('?' * 10)})", [number, CODE, *place, "2", None, ""]
        )
        connection.execute("COMMIT")

    return save


def _bare(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None)
    for name, value, _ in SETTINGS:
        connection.execute(f"PRAGMA {name} = {value}").close()
    for statement in _BARE:
        connection.execute(statement)
    return connection


def _new_reading(parent: Path) -> Path:
    timepoints = tuple(
        TimepointSpec(letter, (ImageSpec(ImageRecord("cor_t1_pre", letter, missing_reason="none")),))
        for letter in "AB"
    )
    case = CaseSpec(CODE, "R", timepoints)
    spec = ReadingSpec("Ann", "RAMRIS", "paired", compose_form(["ramris_2003"]), (case,))
    return build_reading(parent / "Q4WZR.reading", spec).folder


if __name__ == "__main__":
    main()

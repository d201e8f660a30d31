"""1,000,000 score rows to CSV, and the whole export of a locked round that has so many.

The rival is the command ``sqlite3 -csv``, or where it is not installed Python's sqlite3 with its csv module.
"""

from __future__ import annotations

import argparse
import csv
import shutil
import sqlite3
import subprocess
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from benchmarks.compare import compare, goal
from reader_app.workflow.collected_timepoints import collected_cases, timepoints_of
from reader_app.workflow.export import export_round
from reader_app.workflow.final_scores import final_scores_of
from reader_app.workflow.score_tables import scores_long
from scoring_forms.domain.score import Score
from storage.study.store import Study
from storage.tables.csv_file import write_csv
from storage.tables.export import FORMATS
from storage.tables.table import Table
from tests.unit.workflow.locked_rounds import Trial

FOLDER = Path(tempfile.gettempdir()) / "ra-reader-benchmarks"
SUBJECTS = 1600  # x 3 visits x 3 readers x 70 cells of Sharp


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--subjects", type=int, default=SUBJECTS)
    parser.add_argument("--formats", action="store_true", help="also time every format of the whole export")
    arguments = parser.parse_args()
    folder = _study(arguments.subjects)
    with Study.open(folder / "study") as study:
        table = _long(study)
        print(f"{len(table.rows):,} rows of {len(table.columns)} columns")
        _rows_to_csv(table, folder, arguments.rounds)
        with tempfile.TemporaryDirectory(dir=FOLDER) as out:
            for formats in [("csv",), *[(one,) for one in FORMATS[1:] if arguments.formats]]:
                start = time.perf_counter()
                export_round(study, "Sharp", Path(out, *formats), formats)
                print(
                    f"whole export of the round as {formats[0]}: {time.perf_counter() - start:.1f} s",
                    flush=True,
                )


def _rows_to_csv(table: Table, folder: Path, rounds: int) -> None:
    database = _database(table, folder)
    with tempfile.TemporaryDirectory(dir=FOLDER) as out:
        target = Path(out, "ours.csv")

        def ready() -> None:
            target.unlink(missing_ok=True)
            write_csv(target, table)

        def read_and_written() -> None:
            target.unlink(missing_ok=True)
            with closing(sqlite3.connect(database)) as connection:
                rows = connection.execute("SELECT * FROM scores_long")
                write_csv(target, Table(table.name, table.columns, rows))

        name, rival = _rival(database, Path(out, "rival.csv"))
        variants = {name: rival, "read from the same table": read_and_written, "rows that are ready": ready}
        found = compare("score rows to CSV", variants, name, rounds)
    goal("rows read and written, of least", found["read from the same table"].least_ratio, 3, " x")
    goal("rows that are ready, of least", found["rows that are ready"].least_ratio, 3, " x")


def _rival(database: Path, target: Path) -> tuple[str, Callable[[], object]]:
    command = shutil.which("sqlite3")
    if command is None:
        print("The command sqlite3 is not installed; the rival is Python's sqlite3 and csv.")
        return "python sqlite3 + csv", lambda: _by_python(database, target)
    words = [command, "-readonly", "-header", "-csv", str(database), "SELECT * FROM scores_long"]

    def run() -> None:
        with target.open("wb") as file:
            subprocess.run(words, stdout=file, check=True)

    return "sqlite3 -csv", run


def _by_python(database: Path, target: Path) -> None:
    with closing(sqlite3.connect(database)) as connection, target.open("w", newline="") as file:
        csv.writer(file).writerows(connection.execute("SELECT * FROM scores_long"))


def _study(subjects: int) -> Path:
    """Return the folder of a locked round, made once."""
    folder = FOLDER / f"export-{subjects}"
    if not (folder / "study" / "study.sqlite").exists():
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        making = folder / "making"
        Trial(
            lambda reader, subject, visit, item: Score((len(reader) + ord(item.site.id[-1])) % 5),
            systems=("sharp_1985",),
            readers=("Ann", "Bob", "Cecilia"),
            subjects=tuple(f"P{number:04}" for number in range(subjects)),
            title="Sharp",
        ).write(making)
        making.rename(folder / "study")
    return folder


def _long(study: Study) -> Table:
    chosen = study.round("Sharp")
    cases = collected_cases(study, chosen)
    read, plan = timepoints_of(cases, study.visits()), chosen.plan
    return scores_long(read, plan.form, plan.title, final_scores_of(plan, cases))


def _database(table: Table, folder: Path) -> Path:
    path = folder / "rows.sqlite"
    if not path.exists():
        with closing(sqlite3.connect(path)) as connection, connection:
            connection.execute(f"CREATE TABLE scores_long ({', '.join(table.names)})")
            marks = ", ".join("?" * len(table.columns))
            connection.executemany(f"INSERT INTO scores_long VALUES ({marks})", table.rows)
    return path


if __name__ == "__main__":
    main()

"""The analysis of a large round from the study's store: 500 subjects, 4 visits, 3 readers, RAMRIS; no Qt."""

from __future__ import annotations

import argparse
import json
import os
import shutil
import tempfile
import time
import zlib
from pathlib import Path

from benchmarks.compare import goal
from reader_app.workflow.analyse import analyse_round
from reader_app.workflow.analysis_document import analysis_document
from reader_app.workflow.report import report_bytes
from reader_app.workflow.report_content import report_of
from scoring_forms.domain.form import FormItem
from scoring_forms.domain.score import Score
from storage.study.records import Visit
from storage.study.store import Study
from tests.unit.workflow.locked_rounds import Trial

FOLDER = Path(tempfile.gettempdir()) / "ra-reader-benchmarks"


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--subjects", type=int, default=500)
    parser.add_argument("--visits", type=int, default=4)
    parser.add_argument("--readers", type=int, default=3)
    parser.add_argument("--report", action="store_true", help="also time the report")
    arguments = parser.parse_args()
    folder = _study(arguments.subjects, arguments.visits, arguments.readers)
    print(f"load {os.getloadavg()[0]:.1f}")
    with Study.open(folder, read_only=True) as study:
        steps: list[float] = []
        start, worked = time.perf_counter(), time.process_time()
        analysis = analyse_round(study, "RAMRIS", lambda *_: steps.append(time.perf_counter()))
        text = json.dumps(analysis_document(analysis), allow_nan=False)
        took, work = time.perf_counter() - start, time.process_time() - worked
    names = ("cases from the store", "grades to array", "the paper's table", "agreement")
    for name, before, after in zip(names, steps, steps[1:], strict=False):
        print(f"{name:30} {1000 * (after - before):8.0f} ms")
    print(f"{len(text) / 1e6:.1f} MB of JSON")
    goal("analysis of the round, with its store", took, 3, " s")
    goal("of it, work of this process", work, 3, " s")
    if arguments.report:
        for form in ("html", "pdf"):
            start = time.perf_counter()
            size = len(report_bytes(report_of(analysis), form))
            print(f"report as {form}: {time.perf_counter() - start:.1f} s, {size / 1e6:.1f} MB")


def _study(subjects: int, visits: int, readers: int) -> Path:
    """Return the folder of a locked round, made once."""
    folder = FOLDER / f"analysis-{subjects}-{visits}-{readers}"
    if not (folder / "study.sqlite").exists():
        making = FOLDER / f"{folder.name}-making"
        shutil.rmtree(making, ignore_errors=True)
        FOLDER.mkdir(parents=True, exist_ok=True)
        Trial(
            _score,
            readers=tuple(f"R{number}" for number in range(readers)),
            subjects=tuple(f"P{number:04}" for number in range(subjects)),
            visits=tuple(Visit(f"V{number}", 12.0 * number) for number in range(visits)),
        ).write(making)
        making.rename(folder)
    return folder


def _score(reader: str, subject: str, visit: str, item: FormItem) -> Score:
    drawn = zlib.crc32(f"{subject}{item.feature.id}{item.site.id}".encode())
    truth = drawn % 3 + (drawn >> 8) % 5 * int(visit[1:]) // 8
    error = zlib.crc32(f"{reader}{visit}{drawn}".encode()) % 10
    return Score(float(min(max(truth + {0: -1, 1: 1}.get(error, 0), 0), item.feature.maximum)))


if __name__ == "__main__":
    main()

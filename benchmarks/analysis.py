"""The whole analysis of a large round: 500 subjects, 4 visits, 3 readers, RAMRIS, every site."""

from __future__ import annotations

import argparse
import gc
import json
import os
import sys
import time
from collections.abc import Callable
from typing import TypeVar

import numpy as np

from benchmarks.compare import goal
from scoring_forms.analysis.agreement import agreement
from scoring_forms.analysis.as_json import agreement_entry, table_entry
from scoring_forms.analysis.consensus import undisputed
from scoring_forms.analysis.disagreement import find_disagreements
from scoring_forms.analysis.paper_table import paper_table
from scoring_forms.analysis.score_cube import ReadCase, score_cube
from scoring_forms.domain.adjudication_rule import parse_rule
from scoring_forms.domain.form import Form, compose_form
from scoring_forms.domain.score import Score

T = TypeVar("T")


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--subjects", type=int, default=500)
    parser.add_argument("--visits", type=int, default=4)
    parser.add_argument("--readers", type=int, default=3)
    arguments = parser.parse_args()
    form = compose_form(["ramris_2003"])
    visits = tuple(f"V{i}" for i in range(arguments.visits))
    readers = tuple(f"R{i}" for i in range(arguments.readers))
    subjects = tuple(f"S{i:04}" for i in range(arguments.subjects))
    cases = _cases(form, subjects, visits, readers)
    assert "scipy" not in sys.modules, "scipy is to be imported by the first number"
    n_scores = sum(len(case.sheet) for case in cases)
    print(f"{len(cases)} cases, {n_scores:,} scores; load {os.getloadavg()[0]:.1f}")
    gc.collect()
    start, worked = time.perf_counter(), time.process_time()
    cube = _timed("grades to array", lambda: score_cube(form, cases, subjects, visits, readers))
    decisions = {subject: undisputed(len(readers)) for subject in subjects}
    weeks = {visit: 12.0 * i for i, visit in enumerate(visits)}
    table = _timed("the paper's table", lambda: paper_table(cube, readers, decisions, weeks))
    rows = _timed("agreement", lambda: agreement(cube, readers))
    text = _timed(
        "to JSON",
        lambda: json.dumps([*map(table_entry, table), *map(agreement_entry, rows)], allow_nan=False),
    )
    took, work = time.perf_counter() - start, time.process_time() - worked
    rule = parse_rule("change:bone_erosion>5", form)
    found = _timed("disagreements (not counted)", lambda: find_disagreements(cube, [rule]))
    print(f"{len(table)} rows of the table, {len(rows)} of agreement, {len(text) / 1e6:.1f} MB of JSON, "
          f"{len(found)} disagreements")  # fmt: skip
    goal("analysis of the whole round", took, 3, " s")
    goal("of it, work of this process", work, 3, " s")


def _timed(name: str, work: Callable[[], T]) -> T:
    start = time.perf_counter()
    result = work()
    print(f"{name:30} {1000 * (time.perf_counter() - start):8.0f} ms", flush=True)
    return result


def _cases(
    form: Form, subjects: tuple[str, ...], visits: tuple[str, ...], readers: tuple[str, ...]
) -> list[ReadCase]:
    """Return readers who see the same slow progression with errors of their own."""
    rng = np.random.default_rng(1)
    letters = tuple("ABCDEFGH"[: len(visits)])
    items = tuple(form.items())
    highest = np.array([item.feature.maximum for item in items])
    cases: list[ReadCase] = []
    for subject in subjects:
        truth = np.cumsum(rng.random((len(visits), len(items))) < 0.1, axis=0) + rng.integers(
            0, 3, len(items)
        )
        for reader in readers:
            seen = np.clip(truth + rng.integers(-1, 2, truth.shape), 0, highest)
            sheet = {
                item.cell(letter): Score(float(seen[row, column]))
                for row, letter in enumerate(letters)
                for column, item in enumerate(items)
            }
            cases.append(ReadCase(subject, reader, dict(zip(letters, visits, strict=True)), sheet))
    return cases


if __name__ == "__main__":
    main()

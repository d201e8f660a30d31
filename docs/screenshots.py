"""Paint the pictures of the user guide from the demo, without a display.

Run from the project: ``PYTHONPATH=. python docs/screenshots.py [DEMO_FOLDER]``. Scores are entered in copies.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from reader_app.program import Program
    from reader_app.reading.window import ReadingWindow
    from reader_app.study.window import StudyWindow
    from storage.study.records import AllocatedReading

PICTURES = Path(__file__).parent / "images"
SIZE = (1440, 900)
ENTERED = 34
READERS = ("Reader One", "Reader Two")
ADJUDICATOR = "Reader Three"
TITLE = "RAMRIS, two readers"
SUBJECTS = 24
"""How many are analysed; they have scores and no pictures."""


def main() -> None:
    """Build the demo if it is not there and paint every picture."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    home = tempfile.mkdtemp()
    for name in ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"):
        os.environ[name] = home
    from reader_app.program import Program
    from reader_app.start import StartWindow
    from reader_app.workflow.demo import build_demo

    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(home) / "demo"
    demo = build_demo(folder, 4, _ignore)
    PICTURES.mkdir(exist_ok=True)
    program = Program()
    sys.excepthook = sys.__excepthook__  # nobody is there to answer a message
    start = StartWindow(program)
    program.show(start)
    _paint(start, "start.png")
    start.close()
    for reading, name in zip(demo.readings, ("reading.png", "reading-films.png"), strict=True):
        _paint_reading(program, Path(shutil.copytree(reading, Path(home) / reading.name)), name)
    study = Path(shutil.copytree(demo.study, Path(home) / "study"))
    _paint_study(program, study)
    _paint_adjudication(program, study, demo.truth)
    _paint_analysis(program, _analysed_study(Path(home) / "analysed"))
    viewer = program.look_at([demo.folder / "images" / "PH001"])
    _wait(12_000)
    _paint(viewer, "viewer.png")
    program.close()
    shutil.rmtree(home, ignore_errors=True)


def _paint_reading(program: Program, folder: Path, name: str) -> None:
    """Open a reading with some scores entered and the window a reader would have after them."""
    from scoring_forms.domain.score import Score
    from storage.reading.reading import Reading

    with Reading.open(folder) as reading:
        code = reading.cases()[0].code
        letters = reading.cases()[0].letters
        cells = reading.form.cells(letters)
        scored = [cell for number, cell in enumerate(cells) if number % len(letters) != 2 or number < ENTERED]
        changes = [
            (cell, Score(float((number * 7) % 3))) for number, cell in enumerate(scored[: len(cells) // 2])
        ]
        reading.record(code, changes, "score.table")
    window = program.open_reading(folder)
    window.resize(*SIZE)
    cast("ReadingWindow", window).scoring.go_to_next_missing()
    _paint(window, name)
    window.close()


def _paint_study(program: Program, folder: Path) -> None:
    window = _study_window(program, folder, "Images")
    window.images.matrix.choose("PH001", "Baseline")
    _wait(3000)
    _paint(window, "study-images.png")
    window.close()


def _study_window(program: Program, folder: Path, page: str) -> StudyWindow:
    from reader_app.study.window import StudyWindow
    from storage.study.store import Study

    window = StudyWindow(Study.open(folder), program.jobs)
    program.show(window)
    window.resize(*SIZE)
    window.show_page(page)
    _wait(3000)
    return window


def _paint_adjudication(program: Program, folder: Path, truth: Path) -> None:
    """Have two readers read a round of the demo, and a third begin to decide where they differ."""
    from reader_app.workflow.adjudicate import AdjudicationRequest, prepare_adjudication
    from reader_app.workflow.collect import collect
    from reader_app.workflow.prepare_round import RoundRequest, prepare_round
    from storage.study.store import Study

    grades = {
        (row["subject"], row["visit"], row["feature"], row["site"]): row["value"]
        for row in json.loads(truth.read_text("utf-8"))
    }
    rules = ("change:synovitis>2", "site>=2")
    with Study.open(folder) as study:
        request = RoundRequest(TITLE, ("ramris_2003",), READERS, seed=1, adjudication=rules)
        for reading in prepare_round(study, request, _ignore).readings:
            _read(reading, grades)
        collect(study, [], _ignore)
    window = _study_window(program, folder, "Adjudication")
    window.adjudication.name_line.setText(ADJUDICATOR)
    window.adjudication.compare()
    _wait(3000)
    _paint(window, "adjudication-page.png")
    window.close()
    with Study.open(folder) as study:
        request = AdjudicationRequest(TITLE, ADJUDICATOR, seed=1)
        adjudication = prepare_adjudication(study, request, _ignore)
    path = Path(adjudication.path)
    code = _decide(path)
    reading_window = cast("ReadingWindow", program.open_reading(path, code))
    reading_window.resize(*SIZE)
    reading_window.scoring.go_to_next_missing()
    _wait(4000)
    _paint(reading_window, "adjudication.png")
    reading_window.close()


def _read(key: AllocatedReading, grades: dict[tuple[str, str, str, str], float]) -> None:
    """Enter the truth with a reader's noise from a table, and sign it."""
    from reader_app.workflow.enter_scores import COLUMNS, enter_table
    from reader_app.workflow.submit import submit_cases
    from storage.reading.reading import Reading

    lines = [",".join(COLUMNS)]
    with Reading.open(Path(key.path)) as reading:
        for case in key.cases:
            for timepoint in case.timepoints:
                for item in reading.form.items():
                    feature, site = item.feature.id, item.site.id
                    place = (case.subject, timepoint.visit, feature, site)
                    value = _noisy(key.reader, place, grades[place], item.feature.maximum)
                    lines.append(
                        f"{case.code},{timepoint.letter},{item.system.id},{feature},,{site},{value:g},"
                    )
        table = Path(key.path).with_suffix(".csv")
        table.write_text("\n".join(lines), "utf-8")
        enter_table(reading, table)
        submit_cases(reading, None, "a long enough password")


def _noisy(reader: str, place: tuple[str, ...], grade: float, highest: float) -> float:
    """Return a grade with an error that depends on nothing but reader and place."""
    errors = (0, 0, 0, 0, 0, 0, 0, 0, -1, 1) if grade else (0,) * 19 + (1,)
    error = random.Random("/".join((reader, *place))).choice(errors)
    return min(max(grade + error, 0), highest)


def _decide(folder: Path) -> str:
    """Enter what both readers agree on and decide two cells where they differ; return the case."""
    from scoring_forms.domain.others import agreed, disagreements
    from storage.reading.reading import Reading
    from storage.reading.scores import CONSENSUS

    with Reading.open(folder) as reading:
        cells_of = {case.code: reading.form.cells(case.letters) for case in reading.cases()}
        apart_in = {code: disagreements(reading.others(code), cells) for code, cells in cells_of.items()}
        code = max(apart_in, key=lambda one: sum(cell.feature == "synovitis" for cell in apart_in[one]))
        others = reading.others(code)
        reading.record(code, list(agreed(others, cells_of[code]).items()), "score.agreed")
        first, second, *_ = apart_in[code]
        reading.record(code, [(first, others[0][first])], "score.reader_1")
        reading.record(code, [(second, others[1][second])], CONSENSUS)
    return code


def _analysed_study(folder: Path) -> Path:
    """Write a locked round of two readers without pictures, whose hands are ill as the phantom's are."""
    import numpy as np

    from reader_app.workflow.demo import VISITS, tenths, thirds
    from scoring_forms.domain.form import compose_form
    from scoring_forms.domain.score import Score
    from storage.annotations import Annotations
    from storage.study.records import (
        AllocatedCase,
        AllocatedReading,
        AllocatedTimepoint,
        CollectedCase,
        RoundPlan,
        Subject,
        Visit,
    )
    from storage.study.store import Study
    from viewer.imaging.phantom.disease import disease_course

    weeks = [visit.week for visit in VISITS]
    subjects = [f"P{number:02}" for number in range(1, SUBJECTS + 1)]
    form = compose_form(["ramris_2003"])
    timepoints = tuple(
        AllocatedTimepoint(letter, visit.label) for letter, visit in zip("ABC", VISITS, strict=True)
    )
    plan = RoundPlan(
        "RAMRIS", form, "paired", tuple(visit.label for visit in VISITS), READERS, 0, 1, (), "readings"
    )
    with Study.create(
        folder, "Digital hand phantom", [Visit(one.label, one.week) for one in VISITS]
    ) as study:
        with study.transaction():
            for subject in subjects:
                study.put_subject(Subject(subject, "R"))
            a_round = study.add_round(plan)
            readings = [
                AllocatedReading(
                    *(f"READ{number}", reader, f"readings/READ{number}.reading", "a" * 64),
                    tuple(
                        AllocatedCase(f"K{number}{subject}", place, subject, "R", False, timepoints)
                        for place, subject in enumerate(subjects)
                    ),
                )
                for number, reader in enumerate(READERS)
            ]
            study.allocate(a_round.id, {subject: f"R{subject}" for subject in subjects}, readings, {})
            for reading in readings:
                collected: list[CollectedCase] = []
                for case in reading.cases:
                    rng = np.random.default_rng([17, case.position])
                    course = disease_course(rng, rng.uniform(0.05, 0.9), weeks)
                    sheet = {}
                    for timepoint, found in zip(timepoints, course, strict=True):
                        shares = {"synovitis": found.synovitis, "bone_oedema": found.oedema}
                        for item in form.items():
                            feature, site = item.feature.id, item.site.id
                            place = (case.subject, timepoint.visit, feature, site)
                            step = tenths if feature == "bone_erosion" else thirds
                            grade = step(shares.get(feature, found.eroded)[site])
                            value = _noisy(reading.reader, place, grade, item.feature.maximum)
                            sheet[item.cell(timepoint.letter)] = Score(float(value))
                    receipt = {
                        "case_code": case.code,
                        "printed_name": reading.reader,
                        "seq": 9,
                        "hash": "b" * 64,
                    }
                    collected.append(CollectedCase(case.code, receipt, "c" * 64, sheet, Annotations()))
                study.add_collected(reading.code, collected)
        study.lock_round(a_round.id, "nothing missing")
    return folder


def _paint_analysis(program: Program, folder: Path) -> None:
    window = _study_window(program, folder, "Analysis")
    _wait(15_000)
    tabs = cast("Any", window.analysis.tabs)
    tabs.setCurrentWidget(tabs.agreement)
    tabs.agreement.feature_box.setCurrentIndex(2)
    _wait(1000)
    _paint(window, "analysis.png")
    tabs.setCurrentIndex(2)
    tabs.plots.mapped.setCurrentIndex(tabs.plots.mapped.count() - 1)
    _wait(3000)
    _paint(window, "analysis-plots.png")
    window.close()


def _ignore(_done: int, _total: int) -> None:
    """Nobody watches."""


def _paint(window: QWidget, name: str) -> None:
    _wait(400)
    window.grab().save(str(PICTURES / name))
    print(PICTURES / name)


def _wait(milliseconds: int) -> None:
    """Let the windows work for a while."""
    from PySide6.QtCore import QEventLoop, QTimer

    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


if __name__ == "__main__":
    main()

"""From the demo's pictures to the analyst's table, through the reader's window and real key events."""

import csv
import hashlib
import json
import os
import shutil
from dataclasses import replace

import numpy as np
import pytest
import SimpleITK
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget

from reader_app.cli import main
from reader_app.jobs import JobRunner
from reader_app.reading.dialogs import SignDialog
from reader_app.reading.window import ReadingWindow
from reader_app.theme import apply_theme
from reader_app.workflow.demo import VISITS, build_demo
from scoring_forms.domain.score import Cell
from storage.reading.reading import Reading
from tests.gui.windows import PASSWORD, Answer, has_keyboard

pytestmark = [
    pytest.mark.gui,
    pytest.mark.e2e,
    pytest.mark.slow,
    pytest.mark.usefixtures("shipped_passwords"),
]


WHOLE = "RA_READER_WHOLE_DEMO" in os.environ
"""Type all cases of the demo as users get it, in minutes; else two visits of two subjects, and some films."""


@pytest.fixture
def copied(demo, tmp_path):
    return copy_of(demo, tmp_path)


@pytest.fixture(scope="module")
def hands(tmp_path_factory):
    """The whole demo, or the MRI of two subjects at two visits."""
    scans = [replace(visit, radiographs=False) for visit in VISITS[:2]]
    subjects, visits = (4, VISITS) if WHOLE else (2, scans)
    return build_demo(tmp_path_factory.mktemp("hands") / "demo", subjects, lambda done, total: None, visits)


def copy_of(demo, folder):
    return shutil.copytree(demo.folder, folder / "demo", symlinks=True)


def truth_of(folder):
    rows = json.loads((folder / "truth.json").read_text("utf-8"))
    keys = ("subject", "visit", "system", "feature", "side", "site")
    return {tuple(row[key] for key in keys): row["value"] for row in rows}


def slices_by_visit(folder):
    """Return the patient and study date of every original picture by the SHA-256 of its pixels."""
    found = {}
    for path in sorted((folder / "images").rglob("*")):
        if path.is_file():
            image = SimpleITK.ReadImage(str(path))
            told = tuple(image.GetMetaData(tag).strip() for tag in ("0010|0020", "0008|0020"))
            found[fingerprint(SimpleITK.GetArrayFromImage(image)[0])] = told
    return found


def fingerprint(pixels):
    return hashlib.sha256(pixels.astype(np.int32).tobytes()).hexdigest()


def recognised(folder, reading, visits):
    """Return subject and visit by case and letter, known by the pixels, as nobody who reads can."""
    slices = slices_by_visit(folder)
    dates = {}
    for subject, date in sorted(set(slices.values())):
        dates.setdefault(subject, []).append(date)
    found = {}
    for case in reading.cases():
        for timepoint in reading.case(case.code).timepoints:
            # SimpleITK inverts MONOCHROME1 by itself
            image = next(image for image in timepoint.images if image.array and not image.monochrome1)
            subject, date = slices[fingerprint(reading.open_array(image)[0])]
            found[case.code, timepoint.letter] = subject, visits[dates[subject].index(date)]
    return found


def keys_for(value, highest):
    """Return the keys that enter a grade: a 1 that could become 10 is ended by Enter."""
    if value == 10:
        return ["1", "0"]
    return ["1", Qt.Key.Key_Return] if value == 1 and highest >= 10 else [str(value)]


def type_truth(qtbot, window, truth, case, known):
    """Type the whole case from its first cell on; the window itself leads from cell to cell."""
    table, cells = window.panel.table, window.panel.cells()
    for cell in cells:
        assert window.panel.current_cell == cell
        value = truth[*known[case.code, cell.timepoint], *cell_key(cell, case.side)]
        for stroke in keys_for(value, window._reading.form.item(cell).feature.maximum):
            (qtbot.keyClicks if isinstance(stroke, str) else qtbot.keyClick)(table, stroke)
    return len(cells)


def cell_key(cell, side):
    return cell.system, cell.feature, cell.side or side, cell.site


def sign(qtbot, window, code):
    def type_password(dialog):
        lines = dialog.findChildren(QWidget, "password")
        for line in lines:
            qtbot.keyClicks(line, PASSWORD)
        qtbot.keyPress(lines[-1], Qt.Key.Key_Return)

    answer = Answer(SignDialog, type_password)
    # the window is busy signing when the key comes up again, so only press it
    qtbot.keyPress(window, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert answer.given
    qtbot.waitUntil(lambda: window._cases.find(code).status == "signed", timeout=20_000)


def open_window(qtbot, folder, jobs):
    apply_theme(QApplication.instance())
    window = ReadingWindow(Reading.open(folder), jobs)
    qtbot.addWidget(window)
    window.resize(1280, 800)
    window.show()
    window.open_first()
    qtbot.waitUntil(lambda: has_keyboard(window))
    return window


def read_csv(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def type_all(qtbot, window, truth, known):
    """Type and sign case after case, as the window offers them; return how many cells there were."""
    typed = 0
    for case in window._reading.cases():
        qtbot.waitUntil(lambda: has_keyboard(window))
        typed += type_truth(qtbot, window, truth, case, known)
        sign(qtbot, window, case.code)
    return typed


@pytest.mark.parametrize(
    ("made", "title", "cells", "columns"),
    [
        (
            "hands",
            "RAMRIS",
            53 * (3 if WHOLE else 2),
            {"synovitis": 7, "bone_oedema": 23, "bone_erosion": 23, "eroded_bone_count": 23},
        ),
        (
            "hands" if WHOLE else "demo",
            "Sharp",
            70 * 2,
            {"erosion": 34, "joint_space_narrowing": 36, "total": 70},
        ),
    ],
)
def test_every_case_typed_in_the_window_comes_out_in_the_tables_by_subject_and_visit(
    qtbot, request, made, title, cells, columns, tmp_path
):
    demo = request.getfixturevalue(made)
    copied = copy_of(demo, tmp_path)
    truth, study = truth_of(copied), copied / "study"
    subjects = {key[0] for key in truth}
    jobs = JobRunner()
    window = open_window(qtbot, study / "readings" / demo.readings[title == "Sharp"].name, jobs)
    known = recognised(copied, window._reading, ["Baseline", "Follow-up 1", "Follow-up 2"])
    assert type_all(qtbot, window, truth, known) == cells * len(subjects)
    window.close()
    jobs.close()

    assert main(["study", "collect", str(study)]) == 0
    assert main(["study", "lock", str(study), "--round", title]) == 0
    assert main(["study", "export", str(study), "--round", title, "--out", str(tmp_path / "out")]) == 0
    rows = read_csv(tmp_path / "out" / "scores_long.csv")
    exported = {
        (r["subject"], r["visit"], r["system"], r["feature"], r["side"], r["site"]): float(r["value"])
        for r in rows
    }
    expected = {key: value for key, value in truth.items() if key[2] == rows[0]["system"]}
    assert exported == expected
    assert len(rows) == cells * len(subjects)
    check_totals(read_csv(tmp_path / "out" / "totals.csv"), expected, columns)


def check_totals(rows, truth, columns):
    """Add the truth up anew and compare every total with it."""
    for row in rows:
        told = row["subject"], row["visit"]
        of_visit = [(key[3], value) for key, value in truth.items() if key[:2] == told]
        sums = {
            "eroded_bone_count": sum(value >= 1 for feature, value in of_visit if feature == "bone_erosion"),
            "total": sum(value for _, value in of_visit),
        }
        plain = sum(value for feature, value in of_visit if feature == row["feature"])
        assert float(row["total"]) == sums.get(row["feature"], plain)
        assert (int(row["n_sites"]), int(row["n_missing"])) == (columns[row["feature"]], 0)
    told = {(*key[:2], feature) for key in truth for feature in columns}
    assert {(row["subject"], row["visit"], row["feature"]) for row in rows} == told


def test_the_first_cell_of_the_demo_is_ready_for_a_digit(qtbot, copied, demo):
    jobs = JobRunner()
    window = open_window(qtbot, copied / "study" / "readings" / demo.readings[0].name, jobs)
    qtbot.keyClicks(window.panel.table, "1")
    assert list(window._reading.sheet(window._reading.cases()[0].code)) == [
        Cell("A", "ramris_2003", "synovitis", None, "distal_radioulnar")
    ]
    window.close()
    jobs.close()

"""From the demo's pictures to the analyst's table, through the reader's window and real key events."""

import csv
import hashlib
import json
import shutil

import numpy as np
import pytest
import SimpleITK
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QPushButton, QWidget

from reader_app.cli import main
from reader_app.jobs import JobRunner
from reader_app.reading.dialogs import SignDialog
from reader_app.reading.window import ReadingWindow
from reader_app.theme import apply_theme
from scoring_forms.domain.score import Cell
from storage.reading.reading import Reading
from tests.gui.windows import PASSWORD, Answer

pytestmark = [pytest.mark.gui, pytest.mark.e2e, pytest.mark.slow]


@pytest.fixture
def copied(demo, tmp_path):
    return shutil.copytree(demo.folder, tmp_path / "demo", symlinks=True)


def truth_of(folder):
    rows = json.loads((folder / "truth.json").read_text("utf-8"))
    keys = ("subject", "visit", "system", "feature", "side", "site")
    return {tuple(row[key] for key in keys): row["value"] for row in rows}


def slices_by_date(folder):
    """Return the study date of every original picture by the SHA-256 of its pixels, read by SimpleITK."""
    dates = {}
    for path in sorted((folder / "images").rglob("*")):
        if path.is_file():
            image = SimpleITK.ReadImage(str(path))
            dates[fingerprint(SimpleITK.GetArrayFromImage(image)[0])] = image.GetMetaData("0008|0020")
    return dates


def fingerprint(pixels):
    return hashlib.sha256(pixels.astype(np.int32).tobytes()).hexdigest()


def visits_of_letters(folder, reading, visits):
    """Recognise each timepoint by its pixels, as nobody who reads can."""
    dates = slices_by_date(folder)
    weeks = sorted(set(dates.values()))
    found = {}
    for case in reading.cases():
        for timepoint in reading.case(case.code).timepoints:
            # SimpleITK inverts MONOCHROME1 by itself
            image = next(image for image in timepoint.images if image.array and not image.monochrome1)
            first = fingerprint(reading.open_array(image)[0])
            found[timepoint.letter] = visits[weeks.index(dates[first])]
    return found


def keys_for(value, highest):
    """Return the keys that enter a grade: a 1 that could become 10 is ended by Enter."""
    if value == 10:
        return ["1", "0"]
    return ["1", Qt.Key.Key_Return] if value == 1 and highest >= 10 else [str(value)]


def type_truth(qtbot, window, truth, subject, side, visits):
    """Type the whole case from its first cell on; the window itself leads from cell to cell."""
    typed = {}
    table = window.panel.table
    for cell in window.panel.cells():
        assert window.panel.current_cell == cell
        key = (subject, visits[cell.timepoint], cell.system, cell.feature, cell.side or side, cell.site)
        typed[cell] = truth[key]
        highest = window._reading.form.item(cell).feature.maximum
        for stroke in keys_for(truth[key], highest):
            (qtbot.keyClicks if isinstance(stroke, str) else qtbot.keyClick)(table, stroke)
    return typed


def sign(qtbot, window):
    def type_password(dialog):
        for line in dialog.findChildren(QWidget, "password"):
            qtbot.keyClicks(line, PASSWORD)
        button = next(button for button in dialog.findChildren(QPushButton) if button.isDefault())
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)

    answer = Answer(SignDialog, type_password)
    # the window is busy signing when the key comes up again, so only press it
    qtbot.keyPress(window, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert answer.given
    qtbot.waitUntil(lambda: "signed" in window.header.findChild(QWidget, "progress").text(), timeout=20_000)


def open_window(qtbot, folder, jobs):
    apply_theme(QApplication.instance())
    window = ReadingWindow(Reading.open(folder), jobs)
    qtbot.addWidget(window)
    window.resize(1280, 800)
    window.show()
    window.open_first()

    def ready():
        window.activateWindow()
        return window.isActiveWindow() and QApplication.focusWidget() is window.panel.table

    qtbot.waitUntil(ready)
    return window


def read_csv(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize(
    ("number", "title", "cells", "columns"),
    [
        (
            0,
            "RAMRIS",
            53 * 3,
            {"synovitis": 7, "bone_oedema": 23, "bone_erosion": 23, "eroded_bone_count": 23},
        ),
        (1, "Sharp", 70 * 2, {"erosion": 34, "joint_space_narrowing": 36, "total": 70}),
    ],
)
def test_a_case_typed_in_the_window_comes_out_in_the_tables_by_subject_and_visit(
    qtbot, copied, demo, number, title, cells, columns, tmp_path
):
    truth, study = truth_of(copied), copied / "study"
    folder = study / "readings" / demo.readings[number].name
    jobs = JobRunner()
    window = open_window(qtbot, folder, jobs)
    visits = visits_of_letters(copied, window._reading, ["Baseline", "Follow-up 1", "Follow-up 2"])
    subject = next(iter(truth))[0]
    case = window._reading.cases()[0]
    typed = type_truth(qtbot, window, truth, subject, case.side, visits)
    sign(qtbot, window)
    assert len(typed) == cells
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
    assert len(rows) == cells
    check_totals(read_csv(tmp_path / "out" / "totals.csv"), expected, columns)


def check_totals(rows, truth, columns):
    """Add the truth up anew and compare every total with it."""
    for row in rows:
        of_visit = [(key[3], value) for key, value in truth.items() if key[1] == row["visit"]]
        sums = {
            "eroded_bone_count": sum(value >= 1 for feature, value in of_visit if feature == "bone_erosion"),
            "total": sum(value for _, value in of_visit),
        }
        plain = sum(value for feature, value in of_visit if feature == row["feature"])
        assert float(row["total"]) == sums.get(row["feature"], plain)
        assert (int(row["n_sites"]), int(row["n_missing"])) == (columns[row["feature"]], 0)
    assert {row["feature"] for row in rows} == set(columns)


def test_the_first_cell_of_the_demo_is_ready_for_a_digit(qtbot, copied, demo):
    jobs = JobRunner()
    window = open_window(qtbot, copied / "study" / "readings" / demo.readings[0].name, jobs)
    qtbot.keyClicks(window.panel.table, "1")
    assert list(window._reading.sheet(window._reading.cases()[0].code)) == [
        Cell("A", "ramris_2003", "synovitis", None, "distal_radioulnar")
    ]
    window.close()
    jobs.close()

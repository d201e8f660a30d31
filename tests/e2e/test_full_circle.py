"""Two noisy readers, an adjudicator at the keyboard, and what analysts' programs find in the tables."""

from pathlib import Path
from statistics import mean

import openpyxl
import pandas
import pyreadstat
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QPushButton, QWidget

from reader_app.cli import main
from reader_app.jobs import JobRunner
from reader_app.reading.dialogs import SignDialog
from reader_app.reading.window import ReadingWindow
from reader_app.theme import apply_theme
from storage.reading.reading import Reading
from storage.study.store import Study
from storage.tables.export import FORMATS
from tests.e2e.trials import PASSWORD, VISITS, full_rows, grade, keys_of, new_study, table_of, write_mr
from tests.gui.windows import Answer, has_keyboard

pytestmark = [pytest.mark.gui, pytest.mark.e2e, pytest.mark.slow]

READERS = ("Ann", "Bo Łęcki")
JUDGE = "Cyd"
SUBJECTS = ("P01", "P02", "P03")
WEEKS = {label: week for label, week, _ in (VISITS[0], VISITS[2])}
FIRST, LAST = WEEKS
FEATURES = ("synovitis", "bone_oedema")
APART = 3
NOISE = (0, 0, 0, 0, 0, -1, 1, 1)
STATISTICS = {"sav": pyreadstat.read_sav, "dta": pyreadstat.read_dta, "xpt": pyreadstat.read_xport}


def scored(reader, subject, visit, feature, site):
    """Return the truth with a reader's noise; the second sees more in one subject, but not one bone.

    Synovitis and oedema have grades 0 to 3.
    """
    if (reader, subject, site) == (READERS[1], "P02", "lunate"):
        return "image_quality"
    more = 1 if (reader, subject, visit) == (READERS[1], "P02", LAST) else 0
    noise = NOISE[grade(reader, subject, visit, feature, site, highest=len(NOISE) - 1)]
    return min(3, max(0, grade(subject, visit, feature, site) + noise + more))


def read_by(reader, study, path, folder):
    """Enter a whole reading from a table and sign it; return what was entered, by place."""
    with Reading.open(path, read_only=True) as reading:
        cases = [{"code": case.code, "timepoints": case.letters} for case in reading.cases()]
        form = [
            {"system": item.system.id, "feature": item.feature.id, "side": item.side, "site": item.site.id}
            for item in reading.form.items()
        ]
    entered = {}

    def value(subject, visit, side, item):
        given = scored(reader, subject, visit, item["feature"], item["site"])
        entered[subject, visit, reader, item["feature"], side, item["site"]] = given
        return given

    table = folder / f"{path.name}.csv"
    table.write_text(
        table_of(full_rows({"cases": cases, "form": form}, keys_of(study, path), value)), "utf-8"
    )
    assert main(["reading", "enter", str(path), str(table)]) == 0
    assert main(["reading", "submit", str(path), "--all"]) == 0
    return entered


def total(entered, reader, subject, visit, feature):
    """Add up what somebody entered; None where a site has no grade."""
    values = [
        value
        for place, value in entered.items()
        if (place[2], place[0], place[1], place[3]) == (reader, subject, visit, feature)
    ]
    assert len(values) == {"synovitis": 7, "bone_oedema": 23}[feature]
    return None if any(isinstance(value, str) for value in values) else sum(values)


def change(entered, reader, subject):
    first, last = (total(entered, reader, subject, visit, "synovitis") for visit in WEEKS)
    assert first is not None
    assert last is not None
    return last - first


def disputed_of(entered):
    """Return the subjects in whom the readers' changes of synovitis are too far apart."""
    apart = {
        one: abs(change(entered, READERS[0], one) - change(entered, READERS[1], one)) for one in SUBJECTS
    }
    return {subject for subject, difference in apart.items() if difference > APART}


def counting(entered, subject, disputed):
    """Return who counts in a subject, the two closest of three or both readers, and what that is called."""
    if subject not in disputed:
        return set(READERS), "primary_mean"
    of = {reader: change(entered, reader, subject) for reader in (*READERS, JUDGE)}
    low, middle, high = sorted(of, key=lambda reader: of[reader])
    if of[high] - of[middle] == of[middle] - of[low]:
        return set(of), "mean_of_three"
    closest = {low, middle} if of[middle] - of[low] < of[high] - of[middle] else {middle, high}
    return closest, "mean_of_two_closest"


def open_window(qtbot, path, jobs):
    apply_theme(QApplication.instance())
    window = ReadingWindow(Reading.open(path), jobs)
    qtbot.addWidget(window)
    window.resize(1280, 800)
    window.show()
    window.open_first()

    wait_for_keyboard(qtbot, window)
    return window


def wait_for_keyboard(qtbot, window):
    """Wait until keys reach the score table, also after a dialog had them."""
    qtbot.waitUntil(lambda: has_keyboard(window))


def sign(qtbot, window):
    def type_password(dialog):
        for line in dialog.findChildren(QWidget, "password"):
            qtbot.keyClicks(line, PASSWORD)
        button = next(button for button in dialog.findChildren(QPushButton) if button.isDefault())
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)

    answer = Answer(SignDialog, type_password)
    with qtbot.waitSignal(window.signing.signed, timeout=20_000):
        # the window is busy signing when the key comes up again, so only press it
        qtbot.keyPress(window, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert answer.given


def decide(qtbot, window, shown):
    """Decide the open case by keys: what agrees in one step, then Reader 1, Reader 2 and an own 0 in turn.

    *shown* gives both readers' values of a cell, in the order Reader 1, Reader 2. Returns what was
    decided by cell, and the own ones, which are stated as a consensus.
    """
    table = window.panel.table
    cells = window.panel.cells()
    decided = {cell: shown(cell)[0] for cell in cells if shown(cell)[0] == shown(cell)[1]}
    agreed = set()
    qtbot.keyClick(table, Qt.Key.Key_F2, Qt.KeyboardModifier.ControlModifier)
    open_cells = [cell for cell in cells if cell not in decided]
    for number in range(len(open_cells)):
        if window.panel.current_cell not in open_cells or window.panel.current_cell in decided:
            qtbot.keyClick(table, Qt.Key.Key_Tab)
        cell = window.panel.current_cell
        assert cell in open_cells
        assert cell not in decided
        if number % 3 == 2:
            qtbot.keyClicks(table, "0")
            qtbot.keyClick(table, Qt.Key.Key_F5)
            decided[cell] = 0
            agreed.add(cell)
        else:
            qtbot.keyClick(table, (Qt.Key.Key_F2, Qt.Key.Key_F3)[number % 3])
            decided[cell] = shown(cell)[number % 3]
    return decided, agreed


def adjudicate(qtbot, study, entered):
    """Decide and sign every case of the adjudicator's reading in its window.

    Returns what was decided by place, and the places of a consensus.
    """
    with Study.open(study, read_only=True) as opened:
        (key,) = opened.adjudications(1)
    sides = {one.code: (one.reader_1, one.reader_2) for one in key.adjudication.cases}
    jobs = JobRunner()
    window = open_window(qtbot, Path(key.path), jobs)
    given, consensus = {}, set()
    for number, case in enumerate(window._reading.cases()):
        if number:
            qtbot.keyClick(window, Qt.Key.Key_PageDown, Qt.KeyboardModifier.ControlModifier)
            qtbot.waitUntil(lambda code=case.code: window.scoring.scores.code == code)
            wait_for_keyboard(qtbot, window)
        (of,) = [one for one in key.cases if one.code == case.code]
        visits = {one.letter: one.visit for one in of.timepoints}

        def place(cell, reader, of=of, visits=visits):
            return (of.subject, visits[cell.timepoint], reader, cell.feature, of.side, cell.site)

        def shown(cell, readers=sides[case.code], place=place):
            return [entered[place(cell, reader)] for reader in readers]

        decided, agreed = decide(qtbot, window, shown)
        given |= {place(cell, JUDGE): value for cell, value in decided.items()}
        consensus |= {place(cell, JUDGE) for cell in agreed}
        sign(qtbot, window)
    window.close()
    jobs.close()
    return given, consensus


@pytest.fixture
def circle(qtbot, tmp_path, monkeypatch):
    """A study from pictures to two exports.

    Returns what was entered, the places of a consensus, who was disputed and both folders.
    """
    monkeypatch.setenv("RA_READER_PASSWORD", PASSWORD)
    for number, subject in enumerate(SUBJECTS):
        for label, _, day in (VISITS[0], VISITS[2]):
            write_mr(
                tmp_path / "images" / subject / label, subject, day, laterality="LR"[number % 2], count=3
            )
    study = new_study(tmp_path / "study", (VISITS[0], VISITS[2]))
    assert main(["study", "import", str(study), str(tmp_path / "images")]) == 0
    asked = ["--title", "RAMRIS", "--system", "ramris_2003", "--features", *FEATURES]
    rule = ["--adjudicate", f"change:synovitis>{APART}"]
    assert main(["study", "round", str(study), *asked, *rule, "--reader", *READERS]) == 0
    with Study.open(study, read_only=True) as opened:
        readings = [(one.reader, Path(one.path)) for one in opened.readings(1)]
    entered = {}
    for reader, path in readings:
        entered |= read_by(reader, study, path, tmp_path)
    disputed = disputed_of(entered)
    named = [str(study), "--round", "RAMRIS"]
    assert main(["study", "collect", str(study)]) == 0
    assert main(["study", "adjudicate", *named, "--adjudicator", JUDGE, "--mix", "1"]) == 0
    given, consensus = adjudicate(qtbot, study, entered)
    entered |= given
    assert main(["study", "collect", str(study)]) == 0
    assert main(["study", "lock", *named]) == 0
    outs = (tmp_path / "first", tmp_path / "second")
    for out in outs:
        assert main(["study", "export", *named, "--out", str(out), "--format", ",".join(FORMATS)]) == 0
    assert main(["study", "verify", str(study)]) == 0
    return entered, consensus, disputed, outs


def rows_of(out, name):
    """Return a table as every program reads it: rows by column, numbers as float, None where empty."""
    frame = pandas.read_csv(out / f"{name}.csv", dtype=str, keep_default_na=False)
    numbers = ("week", "value", "total", "n_sites", "n_missing", "prorated")
    columns = list(frame.columns)
    yield [
        {key: (float(cell) if key in numbers else cell) if cell else None for key, cell in row.items()}
        for row in frame.to_dict("records")
    ]
    book = openpyxl.load_workbook(out / "scores.xlsx", read_only=True)
    yield [dict(zip(columns, row, strict=True)) for row in book[name].iter_rows(min_row=2, values_only=True)]
    book.close()
    for ending, read in STATISTICS.items():
        frame, _ = read(str(out / f"{name}.{ending}"))
        cells = frame.astype(object).where(frame.notna(), None)
        yield [
            {key: None if cell == "" else cell for key, cell in zip(columns, row, strict=True)}
            for row in cells.itertuples(index=False)
        ]


def test_from_entered_scores_over_the_adjudicators_keys_to_every_program(circle):
    entered, consensus, disputed, outs = circle
    assert consensus
    assert "P02" in disputed
    adjudicated = {place[0] for place in entered if place[2] == JUDGE}
    assert disputed < adjudicated  # ordinary cases are among them
    who_counts = {subject: counting(entered, subject, disputed) for subject in SUBJECTS}
    check_cells(outs[0], entered, consensus, who_counts)
    check_totals(outs[0], entered, who_counts)
    names = sorted(path.name for path in outs[0].iterdir())
    assert names == sorted(path.name for path in outs[1].iterdir())
    for name in names:
        assert (outs[0] / name).read_bytes() == (outs[1] / name).read_bytes(), name


def check_cells(out, entered, consensus, who_counts):
    """Compare every cell of the long table with what its reader entered."""
    place = ("subject", "visit", "reader", "feature", "side", "site")
    expected = {
        key: (
            *((None, value) if isinstance(value, str) else (value, None)),
            "yes" if key[2] in who_counts[key[0]][0] else "no",
            WEEKS[key[1]],
            "yes" if key in consensus else "no",
        )
        for key, value in entered.items()
    }
    for rows in rows_of(out, "scores_long"):
        found = {
            tuple(row[name] for name in place): (
                row["value"],
                row["not_assessable"],
                row["final"],
                row["week"],
                row["consensus"],
            )
            for row in rows
        }
        assert found == expected
        assert len(rows) == len(entered)


def check_totals(out, entered, who_counts):
    """Add up what was entered anew, and take the mean of those who count."""
    expected = {}
    for subject, visit, reader, feature in {(place[0], place[1], place[2], place[3]) for place in entered}:
        own = total(entered, reader, subject, visit, feature)
        expected[subject, visit, reader, feature] = (own, None)
        readers, origin = who_counts[subject]
        values = [total(entered, one, subject, visit, feature) for one in readers]
        final = None if None in values else mean(values)
        expected[subject, visit, "final", feature] = (final, origin)
    for rows in rows_of(out, "totals"):
        found = {
            (row["subject"], row["visit"], row["reader"], row["feature"]): (row["total"], row["origin"])
            for row in rows
        }
        assert {key: origin for key, (_, origin) in found.items()} == {
            key: origin for key, (_, origin) in expected.items()
        }
        for key, (value, _) in expected.items():
            assert found[key][0] == (None if value is None else pytest.approx(value, rel=1e-12)), key

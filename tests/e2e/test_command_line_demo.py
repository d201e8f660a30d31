"""The demo by command line: a reader who knows the truth, and tables that say it back."""

import json
import shutil
from pathlib import Path

import pytest

from reader_app.workflow.demo import build_demo, fifths, narrowing, tenths, thirds
from reader_app.workflow.errors import DemoFolderError
from tests.e2e.trials import full_rows, keys_of, read_table, table_of

pytestmark = pytest.mark.slow


def test_the_demo_is_written_once_and_found_again(ra, demo):
    before = sorted(path.stat().st_mtime_ns for path in demo.folder.rglob("*"))
    found = ra("demo", demo.folder, "--subjects", "1", "--no-window")
    assert Path(found["truth"]).is_file()
    assert [Path(path).is_dir() for path in found["readings"]] == [True, True]
    assert sorted(path.stat().st_mtime_ns for path in demo.folder.rglob("*")) == before
    ra("demo", demo.folder, "--subjects", "2", "--no-window", status=1)
    assert "another size" in ra.printed.err


def test_the_demo_holds_every_role_once_and_no_picture_twice(ra, demo):
    (subject,) = ra("study", "check", demo.study)["subjects"]
    roles = [set(visit["roles"].values()) for visit in subject["visits"]]
    assert [len(visit["roles"]) for visit in subject["visits"]] == [7, 5, 7]
    assert roles == [{"ok"}] * 3
    originals = list((demo.study / "originals").iterdir())
    assert all(path.stat().st_nlink == 2 for path in originals)


def test_the_truth_typed_into_both_readings_comes_back_in_the_tables(ra, demo, tmp_path):
    folder = shutil.copytree(demo.folder, tmp_path / "demo")
    study = folder / "study"
    truth = json.loads((folder / "truth.json").read_text("utf-8"))
    graded = {
        (row["subject"], row["visit"], row["feature"], row["side"], row["site"]): row["value"]
        for row in truth
    }

    def value_of(subject, visit, side, item):
        return graded[subject, visit, item["feature"], item["side"] or side, item["site"]]

    for reading in (study / "readings").iterdir():
        rows = full_rows(ra("reading", "show", reading), keys_of(study, reading), value_of)
        table = tmp_path / "table.csv"
        table.write_text(table_of(rows), "utf-8")
        assert ra("reading", "enter", reading, table)["refused"] == []
        ra("reading", "submit", reading, "--all")
    assert ra("study", "collect", study) == {"collected": 2, "refused": []}
    exported = {}
    for title in ("RAMRIS", "Sharp"):
        ra("study", "lock", study, "--round", title)
        ra("study", "export", study, "--round", title, "--out", tmp_path / title)
        for row in read_table(tmp_path / title / "scores_long.csv"):
            key = (row["subject"], row["visit"], row["feature"], row["side"], row["site"])
            exported[key] = int(row["value"])
    assert exported == graded
    assert len(graded) == 3 * 53 + 2 * 70
    totals = {
        (row["visit"], row["feature"]): int(row["total"])
        for row in read_table(tmp_path / "Sharp" / "totals.csv")
        if row["reader"] == "final"
    }
    for visit in ("Baseline", "Follow-up 2"):
        sharp = [v for (_, at, feature, *_), v in graded.items() if at == visit and feature in SHARP]
        assert totals[visit, "total"] == sum(sharp)


SHARP = ("erosion", "joint_space_narrowing")


def test_stopping_leaves_no_half_demo(tmp_path):
    class StoppedError(Exception):
        pass

    def checkpoint(done, _total):
        if done > 2:
            raise StoppedError

    with pytest.raises(StoppedError):
        build_demo(tmp_path / "demo", 1, checkpoint)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_holds_something_else_is_left_alone(tmp_path):
    (tmp_path / "note.txt").write_text("mine")
    with pytest.raises(DemoFolderError, match="something else"):
        build_demo(tmp_path, 1, lambda done, total: None)
    assert [path.name for path in tmp_path.iterdir()] == ["note.txt"]


def test_fractions_become_the_grades_of_the_papers():
    assert [thirds(f) for f in (0, 0.01, 1 / 3, 0.34, 2 / 3, 0.67, 1)] == [0, 1, 1, 2, 2, 3, 3]
    assert [tenths(f) for f in (0, 0.001, 0.1, 0.101, 0.3, 0.7, 0.95, 1)] == [0, 1, 1, 2, 3, 7, 10, 10]
    assert [fifths(f) for f in (0, 0.1, 0.2, 0.21, 0.6, 1)] == [0, 1, 1, 2, 3, 5]
    assert [narrowing(f) for f in (0, 0.1, 0.25, 0.3, 0.49, 0.5, 0.99, 1)] == [0, 1, 1, 2, 2, 3, 3, 4]

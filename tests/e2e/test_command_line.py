import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest

from reader_app.cli import main
from reader_app.workflow import enter_scores
from reader_app.workflow.import_images import import_images
from reader_app.workflow.series_roles import ROLES
from storage.reading.reading import Reading
from storage.study.store import Study
from tests.e2e.trials import (
    COLUMNS,
    MR_SERIES,
    PASSWORD,
    VISITS,
    full_rows,
    grade,
    keys_of,
    new_study,
    read_table,
    table_of,
    write_films,
    write_mr,
    write_trial,
)
from tests.unit.viewer.dicom_writer import write_film

PROJECT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def trial(tmp_path_factory):
    return write_trial(tmp_path_factory.mktemp("trial") / "images")


@pytest.fixture(scope="session")
def filled(tmp_path_factory, trial):
    """A study with all of the small trial imported; tests work on copies of it."""
    folder = new_study(tmp_path_factory.mktemp("filled") / "study")
    assert main(["study", "import", str(folder), str(trial)]) == 0
    return folder


@pytest.fixture
def study(tmp_path, filled):
    return shutil.copytree(filled, tmp_path / "study")


def prepare(ra, study, *options, title="RAMRIS", system="ramris_2003", readers=("Ann",)):
    return ra("study", "round", study, "--title", title, "--system", system, "--reader", *readers, *options)


def read_all(ra, study, reading, tmp_path, value_of):
    """Enter a grade in every cell, submit every case, and return the rows."""
    shown = ra("reading", "show", reading)
    rows = full_rows(shown, keys_of(study, Path(reading)), value_of)
    table = tmp_path / f"{Path(reading).name}.csv"
    table.write_text(table_of(rows), "utf-8")
    report = ra("reading", "enter", reading, table)
    assert report == {"entered": len(rows), "refused": []}
    assert len(ra("reading", "submit", reading, "--all")["submitted"]) == len(shown["cases"])
    return rows


def invented(reader="Ann"):
    def value_of(subject, visit, _side, item):
        if item["site"] == "lunate" and item["feature"] == "bone_oedema":
            return "image_quality"
        return grade(reader, subject, visit, item["feature"], item["side"], item["site"], highest=item["max"])

    return value_of


# --- images


def test_import_files_by_patient_and_date_and_adds_nothing_twice(ra, tmp_path, trial):
    study = new_study(tmp_path / "study")
    first = ra("study", "import", study, trial)
    assert (first["imported"], first["already_there"], first["rejected"]) == (3 * 3 * 22, 0, [])
    again = ra("study", "import", study, trial)
    assert (again["imported"], again["already_there"], again["rejected"]) == (0, 3 * 3 * 22, [])
    checked = ra("study", "check", study)["subjects"]
    assert [one["subject"] for one in checked] == ["P01", "P02", "P03"]
    for subject in checked:
        assert [one["visit"] for one in subject["visits"]] == [label for label, _, _ in VISITS]
        for visit in subject["visits"]:
            assert set(visit["roles"].values()) == {"ok"}
            assert len(visit["roles"]) == 7


def test_an_image_that_changed_under_the_same_uid_is_refused(ra, tmp_path, study, trial):
    copy = shutil.copytree(trial / "P01", tmp_path / "copy")
    film = next(copy.rglob("filmL.dcm"))
    film.write_bytes(film.read_bytes()[:-2] + b"\1\1")
    report = ra("study", "import", study, copy)
    assert report["imported"] == 0
    assert [Path(one["path"]) for one in report["rejected"]] == [film]
    assert "another image with the same SOP Instance UID" in report["rejected"][0]["reason"]


def test_a_map_files_by_folder_or_by_patient_and_date(ra, tmp_path, trial):
    study = new_study(tmp_path / "study")
    table = tmp_path / "map.csv"
    table.write_text(
        "path,patient_id,study_date,subject,visit,side\n"
        "P01/Baseline,,,S1,Final,L\n"
        f"{trial}/P02,,,S2,Baseline,\n"
        ",P03,2021-05-24,S3,Month three,R\n",
        "utf-8",
    )
    report = ra("study", "import", study, trial, "--map", table)
    assert report["imported"] == 22 + 3 * 22 + 22
    assert {one["reason"] for one in report["rejected"]} == {"the map has no line for it"}
    found = {
        (one["subject"], visit["visit"])
        for one in ra("study", "check", study)["subjects"]
        for visit in one["visits"]
        if "ok" in visit["roles"].values() or "ambiguous" in visit["roles"].values()
    }
    assert found == {("S1", "Final"), ("S2", "Baseline"), ("S3", "Month three")}


def test_a_map_with_an_unknown_visit_is_refused_before_anything_is_copied(ra, tmp_path, trial):
    study = new_study(tmp_path / "study")
    table = tmp_path / "map.csv"
    table.write_text("path,subject,visit\nP01,S1,Week 99\n", "utf-8")
    ra("study", "import", study, trial, "--map", table, status=1)
    assert "no visit 'Week 99'" in ra.printed.err
    assert not list((study / "originals").iterdir())


def test_dates_that_do_not_tell_the_visit_are_refused_with_the_reason(ra, tmp_path):
    write_mr(tmp_path / "images", "P09", "20210301")
    study = new_study(tmp_path / "study")
    report = ra("study", "import", study, tmp_path / "images", status=1)
    assert report["imported"] == 0
    assert "All 20 files were rejected; the first: its date does not tell the visit" in ra.printed.err
    assert {one["reason"] for one in report["rejected"]} == {
        "its date does not tell the visit; use a map, or name subject and visit"
    }


def test_images_that_come_later_join_their_series(ra, tmp_path, trial):
    study = new_study(tmp_path / "study", visits=VISITS[:1])
    folder = trial / "P01" / "Baseline"
    early = tmp_path / "early"
    shutil.copytree(folder, early, ignore=lambda _, names: [name for name in names if name == "003"])
    where = ("--subject", "S1", "--visit", "Baseline")
    assert ra("study", "import", study, early, *where)["imported"] == 22 - 5
    assert ra("study", "import", study, folder, *where)["imported"] == 5
    shown = ra("study", "check", study)["subjects"][0]["visits"][0]["roles"]
    assert set(shown.values()) == {"ok"}


def test_a_stopped_import_leaves_nothing_half_known(tmp_path, trial):
    class StoppedError(Exception):
        pass

    def stop_while_copying(done, total):
        scanning.append(done == total)
        if any(scanning) and 0 < done < total and done % 30 == 0:
            raise StoppedError

    scanning = []
    with Study.open(new_study(tmp_path / "study")) as study:
        with pytest.raises(StoppedError):
            import_images(study, [trial], checkpoint=stop_while_copying)
        known = {file.name for file in study.files()}
        assert known == {path.name for path in study.originals.iterdir()}
        left = import_images(study, [trial], checkpoint=lambda done, total: None)
        assert left.imported + len(known) == 3 * 3 * 22
        assert study.verify() == ()


def test_a_film_that_was_not_recognised_is_named_with_what_set_role_needs(ra, tmp_path):
    study = new_study(tmp_path / "study", visits=VISITS[:1])
    write_films(tmp_path / "images", "P01", VISITS[0][2])
    (tmp_path / "images" / "filmL.dcm").unlink()
    write_film(tmp_path / "images" / "film.dcm", ViewPosition="", PatientID="P01", StudyDate=VISITS[0][2])
    ra("study", "import", study, tmp_path / "images", "--subject", "P01", "--visit", "Baseline")
    (visit,) = ra("study", "check", study)["subjects"][0]["visits"]
    assert visit["roles"]["xr_pa_left"] == "missing"
    (unknown,) = visit["unrecognised"]
    assert unknown["modality"] == "CR"
    assert "the view is not given" in unknown["reason"]
    shown, _ = ra.text("study", "check", study)
    assert f"study set-role FOLDER {unknown['series_uid']} ROLE" in shown
    ra("study", "set-role", study, unknown["series_uid"], "xr_pa_left")
    (visit,) = ra("study", "check", study)["subjects"][0]["visits"]
    assert (visit["roles"]["xr_pa_left"], visit["unrecognised"]) == ("ok", [])


def test_what_is_already_filed_is_not_filed_elsewhere(ra, study, trial):
    where = ("--subject", "X", "--visit", "Final")
    report = ra("study", "import", study, trial / "P01" / "Final", *where, status=1)
    assert report["already_there"] == 0
    assert {one["reason"] for one in report["rejected"]} == {"it is filed under P01, Final already"}


def test_an_overruled_role_stays_when_more_images_come(ra, tmp_path, study):
    scanned = ra("scan", study / "originals")["series"]
    uid = next(one["series_uid"] for one in scanned if one["role"] == "cor_stir")
    ra("study", "set-role", study, uid, "other")
    ra("study", "set-role", study, uid, "xr_knee", status=1)
    assert "no series role 'xr_knee'" in ra.printed.err
    roles = [
        status
        for one in ra("study", "check", study)["subjects"]
        for visit in one["visits"]
        for status in visit["roles"].values()
    ]
    assert roles.count("missing") == 1


# --- rounds and readings


def test_the_whole_journey_gives_back_what_was_entered(ra, tmp_path, study):
    made = prepare(ra, study)
    (reading,) = made["readings"]
    assert (reading["reader"], reading["cases"], made["skipped"]) == ("Ann", 3, [])
    read_all(ra, study, reading["path"], tmp_path, invented())
    assert ra("study", "collect", study) == {"collected": 3, "refused": []}
    assert ra("study", "collect", study)["collected"] == 0
    ra("study", "export", study, "--round", "RAMRIS", "--out", tmp_path / "early", status=1)
    assert "not locked" in ra.printed.err
    assert not (tmp_path / "early").exists()
    assert ra("study", "lock", study, "--round", "RAMRIS")["missing"] == []
    files = ra("study", "export", study, "--round", "RAMRIS", "--out", tmp_path / "out")["files"]
    assert [Path(file).name for file in files[:4]] == [
        "scores_long.csv",
        "scores_wide.csv",
        "totals.csv",
        "codebook.csv",
    ]
    rows = read_table(tmp_path / "out" / "scores_long.csv")
    assert len(rows) == 3 * 3 * 53
    value_of = invented()
    for row in rows:
        item = {"feature": row["feature"], "site": row["site"], "side": None}
        item["max"] = {"synovitis": 3, "bone_oedema": 3, "bone_erosion": 10}[row["feature"]]
        expected = value_of(row["subject"], row["visit"], row["side"], item)
        assert (row["value"] or row["not_assessable"]) == str(expected)
        assert row["side"] == {"P01": "L", "P02": "R", "P03": "L"}[row["subject"]]
        assert (row["reader"], row["round"], row["final"]) == ("Ann", "RAMRIS", "yes")
        assert row["week"] == {"Baseline": "0", "Month three": "12", "Final": "36"}[row["visit"]]
    totals = read_table(tmp_path / "out" / "totals.csv")
    assert len(totals) == 3 * 3 * 4 * 2
    by_key = {(row["subject"], row["visit"], row["reader"], row["feature"]): row for row in totals}
    for subject in ("P01", "P02", "P03"):
        here = [row for row in rows if (row["subject"], row["visit"]) == (subject, "Final")]
        erosions = [int(row["value"]) for row in here if row["feature"] == "bone_erosion"]
        for reader in ("Ann", "final"):
            assert by_key[subject, "Final", reader, "bone_erosion"]["total"] == str(sum(erosions))
            count = by_key[subject, "Final", reader, "eroded_bone_count"]["total"]
            assert count == str(sum(value > 0 for value in erosions))
            oedema = by_key[subject, "Final", reader, "bone_oedema"]
            assert (oedema["total"], oedema["n_sites"], oedema["n_missing"]) == ("", "23", "1")
    ra("study", "export", study, "--round", "RAMRIS", "--out", tmp_path / "out", status=1)
    assert "never overwrite" in ra.printed.err
    ra("study", "export", study, "--round", "1", "--out", tmp_path / "ods", "--format", "csv,ods", status=1)
    words = "There is no export format 'ods'; use csv, xlsx, sav, dta, xpt."
    assert ra.printed.err.strip() == f"ra-reader: {words}"
    again = ra("study", "export", study, "--round", "1", "--out", tmp_path / "again")["files"]
    for first, second in zip(files, again, strict=True):
        assert Path(first).read_bytes() == Path(second).read_bytes()
    assert ra("study", "verify", study) == {"ok": True, "findings": []}
    assert ra("reading", "verify", reading["path"])["ok"]


def test_two_readers_get_orders_of_their_own_and_their_mean_is_final(ra, tmp_path, study):
    made = prepare(ra, study, title="Sharp", system="sharp_1985", readers=("Ann", "Bo"))
    paths = {one["reader"]: one["path"] for one in made["readings"]}
    read_all(ra, study, paths["Ann"], tmp_path, lambda *place: 1)
    read_all(ra, study, paths["Bo"], tmp_path, lambda *place: 2)
    ra("study", "collect", study, *paths.values())
    ra("study", "lock", study, "--round", "sharp")
    ra("study", "export", study, "--round", "Sharp", "--out", tmp_path / "out")
    totals = read_table(tmp_path / "out" / "totals.csv")
    found = {row["total"] for row in totals if (row["reader"], row["feature"]) == ("final", "total")}
    assert found == {str(1.5 * 70).removesuffix(".0")}
    codes = [{case["code"] for case in ra("reading", "show", path)["cases"]} for path in paths.values()]
    assert not codes[0] & codes[1]


def test_a_title_that_tells_something_is_refused(ra, study):
    for title in ("RAMRIS Baseline", "Week 12 read", "Read of 2021-03-01", "ramris p02", "Round 36"):
        arguments = ("--system", "ramris_2003", "--reader", "Ann")
        ra("study", "round", study, "--title", title, *arguments, status=1)
        assert "The round's title holds" in ra.printed.err
    assert not list((study / "readings").iterdir())


def test_titles_are_unique_and_modalities_are_never_mixed(ra, study):
    prepare(ra, study)
    both = ("--system", "ramris_2003", "sharp_1985", "--reader", "Ann")
    ra("study", "round", study, "--title", "ramris", "--system", "ramris_2003", "--reader", "Ann", status=1)
    assert "already" in ra.printed.err
    ra("study", "round", study, "--title", "Both", *both, status=1)
    assert "always separate rounds" in ra.printed.err


def test_a_subject_with_two_series_of_a_role_is_skipped_and_the_others_are_prepared(ra, tmp_path, study):
    write_mr(tmp_path / "more", "P02", "20210301", laterality="R", series=MR_SERIES[4:])
    ra("study", "import", study, tmp_path / "more")
    made = prepare(ra, study)
    assert made["readings"][0]["cases"] == 2
    assert made["skipped"] == [{"subject": "P02", "reason": "Baseline, cor_stir: ambiguous"}]
    checked = {one["subject"]: one["visits"] for one in ra("study", "check", study)["subjects"]}
    assert checked["P02"][0]["roles"]["cor_stir"] == "ambiguous"


def test_a_hand_of_the_other_side_blocks_the_subject(ra, tmp_path, study):
    write_mr(tmp_path / "more", "P04", "20210301", laterality="R")
    where = ("--subject", "P04", "--visit", "Baseline", "--side", "L")
    ra("study", "import", study, tmp_path / "more", *where)
    assert prepare(ra, study)["skipped"] == [
        {"subject": "P04", "reason": "Baseline, cor_t1_pre: wrong side: R, not L"}
    ]


def test_a_subject_whose_pictures_cannot_be_decoded_is_skipped(ra, tmp_path, study):
    with Study.open(study, read_only=True) as opened:
        stir = next(one for one in opened.series() if (one.subject, one.role) == ("P01", "cor_stir"))
    original = study / "originals" / stir.facts["files"][0]["name"]
    original.write_bytes(original.read_bytes()[:-30])
    made = prepare(ra, study)
    assert made["readings"][0]["cases"] == 2
    assert [one["subject"] for one in made["skipped"]] == ["P01"]
    assert made["skipped"][0]["reason"].startswith(f"{stir.visit}: ")
    assert len(list((study / "readings").iterdir())) == 1
    found = ra("study", "verify", study, status=1)
    assert found["findings"] == [f"The original {original.name} is not as it was imported."]


def test_the_single_design_makes_a_case_of_every_visit_and_repeats_come_back(ra, study):
    made = prepare(ra, study, "--design", "single", "--repeat", "0.2")
    shown = ra("reading", "show", made["readings"][0]["path"])
    assert len(shown["cases"]) == 9 + 2
    assert {tuple(case["timepoints"]) for case in shown["cases"]} == {("A",)}
    keys = keys_of(study, Path(made["readings"][0]["path"]))
    assert sum(repeat for *_, repeat in keys.values()) == 2


def test_the_same_seed_gives_the_same_order_under_other_codes(ra, tmp_path, study):
    made = [
        prepare(ra, study, "--seed", "7", "--out", tmp_path / title, title=title)["readings"][0]["path"]
        for title in ("One", "Two")
    ]
    orders = [[place[:2] for place in keys_of(study, Path(path)).values()] for path in made]
    assert orders[0] == orders[1]
    codes = [[case["code"] for case in ra("reading", "show", path)["cases"]] for path in made]
    assert not set(codes[0]) & set(codes[1])
    arrays = [sorted(path.name for path in Path(folder, "volumes").iterdir()) for folder in made]
    assert not set(arrays[0]) & set(arrays[1])
    pixels = [
        sorted(np.load(path).tobytes() for path in Path(folder, "volumes").iterdir()) for folder in made
    ]
    assert pixels[0] == pixels[1]


def test_a_film_of_both_hands_and_a_missing_series_are_passed_on_as_such(ra, tmp_path):
    study = new_study(tmp_path / "study", visits=VISITS[:1])
    same = {"ImageLaterality": "B", "SeriesInstanceUID": "1.2.3.4", "SOPInstanceUID": "1.2.3.5"}
    write_films(tmp_path / "images", "P1", "20210301", **same)
    ra("study", "import", study, tmp_path / "images")
    assert ra("study", "check", study)["subjects"][0]["visits"][0]["roles"] == {"xr_pa_both": "ok"}
    (reading,) = prepare(ra, study, system="sharp_1985")["readings"]
    with Reading.open(Path(reading["path"]), read_only=True) as opened:
        (image,) = opened.case(opened.cases()[0].code).timepoints[0].images
    assert (image.role, image.affine, image.frame) == ("xr_pa_both", None, None)


# --- entering and submitting


def test_bad_rows_are_named_by_their_line_and_good_ones_are_kept(ra, tmp_path, study):
    path = prepare(ra, study)["readings"][0]["path"]
    shown = ra("reading", "show", path)
    case = next(case for case in shown["cases"] if case["side"] == "R")
    cell = {"case": case["code"], "timepoint": "A", "system": "ramris_2003", "feature": "bone_erosion"}
    rows = [
        {**cell, "site": "lunate", "value": 4},
        {**cell, "site": "lunate", "value": 5},
        {**cell, "site": "hamate", "value": 11},
        {**cell, "site": "hamate", "value": "two"},
        {**cell, "site": "femur", "value": 1},
        {**cell, "site": "hamate", "side": "L", "value": 1},
        {**cell, "site": "hamate", "side": "R", "value": 1},
        {**cell, "site": "capitate", "timepoint": "Z", "value": 1},
        {**cell, "site": "capitate", "case": "XXXXX", "value": 1},
        {**cell, "site": "capitate", "system": "sharp_1985", "value": 1},
        {**cell, "site": "capitate", "value": 1, "not_assessable": "surgery"},
        {**cell, "site": "capitate"},
        {**cell, "site": "capitate", "not_assessable": "tired"},
        {**cell, "site": "capitate", "not_assessable": "surgery"},
        {**cell, "feature": "eroded_bone_count", "site": "capitate", "value": 1},
    ]
    table = tmp_path / "table.csv"
    table.write_text(table_of(rows), "utf-8")
    report = ra("reading", "enter", path, table)
    assert report["entered"] == 3
    refused = {one["row"]: one["reason"] for one in report["refused"]}
    assert list(refused) == [3, 4, 5, 6, 7, 9, 10, 11, 12, 13, 14, 16]
    assert "line 2 already" in refused[3]
    assert "from 0 to 10" in refused[4]
    assert "not a number" in refused[5]
    assert "femur" in refused[6]
    assert refused[7] == f"the side of case {case['code']} is R, not L"
    assert "it has A, B, C" in refused[9]
    assert "no case 'XXXXX'" in refused[10]
    assert "sharp_1985" in refused[11]
    after = next(one for one in ra("reading", "show", path)["cases"] if one["code"] == case["code"])
    assert after["missing"] == case["missing"] - 3
    assert after["status"] == "open"


def test_a_table_without_the_columns_is_refused_whole(ra, tmp_path, study):
    path = prepare(ra, study)["readings"][0]["path"]
    table = tmp_path / "table.csv"
    table.write_text("case,value\nX,1\n", "utf-8")
    ra("reading", "enter", path, table, status=1)
    assert "lacks the columns timepoint, system" in ra.printed.err


def test_a_case_that_is_not_complete_is_not_signed(ra, tmp_path, study, monkeypatch):
    path = prepare(ra, study)["readings"][0]["path"]
    codes = [case["code"] for case in ra("reading", "show", path)["cases"]]
    report = ra("reading", "submit", path, "--case", codes[0], status=1)
    assert report["submitted"] == []
    assert report["incomplete"] == [{"case": codes[0], "missing": 159}]
    rows = [
        row
        for row in full_rows(ra("reading", "show", path), keys_of(study, Path(path)), lambda *_: 0)
        if row["case"] == codes[1]
    ]
    table = tmp_path / "table.csv"
    table.write_text(table_of(rows), "utf-8")
    ra("reading", "enter", path, table)
    monkeypatch.setenv("RA_READER_PASSWORD", "too short")
    ra("reading", "submit", path, "--all", status=1)
    assert "at least 12 characters" in ra.printed.err
    monkeypatch.setenv("RA_READER_PASSWORD", PASSWORD)
    report = ra("reading", "submit", path, "--all")
    assert report["submitted"] == [codes[1]]
    assert len(report["incomplete"]) == 2
    assert ra("reading", "enter", path, table)["entered"] == 0
    locked = ra("study", "lock", study, "--round", "RAMRIS", status=1)
    assert not locked["locked"]
    assert len(locked["missing"]) == 3
    ra("study", "collect", study)
    locked = ra("study", "lock", study, "--round", "RAMRIS", "--anyway")
    assert [one["case"] for one in locked["missing"]] == [code for code in codes if code != codes[1]]
    ra("study", "export", study, "--round", "RAMRIS", "--out", tmp_path / "out")
    assert len({row["subject"] for row in read_table(tmp_path / "out" / "totals.csv")}) == 1


def test_a_reading_that_was_changed_outside_the_program_is_not_collected(ra, tmp_path, study):
    path = prepare(ra, study)["readings"][0]["path"]
    read_all(ra, study, path, tmp_path, lambda *_: 1)
    volume = next(Path(path, "volumes").iterdir())
    volume.write_bytes(volume.read_bytes()[:-1] + b"\x55")
    report = ra("study", "collect", study, status=1)
    assert report["collected"] == 0
    assert [one["path"] for one in report["refused"]] == [path]
    assert "not the one that was prepared" in report["refused"][0]["reason"]


def test_a_reading_of_another_study_is_not_collected(ra, tmp_path, study, filled):
    other = shutil.copytree(filled, tmp_path / "other")
    path = prepare(ra, other)["readings"][0]["path"]
    report = ra("study", "collect", study, path, status=1)
    assert report["refused"] == [{"path": path, "reason": "It is not a reading of this study."}]


def test_a_reading_that_was_moved_is_asked_for_at_its_new_place(ra, tmp_path, study):
    (made,) = prepare(ra, study)["readings"]
    moved = Path(shutil.move(made["path"], tmp_path / "elsewhere.reading"))
    (refused,) = ra("study", "collect", study, status=1)["refused"]
    assert refused["reason"] == (
        f"There is no reading {made['path']} any more; if it was moved, name its new place when you collect."
    )
    assert ra("study", "collect", study, moved) == {"collected": 0, "refused": []}


def test_several_adjudication_rules_may_follow_one_option_or_several(ra, study):
    rules = ("change:bone_erosion>5", "site>=2", "all")
    prepare(ra, study, "--adjudicate", *rules[:2], "--adjudicate", rules[2], readers=("Ann", "Bob"))
    with Study.open(study, read_only=True) as opened:
        assert opened.rounds()[0].plan.adjudication == rules


def test_the_help_of_set_role_names_every_role(ra):
    shown, _ = ra.text("study", "set-role", "--help")
    assert all(role in "".join(shown.split()) for role in ROLES)


def test_a_zipped_reading_is_read_and_collected(ra, tmp_path, study):
    path = Path(prepare(ra, study)["readings"][0]["path"])
    away = tmp_path / "away"
    away.mkdir()
    shutil.make_archive(str(away / path.name), "zip", path.parent, path.name)
    shutil.rmtree(path)
    archive = away / f"{path.name}.zip"
    assert len(ra("reading", "show", archive)["cases"]) == 3
    rows = full_rows(ra("reading", "show", archive), keys_of(study, path), lambda *_: 1)
    (tmp_path / "t.csv").write_text(table_of(rows), "utf-8")
    ra("reading", "enter", archive, tmp_path / "t.csv")
    ra("reading", "submit", archive, "--all")
    unpacked = away / path.name
    archive.unlink()
    shutil.make_archive(str(archive.with_suffix("")), "zip", unpacked)
    assert ra("study", "collect", study, archive)["collected"] == 3


# --- manners


def test_usage_errors_end_with_status_two(ra, tmp_path):
    for arguments in (["nonsense"], ["study"], ["scan"], ["reading", "submit", "x"], ["study", "round", "x"]):
        ra.text(*arguments, status=2)
    ra.text("study", "new", tmp_path / "s", "--title", "T", "--visit", "a=b", status=2)
    ra.text("study", "import", tmp_path / "s", "x", "--subject", "S", status=2)


def test_help_is_everywhere(ra):
    commands = [[], ["demo"], ["view"], ["scan"], ["read"], ["reading"], ["study"]]
    commands += [["reading", step] for step in ("show", "enter", "submit", "verify")]
    steps = ("new", "import", "set-role", "check", "round", "collect", "lock", "export", "verify")
    commands += [["study", step] for step in steps]
    for command in commands:
        out, _ = ra.text(*command, "--help")
        assert out.startswith("usage: ra-reader")


def test_an_expected_error_is_one_line_without_a_traceback(ra, tmp_path):
    for command in (
        ("study", "check", tmp_path / "nowhere"),
        ("scan", tmp_path / "nowhere"),
        ("reading", "show", tmp_path / "x.reading"),
    ):
        out, err = ra.text(*command, status=1)
        assert (out, err.count("\n")) == ("", 1)
        assert "nowhere" in err or "x.reading" in err


def test_a_bug_is_one_line_and_a_report_without_values(ra, tmp_path, study, monkeypatch):
    def broken(*_):
        raise ZeroDivisionError("SECRET-VALUE")

    monkeypatch.setattr(Study, "subjects", broken)
    _, err = ra.text("study", "check", study, status=1)
    assert err.count("\n") == 1
    assert "ZeroDivisionError" in err
    report = Path(err.split("report it with ")[1].split(", which")[0])
    written = report.read_text("utf-8")
    assert "reader_app/workflow/study_check.py" in written
    assert "SECRET-VALUE" not in written
    assert str(study) not in written


def test_the_installed_command_prints_one_document_and_loads_neither_qt_nor_the_database(tmp_path, trial):
    program = (
        "import sys; from reader_app.cli import main; status = main(sys.argv[1:]);"
        "sys.exit(99 if any(name.startswith(('PySide6', 'sqlalchemy')) for name in sys.modules) else status)"
    )
    environment = {**os.environ, "PYTHONPATH": str(PROJECT)}
    ran = subprocess.run(
        [sys.executable, "-c", program, "scan", str(trial / "P01" / "Final"), "--json"],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ran.returncode, ran.stderr) == (0, "")
    found = json.loads(ran.stdout)
    assert found["files_seen"] == 22
    assert len(found["series"]) == 7
    assert all(Path(one["path"]).is_absolute() for one in found["rejected"])


def test_version_names_the_program(ra):
    out, _ = ra.text("--version")
    assert out.startswith("ra-reader ")


def test_the_columns_of_the_table_are_those_of_the_contract():
    assert enter_scores.COLUMNS == COLUMNS


KILLED_WHILE_PREPARING = """
import os, signal, sys
from pathlib import Path
from reader_app.workflow.prepare_round import RoundRequest, prepare_round
from storage.study.store import Study
with Study.open(Path(sys.argv[1])) as study:
    def checkpoint(done, total):
        if done == total - 1:
            os.kill(os.getpid(), signal.SIGKILL)
    prepare_round(study, RoundRequest("RAMRIS", ("ramris_2003",), ("Ann", "Bo")), checkpoint)
"""


@pytest.mark.skipif(os.name == "nt", reason="SIGKILL is POSIX")
def test_a_round_killed_half_way_leaves_nothing_that_looks_like_a_reading_and_is_cleared(ra, study):
    command = [sys.executable, "-c", KILLED_WHILE_PREPARING, str(study)]
    assert subprocess.run(command, cwd=PROJECT, check=False).returncode < 0
    assert not list((study / "readings").glob("*.reading"))
    made = prepare(ra, study)
    assert [path.name for path in (study / "readings").iterdir()] == [Path(made["readings"][0]["path"]).name]
    assert not (study / "work").exists()
    assert ra("study", "verify", study)["ok"]


def test_a_zip_of_something_else_leaves_nothing_beside_it(ra, tmp_path):
    with zipfile.ZipFile(tmp_path / "other.reading.zip", "w") as archive:
        archive.writestr("reading.sqlite", "not a database")
    ra("reading", "show", tmp_path / "other.reading.zip", status=1)
    assert "is not a reading of this program" in ra.printed.err
    assert [path.name for path in tmp_path.iterdir()] == ["other.reading.zip"]

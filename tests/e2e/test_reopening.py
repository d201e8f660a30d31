"""A signed case is asked for, granted, changed, signed again and collected again, by command line."""

import json
import shutil
from pathlib import Path

import pytest

from reader_app.workflow.import_images import import_images
from storage.grants import Grant
from storage.reading.reading import Reading
from storage.study.store import Study
from tests.e2e.trials import (
    PASSWORD,
    VISITS,
    full_rows,
    keys_of,
    new_study,
    table_of,
    write_trial,
)
from tests.unit.storage.readings import change_behind_our_back

pytestmark = [pytest.mark.e2e]
REASON = "the wrong hand was scored"


@pytest.fixture(scope="module")
def prepared(tmp_path_factory):
    """A study of two subjects without a round."""
    base = tmp_path_factory.mktemp("reopening")
    images = write_trial(base / "images", subjects=("P01", "P02"), visits=VISITS[:1])
    with Study.open(new_study(base / "study", VISITS[:1])) as study:
        import_images(study, [images], checkpoint=lambda done, total: None)
    return base / "study"


@pytest.fixture
def read(ra, prepared, tmp_path):
    """The command line, a study, and its only reading, all of it signed and collected."""
    study = shutil.copytree(prepared, tmp_path / "study")
    made = ra(
        *("study", "round", study, "--title", "RAMRIS", "--system", "ramris_2003", "--features", "synovitis"),
        *("--reader", "Ann", "--evidence", "warn", "--same-place-mm", "2.5", "--hide-totals", "--confidence"),
        *("--no-fill-unseen", "--prorate-from", "0.75"),
    )
    reading = Path(made["readings"][0]["path"])
    enter(ra, study, reading, 1)
    ra("reading", "submit", reading, "--all")
    assert ra("study", "collect", study)["collected"] == 2
    return ra, study, reading


def enter(ra, study, reading, grade, *options, codes=None):
    shown = ra("reading", "show", reading)
    shown["cases"] = [case for case in shown["cases"] if codes is None or case["code"] in codes]
    table = reading.parent / "table.csv"
    table.write_text(table_of(full_rows(shown, keys_of(study, reading), lambda *_: grade)), "utf-8")
    return ra("reading", "enter", reading, table, *options)


def first_case(ra, reading):
    return ra("reading", "show", reading)["cases"][0]["code"]


def granted(ra, study, reading, code, out):
    """Ask for a case, collect the request and have it granted; return the file."""
    ra("reading", "ask-reopening", reading, "--case", code, "--reason", REASON)
    assert ra("study", "collect", study) == {"collected": 0, "refused": []}
    (request,) = [one for one in ra("study", "reopenings", study)["requests"] if not one["granted"]]
    assert (request["case"], request["reason"]) == (code, REASON)
    options = ("--reading", request["reading"], "--case", code, "--out", out)
    return Path(ra("study", "grant-reopening", study, *options)["file"])


def test_the_rules_of_the_round_travel_in_the_reading(read):
    _, study, reading = read
    with Study.open(study, read_only=True) as opened, Reading.open(reading, read_only=True) as own:
        rules = opened.round("RAMRIS").plan.rules
        assert own.rules == rules
    assert (rules.evidence, rules.same_place_mm, rules.prorate_from) == ("warn", 2.5, 0.75)
    assert (rules.totals_visible, rules.confidence, rules.fill_unseen) == (False, True, False)


def test_a_granted_case_is_changed_with_a_reason_signed_and_collected_again(read, tmp_path):
    ra, study, reading = read
    code = first_case(ra, reading)
    assert ra("study", "reopenings", study)["requests"] == []
    file = granted(ra, study, reading, code, tmp_path)
    assert file.name == f"{reading.name.removesuffix('.reading')}-{code}.reopen"
    assert ra("reading", "reopen", reading, file) == {"case": code}
    assert ra("study", "lock", study, "--round", "RAMRIS", status=1)["missing"] == [
        {"reader": "Ann", "case": code}
    ]
    report = enter(ra, study, reading, 2, codes=[code])
    assert report["entered"] == 0
    assert report["refused"][0]["reason"] == f"case {code} was reopened: its changes need a reason"
    assert enter(ra, study, reading, 2, "--reason", REASON, codes=[code])["refused"] == []
    assert ra("reading", "submit", reading, "--case", code)["submitted"] == [code]
    assert ra("study", "collect", study) == {"collected": 1, "refused": []}
    assert ra("study", "collect", study)["collected"] == 0
    with Study.open(study, read_only=True) as opened:
        first, second = opened.collected_history(code)
    assert {score.value for score in first.sheet.values()} == {1.0}
    assert {score.value for score in second.sheet.values()} == {2.0}
    assert ra("reading", "verify", reading)["ok"]
    assert ra("study", "verify", study)["ok"]
    assert ra("study", "lock", study, "--round", "RAMRIS")["locked"]
    change_behind_our_back(study, "UPDATE score SET value = '3' WHERE id = 1", database="study.sqlite")
    (finding,) = ra("study", "verify", study, status=1)["findings"]
    assert finding.endswith("does not fit what was collected with it.")


def test_a_case_reopened_without_a_grant_of_the_study_is_refused(read):
    ra, study, reading = read
    code = first_case(ra, reading)
    with Reading.open(reading) as opened:
        receipt = next(one for one in opened.receipts() if one.case_code == code)
        opened.reopen(Grant("FORGED", code, receipt.hash, "0" * 32))
        opened.sign(code, PASSWORD)
    (refused,) = ra("study", "collect", study, status=1)["refused"]
    assert refused["reason"] == f"Case {code} was reopened without a grant of this study."
    with Study.open(study, read_only=True) as opened:
        assert len(opened.collected_history(code)) == 1


def test_nothing_is_granted_unasked_or_after_the_lock_and_no_file_is_overwritten(read, tmp_path):
    ra, study, reading = read
    code = first_case(ra, reading)
    name = reading.name.removesuffix(".reading")
    grant = ("study", "grant-reopening", study, "--reading", name, "--case", code, "--out", tmp_path)
    ra(*grant, status=1)
    assert f"Nobody has asked to reopen case {code}" in ra.printed.err
    ra("study", "grant-reopening", study, "--reading", "OTHER", "--case", code, "--out", tmp_path, status=1)
    assert "no reading 'OTHER'" in ra.printed.err
    granted(ra, study, reading, code, tmp_path)
    ra(*grant, status=1)
    assert "exists already" in ra.printed.err
    ra("reading", "ask-reopening", reading, "--case", code, "--reason", " ", status=1)
    ra("study", "lock", study, "--round", "RAMRIS", "--anyway")
    ra(*grant[:-1], tmp_path / "late.reopen", status=1)
    assert "is locked" in ra.printed.err
    assert not (tmp_path / "late.reopen").exists()


def test_a_grant_names_nothing_but_codes(read, tmp_path):
    ra, study, reading = read
    code = first_case(ra, reading)
    file = granted(ra, study, reading, code, tmp_path / "given.reopen")
    found = json.loads(file.read_text("utf-8"))
    with Study.open(study, read_only=True) as opened:
        (one,) = opened.readings(1)
        current = opened.collected(one.code)[code]
        (grant,) = opened.reopening_grants(one.code)
    assert found == {
        "ra_reader": "reopen",
        "reading": one.code,
        "case": code,
        "receipt": current.receipt["hash"],
        "grant": grant.grant,
    }


def test_a_refusal_travels_to_the_reader_with_its_reason_and_tells_nothing_else(read, tmp_path):
    ra, study, reading = read
    code = first_case(ra, reading)
    name = reading.name.removesuffix(".reading")
    refuse = ("study", "refuse-reopening", study, "--reading", name, "--case", code)
    ra(*refuse, "--reason", "too late", "--out", tmp_path, status=1)
    assert f"Nobody has asked to reopen case {code}" in ra.printed.err
    ra("reading", "ask-reopening", reading, "--case", code, "--reason", REASON)
    ra("study", "collect", study)
    for reason in ("P01 is closed", f"{VISITS[0][0]} was right", "seen on 2026-03-01", "two\nlines"):
        ra(*refuse, "--reason", reason, "--out", tmp_path, status=1)
        assert "The reader sees why a request is refused" in ra.printed.err
    assert not list(tmp_path.glob("*.refused"))
    file = Path(ra(*refuse, "--reason", "the hand is the right one", "--out", tmp_path)["file"])
    assert file.name == f"{name}-{code}.refused"
    found = json.loads(file.read_text("utf-8"))
    assert sorted(found) == ["case", "ra_reader", "reading", "reason", "receipt"]
    answer = ra("reading", "reopen", reading, file)
    assert answer == {"case": code, "refused": "the hand is the right one"}
    with Reading.open(reading, read_only=True) as opened:
        assert opened.reopening_answers() == {code: "the hand is the right one"}
    assert ra("reading", "verify", reading)["ok"]
    assert ra("study", "collect", study) == {"collected": 0, "refused": []}
    ra(*("study", "grant-reopening", study, "--reading", name, "--case", code, "--out", tmp_path))
    ra(*refuse, "--reason", "after all not", "--out", tmp_path / "late.refused", status=1)
    assert "may be reopened already" in ra.printed.err

"""Two readers disagree, and a third decides without knowing who they are."""

import shutil
from pathlib import Path

import pytest

from reader_app.cli import main
from storage.reading.reading import Reading
from storage.study.store import Study
from tests.e2e.trials import (
    COLUMNS,
    PASSWORD,
    VISITS,
    full_rows,
    keys_of,
    new_study,
    read_table,
    table_of,
    write_mr,
)

READERS = ("Zreaderone", "Zreadertwo")
JUDGE = "Zjudge"
SUBJECTS = ("P01", "P02", "P03", "P04", "P05")
DISPUTED = ("P02", "P04")
RULE = "change:synovitis>3"


def value_of(reader):
    """Both score 1 throughout, but the second sees more at the last visit of two subjects."""

    def value(subject, visit, _side, _item):
        return 3 if (subject in DISPUTED and visit == "Final" and reader == READERS[1]) else 1

    return value


def read_all(study, path, value, folder, consensus=None):
    """Enter a grade in every cell of a reading and sign all of its cases; rows may state a consensus."""
    with Reading.open(path, read_only=True) as reading:
        cases = [{"code": case.code, "timepoints": case.letters} for case in reading.cases()]
        form = [
            {"system": item.system.id, "feature": item.feature.id, "side": item.side, "site": item.site.id}
            for item in reading.form.items()
        ]
    rows = full_rows({"cases": cases, "form": form}, keys_of(study, path), value)
    columns = COLUMNS
    if consensus is not None:
        columns = (*COLUMNS, "consensus")
        rows = [{**row, "consensus": "yes" if row["site"] == consensus else ""} for row in rows]
    table = folder / f"{path.name}.csv"
    table.write_text(table_of(rows, columns), "utf-8")
    assert main(["reading", "enter", str(path), str(table)]) == 0
    assert main(["reading", "submit", str(path), "--all"]) == 0


def defined(folder, *options, title="RAMRIS"):
    """Define a round of both readers in the study in *folder*."""
    named = ["--title", title, "--system", "ramris_2003", "--features", "synovitis"]
    assert main(["study", "round", str(folder), *named, "--reader", *READERS, *options]) == 0


@pytest.fixture(scope="module")
def collected(tmp_path_factory):
    """A study whose round of two readers is read and collected; tests work on copies of it."""
    base = tmp_path_factory.mktemp("adjudication")
    for number, subject in enumerate(SUBJECTS):
        for label, _, day in VISITS:
            write_mr(base / "images" / subject / label, subject, day, laterality="LR"[number % 2], count=3)
    folder = new_study(base / "study")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RA_READER_PASSWORD", PASSWORD)
        assert main(["study", "import", str(folder), str(base / "images")]) == 0
        defined(folder, "--adjudicate", RULE)
        with Study.open(folder, read_only=True) as study:
            readings = [(one.reader, Path(one.path)) for one in study.readings(1)]
        for reader, path in readings:
            read_all(folder, path, value_of(reader), base)
        assert main(["study", "collect", str(folder)]) == 0
    return folder


@pytest.fixture
def study(tmp_path, collected):
    return shutil.copytree(collected, tmp_path / "study")


def prepare(ra, study, *options):
    return ra("study", "adjudicate", study, "--round", "RAMRIS", "--adjudicator", JUDGE, *options)


def key_of(study):
    """Return the key of the adjudicator's reading and the round's codes."""
    with Study.open(study, read_only=True) as opened:
        (reading,) = opened.adjudications(1)
        return reading, opened.round_codes(1)


def test_the_disagreements_are_listed_by_case_feature_and_site_and_nothing_by_visit(ra, study):
    report = ra("study", "adjudicate", study, "--round", "RAMRIS")
    with Study.open(study, read_only=True) as opened:
        codes = opened.round_codes(1)
    assert sorted(one["case"] for one in report["disagreements"]) == sorted(codes[one] for one in DISPUTED)
    for one in report["disagreements"]:
        assert (one["feature"], one["difference"], one["status"]) == ("synovitis", 14, "open")
        assert {site["difference"] for site in one["sites"]} == {2}
        assert len(one["sites"]) == 7
    assert report["reading"] is None
    told = ra.printed.out + "".join(ra.text("study", "adjudicate", study, "--round", "RAMRIS"))
    for word in (*READERS, *SUBJECTS, *(label for label, _, _ in VISITS)):
        assert word not in told


def test_the_adjudicators_reading_holds_the_cases_that_disagree_and_some_that_do_not(ra, study):
    report = prepare(ra, study, "--mix", "0.5")
    assert report["cases"] == 3
    reading, _ = key_of(study)
    assert report["reading"] == reading.path
    assert {one["status"] for one in report["disagreements"]} == {"prepared"}
    ordinary = {case.code for case in reading.adjudication.cases if case.ordinary}
    assert {case.subject for case in reading.cases if case.code not in ordinary} == set(DISPUTED)
    assert len(ordinary) == 1
    assert reading.adjudication.mix == 0.5
    assert all(len(case.timepoints) == len(VISITS) for case in reading.cases)
    shown = ra("reading", "show", reading.path)
    assert [case["code"] for case in shown["cases"]] == [case.code for case in reading.cases]
    assert ra("reading", "verify", reading.path)["ok"]


def test_both_readers_scores_stand_under_the_letters_of_the_new_case(ra, study):
    prepare(ra, study, "--mix", "1")
    reading, _ = key_of(study)
    keys = {case.code: case for case in reading.adjudication.cases}
    with Reading.open(Path(reading.path), read_only=True) as opened:
        for case in reading.cases:
            readers = (keys[case.code].reader_1, keys[case.code].reader_2)
            for reader, sheet in zip(readers, opened.others(case.code), strict=True):
                assert len(sheet) == 3 * 7
                for cell, score in sheet.items():
                    assert score.value == value_of(reader)(case.subject, case.visit_of(cell.timepoint), 0, 0)


def test_who_is_reader_1_differs_from_case_to_case(ra, study):
    prepare(ra, study, "--mix", "1")
    reading, _ = key_of(study)
    assert {case.reader_1 for case in reading.adjudication.cases} == set(READERS)


def test_no_reader_visit_or_subject_is_anywhere_in_the_adjudicators_reading(ra, study):
    prepare(ra, study, "--mix", "1")
    reading, codes = key_of(study)
    seeds = [str(reading.adjudication.seed), f"{reading.adjudication.seed:x}"]
    with Study.open(study, read_only=True) as opened:
        earlier = [code for one in opened.readings(1) for code in (one.code, *(c.code for c in one.cases))]
    hidden = [
        *READERS,
        *SUBJECTS,
        *codes.values(),
        *earlier,
        *(label for label, _, _ in VISITS),
        *seeds,
        RULE,
    ]
    for path in Path(reading.path).rglob("*"):
        content = path.name.encode() + (path.read_bytes() if path.is_file() else b"")
        for word in hidden:
            for encoding in ("utf-8", "utf-16-le"):
                assert word.lower().encode(encoding) not in content.lower(), (word, path.name)


def test_ordinary_cases_look_like_those_that_disagree(ra, study):
    prepare(ra, study, "--mix", "1")
    reading, _ = key_of(study)
    with Reading.open(Path(reading.path), read_only=True) as opened:
        shapes = {
            (
                len(opened.case(case.code).timepoints),
                *(len(sheet) for sheet in opened.others(case.code)),
                tuple(image.role for image in opened.case(case.code).timepoints[0].images),
            )
            for case in opened.cases()
        }
    assert len(shapes) == 1


def test_the_original_scores_are_as_they_were(ra, study):
    with Study.open(study, read_only=True) as opened:
        before = [opened.collected(one.code) for one in opened.readings(1)]
    prepare(ra, study)
    with Study.open(study, read_only=True) as opened:
        assert [opened.collected(one.code) for one in opened.readings(1)] == before


def test_an_adjudication_between_three_readers_is_refused_when_the_round_is_defined(ra, study):
    named = ("--title", "THREE", "--system", "ramris_2003", "--reader", *READERS, "Zthird")
    ra.text("study", "round", study, *named, "--adjudicate", "all", status=1)
    assert "Adjudication is between two readers, and this round has 3; take two" in ra.printed.err
    assert ra.printed.err.count("\n") == 1
    with Study.open(study, read_only=True) as opened:
        assert [one.plan.title for one in opened.rounds()] == ["RAMRIS"]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--adjudicator", READERS[0].upper()), "read the cases of the round 'RAMRIS'; somebody else"),
        (("--adjudicator", "final"), "Nobody can be called 'final'"),
        (("--adjudicator", " "), "needs a name"),
        (("--adjudicator", JUDGE, "--mix", "2"), "a number from 0 to 1"),
    ],
)
def test_who_cannot_adjudicate_is_refused_by_name(ra, study, options, words):
    ra.text("study", "adjudicate", study, "--round", "RAMRIS", *options, status=1)
    assert words in ra.printed.err
    assert ra.printed.err.count("\n") == 1
    with Study.open(study, read_only=True) as opened:
        assert opened.adjudications(1) == ()
        assert len(list(Path(study / "readings").iterdir())) == 2


@pytest.mark.parametrize("name", [READERS[0].swapcase(), f"  {READERS[1]} "])
def test_who_read_the_round_is_known_however_the_name_is_written(ra, study, name):
    ra.text("study", "adjudicate", study, "--round", "RAMRIS", "--adjudicator", name, status=1)
    assert "somebody else has to adjudicate them" in ra.printed.err


def test_nothing_is_prepared_twice(ra, study):
    prepare(ra, study)
    ra.text("study", "adjudicate", study, "--round", "RAMRIS", "--adjudicator", JUDGE, status=1)
    assert f"{JUDGE} has an adjudication reading of the round 'RAMRIS' already" in ra.printed.err
    ra.text("study", "adjudicate", study, "--round", "RAMRIS", "--adjudicator", "Another", status=1)
    assert "is in an adjudication reading already" in ra.printed.err


def test_images_that_changed_since_are_not_adjudicated(ra, study):
    with Study.open(study) as opened:
        (first, *_) = [one for one in opened.series() if (one.subject, one.role) == ("P02", "cor_t1_post")]
        opened.set_role(first.series_uid, "other")
    ra.text("study", "adjudicate", study, "--round", "RAMRIS", "--adjudicator", JUDGE, status=1)
    assert "The images of subject P02 are not those the readers" in ra.printed.err


def test_a_reader_cannot_change_what_the_adjudicator_has(ra, study, tmp_path):
    prepare(ra, study)
    with Study.open(study, read_only=True) as opened:
        reading = opened.readings(1)[0]
    disputed = next(case.code for case in reading.cases if case.subject == DISPUTED[0])
    ra.text("reading", "ask-reopening", reading.path, "--case", disputed, "--reason", "mixed up")
    ra.text("study", "collect", study)
    grant = ("--reading", reading.code, "--case", disputed, "--out", tmp_path)
    ra.text("study", "grant-reopening", study, *grant, status=1)
    assert f"The scores of case {disputed} are with the adjudicator" in ra.printed.err


def test_the_round_is_locked_when_the_adjudicator_has_decided(ra, study, tmp_path):
    ra.text("study", "lock", study, "--round", "RAMRIS", status=1)
    assert "2 subjects await adjudication" in ra.printed.err
    path = Path(prepare(ra, study, "--mix", "1")["reading"])
    read_all(study, path, lambda subject, visit, *_: 3 if visit == "Final" else 1, tmp_path)
    ra.text("study", "collect", study)
    assert ra("study", "lock", study, "--round", "RAMRIS")["locked"]
    out = tmp_path / "out"
    ra("study", "export", study, "--round", "RAMRIS", "--out", out)
    totals = read_table(out / "totals.csv")
    final = [row for row in totals if row["reader"] == "final"]
    assert {(row["subject"], row["origin"]) for row in final} == {
        (subject, "mean_of_two_closest" if subject in DISPUTED else "primary_mean") for subject in SUBJECTS
    }
    at = {(row["subject"], row["visit"]): float(row["total"]) for row in final}
    assert [at[subject, "Final"] - at[subject, "Baseline"] for subject in SUBJECTS] == [0, 14, 0, 14, 0]
    counting = {(row["reader"], row["final"]) for row in read_table(out / "scores_long.csv")}
    assert (JUDGE, "yes") in counting
    assert {row["reader"] for row in totals} == {*READERS, JUDGE, "final"}


def test_where_every_timepoint_is_a_case_the_adjudicator_reads_all_visits_of_a_subject(ra, study, tmp_path):
    options = ("--design", "single", "--adjudicate", RULE, "--adjudication-method", "adjudicator")
    defined(study, *options, title="ONE BY ONE")
    with Study.open(study, read_only=True) as opened:
        readings = [(one.reader, Path(one.path)) for one in opened.readings(2)]
    for reader, path in readings:
        read_all(study, path, value_of(reader), tmp_path)
    ra.text("study", "collect", study)
    prepared = ("study", "adjudicate", study, "--round", "ONE BY ONE", "--adjudicator", JUDGE, "--mix", "0")
    report = ra(*prepared)
    assert report["cases"] == len(DISPUTED) * len(VISITS)
    with Reading.open(Path(report["reading"]), read_only=True) as reading:
        for case in reading.cases():
            assert [len(sheet) for sheet in reading.others(case.code)] == [7, 7]
    read_all(study, Path(report["reading"]), lambda *_: 2, tmp_path)
    ra.text("study", "collect", study)
    assert ra("study", "lock", study, "--round", "ONE BY ONE")["locked"]
    ra("study", "export", study, "--round", "ONE BY ONE", "--out", tmp_path / "out")
    final = [row for row in read_table(tmp_path / "out" / "totals.csv") if row["reader"] == "final"]
    assert {row["total"] for row in final if row["subject"] in DISPUTED} == {"14"}
    assert {row["origin"] for row in final if row["subject"] in DISPUTED} == {"adjudicator"}
    assert len(final) == len(SUBJECTS) * len(VISITS)


def test_a_consensus_that_is_entered_goes_to_the_study_and_into_the_tables(ra, study, tmp_path):
    path = Path(prepare(ra, study, "--mix", "0")["reading"])
    read_all(study, path, lambda *_: 2, tmp_path, consensus="mcp2")
    ra.text("study", "collect", study)
    assert ra("reading", "verify", path)["ok"]
    assert ra("study", "verify", study)["ok"]
    assert ra("study", "lock", study, "--round", "RAMRIS")["locked"]
    ra("study", "export", study, "--round", "RAMRIS", "--out", tmp_path / "out")
    rows = read_table(tmp_path / "out" / "scores_long.csv")
    assert {(row["reader"], row["site"]) for row in rows if row["consensus"] == "yes"} == {(JUDGE, "mcp2")}
    assert sum(row["consensus"] == "yes" for row in rows) == len(DISPUTED) * len(VISITS)


@pytest.mark.parametrize(
    ("said", "words"), [("yes", "a consensus is stated in adjudications alone"), ("maybe", "not 'maybe'")]
)
def test_a_reader_states_no_consensus(ra, study, tmp_path, said, words):
    named = ("--title", "AGAIN", "--system", "ramris_2003", "--features", "synovitis")
    path = Path(ra("study", "round", study, *named, "--reader", READERS[0])["readings"][0]["path"])
    shown = ra("reading", "show", path)
    place = {"case": shown["cases"][0]["code"], "timepoint": "A", "system": "ramris_2003"}
    row = {**place, "feature": "synovitis", "site": "mcp2", "value": 1, "consensus": said}
    table = tmp_path / "table.csv"
    table.write_text(table_of([row], (*COLUMNS, "consensus")), "utf-8")
    report = ra("reading", "enter", path, table)
    assert report["entered"] == 0
    assert words in report["refused"][0]["reason"]


def test_the_adjudicators_signed_cases_are_collected(ra, study, tmp_path):
    path = Path(prepare(ra, study)["reading"])
    read_all(study, path, lambda *_: 2, tmp_path)
    ra.text("study", "collect", study)
    report = ra("study", "adjudicate", study, "--round", "RAMRIS")
    assert {one["status"] for one in report["disagreements"]} == {"adjudicated"}
    with Study.open(study, read_only=True) as opened:
        (reading,) = opened.adjudications(1)
        receipts = [case.receipt for case in opened.collected(reading.code).values()]
    assert {(one["signer"], one["meaning"]) for one in receipts} == {(JUDGE, "adjudicated")}
    assert ra("study", "verify", study)["ok"]

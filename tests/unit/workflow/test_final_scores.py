import csv

import pytest

from reader_app.workflow.analyse import analyse_round
from reader_app.workflow.collected_timepoints import collected_cases
from reader_app.workflow.disagreements import list_disagreements
from reader_app.workflow.export import export_round
from reader_app.workflow.final_scores import FinalScore, final_scores_of
from reader_app.workflow.lock import lock_round
from scoring_forms.domain.score import Score
from storage.study.store import Study
from tests.unit.workflow.locked_rounds import VISITS, Trial

READERS = ("Ann", "Bob")
RULE = "change:bone_erosion>5"
LATER = VISITS[1].label


def trial(changes, *, others=(0, 2, 3), **given):
    """Ann's, Bob's and Cyd's change of erosion in subject P01, and of synovitis; P02 is read alike."""
    of = dict(zip((*READERS, "Cyd"), zip(changes, others, strict=False), strict=False))

    def score_of(reader, subject, visit, item):
        value = 1
        if subject == "P01" and item.site.id in ("lunate", "mcp2"):
            value = 0
            if visit == LATER:
                value = of[reader][0] if item.feature.id == "bone_erosion" else of[reader][1]
                if item.feature.id == "bone_erosion" and item.site.id == "mcp2":
                    value = 0
        return Score(float(value))

    settled = {
        "features": ("bone_erosion", "synovitis"),
        "readers": READERS,
        "adjudication": (RULE,),
        "visits": VISITS[:2],
        "adjudicator": "Cyd" if len(changes) > 2 else None,
        "adjudicated": ("P01",),
    }
    return Trial(score_of, **{**settled, **given})


def rows_of(folder, out, name):
    with Study.open(folder) as study:
        files = export_round(study, "RAMRIS", out)
    (path,) = [path for path in files if path.stem == name]
    return list(csv.DictReader(path.read_text("utf-8").splitlines()))


def final_changes(rows, subject="P01"):
    """Return the final change of each feature of a subject, and the origins of its final scores."""
    mine = [row for row in rows if (row["subject"], row["reader"]) == (subject, "final")]
    at = {(row["feature"], row["visit"]): float(row["total"]) for row in mine}
    features = {feature for feature, _ in at}
    first = VISITS[0].label
    changes = {feature: at[feature, LATER] - at[feature, first] for feature in features}
    return changes, {row["origin"] for row in mine}


@pytest.mark.parametrize(
    ("changes", "method", "final", "synovitis", "origin"),
    [
        ((2, 7), None, 4.5, 1, "primary_mean"),
        ((2, 10, 9), None, 9.5, 2.5, "mean_of_two_closest"),
        ((2, 10, 6), None, 6, 5 / 3, "mean_of_three"),
        ((0, 8, 1), "two_closest", 0.5, 1.5, "mean_of_two_closest"),
        ((2, 10, 9), "adjudicator", 9, 3, "adjudicator"),
        ((2, 10, 9), "mean_of_all", 7, 5 / 3, "mean_of_three"),
        ((2, 10, 9), "consensus", 9, 3, "consensus"),
    ],
)
def test_the_method_decides_once_and_the_same_readers_count_for_every_feature(
    tmp_path, changes, method, final, synovitis, origin
):
    folder = trial(changes, method=method).write(tmp_path / "study")
    rows = rows_of(folder, tmp_path / "out", "totals")
    found, origins = final_changes(rows)
    assert found["bone_erosion"] == pytest.approx(final)
    assert found["synovitis"] == pytest.approx(synovitis)
    assert origins == {origin}
    assert final_changes(rows, "P02")[1] == {"primary_mean"}
    assert {row["origin"] for row in rows if row["reader"] != "final"} == {""}


def test_rows_of_the_long_table_count_where_their_reader_was_chosen(tmp_path):
    folder = trial((2, 10, 9)).write(tmp_path / "study")
    rows = rows_of(folder, tmp_path / "out", "scores_long")
    counts = {(row["subject"], row["reader"], row["final"]) for row in rows}
    assert counts == {
        ("P01", "Ann", "no"),
        ("P01", "Bob", "yes"),
        ("P01", "Cyd", "yes"),
        ("P02", "Ann", "yes"),
        ("P02", "Bob", "yes"),
    }


def test_an_ordinary_case_that_was_mixed_in_keeps_the_mean_of_the_planned_readers(tmp_path):
    folder = trial((2, 10, 9), adjudicated=("P01", "P02")).write(tmp_path / "study")
    with Study.open(folder) as study:
        chosen = study.round("RAMRIS")
        final = final_scores_of(chosen.plan, collected_cases(study, chosen))
    assert final == {
        "P01": FinalScore(("Bob", "Cyd"), "mean_of_two_closest"),
        "P02": FinalScore(READERS, "primary_mean"),
    }


def test_a_case_without_its_adjudication_has_no_final_score(tmp_path):
    folder = trial((2, 10)).write(tmp_path / "study")
    rows = rows_of(folder, tmp_path / "out", "totals")
    assert {row["subject"] for row in rows if row["reader"] == "final"} == {"P02"}


def test_the_lock_waits_for_open_disagreements_alone(tmp_path):
    folder = trial((2, 10), locked=False).write(tmp_path / "study")
    with Study.open(folder) as study:
        report = lock_round(study, "RAMRIS")
        assert (report.locked, report.missing, report.pending) == (False, (), ("RP01",))
        assert lock_round(study, "RAMRIS", anyway=True).pending == ("RP01",)


def test_an_adjudicated_round_is_locked_and_analysed(tmp_path):
    folder = trial((2, 10, 9), locked=False).write(tmp_path / "study")
    with Study.open(folder) as study:
        assert {one.status for one in list_disagreements(study, "RAMRIS").disagreements} == {"adjudicated"}
        assert lock_round(study, "RAMRIS").locked
        analysis = analyse_round(study, "RAMRIS")
    assert analysis.cube.readers == (*READERS, "Cyd")
    assert analysis.decisions["P01"].readers == (1, 2)
    (change,) = analysis.row(analysis.measure("ramris_2003.bone_erosion")).changes
    assert sorted(change.changes.tolist()) == [0, 9.5]
    assert {pair.readers for pair in analysis.agreement} == {READERS}


def test_three_planned_readers_have_a_mean_where_they_agree(tmp_path):
    three = (*READERS, "Cyd")
    folder = trial((2, 10, 9), readers=three, adjudicator=None).write(tmp_path / "study")
    rows = rows_of(folder, tmp_path / "out", "totals")
    assert {row["subject"] for row in rows if row["reader"] == "final"} == {"P02"}

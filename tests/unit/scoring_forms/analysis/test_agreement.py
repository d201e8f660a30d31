import json

import numpy as np
import pytest

from scoring_forms.analysis.agreement import AGAIN, agreement, intra_reader
from scoring_forms.analysis.as_json import agreement_entry, table_entry
from scoring_forms.analysis.consensus import undisputed
from scoring_forms.analysis.icc import intraclass_correlation
from scoring_forms.analysis.kappa import change_grades_of, weighted_kappa
from scoring_forms.analysis.paper_table import paper_table
from scoring_forms.analysis.score_cube import score_cube
from scoring_forms.domain.form import compose_form
from tests.unit.scoring_forms.analysis.rounds import random_cases

SUBJECTS = tuple(f"S{i:02}" for i in range(12))
VISITS = ("week 0", "week 12")
READERS = ("Ann", "Bo", "Cy")
RAMRIS = compose_form(["ramris_2003"])


def cube_of(form=RAMRIS, readers=READERS, seed=0, missing=0.0, subjects=SUBJECTS):
    cases = random_cases(form, subjects, VISITS, readers, seed, missing)
    return score_cube(form, cases, subjects, VISITS, readers)


def entries(cube, planned):
    return [agreement_entry(row) for row in agreement(cube, planned)]


def test_there_is_a_row_for_every_pair_and_one_for_all_readers():
    rows = agreement(cube_of(), READERS)
    groups = {row.readers for row in rows}
    assert groups == {("Ann", "Bo"), ("Ann", "Cy"), ("Bo", "Cy"), READERS}
    assert {row.what for row in rows} == {"status:week 0", "status:week 12", "change:week 0:week 12"}
    assert len(rows) == 4 * 3 * 4
    assert {row.readers for row in agreement(cube_of(readers=READERS[:2]), READERS[:2])} == {("Ann", "Bo")}


def test_one_reader_has_nobody_to_agree_with():
    assert agreement(cube_of(readers=("Ann",)), ("Ann",)) == ()


def test_a_row_holds_what_the_single_functions_find():
    cube = cube_of()
    row = next(
        row
        for row in agreement(cube, READERS)
        if (row.measure.feature, row.what, row.readers)
        == ("bone_erosion", "change:week 0:week 12", ("Ann", "Cy"))
    )
    units = cube.units(row.measure)
    change = units[:, 1] - units[:, 0]
    totals = change.sum(axis=-1)[:, [0, 2]]
    assert row.icc == intraclass_correlation(totals)
    assert row.detectable.value.value == pytest.approx(1.96 * np.std(totals[:, 0] - totals[:, 1], ddof=1) / 2)
    first, second = change[:, 0].ravel(), change[:, 2].ravel()
    assert row.kappa == weighted_kappa(first, second, change_grades_of(0, 10, 1)).kappa
    assert row.percent.exact.value == pytest.approx((first == second).mean())
    assert len(row.sites) == 23
    site = row.sites[3]
    assert site.percent.exact.value == pytest.approx((change[:, 0, 3] == change[:, 2, 3]).mean())


def test_adjudicated_scores_do_not_enter_agreement():
    cube = cube_of()
    assert {row.readers for row in agreement(cube, READERS[:2])} == {("Ann", "Bo")}


def test_the_entries_hold_at_least_what_the_command_promises():
    promised = ["system", "feature", "what", "readers", "n", "icc_2_1", "icc_2_1_ci", "icc_3_1"]
    promised += ["icc_2_k", "icc_3_k", "sdd", "sdc", "bias", "loa", "exact", "close", "weighted_kappa"]
    for entry in entries(cube_of(missing=0.01), READERS):
        assert {*promised, "per_site"} <= set(entry)
        for name in promised:
            assert (entry[name] is None) == (f"{name}_reason" in entry), name
        for site in entry["per_site"]:
            assert {"site", "side", "weighted_kappa", "exact", "close"} <= set(site)
        assert entry["n"] + entry["n_missing"] == len(SUBJECTS)
    json.dumps(entries(cube_of(), READERS), allow_nan=False)


def test_the_table_entries_hold_at_least_what_the_command_promises():
    cube = cube_of(missing=0.01)
    decisions = dict.fromkeys(SUBJECTS, undisputed(3))
    table = [table_entry(row) for row in paper_table(cube, READERS, decisions, {})]
    assert {entry["reader"] for entry in table} == {*READERS, "final"}
    for entry in table:
        assert [visit["visit"] for visit in entry["visits"]] == list(VISITS)
        (change,) = entry["changes"]
        assert {"from", "to", "n", "increase", "no_change", "decrease", "p", "p_method", "srm", "sdc"} <= set(
            change
        )
        assert change["increase"] + change["no_change"] + change["decrease"] == change["n"]
        assert {"visit", "n", "median", "min", "max"} <= set(entry["visits"][0])
    json.dumps(table, allow_nan=False)


def test_all_readers_together_have_alpha_and_the_reason_why_there_is_no_kappa():
    for entry in entries(cube_of(), READERS):
        if len(entry["readers"]) == 3:
            assert entry["weighted_kappa"] is None
            assert entry["weighted_kappa_reason"]
            assert entry["loa"] is None
            assert entry["krippendorff_alpha"] is not None
            assert entry["exact"] <= entry["exact_pairwise"]


def test_a_sum_over_features_has_totals_but_no_kappa():
    sharp = compose_form(["sharp_1985"])
    by_feature = {row.measure.feature: row for row in agreement(cube_of(sharp), READERS[:2])}
    total = by_feature["total"]
    assert total.icc.single_agreement.value.value is not None
    assert total.kappa.reason == "it adds up several features"
    assert total.sites == ()
    assert {site.side for site in by_feature["erosion"].sites} == {"L", "R"}


def test_half_steps_are_grades():
    genant = compose_form(["genant_1998"])
    assert all(row.kappa.reason or row.kappa.value for row in agreement(cube_of(genant), READERS[:2]))


@pytest.mark.parametrize("subjects", [(), ("S1",), ("S1", "S2", "S3")])
def test_few_subjects_give_reasons_and_no_traceback(subjects):
    cube = cube_of(subjects=subjects)
    json.dumps(entries(cube, READERS), allow_nan=False)
    decisions = dict.fromkeys(subjects, undisputed(3))
    json.dumps([table_entry(row) for row in paper_table(cube, READERS, decisions, {})], allow_nan=False)


def test_scores_that_are_all_equal_give_reasons_and_no_traceback():
    cube = cube_of()
    cube.grades[:] = 1.0
    for entry in entries(cube, READERS[:2]):
        assert entry["icc_2_1"] is None
        assert entry["icc_2_1_reason"] == "all scores are equal"
        assert entry["weighted_kappa"] is None
        assert entry["exact"] == 1


def test_repeats_are_compared_with_the_first_reading_of_the_same_subjects():
    first = cube_of()
    again = cube_of(seed=7, subjects=SUBJECTS)
    again.grades[5:] = np.nan
    again.read[5:] = False
    rows = intra_reader(first, again, "Bo")
    assert {row.readers for row in rows} == {("Bo", AGAIN)}
    assert {(row.icc.n, row.icc.n_missing) for row in rows} == {(5, 0)}
    status = next(row for row in rows if row.what == "status:week 0")
    assert status.totals[:, 0].tolist() == first.totals(first.measures[0])[:5, 0, 1].tolist()

"""The table of the founding paper, from seventeen patients made up to have its counts and medians."""

import numpy as np
import pytest

from scoring_forms.analysis.consensus import Decision, undisputed
from scoring_forms.analysis.paper_table import FINAL, paper_table
from scoring_forms.analysis.score_cube import score_cube
from scoring_forms.domain.form import compose_form
from tests.unit.scoring_forms.analysis.rounds import random_cases, read_case, spread

SUBJECTS = tuple(f"S{i:02}" for i in range(1, 18))
VISITS = ("Baseline", "Week 12", "Week 36")
WEEKS = {"Baseline": 0.0, "Week 12": 12.0, "Week 36": 36.0}
SYNOVITIS = (
    (3, 4, 6, 7, 8, 8, 10, 11, 11, 11, 12, 12, 16, 17, 20, 20, 21),
    (8, 2, 9, 10, 4, 13, 12, 9, 13, 15, 8, 15, 16, 19, 20, 21, 21),
    (3, 3, 6, 7, 17, 6, 19, 7, 5, 8, 16, 21, 15, 16, 14, 19, 21),
)
OEDEMA = (
    (0, 0, 1, 3, 4, 4, 5, 5, 5, 5, 5, 6, 9, 12, 20, 25, 45),
    (0, 0, 0, 3, 3, 0, 5, 5, 4, 3, 5, 6, 10, 9, 25, 26, 28),
    (1, 0, 0, 0, 0, 2, 5, 4, 5, 5, 5, 4, 9, 3, 20, 23, 27),
)
EROSION = (
    (0, 3, 6, 8, 9, 13, 14, 15, 17, 24, 33, 34, 42, 67, 81, 96, 116),
    (4, 0, 5, 13, 13, 13, 19, 12, 19, 25, 30, 35, 44, 67, 84, 93, 124),
    (1, 3, 8, 9, 8, 17, 15, 21, 17, 30, 35, 34, 51, 71, 80, 102, 122),
)
ERODED_BONES = (
    (0, 3, 6, 4, 7, 5, 7, 10, 10, 12, 12, 11, 12, 18, 17, 18, 18),
    (2, 0, 5, 5, 8, 6, 9, 10, 10, 14, 12, 12, 13, 17, 16, 17, 17),
    (1, 3, 5, 5, 6, 6, 9, 11, 11, 14, 13, 11, 13, 18, 18, 18, 17),
)
XRAY_VISITS = ("Baseline", "Week 36")
XRAY_EROSION = (
    (25, 19, 26, 19, 0, 70, 0, 18, 11, 32, 36, 25, 118, 29, 76, 93, 125),
    (25, 22, 31, 19, 10, 76, 0, 3, 23, 46, 50, 9, 133, 29, 83, 111, 140),
)
XRAY_NARROWING = (
    (16, 34, 15, 7, 36, 100, 1, 38, 5, 16, 0, 92, 55, 21, 70, 86, 108),
    (11, 42, 7, 15, 36, 99, 2, 36, 12, 19, 9, 83, 63, 29, 71, 86, 103),
)
PRINTED_MRI = {
    "synovitis": ([(11, 3, 21), (13, 2, 21), (14, 3, 21)], (4, 4, 9)),
    "bone_oedema": ([(5, 0, 45), (5, 0, 28), (4, 0, 27)], (1, 7, 9)),
    "bone_erosion": ([(17, 0, 116), (19, 0, 124), (21, 1, 122)], (12, 3, 2)),
    "eroded_bone_count": ([(10, 0, 18), (10, 0, 17), (11, 1, 18)], (10, 4, 3)),
}
PRINTED_XRAY = {
    "total": ([(50, 1, 233), (59, 2, 243)], (13, 0, 4)),
    "erosion": ([(26, 0, 125), (29, 0, 140)], (11, 4, 2)),
    "joint_space_narrowing": ([(34, 0, 108), (36, 2, 103)], (9, 2, 6)),
}


def mri_rows():
    form = compose_form(["ramris_2003"])
    cases = [
        read_case(
            form,
            subject,
            "Rheumatologist",
            {
                visit: spread(SYNOVITIS[v][i], 7, 3)
                + spread(OEDEMA[v][i], 23, 3)
                + spread(EROSION[v][i], 23, 10, ERODED_BONES[v][i])
                for v, visit in enumerate(VISITS)
            },
        )
        for i, subject in enumerate(SUBJECTS)
    ]
    return rows_of(form, cases, VISITS)


def xray_rows():
    form = compose_form(["sharp_1985"])
    cases = [
        read_case(
            form,
            subject,
            "Radiologist",
            {
                visit: spread(XRAY_EROSION[v][i], 34, 5) + spread(XRAY_NARROWING[v][i], 36, 4)
                for v, visit in enumerate(XRAY_VISITS)
            },
        )
        for i, subject in enumerate(SUBJECTS)
    ]
    return rows_of(form, cases, XRAY_VISITS)


def rows_of(form, cases, visits):
    (reader,) = {case.reader for case in cases}
    cube = score_cube(form, cases, SUBJECTS, visits, (reader,))
    table = paper_table(cube, (reader,), dict.fromkeys(SUBJECTS, undisputed(1)), WEEKS)
    return {(row.measure.feature, row.reader): row for row in table}


@pytest.mark.parametrize(("rows", "printed"), [(mri_rows, PRINTED_MRI), (xray_rows, PRINTED_XRAY)])
def test_the_printed_medians_ranges_and_counts_come_out(rows, printed):
    table = rows()
    for feature, (summaries, counts) in printed.items():
        row = table[feature, FINAL]
        found = [
            (v.summary.median.value, v.summary.minimum.value, v.summary.maximum.value) for v in row.visits
        ]
        assert found == summaries, feature
        last = row.changes[-1].directions
        assert (last.increase, last.no_change, last.decrease) == counts, feature
        assert last.n == 17


def test_erosion_progresses_and_synovitis_does_not_as_printed():
    table = mri_rows()
    assert table["bone_erosion", FINAL].changes[1].test.p.value < 0.01
    assert table["synovitis", FINAL].changes[1].test.p.value > 0.05
    xray = xray_rows()
    assert xray["erosion", FINAL].changes[0].test.p.value < 0.05
    assert xray["joint_space_narrowing", FINAL].changes[0].test.p.value > 0.05


def test_the_one_reader_is_the_final_score_and_has_no_measurement_error_to_show():
    table = mri_rows()
    own, final = table["bone_erosion", "Rheumatologist"], table["bone_erosion", FINAL]
    assert np.array_equal(own.changes[0].changes, final.changes[0].changes)
    assert own.changes[1].detectable.value.reason == "there is only one reader"
    assert own.changes[1].progression.above_zero == 12
    assert own.changes[1].progression.rapid.value is not None
    assert own.changes[0].common_sites is None


def two_readers(decisions=None, cases=None, missing=0.0):
    form = compose_form(["ramris_2003"], ["bone_erosion"])
    readers = ("Ann", "Bo", "Cy")
    made = cases or random_cases(form, SUBJECTS, VISITS, readers, missing=missing)
    cube = score_cube(form, made, SUBJECTS, VISITS, readers)
    chosen = decisions or dict.fromkeys(SUBJECTS, Decision((0, 1), "primary_mean"))
    return cube, paper_table(cube, readers[:2], chosen, WEEKS)


def test_final_change_is_final_follow_up_minus_final_baseline_whoever_was_chosen():
    decisions = {
        subject: Decision([(0, 1), (0, 2), (2,), (0, 1, 2), ()][i % 5], "mean_of_two_closest")
        for i, subject in enumerate(SUBJECTS)
    }
    _, rows = two_readers(decisions)
    final = next(row for row in rows if row.reader == FINAL)
    for entry, visit in zip(final.changes, final.visits[1:], strict=True):
        expected = visit.totals - final.visits[0].totals
        assert np.allclose(entry.changes, expected, atol=1e-9, equal_nan=True)
        assert np.isnan(entry.changes[4::5]).all()
        assert (entry.directions.n, entry.directions.n_missing) == (14, 3)


def test_a_subject_without_a_decision_has_no_final_score():
    _, rows = two_readers({SUBJECTS[0]: undisputed(2)})
    final = next(row for row in rows if row.reader == FINAL)
    assert final.visits[0].summary.n == 1
    assert final.changes[0].test.n == 1


def test_the_sdc_of_one_reader_is_larger_than_that_of_the_mean_and_knows_no_adjudicator():
    cube, rows = two_readers()
    own, final = (next(row for row in rows if row.reader == who).changes[0] for who in ("Ann", FINAL))
    assert own.detectable.k == 1
    assert final.detectable.k == 2
    assert own.detectable.value.value == pytest.approx(final.detectable.value.value * 2**0.5)
    totals = cube.totals(cube.measures[0])
    change = totals[:, 1] - totals[:, 0]
    sd = np.std(change[:, 0] - change[:, 1], ddof=1)
    assert final.detectable.value.value == pytest.approx(1.96 * sd / 2)


def test_where_sites_are_missing_the_change_over_common_sites_stands_beside():
    cube, rows = two_readers(missing=0.02)
    row = next(row for row in rows if row.reader == "Ann")
    entry = row.changes[0]
    lacking = int(np.isnan(cube.totals(cube.measures[0])[:, :2, 0]).any(axis=1).sum())
    assert 0 < lacking == entry.directions.n_missing
    assert entry.common_sites.directions.n == 17
    assert entry.common_sites.fewest_sites < entry.common_sites.n_sites == 23
    final = next(row for row in rows if row.reader == FINAL).changes[0]
    assert final.directions.n_missing >= lacking
    assert final.common_sites.directions.n == 17
    assert final.common_sites.fewest_sites <= entry.common_sites.fewest_sites


def test_every_number_can_be_followed_to_its_subjects():
    cube, rows = two_readers()
    for row in rows:
        for entry in row.changes:
            assert entry.changes.shape == (len(cube.subjects),)
            assert int((entry.changes > 0).sum()) == entry.directions.increase


def test_a_round_of_nothing_gives_reasons():
    form = compose_form(["ramris_2003"])
    cube = score_cube(form, [], SUBJECTS[:3], VISITS, ("Ann",))
    for row in paper_table(cube, ("Ann",), {}, WEEKS):
        assert row.visits[0].summary.median.reason == "there are no scores"
        assert row.changes[0].test.p.reason == "no subject has both"

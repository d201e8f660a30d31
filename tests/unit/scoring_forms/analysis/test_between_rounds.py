import math

import pytest

from scoring_forms.analysis.between_rounds import compare_rounds
from scoring_forms.analysis.spearman import spearman

MRI = {
    f"S{i:02}": float(change) for i, change in enumerate([1, 2, 1, 3, 1, 4, 2, 1, 5, 2] + [0] * 5 + [-1, 0])
}
XRAY = {
    f"S{i:02}": float(change)
    for i, change in enumerate([2, 1, 3, 1, 4, 1, 2, 1, 6, 0, 1, 3] + [0] * 4 + [-2])
}


def test_nine_of_ten_patients_with_mri_progression_had_radiographic_progression():
    found = compare_rounds(MRI, XRAY).concordance
    assert (found.both, found.both + found.first_only, found.both + found.second_only) == (9, 10, 11)
    assert found.second_among_first.value == 0.9
    assert found.kappa.value == pytest.approx(0.6277372263)


def test_rounds_are_joined_by_subject_and_not_by_place():
    backwards = dict(reversed(XRAY.items()))
    assert compare_rounds(MRI, backwards) == compare_rounds(MRI, XRAY)
    assert compare_rounds(MRI, XRAY).correlation == spearman(list(MRI.values()), list(XRAY.values()))


def test_who_is_missing_in_one_round_is_counted():
    found = compare_rounds({**MRI, "S98": math.nan}, {**XRAY, "S99": 3.0, "S98": 1.0})
    assert (found.correlation.n, found.correlation.n_missing) == (17, 2)
    assert (found.concordance.n, found.concordance.n_missing) == (17, 2)
    assert found.first[-2:] == (None, None)


def test_progression_may_mean_beyond_the_sdc():
    found = compare_rounds(MRI, XRAY, first_above=1.5, second_above=0.5)
    assert found.concordance.both + found.concordance.first_only == 6


def test_rounds_without_a_common_subject_give_a_reason():
    found = compare_rounds({"S1": 1.0}, {"S2": 1.0})
    assert found.correlation.rho.reason
    assert found.concordance.kappa.reason == "no subject has both"

"""The worked examples that the statistics reference and the papers print, without any file."""

import numpy as np
import pytest

from scoring_forms.analysis.bland_altman import bland_altman
from scoring_forms.analysis.change import changes, directions
from scoring_forms.analysis.detectable import smallest_detectable_change
from scoring_forms.analysis.icc import intraclass_correlation
from scoring_forms.analysis.kappa import weighted_kappa
from scoring_forms.analysis.responsiveness import standardised_response_mean
from scoring_forms.analysis.spearman import p_of_rho
from scoring_forms.analysis.wilcoxon import signed_rank

FIRST = [1, 0, 2, 0, 1, 3, 0, 2, 4, -1, 3, 1, -1, 4, 3, 6, 6]
SECOND = [0, 0, 1, 1, 1, 2, 0, 2, 3, -1, 3, 1, -1, 3, 2, 5, 5]
SHROUT_FLEISS = [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]]


def test_wilcoxon_pratt_of_seventeen_patients():
    found = signed_rank(FIRST)
    assert (found.n, found.n_zero, found.w_plus, found.w_minus) == (17, 3, 135, 12)
    assert found.z.value == pytest.approx(2.934, abs=5e-4)
    assert found.p_asymptotic.value == pytest.approx(0.003346, abs=5e-7)
    assert found.p_corrected.value == pytest.approx(0.003613, abs=5e-7)
    assert found.p.value == pytest.approx(0.002563, abs=5e-7)
    assert found.method == "Wilcoxon-Pratt, exact"


def test_dropping_the_zeros_gives_another_answer():
    d = [-2, 1, 3, -1, 0, 0, 0, 0, 0, 0, 4, 5]
    assert (signed_rank(d).p.value, signed_rank(d, zeros="dropped").p.value) == (0.3125, 0.25)


def test_more_than_fifty_changes_are_tested_by_the_normal_approximation():
    found = signed_rank([1.0] * 30 + [-2.0] * 21)
    assert found.method == "Wilcoxon-Pratt, asymptotic"
    assert found.p == found.p_asymptotic
    assert found.p_exact.reason == "it is made up to 50 changed scores"
    exact = signed_rank([1.0] * 30 + [-2.0] * 21, method="exact")
    assert exact.p == exact.p_exact
    assert exact.p.value == pytest.approx(found.p.value, abs=0.01)


def test_shrout_and_fleiss_of_1979():
    found = intraclass_correlation(SHROUT_FLEISS)
    assert found.single_agreement.value.value == pytest.approx(0.290, abs=5e-4)
    assert found.single_agreement.interval.ends == pytest.approx((0.019, 0.761), abs=5e-4)
    assert found.single_consistency.value.value == pytest.approx(0.715, abs=5e-4)
    assert found.single_consistency.interval.ends == pytest.approx((0.342, 0.946), abs=5e-4)
    assert found.mean_agreement.value.value == pytest.approx(0.620, abs=5e-4)
    assert found.mean_agreement.interval.ends == pytest.approx((0.071, 0.927), abs=5e-4)
    assert found.mean_consistency.value.value == pytest.approx(0.909, abs=5e-4)
    assert found.mean_consistency.interval.ends == pytest.approx((0.676, 0.986), abs=5e-4)


def test_detectable_change_and_response_of_two_readers():
    found = smallest_detectable_change(np.transpose([FIRST, SECOND]))
    assert found.value.value == pytest.approx(0.6060, abs=5e-5)
    assert found.value_80.value == pytest.approx(0.3957, abs=5e-5)
    assert standardised_response_mean(FIRST).srm.value == pytest.approx(0.9177, abs=5e-5)
    mean = (np.array(FIRST) + SECOND) / 2
    assert standardised_response_mean(mean).srm.value == pytest.approx(0.9075, abs=5e-5)
    counted = directions(changes(np.zeros(17), mean))
    assert (counted.increase, counted.no_change, counted.decrease) == (13, 2, 2)


def test_kappa_needs_the_grades_that_nobody_gave():
    first, second = [0, 0, 1, 4, 0, 1, 4, 0], [0, 0, 1, 1, 0, 1, 4, 1]
    assert weighted_kappa(first, second, range(5)).kappa.value == pytest.approx(0.652, abs=5e-4)


def test_the_printed_coefficients_of_the_founding_paper():
    p = [p_of_rho(rho, 17) for rho in (0.55, 0.61, 0.70)]
    assert p == pytest.approx([0.022, 0.0093, 0.0018], abs=5e-4)


def test_bias_and_limits_of_two_readers():
    found = bland_altman(FIRST, SECOND)
    assert found.bias.value == pytest.approx(0.4118, abs=5e-5)
    assert found.limits.ends == pytest.approx((0.4118 - 1.96 * 0.6183, 0.4118 + 1.96 * 0.6183), abs=2e-4)

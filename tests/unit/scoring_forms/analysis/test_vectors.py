"""Every vector of the statistics reference that the analysis covers, to the tolerance it names."""

from itertools import product

import numpy as np
import pytest

from scoring_forms.analysis.alpha import krippendorff_alpha
from scoring_forms.analysis.bland_altman import bland_altman
from scoring_forms.analysis.change import changes, directions
from scoring_forms.analysis.concordance import concordance
from scoring_forms.analysis.consensus import final_scores, undisputed
from scoring_forms.analysis.cumulative import cumulative_probability
from scoring_forms.analysis.descriptive import summarise
from scoring_forms.analysis.detectable import (
    progression,
    smallest_detectable_change,
    smallest_detectable_difference,
)
from scoring_forms.analysis.icc import intraclass_correlation
from scoring_forms.analysis.kappa import percent_agreement, weighted_kappa
from scoring_forms.analysis.responsiveness import standardised_response_mean
from scoring_forms.analysis.spearman import p_of_rho, spearman
from scoring_forms.analysis.wilcoxon import signed_rank
from scoring_forms.domain.form import compose_form
from scoring_forms.domain.score import Score
from scoring_forms.domain.totals import totals


def near(expected, tolerance=1e-6):
    return pytest.approx(expected, abs=tolerance, rel=0)


@pytest.mark.parametrize("name", ["median_range_odd", "median_range_even", "median_range_missing"])
def test_median_and_range_are_those_of_the_reference(vector, name):
    entry = vector(name)
    found = summarise(entry["inputs"]["x"])
    expected = entry["expected"]
    assert (found.n, found.n_missing) == (expected["n"], expected.get("n_missing", 0))
    values = (found.median.value, found.minimum.value, found.maximum.value)
    assert values == near((expected["median"], expected["min"], expected["max"]))


@pytest.mark.parametrize(
    "name",
    [
        "wilcoxon_demo17_reader1",
        "wilcoxon_demo17_reader_mean",
        "wilcoxon_n17_five_zeros",
        "wilcoxon_no_zeros_no_ties",
        "wilcoxon_small_with_zeros",
        "wilcoxon_zeros_change_the_answer",
        "wilcoxon_single_nonzero",
        "wilcoxon_all_zero",
    ],
)
@pytest.mark.parametrize(("zeros", "key"), [("pratt", "pratt"), ("dropped", "zeros_dropped")])
def test_the_signed_rank_test_is_that_of_the_reference(vector, name, zeros, key):
    entry = vector(name)
    expected = entry["expected"][key]
    found = signed_rank(entry["inputs"]["d"], zeros=zeros)
    whole = (found.n, found.n_zero, found.n_nonzero, found.w_plus, found.w_minus, found.statistic)
    assert whole == tuple(
        expected[name] for name in ("n", "n_zero", "n_nonzero", "w_plus", "w_minus", "statistic")
    )
    if expected["z"] is not None:
        assert (found.expected, found.variance) == near(
            (expected["expected_w_plus"], expected["variance_w_plus"])
        )
    figures = (found.z, found.p_asymptotic, found.p_corrected, found.p_exact)
    assert tuple(figure.value for figure in figures) == tuple(
        None if expected[name] is None else near(expected[name])
        for name in ("z", "p_asymptotic", "p_asymptotic_cc", "p_exact")
    )
    assert found.p.value == near(expected.get("p_reported", expected["p_exact"]))


def test_the_exact_p_is_not_the_one_of_scipy(vector):
    entry = vector("wilcoxon_scipy_exact_trap")
    expected = entry["expected"]
    assert signed_rank(entry["inputs"]["d"]).p.value == near(expected["right_p_exact"])
    assert signed_rank([0] * 6).p.value == 1


def test_spearman_with_ties_is_that_of_the_reference(vector):
    entry = vector("spearman_ties_n17")
    found, expected = spearman(**_renamed(entry)), entry["expected"]
    assert found.rho.value == near(expected["rho"])
    assert found.p.value == pytest.approx(expected["p_two_sided_t"], abs=1e-11)
    assert found.interval.ends == near(tuple(expected["ci95_bonett_wright"]))
    assert (found.n, found.method) == (17, "t")


def test_spearman_of_few_pairs_takes_the_permutation_p(vector):
    entry = vector("spearman_small_exact")
    found, expected = spearman(**_renamed(entry)), entry["expected"]
    assert found.rho.value == near(expected["rho"])
    assert found.p_t.value == near(expected["p_two_sided_t"])
    assert found.p.value == near(expected["p_two_sided_exact"])


def test_spearman_of_a_constant_is_not_calculable(vector):
    found = spearman(**_renamed(vector("spearman_constant")))
    assert (found.rho.value, found.p.value) == (None, None)
    assert found.rho.reason


def test_p_of_the_printed_coefficients_is_that_of_the_reference(vector):
    entry = vector("spearman_seed_p_from_rho")
    inputs = entry["inputs"]
    assert [p_of_rho(rho, inputs["n"]) for rho in inputs["rho"]] == near(entry["expected"]["p"])


def _renamed(entry):
    return {"first": entry["inputs"]["x"], "second": entry["inputs"]["y"]}


@pytest.mark.parametrize("name", ["srm_reader1", "srm_reader_mean", "srm_zero_sd"])
def test_the_response_mean_is_that_of_the_reference(vector, name):
    entry = vector(name)
    found, expected = standardised_response_mean(entry["inputs"]["change"]), entry["expected"]
    assert found.n == expected["n"]
    assert (found.mean.value, found.sd.value) == near((expected["mean_change"], expected["sd_change"]))
    assert found.srm.value == (None if expected["srm"] is None else near(expected["srm"]))


@pytest.mark.parametrize("name", ["direction_counts_reader1", "direction_counts_reader_mean"])
def test_directions_are_those_of_the_reference(vector, name):
    entry = vector(name)
    found = directions(entry["inputs"]["change"])
    assert {key: getattr(found, key) for key in entry["expected"]} == entry["expected"]


def test_the_sdc_of_two_readers_is_that_of_the_reference(vector):
    entry = vector("sdc_two_readers")
    first, second = entry["inputs"]["change_reader1"], entry["inputs"]["change_reader2"]
    rows, expected = np.transpose([first, second]), entry["expected"]
    found = smallest_detectable_change(rows)
    assert (found.n, found.k) == (expected["n"], 2)
    assert found.mean_difference.value == near(expected["mean_difference"])
    assert found.sd_difference.value == near(expected["sd_difference"])
    assert found.sem.value == near(expected["sem_single"])
    assert found.value.value == near(expected["sdc_k2"])
    assert found.value_80.value == near(expected["sdc80_k2"])
    assert smallest_detectable_change(rows, k=1).value.value == near(expected["sdc_k1"])
    counts = progression(rows.mean(axis=1), found.value)
    of_mean = expected["progression_of_reader_mean"]
    assert (counts.above_zero, counts.above_sdc.value, counts.below_minus_sdc.value) == (
        of_mean["gt0"],
        of_mean["gt_sdc"],
        of_mean["regress_lt_minus_sdc"],
    )
    assert counts.net.value == of_mean["gt_sdc"] - of_mean["regress_lt_minus_sdc"]


def test_the_sdd_of_two_readers_is_that_of_the_reference(vector):
    entry = vector("sdd_two_readers_status")
    rows = np.transpose([entry["inputs"]["status_reader1"], entry["inputs"]["status_reader2"]])
    expected = entry["expected"]
    assert smallest_detectable_difference(rows).sd_difference.value == near(expected["sd_difference"])
    assert smallest_detectable_difference(rows).value.value == near(expected["sdd_k2"])
    assert smallest_detectable_difference(rows, k=1).value.value == near(expected["sdd_k1"])


def test_the_sdc_of_three_readers_is_that_of_the_reference(vector):
    entry = vector("sdc_three_readers_anova")
    rows, expected = np.transpose(entry["inputs"]["change_by_reader"]), entry["expected"]
    found = smallest_detectable_change(rows)
    assert found.sem.value**2 == near(expected["ms_error"])
    assert found.sem.value == near(expected["sem_single"])
    assert found.value.value == near(expected["sdc_k3"])
    assert smallest_detectable_change(rows, k=1).value.value == near(expected["sdc_k1"])


_ICC_KEYS = {
    "icc_2_1": "single_agreement",
    "icc_3_1": "single_consistency",
    "icc_2_k": "mean_agreement",
    "icc_3_k": "mean_consistency",
}


@pytest.mark.parametrize(
    "name",
    [
        "icc_shrout_fleiss_1979",
        "icc_status_baseline_two_readers",
        "icc_change_two_readers",
        "icc_change_three_readers",
        "icc_zero_variance",
        "icc_negative_possible",
    ],
)
def test_the_intraclass_correlations_are_those_of_the_reference(vector, name):
    entry = vector(name)
    found, expected = intraclass_correlation(entry["inputs"]["scores_subject_by_reader"]), entry["expected"]
    for key, field in _ICC_KEYS.items():
        estimate = getattr(found, field)
        if key in expected:
            assert estimate.value.value == (None if expected[key] is None else near(expected[key]))
        if f"ci95_{key}" in expected:
            assert estimate.interval.ends == near(tuple(expected[f"ci95_{key}"]))
    if "ms_error" in expected:
        squares = (found.squares.subjects, found.squares.readers, found.squares.error)
        assert squares == near((expected["ms_subjects"], expected["ms_readers"], expected["ms_error"]))
    if name == "icc_negative_possible":
        assert found.mean_agreement.value.value is None
        assert found.mean_consistency.value.value is None


def test_kappa_is_that_of_the_reference(vector):
    entry = vector("kappa_0_to_3")
    columns, grades = (entry["inputs"]["reader1"], entry["inputs"]["reader2"]), [0, 1, 2, 3]
    expected = entry["expected"]
    for weights in ("unweighted", "linear", "quadratic"):
        assert weighted_kappa(*columns, grades, weights).kappa.value == near(expected[f"kappa_{weights}"])
    shares = percent_agreement(np.transpose(columns))
    assert (shares.n, shares.exact.value, shares.close.value) == (
        expected["n"],
        near(expected["exact_agreement_percent"] / 100),
        near(expected["close_agreement_percent"] / 100),
    )


def test_kappa_counts_with_every_grade_of_the_scale(vector):
    entry = vector("kappa_labels_matter")
    columns = (entry["inputs"]["reader1"], entry["inputs"]["reader2"])
    found = weighted_kappa(*columns, range(5)).kappa.value
    assert found == near(entry["expected"]["linear_with_all_grades_0_to_4"])


def test_kappa_of_two_constant_readers_is_not_calculable(vector):
    entry = vector("kappa_both_constant")
    columns = (entry["inputs"]["reader1"], entry["inputs"]["reader2"])
    assert weighted_kappa(*columns, range(4)).kappa.value is None
    assert percent_agreement(np.transpose(columns)).exact.value == 1


def test_krippendorffs_alpha_is_that_of_the_reference(vector):
    entry = vector("krippendorff_ordinal_missing")
    rows = np.array(entry["inputs"]["readers_by_unit"], dtype=float).T
    assert krippendorff_alpha(rows).alpha.value == near(entry["expected"]["alpha_ordinal"])


def test_percent_agreement_of_three_readers_is_that_of_the_reference(vector):
    entry = vector("pea_pca_change_three_readers")
    found, expected = percent_agreement(np.transpose(entry["inputs"]["change_by_reader"])), entry["expected"]
    shares = (found.exact, found.close, found.exact_pairwise, found.close_pairwise)
    names = ("pea_all_readers", "pca_all_readers", "pea_mean_pairwise", "pca_mean_pairwise")
    assert [share.value for share in shares] == near([expected[name] / 100 for name in names])


def test_bland_and_altmans_limits_are_those_of_the_reference(vector):
    entry = vector("bland_altman_baseline")
    found, expected = bland_altman(entry["inputs"]["reader1"], entry["inputs"]["reader2"]), entry["expected"]
    assert (found.n, found.bias.value, found.sd.value) == (17, near(expected["bias"]), near(expected["sd"]))
    assert found.limits.ends == near((expected["loa_lower"], expected["loa_upper"]))
    assert found.bias_interval.ends == near(tuple(expected["ci95_bias"]))
    assert found.lower_limit_interval.ends == near(tuple(expected["ci95_loa_lower"]))
    assert found.upper_limit_interval.ends == near(tuple(expected["ci95_loa_upper"]))


def test_the_cumulative_probability_plot_is_that_of_the_reference(vector):
    entry = vector("cumulative_probability_reader_mean")
    found = cumulative_probability(entry["inputs"]["change"])
    assert found.percent.tolist() == near(entry["expected"]["x_percent"])
    assert found.change.tolist() == near(entry["expected"]["y_change"])


@pytest.mark.parametrize("name", ["reader_mean_status", "reader_mean_one_missing"])
def test_the_mean_of_readers_is_that_of_the_reference(vector, name):
    entry = vector(name)
    inputs, expected = entry["inputs"], entry["expected"]
    means = final_scores(np.array([inputs["reader1"], inputs["reader2"]], dtype=float), undisputed(2))
    assert [None if np.isnan(mean) else mean for mean in means] == expected["mean"]


def test_a_total_with_missing_sites_is_that_of_the_reference(vector):
    entry = vector("sum_with_missing_sites")
    form = compose_form(["ramris_2003"], ["bone_erosion"])
    grades = zip(form.cells("A"), entry["inputs"]["sites"], strict=True)
    sheet = {cell: Score(grade) for cell, grade in grades if grade is not None}
    found, counted = totals(form, sheet, "A")
    expected = entry["expected"]
    assert (found.observed, found.n_assessed) == (expected["observed_sum"], expected["n_assessed"])
    assert found.value is None
    assert found.prorated == near(expected["prorated_total"])
    assert found.n_assessed / found.n_sites == near(expected["completeness_percent"] / 100)
    assert (counted.observed, counted.value) == (expected["eroded_bones_observed"], None)


def test_the_progressors_of_the_founding_paper_are_those_of_the_reference(vector):
    entry = vector("seed_progressor_crosstab")
    (both, mri_only), (xray_only, neither) = entry["inputs"]["mri_week12_by_xray_week36"]
    mri = [True] * (both + mri_only) + [False] * (xray_only + neither)
    xray = [True] * both + [False] * mri_only + [True] * xray_only + [False] * neither
    found, expected = concordance(mri, xray), entry["expected"]
    assert found.both + found.first_only == expected["mri_progressors"]
    assert found.both + found.second_only == expected["xray_progressors"]
    assert found.agreement.value == near(expected["overall_agreement"])
    assert found.kappa.value == near(expected["kappa"])
    assert found.second_among_first.value == near(expected["xray_progressors_among_mri_progressors"])
    assert found.second_among_others.value == near(expected["xray_progressors_among_mri_non_progressors"])
    assert found.fisher_p.value == near(expected["fisher_exact_p"])


def test_no_data_with_the_oedema_counts_of_the_founding_paper_give_its_p(vector):
    entry = vector("seed_oedema_p_upper_bound")
    inputs, expected = entry["inputs"], entry["expected"]["pratt"]
    found = [signed_rank(d) for d in _every_order_and_tie(10, inputs["no_change"])]
    assert max(test.p_asymptotic.value for test in found) == near(expected["max_p_asymptotic"])
    assert max(test.p_exact.value for test in found) == near(expected["max_p_exact"])
    assert max(test.p.value for test in found) < inputs["printed_p"]


def test_dropping_the_zeros_may_give_the_printed_p_of_oedema(vector):
    """The exact bound of the reference holds without ties; with ties up to 0.0957 is possible."""
    entry = vector("seed_oedema_p_upper_bound")
    inputs, expected = entry["inputs"], entry["expected"]["zeros_dropped"]
    found = [signed_rank(d, zeros="dropped") for d in _every_order_and_tie(10, inputs["no_change"])]
    assert max(test.p_asymptotic.value for test in found) == near(expected["max_p_asymptotic"])
    untied = [*range(-9, 0), 10]
    assert signed_rank(untied, zeros="dropped").p_exact.value == near(expected["max_p_exact"])
    assert max(test.p_exact.value for test in found) == near(0.095703125)


def _every_order_and_tie(n_changed, n_zero):
    """All patterns of ties among the changed, with the one increase at each place among them."""
    for steps in product((0, 1), repeat=n_changed - 1):
        sizes = np.cumsum([1, *steps])
        for size in np.unique(sizes):
            d = -sizes.astype(float)
            d[np.flatnonzero(sizes == size)[0]] *= -1
            yield [0.0] * n_zero + d.tolist()


def test_change_of_the_demo_data_is_that_of_the_reference(vector):
    assert changes([0, 3, None, 0.1], [1, 3, 4, 0.3]).tolist()[:2] == [1, 0]
    d = vector("wilcoxon_demo17_reader1")["inputs"]["d"]
    assert directions(d).n == 17

import math

import numpy as np
import pytest

from scoring_forms.analysis.meta_analysis import (
    Counts,
    LogRatio,
    peto_odds_ratio,
    pool,
    printed_ratio,
    risk_ratio,
)

SYNTHETIC = (Counts(15, 250, 5, 251), Counts(6, 59, 0, 48))


def near(expected):
    return pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize("name", ["meta_seed_overall_ae", "meta_seed_serious_ae"])
def test_pooled_ratios_are_those_of_the_reference(vector, name):
    entry = vector(name)
    studies = [printed_ratio(study["rr"], study["lo"], study["hi"]) for study in entry["inputs"]["studies"]]
    found, expected = pool(studies), entry["expected"]
    assert [study.se for study in studies] == near(expected["se_log_per_study"])
    for model in ("fixed", "random"):
        pooled = getattr(found, model)
        assert pooled.ratio.value == near(expected[model]["estimate"])
        assert pooled.interval.ends == near(tuple(expected[model]["ci95"]))
        assert pooled.se_log.value == near(expected[model]["se_log"])
        assert pooled.weights == near(tuple(expected[f"weights_{model}_percent"]))
    assert (found.q.value, found.degrees) == (near(expected["Q"]), expected["df"])
    assert found.p_heterogeneity.value == near(expected["p_heterogeneity"])
    assert found.i_squared.value == near(expected["I2_percent"])
    assert found.tau_squared.value == near(expected["tau2"])
    printed = expected["printed_in_source"]
    assert found.random.ratio.value == pytest.approx(printed["estimate"], abs=0.01)
    rounded = [round(end, 2) for end in found.random.interval.ends]
    assert rounded == pytest.approx(printed["ci95"], abs=0.0101)


def test_the_risk_ratio_is_that_of_the_reference(vector):
    entry = vector("risk_ratio_2x2")
    given, expected = entry["inputs"], entry["expected"]
    found = risk_ratio(Counts(given["events_t"], given["n_t"], given["events_c"], given["n_c"]))
    assert (found.ratio, found.se) == near((expected["rr"], expected["se_log"]))
    assert found.interval.ends == near(tuple(expected["ci95"]))


def test_petos_odds_ratio_is_that_of_the_reference(vector):
    entry = vector("peto_or_synthetic_zero_cell")
    studies = [
        Counts(study["events_t"], study["n_t"], study["events_c"], study["n_c"])
        for study in entry["inputs"]["studies"]
    ]
    found, expected = peto_odds_ratio(studies), entry["expected"]
    assert found.observed_minus_expected == near(tuple(expected["o_minus_e"]))
    assert found.variances == near(tuple(expected["v"]))
    assert found.ratio.value == near(expected["odds_ratio"])
    assert found.interval.ends == near(tuple(expected["ci95"]))
    assert (found.z.value, found.p.value) == near((expected["z"], expected["p"]))
    assert (found.q.value, found.i_squared.value) == near((expected["Q"], expected["I2_percent"]))
    assert math.log(found.ratio.value) == near(expected["log_or"])


def test_the_review_printed_the_random_effects_result():
    found = pool([printed_ratio(1.00, 0.96, 1.04), printed_ratio(1.11, 1.04, 1.20)])
    assert (found.fixed.ratio.value, found.random.ratio.value) == pytest.approx((1.025, 1.049), abs=5e-4)


def test_studies_that_agree_have_no_variance_between_them():
    found = pool([LogRatio(0.1, 0.2), LogRatio(0.1, 0.3)])
    assert found.tau_squared.value == 0
    assert found.random == found.fixed
    assert found.i_squared.value == 0


def test_one_study_is_not_heterogeneous_and_none_has_no_result():
    one = pool([LogRatio(0.1, 0.2)])
    assert one.random.ratio.value == pytest.approx(math.exp(0.1))
    assert one.q.reason == "there are fewer than two studies"
    assert pool([]).fixed.ratio.reason == "no study carries information"


def test_a_study_without_events_carries_no_information():
    found = peto_odds_ratio([*SYNTHETIC, Counts(0, 40, 0, 41)])
    assert (found.n, found.n_dropped) == (2, 1)
    assert found.ratio == peto_odds_ratio(SYNTHETIC).ratio
    assert peto_odds_ratio([Counts(0, 40, 0, 41)]).ratio.reason == "no study carries information"
    assert risk_ratio(Counts(0, 40, 3, 41)) is None


@pytest.mark.filterwarnings("ignore")
def test_statsmodels_pools_alike():
    meta = pytest.importorskip("statsmodels.stats.meta_analysis")
    logs, errors = np.array([0.1, 0.6, -0.2, 0.9]), np.array([0.1, 0.2, 0.15, 0.3])
    theirs = meta.combine_effects(logs, errors**2, method_re="dl")
    ours = pool([LogRatio(*study) for study in zip(logs.tolist(), errors.tolist(), strict=True)])
    assert ours.tau_squared.value == pytest.approx(theirs.tau2, abs=1e-9)
    assert math.log(ours.fixed.ratio.value) == pytest.approx(theirs.mean_effect_fe, abs=1e-9)
    assert math.log(ours.random.ratio.value) == pytest.approx(theirs.mean_effect_re, abs=1e-9)
    assert ours.q.value == pytest.approx(theirs.q, abs=1e-9)


@pytest.mark.filterwarnings("ignore")
def test_statsmodels_tests_the_null_odds_like_peto():
    tables = pytest.importorskip("statsmodels.stats.contingency_tables")
    stacked = [
        np.array(
            [
                [one.events, one.n - one.events],
                [one.control_events, one.control_n - one.control_events],
            ],
            dtype=float,
        )
        for one in SYNTHETIC
    ]
    theirs = tables.StratifiedTable(stacked).test_null_odds(correction=False).statistic
    assert peto_odds_ratio(SYNTHETIC).z.value ** 2 == pytest.approx(theirs, rel=1e-9)

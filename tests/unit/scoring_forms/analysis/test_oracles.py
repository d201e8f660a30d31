"""Other programs agree; statsmodels, sklearn, pingouin and krippendorff only where they are installed."""

from importlib import import_module
from typing import Any

import numpy as np
import pytest

from scoring_forms.analysis.alpha import krippendorff_alpha
from scoring_forms.analysis.bland_altman import bland_altman
from scoring_forms.analysis.concordance import concordance
from scoring_forms.analysis.icc import intraclass_correlation
from scoring_forms.analysis.kappa import change_grades_of, grades_of, kappa_by_site, weighted_kappa
from scoring_forms.analysis.responsiveness import standardised_response_mean
from scoring_forms.analysis.spearman import spearman
from scoring_forms.analysis.wilcoxon import signed_rank

stats: Any = import_module("scipy.stats")  # it has no types
SEEDS = range(6)


def scores(seed, n, k=2, highest=10):
    """Integer scores of readers who see the same truth with errors of a grade or two."""
    rng = np.random.default_rng(seed)
    truth = rng.integers(0, highest + 1, size=(n, 1))
    return np.clip(truth + rng.integers(-2, 3, size=(n, k)), 0, highest).astype(float)


@pytest.mark.parametrize("seed", SEEDS)
def test_scipy_finds_the_same_asymptotic_signed_rank_test(seed):
    d = np.diff(scores(seed, 40))[:, 0]
    for zeros, method in (("pratt", "pratt"), ("dropped", "wilcox")):
        theirs = stats.wilcoxon(d, zero_method=method, method="asymptotic")
        corrected = stats.wilcoxon(d, zero_method=method, method="asymptotic", correction=True)
        ours = signed_rank(d, zeros=zeros)
        assert ours.statistic == theirs.statistic
        assert ours.p_asymptotic.value == pytest.approx(theirs.pvalue, rel=1e-9)
        assert ours.p_corrected.value == pytest.approx(corrected.pvalue, rel=1e-9)


@pytest.mark.parametrize("seed", SEEDS)
def test_scipy_finds_the_same_exact_p_by_permutation(seed):
    d = np.random.default_rng(seed).integers(-2, 5, size=9)
    permuted = stats.PermutationMethod(n_resamples=2**9 + 1)
    theirs = stats.wilcoxon(d, zero_method="pratt", method=permuted)
    assert signed_rank(d).p_exact.value == pytest.approx(theirs.pvalue, rel=1e-9)


def test_scipy_finds_the_same_exact_p_without_zeros_and_ties():
    d = np.random.default_rng(1).permutation(np.arange(1, 46)) * np.where(np.arange(45) % 3, 1, -1)
    theirs = stats.wilcoxon(d, method="exact")
    assert signed_rank(d).p_exact.value == pytest.approx(theirs.pvalue, rel=1e-9)


@pytest.mark.parametrize("seed", SEEDS)
def test_scipy_finds_the_same_spearman_correlation(seed):
    x, y = scores(seed, 25).T
    theirs = stats.spearmanr(x, y)
    ours = spearman(x, y)
    assert ours.rho.value == pytest.approx(theirs.statistic, abs=1e-12)
    assert ours.p.value == pytest.approx(theirs.pvalue, rel=1e-9)


def test_scipy_finds_the_same_permutation_p_of_spearman():
    x, y = scores(3, 6).T
    theirs = stats.permutation_test(
        (x,), lambda x: stats.spearmanr(x, y).statistic, permutation_type="pairings", n_resamples=10_000
    )
    assert spearman(x, y).p.value == pytest.approx(theirs.pvalue, abs=1e-12)


@pytest.mark.parametrize("seed", range(3))
def test_scipy_finds_the_same_interval_of_the_response_mean(seed):
    d = np.random.default_rng(seed).integers(-2, 7, size=60).astype(float)
    theirs = stats.bootstrap(
        (d,),
        lambda d, axis: d.mean(axis=axis) / d.std(ddof=1, axis=axis),
        method="BCa",
        n_resamples=9999,
        rng=np.random.default_rng(seed),
    ).confidence_interval
    assert standardised_response_mean(d).interval.ends == pytest.approx((theirs.low, theirs.high), abs=0.02)


@pytest.mark.parametrize("table", [(9, 1, 2, 5), (3, 0, 2, 8), (0, 4, 5, 1), (6, 6, 6, 6)])
def test_scipy_finds_the_same_exact_test_of_fisher(table):
    both, first_only, second_only, neither = table
    first = [True] * (both + first_only) + [False] * (second_only + neither)
    second = [True] * both + [False] * first_only + [True] * second_only + [False] * neither
    theirs = stats.fisher_exact([[both, first_only], [second_only, neither]]).pvalue
    assert concordance(first, second).fisher_p.value == pytest.approx(theirs, rel=1e-9)


@pytest.mark.parametrize("weights", ["unweighted", "linear", "quadratic"])
@pytest.mark.parametrize("seed", SEEDS)
def test_sklearn_finds_the_same_kappa(seed, weights):
    metrics = pytest.importorskip("sklearn.metrics")
    a, b = scores(seed, 30).T
    named = None if weights == "unweighted" else weights
    theirs = metrics.cohen_kappa_score(a, b, labels=grades_of(0, 10, 1), weights=named)
    assert weighted_kappa(a, b, grades_of(0, 10, 1), weights).kappa.value == pytest.approx(theirs, abs=1e-12)


def test_sklearn_finds_the_same_kappa_of_half_steps_and_changes_at_every_site():
    metrics = pytest.importorskip("sklearn.metrics")
    rng = np.random.default_rng(2)
    grades = change_grades_of(0, 3, 0.5)
    a, b = rng.choice(grades, size=(2, 30, 4))
    for site, ours in enumerate(kappa_by_site(a, b, grades)):
        theirs = metrics.cohen_kappa_score(
            (2 * a[:, site]).astype(int), (2 * b[:, site]).astype(int), labels=range(-6, 7), weights="linear"
        )
        assert ours.kappa.value == pytest.approx(theirs, abs=1e-12)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("seed", SEEDS)
def test_pingouin_finds_the_same_intraclass_correlations(seed):
    pingouin = pytest.importorskip("pingouin")
    pandas = pytest.importorskip("pandas")
    rows = scores(seed, 15, k=2 + seed % 3)
    frame = pandas.DataFrame(rows).reset_index().melt(id_vars="index")
    theirs = pingouin.intraclass_corr(frame, targets="index", raters="variable", ratings="value")
    theirs = theirs.set_index("Type")
    ours = intraclass_correlation(rows)
    named = {
        "ICC(A,1)": ours.single_agreement,
        "ICC(C,1)": ours.single_consistency,
        "ICC(A,k)": ours.mean_agreement,
        "ICC(C,k)": ours.mean_consistency,
    }
    for kind, estimate in named.items():
        assert estimate.value.value == pytest.approx(theirs.loc[kind, "ICC"], abs=1e-9)
        assert estimate.interval.ends == pytest.approx(tuple(theirs.loc[kind, "CI95"]), abs=0.0051)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("seed", SEEDS)
def test_krippendorffs_own_program_finds_the_same_alpha(seed):
    krippendorff = pytest.importorskip("krippendorff")
    rows = scores(seed, 25, k=3, highest=4)
    rows[np.random.default_rng(seed).random(rows.shape) < 0.2] = np.nan
    theirs = krippendorff.alpha(
        reliability_data=rows.T, level_of_measurement="ordinal", value_domain=[0, 1, 2, 3, 4]
    )
    assert krippendorff_alpha(rows).alpha.value == pytest.approx(theirs, abs=1e-12)


@pytest.mark.filterwarnings("ignore")
def test_statsmodels_finds_the_same_analysis_of_variance():
    pandas = pytest.importorskip("pandas")
    formula = pytest.importorskip("statsmodels.formula.api")
    anova = pytest.importorskip("statsmodels.stats.anova")
    rows = scores(4, 12, k=3)
    frame = pandas.DataFrame(rows).reset_index().melt(id_vars="index", var_name="reader", value_name="score")
    table = anova.anova_lm(formula.ols("score ~ C(index) + C(reader)", frame).fit())
    squares = intraclass_correlation(rows).squares
    ours = (squares.subjects, squares.readers, squares.error)
    assert ours == pytest.approx(tuple(table["mean_sq"]), rel=1e-9)


def test_scipy_finds_the_same_interval_of_the_bias():
    a, b = scores(5, 20).T
    theirs = stats.ttest_rel(a, b).confidence_interval()
    assert bland_altman(a, b).bias_interval.ends == pytest.approx((theirs.low, theirs.high), abs=1e-9)

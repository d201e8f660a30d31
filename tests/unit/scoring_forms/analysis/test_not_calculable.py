"""Too little to calculate from gives a reason, never a traceback and never a made-up number."""

import math
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from scoring_forms.analysis.alpha import krippendorff_alpha
from scoring_forms.analysis.bland_altman import bland_altman
from scoring_forms.analysis.change import directions
from scoring_forms.analysis.concordance import concordance, progressed
from scoring_forms.analysis.consensus import PENDING, adjudicated, final_scores, undisputed
from scoring_forms.analysis.cumulative import cumulative_probability
from scoring_forms.analysis.descriptive import summarise
from scoring_forms.analysis.detectable import (
    progression,
    smallest_detectable_change,
    smallest_detectable_difference,
)
from scoring_forms.analysis.figure import Figure, Interval, not_calculable
from scoring_forms.analysis.icc import intraclass_correlation
from scoring_forms.analysis.kappa import percent_agreement, weighted_kappa
from scoring_forms.analysis.missing_sites import common_site_change
from scoring_forms.analysis.responsiveness import standardised_response_mean
from scoring_forms.analysis.spearman import spearman
from scoring_forms.analysis.wilcoxon import signed_rank

PROJECT = Path(__file__).resolve().parents[4]


def test_a_figure_has_a_finite_number_or_a_reason():
    for value, reason in ((None, ""), (1.0, "why"), (math.nan, ""), (math.inf, "")):
        with pytest.raises(ValueError, match="figure"):
            Figure(value, reason)
    with pytest.raises(ValueError, match="figure"):
        Interval(1.0, None)


def test_no_scores_at_all():
    assert summarise([]).median == summarise([None]).median == not_calculable("there are no scores")
    assert signed_rank([]).p.reason == signed_rank([None]).p.reason == "no subject has both"
    assert standardised_response_mean([None]).srm.value is None
    assert spearman([], []).rho.value is None
    assert intraclass_correlation(np.empty((0, 2))).single_agreement.value.value is None
    assert weighted_kappa([], [], range(4)).kappa.value is None
    assert percent_agreement(np.empty((0, 2))).exact.value is None
    assert bland_altman([None], [1]).bias.value is None
    assert krippendorff_alpha(np.empty((0, 3))).alpha.value is None
    assert cumulative_probability([None, None]).n == 0
    assert concordance([], []).kappa.value is None
    assert directions([None]).n == 0
    assert intraclass_correlation([]).n == 0
    assert smallest_detectable_change(np.empty((0, 2))).value.value is None


def test_one_reader_only():
    rows = [[1], [2], [3]]
    for found in (
        intraclass_correlation(rows).single_agreement.value,
        smallest_detectable_change(rows).value,
        smallest_detectable_difference(rows).value,
        percent_agreement(rows).exact,
    ):
        assert found == not_calculable("there is only one reader")
    assert undisputed(1).origin == "single_reader"


def test_one_subject_only():
    assert intraclass_correlation([[1, 2]]).mean_agreement.value.reason
    assert standardised_response_mean([3]).mean.value == 3
    assert standardised_response_mean([3]).srm.reason
    assert bland_altman([1], [3]).bias.value == -2
    assert bland_altman([1], [3]).limits.ends is None
    assert signed_rank([2]).p.value == 1
    assert summarise([2]).sd.value is None


def test_three_subjects_give_what_can_be_given():
    assert signed_rank([1, 2, 3]).p.value == 0.25
    assert "cannot be below 0.25" in signed_rank([1, 2, 3]).warning
    assert signed_rank([0, 0, 3]).warning == "only 1 score changed: the exact p cannot be below 1"
    assert spearman([1, 2, 3], [1, 3, 2]).rho.value == pytest.approx(0.5)
    assert spearman([1, 2, 3], [1, 3, 2]).interval.ends is None
    assert standardised_response_mean([1, 2, 3]).srm.value == 2
    assert standardised_response_mean([1, 2, 3]).interval.reason
    assert intraclass_correlation([[1, 2], [2, 2], [3, 4]]).single_agreement.value.value is not None
    assert "3 subjects" in smallest_detectable_change([[1, 2], [2, 2], [3, 4]]).warnings[0]


def test_scores_that_are_all_equal():
    rows = [[2, 2]] * 5
    assert signed_rank([0] * 5).p.value == 1
    assert signed_rank([0] * 5).z.value is None
    assert standardised_response_mean([2] * 5).srm.value is None
    assert intraclass_correlation(rows).single_agreement.value == not_calculable("all scores are equal")
    assert weighted_kappa([2] * 5, [2] * 5, range(4)).kappa.value is None
    assert krippendorff_alpha(rows).alpha.value is None
    assert smallest_detectable_change(rows).value.value == 0
    assert "every change counts" in smallest_detectable_change(rows).warnings[0]
    assert bland_altman([2] * 5, [2] * 5).limits.ends == (0, 0)


def test_readers_who_differ_by_a_constant_are_consistent_without_an_interval():
    found = intraclass_correlation([[1, 3], [4, 6], [7, 9]])
    assert found.single_consistency.value.value == 1
    assert found.single_consistency.interval.reason == "the readers differ by a constant at most"
    assert found.single_agreement.value.value == pytest.approx(9 / 11)


def test_noise_of_thirds_is_no_error_of_measurement():
    thirds = np.array([[1 / 3 + 1 / 3 - 2 / 3 + i, float(i)] for i in range(12)])
    assert intraclass_correlation(thirds).squares.error == 0
    assert signed_rank([1 / 3 + 1 / 3 + 1 / 3 - 1, 0.1 + 0.2 - 0.3]).n_zero == 2


def test_a_score_off_the_scale_is_a_mistake_of_the_caller():
    with pytest.raises(ValueError, match="not one of the grades"):
        weighted_kappa([0, 4], [0, 1], range(4))
    with pytest.raises(ValueError, match="not one of the grades"):
        weighted_kappa([0, 0.5], [0, 1], range(4))


def test_progression_without_an_sdc_still_counts_any_change():
    found = progression([0, 0.5, 1, -2, None], not_calculable("there is only one reader"), weeks=12)
    assert (found.n, found.n_missing, found.above_zero, found.above_half) == (4, 1, 2, 1)
    assert found.above_sdc == found.net == not_calculable("there is only one reader")
    assert found.rapid.value == 0
    assert progression([1.2], Figure(1.0), weeks=12).rapid.value == 1
    assert progression([1.2], Figure(1.0)).rapid.value is None


def test_exactly_the_sdc_is_no_progression():
    found = progression([0.3, 0.1 + 0.2, -0.3, 0.4], Figure(0.3))
    assert (found.above_sdc.value, found.below_minus_sdc.value, found.net.value) == (1, 0, 1)


def test_change_is_taken_over_the_sites_seen_at_both_visits():
    found = common_site_change([[1, 2, None], [None, None, 1]], [[2, None, 5], [3, 4, None]])
    assert found.n_common.tolist() == [1, 0]
    assert found.change[0] == 1
    assert np.isnan(found.change[1])


def test_a_pending_adjudication_has_no_final_score():
    assert PENDING.origin == "adjudication_pending"
    assert np.isnan(final_scores([[0, 2], [0, 10], [np.nan, np.nan]], PENDING)).all()
    assert adjudicated(None, "two_closest").origin == "not_calculable"
    assert adjudicated(None, "adjudicator").readers == (2,)


def test_who_has_no_change_is_no_progressor_and_no_non_progressor():
    assert progressed([1, 0, None, -2]) == (True, False, None, False)


def test_importing_the_analysis_does_not_import_scipy():
    code = (
        "import importlib, pkgutil, sys, scoring_forms.analysis as package\n"
        "for module in pkgutil.iter_modules(package.__path__):\n"
        "    importlib.import_module('scoring_forms.analysis.' + module.name)\n"
        "print([name for name in ('scipy', 'pandas', 'sqlalchemy', 'PySide6') if name in sys.modules])"
    )
    found = subprocess.run(
        [sys.executable, "-c", code], cwd=PROJECT, capture_output=True, text=True, check=True
    )
    assert found.stdout.strip() == "[]"

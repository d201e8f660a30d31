"""What must hold for any scores: who is called first, and who comes first, changes nothing."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring_forms.analysis.alpha import krippendorff_alpha
from scoring_forms.analysis.bland_altman import bland_altman
from scoring_forms.analysis.change import changes, directions
from scoring_forms.analysis.concordance import concordance
from scoring_forms.analysis.consensus import adjudicated, final_scores
from scoring_forms.analysis.descriptive import summarise
from scoring_forms.analysis.detectable import smallest_detectable_change, smallest_detectable_difference
from scoring_forms.analysis.icc import intraclass_correlation
from scoring_forms.analysis.kappa import grades_of, kappa_by_site, percent_agreement, weighted_kappa
from scoring_forms.analysis.responsiveness import standardised_response_mean
from scoring_forms.analysis.samples import average_ranks
from scoring_forms.analysis.spearman import spearman
from scoring_forms.analysis.wilcoxon import signed_rank
from scoring_forms.domain.adjudication_rule import METHODS

half_steps = st.integers(-8, 8).map(lambda steps: steps / 2)
grade = st.integers(0, 4).map(float)
pairs = st.lists(st.tuples(grade, grade), min_size=0, max_size=12)
gappy = st.lists(st.tuples(st.none() | grade, st.none() | grade, st.none() | grade), min_size=1, max_size=10)


def close(value):
    return pytest.approx(value, abs=1e-9)


def columns(rows):
    return tuple(np.array(rows, dtype=float).reshape(-1, 2).T)


@given(st.lists(half_steps, min_size=1, max_size=9))
def test_the_exact_p_of_pratt_is_that_of_trying_every_sign(differences):
    d = np.array(differences)
    ranks = average_ranks(np.abs(d))[d != 0]
    seen = average_ranks(np.abs(d))[d > 0].sum()
    sums = np.array([ranks @ np.array(signs, dtype=float) for signs in product((0, 1), repeat=ranks.size)])
    tails = ((sums <= seen + 1e-9).mean(), (sums >= seen - 1e-9).mean())
    assert signed_rank(differences).p_exact.value == pytest.approx(min(1, 2 * min(tails)), abs=1e-12)


@given(st.lists(half_steps, min_size=1, max_size=20), st.randoms())
def test_the_signed_rank_test_minds_neither_the_order_of_subjects_nor_the_direction(differences, random):
    found = signed_rank(differences)
    turned = [-d for d in differences]
    random.shuffle(turned)
    other = signed_rank(turned)
    assert (found.w_plus, found.w_minus) == (other.w_minus, other.w_plus)
    assert found.p.value == close(other.p.value)
    assert found.p.value >= 0
    assert found.p.value <= 1


@given(st.lists(half_steps, min_size=1, max_size=20))
def test_directions_add_up_and_turn_with_the_sign(differences):
    found, turned = directions(differences), directions([-d for d in differences])
    assert found.increase + found.no_change + found.decrease == found.n == len(differences)
    assert (found.increase, found.decrease) == (turned.decrease, turned.increase)


@given(st.lists(st.tuples(grade, grade, grade), min_size=1, max_size=10))
def test_thirds_of_three_readers_do_not_make_a_change_of_nothing(scores):
    means = np.array(scores).mean(axis=1)
    other_way = np.array([sum(score / 3 for score in row) for row in scores])
    assert directions(changes(means, other_way)).no_change == len(scores)


@given(pairs, st.integers(-3, 3))
def test_agreement_minds_neither_the_order_of_readers_nor_a_shift_of_the_scale(rows, shift):
    a, b = columns(rows)
    table = np.array(rows, dtype=float).reshape(-1, 2)
    moved = table[:, ::-1][::-1] + shift
    for name in ("single_agreement", "single_consistency", "mean_agreement", "mean_consistency"):
        found, other = (getattr(intraclass_correlation(one), name) for one in (table, moved))
        assert found.value.value == close(other.value.value) or (found.value.value, other.value.value) == (
            None,
            None,
        )
        if found.interval.ends:
            assert found.interval.ends == pytest.approx(other.interval.ends, abs=1e-7)
            low, high = found.interval.ends
            assert low <= found.value.value + 1e-9
            assert found.value.value <= high + 1e-9
    assert weighted_kappa(a, b, range(5)).kappa.value == close(weighted_kappa(b, a, range(5)).kappa.value)
    one, two = percent_agreement(table), percent_agreement(moved)
    assert (one.exact, one.close) == (two.exact, two.close)
    assert smallest_detectable_change(table).value.value == close(
        smallest_detectable_change(moved).value.value
    )
    assert krippendorff_alpha(table).alpha.value == close(krippendorff_alpha(moved).alpha.value)
    bias, turned = bland_altman(a, b).bias.value, bland_altman(b, a).bias.value
    assert (bias is None and turned is None) or bias == close(-turned)


@given(pairs)
def test_a_constant_bias_counts_for_agreement_and_not_for_consistency(rows):
    table = np.array(rows, dtype=float).reshape(-1, 2)
    biased = table + np.array([0.0, 5.0])
    found, other = intraclass_correlation(table), intraclass_correlation(biased)
    if found.single_consistency.value.value is not None:
        assert other.single_consistency.value.value == close(found.single_consistency.value.value)
    detectable, shifted = smallest_detectable_change(table), smallest_detectable_change(biased)
    assert detectable.value.value == close(shifted.value.value)


@given(st.lists(st.tuples(half_steps, half_steps), min_size=2, max_size=12))
def test_the_analysis_of_variance_gives_the_textbook_sdc_of_two_readers(rows):
    a, b = columns(rows)
    sd = np.std(a - b, ddof=1)
    assert smallest_detectable_change(rows).value.value == close(1.96 * sd / 2)
    assert smallest_detectable_difference(rows, k=1).value.value == close(1.96 * sd)


@given(pairs, st.randoms())
def test_rank_correlation_minds_neither_order_nor_a_rising_transformation(rows, random):
    shuffled = random.sample(rows, len(rows))
    (a, b), (x, y) = columns(rows), columns(shuffled)
    found, other = spearman(a, b), spearman(np.exp(y), 3 * x - 7)
    assert found.n == other.n == len(rows)
    assert found.rho.value == close(other.rho.value)
    assert found.p.value == close(other.p.value)


@given(st.lists(half_steps, min_size=2, max_size=20), st.randoms())
def test_the_response_mean_minds_no_order_and_turns_with_the_sign(differences, random):
    found = standardised_response_mean(differences, resamples=200)
    again = standardised_response_mean(random.sample(differences, len(differences)), resamples=200)
    turned = standardised_response_mean([-d for d in differences], resamples=0)
    assert found == again
    assert found.srm.value == turned.srm.value is None or found.srm.value == close(-turned.srm.value)


@given(gappy)
def test_nothing_missing_is_filled_in(rows):
    whole = [row for row in rows if None not in row]
    for measure in (intraclass_correlation, smallest_detectable_change, percent_agreement):
        found = measure(rows)
        assert (found.n, found.n_missing) == (len(whole), len(rows) - len(whole))
        if whole:
            assert measure(whole) == type(found)(
                **{name: getattr(found, name) for name in found.__slots__} | {"n_missing": 0}
            )
    first = [row[0] for row in rows]
    found = summarise(first)
    assert found.n + found.n_missing == len(rows)
    assert (found.median.value is None) == (found.n == 0)


@given(st.lists(st.tuples(grade, grade, grade, grade), min_size=1, max_size=8))
def test_kappa_of_each_site_is_that_of_the_site_alone(rows):
    table = np.array(rows)
    first, second = table[:, :2], table[:, 2:]
    for site, found in enumerate(kappa_by_site(first, second, grades_of(0, 4, 1))):
        assert found == weighted_kappa(first[:, site], second[:, site], range(5))


answers = st.lists(st.tuples(st.sampled_from([True, False, None]), st.booleans()), max_size=15)


@given(answers)
def test_concordance_counts_everybody_once(rows):
    first, second = [row[0] for row in rows], [row[1] for row in rows]
    found = concordance(first, second)
    assert found.both + found.first_only + found.second_only + found.neither == found.n
    assert found.n + found.n_missing == len(rows)
    assert found.fisher_p.value is None or 0 < found.fisher_p.value <= 1
    assert concordance(second, first).kappa == found.kappa


@given(half_steps, half_steps, half_steps, st.sampled_from(METHODS))
def test_a_final_score_lies_among_the_readers_and_minds_not_which_is_first(a, b, c, method):
    one, two = (float(final_scores(v, adjudicated(v, method))) for v in ((a, b, c), (b, a, c)))
    assert one == close(two) or (abs(a - c) == abs(b - c) and a != b)
    assert min(a, b, c) <= one <= max(a, b, c)


@given(st.lists(st.tuples(grade, grade, grade), min_size=2, max_size=5), st.sampled_from(METHODS))
def test_final_change_is_final_follow_up_minus_final_baseline(visits, method):
    scores = np.array(visits).T  # readers, visits
    change = scores[:, -1] - scores[:, 0]
    decision = adjudicated(tuple(change.tolist()), method)
    final = final_scores(scores, decision)
    assert final[-1] - final[0] == close(float(final_scores(change, decision)))

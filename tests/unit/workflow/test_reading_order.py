from collections import Counter
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from reader_app.workflow.reading_order import ALPHABET, DESIGNS, draw_codes, draw_orders

VISITS = ("baseline", "week 12", "week 36", "week 52")
trials = st.dictionaries(
    st.integers(1, 40).map("S{:02}".format),
    st.integers(1, 4).map(lambda count: VISITS[:count]),
    min_size=1,
    max_size=14,
)
seeds = st.integers(0, 2**128 - 1)


@given(trials, st.sampled_from(DESIGNS), seeds)
def test_every_visit_of_every_subject_is_read_once(trial, design, seed):
    for cases in draw_orders(trial, ["Ann", "Bo"], design, 0, seed).values():
        read = Counter((case.subject, visit) for case in cases for visit in case.visits)
        assert read == Counter((subject, visit) for subject in trial for visit in trial[subject])
        assert not any(case.repeat for case in cases)


@given(trials, st.sampled_from(DESIGNS), seeds)
def test_the_same_seed_draws_the_same_orders_whatever_order_the_subjects_came_in(trial, design, seed):
    backwards = dict(reversed(trial.items()))
    assert draw_orders(trial, ["Ann"], design, 0.2, seed) == draw_orders(
        backwards, ["Ann"], design, 0.2, seed
    )


@given(trials, seeds)
def test_the_chronological_design_keeps_time_order(trial, seed):
    for case in draw_orders(trial, ["Ann"], "chronological", 0, seed)["Ann"]:
        assert case.visits == trial[case.subject]


@given(st.integers(4, 14), st.integers(2, 4), seeds)
def test_the_single_design_keeps_timepoints_of_a_subject_apart(n_subjects, n_visits, seed):
    trial = {f"S{index:02}": VISITS[:n_visits] for index in range(n_subjects)}
    order = [case.subject for case in draw_orders(trial, ["Ann"], "single", 0, seed)["Ann"]]
    for subject in trial:
        places = [place for place, other in enumerate(order) if other == subject]
        assert min(b - a for a, b in pairwise(places)) >= 2


@given(st.integers(10, 20), seeds)
def test_repeats_are_some_of_the_cases_shown_again_later(n_subjects, seed):
    trial = {f"S{index:02}": VISITS[:3] for index in range(n_subjects)}
    cases = draw_orders(trial, ["Ann"], "paired", 0.1, seed)["Ann"]
    repeated = [case for case in cases if case.repeat]
    assert len(repeated) == -(-n_subjects // 10)
    for case in repeated:
        first = next(other for other in cases if other.subject == case.subject)
        assert not first.repeat
        assert cases.index(case) - cases.index(first) > 1


def test_readers_get_orders_and_letters_of_their_own():
    trial = {f"S{index:02}": VISITS[:3] for index in range(12)}
    orders = draw_orders(trial, ["Ann", "Bo"], "paired", 0, 7)
    assert [case.subject for case in orders["Ann"]] != [case.subject for case in orders["Bo"]]
    assert {case.visits for case in orders["Ann"]} > {VISITS[:3]}


def test_every_visit_is_every_letter_about_as_often():
    trial = {f"S{index:03}": VISITS[:3] for index in range(600)}
    firsts = Counter(case.visits[0] for case in draw_orders(trial, ["Ann"], "paired", 0, 11)["Ann"])
    assert min(firsts.values()) > 150


def test_codes_are_unlike_each_other_and_hold_no_ambiguous_character():
    codes = draw_codes(2000)
    assert len(set(codes)) == 2000
    assert set("".join(codes)) <= set(ALPHABET)
    assert not set("01OILE") & set(ALPHABET)
    assert draw_codes(1, codes)[0] not in codes


def test_each_letter_stands_for_one_visit():
    case = draw_orders({"S1": VISITS}, ["Ann"], "paired", 0, 3)["Ann"][0]
    assert [letter for letter, _ in case.letters] == ["A", "B", "C", "D"]
    assert {visit for _, visit in case.letters} == set(VISITS)

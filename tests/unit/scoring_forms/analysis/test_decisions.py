import numpy as np
import pytest

from scoring_forms.analysis.decisions import final_decisions
from scoring_forms.analysis.paper_table import final_totals
from scoring_forms.analysis.score_cube import score_cube
from scoring_forms.domain.adjudication_rule import parse_rule
from scoring_forms.domain.form import compose_form
from tests.unit.scoring_forms.analysis.rounds import read_case, spread

VISITS = ("week 0", "week 12")
FORM = compose_form(["ramris_2003"], ["bone_erosion"])
RULES = (parse_rule("change:bone_erosion>5", FORM),)


def decided(*changes, method="two_closest", rules=RULES, baseline=10, gap=None):
    """The final totals of one subject after three readers' changes; None: has not read."""
    readers = ("Ann", "Bo", "Adjudicator")[: len(changes)]
    cases = [
        read_case(
            FORM,
            "S1",
            reader,
            {"week 0": spread(baseline, 23, 10), "week 12": spread(baseline + change, 23, 10)},
        )
        for reader, change in zip(readers, changes, strict=True)
        if change is not None
    ]
    cube = score_cube(FORM, cases, ("S1",), VISITS, readers)
    if gap is not None:
        cube.grades[0, gap[0], gap[1], 22] = np.nan
    decisions = final_decisions(cube, rules, method)
    final = final_totals(cube, cube.totals(cube.measures[0]), decisions)[0]
    return decisions["S1"].origin, final[1] - final[0]


def test_adjudication_is_that_of_the_reference(vector):
    entry = vector("adjudication_two_closest")
    rules = (parse_rule(f"change:bone_erosion>{entry['parameters']['threshold']}", FORM),)
    for case, expected in zip(entry["inputs"]["cases"], entry["expected"]["results"], strict=True):
        origin, change = decided(case["a"], case["b"], case["c"], rules=rules)
        assert (origin, None if np.isnan(change) else change) == (expected["rule"], expected["final"])


def test_a_subject_waits_until_the_adjudicator_has_read_it():
    for changes in ((2, 10, None), (2, 10)):
        origin, change = decided(*changes)
        assert origin == "adjudication_pending"
        assert np.isnan(change)


def test_an_ordinary_case_that_was_mixed_in_keeps_the_mean_of_the_planned_readers():
    assert decided(2, 3, 20) == ("primary_mean", 2.5)


@pytest.mark.parametrize(
    ("method", "expected"),
    [
        ("adjudicator", ("adjudicator", 9)),
        ("consensus", ("consensus", 9)),
        ("mean_of_all", ("mean_of_three", 7)),
    ],
)
def test_the_other_methods_are_there_to_choose(method, expected):
    assert decided(2, 10, 9, method=method) == expected


def test_without_rules_the_mean_of_all_readers_is_final():
    assert decided(2, 10, 9, rules=()) == ("primary_mean", 7)
    assert decided(2, rules=()) == ("single_reader", 2)


def test_the_first_rule_of_the_round_decides():
    rules = (parse_rule("status:bone_erosion>6", FORM), *RULES)
    assert decided(2, 10, 9, rules=rules) == ("mean_of_two_closest", 9.5)
    by_site = (parse_rule("site>=1", FORM),)
    assert decided(2, 10, 9, rules=by_site) == ("mean_of_two_closest", 9.5)


def test_a_site_that_the_adjudicator_could_not_assess_does_not_stop_the_choice():
    assert decided(2, 10, 9, gap=(1, 2))[0] == "mean_of_two_closest"


def test_rules_are_for_two_planned_readers():
    with pytest.raises(ValueError, match="two planned readers"):
        decided(2)


def test_the_adjudicator_alone_needs_no_comparison():
    readers = ("Ann", "Bo", "Adjudicator")
    totals = {"Ann": (10, 12), "Bo": (10, 20), "Adjudicator": (11, 19)}
    cases = [
        read_case(
            FORM, "S1", who, {visit: spread(total, 23, 10) for visit, total in zip(VISITS, both, strict=True)}
        )
        for who, both in totals.items()
    ]
    cube = score_cube(FORM, cases, ("S1",), VISITS, readers)
    cube.grades[0, 0, 2] = np.nan  # the adjudicator could assess nothing at the first visit
    assert final_decisions(cube, RULES, "adjudicator")["S1"].origin == "adjudicator"
    assert final_decisions(cube, RULES)["S1"].origin == "not_calculable"

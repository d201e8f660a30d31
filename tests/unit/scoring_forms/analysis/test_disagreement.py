import pytest

from scoring_forms.analysis.disagreement import find_disagreements
from scoring_forms.analysis.score_cube import score_cube
from scoring_forms.domain.adjudication_rule import parse_rule
from scoring_forms.domain.errors import BadAdjudicationRuleError
from scoring_forms.domain.form import compose_form
from tests.unit.scoring_forms.analysis.rounds import read_case

VISITS = ("week 0", "week 12", "week 36")
FORM = compose_form(["ramris_2003"], ["synovitis", "bone_oedema"])
N_CELLS = 30


def grades(*synovitis):
    return [*(float(grade) if grade is not None else None for grade in synovitis), *[0.0] * 23]


def found(rules, ann, bo, *more):
    """What the rules find for one subject; each reader gives seven synovitis grades per visit."""
    readers = ("Ann", "Bo", "Cy")[: 2 + len(more)]
    cases = [
        read_case(FORM, "S1", reader, {visit: grades(*row) for visit, row in scored.items()})
        for reader, scored in zip(readers, (ann, bo, *more), strict=True)
    ]
    cube = score_cube(FORM, cases, ("S1",), VISITS, readers)
    return find_disagreements(cube, [parse_rule(rule, FORM) for rule in rules])


NOTHING = [0] * 7
ANN = {"week 0": NOTHING, "week 12": [1, 0, 0, 0, 0, 0, 0], "week 36": [3, 3, 0, 0, 0, 0, 0]}
BO = {"week 0": NOTHING, "week 12": [1, 0, 0, 0, 0, 0, 0], "week 36": [0, 2, 1, 0, 0, 0, 0]}


def test_change_beyond_the_threshold_of_any_later_visit_triggers():
    (one,) = found(["change:synovitis>2"], ANN, BO)
    assert (one.subject, one.system, one.feature, one.difference) == ("S1", "ramris_2003", "synovitis", 3)
    assert [(site.visit, site.grades) for site in one.sites] == [
        ("week 36", (3, 0)),
        ("week 36", (3, 2)),
        ("week 36", (0, 1)),
    ]
    assert len({site.site for site in one.sites}) == 3


def test_exactly_the_threshold_does_not_trigger():
    assert found(["change:synovitis>3"], ANN, BO) == ()
    assert found(["status:synovitis>3"], ANN, BO) == ()


def test_a_bias_at_every_visit_is_a_difference_of_status_and_not_of_change():
    high = {visit: [2, *row[1:]] for visit, row in dict.fromkeys(VISITS, NOTHING).items()}
    low = dict.fromkeys(VISITS, NOTHING)
    assert found(["change:synovitis>0"], high, low) == ()
    (one,) = found(["status:synovitis>1"], high, low)
    assert one.difference == 2
    assert len(one.sites) == 3


def test_a_site_triggers_from_n_and_only_such_sites_are_listed():
    (one,) = found(["site>=3"], ANN, BO)
    assert (one.feature, one.difference, len(one.sites)) == ("synovitis", 3, 1)
    assert found(["site>=4"], ANN, BO) == ()


def test_progression_called_by_one_reader_only_triggers():
    flat = dict.fromkeys(VISITS, NOTHING)
    (one,) = found(["progression:synovitis"], ANN, flat)
    assert one.difference == 6
    assert found(["progression:synovitis"], ANN, BO) == ()


def test_all_cases_means_every_feature_that_readers_fill_in():
    assert [(one.feature, one.difference, one.sites) for one in found(["all"], BO, BO)] == [
        ("synovitis", 0, ()),
        ("bone_oedema", 0, ()),
    ]


def test_the_first_rule_of_the_round_is_named_and_a_feature_is_listed_once():
    (one,) = found(["site>=3", "change:synovitis>1"], ANN, BO)
    assert one.rule.text == "site>=3"


def test_a_site_that_one_reader_could_not_assess_hides_no_disagreement():
    ann = {**ANN, "week 36": [3, 3, None, 0, 0, 0, 0]}
    (one,) = found(["change:synovitis>2"], ann, BO)
    assert one.difference == 4
    assert [site.grades for site in one.sites] == [(3, 0), (3, 2)]
    blind = dict.fromkeys(VISITS, [None] * 7)
    assert found(["change:synovitis>0", "status:synovitis>0", "site>=1"], ann, blind) == ()


def test_a_subject_that_one_reader_did_not_read_has_no_disagreement():
    assert found(["all", "change:synovitis>0"], ANN, {}) == ()


def test_a_missing_visit_leaves_the_others_to_compare():
    ann = {visit: ANN[visit] for visit in ("week 0", "week 36")}
    (one,) = found(["change:synovitis>2"], ann, BO)
    assert one.difference == 3
    without_first = {visit: ANN[visit] for visit in ("week 12", "week 36")}
    assert found(["change:synovitis>0"], without_first, BO) == ()


def test_of_three_readers_the_two_furthest_apart_count():
    (one,) = found(["change:synovitis>3"], ANN, BO, dict.fromkeys(VISITS, NOTHING))
    assert one.difference == 6


def test_who_is_first_reader_does_not_matter():
    for rule in ("change:synovitis>2", "status:synovitis>2", "site>=2", "progression:synovitis"):
        one, other = found([rule], ANN, BO), found([rule], BO, ANN)
        assert [(found.feature, found.difference) for found in one] == [
            (found.feature, found.difference) for found in other
        ]


def test_rules_are_read_as_they_are_written():
    sharp = compose_form(["sharp_1985"])
    rule = parse_rule("change:sharp_1985.total>5.5", sharp)
    assert (rule.kind, rule.measure, rule.threshold) == ("change", "sharp_1985.total", 5.5)
    assert parse_rule("status:erosion>10", sharp).measure == "sharp_1985.erosion"
    assert parse_rule("site>=2", sharp).threshold == 2
    assert parse_rule("progression:total", sharp).kind == "progression"
    assert parse_rule("all", sharp).measure is None


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("change:erosion", "is none of"),
        ("change:synovitis>2", "does not score"),
        ("change:erosion>", "is none of"),
        ("site>=0", "all for every case"),
        ("", "is none of"),
    ],
)
def test_a_rule_that_means_nothing_is_refused(text, problem):
    with pytest.raises(BadAdjudicationRuleError, match=problem):
        parse_rule(text, compose_form(["sharp_1985"]))


def test_a_feature_of_two_systems_needs_the_system():
    both = compose_form(["sharp_1985", "genant_1998"])
    with pytest.raises(BadAdjudicationRuleError, match="name the system"):
        parse_rule("change:erosion>5", both)
    assert parse_rule("change:genant_1998.erosion>5", both).measure == "genant_1998.erosion"

import json
import math

import pytest

from scoring_forms.domain.errors import BadMarkError, BadRulesError
from scoring_forms.domain.marks import Mark
from scoring_forms.domain.rules import RoundRules, rules_from_dict
from scoring_forms.domain.score import Cell

CELL = Cell("A", "ramris_2003", "bone_erosion", None, "scaphoid")
GOOD = {
    "id": 0,
    "cell": CELL,
    "kind": "point",
    "points": ((1.0, -2.5, 30.0),),
    "frame": 0,
    "role": "cor_t1_pre",
    "plane": "coronal",
    "slice_mm": 30.0,
    "slice_step_mm": 1.5,
    "window": (400.0, 200.0),
}
FILM = {"plane": "film", "frame": None, "slice_mm": None, "slice_step_mm": None, "points": ((10.0, 20.5),)}


def test_rules_read_back_from_json_and_older_rounds_have_the_defaults():
    rules = RoundRules(
        totals_visible=False, evidence="required", same_place_mm=5, confidence=True, prorate_from=1
    )
    assert rules_from_dict(json.loads(json.dumps(rules.to_dict()))) == rules
    assert rules_from_dict({}) == RoundRules()
    assert rules_from_dict({"evidence": "warn"}) == RoundRules(evidence="warn")


@pytest.mark.parametrize(
    ("stored", "field"),
    [
        ({"evidence": "always"}, "evidence"),
        ({"evidence": None}, "evidence"),
        ({"totals_visible": 1}, "totals_visible"),
        ({"confidence": "yes"}, "confidence"),
        ({"fill_unseen": None}, "fill_unseen"),
        ({"same_place_mm": 0}, "same_place_mm"),
        ({"same_place_mm": math.inf}, "same_place_mm"),
        ({"same_place_mm": True}, "same_place_mm"),
        ({"prorate_from": 0}, "prorate_from"),
        ({"prorate_from": 1.01}, "prorate_from"),
        ({"prorate_from": "0.8"}, "prorate_from"),
        ({"zero_fill": True}, "zero_fill"),
    ],
)
def test_a_rule_with_an_impossible_value_is_named(stored, field):
    with pytest.raises(BadRulesError, match=field) as refused:
        rules_from_dict(stored)
    assert refused.value.rule == field


def test_points_outlines_and_films_have_the_coordinates_they_need():
    assert Mark(**GOOD).on_film is False
    assert Mark(**{**GOOD, **FILM}).on_film
    corners = ((0.0, 0.0, 0.0), (1.0, 0.0, 0.0), (0.0, 0.0, 1.0))
    assert Mark(**{**GOOD, "kind": "bone", "points": corners}).points == corners


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"kind": "arrow"}, "kind"),
        ({"plane": "skew"}, "plane"),
        ({"frame": None}, "frame"),
        ({**FILM, "frame": 0}, "frame"),
        ({"points": ()}, "points"),
        ({"points": ((0.0, 0.0, 0.0), (1.0, 1.0, 1.0))}, "points"),
        ({"kind": "defect"}, "points"),
        ({"points": ((1.0, 2.0),)}, "points"),
        ({**FILM, "points": ((1.0, 2.0, 3.0),)}, "points"),
        ({"points": ((1.0, math.nan, 3.0),)}, "points"),
        ({"slice_mm": math.inf}, "points"),
        ({"window": (math.nan, 0.0)}, "points"),
        ({"slice_step_mm": 0.0}, "slice_step_mm"),
        ({"slice_step_mm": -1.5}, "slice_step_mm"),
    ],
)
def test_a_mark_that_lies_nowhere_is_refused(change, field):
    with pytest.raises(BadMarkError, match=field):
        Mark(**{**GOOD, **change})

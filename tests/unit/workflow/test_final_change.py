"""Final change = final follow-up - final baseline, whatever was scored, missed or adjudicated."""

from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reader_app.workflow.collected_timepoints import ReadCase, timepoints_of
from reader_app.workflow.final_scores import final_scores_of
from reader_app.workflow.score_tables import totals_table
from scoring_forms.domain.adjudication_rule import METHODS
from scoring_forms.domain.form import compose_form
from scoring_forms.domain.rules import RoundRules
from scoring_forms.domain.score import Score
from storage.study.records import AllocatedCase, AllocatedTimepoint, CollectedCase, RoundPlan, Visit

FORM = compose_form(["ramris_2003"], ["synovitis", "bone_erosion"])
ITEMS = tuple(FORM.items())
VISITS = (Visit("Baseline", 0), Visit("Early", 12), Visit("Late", 36))
LETTERS = {"Ann": "CAB", "Bo": "BCA", "Cy": "ACB"}
SUBJECTS = ("P01", "P02", "P03")
RULES = ("change:synovitis>2", "status:bone_erosion>2", "site>=3", "progression:synovitis", "all")

grades = st.integers(0, 3).map(lambda grade: Score(float(grade)))
entries = grades | st.sampled_from((Score(not_assessable="image_quality"), None))


@st.composite
def rounds(draw):
    """A plan and what came back: every cell a base grade, some cells of some readers other ones."""
    rules = tuple(draw(st.lists(st.sampled_from(RULES), min_size=1, max_size=3, unique=True)))
    method = draw(st.sampled_from(METHODS))
    adjudicated = draw(st.sets(st.sampled_from(SUBJECTS)))
    places = st.tuples(
        st.sampled_from(sorted(LETTERS)),
        st.sampled_from(SUBJECTS),
        st.integers(0, len(VISITS) - 1),
        st.integers(0, len(ITEMS) - 1),
    )
    other = draw(st.dictionaries(places, entries, max_size=12))
    seen = [one for one in product(LETTERS, SUBJECTS) if one[0] != "Cy" or one[1] in adjudicated]
    cases = tuple(_case(reader, subject, other) for reader, subject in seen)
    labels = tuple(visit.label for visit in VISITS)
    fixed = ("RAMRIS", FORM, "paired", labels, ("Ann", "Bo"), 0.0, 7, rules, "readings", RoundRules(), method)
    return RoundPlan(*fixed), cases


def _case(reader, subject, other):
    letters = dict(zip(LETTERS[reader], VISITS, strict=True))
    sheet = {}
    for letter in letters:
        visit = VISITS.index(letters[letter])
        for place, item in enumerate(ITEMS):
            score = other.get((reader, subject, visit, place), Score(1.0))
            if score is not None:
                sheet[item.cell(letter)] = score
    timepoints = tuple(AllocatedTimepoint(letter, visit.label) for letter, visit in letters.items())
    case = AllocatedCase(f"{reader}{subject}", 1, subject, "R", False, timepoints)
    return ReadCase(reader, reader, case, CollectedCase(case.code, {}, "", sheet))


@settings(max_examples=60, deadline=None, database=None)
@given(rounds())
def test_final_change_is_final_follow_up_minus_final_baseline_for_every_subject_and_feature(a_round):
    plan, cases = a_round
    before = [dict(one.collected.sheet) for one in cases]
    final = final_scores_of(plan, cases)
    table = totals_table(timepoints_of(cases, VISITS), FORM, plan.title, final, 0.8)
    names = [column.name for column in table.columns]
    rows = [dict(zip(names, row, strict=True)) for row in table.rows]
    total: dict[tuple[Any, ...], Any] = {
        (row["subject"], row["reader"], row["feature"], row["visit"]): row["total"] for row in rows
    }
    features = {row["feature"] for row in rows}
    for subject, feature, late in product(SUBJECTS, features, ("Early", "Late")):
        chosen = final[subject].readers
        if not chosen:
            assert (subject, "final", feature, late) not in total
            continue
        first, last = (total[subject, "final", feature, visit] for visit in ("Baseline", late))
        own = [[total[subject, reader, feature, visit] for visit in ("Baseline", late)] for reader in chosen]
        if None in (first, last):
            assert any(None in both for both in own)
            continue
        changes = [after - at_first for at_first, after in own]
        assert last - first == pytest.approx(sum(changes) / len(changes))
    assert [dict(one.collected.sheet) for one in cases] == before


@settings(max_examples=60, deadline=None, database=None)
@given(rounds())
def test_every_final_score_has_an_origin_that_says_whose_mean_it_is(a_round):
    plan, cases = a_round
    counts = {
        "primary_mean": 2,
        "mean_of_two_closest": 2,
        "mean_of_three": 3,
        "adjudicator": 1,
        "consensus": 1,
    }
    adjudicated = {one.case.subject for one in cases if one.reader == "Cy"}
    for subject, one in final_scores_of(plan, cases).items():
        assert len(one.readers) == counts.get(one.origin, 0)
        assert ("Cy" in one.readers) <= (subject in adjudicated)
        if one.origin == "adjudication_pending":
            assert subject not in adjudicated
        elif one.origin in ("adjudicator", "consensus"):
            assert one.readers == ("Cy",)
            assert one.origin == plan.method
        elif one.origin == "primary_mean":
            assert one.readers == plan.readers

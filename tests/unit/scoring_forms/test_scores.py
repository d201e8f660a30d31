from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring_forms.domain.completeness import missing_cells
from scoring_forms.domain.errors import BadReasonError, ScoreOutOfRangeError, UnknownCellError
from scoring_forms.domain.form import compose_form
from scoring_forms.domain.known import known_sites
from scoring_forms.domain.score import Cell, Score
from scoring_forms.domain.scoring_system import Feature
from scoring_forms.domain.totals import totals

FORMS = {system: compose_form([system]) for system in ("ramris_2003", "sharp_1985")}
SCAPHOID = Cell("A", "ramris_2003", "bone_erosion", None, "scaphoid")


@st.composite
def filled_sheets(draw):
    form = FORMS[draw(st.sampled_from(sorted(FORMS)))]
    sheet = {}
    for cell in form.cells(["A"]):
        grade = draw(st.integers(0, int(form.item(cell).feature.maximum)) | st.sampled_from([None, "n/a"]))
        if grade == "n/a":
            sheet[cell] = Score(not_assessable="surgery")
        elif grade is not None:
            sheet[cell] = Score(float(grade))
    return form, sheet


@given(filled_sheets())
def test_totals_equal_an_independent_sum_and_vanish_with_the_first_missing_site(form_and_sheet):
    form, sheet = form_and_sheet
    for part in form.parts:
        summed = {
            total.feature: total for total in totals(form, sheet, "A") if total.system == part.system.id
        }
        for feature in part.scored:
            cells = [cell for cell in form.cells(["A"]) if cell.feature == feature.id]
            values = [sheet[cell].value for cell in cells if cell in sheet and sheet[cell].value is not None]
            assert summed[feature.id].n_sites == len(cells)
            assert summed[feature.id].n_missing == len(cells) - len(values)
            assert summed[feature.id].value == (sum(values) if len(values) == len(cells) else None)


@given(filled_sheets())
def test_missing_cells_are_those_without_any_entry(form_and_sheet):
    form, sheet = form_and_sheet
    missing = set(missing_cells(form, sheet, ["A"]))
    assert missing | set(sheet) == set(form.cells(["A"]))
    assert not missing & set(sheet)


def test_erosion_grade_one_everywhere_counts_every_bone_once():
    form = FORMS["ramris_2003"]
    sheet = {cell: Score(1.0) for cell in form.cells(["A"])}
    values = {total.feature: total.value for total in totals(form, sheet, "A")}
    assert (values["bone_erosion"], values["eroded_bone_count"]) == (23, 23)


def test_all_zero_is_a_total_of_zero_and_nothing_entered_is_no_total():
    form = FORMS["sharp_1985"]
    zeros = {cell: Score(0.0) for cell in form.cells(["A"])}
    assert {total.value for total in totals(form, zeros, "A")} == {0}
    assert {total.value for total in totals(form, {}, "A")} == {None}


@pytest.mark.parametrize("value", [-1.0, 11.0, 0.5, float("nan")])
def test_a_value_off_the_scale_is_refused(value):
    with pytest.raises(ScoreOutOfRangeError, match="from 0 to 10"):
        FORMS["ramris_2003"].validate(SCAPHOID, Score(value))


def test_half_steps_are_grades_only_where_the_step_says_so():
    feature = Feature("e", "E", "E", (known_sites()["scaphoid"],), maximum=3.5, step=0.5)
    assert [value for value in (0, 0.5, 0.75, 3.5, 4) if feature.allows(value)] == [0, 0.5, 3.5]


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"system": "x"}, "scoring system"),
        ({"feature": "eroded_bone_count"}, "feature"),
        ({"site": "mcp1"}, "site"),
        ({"side": "L"}, "side"),
    ],
)
def test_a_cell_the_form_does_not_have_is_refused(change, what):
    with pytest.raises(UnknownCellError, match=what):
        FORMS["ramris_2003"].validate(replace(SCAPHOID, **change), Score(1.0))


def test_not_assessable_needs_a_known_reason_and_other_needs_words():
    form = FORMS["ramris_2003"]
    form.validate(SCAPHOID, Score(not_assessable="surgery"))
    form.validate(SCAPHOID, Score(not_assessable="other", comment="ring on the finger"))
    with pytest.raises(BadReasonError, match="not known"):
        form.validate(SCAPHOID, Score(not_assessable="tired"))
    with pytest.raises(BadReasonError, match="few words"):
        form.validate(SCAPHOID, Score(not_assessable="other", comment="  "))

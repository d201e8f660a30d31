import numpy as np
import pytest

from scoring_forms.analysis.missing_sites import common_site_change
from scoring_forms.analysis.score_cube import ReadCase, score_cube
from scoring_forms.domain.form import compose_form
from scoring_forms.domain.measures import measures
from scoring_forms.domain.systems import available_systems
from scoring_forms.domain.totals import totals
from tests.unit.scoring_forms.analysis.rounds import random_cases, read_case

VISITS = ("week 0", "week 12")


@pytest.mark.parametrize("system", available_systems())
@pytest.mark.parametrize("missing", [0.0, 0.02])
def test_the_totals_of_the_array_are_those_that_readers_see(system, missing):
    form = compose_form([system])
    cases = random_cases(form, ("S1", "S2"), VISITS, ("Ann", "Bo"), missing=missing)
    cube = score_cube(form, cases, ("S1", "S2"), VISITS, ("Ann", "Bo"))
    for case in cases:
        row, layer = cube.subjects.index(case.subject), cube.readers.index(case.reader)
        for letter, visit in case.visits.items():
            at = (row, VISITS.index(visit), layer)
            expected = totals(form, case.sheet, letter)
            assert [(one.system, one.feature) for one in expected] == [
                (measure.system, measure.feature) for measure in cube.measures
            ]
            for total, measure in zip(expected, cube.measures, strict=True):
                found = cube.totals(measure)[at]
                assert total.value == (None if np.isnan(found) else found)
                assert total.n_sites == len(measure.units)


def test_a_round_of_two_systems_keeps_their_totals_apart():
    form = compose_form(["ramris_2003", "tenosynovitis_haavardsholm_2007"])
    names = [measure.name for measure in measures(form)]
    assert "ramris_2003.synovitis" in names
    assert "tenosynovitis_haavardsholm_2007.tenosynovitis" in names
    assert len(set(names)) == len(names)


def test_a_visit_read_as_its_own_case_finds_its_place():
    form = compose_form(["ramris_2003"], ["synovitis"])
    late = read_case(form, "S1", "Ann", {"week 12": [2.0] * 7})
    early = read_case(form, "S1", "Ann", {"week 0": [1.0] * 7})
    cube = score_cube(form, [late, early], ("S1", "S2"), VISITS, ("Ann",))
    assert cube.totals(cube.measures[0])[0, :, 0].tolist() == [7, 14]
    assert cube.read[:, :, 0].tolist() == [[True, True], [False, False]]


def test_other_readers_visits_and_features_are_left_out():
    form = compose_form(["ramris_2003"])
    narrow = compose_form(["ramris_2003"], ["synovitis"])
    (case, other) = random_cases(form, ("S1",), VISITS, ("Ann", "Bo"))
    cube = score_cube(narrow, [case, other], ("S1",), ("week 12",), ("Ann",))
    assert cube.grades.shape == (1, 1, 1, 7)
    assert not np.isnan(cube.grades).any()
    stranger = ReadCase("S9", "Ann", case.visits, case.sheet)
    assert np.isnan(score_cube(narrow, [stranger], ("S1",), VISITS, ("Ann",)).grades).all()


def test_change_over_common_sites_leaves_out_what_one_visit_lacks():
    form = compose_form(["ramris_2003"], ["synovitis"])
    grades = {"week 0": [1.0, None, *[0.0] * 5], "week 12": [3.0, 3.0, *[0.0] * 5]}
    cube = score_cube(form, [read_case(form, "S1", "Ann", grades)], ("S1",), VISITS, ("Ann",))
    units = cube.units(cube.measures[0])[:, :, 0]
    found = common_site_change(units[:, 0], units[:, 1])
    assert (found.change.tolist(), found.n_common.tolist(), found.n_sites) == ([2], [6], 7)
    assert np.isnan(cube.totals(cube.measures[0])[0, 0, 0])

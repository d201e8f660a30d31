import pytest

from reader_app.workflow.series_roles import fill_roles, never_both
from storage.study.records import StoredSeries

FEET = ("xr_foot_left", "xr_foot_right")


def series(role):
    return StoredSeries(f"1.{role}", "1", "S01", "week 0", "DX", role, role, "by its name")


def filled(roles, *found):
    return {status.role: (len(status.series), status.blocks) for status in fill_roles(found, roles, None)}


def test_a_film_of_both_feet_stands_for_a_film_of_each():
    roles = ("xr_pa_left", "xr_pa_right", *FEET)
    assert filled(roles, series("xr_pa_both"), series("xr_foot_both")) == {
        "xr_pa_both": (1, False),
        "xr_foot_both": (1, False),
    }


def test_a_film_of_one_foot_beside_a_film_of_both_is_ambiguous():
    assert filled(FEET, series("xr_foot_both"), series("xr_foot_left")) == {
        "xr_foot_left": (1, False),
        "xr_foot_both": (1, True),
    }


def test_a_film_of_both_hands_says_nothing_of_the_feet():
    assert filled(FEET, series("xr_pa_both")) == {"xr_foot_left": (0, False), "xr_foot_right": (0, False)}


@pytest.mark.parametrize(
    ("visits", "region"),
    [
        ((["xr_pa_left"], ["xr_pa_right"]), "hands"),
        ((["xr_pa_left"], ["xr_pa_left", "xr_pa_right"]), ""),
        ((["xr_pa_left"], ["xr_pa_both"]), ""),
        ((["xr_pa_both", "xr_foot_left"],), "feet"),
        ((["xr_pa_both"],), ""),
        (([],), ""),
    ],
)
def test_films_of_one_side_only_are_found_where_both_are_read(visits, region):
    roles = ("xr_pa_left", "xr_pa_right", *FEET)
    assert never_both(fill_roles(map(series, found), roles, None) for found in visits) == region


def test_a_form_of_one_side_misses_no_other():
    assert never_both([fill_roles([series("xr_pa_left")], ["xr_pa_left"], None)]) == ""

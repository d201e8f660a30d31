"""Which layouts a reading offers: its form decides which series it holds."""

from reader_app.reading.layout_choice import offered
from viewer.display.hanging import layouts

MR, FILMS = layouts("MR"), layouts("CR/DX")
ALL_MR = ("cor_t1_pre", "cor_t1_post", "cor_stir", "ax_t1_pre", "ax_t1_post")


def by_id(roles, standard=MR):
    return {layout.id: layout.roles for layout in offered(standard, roles)}


def test_a_form_read_from_every_series_has_every_layout_as_it_is():
    assert offered(MR, ALL_MR) == MR


def test_a_series_that_the_form_is_not_read_from_takes_no_column():
    found = by_id(("cor_t1_pre", "cor_t1_post", "ax_t1_pre", "ax_t1_post"))
    assert found["coronal"] == ("cor_t1_pre", "cor_t1_post")
    assert found["axial"] == ("ax_t1_pre", "ax_t1_post")


def test_a_difference_needs_both_of_its_series_and_a_cut_its_own():
    found = by_id(("cor_t1_pre", "cor_stir"))
    assert not any("-" in role for roles in found.values() for role in roles)
    assert found["planes"] == ("cor_t1_pre", "cor_t1_pre@axial", "cor_t1_pre@sagittal")


def test_no_two_layouts_show_the_same():
    found = offered(MR, ("cor_t1_pre",))
    assert len({(layout.timepoints, layout.roles) for layout in found}) == len(found)


def test_feet_are_offered_where_feet_are_scored_only():
    hands = by_id(("xr_pa_right", "xr_pa_left"), FILMS)
    assert hands
    assert not any("foot" in role or "feet" in role for roles in hands.values() for role in roles)


def test_a_form_that_no_layout_has_a_column_for_keeps_the_layouts_that_say_so():
    assert offered(MR, ("unheard_of",)) == MR

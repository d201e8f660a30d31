"""In which order cells are filled in, what keys mean, and how a site is found by its name."""

import pytest

from scoring_forms.domain.entry import form_pages, half_step_more, matching_sites, typed_digit
from scoring_forms.domain.form import compose_form
from scoring_forms.domain.systems import available_systems, load_system

RAMRIS = load_system("ramris_2003")
EROSION = RAMRIS.feature("bone_erosion")
GENANT = load_system("genant_1998")


def every_feature():
    return [
        feature
        for system_id in available_systems()
        for feature in load_system(system_id).features
        if not feature.count_of
    ]


@pytest.mark.parametrize("by_bone", [False, True])
@pytest.mark.parametrize("across", [False, True])
@pytest.mark.parametrize("system_id", available_systems())
def test_every_cell_of_a_form_stands_on_one_page_once(system_id, across, by_bone):
    form = compose_form([system_id])
    pages = form_pages(form, "AB", by_bone=by_bone)
    cells = [cell for page in pages for cell in page.cells(across=across)]
    assert len(cells) == len(set(cells))
    assert set(cells) == set(form.cells("AB"))


def test_by_bone_oedema_and_erosion_share_a_row_and_synovitis_has_its_own_page():
    pages = form_pages(compose_form(["ramris_2003"]), "AB", by_bone=True)
    assert [[feature.id for feature in page.features] for page in pages] == [
        ["synovitis"],
        ["bone_oedema", "bone_erosion"],
    ]


def test_by_bone_both_features_of_a_bone_come_before_the_next_bone():
    page = form_pages(compose_form(["ramris_2003"]), "AB", by_bone=True)[1]
    first = [(cell.timepoint, cell.site, cell.feature) for cell in page.cells(across=False)][:3]
    assert first == [
        ("A", "mc1_base", "bone_oedema"),
        ("A", "mc1_base", "bone_erosion"),
        ("A", "mc2_base", "bone_oedema"),
    ]


def test_across_a_site_is_read_at_every_timepoint_before_the_next_site():
    page = form_pages(compose_form(["ramris_2003"]), "AB")[0]
    order = [(cell.site, cell.timepoint) for cell in page.cells(across=True)]
    assert order[:3] == [("distal_radioulnar", "A"), ("distal_radioulnar", "B"), ("radiocarpal", "A")]


def test_of_both_hands_the_right_one_comes_first():
    page = form_pages(compose_form(["sharp_1985"]), "AB")[0]
    assert [(column.timepoint, column.side) for column in page.columns] == [
        ("A", "R"),
        ("A", "L"),
        ("B", "R"),
        ("B", "L"),
    ]


def test_both_ends_of_a_toe_joint_stand_beside_the_joint():
    page = form_pages(compose_form(["svdh_hands_feet"]), "A", by_bone=True)[1]
    assert [site.id for site in page.sites][:4] == ["mtp1_proximal", "mtp1_distal", "mtp1", "mtp2_proximal"]


def test_a_one_may_become_a_ten_and_no_other_digit_waits():
    assert typed_digit(EROSION, 1, None).open
    assert typed_digit(EROSION, 0, 1).value == 10
    assert typed_digit(EROSION, 1, 1) is None
    assert not any(typed_digit(EROSION, digit, None).open for digit in (0, 2, 3, 4, 5, 6, 7, 8, 9))


@pytest.mark.parametrize(("value", "more"), [(0, 0.5), (3, 3.5), (3.5, None), (2.5, None)])
def test_a_half_step_is_added_once_and_not_past_the_scale(value, more):
    assert half_step_more(GENANT.feature("erosion"), value) == more


def test_where_there_are_no_half_steps_none_is_added():
    assert half_step_more(EROSION, 2) is None


@pytest.mark.parametrize("feature", every_feature(), ids=lambda feature: feature.abbreviation)
def test_every_site_is_the_first_that_its_abbreviation_finds(feature):
    for site in feature.scored_sites:
        assert matching_sites(feature.scored_sites, site.abbreviation)[0] == site


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("scaph", ["scaphoid"]),
        ("SCA", ["scaphoid"]),
        ("mc2", ["mc2_base", "mc2_head"]),
        ("rad", ["distal_radius"]),
        ("uln", ["distal_ulna"]),
        ("navi", ["scaphoid"]),
        ("femur", []),
        ("", []),
    ],
)
def test_letters_find_sites_by_abbreviation_and_by_word(typed, found):
    assert [site.id for site in matching_sites(EROSION.scored_sites, typed)] == found

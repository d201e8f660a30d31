import re

from hypothesis import given
from hypothesis import strategies as st

from storage.tables.names import short_names, spss_names


def test_a_long_name_keeps_its_beginning_and_its_site():
    name = "joint_space_narrowing.L.capitate_scaphoid_lunate.na"
    assert short_names([name]) == ("joint_spa__caphoid_lunate_na",)


def test_names_that_become_the_same_are_numbered_in_the_order_of_the_columns():
    names = ["erosion.L.mcp2", "erosion_L_mcp2", "Erosion_L_MCP2", "erosion_l_mcp2_2"]
    assert short_names(names) == (
        "erosion_L_mcp2",
        "erosion_L_mcp2_3",
        "Erosion_L_MCP2_4",
        "erosion_l_mcp2_2",
    )


def test_words_that_the_programs_keep_for_themselves_are_changed():
    assert spss_names(["TO", "with", "week", "1st", "end."]) == ("v_TO", "v_with", "week", "v_1st", "end")
    assert short_names(["if", "str10", "week", "1st", "_N_"]) == ("v_if", "v_str10", "week", "v_1st", "v__N_")


@given(st.lists(st.text(max_size=80), max_size=30))
def test_every_name_is_allowed_unique_and_the_same_every_time(names):
    for found, limit, allowed in (
        (spss_names(names), 64, r"[A-Za-z][A-Za-z0-9_.]*(?<!\.)"),
        (short_names(names), 28, r"[A-Za-z_][A-Za-z0-9_]*"),
    ):
        assert len(found) == len(names) == len({name.lower() for name in found})
        assert all(len(name) <= limit and re.fullmatch(allowed, name) for name in found)
    assert spss_names(names) == spss_names(names)

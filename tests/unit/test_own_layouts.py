"""What the reader's own layouts may hold, and what becomes of remembered ones that cannot be shown."""

import json

import pytest

from reader_app.reading.own_layouts import (
    MOST_PICTURES,
    from_text,
    layout_refusal,
    offered_roles,
    own_layout,
    pictures_of,
    to_text,
)
from viewer.display.hanging import layouts

STANDARD = layouts("MR")
ROLES = offered_roles(("cor_t1_pre",), STANDARD)
BLOCK = ("cor_t1_pre", "cor_t1_post", "cor_stir", "cor_t1_pre@axial")


def test_a_layout_fits_any_number_of_timepoints():
    block = own_layout("Block", "MR", "rows", BLOCK, 2)
    for letters in ("A", "AB", "ABCDE"):
        cells = block.grid(letters)
        assert [len(row) for row in cells] == [2] * (2 * len(letters))
        assert [key for row in cells for key in row] == [
            (letter, role) for letter in letters for role in BLOCK
        ]
    across = own_layout("Block", "MR", "columns", BLOCK, 2)
    assert across.grid("ABC") == tuple(zip(*block.grid("ABC"), strict=True))


def test_pictures_that_do_not_fill_the_lines_are_no_grid():
    with pytest.raises(ValueError, match="3 pictures"):
        own_layout("Odd", "MR", "rows", BLOCK[:3], 2).grid("A")


def test_series_cuts_and_differences_are_offered():
    pictures = pictures_of(("cor_t1_pre", "cor_t1_post", "ax_t1_post"))
    assert pictures[:3] == ("cor_t1_pre", "cor_t1_post", "ax_t1_post")
    assert {"cor_t1_pre@axial", "cor_t1_pre@sagittal", "ax_t1_post@coronal"} < set(pictures)
    assert [role for role in pictures if "-" in role] == ["cor_t1_post-cor_t1_pre"]
    assert pictures_of(("xr_pa_left",)) == ("xr_pa_left",)
    assert len(pictures_of(ROLES)) == len(set(pictures_of(ROLES)))


@pytest.mark.parametrize(
    ("title", "roles", "lines", "words"),
    [
        ("  ", BLOCK, 1, "name"),
        ("coronal", BLOCK, 1, "“coronal” already"),
        ("x" * 41, BLOCK, 1, "longer than 40"),
        ("Mine", (), 1, "at least one"),
        ("Mine", BLOCK[:3], 2, "3 pictures do not fill 2 lines"),
        ("Mine", ("cor_stir",) * (MOST_PICTURES + 1), 1, "at most 12"),
        ("Mine", BLOCK, 2, ""),
    ],
)
def test_a_layout_that_cannot_be_saved_is_refused_in_a_sentence(title, roles, lines, words):
    refusal = layout_refusal(own_layout(title, "MR", "rows", roles, lines), STANDARD)
    assert words in refusal
    assert bool(refusal) == bool(words)


def test_layouts_come_back_as_they_were_saved():
    saved = (
        own_layout("Block", "MR", "rows", BLOCK, 2),
        own_layout("Flat & wide", "MR", "columns", BLOCK, 1),
    )
    assert from_text(to_text(saved), STANDARD, ROLES) == saved


GOOD = {"title": "Good", "timepoints": "rows", "roles": ["cor_stir"], "lines": 1}


@pytest.mark.parametrize(
    "change",
    [
        {"title": 7},
        {"title": "Coronal"},
        {"timepoints": "diagonal"},
        {"roles": ["week_12"]},
        {"roles": ["cor_stir", "cor_stir"]},
        {"roles": 3},
        {"roles": [["cor_stir"]]},
        {"roles": []},
        {"lines": 0},
        {"lines": True},
        {"lines": "1"},
    ],
)
def test_a_remembered_layout_that_makes_no_sense_is_left_out(change):
    text = json.dumps([{**GOOD, **change}, GOOD, GOOD])
    assert [layout.title for layout in from_text(text, STANDARD, ROLES)] == ["Good"]


@pytest.mark.parametrize("text", [None, "", "{", "7", "null", "{}", '["x", 3, null, {}]', "[" * 5000])
def test_damaged_memory_holds_no_layouts(text):
    assert from_text(text, STANDARD, ROLES) == ()

import math
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring_forms.domain.errors import NoEstimateError
from scoring_forms.domain.marks import Mark
from scoring_forms.domain.score import Cell
from scoring_forms.domain.volume_fraction import estimate_volume, implied_grade, polygon_area

CELL = Cell("A", "ramris_2003", "bone_erosion", None, "scaphoid")


def outline(kind, corners, number, step=1.5):
    points = tuple((float(x), 0.75 + number * step, float(z)) for x, z in corners)
    return Mark(0, CELL, kind, points, 1, "cor_t1_pre", "coronal", 0.75 + number * step, step, (400.0, 200.0))


def square(kind, side, number, at=0.0):
    return outline(kind, [(at, at), (at + side, at), (at + side, at + side), (at, at + side)], number)


BONE = [square("bone", 10, number) for number in range(4)]


@st.composite
def drawn_bones(draw):
    """Star-shaped outlines with a smaller star of the same middle as the defect, on neighbouring slices."""
    outlines, areas = [], {"bone": 0.0, "defect": 0.0}
    for number in range(draw(st.integers(1, 4))):
        radii = draw(st.lists(st.floats(2, 9), min_size=3, max_size=9))
        for kind, scale in (("bone", 1.0), ("defect", draw(st.floats(0.05, 1.0)))):
            turn = [2 * math.pi * corner / len(radii) for corner in range(len(radii))]
            corners = [
                (r * scale * math.cos(a), r * scale * math.sin(a)) for r, a in zip(radii, turn, strict=True)
            ]
            outlines.append(outline(kind, corners, number))
            around = zip(corners, corners[1:] + corners[:1], strict=True)
            areas[kind] += abs(sum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in around)) / 2
    return outlines, areas


def test_a_defect_of_a_quarter_of_every_slice_is_a_quarter_of_the_bone():
    found = estimate_volume("tenths", [*BONE, *(square("defect", 5, number, at=1) for number in range(4))])
    assert (found.bone_mm3, found.defect_mm3, found.slices) == (600, 150, 4)
    assert (found.share, found.grade) == (0.25, 3)
    thirds = estimate_volume("thirds", [*BONE, square("defect", 5, 2), square("defect", 3, 2, at=6)])
    assert (thirds.share, thirds.grade) == (pytest.approx(34 / 400), 1)


@given(drawn_bones())
def test_the_share_is_that_of_the_areas_drawn(drawn):
    outlines, areas = drawn
    found = estimate_volume("tenths", outlines)
    assert found.bone_mm3 == pytest.approx(areas["bone"] * 1.5)
    assert found.share == pytest.approx(areas["defect"] / areas["bone"])
    assert 1 <= found.grade <= 10


@given(drawn_bones(), st.lists(st.floats(-3, 3), min_size=3, max_size=3), st.permutations(range(8)))
def test_turning_the_patient_or_drawing_in_another_order_changes_nothing(drawn, angles, order):
    outlines, _ = drawn
    before = estimate_volume("tenths", outlines)
    x, y, z = angles
    turn = (
        np.array([[1, 0, 0], [0, math.cos(x), -math.sin(x)], [0, math.sin(x), math.cos(x)]])
        @ np.array([[math.cos(y), 0, math.sin(y)], [0, 1, 0], [-math.sin(y), 0, math.cos(y)]])
        @ np.array([[math.cos(z), -math.sin(z), 0], [math.sin(z), math.cos(z), 0], [0, 0, 1]])
    )
    turned = [
        replace(one, points=tuple(tuple((turn @ np.array(point)).tolist()) for point in one.points[::-1]))
        for one in outlines
    ]
    shuffled = [turned[place] for place in order if place < len(turned)]
    after = estimate_volume("tenths", shuffled)
    assert after.share == pytest.approx(before.share)
    assert after.bone_mm3 == pytest.approx(before.bone_mm3)
    assert after.slices == before.slices


@given(st.integers(0, 10_000))
def test_grades_are_tenths_and_thirds_of_the_volume_and_only_nothing_is_zero(per_myriad):
    share = Fraction(per_myriad, 10_000)
    assert implied_grade("tenths", float(share)) == math.ceil(share * 10)
    third = 0 if share == 0 else 1 if share <= Fraction(1, 3) else 2 if share <= Fraction(2, 3) else 3
    assert implied_grade("thirds", float(share)) == third


def test_sums_of_rounded_areas_do_not_tip_a_grade():
    assert implied_grade("tenths", 0.1 + 0.2) == 3
    assert implied_grade("thirds", 1 / 3) == 1
    assert implied_grade("tenths", 1e-12) == 1


def test_an_area_is_the_same_whichever_corner_comes_first():
    corners = [(0.0, 0.0, 1.0), (4.0, 0.0, 1.0), (4.0, 3.0, 1.0), (0.0, 3.0, 1.0)]
    assert {polygon_area(corners[first:] + corners[:first]) for first in range(4)} == {12.0}


@pytest.mark.parametrize(
    ("marks", "reason"),
    [
        ([], "no bone"),
        ([square("defect", 2, 0)], "no bone"),
        (BONE, "no defect"),
        ([BONE[0], BONE[2], square("defect", 2, 0)], "no outline on 1 slice"),
        ([BONE[0], BONE[3], square("defect", 2, 0)], "no outline on 2 slices"),
        ([*BONE, square("defect", 2, 4)], "slice where the bone is not"),
        ([*BONE, square("defect", 11, 1)], "larger than the bone"),
        ([*BONE, square("defect", 8, 1), square("defect", 8, 1)], "larger than the bone"),
        ([*BONE, replace(square("defect", 2, 1), role="ax_t1_pre")], "more than one series"),
        ([*BONE, replace(square("defect", 2, 1), frame=2)], "more than one series"),
        ([replace(one, slice_step_mm=None) for one in [BONE[0], square("defect", 2, 0)]], "distance between"),
        ([replace(one, slice_mm=None) for one in [BONE[0], square("defect", 2, 0)]], "distance between"),
        ([*BONE, outline("defect", [(0, 0), (4, 4), (4, 0), (0, 3)], 1)], "crosses itself"),
        ([*BONE, outline("defect", [(0, 0), (4, 4), (2, 2)], 1)], "encloses nothing"),
    ],
)
def test_without_the_outlines_it_takes_there_is_no_estimate(marks, reason):
    with pytest.raises(NoEstimateError, match=reason):
        estimate_volume("tenths", marks)


def test_films_and_features_that_are_not_volumes_have_no_estimate():
    corners = ((0.0, 0.0), (1.0, 0.0), (0.0, 1.0))
    film = Mark(0, CELL, "bone", corners, None, "xr_pa_left", "film", None, None, (1.0, 1.0))
    with pytest.raises(NoEstimateError, match="film"):
        estimate_volume("tenths", [film, replace(film, kind="defect")])
    with pytest.raises(NoEstimateError, match="not graded by volume"):
        estimate_volume("", BONE)

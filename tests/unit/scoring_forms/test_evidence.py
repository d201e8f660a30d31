import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring_forms.domain.evidence import Gap, evidence_gaps, evidence_of
from scoring_forms.domain.form import compose_form
from scoring_forms.domain.marks import Mark
from scoring_forms.domain.rules import RoundRules
from scoring_forms.domain.score import Cell, Score

FORM = compose_form(["ramris_2016"])
SCAPHOID = Cell("A", "ramris_2016", "bone_erosion", None, "scaphoid")
RULES = RoundRules(evidence="required")
PLANES = ("coronal", "axial", "sagittal", "oblique")
places = st.tuples(*[st.floats(-100, 100)] * 3)


def mark(
    plane="coronal", at=(0.0, 0.0, 0.0), *, frame=1, broken=False, cell=SCAPHOID, slice_mm=0.0, step=1.5
):
    role = f"{plane[:3]}_t1_pre"
    return Mark(0, cell, "point", (at,), frame, role, plane, slice_mm, step, (400.0, 200.0), broken)


def slices(*numbers, **more):
    return [mark("axial", slice_mm=0.7 + 1.5 * number, **more) for number in numbers]


marks_anywhere = st.lists(
    st.builds(
        lambda plane, at, frame, broken: mark(plane, at, frame=frame, broken=broken),
        st.sampled_from(PLANES),
        places,
        st.integers(1, 2),
        st.booleans(),
    ),
    max_size=6,
)


def test_one_plane_is_no_erosion_yet_and_a_second_one_needs_to_show_the_same_place():
    coronal = mark("coronal", broken=True)
    assert not evidence_of("two_planes", [], RULES).complete
    alone = evidence_of("two_planes", [coronal, mark("coronal")], RULES)
    assert (alone.planes, alone.complete) == (("coronal",), False)
    assert "second plane" in alone.words
    near = evidence_of("two_planes", [coronal, mark("axial", (3.0, 0.0, 0.0))], RULES)
    assert (near.distance_mm, near.same_place, near.complete) == (3.0, True, True)
    assert near.words == "coronal and axial, 3.0 mm apart, cortical break seen"
    far = evidence_of("two_planes", [coronal, mark("axial", (3.1, 0.0, 0.0))], RULES)
    assert not far.complete
    assert "too far" in far.words
    assert evidence_of(
        "two_planes", [coronal, mark("axial", (3.1, 0.0, 0.0))], RoundRules(same_place_mm=4)
    ).complete


def test_two_planes_without_a_break_in_the_cortex_are_not_enough():
    shown = evidence_of("two_planes", [mark("coronal"), mark("axial")], RULES)
    assert shown.same_place
    assert not shown.complete
    assert "tick the cortical break" in shown.words


def test_marks_of_two_examinations_and_outlines_prove_nothing():
    apart = evidence_of("two_planes", [mark("coronal", broken=True), mark("axial", frame=2)], RULES)
    assert (apart.distance_mm, apart.complete) == (None, False)
    assert "coordinates" in apart.words
    corners = ((0.0, 0.0, 0.0), (1.0, 0.0, 0.0), (0.0, 0.0, 1.0))
    outline = replace(mark("axial"), kind="defect", points=corners)
    assert evidence_of("two_planes", [mark("coronal", broken=True), outline], RULES).planes == ("coronal",)


@given(marks_anywhere)
def test_two_plane_evidence_is_what_a_search_of_all_pairs_says(marks):
    shown = evidence_of("two_planes", marks, RULES)
    ways = [
        math.dist(one.points[0], other.points[0])
        for one in marks
        for other in marks
        if one.plane != other.plane and one.frame == other.frame
    ]
    assert shown.planes == tuple(plane for plane in PLANES if plane in {one.plane for one in marks})
    assert shown.distance_mm == (min(ways) if ways else None)
    broken = any(one.cortical_break for one in marks)
    assert shown.complete == (bool(ways) and min(ways) <= 3 and broken)
    assert evidence_of("two_planes", marks[::-1], RULES) == shown


@given(marks_anywhere, places)
def test_where_the_patient_lies_changes_nothing(marks, moved):
    there = [
        replace(one, points=(tuple(a + b for a, b in zip(one.points[0], moved, strict=True)),))
        for one in marks
    ]
    before, after = (evidence_of("two_planes", some, RULES) for some in (marks, there))
    assert before.planes == after.planes
    assert before.distance_mm == pytest.approx(after.distance_mm, abs=1e-9)


@pytest.mark.parametrize(
    ("numbers", "run"),
    [
        ((), 0),
        ((4,), 1),
        ((4, 4, 4), 1),
        ((4, 5), 2),
        ((4, 6, 8), 1),
        ((6, 4, 5), 3),
        ((1, 2, 7, 8, 9, 8), 3),
    ],
)
def test_tenosynovitis_counts_neighbouring_slices_of_one_series(numbers, run):
    shown = evidence_of("three_slices", slices(*numbers), RULES)
    assert (shown.slices, shown.complete) == (run, run >= 3)
    assert shown.words == f"on {min(run, 3)} of 3 consecutive slices"


def test_slices_of_two_series_or_two_cuts_do_not_make_one_run():
    other = [replace(one, role="ax_t1_post") for one in slices(6)]
    cut = [replace(one, plane="coronal") for one in slices(6)]
    for more in (other, cut):
        assert evidence_of("three_slices", [*slices(4, 5), *more], RULES).slices == 2
    single = [mark("axial", step=None), mark("axial", step=None, slice_mm=1.5)]
    assert evidence_of("three_slices", single, RULES).slices == 1


@given(st.sets(st.integers(-20, 20), max_size=12), st.floats(0.2, 5), st.floats(-50, 50))
def test_the_longest_run_is_found_whatever_the_spacing(numbers, step, start):
    marks = [mark("axial", slice_mm=start + step * number, step=step) for number in numbers]
    longest = max((run for first in numbers for run in [_run(first, numbers)]), default=0)
    assert evidence_of("three_slices", marks, RULES).slices == longest


def _run(first, numbers):
    length = 0
    while first + length in numbers:
        length += 1
    return length


def test_gaps_are_grades_above_zero_without_evidence_in_the_order_of_the_form():
    lunate = replace(SCAPHOID, site="lunate")
    later = replace(SCAPHOID, timepoint="B")
    tendon = replace(SCAPHOID, feature="tenosynovitis", site="ext_2")
    sheet = {
        tendon: Score(1.0),
        later: Score(2.0),
        lunate: Score(1.0),
        SCAPHOID: Score(3.0),
        replace(SCAPHOID, site="hamate"): Score(0.0),
        replace(SCAPHOID, site="capitate"): Score(not_assessable="image_quality"),
        replace(SCAPHOID, feature="bone_oedema"): Score(3.0),
    }
    both = [mark("coronal", broken=True), mark("axial")]
    assert evidence_gaps(FORM, sheet, both, RULES) == (
        Gap(lunate, "no mark yet"),
        Gap(tendon, "on 0 of 3 consecutive slices"),
        Gap(later, "no mark yet"),
    )
    assert evidence_gaps(FORM, sheet, both, RoundRules()) == ()
    assert len(evidence_gaps(FORM, sheet, both, RoundRules(evidence="warn"))) == 3
    assert evidence_gaps(FORM, {tendon: Score(1.0)}, slices(1, 2, 3, cell=tendon), RULES) == ()

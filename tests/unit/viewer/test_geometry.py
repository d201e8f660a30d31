import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from viewer.imaging.geometry import Geometry, geometry_of, letter_of, plane_of

AXES = {"L": (1, 0, 0), "R": (-1, 0, 0), "P": (0, 1, 0), "A": (0, -1, 0), "H": (0, 0, 1), "F": (0, 0, -1)}
AXIS_ALIGNED = [
    (across, down, away)
    for across, down, away in itertools.permutations(AXES, 3)
    if not np.dot(AXES[across], AXES[down])
    and not np.dot(AXES[down], AXES[away])
    and not np.dot(AXES[across], AXES[away])
]

lengths = st.floats(0.05, 20)
places = st.floats(-500, 500)


@st.composite
def geometries(draw):
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    axes = np.linalg.qr(rng.normal(size=(3, 3)))[0]
    slices = draw(st.integers(1, 60))
    first = np.array([draw(places) for _ in range(3)])
    normal = np.cross(axes[0], axes[1])
    last = first + (slices - 1) * draw(lengths) * normal
    return geometry_of(
        first, last, axes[0], axes[1], (draw(lengths), draw(lengths)), (slices, draw(st.integers(1, 500)), 7)
    )


@given(geometries(), st.lists(st.tuples(places, places, places), min_size=1, max_size=5))
def test_an_index_comes_back_from_its_position(geometry, indices):
    assert geometry.index_of(geometry.position_of(indices)) == pytest.approx(np.array(indices), abs=1e-6)


@given(geometries(), st.tuples(places, places, places))
def test_slice_row_and_column_of_one_position_are_those_of_its_index(geometry, position):
    one_by_one = (geometry.slice_of(position), *geometry.row_column_of(position))
    assert one_by_one == pytest.approx(geometry.index_of(position), abs=1e-6)


@given(geometries())
def test_one_step_in_each_index_moves_by_the_spacing_along_its_direction(geometry):
    origin = geometry.position_of((0, 0, 0))
    step, row, column = geometry.spacing_mm
    assert geometry.position_of((0, 1, 0)) - origin == pytest.approx(geometry.row_direction * row)
    assert geometry.position_of((0, 0, 1)) - origin == pytest.approx(geometry.column_direction * column)
    assert geometry.position_of((1, 0, 0)) - origin == pytest.approx(geometry.normal * (step or 1.0))


def test_there_are_48_ways_along_the_axes_and_each_has_its_letters_and_plane():
    assert len(AXIS_ALIGNED) == 48
    for across, down, away in AXIS_ALIGNED:
        directions = [np.array(AXES[letter], float) for letter in (away, down, across)]
        affine = np.eye(4)
        affine[:3, :3] = np.column_stack(directions)
        geometry = Geometry(affine, (3, 4, 5), (1.0, 1.0, 1.0))
        assert letter_of(geometry.column_direction) == across
        assert letter_of(geometry.row_direction) == down
        assert letter_of(affine[:3, 0]) == away
        expected = {"L": "sagittal", "R": "sagittal", "A": "coronal", "P": "coronal"}.get(away, "axial")
        assert geometry.plane == expected


@pytest.mark.parametrize(
    ("degrees", "plane", "letters"), [(0, "axial", "H"), (24, "axial", "H"), (26, "oblique", "HP")]
)
def test_a_plane_is_the_nearest_axis_within_25_degrees_and_letters_agree(degrees, plane, letters):
    angle = np.deg2rad(degrees)
    normal = (0, np.sin(angle), np.cos(angle))
    assert plane_of(normal) == plane
    assert letter_of(normal) == letters


def test_a_single_slice_has_no_slice_spacing_and_counts_mm_off_its_plane():
    geometry = geometry_of((0, 0, 0), (0, 0, 0), (1, 0, 0), (0, 1, 0), (0.5, 0.5), (1, 10, 10))
    assert geometry.spacing_mm == (None, 0.5, 0.5)
    assert geometry.index_of((0, 0, 3)) == pytest.approx((3, 0, 0))


def test_a_sheared_stack_keeps_positions_and_gives_the_step_along_the_normal():
    geometry = geometry_of((0, 0, 0), (0, 3, 12), (1, 0, 0), (0, 1, 0), (1, 1), (4, 10, 10))
    assert geometry.position_of((2, 0, 0)) == pytest.approx((0, 2, 8))
    assert geometry.spacing_mm[0] == pytest.approx(4)


@pytest.mark.parametrize("affine", [np.zeros((4, 4)), np.full((4, 4), np.nan), np.eye(3)])
def test_an_affine_that_spans_no_volume_is_refused(affine):
    with pytest.raises(ValueError, match="affine"):
        Geometry(affine, (1, 1, 1), (None, 1, 1))


def test_the_affine_of_a_geometry_cannot_be_changed():
    with pytest.raises(ValueError, match="read-only"):
        geometry_of((0, 0, 0), (0, 0, 1), (1, 0, 0), (0, 1, 0), (1, 1), (2, 2, 2)).affine[0, 0] = 5

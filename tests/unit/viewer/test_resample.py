from dataclasses import replace

import numpy as np
import pytest
import SimpleITK as sitk  # noqa: N813 - the name its manual uses

from tests.unit.viewer.moved_hands import itk_image
from viewer.imaging.geometry import Geometry, geometry_of, letter_of
from viewer.imaging.registration import RigidTransform, register
from viewer.imaging.resample import (
    PlaneGrid,
    Reformatter,
    oblique_along,
    orthogonal,
    reformat,
    straightened,
    subtract,
    subtract_slice,
)
from viewer.imaging.volume import Volume


def _ramp(affine: np.ndarray, shape=(12, 30, 40)) -> Volume:
    """A volume whose value at an LPS position is 1000 + 10 x + 5 y - 7 z, as float32."""
    geometry = Geometry(affine, shape, (1.0, 1.0, 1.0))
    places = geometry.position_of(np.stack(np.meshgrid(*map(np.arange, shape), indexing="ij"), -1))
    values = 1000 + places @ [10.0, 5.0, -7.0]
    return Volume(values.astype(np.float32), geometry, (1.0, 1.0), "patient")


def _sheared() -> Volume:
    affine = np.eye(4)
    affine[:3] = np.array([[0, 0, 0.5, -9], [0.9, 0.5, 0, -8], [3, 0, 0, -7]])
    return _ramp(affine)


def _values_on(plane: PlaneGrid) -> np.ndarray:
    rows, columns = np.meshgrid(*map(np.arange, plane.size), indexing="ij")
    index = np.stack([np.zeros_like(rows), rows, columns], -1)
    return 1000 + plane.geometry.position_of(index) @ [10.0, 5.0, -7.0]


@pytest.fixture(scope="module")
def bone(visits):
    landmarks = visits[0].truth.landmarks_mm
    return oblique_along(landmarks["mc3_base"], landmarks["mc3_head"])


@pytest.mark.parametrize("role", ["cor_t1_pre", "ax_t1_post"])
def test_an_oblique_cut_equals_that_of_simpleitk(visits, bone, role):
    volume = visits[0].volumes[role]
    axes = np.stack([bone.across, bone.down, bone.geometry.normal], -1)
    lowest = float(volume.pixels.min())
    wanted = sitk.Resample(
        itk_image(volume),
        [*bone.size[::-1], 1],
        sitk.Transform(),
        sitk.sitkLinear,
        bone.origin.tolist(),
        [*bone.spacing[::-1], 1.0],
        axes.ravel().tolist(),
        lowest,
    )
    cut = reformat(volume, bone)
    difference = cut.astype(int) - sitk.GetArrayFromImage(wanted)[0]
    assert cut.dtype == volume.pixels.dtype
    assert (cut > lowest).mean() > 0.2
    assert np.mean(np.abs(difference) > 1) < 1e-4  # rounding, and voxels on the very border


def test_a_cut_through_a_sheared_stack_is_true():
    plane = PlaneGrid(
        np.array([-5.0, 0.0, -3.0]), np.array([1.0, 0, 0]), np.array([0, 0.6, 0.8]), (0.5, 0.4), (9, 11)
    )
    assert np.allclose(reformat(_sheared(), plane), _values_on(plane), atol=1e-2)


def test_a_cut_of_another_timepoint_shows_the_same_anatomy(visits, bone):
    before, after = visits
    motion = RigidTransform(before.truth.pose @ np.linalg.inv(after.truth.pose))
    here = reformat(before.volumes["cor_t1_pre"], bone).astype(float)
    there = reformat(after.volumes["cor_t1_pre"], bone, motion).astype(float)
    both = (here > 300) & (there > 300)
    assert np.corrcoef(here[both], there[both])[0, 1] > 0.8


def test_a_cut_beyond_the_volume_has_its_lowest_value(visits, bone):
    volume = visits[0].volumes["cor_t1_pre"]
    assert (Reformatter(volume).cut(bone.moved(500)) == volume.pixels.min()).all()


def test_a_bone_stands_upright_in_the_middle_of_its_plane():
    start, end = np.array([0.0, 0.0, 0.0]), np.array([10.0, 5.0, 60.0])
    plane = oblique_along(start, end, spacing_mm=0.5, size=(201, 101))
    for point in (start, end):
        distance, row, column = plane.geometry.index_of(point)
        assert abs(distance) < 1e-9
        assert abs(column - 50) < 1e-9
        assert 0 < row < 200
    assert letter_of(plane.down) == "F"
    assert letter_of(plane.across) == "L"
    assert plane.geometry.plane == "coronal"
    assert np.allclose(plane.moved(2).geometry.index_of(start)[0], -2)
    assert oblique_along(start, end, facing=(1, 0, 0)).geometry.plane == "sagittal"
    assert oblique_along((0, 0, 0), (0, 30, 0)).size == (512, 512)  # along the usual normal
    with pytest.raises(ValueError, match="apart"):
        oblique_along(start, start)


@pytest.mark.parametrize("role", ["cor_t1_pre", "ax_t1_pre"])
@pytest.mark.parametrize(
    ("plane", "right", "down"), [("coronal", "L", "F"), ("axial", "L", "P"), ("sagittal", "P", "F")]
)
def test_other_planes_lie_the_usual_way_and_change_no_value(visits, role, plane, right, down):
    volume = visits[0].volumes[role]
    found = orthogonal(volume, plane)
    geometry = found.geometry
    assert geometry.plane == plane
    assert letter_of(geometry.column_direction) == right
    assert letter_of(geometry.row_direction) == down
    assert geometry.shape == found.pixels.shape
    assert geometry.affine[:3, 0] @ geometry.normal > 0
    assert found.pixels.flags.c_contiguous
    rng = np.random.default_rng(4)
    index = rng.integers(0, found.pixels.shape, (200, 3))
    there = np.rint(volume.geometry.index_of(geometry.position_of(index))).astype(int)
    assert np.array_equal(found.pixels[tuple(index.T)], volume.pixels[tuple(there.T)])
    image = itk_image(found)
    for i in index[:20]:
        assert np.allclose(image.TransformIndexToPhysicalPoint(i[::-1].tolist()), geometry.position_of(i))


def test_a_sheared_stack_is_put_straight_before_it_is_turned():
    volume = _sheared()
    straight = straightened(volume)
    axes = straight.geometry.affine[:3, :3]
    assert np.allclose(axes.T @ axes, np.diag(np.diag(axes.T @ axes)), atol=1e-9)
    middle = np.array(straight.pixels.shape) // 2
    assert np.isclose(
        straight.pixels[tuple(middle)],
        1000 + straight.geometry.position_of(middle) @ [10.0, 5.0, -7.0],
        atol=1e-2,
    )
    assert orthogonal(volume, "sagittal").geometry.plane == "sagittal"


def test_volumes_that_have_no_other_planes_are_refused():
    flat = _ramp(np.eye(4), (1, 8, 8))
    nowhere = replace(flat, geometry=None)
    with pytest.raises(ValueError, match="stack"):
        orthogonal(flat, "axial")
    with pytest.raises(ValueError, match="geometry"):
        Reformatter(nowhere)
    with pytest.raises(ValueError, match="geometry"):
        subtract(flat, nowhere)


@pytest.mark.parametrize("gain", [1.0, 1.3])
def test_a_subtraction_is_bright_only_where_contrast_medium_has_gone(visits, gain):
    visit = visits[0]
    pre, post = visit.volumes["cor_t1_pre"], visit.volumes["cor_t1_post"]
    louder = replace(post, pixels=np.rint(post.pixels * gain).astype(np.uint16))
    found = subtract(louder, pre)
    assert found.pixels.dtype == np.int16
    truth = visit.truth
    for site, fraction in truth.synovitis_fraction.items():
        z, y, x = np.rint(found.geometry.index_of(truth.landmarks_mm[site])).astype(int)
        near = found.pixels[z - 1 : z + 2, y - 8 : y + 9, x - 8 : x + 9]
        assert (near.max() > 450) == (fraction > 0) or fraction < 0.15, site
    quiet = [
        site
        for site in truth.eroded_fraction
        if not truth.eroded_fraction[site] and not truth.oedema_fraction[site]
    ]
    for site in quiet:
        z, y, x = np.rint(found.geometry.index_of(truth.landmarks_mm[site])).astype(int)
        assert abs(found.pixels[z, y - 2 : y + 3, x - 2 : x + 3].mean()) < 100, site


def test_a_subtraction_over_a_registration_agrees_with_that_of_one_visit(visits):
    before, after = visits
    pre, post = before.volumes["cor_t1_pre"], after.volumes["cor_t1_post"]
    found = subtract(post, pre, register(pre, post).transform)
    own = subtract(before.volumes["cor_t1_post"], pre)
    assert found.geometry is pre.geometry
    bright = found.pixels > 450
    moved = RigidTransform(before.truth.pose @ np.linalg.inv(after.truth.pose))
    later = subtract(after.volumes["cor_t1_post"], after.volumes["cor_t1_pre"])
    there = Reformatter(later).volume(pre.geometry, moved)
    explained = (np.maximum(own.pixels, there) > 250)[bright].mean()
    assert bright.mean() > 0.001
    assert explained > 0.8


def test_a_subtraction_has_nothing_where_only_one_volume_reaches(visits):
    pre = visits[0].volumes["cor_t1_pre"]
    shift = np.eye(4)
    shift[:3, 3] = 3 * pre.geometry.affine[:3, 0]
    found = subtract(pre, pre, RigidTransform(shift))
    assert not found.pixels[:2].any()
    assert found.pixels[10].any()


def test_a_subtracted_slice_is_clipped_not_wrapped():
    high, low = np.array([[60000, 10]], np.uint16), np.array([[0, 50010]], np.uint16)
    assert subtract_slice(high, low).tolist() == [[32767, -32768]]
    assert subtract_slice(np.array([[300]], np.int16), np.array([[100]], np.int16), 2.0).tolist() == [[100]]


def test_a_plane_keeps_its_geometry():
    plane = PlaneGrid(
        np.array([1.0, 2, 3]), np.array([1.0, 0, 0]), np.array([0, 1.0, 0]), (0.5, 0.25), (4, 6)
    )
    wanted = geometry_of((1, 2, 3), (1, 2, 3), (1, 0, 0), (0, 1, 0), (0.5, 0.25), (1, 4, 6))
    assert np.array_equal(plane.geometry.affine, wanted.affine)

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from viewer.display.derived import reformat_refusal, reformatted, subtracted, subtraction_refusal
from viewer.imaging.geometry import Geometry
from viewer.imaging.volume import Volume

SHAPE, SPACING = (12, 30, 20), (1.5, 0.4, 0.5)


def coronal(pixels=None, shear=0.0, **kwargs):
    affine = np.eye(4)
    affine[:3, :3] = np.array([(shear, 1, 0), (0, 0, -1), (1, 0, 0)], float).T * SPACING
    affine[:3, 3] = (-5, -9, 6)
    if pixels is None:
        pixels = np.random.default_rng(1).integers(0, 900, SHAPE).astype(np.int16)
    return Volume(pixels, Geometry(affine, SHAPE, SPACING), SPACING[1:], "patient", **kwargs)


@given(st.sampled_from(["axial", "sagittal", "coronal"]), st.tuples(*(st.integers(0, n - 1) for n in SHAPE)))
def test_a_voxel_keeps_its_value_and_place_in_every_plane(plane, index):
    volume = coronal()
    cut = reformatted(volume, plane)
    assert cut.geometry.plane == plane
    there = np.rint(cut.geometry.index_of(volume.geometry.position_of(index))).astype(int)
    assert cut.pixels[tuple(there)] == volume.pixels[index]


def test_reformatting_copies_nothing_and_keeps_lengths():
    volume = coronal()
    cut = reformatted(volume, "axial")
    assert np.shares_memory(cut.pixels, volume.pixels)
    assert cut.geometry.spacing_mm == (0.4, 1.5, 0.5)
    assert cut.pixel_spacing_mm == (1.5, 0.5)


def test_what_cannot_be_cut_says_why():
    film = Volume(np.zeros((1, 4, 4), np.uint16), None, None, None)
    assert "no place" in reformat_refusal(film, "axial")
    assert "right angles" in reformat_refusal(coronal(shear=0.4), "axial")
    with pytest.raises(ValueError, match="cannot be cut"):
        reformatted(film, "axial")


def test_a_difference_is_exactly_what_was_added():
    pre = coronal()
    added = np.zeros(SHAPE, np.int16)
    added[4:6, 10:12, 3:9] = 250
    post = coronal(pre.pixels + added)
    assert np.array_equal(subtracted(post, pre).pixels, added)
    assert np.array_equal(subtracted(pre, post).pixels, -added)


def test_differences_of_unsigned_pixels_do_not_wrap():
    pre, post = (coronal(np.full(SHAPE, value, np.uint16)) for value in (60000, 10))
    assert (subtracted(post, pre).pixels == np.iinfo(np.int16).min).all()


def test_other_grids_and_scales_are_not_subtracted():
    pre = coronal()
    moved = Geometry(np.diag([1.0, 1.0, 1.0, 1.0]), SHAPE, SPACING)
    assert "grid" in subtraction_refusal(Volume(pre.pixels, moved, SPACING[1:], "patient"), pre)
    assert "scaled" in subtraction_refusal(coronal(rescale_slope=2.0), pre)

import numpy as np
import pytest

from tests.unit.viewer.dicom_writer import AXIAL, CORONAL, SERIES, groups, write_enhanced
from viewer.imaging.loading import load_volume
from viewer.imaging.scan import scan

T1 = {"SeriesDescription": "T1", "ContentQualification": "RESEARCH"}
SPACING = {"spacing": (0.5, 0.25)}


def coronal(number, **more):
    return groups(position=(0, 2.0 * number, 0), orientation=CORONAL, **more)


def test_frames_are_sorted_by_position_and_spacing_comes_from_shared_groups(tmp_path):
    frames = [coronal(number) for number in (3, 0, 2, 1)]
    path = write_enhanced(tmp_path / "e", frames, shared=groups(**SPACING), **T1)
    result = scan([path])
    (series,) = result.series
    assert (result.files_seen, series.n_images, len(series.files)) == (1, 4, 1)
    assert series.files[0].frames == (1, 3, 2, 0)
    assert (series.spacing_mm, series.plane, series.role) == ((2.0, 0.5, 0.25), "coronal", "cor_t1_pre")
    volume = load_volume(series)
    assert volume.pixels[:, 0, 0].tolist() == [1, 3, 2, 0]
    assert volume.geometry.position_of((3, 0, 0)) == pytest.approx((0, 6, 0))


def test_two_stacks_in_one_object_become_two_series(tmp_path):
    cor = [coronal(number, stack="1") for number in range(3)]
    ax = [groups(position=(0, 0, 3.0 * number), orientation=AXIAL, stack="2") for number in range(4)]
    mixed = [frame for pair in zip(cor, ax[:3], strict=True) for frame in pair] + ax[3:]
    path = write_enhanced(tmp_path / "e", mixed, shared=groups(**SPACING), **T1)
    found = scan([path]).series
    assert [(series.series_uid, series.plane, series.n_images) for series in found] == [
        (SERIES, "coronal", 3),
        (f"{SERIES}#2", "axial", 4),
    ]
    assert [series.spacing_mm[0] for series in found] == [2.0, 3.0]
    assert load_volume(found[1]).pixels[:, 0, 0].tolist() == [1, 3, 5, 6]


def test_two_parallel_stacks_stay_apart(tmp_path):
    frames = [coronal(number, stack="1") for number in range(3)]
    frames += [groups(position=(0, 100 + 4 * n, 0), orientation=CORONAL, stack="2") for n in range(3)]
    path = write_enhanced(tmp_path / "e", frames, shared=groups(**SPACING), **T1)
    assert [series.spacing_mm[0] for series in scan([path]).series] == [2.0, 4.0]


def test_phases_and_contrast_come_from_functional_groups(tmp_path):
    def usage(given):
        return {"ContrastBolusUsageSequence": {"ContrastBolusAgentAdministered": given}}

    frames = [coronal(n, **usage("NO")) for n in range(3)] + [coronal(n, **usage("YES")) for n in range(3)]
    path = write_enhanced(tmp_path / "e", frames, shared=groups(**SPACING), **T1)
    assert [(series.role, series.contrast, series.n_images) for series in scan([path]).series] == [
        ("cor_t1_pre", False, 3),
        ("cor_t1_post", True, 3),
    ]


def test_the_pulse_sequence_and_the_side_come_from_functional_groups(tmp_path):
    shared = groups(
        **SPACING,
        MRTimingAndRelatedParametersSequence={"RepetitionTime": 1500.0, "FlipAngle": 90.0},
        MREchoSequence={"EffectiveEchoTime": 20.0},
        MRModifierSequence={"InversionRecovery": "YES", "InversionTimes": [85.0]},
        FrameAnatomySequence={"FrameLaterality": "R"},
    )
    frames = [coronal(number) for number in range(3)]
    path = write_enhanced(
        tmp_path / "e",
        frames,
        shared=shared,
        EchoPulseSequence="SPIN",
        BodyPartExamined="HAND",
        Laterality="R",
    )
    (series,) = scan([path]).series
    assert (series.role, series.laterality) == ("cor_stir", "R"), series.role_reason


def test_rescale_that_differs_between_frames_is_applied(tmp_path):
    frames = [
        coronal(n, PixelValueTransformationSequence={"RescaleSlope": n + 1, "RescaleIntercept": 10})
        for n in range(3)
    ]
    path = write_enhanced(tmp_path / "e", frames, shared=groups(**SPACING), **T1)
    volume = load_volume(scan([path]).series[0])
    assert volume.pixels.dtype == np.float32
    assert (volume.rescale_slope, volume.rescale_intercept) == (1, 0)
    assert volume.pixels[:, 0, 0].tolist() == [10, 12, 16]


def test_one_rescale_for_all_frames_stays_beside_the_stored_integers(tmp_path):
    shared = groups(**SPACING, PixelValueTransformationSequence={"RescaleSlope": 2, "RescaleIntercept": -5})
    path = write_enhanced(tmp_path / "e", [coronal(n) for n in range(3)], shared=shared, **T1)
    volume = load_volume(scan([path]).series[0])
    assert volume.pixels.dtype == np.int16
    assert (volume.rescale_slope, volume.rescale_intercept) == (2, -5)


def test_frames_without_geometry_are_a_stack_without_plane_and_spacing(tmp_path):
    path = write_enhanced(
        tmp_path / "e",
        [groups() for _ in range(3)],
        ImagePositionPatient=[1, 2, 3],
        ImageOrientationPatient=list(AXIAL),
    )
    (series,) = scan([path]).series
    assert (series.n_images, series.plane, series.spacing_mm) == (3, None, (None, None, None))
    assert load_volume(series).geometry is None


def test_one_enhanced_object_a_slice_is_one_series(tmp_path):
    for number in range(3):
        write_enhanced(tmp_path / str(number), [coronal(2 - number)], shared=groups(**SPACING), **T1)
    (series,) = scan([tmp_path]).series
    assert [file.path.name for file in series.files] == ["2", "1", "0"]
    assert series.spacing_mm[0] == 2.0

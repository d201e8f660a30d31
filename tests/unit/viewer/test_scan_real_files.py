"""Real files of many makers, as their folders' READMEs describe them."""

import numpy as np
import pytest

from viewer.imaging.scan import scan


@pytest.fixture(scope="module")
def hand(shared_data):
    return scan([shared_data / "hand"])


@pytest.fixture(scope="module")
def torture(shared_data):
    return scan([shared_data / "torture"])


def of_file(result, name):
    return next(series for series in result.series if any(file.path.name == name for file in series.files))


def reason_of(result, name):
    return next(item.reason for item in result.rejected if item.path.name == name)


def files_of(result):
    return {file.path for series in result.series for file in series.files}


def test_the_brain_study_is_a_pre_post_protocol_in_three_planes(shared_data):
    result = scan([shared_data / "mr"])
    found = {
        (series.plane, series.contrast): (
            series.role,
            series.n_images,
            np.array(series.spacing_mm, float).round(3).tolist(),
        )
        for series in result.series
    }
    assert found == {
        ("sagittal", None): ("other", 20, [7.5, 0.469, 0.469]),
        ("axial", False): ("ax_t1_pre", 17, [3.3, 0.312, 0.312]),
        ("coronal", True): ("cor_t1_post", 15, [3.3, 0.312, 0.312]),
        ("axial", True): ("ax_t1_post", 17, [3.3, 0.312, 0.312]),
    }
    assert len({series.frame_of_reference_uid for series in result.series}) == 1
    assert all("not a hand or wrist" in " ".join(s.problems) for s in result.series if s.role != "other")
    assert [item.path.name for item in result.rejected] == ["README.md"]


def test_the_wrist_is_a_left_coronal_stack_at_two_millimetres(hand):
    wrist = of_file(hand, "MR01.dcm")
    assert (wrist.n_images, wrist.plane, wrist.laterality, wrist.contrast) == (16, "coronal", "L", None)
    assert wrist.spacing_mm == pytest.approx((2.0, 0.234375, 0.234375), abs=1e-4)
    assert (wrist.role, wrist.problems) == ("other", ())
    assert "for certain" in wrist.role_reason


def test_films_of_chest_leg_and_dog_get_no_role_of_a_hand(hand):
    films = [series for series in hand.series if series.modality in {"CR", "DX"}]
    assert len(films) == 5
    assert {film.role for film in films} == {"other"}


def test_a_film_without_spacing_says_that_lengths_are_not_known(hand):
    film = of_file(hand, "RG3_JPLL")
    assert film.spacing_mm == (None, None, None)
    assert any("cannot be given in mm" in problem for problem in film.problems)
    assert of_file(hand, "RG1_J2KI").spacing_mm == (None, None, None)


def test_the_spacing_at_the_detector_is_given_where_there_is_no_other(hand):
    assert of_file(hand, "Monochrome1-Jpeg.dcm").spacing_mm == (None, 0.175, 0.175)


def test_png_films_are_rejected_with_a_reason(hand):
    pictures = [item for item in hand.rejected if item.path.suffix == ".png"]
    assert len(pictures) == 5
    assert all("PNG" in item.reason for item in pictures)


def test_every_file_of_the_torture_folder_is_in_a_series_or_rejected_with_a_reason(torture, shared_data):
    every = {path for path in (shared_data / "torture").rglob("*") if path.is_file()}
    rejected = {item.path for item in torture.rejected}
    assert torture.files_seen == len(every)
    assert files_of(torture) | rejected == every
    assert not files_of(torture) & rejected
    assert all(len(item.reason) > 5 for item in torture.rejected)


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("MR_truncated.dcm", "cut short"),
        ("no-number-rows.dcm", "how large"),
        ("rtplan.dcm", "plan"),
        ("rtplan_truncated.dcm", "middle of its header"),
        ("rtdose.dcm", "dose"),
        ("test-SR.dcm", "report"),
        ("waveform_ecg.dcm", "electrocardiogram"),
        ("liver_1frame.dcm", "segmentation"),
        ("parametric_map_float.dcm", "floating-point"),
        ("examples_palette.dcm", "palette"),
        ("SC_rgb_small_odd.dcm", "colour"),
        ("zipMR.gz", "gzip"),
        ("DICOMDIR", "index"),
        ("UN_sequence.dcm", "no pixels"),
        ("README.md", "text"),
    ],
)
def test_what_is_no_image_is_refused_in_plain_words(torture, name, word):
    assert word in reason_of(torture, name)


def test_two_orientations_in_one_series_become_two_parts(torture):
    parts = [series for series in torture.series if series.series_uid.split("#")[0].endswith("581228571744")]
    assert [series.plane for series in parts] == ["sagittal", "axial"]
    assert [series.series_uid.split("#")[1:] for series in parts] == [[], ["2"]]
    assert [series.spacing_mm for series in parts] == [
        pytest.approx((3.3, 0.32, 0.32), abs=1e-4),
        pytest.approx((4.4, 0.5556, 0.5556), abs=1e-4),
    ]


def test_a_tilted_gantry_is_reported_and_the_step_is_that_along_the_normal(torture):
    stack = of_file(torture, "IM-0001-0003.dcm")
    assert stack.spacing_mm[0] == pytest.approx(4.8515, abs=1e-3)
    assert any("sheared by 14.0 degrees" in problem for problem in stack.problems)


def test_a_mosaic_is_no_anatomical_slice(torture):
    mosaic = of_file(torture, "12bitUnsigned.dcm")
    assert (mosaic.plane, mosaic.role, mosaic.spacing_mm[0]) == (None, "other", None)
    assert any("mosaic" in problem for problem in mosaic.problems)


def test_a_film_without_preamble_and_meta_information_is_read(torture):
    film = of_file(torture, "CR-MONO1-10-chest")
    assert (film.modality, film.rows, film.role) == ("CR", 440, "other")


def test_an_oblique_shoulder_is_in_order_and_oblique(torture):
    shoulder = of_file(torture, "001.dcm")
    assert (shoulder.plane, shoulder.n_images) == ("oblique", 4)
    assert [file.path.name for file in shoulder.files] == ["004.dcm", "003.dcm", "002.dcm", "001.dcm"]


def test_the_uncompressed_one_of_two_copies_is_kept(torture):
    assert of_file(torture, "emri_small.dcm").n_images == 10
    assert "the same image" in reason_of(torture, "emri_small_RLE.dcm")

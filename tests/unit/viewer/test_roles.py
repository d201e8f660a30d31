import pytest

from tests.unit.viewer.dicom_writer import AXIAL, SAGITTAL, write_film, write_stack
from viewer.imaging.scan import scan

UID = "1.2.826.0.1.3680043.10.1."


def only(folder):
    (series,) = scan([folder]).series
    return series


def stack(folder, **attributes):
    attributes = {"SeriesDescription": "", "BodyPartExamined": "WRIST", **attributes}
    return only(write_stack(folder, 4, **attributes))


SPIN_ECHO = {"ScanningSequence": "SE", "RepetitionTime": 520, "EchoTime": 20}
GRADIENT_3D = {"ScanningSequence": "GR", "RepetitionTime": 30, "EchoTime": 8, "FlipAngle": 40}
GRADIENT_2D = {"ScanningSequence": "GR", "RepetitionTime": 235, "EchoTime": 11}
INVERSION = {"ScanningSequence": ["SE", "IR"], "RepetitionTime": 1500, "EchoTime": 20}


@pytest.mark.parametrize(
    ("attributes", "role"),
    [
        ({"SeriesDescription": "COR T1 TSE"}, "cor_t1_pre"),
        ({"SeriesDescription": "cor_t1w_3d"}, "cor_t1_pre"),
        ({"SeriesDescription": "T1 cor nach KM"}, "cor_t1_post"),
        ({"SeriesDescription": "T1 cor post Gd"}, "cor_t1_post"),
        ({"SeriesDescription": "C+ cor T1"}, "cor_t1_post"),
        ({"SeriesDescription": "cor T1 pre contrast"}, "cor_t1_pre"),
        ({"SeriesDescription": "cor T1 post-treatment wk 12"}, "cor_t1_pre"),
        ({"SeriesDescription": "cor T1", "ContrastBolusAgent": "Magnevist"}, "cor_t1_post"),
        ({"SeriesDescription": "cor T1", "ContrastBolusAgent": "NONE"}, "cor_t1_pre"),
        ({"SeriesDescription": "cor STIR"}, "cor_stir"),
        ({"SeriesDescription": "TIRM cor"}, "cor_stir"),
        ({"SeriesDescription": "cor T2 fs"}, "other"),
        ({"SeriesDescription": "PD cor"}, "other"),
        ({"SeriesDescription": "localizer T1"}, "other"),
        ({"SeriesDescription": "Routine"}, "other"),
        (SPIN_ECHO, "cor_t1_pre"),
        (SPIN_ECHO | {"EchoTime": 80}, "other"),
        (SPIN_ECHO | {"RepetitionTime": 3000}, "other"),
        (GRADIENT_3D, "cor_t1_pre"),
        (GRADIENT_3D | {"FlipAngle": 5}, "other"),
        (GRADIENT_2D, "other"),
        (GRADIENT_2D | {"FlipAngle": 70}, "cor_t1_pre"),
        (GRADIENT_2D | {"FlipAngle": 25}, "other"),
        (INVERSION | {"InversionTime": 85}, "cor_stir"),
        (INVERSION | {"InversionTime": 800}, "other"),
        (INVERSION | {"InversionTime": 800, "SeriesDescription": "cor T1 FLAIR"}, "cor_t1_pre"),
        ({"SeriesDescription": "cor T1", "ImageType": ["DERIVED", "SECONDARY", "PROJECTION IMAGE"]}, "other"),
    ],
)
def test_weighting_and_contrast_of_a_coronal_stack_give_its_role(tmp_path, attributes, role):
    series = stack(tmp_path, **attributes)
    assert series.role == role, series.role_reason


def test_an_axial_stack_has_an_axial_role_and_a_sagittal_one_none(tmp_path):
    axial = {"step": (0, 0, 2), "ImageOrientationPatient": list(AXIAL)}
    assert stack(tmp_path / "a", SeriesDescription="T1", **axial).role == "ax_t1_pre"
    sagittal = {"step": (2, 0, 0), "ImageOrientationPatient": list(SAGITTAL)}
    assert stack(tmp_path / "s", SeriesDescription="T1", **sagittal).role == "other"


def test_one_or_two_images_are_no_stack(tmp_path):
    series = only(write_stack(tmp_path, 2))
    assert series.role == "other"
    assert "only 2 images" in series.role_reason


def test_reasons_are_in_plain_words(tmp_path):
    series = stack(tmp_path, SeriesDescription="cor T1", ContrastBolusAgent="X")
    assert series.role_reason == "coronal; the description says T1; a contrast agent is named"


def test_without_agent_but_with_a_sibling_that_has_one_a_series_is_pre(tmp_path):
    write_stack(tmp_path / "1", 4, SeriesInstanceUID=f"{UID}1", SeriesNumber=1)
    write_stack(tmp_path / "2", 4, SeriesInstanceUID=f"{UID}2", SeriesNumber=2, ContrastBolusAgent="Gd")
    write_stack(tmp_path / "3", 5, SeriesInstanceUID=f"{UID}3", SeriesNumber=3)
    found = scan([tmp_path]).series
    assert [(series.role, series.contrast) for series in found] == [
        ("cor_t1_pre", False),
        ("cor_t1_post", True),
        ("cor_t1_pre", None),
    ]
    assert "in another series" in found[0].role_reason


def test_a_sibling_in_another_study_says_nothing(tmp_path):
    write_stack(tmp_path / "1", 4, SeriesInstanceUID=f"{UID}1")
    write_stack(
        tmp_path / "2", 4, SeriesInstanceUID=f"{UID}2", StudyInstanceUID=f"{UID}7", ContrastBolusAgent="Gd"
    )
    assert {series.contrast for series in scan([tmp_path]).series} == {None, True}


def test_contrast_that_contradicts_itself_is_no_role(tmp_path):
    series = stack(tmp_path, SeriesDescription="cor T1 pre contrast", ContrastBolusAgent="Gd")
    assert (series.role, series.contrast) == ("other", None)
    assert any("contradict" in problem for problem in series.problems)


def test_an_unexpected_body_part_is_named_but_keeps_the_role(tmp_path):
    series = stack(tmp_path, SeriesDescription="cor T1", BodyPartExamined="BRAIN")
    assert series.role == "cor_t1_pre"
    assert "The body part (BRAIN) is not a hand or wrist." in series.problems


@pytest.mark.parametrize(
    ("attributes", "side"),
    [
        ({"Laterality": "L"}, "L"),
        ({"Laterality": "R"}, "R"),
        ({"ImageLaterality": "R"}, "R"),
        ({"BodyPartExamined": "LEFT WRIST"}, "L"),
        ({"ProtocolName": "Handgelenk rechts"}, "R"),
        ({"StudyDescription": "MR WRIST LT"}, "L"),
        ({"SeriesDescription": "COR_T1_HAND_R"}, "R"),
        ({"ImageLaterality": "U"}, None),
        ({"StudyDescription": "MR lumbar L4"}, None),
    ],
)
def test_the_side_is_read_from_attributes_and_descriptions(tmp_path, attributes, side):
    series = stack(tmp_path, **{"Laterality": None, "SeriesDescription": "cor T1", **attributes})
    assert series.laterality == side
    assert ("The side is not given." in series.problems) == (side is None)


def test_sides_that_contradict_each_other_give_none_and_say_who_says_what(tmp_path):
    series = stack(tmp_path, Laterality="L", StudyDescription="RIGHT HAND")
    assert series.laterality is None
    expected = "The side is uncertain: the laterality attribute says left, the study description says right."
    assert expected in series.problems


@pytest.mark.parametrize(
    ("attributes", "role"),
    [
        ({}, "xr_pa_left"),
        ({"ImageLaterality": "R"}, "xr_pa_right"),
        ({"ViewPosition": "AP"}, "xr_pa_left"),
        ({"ImageLaterality": "B"}, "xr_pa_both"),
        ({"ImageLaterality": "", "SeriesDescription": "Hands PA"}, "xr_pa_both"),
        (
            {"ImageLaterality": "", "SeriesDescription": "Hände beidseits", "StudyDescription": "both hands"},
            "xr_pa_both",
        ),
        ({"ViewPosition": "LLO"}, "xr_oblique_left"),
        ({"ViewPosition": "", "SeriesDescription": "Hand oblique"}, "xr_oblique_left"),
        ({"ViewPosition": "LAT", "ImageLaterality": "R"}, "xr_lateral_right"),
        ({"BodyPartExamined": "FOOT"}, "xr_foot_left"),
        ({"BodyPartExamined": "FOOT", "ImageLaterality": "B", "ViewPosition": "AP"}, "xr_foot_both"),
        ({"ViewPosition": ""}, "other"),
        ({"ImageLaterality": ""}, "other"),
        ({"BodyPartExamined": "CHEST"}, "other"),
        ({"BodyPartExamined": "TIBFIB"}, "other"),
        ({"BodyPartExamined": "CHEST", "SeriesDescription": "hand"}, "other"),
        ({"BodyPartExamined": "EXTREMITY"}, "other"),
        ({"BodyPartExamined": "EXTREMITY", "SeriesDescription": "Left hand PA"}, "xr_pa_left"),
        ({"BodyPartExamined": ""}, "other"),
        ({"PresentationIntentType": "FOR PROCESSING"}, "other"),
    ],
)
def test_view_body_part_and_side_of_a_film_give_its_role(tmp_path, attributes, role):
    write_film(tmp_path / "f", **attributes)
    series = only(tmp_path)
    assert series.role == role, series.role_reason
    assert series.laterality in {None, "L", "R"}


@pytest.mark.parametrize(("tag", "word"), [("YES", "burned into"), (None, "does not say")])
def test_text_burned_into_a_film_is_reported(tmp_path, tag, word):
    write_film(tmp_path / "f", BurnedInAnnotation=tag)
    assert any(word in problem for problem in only(tmp_path).problems)


def test_a_plain_film_of_a_hand_has_no_problems(tmp_path):
    write_film(tmp_path / "f")
    assert only(tmp_path).problems == ()

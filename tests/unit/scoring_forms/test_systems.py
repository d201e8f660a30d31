import json
import tomllib
from importlib.resources import files

import pytest

from scoring_forms.domain.errors import BadSystemError, UnknownFeatureError, UnknownSystemError
from scoring_forms.domain.form import compose_form, form_from_dict
from scoring_forms.domain.score import Score
from scoring_forms.domain.systems import available_systems, load_system, parse_system, reasons
from scoring_forms.domain.totals import totals


@pytest.fixture
def oracle(shared_data):
    return json.loads((shared_data.parent / "reference" / "scoring-systems.json").read_text("utf-8"))


@pytest.mark.parametrize("system_id", available_systems())
def test_every_shipped_system_equals_the_reference(oracle, system_id):
    system, expected = load_system(system_id), oracle["systems"][system_id]
    assert (system.title, system.modality, system.sides) == (
        expected["title"],
        expected["modality"],
        expected["default_sides"],
    )
    assert system.grand_total == (expected["grand_total"] is not None)
    assert [feature.id for feature in system.features] == list(expected["features"])
    for feature in system.features:
        reference = expected["features"][feature.id]
        assert (feature.label, feature.abbreviation) == (reference["label"], reference["abbreviation"])
        assert feature.highest_total * system.sides == reference["expected"]["max_total"]
        if feature.count_of:
            assert feature.count_of == reference["derivation"]["from_feature"]
            assert feature.count_at_least == reference["derivation"]["threshold"]
            continue
        assert dict(feature.grades) == reference["grades"]
        assert [
            (site.id, site.label, site.abbreviation, site.group, site.snomed_ct) for site in feature.sites
        ] == [
            (site["id"], site["label"], site["abbreviation"], site["group"], site["snomed_ct"])
            for site in reference["sites"]
        ]
        assert {(site["min"], site["max"], site["step"]) for site in reference["sites"]} == {
            (feature.minimum, feature.maximum, feature.step)
        }


def test_the_reasons_for_not_assessable_equal_the_reference(oracle):
    assert [(reason.id, reason.label) for reason in reasons()] == [
        (reason["id"], reason["label"]) for reason in oracle["missing_reasons"]
    ]


@pytest.mark.parametrize(
    ("system_id", "expected"),
    [
        ("ramris_2003", {"synovitis": 21, "bone_oedema": 69, "bone_erosion": 230, "eroded_bone_count": 23}),
        ("sharp_1985", {"erosion": 170, "joint_space_narrowing": 144, "total": 314}),
    ],
)
def test_the_highest_grades_everywhere_add_up_to_the_printed_maxima(system_id, expected):
    form = compose_form([system_id])
    sheet = {cell: Score(form.item(cell).feature.maximum) for cell in form.cells(["A"])}
    assert {total.feature: total.value for total in totals(form, sheet, "A")} == expected
    assert {total.feature: total.maximum for total in totals(form, sheet, "A")} == expected


@pytest.mark.parametrize("system_id", available_systems())
def test_a_frozen_form_reads_back_unchanged_through_json(system_id):
    form = compose_form([system_id])
    assert form_from_dict(json.loads(json.dumps(form.to_dict()))) == form


def test_asking_for_a_feature_brings_the_count_derived_from_it_and_the_other_way_round():
    for asked in (["bone_erosion"], ["eroded_bone_count"]):
        form = compose_form(["ramris_2003"], asked)
        assert [feature.id for feature in form.parts[0].features] == ["bone_erosion", "eroded_bone_count"]


def test_part_of_a_system_has_no_grand_total():
    assert not compose_form(["sharp_1985"], ["erosion"]).parts[0].has_grand_total


def test_unknown_systems_and_features_are_named_with_what_there_is():
    with pytest.raises(UnknownSystemError, match="ramris_2003"):
        load_system("ramris_2050")
    with pytest.raises(UnknownFeatureError, match="synovitis"):
        compose_form(["ramris_2003"], ["rust"])


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('modality = "MR"', 'modality = "CT"', "modality"),
        ("sides = 1", "sides = 3", "sides"),
        ("maximum = 10", "maximum = 10.5", "bone_erosion"),
        ('"lunate", ', '"moon", ', "unknown site 'moon'"),
        ('region = "one', 'regoin = "one', "region|regoin"),
        ('count_of = "bone_erosion"', 'count_of = "erosion"', "not listed before"),
    ],
)
def test_a_wrong_field_in_a_system_file_is_named(old, new, message):
    text = (files("resources") / "scoring_systems" / "ramris_2003.toml").read_text("utf-8")
    assert old in text
    with pytest.raises(BadSystemError, match=message):
        parse_system(tomllib.loads(text.replace(old, new)))

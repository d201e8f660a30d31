import json
from dataclasses import replace
from pathlib import Path

import pytest

from scoring_forms.domain.errors import SystemTakenError, UnknownFeatureError, UnknownSystemError
from scoring_forms.domain.form import compose_form, form_from_dict
from scoring_forms.domain.known import known_roles
from scoring_forms.domain.score import Score
from scoring_forms.domain.systems import available_systems, load_system, reasons
from scoring_forms.domain.totals import subtotals, totals

FROZEN = Path(__file__).parent / "frozen_form.json"
SENS = {"svdh_hands": 62, "svdh_hands_feet": 86}
SUBSETS = {
    "wrist_mcp": "wrist_mcp",
    "mri_matched_left": "mri_matched_side",
    "mri_matched_right": "mri_matched_side",
}


@pytest.fixture(scope="module")
def oracle(shared_data):
    return json.loads((shared_data.parent / "reference" / "scoring-systems.json").read_text("utf-8"))


def highest(form):
    return {cell: Score(form.item(cell).feature.maximum) for cell in form.cells(["A"])}


def test_the_systems_are_those_of_the_reference(oracle):
    assert set(available_systems()) == set(oracle["systems"])


@pytest.mark.parametrize("system_id", available_systems())
def test_every_shipped_system_equals_the_reference(oracle, system_id):
    system, expected = load_system(system_id), oracle["systems"][system_id]
    assert (system.id, system.title, system.modality, system.sides) == (
        system_id,
        expected["title"],
        expected["modality"],
        expected["default_sides"],
    )
    assert system.region == expected["region"]
    assert system.grand_total == (expected["grand_total"] is not None)
    own_counts = {"sens", *SUBSETS}
    assert [feature.id for feature in system.features if feature.id not in own_counts] == list(
        expected["features"]
    )


@pytest.mark.parametrize("system_id", available_systems())
def test_every_feature_equals_the_reference_site_by_site(oracle, system_id):
    system = load_system(system_id)
    for feature_id, reference in oracle["systems"][system_id]["features"].items():
        feature = system.feature(feature_id)
        assert (feature.label, feature.abbreviation) == (reference["label"], reference["abbreviation"])
        assert feature.highest_total == reference["expected"]["max_per_side"]
        assert feature.highest_total * len(system.sides_of(feature)) == reference["expected"]["max_total"]
        assert feature.lowest_total == reference["expected"]["min_total"]
        if feature.count_of:
            assert feature.count_of == (reference["derivation"]["from_feature"],)
            assert feature.count_at_least == reference["derivation"]["threshold"]
            continue
        assert feature.images == reference["required_images"]
        assert feature.definition
        assert feature.certainty
        assert dict(feature.grades) == reference["grades"]
        assert len(feature.scale) == (feature.maximum - feature.minimum) / feature.step + 1
        assert [
            (site.id, site.label, site.abbreviation, site.group, site.snomed_ct) for site in feature.sites
        ] == [
            (site["id"], site["label"], site["abbreviation"], site["group"], site["snomed_ct"])
            for site in sorted(reference["sites"], key=lambda site: site["order"])
        ]
        for site, told in zip(feature.sites, reference["sites"], strict=True):
            parts = told.get("components", [told])
            assert [part.id for part in site.components or (site,)] == [part["id"] for part in parts]
            assert {(part["min"], part["max"]) for part in parts} == {(feature.minimum, feature.maximum)}
            assert told["step"] == feature.step
            assert told["max"] == feature.maximum * len(parts)


@pytest.mark.parametrize("system_id", available_systems())
def test_totals_by_group_and_by_feature_have_the_maxima_of_the_reference(oracle, system_id):
    expected = oracle["systems"][system_id]
    form = compose_form([system_id])
    found = {total.feature: total.value for total in totals(form, highest(form), "A")}
    assert {name: found[name] for name in expected["expected_totals"]} == expected["expected_totals"]
    assert found.get("total") == expected["grand_total"]
    for sum_id, told in expected.get("expected_subtotals", {}).items():
        assert found[sum_id] == told["max"]
    by_group = {(one.feature, one.group): one for one in subtotals(form, highest(form), "A")}
    for feature_id, told in expected["features"].items():
        for group, per_side in told["expected"]["max_per_side_by_group"].items():
            one = by_group[feature_id, group]
            assert one.value == one.maximum == per_side * told["expected"]["sides_in_total"]


def test_derived_scores_and_subsets_are_those_of_the_reference(oracle):
    systems = oracle["systems"]
    assert systems["svdh_hands_feet"]["derived_scores"]["sens"]["max"] == SENS["svdh_hands_feet"]
    assert systems["svdh_hands_feet"]["derived_scores"]["sens"]["max_hands"] == SENS["svdh_hands"]
    xray, told = load_system("xray_eroded_bones"), systems["xray_eroded_bones"]["subsets"]
    for feature_id, subset_id in SUBSETS.items():
        feature, subset = xray.feature(feature_id), told[subset_id]
        assert feature.highest_total * len(xray.sides_of(feature)) == subset["max_total"]
        if "site_ids" in subset:
            assert {site.id for site in feature.sites} == set(subset["site_ids"])
        else:
            assert {site.group for site in feature.sites} == set(subset["groups"])
    assert xray.feature("eroded_bone").highest_total == told["wrist_mcp_pip"]["max_per_side"]


def test_the_reasons_for_not_assessable_equal_the_reference(oracle):
    assert [(reason.id, reason.label) for reason in reasons()] == [
        (reason["id"], reason["label"]) for reason in oracle["missing_reasons"]
    ]


@pytest.mark.parametrize(
    ("system_id", "expected"),
    [
        ("ramris_2003", {"synovitis": 21, "bone_oedema": 69, "bone_erosion": 230, "eroded_bone_count": 23}),
        (
            "ramris_2016",
            {
                "synovitis": 21,
                "bone_oedema": 69,
                "bone_erosion": 230,
                "eroded_bone_count": 23,
                "joint_space_narrowing": 84,
                "tenosynovitis": 39,
            },
        ),
        ("tenosynovitis_haavardsholm_2007", {"tenosynovitis": 30}),
        ("sharp_1985", {"erosion": 170, "joint_space_narrowing": 144, "total": 314}),
        (
            "svdh_hands",
            {"erosion_hands": 160, "joint_space_narrowing_hands": 120, "sens": 62, "total": 280},
        ),
        (
            "svdh_hands_feet",
            {
                "erosion_hands": 160,
                "joint_space_narrowing_hands": 120,
                "erosion_feet": 120,
                "joint_space_narrowing_feet": 48,
                "sens": 86,
                "erosion": 280,
                "joint_space_narrowing": 168,
                "hands": 280,
                "feet": 168,
                "total": 448,
            },
        ),
        ("genant_1998", {"erosion": 98, "joint_space_narrowing": 104, "total": 202}),
        (
            "xray_eroded_bones",
            {
                "eroded_bone": 70,
                "wrist_mcp": 50,
                "mri_matched_left": 23,
                "mri_matched_right": 23,
                "total": 70,
            },
        ),
    ],
)
def test_the_highest_grades_everywhere_add_up_to_the_printed_maxima(system_id, expected):
    form = compose_form([system_id])
    found = totals(form, highest(form), "A")
    assert {total.feature: total.value for total in found} == expected
    assert {total.feature: total.maximum for total in found} == expected
    zeros = {cell: Score(0.0) for cell in form.cells(["A"])}
    assert {total.value for total in totals(form, zeros, "A")} == {0}
    assert {total.value for total in totals(form, {}, "A")} == {None}


@pytest.mark.parametrize("system_id", available_systems())
def test_features_are_read_from_series_roles_there_are_and_every_grade_has_one_text(system_id):
    system = load_system(system_id)
    for feature in system.features:
        assert set(feature.roles) <= set(known_roles(system.modality))
        assert feature.roles
        if not feature.count_of:
            assert all(feature.allows(float(grade)) for grade in feature.grades)
            assert len({site.abbreviation.casefold() for site in feature.scored_sites}) == len(
                feature.scored_sites
            )


def test_what_contrast_evidence_and_volume_mean_is_data_of_the_features():
    marked = {
        (system_id, feature.id): (feature.needs_contrast, feature.evidence, feature.volume_scale)
        for system_id in available_systems()
        for feature in load_system(system_id).features
        if feature.needs_contrast or feature.evidence or feature.volume_scale
    }
    assert marked == {
        (system, feature): fields
        for system in ("ramris_2003", "ramris_2016")
        for feature, fields in {
            "synovitis": (True, "", ""),
            "bone_oedema": (False, "", "thirds"),
            "bone_erosion": (False, "two_planes", "tenths"),
        }.items()
    } | {
        ("ramris_2016", "tenosynovitis"): (True, "three_slices", ""),
        ("tenosynovitis_haavardsholm_2007", "tenosynovitis"): (True, "", ""),
    }


@pytest.mark.parametrize("system_id", available_systems())
def test_a_frozen_form_reads_back_unchanged_through_json(system_id):
    form = compose_form([system_id])
    assert form_from_dict(json.loads(json.dumps(form.to_dict()))) == form


def test_a_form_frozen_by_an_older_version_keeps_its_content_and_fingerprint():
    frozen = json.loads(FROZEN.read_text("utf-8"))
    form = form_from_dict(frozen)
    assert form.to_dict() == frozen
    assert [part.system.fingerprint for part in form.parts] == [
        part["fingerprint"] for part in frozen["parts"]
    ]
    assert form.parts[0].system.feature("eroded_bone_count").count_of == ("bone_erosion",)
    values = {total.feature: total.value for total in totals(form, highest(form), "A")}
    assert (values["eroded_bone_count"], values["total"]) == (23, 314)


def test_asking_for_a_feature_brings_the_count_derived_from_it_and_the_other_way_round():
    for asked in (["bone_erosion"], ["eroded_bone_count"]):
        form = compose_form(["ramris_2003"], asked)
        assert [feature.id for feature in form.parts[0].features] == ["bone_erosion", "eroded_bone_count"]


def test_part_of_a_system_has_only_the_counts_and_sums_it_can_fill():
    part = compose_form(["svdh_hands_feet"], ["erosion_hands", "erosion_feet"]).parts[0]
    assert [feature.id for feature in part.features] == ["erosion_hands", "erosion_feet"]
    assert [one.id for one in part.sums] == ["erosion"]
    assert not part.has_grand_total
    whole = compose_form(["svdh_hands_feet"], ["sens"]).parts[0]
    assert whole.has_grand_total
    assert [one.id for one in whole.sums] == ["erosion", "joint_space_narrowing", "hands", "feet"]


def test_a_system_named_twice_counts_once_and_two_of_one_id_are_refused():
    system = load_system("sharp_1985")
    assert len(compose_form(["sharp_1985", system, "sharp_1985"]).parts) == 1
    with pytest.raises(SystemTakenError, match="sharp_1985"):
        compose_form(["sharp_1985", replace(system, title="Sharp of our own")])


def test_unknown_systems_and_features_are_named_with_what_there_is():
    with pytest.raises(UnknownSystemError, match="ramris_2003"):
        load_system("ramris_2050")
    with pytest.raises(UnknownFeatureError, match="synovitis"):
        compose_form(["ramris_2003"], ["rust"])

import pytest

from scoring_forms.analysis.clinical import (
    AcrCoreSet,
    Das28Inputs,
    acr_response,
    das28_crp,
    das28_crp_3,
    das28_esr,
    das28_esr_3,
    disease_activity,
    eular_response,
)

FOUNDING = Das28Inputs(tender=10, swollen=7, esr=28, crp=15, global_health=70)


@pytest.mark.parametrize("number", range(1, 7))
def test_das28_is_that_of_the_reference(vector, number):
    entry = vector(f"das28_{number}")
    given = entry["inputs"]
    inputs = Das28Inputs(
        given["tjc28"], given["sjc28"], given["esr_mm_h"], given["crp_mg_l"], given["gh_0_100"]
    )
    found = {
        "das28_esr": das28_esr(inputs).value,
        "das28_crp": das28_crp(inputs).value,
        "das28_esr_3": das28_esr_3(inputs).value,
        "das28_crp_3": das28_crp_3(inputs).value,
    }
    assert found == pytest.approx(entry["expected"], abs=1e-6)


def test_das28_of_the_worked_example():
    found = [one(FOUNDING).value for one in (das28_esr, das28_crp, das28_esr_3, das28_crp_3)]
    assert found == pytest.approx([5.8242, 5.4498, 5.3918, 5.0108], abs=5e-5)


def test_das28_lacks_a_value_where_an_input_is_missing_or_impossible():
    assert das28_esr(Das28Inputs(10, 7, esr=28)).reason == "the global assessment is missing"
    assert das28_esr_3(Das28Inputs(10, 7, esr=28)).value is not None
    assert das28_crp(Das28Inputs(10, None, crp=1, global_health=1)).reason == (
        "the swollen joint count is missing"
    )
    assert das28_esr(Das28Inputs(29, 7, 28, global_health=1)).reason == (
        "the tender joint count is out of range"
    )
    assert das28_crp(Das28Inputs(2, 7, crp=-1, global_health=1)).reason == "the CRP is out of range"


def test_an_esr_of_nothing_counts_as_one_and_is_flagged():
    low = Das28Inputs(4, 4, esr=0, global_health=50)
    assert low.esr_was_raised
    assert das28_esr(low) == das28_esr(Das28Inputs(4, 4, esr=1, global_health=50))
    assert not FOUNDING.esr_was_raised


def test_disease_activity_is_that_of_the_reference(vector):
    entry = vector("das28_category_boundaries")
    assert [disease_activity(score) for score in entry["inputs"]["das28"]] == entry["expected"]["category"]


def test_eular_response_is_that_of_the_reference(vector):
    entry = vector("eular_response_boundaries")
    found = [eular_response(case["baseline"], case["endpoint"]) for case in entry["inputs"]["cases"]]
    assert found == entry["expected"]["response"]


def test_an_improvement_of_exactly_1_2_is_moderate_in_spite_of_binary_noise():
    assert eular_response(4.4, 3.2) == "moderate"
    assert eular_response(4.41, 3.2) == "good"
    assert eular_response(None, 3.2) is None


def core_set(values):
    return AcrCoreSet(*(values[name] for name in ("tjc", "sjc", "pain", "ptga", "phga", "haq", "apr")))


@pytest.mark.parametrize("level", [20, 50, 70])
def test_acr_response_is_that_of_the_reference(vector, level):
    entry = vector("acr_response")
    baseline = core_set(entry["inputs"]["baseline"])
    found = [acr_response(baseline, core_set(follow_up), level) for follow_up in entry["inputs"]["followups"]]
    assert found == entry["expected"][f"acr{level}"]


def test_a_missing_joint_count_is_no_answer_or_no_response():
    baseline = AcrCoreSet(20, 15, 60, 65, 50, 1.5, 30)
    follow_up = AcrCoreSet(None, 1, 1, 1, 1, 0.1, 1)
    assert acr_response(baseline, follow_up, 20) is None
    assert acr_response(baseline, follow_up, 20, missing_is_no=True) is False


def test_what_was_nothing_before_cannot_improve():
    baseline = AcrCoreSet(20, 15, 0, 0, 0, 1.5, 30)
    assert acr_response(baseline, AcrCoreSet(1, 1, 0, 0, 0, 0.1, 1), 20) is False

"""Clinical endpoints beside the images: DAS28, EULAR response, ACR20/50/70.

Source: DAS28 with four and three variables as published by the group that owns it; EULAR response:
van Gestel et al., Arthritis Rheum 1996;39:34-40 and 1998;41:1845-50; ACR: Felson et al., Arthritis
Rheum 1995;38:727-35; statistics reference, section 13.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from scoring_forms.analysis.figure import Figure, not_calculable

Activity = Literal["remission", "low", "moderate", "high"]
Response = Literal["good", "moderate", "none"]
ResponseLevel = Literal[20, 50, 70]

JOINTS = 28
_DECIMALS = 9
_LOWEST_ESR = 1.0


@dataclass(frozen=True, slots=True)
class Das28Inputs:
    """What DAS28 is made of; None for what is missing.

    Attributes:
        tender: Tender joints, 0 to 28.
        swollen: Swollen joints, 0 to 28.
        esr: Erythrocyte sedimentation rate, mm/h.
        crp: C-reactive protein, mg/L (not mg/dL).
        global_health: The patient's assessment, 0 to 100 mm, 100 = worst.
    """

    tender: float | None
    swollen: float | None
    esr: float | None = None
    crp: float | None = None
    global_health: float | None = None

    @property
    def esr_was_raised(self) -> bool:
        """Whether an ESR below 1, whose logarithm would mislead, counts as 1; to be flagged."""
        return self.esr is not None and self.esr < _LOWEST_ESR


def das28_esr(inputs: Das28Inputs) -> Figure:
    """Return DAS28-ESR of four variables."""
    return _das28(inputs, "esr", with_health=True)


def das28_crp(inputs: Das28Inputs) -> Figure:
    """Return DAS28-CRP of four variables; not interchangeable with the ESR version."""
    return _das28(inputs, "crp", with_health=True)


def das28_esr_3(inputs: Das28Inputs) -> Figure:
    """Return DAS28-ESR of three variables, without the patient's assessment."""
    return _das28(inputs, "esr", with_health=False)


def das28_crp_3(inputs: Das28Inputs) -> Figure:
    """Return DAS28-CRP of three variables, without the patient's assessment."""
    return _das28(inputs, "crp", with_health=False)


def _das28(inputs: Das28Inputs, marker: Literal["esr", "crp"], *, with_health: bool) -> Figure:
    named = [
        ("the tender joint count", inputs.tender, float(JOINTS)),
        ("the swollen joint count", inputs.swollen, float(JOINTS)),
        ("the ESR", inputs.esr, math.inf) if marker == "esr" else ("the CRP", inputs.crp, math.inf),
    ]
    if with_health:
        named.append(("the global assessment", inputs.global_health, 100.0))
    there: list[float] = []
    for name, value, highest in named:
        if value is None or math.isnan(value):
            return not_calculable(f"{name} is missing")
        if not 0 <= value <= highest:
            return not_calculable(f"{name} is out of range")
        there.append(value)
    tender, swollen, measured, *health = there
    joints = 0.56 * math.sqrt(tender) + 0.28 * math.sqrt(swollen)
    if marker == "esr":
        score = joints + 0.70 * math.log(max(measured, _LOWEST_ESR))
        return Figure(score + 0.014 * health[0] if health else score * 1.08 + 0.16)
    score = joints + 0.36 * math.log(measured + 1)
    return Figure(score + 0.014 * health[0] + 0.96 if health else score * 1.10 + 1.15)


def disease_activity(das28: float) -> Activity:
    """Return the category of a DAS28: remission < 2.6, low ≤ 3.2, moderate ≤ 5.1, high above."""
    score = round(das28, _DECIMALS)
    if score < 2.6:
        return "remission"
    if score <= 3.2:
        return "low"
    return "moderate" if score <= 5.1 else "high"


def eular_response(baseline: float | None, endpoint: float | None) -> Response | None:
    """Return the EULAR response from two DAS28 of the same version, None if one is missing.

    Improvement and endpoint are compared after rounding to nine decimals: 4.4 - 3.2 is 1.2.
    """
    if baseline is None or endpoint is None:
        return None
    improved, reached = round(baseline - endpoint, _DECIMALS), round(endpoint, _DECIMALS)
    if improved > 1.2:
        return "good" if reached <= 3.2 else "moderate"
    return "moderate" if improved > 0.6 and reached <= 5.1 else "none"


@dataclass(frozen=True, slots=True)
class AcrCoreSet:
    """The seven measures of the ACR response at one visit; lower is better, None is missing.

    ``acute_phase`` is ESR or CRP, the same one for everybody in a study.
    """

    tender: float | None
    swollen: float | None
    pain: float | None
    patient_global: float | None
    physician_global: float | None
    function: float | None
    acute_phase: float | None


def acr_response(
    baseline: AcrCoreSet, follow_up: AcrCoreSet, level: ResponseLevel, *, missing_is_no: bool = False
) -> bool | None:
    """Return whether both joint counts and three of the five others improved by *level* per cent.

    One of the five that is missing, or 0 at baseline, counts as not improved.

    Args:
        baseline: Before treatment.
        follow_up: At the endpoint.
        level: 20, 50 or 70.
        missing_is_no: Whether a missing joint count makes a non-responder; otherwise there is no answer.
    """
    counts = ((baseline.tender, follow_up.tender), (baseline.swollen, follow_up.swollen))
    if any(before is None or after is None for before, after in counts):
        return False if missing_is_no else None
    others = (
        (baseline.pain, follow_up.pain),
        (baseline.patient_global, follow_up.patient_global),
        (baseline.physician_global, follow_up.physician_global),
        (baseline.function, follow_up.function),
        (baseline.acute_phase, follow_up.acute_phase),
    )
    return _improved(counts, level) == 2 and _improved(others, level) >= 3


def _improved(pairs: Sequence[tuple[float | None, float | None]], level: int) -> int:
    """Count the measures that improved by at least *level* per cent of their baseline."""
    return sum(
        round(100 * (before - after) / before, _DECIMALS) >= level
        for before, after in pairs
        if before is not None and after is not None and before > 0
    )

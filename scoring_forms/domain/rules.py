"""What a round asks of its readers beyond the grades: evidence, confidence, missing sites."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, Literal, get_args

from scoring_forms.domain.errors import BadRulesError

EvidenceRule = Literal["off", "warn", "required"]
EVIDENCE_RULES: tuple[EvidenceRule, ...] = get_args(EvidenceRule)


@dataclass(frozen=True, slots=True)
class RoundRules:
    """The rules of one round; the defaults are those of rounds that never chose any.

    Attributes:
        totals_visible: Whether readers see totals while they score.
        evidence: What signing does about scores that lack marks: nothing, warn, or refuse without a reason.
        same_place_mm: Marks in two planes belong to one lesion up to this distance, mm.
        confidence: Whether readers may state how sure they are of a score.
        fill_unseen: Whether zeros may be filled in at sites and timepoints the reader has not looked at.
        prorate_from: The share of sites that must have a grade for a prorated total, above 0 up to 1.
    """

    totals_visible: bool = True
    evidence: EvidenceRule = "off"
    same_place_mm: float = 3.0
    confidence: bool = False
    fill_unseen: bool = True
    prorate_from: float = 0.8

    def __post_init__(self) -> None:
        """Refuse rules that mean nothing.

        Raises:
            BadRulesError: A field has a value it cannot have; names the field.
        """
        for name in ("totals_visible", "confidence", "fill_unseen"):
            if not isinstance(getattr(self, name), bool):
                raise BadRulesError(name, "use true or false")
        if self.evidence not in EVIDENCE_RULES:
            raise BadRulesError("evidence", f"use one of {', '.join(EVIDENCE_RULES)}")
        if not (_is_number(self.same_place_mm) and self.same_place_mm > 0):
            raise BadRulesError("same_place_mm", "use a distance in mm above 0")
        if not (_is_number(self.prorate_from) and 0 < self.prorate_from <= 1):
            raise BadRulesError("prorate_from", "use a share above 0 and up to 1")

    def to_dict(self) -> dict[str, Any]:
        """Return the rules as plain JSON values."""
        return asdict(self)


def rules_from_dict(stored: Mapping[str, Any]) -> RoundRules:
    """Return the rules that :meth:`RoundRules.to_dict` wrote; a rule that is not there has its default.

    Raises:
        BadRulesError: A rule is unknown or has a value it cannot have.
    """
    known = [field.name for field in fields(RoundRules)]
    for name in stored:
        if name not in known:
            raise BadRulesError(str(name), f"there is no such rule; use {', '.join(known)}")
    return RoundRules(**stored)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)

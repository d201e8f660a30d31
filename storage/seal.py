"""The hash that a signature holds: whoever has what was signed can compute it again."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from scoring_forms.domain.form import Form
from scoring_forms.domain.rules import RoundRules
from scoring_forms.domain.score import Cell, Score
from storage.annotations import Annotations
from storage.audit import Head, canonical_json, utc_text
from storage.reading.scores import score_text

SEAL_VERSION = 2
"""1: readings up to 1.1; 2: rules and annotations, too."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """All that a signature binds together.

    Attributes:
        code: The case.
        form: What was to be scored, with its systems in full.
        rules: The rules of the round.
        sheet: Every score of the case.
        annotations: Marks, comments and the like of the case.
        digests: SHA-256 of its pictures by ``"letter/role"``.
        head: The audit trail's newest row before the signature.
        printed_name: Who signs.
        utc: When, to the millisecond.
        meaning: What the signature says, e.g. ``"scored"``.
    """

    code: str
    form: Form
    rules: RoundRules
    sheet: Mapping[Cell, Score]
    annotations: Annotations
    digests: Mapping[str, str]
    head: Head
    printed_name: str
    utc: datetime
    meaning: str

    def sha256(self, version: int = SEAL_VERSION) -> str:
        """Return the hash as this version of the seal makes it.

        Raises:
            ValueError: There is no such version.
        """
        signed: dict[str, Any] = {
            "case": self.code,
            "form": hashlib.sha256(canonical_json(self.form.to_dict()).encode()).hexdigest(),
            "scores": {cell.name: score_text(score) for cell, score in self.sheet.items()},
            "images": dict(self.digests),
            "audit": [self.head.seq, self.head.hash],
            "name": self.printed_name,
            "utc": utc_text(self.utc),
            "meaning": self.meaning,
        }
        match version:
            case 1:
                pass
            case 2:
                signed |= {
                    "seal": version,
                    "rules": self.rules.to_dict(),
                    "annotations": self.annotations.to_dict(),
                }
            case _:
                raise ValueError(f"there is no seal of version {version}")
        return hashlib.sha256(canonical_json(signed).encode()).hexdigest()

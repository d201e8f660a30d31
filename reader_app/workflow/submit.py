"""A reader's signature under one case, some, or all that are complete."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from storage.errors import CaseSignedError, UnknownCaseError
from storage.reading.reading import Reading


@dataclass(frozen=True, slots=True)
class SubmitReport:
    """Which cases are signed now, how many cells others still lack, and how many scores lack their marks."""

    submitted: tuple[str, ...]
    incomplete: tuple[tuple[str, int], ...]
    without_evidence: tuple[tuple[str, int], ...] = ()


def submit_cases(reading: Reading, codes: Sequence[str] | None, password: str) -> SubmitReport:
    """Sign the named cases that are complete, or with None every complete one that is not signed.

    A case is complete without empty cells and, where the round requires marks, with all of them.

    Raises:
        UnknownCaseError, CaseSignedError: A named case is not there, or signed; nothing was signed.
        PasswordTooShortError, WrongPasswordError, PasswordDelayError: The password was not taken.
        TamperedError, DamagedStoreError: The reading does not pass its check.
    """
    cases = {case.code: case for case in reading.cases()}
    for code in codes or ():
        if code not in cases:
            raise UnknownCaseError(code)
        if cases[code].status == "signed":
            raise CaseSignedError(code)
    if codes is None:
        chosen = [case for case in cases.values() if case.status != "signed"]
    else:
        chosen = [cases[code] for code in dict.fromkeys(codes)]
    filled = [case.code for case in chosen if not case.missing]
    required = reading.rules.evidence == "required"
    gaps = {code: len(reading.evidence_gaps(code)) if required else 0 for code in filled}
    complete = [code for code in filled if not gaps[code]]
    for code in complete:
        reading.sign(code, password)
    return SubmitReport(
        tuple(complete),
        tuple((case.code, case.missing) for case in chosen if case.missing),
        tuple((code, count) for code, count in gaps.items() if count),
    )

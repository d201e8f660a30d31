"""The reader takes the coordinator's answer about a signed case into the reading."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from storage.grants import Refusal, read_answer
from storage.reading.reading import Reading


@dataclass(frozen=True, slots=True)
class Answer:
    """What the coordinator said of a signed case: ``refused`` is why it stays; empty: it is open again."""

    case: str
    refused: str = ""


def take_answer(reading: Reading, path: Path) -> Answer:
    """Open the case again that the coordinator's file names, or keep why it stays signed.

    Raises:
        BadGrantError: It is no such file.
        UnknownCaseError, CaseNotSignedError: It is not for this reading, or the case is open.
        WrongGrantError, OldRefusalError: It is not about the signature that the case has now.
    """
    answer = read_answer(path)
    if isinstance(answer, Refusal):
        reading.take_refusal(answer)
        return Answer(answer.case, answer.reason)
    reading.reopen(answer)
    return Answer(answer.case)

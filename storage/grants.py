"""The coordinator's answers to requests for signed cases, as small files that travel to the reader.

A grant lifts one signature of one case and names nothing but codes. Its number is random: a reading opens
with any, but the study takes the new signature only with one that it drew itself. A refusal says in one line
why the signature stays.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from storage.arrays import disk_errors
from storage.audit import canonical_json
from storage.errors import BadGrantError

LONGEST_REASON = 200
_FILE, _REFUSED = "reopen", "refused"
_LARGEST = 4096
_CODE = re.compile(r"[A-Za-z0-9]{1,32}", re.ASCII)
_HEX = re.compile(r"[0-9a-f]{32,64}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Grant:
    """Which signature may be lifted.

    Attributes:
        reading: The reading's code.
        case: The case's code.
        receipt: Hash in the receipt of the signature it lifts.
        grant: The grant's own random number, 32 hex digits.
    """

    reading: str
    case: str
    receipt: str
    grant: str

    @property
    def file_name(self) -> str:
        """``READING-CASE.reopen``."""
        return f"{self.reading}-{self.case}.{_FILE}"

    @property
    def text(self) -> str:
        """What the file holds."""
        return canonical_json({"ra_reader": _FILE, **asdict(self)}) + "\n"


@dataclass(frozen=True, slots=True)
class Refusal:
    """The coordinator's word that a signed case stays as it is.

    Attributes:
        reading: The reading's code.
        case: The case's code.
        receipt: Hash in the receipt of the signature that stays in force.
        reason: Why, in one line that tells nothing of subject or visit.
    """

    reading: str
    case: str
    receipt: str
    reason: str

    @property
    def file_name(self) -> str:
        """``READING-CASE.refused``."""
        return f"{self.reading}-{self.case}.{_REFUSED}"

    @property
    def text(self) -> str:
        """What the file holds."""
        return canonical_json({"ra_reader": _REFUSED, **asdict(self)}) + "\n"


def read_answer(path: Path) -> Grant | Refusal:
    """Return the grant or the refusal in a file.

    Raises:
        BadGrantError: It is no such file.
        StorageUnavailableError: It cannot be read.
    """
    with disk_errors(path), path.open("rb") as file:
        content = file.read(_LARGEST + 1)
    try:
        found = json.loads(content[:_LARGEST])
        if len(content) > _LARGEST:
            raise ValueError
        return _KINDS[found.pop("ra_reader")](found)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise BadGrantError(path) from None


def is_line(words: str) -> bool:
    """Whether the reason of a refusal is one line that may travel."""
    return bool(words.strip()) and len(words) <= LONGEST_REASON and words.isprintable()


def _grant(found: dict[str, Any]) -> Grant:
    grant = Grant(**found)
    if not _is_about_a_case(grant) or not _HEX.fullmatch(grant.grant):
        raise ValueError
    return grant


def _refusal(found: dict[str, Any]) -> Refusal:
    refusal = Refusal(**found)
    if not _is_about_a_case(refusal) or not is_line(refusal.reason):
        raise ValueError
    return refusal


def _is_about_a_case(answer: Grant | Refusal) -> bool:
    codes = all(_CODE.fullmatch(code) for code in (answer.reading, answer.case))
    return codes and bool(_HEX.fullmatch(answer.receipt))


_KINDS: dict[str, Callable[[dict[str, Any]], Grant | Refusal]] = {_FILE: _grant, _REFUSED: _refusal}

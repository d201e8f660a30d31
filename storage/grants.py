"""A grant: the coordinator's leave to change a signed case, as a small file that travels to the reader.

It lifts one signature of one case and names nothing but codes. Its number is random: a reading opens with
any, but the study takes the new signature only with one that it drew itself.
"""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass
from pathlib import Path

from storage.arrays import disk_errors
from storage.audit import canonical_json
from storage.errors import BadGrantError

_FILE = "reopen"
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


def read_grant(path: Path) -> Grant:
    """Return the grant in a file.

    Raises:
        BadGrantError: It is no such file.
        StorageUnavailableError: It cannot be read.
    """
    with disk_errors(path), path.open("rb") as file:
        content = file.read(_LARGEST + 1)
    try:
        found = json.loads(content[:_LARGEST])
        if found.pop("ra_reader") != _FILE or len(content) > _LARGEST:
            raise ValueError
        grant = Grant(**found)
        codes = all(_CODE.fullmatch(code) for code in (grant.reading, grant.case))
        if not codes or not all(_HEX.fullmatch(number) for number in (grant.receipt, grant.grant)):
            raise ValueError
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise BadGrantError(path) from None
    return grant

"""Passwords: hashed with Argon2id, at least twelve characters, and slowed down after wrong ones.

Cost: 64 MiB, three passes, four lanes (RFC 9106; a third of a second on two cores).
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from storage.errors import PasswordTooShortError

if TYPE_CHECKING:
    from argon2 import PasswordHasher

MINIMUM_LENGTH = 12
FREE_FAILURES = 5
FIRST_DELAY_S = 30
LONGEST_DELAY_S = 24 * 3600


def hash_password(password: str) -> str:
    """Return what to store of a new password.

    Raises:
        PasswordTooShortError: It has fewer than :data:`MINIMUM_LENGTH` characters.
    """
    if len(password) < MINIMUM_LENGTH:
        raise PasswordTooShortError(MINIMUM_LENGTH)
    return _hasher().hash(password)


def fits(stored: str, password: str) -> bool:
    """Whether *password* is the one that *stored* was made from; a stored text that is no hash fits none."""
    from argon2.exceptions import InvalidHashError, VerificationError

    try:
        return _hasher().verify(stored, password)
    except (VerificationError, InvalidHashError):
        return False


def delay_s(failures: int) -> int:
    """Return how many seconds the next attempt waits after so many wrong ones in a row."""
    if failures < FREE_FAILURES:
        return 0
    doublings = min(failures - FREE_FAILURES, LONGEST_DELAY_S.bit_length())
    return min(FIRST_DELAY_S << doublings, LONGEST_DELAY_S)


@cache
def _hasher() -> PasswordHasher:
    from argon2 import PasswordHasher  # only needed when somebody signs

    return PasswordHasher(time_cost=3, memory_cost=64 * 1024, parallelism=4)

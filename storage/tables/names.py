"""Names of variables that SPSS, Stata and SAS accept: unique, and the same for the same columns.

Sources: SPSS Statistics, Core System, "Variable names"; Stata, [U] 11.3 "Naming conventions"; SAS,
"Rules for words and names", and "Record layout of a SAS version 8 or 9 data set in SAS transport
format".
"""

from __future__ import annotations

import re
from collections.abc import Sequence

SPSS_BYTES = 64
SHORT_CHARACTERS = 28
"""Both programs take 32, but value labels of Stata files are named after column and position."""

_SPSS_RESERVED = frozenset(
    ["all", "and", "by", "eq", "ge", "gt", "le", "lt", "ne", "not", "or", "to", "with"],
)
_STATA_RESERVED = frozenset(
    [
        *["_all", "_b", "byte", "_coef", "_cons", "double", "float", "if", "in", "int", "long", "_n"],
        *["_pi", "_pred", "_rc", "_skip", "strl", "using", "with"],
    ]
)
_SAS_RESERVED = frozenset(["_character_", "_error_", "_n_", "_numeric_"])
_STATA_STRING_TYPE = re.compile(r"str[0-9]+")


def spss_names(names: Sequence[str]) -> tuple[str, ...]:
    """Return a name for each of *names* that SPSS takes: 64 bytes, unique whatever the case."""
    return _unique([_spss(name) for name in names], SPSS_BYTES)


def short_names(names: Sequence[str]) -> tuple[str, ...]:
    """Return a name for each of *names* that Stata and SAS take: 28 letters, unique whatever the case.

    Letters, digits and underscores of ASCII. A longer name keeps its beginning, and its end, which
    tells the site.
    """
    return _unique([_short(name) for name in names], SHORT_CHARACTERS)


def _spss(name: str) -> str:
    allowed = re.sub(r"[^A-Za-z0-9_.]", "_", name).rstrip(".") or "_"
    if not allowed[0].isalpha() or allowed.lower() in _SPSS_RESERVED:
        allowed = f"v_{allowed}"
    return _shortened(allowed, SPSS_BYTES)


def _short(name: str) -> str:
    allowed = re.sub(r"[^A-Za-z0-9_]", "_", name) or "_"
    lower = allowed.lower()
    if (
        allowed[0].isdigit()
        or lower in _STATA_RESERVED | _SAS_RESERVED
        or _STATA_STRING_TYPE.fullmatch(lower)
    ):
        allowed = f"v_{allowed}"
    return _shortened(allowed, SHORT_CHARACTERS)


def _shortened(name: str, limit: int) -> str:
    if len(name) <= limit:
        return name
    end = limit * 5 // 8
    return f"{name[: limit - end - 2]}__{name[-end:]}"


def _unique(names: Sequence[str], limit: int) -> tuple[str, ...]:
    """Number what would be there twice, in the order of the columns."""
    taken: set[str] = set()
    found: list[str] = []
    wanted = {name.lower() for name in names}
    for name in names:
        count, free = 1, name
        while free.lower() in taken or (count > 1 and free.lower() in wanted):
            count += 1
            ending = f"_{count}"
            free = name[: limit - len(ending)] + ending
        taken.add(free.lower())
        found.append(free)
    return tuple(found)

"""Typed fields out of an untrusted document: each comes back as what it must be, or is a problem."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from difflib import get_close_matches
from typing import Any, TypeVar, cast

from scoring_forms.domain.lines import FieldPath

LONGEST_TEXT = 1000
LONGEST_NAME = 150
_ID = re.compile(r"[a-z][a-z0-9_]{0,63}")
_Choice = TypeVar("_Choice", bound=str)


class FieldError(Exception):
    """What is wrong, and with which field."""

    def __init__(self, path: FieldPath, words: str) -> None:
        super().__init__(words)
        self.path, self.words = path, words


def a_mapping(value: object, path: FieldPath, words: str) -> Mapping[str, Any]:
    """Return a table with any fields, or say in *words* what to write."""
    if not isinstance(value, Mapping):
        raise FieldError(path, words)
    return cast("Mapping[str, Any]", value)


def a_table(
    value: object, path: FieldPath, required: Collection[str], optional: Collection[str] = ()
) -> Mapping[str, Any]:
    """Return a table that has all *required* fields and none but these and the *optional* ones."""
    table = a_mapping(value, path, f"use a table with the fields {', '.join(sorted(required))}")
    known = {*required, *optional}
    for key in table:
        if key not in known:
            near = get_close_matches(key, known, 1)
            hint = f"did you mean {near[0]}?" if near else f"use {', '.join(sorted(known))}"
            raise FieldError((*path, key), f"there is no such field; {hint}")
    for key in sorted(required):
        if key not in table:
            raise FieldError((*path, key), "this field is missing")
    return table


def a_list(value: object, path: FieldPath, most: int) -> Sequence[object]:
    """Return a list of one to *most* entries."""
    if not isinstance(value, list) or not value:
        raise FieldError(path, "use a list with at least one entry")
    entries = cast("list[object]", value)
    if len(entries) > most:
        raise FieldError(path, f"{len(entries)} entries are too many; {most} are the most")
    return entries


def a_text(value: object, path: FieldPath, *, longest: int = LONGEST_NAME, empty: bool = False) -> str:
    """Return one line of text."""
    if not isinstance(value, str):
        raise FieldError(path, "use a text in quotes")
    text = value.strip()
    if not text and not empty:
        raise FieldError(path, "it is empty")
    if len(text) > longest:
        raise FieldError(path, f"it has {len(text)} characters; {longest} are the most")
    if not text.isprintable():
        raise FieldError(path, "use one line of plain text")
    return text


def an_id(value: object, path: FieldPath) -> str:
    """Return an id as columns of tables use it."""
    if not isinstance(value, str) or not _ID.fullmatch(value):
        raise FieldError(path, "use small letters, digits and _, with a letter first, up to 64")
    return value


def a_number(value: object, path: FieldPath) -> float:
    """Return a number that is finite and not beyond all measure."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not -1e9 < value < 1e9:
        raise FieldError(path, "use a number")
    return value


def a_flag(value: object, path: FieldPath) -> bool:
    """Return true or false."""
    if not isinstance(value, bool):
        raise FieldError(path, "use true or false")
    return value


def a_choice(value: object, path: FieldPath, choices: Sequence[_Choice]) -> _Choice:
    """Return one of *choices*."""
    for choice in choices:
        if value == choice:
            return choice
    raise FieldError(path, f"use one of {', '.join(choice or repr(choice) for choice in choices)}")


def a_name(value: object, path: FieldPath, known: Collection[str], what: str) -> str:
    """Return one of the *known* names."""
    if isinstance(value, str) and value in known:
        return value
    near = get_close_matches(str(value)[:LONGEST_NAME], known, 1)
    hint = f"did you mean {near[0]!r}?" if near else f"use {_some(known)}"
    raise FieldError(path, f"there is no {what} {str(value)[:40]!r}; {hint}")


def names(value: object, path: FieldPath, known: Collection[str], what: str) -> tuple[str, ...]:
    """Return a list of different names, each one of *known*."""
    found: list[str] = []
    for number, entry in enumerate(a_list(value, path, most=len(known) + 1)):
        name = a_name(entry, (*path, number), known, what)
        if name in found:
            raise FieldError((*path, number), f"{name!r} stands there twice")
        found.append(name)
    return tuple(found)


def _some(known: Collection[str]) -> str:
    shown = sorted(known)
    return ", ".join(shown if len(shown) <= 8 else [*shown[:8], "…"])

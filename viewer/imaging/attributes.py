"""Access to DICOM attributes: the one place that looks into data sets.

A value that is absent, empty or damaged is None (text: ""); no accessor raises.
"""

import math
from collections.abc import Sequence
from functools import cache
from typing import Any

from pydicom.dataset import Dataset
from pydicom.tag import BaseTag, Tag

Numbers = tuple[float, ...]


class FrameView:
    """Attributes of one frame: its own functional groups first, then the shared ones, then the data set.

    Source: DICOM PS3.3 C.7.6.16 (multi-frame functional groups).
    """

    def __init__(self, *layers: Dataset) -> None:
        self._layers = layers

    def raw(self, keyword: str) -> Any:
        """Return the first value of *keyword* that is there, unconverted; None if there is none."""
        for layer in self._layers:
            value = _value(layer, keyword)
            if value is not None:
                return value
        return None

    def text(self, *keywords: str) -> str:
        """Return the first of *keywords* that is not empty; several values are joined by a backslash."""
        for keyword in keywords:
            text = self._text(keyword)
            if text:
                return text
        return ""

    def numbers(self, *keywords: str) -> Numbers | None:
        """Return the first of *keywords* that holds finite numbers only."""
        for keyword in keywords:
            found = self._numbers(keyword)
            if found:
                return found
        return None

    def number(self, *keywords: str) -> float | None:
        """Return the first number of the first of *keywords* that holds one."""
        found = self.numbers(*keywords)
        return found[0] if found else None

    def items(self, keyword: str) -> list[Dataset]:
        """Return the items of a sequence; empty where it is absent or damaged."""
        value = self.raw(keyword)
        return [item for item in value if isinstance(item, Dataset)] if _is_list(value) else []

    def _text(self, keyword: str) -> str:
        value = self.raw(keyword)
        parts = list(value) if _is_list(value) else [value]
        return "\\".join(plain(part) for part in parts if part is not None).strip()

    def _numbers(self, keyword: str) -> Numbers | None:
        value = self.raw(keyword)
        try:
            return finite(tuple(float(part) for part in (value if _is_list(value) else [value])))
        except (TypeError, ValueError, OverflowError):
            return None


def finite(numbers: Sequence[float]) -> Numbers | None:
    """Return *numbers*, None where one of them is no number to reckon with."""
    return tuple(map(float, numbers)) if all(map(math.isfinite, numbers)) else None


def plain(value: Any) -> str:
    """Return a value as text without characters that cannot be printed."""
    text = value.decode("latin-1") if isinstance(value, bytes) else str(value)
    if not text.isprintable():
        text = "".join(character for character in text if character.isprintable())
    return text.strip()


@cache
def _tag_of(keyword: str) -> BaseTag:
    return Tag(keyword)


def _value(layer: Dataset, keyword: str) -> Any:
    tag = _tag_of(keyword)
    if tag not in layer.keys():  # noqa: SIM118 - asking the Dataset itself is slower
        return None
    try:
        value = layer[tag].value
    except Exception:  # noqa: BLE001 - a damaged element raises whatever pydicom's conversion raises
        return None
    return None if value is None or (_is_list(value) and not value) or value == "" else value


def _is_list(value: Any) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str | bytes)

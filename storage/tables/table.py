"""A table that leaves the program: typed columns with labels, rows, and what is said about them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal

Value = str | float | int | None
Kind = Literal["text", "grade", "number"]
Tell = Callable[[int], None]
"""Is told how many rows of a table are written, or a few more; raises to stop the writing."""
FIRST_MOMENT = datetime(1980, 1, 1, tzinfo=UTC)  # as early as a ZIP archive, which a workbook is, can say


@dataclass(frozen=True, slots=True)
class Column:
    """What stands in one column.

    Attributes:
        name: As it stands in the header of CSV files and workbooks.
        label: One sentence for people.
        kind: Text, a grade of an ordered scale, or a number.
        decimals: How many decimals programs show of a number.
        width: Bytes that a text column has where a format needs a fixed width; wider if a text is longer.
        values: What each value means, where the values are few.
    """

    name: str
    label: str = ""
    kind: Kind = "text"
    decimals: int = 0
    width: int = 32
    values: Mapping[str | float, str] = field(default_factory=dict[str | float, str])


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under typed columns; None is an empty cell."""

    name: str
    columns: tuple[Column, ...]
    rows: Sequence[Sequence[Value]]
    label: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """The columns' names."""
        return tuple(column.name for column in self.columns)


@dataclass(frozen=True, slots=True)
class About:
    """What is stamped on every file of an export.

    Attributes:
        facts: Goes into the manifest, the workbook's sheet ``about`` and the notes of SPSS files.
        label: The most important of it in few words; formats cut it at 40 to 80 bytes.
        moment: Stands in files that name a time of making, so that the same study gives the same bytes.
    """

    facts: Mapping[str, Value]
    label: str = ""
    moment: datetime = FIRST_MOMENT


def tell_nobody(_rows: int) -> None:
    """Take what nobody asked for."""


def number(value: float | None) -> float | int | None:
    """Return whole numbers as ``int``, so that a grade is written 2 and not 2.0."""
    return int(value) if value is not None and value == int(value) else value


def cut(text: str, n_bytes: int) -> str:
    """Return *text* if its UTF-8 fits *n_bytes*, or else its beginning with an ellipsis."""
    encoded = text.encode()
    if len(encoded) <= n_bytes:
        return text
    return encoded[: n_bytes - 3].decode(errors="ignore") + "…"

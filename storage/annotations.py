"""What a reader leaves beside the scores of a case: marks, comments, confidence, reasons, time at work.

A reading keeps them in its tables, signs them, and the study takes them over; the JSON form is the same
in all three.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from scoring_forms.domain.marks import Mark
from scoring_forms.domain.score import Cell

CommentKey = tuple[str | None, Cell | None]
"""What a comment is about: (None, None) the case, (letter, None) a timepoint, (letter, cell) a cell."""

CONFIDENCE_LEVELS = (1, 2, 3)
"""Unsure, fairly sure, sure."""


@dataclass(frozen=True, slots=True)
class Annotations:
    """All of one case.

    Attributes:
        marks: In the order of their numbers.
        comments: Texts by what they are about.
        confidences: One of :data:`CONFIDENCE_LEVELS` by cell.
        evidence_overrides: Why a score stands without the marks it should have, by cell.
        active_ms: Milliseconds at work by cell; under None those of the case outside any cell.
        consensus: The cells whose score an adjudicator stated as agreed in a consensus.
    """

    marks: tuple[Mark, ...] = ()
    comments: Mapping[CommentKey, str] = field(default_factory=dict[CommentKey, str])
    confidences: Mapping[Cell, int] = field(default_factory=dict[Cell, int])
    evidence_overrides: Mapping[Cell, str] = field(default_factory=dict[Cell, str])
    active_ms: Mapping[Cell | None, int] = field(default_factory=dict["Cell | None", int])
    consensus: frozenset[Cell] = frozenset()

    def to_dict(self) -> dict[str, Any]:
        """Return plain JSON values; equal annotations give equal ones, whatever came first.

        Without a consensus there is no word of one: seals of other readings stay what they are.
        """
        comments = sorted(
            ([letter, _cell_values(cell), text] for (letter, cell), text in self.comments.items()), key=repr
        )
        stated = {"consensus": sorted(map(_cell_values, self.consensus), key=repr)} if self.consensus else {}
        return {
            "marks": [mark_to_dict(mark) for mark in sorted(self.marks, key=lambda mark: mark.id)],
            "comments": comments,
            "confidences": _by_cell(self.confidences),
            "evidence_overrides": _by_cell(self.evidence_overrides),
            "active_ms": _by_cell(self.active_ms),
            **stated,
        }


def annotations_from_dict(stored: Mapping[str, Any]) -> Annotations:
    """Return the annotations that :meth:`Annotations.to_dict` wrote."""
    return Annotations(
        tuple(mark_from_dict(mark) for mark in stored["marks"]),
        {(letter, _cell_of(values)): text for letter, values, text in stored["comments"]},
        {Cell(*values): level for values, level in stored["confidences"]},
        {Cell(*values): reason for values, reason in stored["evidence_overrides"]},
        {_cell_of(values): milliseconds for values, milliseconds in stored["active_ms"]},
        frozenset(Cell(*values) for values in stored.get("consensus", ())),
    )


def mark_to_dict(mark: Mark) -> dict[str, Any]:
    """Return a mark as plain JSON values."""
    return {
        **asdict(mark),
        "cell": _cell_values(mark.cell),
        "points": [list(point) for point in mark.points],
        "window": list(mark.window),
    }


def mark_from_dict(stored: Mapping[str, Any]) -> Mark:
    """Return the mark that :func:`mark_to_dict` wrote.

    Raises:
        BadMarkError: It lies nowhere.
        ValueError, TypeError, KeyError: It is none.
    """
    width, level = stored["window"]
    values: dict[str, Any] = {
        **stored,
        "cell": Cell(*stored["cell"]),
        "points": tuple(tuple(point) for point in stored["points"]),
        "window": (width, level),
    }
    return Mark(**values)


def _by_cell(values: Mapping[Any, Any]) -> list[list[Any]]:
    return sorted(([_cell_values(cell), value] for cell, value in values.items()), key=repr)


def _cell_values(cell: Cell | None) -> list[str | None] | None:
    return None if cell is None else [cell.timepoint, cell.system, cell.feature, cell.side, cell.site]


def _cell_of(values: list[Any] | None) -> Cell | None:
    return None if values is None else Cell(*values)

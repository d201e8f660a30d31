"""Which marks the panes show, and what is being drawn or moved: values only."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from reader_app.reading.wanted import PaneKey
from scoring_forms.domain.marks import Mark
from scoring_forms.domain.score import Cell

OutlineKind = Literal["bone", "defect"]
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Outline:
    """An outline that is being drawn on one slice of a pane; points are (row, column), fractional."""

    kind: OutlineKind
    key: PaneKey
    slice_index: int
    points: tuple[Point, ...] = ()


@dataclass(frozen=True, slots=True)
class ShownMarks:
    """The marks of the current site.

    Attributes:
        cell: The current cell; marks of its feature stand out.
        marks: Those of its site, of every timepoint and feature.
        chosen: The number of the mark that keys act on; 0 for none.
        moving: The mark that is being dragged, where it is now.
        outline: What is being drawn.
    """

    cell: Cell | None = None
    marks: tuple[Mark, ...] = ()
    chosen: int = 0
    moving: Mark | None = None
    outline: Outline | None = None

    @property
    def now(self) -> tuple[Mark, ...]:
        """The marks where they are on the screen now."""
        moving = self.moving
        if moving is None:
            return self.marks
        return tuple(moving if mark.id == moving.id else mark for mark in self.marks)

    @property
    def paints(self) -> bool:
        """Whether there is anything to be seen of it."""
        return bool(self.marks) or self.outline is not None


def site_of(cell: Cell) -> tuple[str, str | None, str]:
    """Return what cells of one bone or joint share, whatever timepoint and feature they are of."""
    return cell.system, cell.side, cell.site


def mark_name(mark: Mark) -> str:
    """Return the number of a mark, with a letter for outlines: ``3``, ``4b`` for bone, ``5d`` for defect."""
    return f"{mark.id}{'' if mark.kind == 'point' else mark.kind[0]}"


def with_point(outline: Outline, point: Point) -> Outline:
    """Return an outline that goes on to *point*."""
    return replace(outline, points=(*outline.points, point))

"""The words for cells, groups and sides that tables, diagrams and screen readers share; never a visit."""

from __future__ import annotations

from scoring_forms.domain.entry import Column
from scoring_forms.domain.score import Cell, Score
from scoring_forms.domain.scoring_system import Feature, Site

GROUP_NAMES = {"wrist": "Wrist", "mcp": "MCP", "pip": "PIP and thumb IP", "forefoot": "Forefoot"}
SIDE_NAMES = {"L": "left", "R": "right"}


def side_words(site: Site, side: str) -> str:
    """Return ``left hand``, or ``left foot`` for a site of the forefoot."""
    return f"{SIDE_NAMES[side]} {'foot' if site.group == 'forefoot' else 'hand'}"


def cell_words(site: Site, cell: Cell, feature: Feature) -> str:
    """Return ``Lunate, left hand, timepoint A, Erosion``."""
    side = f"{side_words(site, cell.side)}, " if cell.side else ""
    return f"{site.label}, {side}timepoint {cell.timepoint}, {feature.label}"


def score_words(score: Score | None) -> str:
    """Return a grade as it is read out."""
    return "empty" if score is None else score.text.replace("n/a", "not assessable")


def column_title(column: Column) -> str:
    """Return ``A``, or ``A R`` for the right hand of a two-sided system."""
    return f"{column.timepoint} {column.side}" if column.side else column.timepoint


def short_name(site: Site) -> str:
    """Return the label of a site without what stands in brackets."""
    return site.label.partition(" (")[0]

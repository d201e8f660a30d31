"""Heat maps of sites: where scores are high at a visit, and where they changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from reader_app.workflow.agreement_tables import what_text
from reader_app.workflow.analyse import RoundAnalysis
from reader_app.workflow.analysis_tables import site_labels
from reader_app.workflow.figure_words import number_text
from reader_app.workflow.plot_shapes import Box, Picture, Shape, Word
from scoring_forms.analysis.paper_table import final_totals
from scoring_forms.analysis.samples import FloatArray, without_noise
from scoring_forms.domain.measures import Measure

_SUBJECTS_AT_MOST = 40
_STATUS, _CHANGE = "status", "change"
_MISSING = "#c3cbd3"
_WIDTH, _TOP, _RIGHT = 360.0, 4.0, 4.0
_SITES_HEIGHT, _ROW_LEAST, _ROW_MOST = 170.0, 5.5, 10.0
_WORDS_AT_MOST = 34
_TEXT, _LETTER = 7.0, 0.56  # of words: size, and how wide a letter is on average


@dataclass(frozen=True, slots=True, eq=False)
class HeatMap:
    """Final grades, or their changes, site by site; NaN where there is none.

    Attributes:
        words: What it shows: ``Week 12``, ``Baseline → Week 12``, ``mean at each visit``.
        is_change: Whether changes are shown, which may be negative.
        columns: Names of the columns, subjects or visits.
        sites: Names of the rows.
        values: Shape (columns, sites).
        largest: What has the full colour, the same at all visits or of all changes; at least 1.
        counted: How many subjects it is about, and how many have no final score.
    """

    words: str
    is_change: bool
    columns: tuple[str, ...]
    sites: tuple[str, ...]
    values: FloatArray
    largest: float
    counted: str


def heat_choices(analysis: RoundAnalysis) -> dict[str, str]:
    """Return what heat maps there are of a round, and what they are called.

    Each visit and each change has one with a column for each subject. Of many subjects there is one of
    means at every visit, and one of mean changes.
    """
    first, *later = analysis.cube.visits
    if len(analysis.cube.subjects) > _SUBJECTS_AT_MOST:
        found = {_STATUS: "mean at each visit"}
        return found | ({_CHANGE: f"mean change from {first}"} if later else {})
    whats = [f"{_STATUS}:{visit}" for visit in (first, *later)]
    whats += [f"{_CHANGE}:{first}:{visit}" for visit in later]
    return {what: what_text(what) for what in whats}


def heat_map(analysis: RoundAnalysis, measure: Measure, what: str) -> HeatMap:
    """Return one of :func:`heat_choices` of a measure."""
    units = final_totals(analysis.cube, analysis.cube.units(measure), analysis.decisions)
    first, *later = analysis.cube.visits
    is_change = what.startswith(_CHANGE)
    values = without_noise(units[:, 1:] - units[:, :1]) if is_change else units
    visits = later if is_change else (first, *later)
    there = np.array((~np.isnan(values)).any(axis=2), dtype=np.bool_)
    sizes = np.abs(values[~np.isnan(values)])
    words = heat_choices(analysis)[what]
    if ":" in what:
        visit = visits.index(what.split(":", 1)[1].removeprefix(f"{first}:" if is_change else ""))
        columns = [name for name, one in zip(analysis.cube.subjects, there[:, visit], strict=True) if one]
        shown = values[there[:, visit], visit]
        counted = f"n {len(columns)}, missing {len(there) - len(columns)}"
    else:
        n = there.sum(axis=0).tolist()
        columns = [f"{visit}, n {count}" for visit, count in zip(visits, n, strict=True)]
        given = (~np.isnan(values)).sum(axis=0)
        shown = np.where(given > 0, np.nansum(values, axis=0) / np.maximum(given, 1), np.nan)
        sizes = np.abs(shown[~np.isnan(shown)])
        counted = "; ".join(
            f"{visit}: n {count}, missing {len(there) - count}"
            for visit, count in zip(visits, n, strict=True)
        )
    largest = float(sizes.max(initial=1.0 if ":" in what else 0.0)) or 1.0
    labels = site_labels(analysis)
    sites = tuple(labels[unit] for unit in measure.units)
    return HeatMap(words, is_change, tuple(columns), sites, shown, largest, counted)


def heat_map_picture(analysis: RoundAnalysis, measure: Measure, what: str) -> Picture:
    """Draw grades or changes site by site: red is more, blue less, grey has no grade."""
    found = heat_map(analysis, measure, what)
    names = [cut_words(site, _WORDS_AT_MOST) for site in found.sites]
    left = 6 + _TEXT * _LETTER * max((len(name) for name in names), default=0)
    height = min(_ROW_MOST, max(_ROW_LEAST, _SITES_HEIGHT / max(len(names), 1)))
    width = (_WIDTH - left - _RIGHT) / max(len(found.columns), 1)
    bottom = _TOP + height * len(names)
    size = min(_TEXT, height)
    shapes: list[Shape] = []
    for number, name in enumerate(names):
        y = _TOP + height * number
        shapes.append(Word(left - 4, y + height / 2 + 0.35 * size, name, size, "end"))
        shapes += [
            Box(left + width * place, y, width - 0.7, height - 0.7, heat_colour(value, found.largest))
            for place, value in enumerate(found.values[:, number].tolist())
        ]
    below, room = _below(found.columns, left, bottom, width)
    title = f"Heat map of sites, {measure.label}, {found.words}"
    return Picture(title, _caption(found), _WIDTH, bottom + room, (*shapes, *below))


def _below(names: Sequence[str], left: float, bottom: float, width: float) -> tuple[tuple[Shape, ...], float]:
    """Return the names below the columns, upright only where they fit, and the room they take."""
    longest = max((len(name) for name in names), default=0)
    size = min(_TEXT, width)
    centres = [left + width * (place + 0.5) for place in range(len(names))]
    if _TEXT * _LETTER * longest + 3 < width:
        words = (Word(x, bottom + 9, name, _TEXT, "middle") for x, name in zip(centres, names, strict=True))
        return tuple(words), 14
    words = (
        Word(x + 0.35 * size, bottom + 3, name, size, "end", turned=True)
        for x, name in zip(centres, names, strict=True)
    )
    return tuple(words), 8 + size * _LETTER * longest


def cut_words(words: str, most: int) -> str:
    """Return words of so many letters at most."""
    return words if len(words) <= most else f"{words[: most - 1]}…"


def _caption(found: HeatMap) -> str:
    largest = number_text(found.largest)
    if found.is_change:
        return (
            f"{found.counted}; full red: +{largest}, full blue: −{largest}, white: no change, grey: no grade"
        )
    return f"{found.counted}; full red: {largest}, white: 0, grey: no grade"


def heat_colour(value: float, largest: float) -> str:
    """Return white for no change, red for more, blue for less, grey where there is no value."""
    if value != value:
        return _MISSING
    share = min(abs(value) / largest, 1.0) ** 0.7
    red, green, blue = (181, 58, 46) if value > 0 else (47, 100, 170)
    mixed = (round(246 + share * (end - 246)) for end in (red, green, blue))
    return "#{:02x}{:02x}{:02x}".format(*mixed)

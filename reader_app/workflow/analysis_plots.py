"""The plots of an analysis: what is in them as numbers, and as pictures for a report."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np

from reader_app.workflow.analyse import RoundAnalysis
from reader_app.workflow.analysis_tables import what_text
from reader_app.workflow.figure_words import number_text
from reader_app.workflow.plot_shapes import (
    BLUE,
    FAINT,
    INK,
    RED,
    SERIES,
    Box,
    Dot,
    Frame,
    Line,
    Picture,
    Shape,
    Word,
    padded,
    tick_text,
    ticks,
)
from scoring_forms.analysis.agreement import AgreementRow
from scoring_forms.analysis.bland_altman import BlandAltman
from scoring_forms.analysis.cumulative import cumulative_probability
from scoring_forms.analysis.paper_table import final_totals
from scoring_forms.analysis.samples import FloatArray, without_noise
from scoring_forms.domain.measures import Measure

WIDTH, HEIGHT = 340.0, 210.0
_LEFT, _TOP, _RIGHT, _BELOW = 42.0, 10.0, 52.0, 32.0
_ROWS_AT_MOST = 40
_MISSING = "#c3cbd3"


@dataclass(frozen=True, slots=True, eq=False)
class Curve:
    """Cumulative probability of one change: percent of subjects, change, subjects in that order."""

    label: str
    percent: FloatArray
    change: FloatArray
    subjects: tuple[str, ...]
    n_missing: int
    sdc: float | None


@dataclass(frozen=True, slots=True, eq=False)
class HeatMap:
    """Change of each site from the first to the last visit; NaN where there is none.

    Attributes:
        rows: Names of the rows, one for each first index of ``values``: subjects, or visits.
        sites: Names of the columns.
        values: Shape (rows, sites).
        n: How many subjects have a final score at both visits; ``n_missing`` others have not.
    """

    rows: tuple[str, ...]
    sites: tuple[str, ...]
    values: FloatArray
    n: int
    n_missing: int

    @property
    def largest(self) -> float:
        """The largest change in size, at least 1, which has the full colour."""
        there = self.values[~np.isnan(self.values)]
        return max(1.0, float(np.abs(there).max())) if there.size else 1.0


def cumulative_curves(analysis: RoundAnalysis, measure: Measure) -> tuple[Curve, ...]:
    """Return the curve of final change at each later visit."""
    curves: list[Curve] = []
    for change in analysis.row(measure).changes:
        found = cumulative_probability(change.changes)
        subjects = tuple(analysis.cube.subjects[int(i)] for i in found.subjects)
        sdc = change.detectable.value.value
        curves.append(Curve(change.later, found.percent, found.change, subjects, found.n_missing, sdc))
    return tuple(curves)


def courses(analysis: RoundAnalysis, measure: Measure) -> tuple[FloatArray, FloatArray]:
    """Return the place of each visit in time (weeks if all have one) and final scores (subjects, visits)."""
    weeks = list(analysis.weeks.values())
    there = [week for week in weeks if week is not None]
    times = there if len(set(there)) == len(weeks) else range(len(weeks))
    return np.array(times, dtype=np.float64), np.stack(
        [visit.totals for visit in analysis.row(measure).visits], axis=1
    )


def heat_map(analysis: RoundAnalysis, measure: Measure) -> HeatMap:
    """Return final change by site: subject by subject, or the mean at each visit of many subjects."""
    labels = {
        (item.feature.id, item.side, item.site.id): item.site.label for item in analysis.plan.form.items()
    }
    sites = tuple(
        f"{labels.get((unit.feature, unit.side, unit.site), unit.site)} {unit.side or ''}".strip()
        for unit in measure.units
    )
    units = final_totals(analysis.cube, analysis.cube.units(measure), analysis.decisions)
    changes = without_noise(units[:, 1:] - units[:, :1])
    read = [not all(site != site for site in subject) for subject in changes[:, -1].tolist()]
    n = sum(read)
    if n <= _ROWS_AT_MOST:
        rows = tuple(name for name, there in zip(analysis.cube.subjects, read, strict=True) if there)
        values = changes[np.array(read, dtype=np.bool_)][:, -1]
    else:
        rows = tuple(f"mean, {visit}" for visit in analysis.cube.visits[1:])
        counts = (~np.isnan(changes)).sum(axis=0)
        values = np.where(counts > 0, np.nansum(changes, axis=0) / np.maximum(counts, 1), np.nan)
    return HeatMap(rows, sites, values, n, len(read) - n)


# --- pictures -------------------------------------------------------------------------------------------


def cumulative_picture(analysis: RoundAnalysis, measure: Measure) -> Picture:
    """Draw every subject as a point: the change against the percent of subjects with less."""
    curves = cumulative_curves(analysis, measure)
    values = [0.0, *(float(value) for curve in curves for value in curve.change.tolist())]
    limits = [curve.sdc for curve in curves if curve.sdc is not None]
    frame = _frame((0.0, 100.0), padded([*values, *limits, *(-one for one in limits)]))
    x_ticks = [(value, tick_text(value)) for value in (0.0, 25.0, 50.0, 75.0, 100.0)]
    shapes: list[Shape] = [*frame.axes("cumulative % of subjects", "change", x_ticks), frame.level(0, FAINT)]
    for number, curve in enumerate(curves):
        colour = SERIES[number % len(SERIES)]
        points = zip(curve.percent.tolist(), curve.change.tolist(), strict=True)
        shapes += [Dot(frame.x(x), frame.y(y), 2.2, colour) for x, y in points]
        shapes.append(Word(frame.left + 6, frame.top + 8 + 11 * number, curve.label, colour=colour))
        for sign in (1, -1) if curve.sdc is not None else ():
            limit = sign * (curve.sdc or 0.0)
            shapes.append(frame.level(limit, colour, dashed=True))
            words = f"{'−' if sign < 0 else ''}SDC {number_text(abs(limit))}"
            shapes.append(Word(frame.left + frame.width + 3, frame.y(limit) + 2.5, words, 7, colour=colour))
    counted = "; ".join(
        f"{curve.label}: n {curve.change.size}, missing {curve.n_missing}" for curve in curves
    )
    return _picture(f"Cumulative probability of change, {measure.label}", counted, shapes)


def bland_altman_picture(row: AgreementRow, found: BlandAltman) -> Picture:
    """Draw differences of two readers against their means; coinciding points make a larger one."""
    x, y = found.mean.tolist(), found.difference.tolist()
    lines = [found.bias.value, *(found.limits.ends or ())]
    there = [one for one in lines if one is not None]
    frame = _frame(padded(x or [0.0]), padded([*y, *there, 0.0]))
    first, second = row.readers
    x_ticks = [(value, tick_text(value)) for value in ticks(*frame.x_range)]
    shapes: list[Shape] = list(frame.axes(f"mean of {first} and {second}", f"{first} − {second}", x_ticks))
    shapes.append(frame.level(0, FAINT))
    for number, value in enumerate(there):
        colour = RED if number else BLUE
        shapes.append(frame.level(value, colour, dashed=bool(number)))
        words = number_text(value)
        shapes.append(Word(frame.left + frame.width + 3, frame.y(value) + 2.5, words, colour=colour))
    for (mean, difference), count in sorted(Counter(zip(x, y, strict=True)).items()):
        shapes.append(Dot(frame.x(mean), frame.y(difference), 2.0 * count**0.5))
    caption = (
        f"n {found.n}, missing {found.n_missing}; bias and limits of agreement; larger dots: several subjects"
    )
    return _picture(f"Bland–Altman, {row.measure.label}, {what_text(row.what)}", caption, shapes)


def courses_picture(analysis: RoundAnalysis, measure: Measure) -> Picture:
    """Draw the final score of every subject from visit to visit, and the median."""
    times, scores = courses(analysis, measure)
    there = scores[~np.isnan(scores)].tolist()
    low, high = padded(there or [0.0])
    frame = _frame(padded(times.tolist()), (min(low, 0.0), high))
    x_ticks = [(time, label) for time, label in zip(times.tolist(), analysis.weeks, strict=True)]
    shapes: list[Shape] = list(frame.axes("visit", "score", x_ticks))
    for subject in scores:
        points = [(frame.x(t), frame.y(v)) for t, v in zip(times, subject, strict=True) if not np.isnan(v)]
        if len(points) > 1:
            shapes.append(Line(tuple(points), "#9db9d1", 0.6))
        shapes += [Dot(x, y, 1.3, "#9db9d1") for x, y in points]
    medians = [
        (frame.x(time), frame.y(entry.summary.median.value))
        for time, entry in zip(times, analysis.row(measure).visits, strict=True)
        if entry.summary.median.value is not None
    ]
    shapes.append(Line(tuple(medians), INK, 1.6))
    counted = "; ".join(
        f"{one.visit}: n {one.summary.n}, missing {one.summary.n_missing}"
        for one in analysis.row(measure).visits
    )
    caption = f"a line for each subject, black: median; {counted}"
    return _picture(f"Individual courses, {measure.label}", caption, shapes)


def heat_map_picture(analysis: RoundAnalysis, measure: Measure) -> Picture:
    """Draw final change site by site: red rises, blue falls, grey has no grade."""
    found = heat_map(analysis, measure)
    width, left, top = 2 * WIDTH + 20, 74.0, 8.0
    row_height = min(14.0, max(5.0, 180.0 / max(len(found.rows), 1)))
    column = (width - left - 8) / max(len(found.sites), 1)
    bottom = top + row_height * len(found.rows)
    shapes: list[Shape] = []
    for number, name in enumerate(found.rows):
        y = top + row_height * number
        shapes.append(Word(left - 4, y + row_height / 2 + 2.5, name, min(7.0, row_height), "end"))
        shapes += [
            Box(left + column * place, y, column - 0.8, row_height - 0.8, heat_colour(value, found.largest))
            for place, value in enumerate(found.values[number].tolist())
        ]
    for place, site in enumerate(found.sites):
        words = Word(
            left + column * (place + 0.5) + 2.5, bottom + 4, site, min(7, column), "end", turned=True
        )
        shapes.append(words)
    first, last = analysis.cube.visits[0], analysis.cube.visits[-1]
    caption = (
        f"{first} → {last}; n {found.n}, missing {found.n_missing}; full red: +{number_text(found.largest)}, "
        "full blue: the same decrease, grey: no grade"
    )
    longest = max((len(site) for site in found.sites), default=0)
    height = bottom + 10 + 3.9 * longest * min(7, column) / 7
    return Picture(
        f"Where it happened, {measure.label}: change by site", caption, width, height, tuple(shapes)
    )


def heat_colour(value: float, largest: float) -> str:
    """Return white for no change, red for more, blue for less, grey where there is no value."""
    if value != value:
        return _MISSING
    share = min(abs(value) / largest, 1.0) ** 0.7
    red, green, blue = (181, 58, 46) if value > 0 else (47, 100, 170)
    mixed = (round(246 + share * (end - 246)) for end in (red, green, blue))
    return "#{:02x}{:02x}{:02x}".format(*mixed)


def _frame(x_range: tuple[float, float], y_range: tuple[float, float]) -> Frame:
    return Frame(_LEFT, _TOP, WIDTH - _LEFT - _RIGHT, HEIGHT - _TOP - _BELOW, x_range, y_range)


def _picture(title: str, caption: str, shapes: list[Shape]) -> Picture:
    return Picture(title, caption, WIDTH, HEIGHT, tuple(shapes))

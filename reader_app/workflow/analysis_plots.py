"""The plots of an analysis: what is in them as numbers, and as pictures for a report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from reader_app.workflow.agreement_tables import what_text
from reader_app.workflow.analyse import RoundAnalysis
from reader_app.workflow.figure_words import number_text
from reader_app.workflow.plot_shapes import (
    BLUE,
    FAINT,
    INK,
    RED,
    SERIES,
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
from scoring_forms.analysis.samples import FloatArray
from scoring_forms.domain.measures import Measure

WIDTH, HEIGHT = 340.0, 210.0
_LEFT, _TOP, _RIGHT, _BELOW = 42.0, 10.0, 52.0, 32.0
_RIGHT_BARE = 22.0  # without words at the lines
_COURSE = "#9db9d1"


@dataclass(frozen=True, slots=True, eq=False)
class Curve:
    """Cumulative probability of one change: percent of subjects, change, subjects in that order."""

    label: str
    percent: FloatArray
    change: FloatArray
    subjects: tuple[str, ...]
    n_missing: int
    sdc: float | None

    @property
    def limits(self) -> tuple[float, ...]:
        """Between which a change may be measurement error; nothing without an SDC."""
        return () if self.sdc is None else (self.sdc, -self.sdc)

    @property
    def words(self) -> str:
        """What a legend says."""
        return self.label if self.sdc is None else f"{self.label}, ± SDC {number_text(self.sdc)}"


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


# --- pictures -------------------------------------------------------------------------------------------


def cumulative_picture(analysis: RoundAnalysis, measure: Measure) -> Picture:
    """Draw every subject as a point: the change against the percent of subjects with less."""
    curves = cumulative_curves(analysis, measure)
    values = [0.0, *(float(value) for curve in curves for value in curve.change.tolist())]
    values += [limit for curve in curves for limit in curve.limits]
    frame = _frame((0.0, 100.0), padded(values), _RIGHT_BARE)
    x_ticks = [(value, tick_text(value)) for value in (0.0, 25.0, 50.0, 75.0, 100.0)]
    shapes: list[Shape] = [*frame.axes("cumulative % of subjects", "change", x_ticks), frame.level(0, FAINT)]
    for number, curve in enumerate(curves):
        colour = SERIES[number % len(SERIES)]
        points = zip(curve.percent.tolist(), curve.change.tolist(), strict=True)
        shapes += [Dot(frame.x(x), frame.y(y), 2.2, colour) for x, y in points]
        shapes.append(Word(frame.left + 6, frame.top + 8 + 11 * number, curve.words, colour=colour))
        shapes += [frame.level(limit, colour, dashed=True) for limit in curve.limits]
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
    frame = _frame(padded(times.tolist()), (min(low, 0.0), high), _RIGHT_BARE)
    x_ticks = [(time, label) for time, label in zip(times.tolist(), analysis.weeks, strict=True)]
    shapes: list[Shape] = list(frame.axes("visit", "score", x_ticks))
    for subject in scores:
        for points in _runs(frame, times, subject):
            if len(points) > 1:
                shapes.append(Line(points, _COURSE, 0.6))
            shapes += [Dot(x, y, 1.3, _COURSE) for x, y in points]
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


def _runs(frame: Frame, times: FloatArray, scores: FloatArray) -> Iterator[tuple[tuple[float, float], ...]]:
    """Yield where a subject's visits without a gap lie; no line crosses a visit that is missing."""
    run: list[tuple[float, float]] = []
    for time, score in zip(times.tolist(), scores.tolist(), strict=True):
        if score == score:
            run.append((frame.x(time), frame.y(score)))
        elif run:
            yield tuple(run)
            run = []
    if run:
        yield tuple(run)


def _frame(x_range: tuple[float, float], y_range: tuple[float, float], right: float = _RIGHT) -> Frame:
    return Frame(_LEFT, _TOP, WIDTH - _LEFT - right, HEIGHT - _TOP - _BELOW, x_range, y_range)


def _picture(title: str, caption: str, shapes: list[Shape]) -> Picture:
    return Picture(title, caption, WIDTH, HEIGHT, tuple(shapes))

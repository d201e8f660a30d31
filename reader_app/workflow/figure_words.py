"""Figures of an analysis as people read them; rounded here and nowhere before."""

from __future__ import annotations

from scoring_forms.analysis.change import Directions
from scoring_forms.analysis.descriptive import Summary
from scoring_forms.analysis.figure import Figure, Interval

NOT_CALCULABLE = "n/c"


def number_text(value: float, decimals: int = 2) -> str:
    """Return ``17``, ``4.5``, ``−0.33``: no more decimals than are needed."""
    text = f"{round(value, decimals) + 0.0:.{decimals}f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text).replace("-", "−")


def fixed_text(figure: Figure, decimals: int = 2) -> str:
    """Return ``0.90``, or ``n/c``."""
    if figure.value is None:
        return NOT_CALCULABLE
    return f"{round(figure.value, decimals) + 0.0:.{decimals}f}".replace("-", "−")


def p_text(figure: Figure) -> str:
    """Return ``<0.001``, three decimals, or two from 0.1 on."""
    if figure.value is None:
        return NOT_CALCULABLE
    if figure.value < 0.001:
        return "<0.001"
    decimals = 3 if round(figure.value, 3) < 0.1 else 2
    return f"{figure.value:.{decimals}f}"


def range_text(summary: Summary) -> str:
    """Return ``17 (0–116)``: median and range."""
    figures = [one.value for one in (summary.median, summary.minimum, summary.maximum)]
    median, low, high = (None if one is None else number_text(one) for one in figures)
    return NOT_CALCULABLE if median is None else f"{median} ({low}–{high})"


def interval_text(interval: Interval, decimals: int = 2) -> str:
    """Return ``(0.76 to 0.98)``, or nothing where there is none."""
    if interval.ends is None:
        return ""
    low, high = (fixed_text(Figure(end), decimals) for end in interval.ends)
    return f"({low} to {high})"


def with_interval(figure: Figure, interval: Interval) -> str:
    """Return ``0.93 (0.76 to 0.98)``."""
    return f"{fixed_text(figure)} {interval_text(interval)}".strip()


def share_text(figure: Figure) -> str:
    """Return ``88 %``."""
    return NOT_CALCULABLE if figure.value is None else f"{100 * figure.value:.0f} %"


def of_text(n: int, n_missing: int) -> str:
    """Return ``17``, or ``15 of 17`` where some are missing."""
    return f"{n} of {n + n_missing}" if n_missing else f"{n}"


def directions_text(counted: Directions) -> str:
    """Return ``12 3 2``: increase, no change, decrease; ``9 3 2 of 17`` where some are missing."""
    text = f"{counted.increase} {counted.no_change} {counted.decrease}"
    return f"{text} of {counted.n + counted.n_missing}" if counted.n_missing else text

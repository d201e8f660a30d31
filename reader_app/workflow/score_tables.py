"""The score sheets of a locked round: a row for each cell, for each visit and reader, and for each total."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache

from reader_app.workflow.collected_timepoints import ReadTimepoint
from reader_app.workflow.final_scores import FinalScore
from reader_app.workflow.score_columns import NO, YES, long_columns, total_columns, wide_columns
from scoring_forms.domain.form import Form
from scoring_forms.domain.score import Cell
from scoring_forms.domain.totals import Total, totals
from storage.tables.table import Table, Value, number

FINAL_READER = "final"
_NOBODY = FinalScore((), "not_calculable")


def scores_long(
    read: Sequence[ReadTimepoint],
    form: Form,
    title: str,
    final_of: Mapping[str, FinalScore],
    *,
    confidence: bool = False,
) -> Table:
    """One row per entered cell; a repeat's rows are there but never final.

    Args:
        read: What came back.
        form: What is scored.
        title: The round's.
        final_of: Whose scores count, by subject.
        confidence: Whether readers were asked how sure they are.
    """
    items = tuple(form.items())
    cells = _cells_of(form)
    consensus = any(timepoint.consensus for timepoint in read)

    @cache
    def places(side: str | None) -> tuple[tuple[Value, ...], ...]:
        return tuple((one.system.id, one.feature.id, one.side or side, one.site.id) for one in items)

    rows: list[tuple[Value, ...]] = []
    for timepoint in read:
        counts = timepoint.reader in final_of.get(timepoint.subject, _NOBODY).readers
        final = YES if counts and not timepoint.repeat else NO
        key, sheet = timepoint.key(title), timepoint.sheet
        for cell, place in zip(cells(timepoint.letter), places(timepoint.side), strict=True):
            score = sheet.get(cell)
            if score is not None:
                sure = (timepoint.confidences.get(cell),) if confidence else ()
                agreed = (YES if cell in timepoint.consensus else NO,) if consensus else ()
                rows.append((*key, *place, number(score.value), score.not_assessable, final, *sure, *agreed))
    columns = long_columns(form, confidence=confidence, consensus=consensus)
    return Table("scores_long", columns, rows, "a row for each cell that was filled in")


def scores_wide(read: Sequence[ReadTimepoint], form: Form, title: str) -> Table:
    """One row per subject, visit and reader: the grades of all cells, then why there is none."""
    cells = _cells_of(form)
    rows: list[tuple[Value, ...]] = []
    for timepoint in read:
        if not timepoint.repeat:
            scores = [timepoint.sheet.get(cell) for cell in cells(timepoint.letter)]
            grades = (number(score.value) if score else None for score in scores)
            why_none = (score.not_assessable if score else None for score in scores)
            rows.append((*timepoint.key(title), *grades, *why_none))
    return Table("scores_wide", wide_columns(form), rows, "a row for each visit and reader, without repeats")


def totals_table(
    read: Sequence[ReadTimepoint],
    form: Form,
    title: str,
    final_of: Mapping[str, FinalScore],
    prorate_from: float,
) -> Table:
    """One row per subject, visit, reader and total, and the final ones where nothing is pending.

    Args:
        read: What came back.
        form: What is scored.
        title: The round's.
        final_of: The readers whose mean is final, by subject.
        prorate_from: The share of sites that must be assessed for a prorated total.
    """
    rows: list[tuple[Value, ...]] = []
    by_place: dict[tuple[str, str], list[ReadTimepoint]] = {}
    for timepoint in read:
        if not timepoint.repeat:
            by_place.setdefault((timepoint.subject, timepoint.visit), []).append(timepoint)
    for (subject, _visit), timepoints in by_place.items():
        of = {one.reader: totals(form, one.sheet, one.letter, prorate_from) for one in timepoints}
        for one in timepoints:
            rows += [(*one.key(title), *_total_cells(total), None) for total in of[one.reader]]
        final = final_of.get(subject, _NOBODY)
        if final.readers and set(final.readers) <= set(of):
            first, chosen = timepoints[0], [of[reader] for reader in final.readers]
            key = (first.subject, first.visit, number(first.week), FINAL_READER, title)
            rows += [(*key, *_mean_cells(same), final.origin) for same in zip(*chosen, strict=True)]
    return Table("totals", total_columns(), rows, "a row for each total, without repeats")


def _cells_of(form: Form) -> Callable[[str], tuple[Cell, ...]]:
    """Return what gives the cells of a timepoint; they are made once for each letter."""

    @cache
    def cells(letter: str) -> tuple[Cell, ...]:
        return form.cells((letter,))

    return cells


def _total_cells(total: Total) -> tuple[Value, ...]:
    counts = (total.n_sites, total.n_missing)
    return (total.system, total.feature, number(total.value), *counts, number(total.prorated))


def _mean_cells(same: Sequence[Total]) -> tuple[Value, ...]:
    """The means over the readers who count; without a value if one of them has none.

    Source: statistics reference, section 11.
    """
    counts = (same[0].n_sites, max(total.n_missing for total in same))
    strict = _mean([total.value for total in same])
    return (same[0].system, same[0].feature, strict, *counts, _mean([total.prorated for total in same]))


def _mean(values: Sequence[float | None]) -> float | None:
    given = [value for value in values if value is not None]
    return number(sum(given) / len(given)) if len(given) == len(values) else None

"""The tables of an analysis as text cells that know the score sheets behind them.

Command line, report and window show the same tables.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TypeAlias

from reader_app.workflow.analyse import RoundAnalysis
from reader_app.workflow.figure_words import (
    NOT_CALCULABLE,
    directions_text,
    fixed_text,
    number_text,
    of_text,
    p_text,
    range_text,
    with_interval,
)
from scoring_forms.analysis.figure import Figure
from scoring_forms.analysis.paper_table import FINAL, ChangeEntry, TableRow, VisitEntry
from scoring_forms.domain.measures import Measure, Unit
from scoring_forms.domain.totals import totals

SIGNIFICANT = 0.05


@dataclass(frozen=True, slots=True)
class Source:
    """Where a number comes from: a measure as some readers scored it at some visits.

    Attributes:
        measure: ``system.feature``.
        readers: Whose sheets.
        visits: At which visits.
        units: Only these parts of the measure; empty: all.
        subjects: Only these; None: all.
        repeats: Whether the second reading of repeated cases belongs to it.
        beside: The other half of a comparison of two rounds, in the other round.
    """

    measure: str
    readers: tuple[str, ...]
    visits: tuple[str, ...]
    units: tuple[Unit, ...] = ()
    subjects: tuple[str, ...] | None = None
    repeats: bool = False
    beside: Source | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """One cell; ``reason`` says why it is not calculable, or what to keep in mind with it."""

    text: str
    reason: str = ""
    strong: bool = False
    source: Source | None = None


Row: TypeAlias = tuple[Shown, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """A table with its heading; the first ``n_words`` columns hold words, all others numbers."""

    title: str
    note: str
    headings: tuple[str, ...]
    rows: tuple[Row, ...]
    n_words: int = 1

    @property
    def footnotes(self) -> tuple[str, ...]:
        """Every reason once, in the order of the cells."""
        return tuple(dict.fromkeys(cell.reason for row in self.rows for cell in row if cell.reason))


def without_words(grid: Grid, *headings: str) -> Grid:
    """Return a grid without its note and some columns of words, for a title that says them."""
    kept = [place for place, heading in enumerate(grid.headings) if heading not in headings]
    rows = tuple(tuple(row[place] for place in kept) for row in grid.rows)
    return replace(
        grid,
        note="",
        headings=tuple(grid.headings[place] for place in kept),
        rows=rows,
        n_words=grid.n_words - len(headings),
    )


def measure_names(analysis: RoundAnalysis) -> dict[str, str]:
    """Return what each measure is called, by ``system.feature``: ``Bone erosion, 0–230``."""
    ranges = {f"{one.system}.{one.feature}": one for one in totals(analysis.plan.form, {}, "")}
    names: dict[str, str] = {}
    for measure in analysis.cube.measures:
        total = ranges[measure.name]
        low, high = number_text(total.minimum), number_text(total.maximum)
        names[measure.name] = f"{short_name(analysis, measure)}, {low}–{high}"
    return names


def short_name(analysis: RoundAnalysis, measure: Measure) -> str:
    """Return what a measure is called without its range."""
    return f"{measure.label} ({measure.system})" if len(analysis.plan.form.parts) > 1 else measure.label


def site_labels(analysis: RoundAnalysis) -> dict[Unit, str]:
    """Return what people call the site of each unit; the side comes first, which a cut would take off."""
    items = analysis.plan.form.items()
    labels = {(item.feature.id, item.side, item.site.id): item.site.label for item in items}
    units = {unit for measure in analysis.cube.measures for unit in measure.units}
    return {
        unit: f"{unit.side or ''} {labels.get((unit.feature, unit.side, unit.site), unit.site)}".lstrip()
        for unit in units
    }


def scores_grid(analysis: RoundAnalysis, reader: str = FINAL) -> Grid:
    """Return the founding paper's table: median (range) by visit, p and directions of each change."""
    names = measure_names(analysis)
    visits = tuple(analysis.weeks)
    headings = ["Feature"]
    for visit in visits:
        headings += [visit, "n"]
        if visit != visits[0]:
            headings += ["p", "↑ = ↓", "SRM"]
    rows = [
        (Shown(names[row.measure.name]), *_visit_and_change_cells(row, readers_of(analysis, reader)))
        for row in analysis.table
        if row.reader == reader
    ]
    first = visits[0] if visits else ""
    return Grid(
        f"Scores by visit – {whose(analysis, reader)}",
        f"median (range); change from {first}: Wilcoxon–Pratt; ↑ = ↓: subjects with increase, no change, "
        "decrease, of how many where some are missing; SRM: mean change / SD of change",
        tuple(headings),
        tuple(rows),
    )


def whose(analysis: RoundAnalysis, reader: str) -> str:
    """Say whose scores a table shows."""
    if reader != FINAL:
        return reader
    readers = analysis.plan.readers
    if len(readers) == 1:
        return f"final score ({readers[0]})"
    adjudicated = " or adjudicated" if analysis.plan.adjudication else ""
    return f"final score (mean of {len(readers)} readers{adjudicated})"


def readers_of(analysis: RoundAnalysis, reader: str) -> tuple[str, ...]:
    """Return whose sheets a reader's row, or the final one, rests on."""
    return analysis.cube.readers if reader == FINAL else (reader,)


def _visit_and_change_cells(row: TableRow, readers: tuple[str, ...]) -> Iterator[Shown]:
    yield from _visit_cells(row, row.visits[0], readers)
    for visit, change in zip(row.visits[1:], row.changes, strict=True):
        yield from _visit_cells(row, visit, readers)
        source = _of_change(row.measure, readers, change)
        yield _p(change, source)
        yield Shown(directions_text(change.directions), source=source)
        yield shown(change.response.srm, source)


def _visit_cells(row: TableRow, visit: VisitEntry, readers: tuple[str, ...]) -> Iterator[Shown]:
    source = Source(row.measure.name, readers, (visit.visit,))
    yield Shown(range_text(visit.summary), visit.summary.median.reason, source=source)
    yield Shown(of_text(visit.summary.n, visit.summary.n_missing), source=source)


def _of_change(measure: Measure, readers: tuple[str, ...], change: ChangeEntry) -> Source:
    return Source(measure.name, readers, (change.earlier, change.later))


def _p(change: ChangeEntry, source: Source) -> Shown:
    p = change.test.p
    strong = p.value is not None and p.value < SIGNIFICANT
    return Shown(p_text(p), p.reason or change.test.warning, strong, source)


def shown(figure: Figure, source: Source | None = None) -> Shown:
    """Return a figure of two decimals as a cell."""
    return Shown(fixed_text(figure), figure.reason, source=source)


def change_grid(analysis: RoundAnalysis, reader: str = FINAL) -> Grid:
    """Return the change of each measure from the first visit to each later one."""
    headings = ("Feature", "Change", "n", "Mean (SD)", "p", "W+ / W−", "Zeros", "SRM (95 % CI)", "SDC")
    return Grid(
        f"Change – {whose(analysis, reader)}",
        f"p: {', '.join(_p_methods(analysis))}; SRM: bootstrap over subjects (BCa); SDC: smallest detectable "
        "change at 95 %",
        headings,
        tuple(_change_rows(analysis, reader)),
        n_words=2,
    )


def _p_methods(analysis: RoundAnalysis) -> tuple[str, ...]:
    return tuple(dict.fromkeys(change.test.method for row in analysis.table for change in row.changes))


def _change_rows(analysis: RoundAnalysis, reader: str) -> Iterator[Row]:
    names, readers = measure_names(analysis), readers_of(analysis, reader)
    for row, change in _changes(analysis, reader):
        source = _of_change(row.measure, readers, change)
        response, test = change.response, change.test
        spread = "" if response.sd.value is None else f" ({fixed_text(response.sd)})"
        yield (
            Shown(names[row.measure.name]),
            Shown(f"{change.earlier} → {change.later}"),
            Shown(of_text(change.directions.n, change.directions.n_missing), source=source),
            Shown(
                fixed_text(response.mean) + spread, response.mean.reason or response.sd.reason, source=source
            ),
            _p(change, source),
            Shown(f"{number_text(test.w_plus)} / {number_text(test.w_minus)}", source=source),
            Shown(f"{test.n_zero}", source=source),
            Shown(with_interval(response.srm, response.interval), response.srm.reason, source=source),
            Shown(fixed_text(change.detectable.value), change.detectable.value.reason, source=source),
        )


def _changes(analysis: RoundAnalysis, reader: str) -> Iterator[tuple[TableRow, ChangeEntry]]:
    for row in analysis.table:
        if row.reader == reader:
            for change in row.changes:
                yield row, change


def progression_grid(analysis: RoundAnalysis, reader: str = FINAL) -> Grid:
    """Return how many subjects progressed, by each limit, and the mirror; of radiographs also how rapidly.

    Source: statistics reference, section 6.
    """
    names, readers = measure_names(analysis), readers_of(analysis, reader)
    films = analysis.plan.form.modality != "MR"
    rows: list[Row] = []
    for row, change in _changes(analysis, reader):
        source, counted = _of_change(row.measure, readers, change), change.progression
        sdc, warnings = change.detectable.value, "; ".join(change.detectable.warnings)
        figures = (counted.above_sdc, counted.below_minus_sdc, counted.net)
        figures += (counted.rapid,) if films else ()
        rows.append(
            (
                Shown(names[row.measure.name]),
                Shown(f"{change.earlier} → {change.later}"),
                Shown(of_text(counted.n, counted.n_missing), source=source),
                Shown(f"{counted.above_zero}", source=source),
                Shown(f"{counted.above_half}", source=source),
                Shown(fixed_text(sdc), sdc.reason or warnings, source=source),
                *(_count(figure, source) for figure in figures),
            )
        )
    headings = ("Feature", "Change", "n", "> 0", "> 0.5", "SDC", "> SDC", "< −SDC", "Net")
    headings += ("≥ 5 a year",) if films else ()
    note = "subjects whose score rose by more than a limit, the mirror, and the difference of the two"
    return Grid(f"Progression – {whose(analysis, reader)}", note, headings, tuple(rows), n_words=2)


def _count(figure: Figure, source: Source | None = None) -> Shown:
    text = NOT_CALCULABLE if figure.value is None else number_text(figure.value)
    return Shown(text, figure.reason, source=source)


def common_sites_grid(analysis: RoundAnalysis, reader: str = FINAL) -> Grid:
    """Return change over the sites assessed at both visits, where sites are missing."""
    names, readers = measure_names(analysis), readers_of(analysis, reader)
    rows: list[Row] = []
    for row, change in _changes(analysis, reader):
        common = change.common_sites
        if common is None:
            continue
        source, counted = _of_change(row.measure, readers, change), common.directions
        rows.append(
            (
                Shown(names[row.measure.name]),
                Shown(f"{change.earlier} → {change.later}"),
                Shown(f"{common.fewest_sites} of {common.n_sites}", source=source),
                Shown(of_text(counted.n, counted.n_missing), source=source),
                Shown(directions_text(counted), source=source),
                Shown(p_text(common.test.p), common.test.p.reason, source=source),
                shown(common.response.srm, source),
            )
        )
    headings = ("Feature", "Change", "Fewest sites", "n", "↑ = ↓", "p", "SRM")
    note = "beside the strict totals: only sites with a grade at both visits are added up"
    return Grid("Change over common sites", note, headings, tuple(rows), n_words=2)

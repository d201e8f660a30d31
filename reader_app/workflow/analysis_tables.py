"""The tables of an analysis as text cells that know the score sheets behind them.

Command line, report and window show the same tables.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from reader_app.workflow.analyse import RoundAnalysis
from reader_app.workflow.figure_words import (
    NOT_CALCULABLE,
    fixed_text,
    number_text,
    of_text,
    p_text,
    range_text,
    share_text,
    with_interval,
)
from reader_app.workflow.round_comparison import Comparison
from scoring_forms.analysis.agreement import AgreementRow, SiteAgreement
from scoring_forms.analysis.concordance import Concordance
from scoring_forms.analysis.figure import TWO_READERS_ONLY, Figure
from scoring_forms.analysis.paper_table import FINAL, ChangeEntry, TableRow, VisitEntry
from scoring_forms.domain.measures import Measure
from scoring_forms.domain.totals import totals

SIGNIFICANT = 0.05


@dataclass(frozen=True, slots=True)
class Source:
    """Where a number comes from: a measure as some readers scored it at some visits."""

    measure: str
    readers: tuple[str, ...]
    visits: tuple[str, ...]


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


def without_first_column(grid: Grid) -> Grid:
    """Return a grid without its first column, for a title that says it."""
    rows = tuple(row[1:] for row in grid.rows)
    return replace(grid, headings=grid.headings[1:], rows=rows, n_words=grid.n_words - 1)


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
        "decrease; SRM: mean change / SD of change",
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
        counted = change.directions
        yield Shown(f"{counted.increase} {counted.no_change} {counted.decrease}", source=source)
        yield _shown(change.response.srm, source)


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


def _shown(figure: Figure, source: Source | None = None) -> Shown:
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
    """Return how many subjects progressed, by each limit, and the mirror."""
    names, readers = measure_names(analysis), readers_of(analysis, reader)
    rows: list[Row] = []
    for row, change in _changes(analysis, reader):
        source, counted = _of_change(row.measure, readers, change), change.progression
        warnings = "; ".join(change.detectable.warnings)
        figures = (counted.above_sdc, counted.below_minus_sdc, counted.net, counted.rapid)
        rows.append(
            (
                Shown(names[row.measure.name]),
                Shown(f"{change.earlier} → {change.later}"),
                Shown(of_text(counted.n, counted.n_missing), source=source),
                Shown(f"{counted.above_zero}", source=source),
                Shown(f"{counted.above_half}", source=source),
                Shown(fixed_text(change.detectable.value), warnings, source=source),
                *(_count(figure, source) for figure in figures),
            )
        )
    headings = ("Feature", "Change", "n", "> 0", "> 0.5", "SDC", "> SDC", "< −SDC", "Net", "≥ 5 a year")
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
                Shown(f"{counted.increase} {counted.no_change} {counted.decrease}", source=source),
                Shown(p_text(common.test.p), common.test.p.reason, source=source),
                _shown(common.response.srm, source),
            )
        )
    headings = ("Feature", "Change", "Fewest sites", "n", "↑ = ↓", "p", "SRM")
    note = "beside the strict totals: only sites with a grade at both visits are added up"
    return Grid("Change over common sites", note, headings, tuple(rows), n_words=2)


def agreement_grid(
    analysis: RoundAnalysis, rows: Sequence[AgreementRow], title: str = "Agreement between readers"
) -> Grid:
    """Return agreement of *rows*, of readers or of repeated readings, on totals and over all sites."""
    headings = (
        *("Feature", "What", "Readers", "n", "ICC(2,1) (95 % CI)", "ICC(3,1)", "ICC(2,k)", "ICC(3,k)"),
        *("SDD / SDC", "Bias (limits)", "κ linear", "Exact", "Close"),
    )
    note = (
        "original scores, never adjudicated ones; SDD of scores, SDC of changes, for the mean of the readers"
    )
    shown = tuple(_agreement_row(analysis, row, short_name(analysis, row.measure)) for row in rows)
    return Grid(title, note, headings, shown, n_words=3)


def what_text(what: str) -> str:
    """Return ``Baseline`` or ``Baseline → Week 12`` for ``status:…`` and ``change:…``."""
    kind, _, visits = what.partition(":")
    return visits if kind == "status" else visits.replace(":", " → ", 1)


def _agreement_row(analysis: RoundAnalysis, row: AgreementRow, name: str) -> Row:
    source = agreement_source(analysis, row)
    icc, bland = row.icc, row.bland_altman
    bias = NOT_CALCULABLE if bland is None else with_interval(bland.bias, bland.limits)
    no_bias = TWO_READERS_ONLY if bland is None else bland.bias.reason
    single = icc.single_agreement
    others = (icc.single_consistency, icc.mean_agreement, icc.mean_consistency)
    percent = row.percent
    return (
        Shown(name),
        Shown(what_text(row.what)),
        Shown(" / ".join(row.readers)),
        Shown(of_text(icc.n, icc.n_missing), source=source),
        Shown(with_interval(single.value, single.interval), single.value.reason, source=source),
        *(_shown(one.value, source) for one in others),
        Shown(
            fixed_text(row.detectable.value),
            row.detectable.value.reason or "; ".join(row.detectable.warnings),
            source=source,
        ),
        Shown(bias, no_bias, source=source),
        _shown(row.kappa, source),
        Shown(share_text(percent.exact), percent.exact.reason, source=source),
        Shown(share_text(percent.close), percent.close.reason, source=source),
    )


def agreement_source(analysis: RoundAnalysis, row: AgreementRow) -> Source:
    """Return the sheets a row of agreement rests on."""
    labels = what_visits(analysis, row.what)
    return Source(row.measure.name, tuple(one for one in row.readers if one in analysis.cube.readers), labels)


def what_visits(analysis: RoundAnalysis, what: str) -> tuple[str, ...]:
    """Return the visits that ``status:…`` or ``change:…`` is about; labels may hold colons."""
    visits = tuple(analysis.weeks)
    if what.startswith("status:"):
        return (what.removeprefix("status:"),)
    return next((visits[0], one) for one in visits[1:] if what == f"change:{visits[0]}:{one}")


def sites_grid(analysis: RoundAnalysis, what: str) -> Grid:
    """Return agreement site by site of one visit or change, a column for each group of readers."""
    names = measure_names(analysis)
    labels = {
        (item.feature.id, item.side, item.site.id): item.site.label for item in analysis.plan.form.items()
    }
    groups = [row for row in analysis.agreement if row.what == what]
    readers = tuple(dict.fromkeys(" / ".join(row.readers) for row in groups))
    rows: dict[tuple[str, str, str], list[Shown]] = {}
    for row in groups:
        source = agreement_source(analysis, row)
        for site in row.sites:
            label = labels.get((site.feature, site.side, site.site), site.site)
            rows.setdefault((names[row.measure.name], label, site.side or ""), []).append(_site(site, source))
    note = "linear κ · exact · close agreement; in brackets n where some are missing"
    shown = tuple((*(Shown(word) for word in place), *cells) for place, cells in rows.items())
    return Grid(
        f"Agreement by site – {what_text(what)}",
        *(note, ("Feature", "Site", "Side", *readers), shown),
        n_words=3,
    )


def _site(site: SiteAgreement, source: Source) -> Shown:
    percent = site.percent
    missing = f" ({of_text(percent.n, percent.n_missing)})" if percent.n_missing else ""
    shares = f"{share_text(percent.exact)} · {share_text(percent.close)}"
    return Shown(f"{fixed_text(site.kappa)} · {shares}{missing}", site.kappa.reason, source=source)


def comparison_grid(comparisons: Iterable[Comparison]) -> Grid:
    """Return Spearman's correlation and concordance of two rounds."""
    rows = tuple(_comparison_row(one) for one in comparisons)
    headings = (
        *("First round", "Second round", "n", "Spearman ρ (95 % CI)", "p"),
        *("Both / first", "Only first", "Only second", "Neither", "κ", "Both / first > SDC"),
    )
    note = "progression is a change above 0; the last column: above each round's own SDC"
    return Grid("Between rounds", note, headings, rows, n_words=2)


def _comparison_row(one: Comparison) -> Row:
    correlation = one.found.correlation
    cells = (
        Shown(f"{one.first.measure.label}, {what_text(one.first.what)}"),
        Shown(f"{one.second.measure.label}, {what_text(one.second.what)}"),
        Shown(of_text(correlation.n, correlation.n_missing)),
        Shown(with_interval(correlation.rho, correlation.interval), correlation.rho.reason),
        Shown(p_text(correlation.p), correlation.p.reason),
    )
    if not one.is_change:
        return (*cells, *(Shown("–"),) * 6)
    counted = one.found.concordance
    beyond = Shown(NOT_CALCULABLE, one.first.sdc.reason or one.second.sdc.reason)
    if one.beyond_sdc is not None:
        beyond = Shown(_of_first(one.beyond_sdc))
    return (
        *cells,
        Shown(_of_first(counted)),
        *(Shown(f"{n}") for n in (counted.first_only, counted.second_only, counted.neither)),
        _shown(counted.kappa),
        beyond,
    )


def _of_first(counted: Concordance) -> str:
    return f"{counted.both} of {counted.both + counted.first_only}"

"""Tables of two rounds beside each other: progression in both, and correlation."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from reader_app.workflow.agreement_tables import what_text
from reader_app.workflow.analysis_tables import Grid, Row, Shown, Source, shown
from reader_app.workflow.figure_words import NOT_CALCULABLE, number_text, of_text, p_text, with_interval
from reader_app.workflow.round_comparison import ComparedScore, Comparison
from scoring_forms.analysis.concordance import Concordance, concordance

_LIMITS = (0.0, 0.5)
_NO_SDC = "there is no SDC"


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
    cells = _correlation_cells(one)
    if not one.is_change:
        return (*cells, *(Shown("–"),) * 6)
    source, counted = _source(one), one.found.concordance
    beyond = Shown(NOT_CALCULABLE, f"{_NO_SDC}: {one.no_sdc}")
    if one.beyond_sdc is not None:
        beyond = Shown(_of_first(one.beyond_sdc), source=source)
    return (
        *cells,
        Shown(_of_first(counted), source=source),
        *(Shown(f"{n}", source=source) for n in (counted.first_only, counted.second_only, counted.neither)),
        shown(counted.kappa, source),
        beyond,
    )


def _correlation_cells(one: Comparison) -> Row:
    correlation, source = one.found.correlation, _source(one)
    return (
        *(Shown(f"{half.measure.label}, {what_text(half.what)}") for half in (one.first, one.second)),
        Shown(of_text(correlation.n, correlation.n_missing), source=source),
        Shown(
            with_interval(correlation.rho, correlation.interval),
            correlation.rho.reason or correlation.interval.reason,
            source=source,
        ),
        Shown(p_text(correlation.p), correlation.p.reason, source=source),
    )


def correlation_grid(one: Comparison) -> Grid:
    """Return the correlation of one score of either round."""
    method = {"permutation": "all orders of the subjects", "t": "t with n − 2 degrees of freedom"}
    row = (*_correlation_cells(one), Shown(method.get(one.found.correlation.method, "–")))
    headings = (one.first.round, one.second.round, "n", "Spearman ρ (95 % CI)", "p", "p from")
    return Grid("Correlation", "of the ranks of final scores", headings, (row,), n_words=2)


def concordance_grid(one: Comparison) -> Grid:
    """Return how many subjects progressed in both rounds, in one of them and in neither."""
    headings = (
        *("Progression", "n", "Both / first", "Both", "Only first", "Only second", "Neither"),
        *("Same in both", "κ", "Fisher p"),
    )
    rows = [_concordance_row(one, f"change > {number_text(limit)}", (limit, limit)) for limit in _LIMITS]
    limits = one.sdcs
    if limits is None:
        nothing = Shown(NOT_CALCULABLE, f"{_NO_SDC}: {one.no_sdc}", source=_source(one))
        rows.append((Shown("change > SDC"), *(nothing,) * (len(headings) - 1)))
    else:
        words = " and ".join(number_text(limit) for limit in limits)
        rows.append(_concordance_row(one, f"change > SDC of each: {words}", limits))
    note = f"first: {one.first.round}; second: {one.second.round}; subjects with both changes"
    return Grid("Progression in both rounds", note, headings, tuple(rows))


def _concordance_row(one: Comparison, words: str, limits: tuple[float, float]) -> Row:
    source, answers = _source(one), one.progressed(*limits)
    counted = concordance(*answers)

    def box(*wanted: tuple[bool, bool]) -> Source:
        return _only(source, tuple(_who(one, answers, wanted)))

    yes, no = True, False
    boxes = (((yes, yes),), ((yes, no),), ((no, yes),), ((no, no),))
    numbers = (counted.both, counted.first_only, counted.second_only, counted.neither)
    return (
        Shown(words),
        Shown(of_text(counted.n, counted.n_missing), source=source),
        Shown(_of_first(counted), source=box((yes, yes), (yes, no))),
        *(Shown(f"{n}", source=box(*wanted)) for n, wanted in zip(numbers, boxes, strict=True)),
        Shown(
            f"{counted.both + counted.neither} of {counted.n}",
            source=box((yes, yes), (no, no)),
        ),
        shown(counted.kappa, source),
        Shown(p_text(counted.fisher_p), counted.fisher_p.reason, source=source),
    )


def _who(
    one: Comparison,
    answers: tuple[Sequence[bool | None], Sequence[bool | None]],
    wanted: Sequence[tuple[bool, bool]],
) -> Iterator[str]:
    for subject, answer in zip(one.found.subjects, zip(*answers, strict=True), strict=True):
        if answer in wanted:
            yield subject


def _only(source: Source, subjects: tuple[str, ...]) -> Source:
    beside = source.beside and replace(source.beside, subjects=subjects)
    return replace(source, subjects=subjects, beside=beside)


def _source(one: Comparison) -> Source:
    return replace(_half(one.first), beside=_half(one.second))


def _half(score: ComparedScore) -> Source:
    return Source(score.measure.name, score.readers, score.visits)


def _of_first(counted: Concordance) -> str:
    return f"{counted.both} of {counted.both + counted.first_only}"

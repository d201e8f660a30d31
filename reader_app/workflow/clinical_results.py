"""Scores beside clinical values: their correlation, and change by clinical response."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from reader_app.workflow.agreement_tables import what_text
from reader_app.workflow.analyse import RoundAnalysis
from reader_app.workflow.analysis_tables import Grid, Shown, Source, short_name
from reader_app.workflow.clinical_table import ClinicalTable
from reader_app.workflow.figure_words import directions_text, of_text, p_text, range_text, with_interval
from reader_app.workflow.round_comparison import ComparedScore, compared_scores
from scoring_forms.analysis.as_json import correlation_entry, figure_entry
from scoring_forms.analysis.change import Directions, changes, directions
from scoring_forms.analysis.descriptive import Summary, summarise
from scoring_forms.analysis.spearman import Correlation, spearman
from scoring_forms.domain.measures import Measure

NAN = float("nan")


@dataclass(frozen=True, slots=True)
class ClinicalCorrelation:
    """A final score, or its change, beside the same of a clinical value."""

    score: ComparedScore
    variable: str
    correlation: Correlation


@dataclass(frozen=True, slots=True)
class ResponseGroup:
    """The change of the subjects of one group; its n are those with both scores."""

    score: ComparedScore
    kind: str
    group: str
    subjects: tuple[str, ...]
    summary: Summary
    directions: Directions


@dataclass(frozen=True, slots=True)
class ClinicalResults:
    """What a table of clinical values says beside the scores of a round."""

    table: ClinicalTable
    correlations: tuple[ClinicalCorrelation, ...]
    groups: tuple[ResponseGroup, ...]


def clinical_results(
    analysis: RoundAnalysis, table: ClinicalTable, only: Measure | None = None
) -> ClinicalResults:
    """Compare the final scores of a round, or of one measure, with clinical values."""
    scores = [one for one in compared_scores(analysis) if only in (None, one.measure)]
    return ClinicalResults(table, tuple(_correlations(scores, table)), tuple(_groups(scores, table)))


def _correlations(scores: Iterable[ComparedScore], table: ClinicalTable) -> Iterator[ClinicalCorrelation]:
    for score in scores:
        for variable, values in table.values.items():
            at = [[values.get((one, visit), NAN) for one in score.by_subject] for visit in score.visits]
            beside = changes(at[0], at[1]) if score.is_change else at[0]
            yield ClinicalCorrelation(score, variable, spearman([*score.by_subject.values()], beside))


def _groups(scores: Iterable[ComparedScore], table: ClinicalTable) -> Iterator[ResponseGroup]:
    for score in scores:
        for response in table.responses:
            if not score.is_change or response.visit != score.visit:
                continue
            for group, subjects in response.groups.items():
                change = [score.by_subject[one] for one in subjects]
                counted = (summarise(change), directions(change))
                yield ResponseGroup(score, response.kind, group, subjects, *counted)


# --- as tables ------------------------------------------------------------------------------------------


def clinical_grids(analysis: RoundAnalysis, results: ClinicalResults) -> tuple[Grid, ...]:
    """Return the correlations, and change by response if the table tells of one."""
    several = len({one.score.measure.name for one in results.correlations}) > 1
    table = results.table
    notes = [f"{table.name}: final scores and clinical values at a visit, or the change of both"]
    if table.derived:
        notes.append(f"{', '.join(table.derived)} calculated from its columns")
    if table.n_raised:
        notes.append(f"an ESR below 1 counts as 1 in {table.n_raised} rows")
    if table.n_ignored:
        notes.append(f"{table.n_ignored} rows of other subjects or visits left out")

    def name(score: ComparedScore) -> tuple[Shown, ...]:
        return (Shown(short_name(analysis, score.measure)),) if several else ()

    first = ("Feature",) if several else ()
    correlations = Grid(
        "Correlation with clinical values",
        "; ".join(notes),
        (*first, "When", "Clinical value", "n", "Spearman ρ (95 % CI)", "p"),
        tuple((*name(one.score), *_correlation_cells(one)) for one in results.correlations),
        n_words=len(first) + 2,
    )
    if not results.groups:
        return (correlations,)
    responses = Grid(
        "Change by clinical response",
        "change of the final score from the first visit; ↑ = ↓: increase, no change, decrease",
        (*first, "Change", "Response", "Group", "n", "Median (range)", "↑ = ↓"),
        tuple((*name(one.score), *_group_cells(one)) for one in results.groups),
        n_words=len(first) + 3,
    )
    return correlations, responses


def _correlation_cells(one: ClinicalCorrelation) -> tuple[Shown, ...]:
    found, source = one.correlation, _source(one.score)
    reason = found.rho.reason or found.interval.reason
    return (
        Shown(what_text(one.score.what)),
        Shown(one.variable),
        Shown(of_text(found.n, found.n_missing), source=source),
        Shown(with_interval(found.rho, found.interval), reason, source=source),
        Shown(p_text(found.p), found.p.reason, source=source),
    )


def _group_cells(one: ResponseGroup) -> tuple[Shown, ...]:
    source = _source(one.score, one.subjects)
    return (
        Shown(what_text(one.score.what)),
        Shown(one.kind),
        Shown(one.group),
        Shown(of_text(one.summary.n, one.summary.n_missing), source=source),
        Shown(range_text(one.summary), one.summary.median.reason, source=source),
        Shown(directions_text(one.directions), source=source),
    )


def _source(score: ComparedScore, subjects: tuple[str, ...] | None = None) -> Source:
    return Source(score.measure.name, score.readers, score.visits, subjects=subjects)


# --- as JSON --------------------------------------------------------------------------------------------


def clinical_entry(results: ClinicalResults) -> dict[str, Any]:
    """Return the results as ``study analyse --json`` prints them."""
    return {
        "table": results.table.name,
        "rows_ignored": results.table.n_ignored,
        "derived": list(results.table.derived),
        "correlations": [_correlation_entry(one) for one in results.correlations],
        "responses": [_group_entry(one) for one in results.groups],
    }


def _score_entry(score: ComparedScore) -> dict[str, Any]:
    return {"system": score.measure.system, "feature": score.measure.feature, "what": score.what}


def _correlation_entry(one: ClinicalCorrelation) -> dict[str, Any]:
    return {**_score_entry(one.score), "variable": one.variable, **correlation_entry(one.correlation)}


def _group_entry(one: ResponseGroup) -> dict[str, Any]:
    summary, counted = one.summary, one.directions
    return {
        **_score_entry(one.score),
        "response": one.kind,
        "group": one.group,
        "n": summary.n,
        "n_missing": summary.n_missing,
        **figure_entry("median", summary.median),
        **figure_entry("min", summary.minimum),
        **figure_entry("max", summary.maximum),
        "increase": counted.increase,
        "no_change": counted.no_change,
        "decrease": counted.decrease,
    }

"""What did not go by the plan of a round: the part of a report that nobody asks for and everybody needs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from reader_app.workflow.adjudication_report import NO_FINAL
from reader_app.workflow.analyse import RoundAnalysis
from reader_app.workflow.analysis_tables import Grid, Row, Shown
from reader_app.workflow.collected_timepoints import ReadCase
from scoring_forms.domain.systems import reasons
from storage.study.records import AllocatedTimepoint


def deviation_grids(analysis: RoundAnalysis) -> tuple[Grid, ...]:
    """Return a table for each kind of deviation, without rows where there was none."""
    return (
        _grid("Subjects left out of the round", ("Subject", "Why"), _skipped(analysis)),
        _grid("Cases not signed before the lock", ("Reader", "Case"), _missing(analysis)),
        _grid("Subjects without a final score", ("Subject", "Why"), _pending(analysis)),
        _grid(
            "Cases reopened after signing", ("Reader", "Subject", "Asked (UTC)", "Why"), _reopened(analysis)
        ),
        _grid("Visits without any score", ("Reader", "Subject", "Visit"), _empty_visits(analysis)),
        _grid(
            "Cells without a grade", ("Feature", "Site", "Side", "Why", "Cells"), _not_assessable(analysis), 4
        ),
        _grid(
            "Scores signed without the marks they should have",
            *(("Reader", "Subject", "Visit", "Feature", "Site", "Why"), _overrides(analysis)),
        ),
    )


def _grid(title: str, headings: tuple[str, ...], rows: Iterator[Row], n_words: int | None = None) -> Grid:
    return Grid(title, "", headings, tuple(rows), len(headings) if n_words is None else n_words)


def _row(*texts: str) -> Row:
    return tuple(Shown(text) for text in texts)


def _skipped(analysis: RoundAnalysis) -> Iterator[Row]:
    for subject, reason in sorted(analysis.skipped.items()):
        yield _row(subject, reason)


def _missing(analysis: RoundAnalysis) -> Iterator[Row]:
    for one in analysis.missing:
        yield _row(one.reader, one.case)


def _pending(analysis: RoundAnalysis) -> Iterator[Row]:
    for subject in analysis.cube.subjects:
        decision = analysis.decisions.get(subject)
        if decision is None:
            yield _row(subject, "not collected from every reader")
        elif not decision.readers:
            yield _row(subject, NO_FINAL.get(decision.origin, decision.origin))


def _reopened(analysis: RoundAnalysis) -> Iterator[Row]:
    for one in analysis.reopened:
        yield _row(one.reader, one.subject, one.utc[:16].replace("T", " "), one.reason)


def _first_timepoints(analysis: RoundAnalysis) -> Iterator[tuple[ReadCase, AllocatedTimepoint, bool]]:
    """Yield every timepoint of first readings and whether it has any score."""
    for one in analysis.cases:
        if not one.case.repeat:
            scored = {cell.timepoint for cell in one.collected.sheet}
            for timepoint in one.case.timepoints:
                yield one, timepoint, timepoint.letter in scored


def _empty_visits(analysis: RoundAnalysis) -> Iterator[Row]:
    for one, timepoint, is_scored in _first_timepoints(analysis):
        if not is_scored:
            yield _row(one.reader, one.case.subject, timepoint.visit)


def _not_assessable(analysis: RoundAnalysis) -> Iterator[Row]:
    """Count cells by place and reason, visits without any score left out."""
    words = {reason.id: reason.label for reason in reasons()}
    counted: Counter[tuple[int, str]] = Counter()
    items = tuple(analysis.plan.form.items())
    for one, timepoint, is_scored in _first_timepoints(analysis):
        for place, item in enumerate(items if is_scored else ()):
            score = one.collected.sheet.get(item.cell(timepoint.letter))
            if score is None:
                counted[place, "left empty"] += 1
            elif score.not_assessable is not None:
                counted[place, words.get(score.not_assessable, score.not_assessable)] += 1
    for (place, why), count in sorted(counted.items()):
        item = items[place]
        yield _row(item.feature.label, item.site.label, item.side or "", why, f"{count}")


def _overrides(analysis: RoundAnalysis) -> Iterator[Row]:
    form = analysis.plan.form
    for one in analysis.cases:
        for cell, reason in one.collected.annotations.evidence_overrides.items():
            item, visit = form.item(cell), one.case.visit_of(cell.timepoint)
            yield _row(one.reader, one.case.subject, visit, item.feature.label, item.site.label, reason)

"""The score sheets behind a number of an analysis."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from reader_app.workflow.analyse import RoundAnalysis
from reader_app.workflow.analysis_tables import Source
from reader_app.workflow.collected_timepoints import ReadCase
from scoring_forms.domain.score import Cell
from scoring_forms.domain.systems import reasons


@dataclass(frozen=True, slots=True)
class SheetLine:
    """One cell of a signed sheet; ``value`` is the grade or why there is none, and whether by consensus."""

    round: str
    subject: str
    visit: str
    reader: str
    feature: str
    side: str
    site: str
    value: str


def score_sheets(analysis: RoundAnalysis, source: Source) -> tuple[SheetLine, ...]:
    """Return the cells a number was made from, by subject, visit in study order, reader and site.

    The second reading of a repeated case has ``again`` after the reader's name.
    """
    order = {visit: place for place, visit in enumerate(analysis.weeks)}
    lines = [
        line for one in analysis.cases if _belongs(one, source) for line in _lines(analysis, one, source)
    ]
    return tuple(sorted(lines, key=lambda line: (line.subject, order[line.visit], line.reader)))


def _belongs(one: ReadCase, source: Source) -> bool:
    wanted = source.subjects is None or one.case.subject in source.subjects
    return wanted and one.reader in source.readers and (source.repeats or not one.case.repeat)


def _lines(analysis: RoundAnalysis, one: ReadCase, source: Source) -> Iterator[SheetLine]:
    words = {reason.id: reason.label for reason in reasons()}
    reader = f"{one.reader}, again" if one.case.repeat else one.reader
    units = source.units or analysis.measure(source.measure).units
    for timepoint in one.case.timepoints:
        if timepoint.visit not in source.visits:
            continue
        for unit in units:
            for system, feature, side, site in unit.places:
                cell = Cell(timepoint.letter, system, feature, side, site)
                item, score = analysis.plan.form.item(cell), one.collected.sheet.get(cell)
                if score is None:
                    value = "left empty"
                elif score.not_assessable is not None:
                    value = words.get(score.not_assessable, score.not_assessable)
                else:
                    value = score.text
                if cell in one.collected.annotations.consensus:
                    value += ", by consensus"
                yield SheetLine(
                    *(analysis.plan.title, one.case.subject, timepoint.visit, reader, item.feature.label),
                    *(side or one.case.side or "", item.site.label, value),
                )

"""What the report of a round holds: methods with the exact settings, tables, plots, deviations.

Nothing in it depends on when it is made: the moment it bears is that of the lock.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from typing import TypeAlias

from reader_app.workflow.adjudication_report import (
    adjudicated_grid,
    course_words,
    method_words,
    origins_grid,
)
from reader_app.workflow.agreement_tables import agreement_grid, sites_grids
from reader_app.workflow.analyse import RoundAnalysis
from reader_app.workflow.analysis_plots import (
    bland_altman_picture,
    courses_picture,
    cumulative_picture,
)
from reader_app.workflow.analysis_tables import (
    Grid,
    change_grid,
    common_sites_grid,
    measure_names,
    progression_grid,
    scores_grid,
)
from reader_app.workflow.clinical_results import ClinicalResults, clinical_grids
from reader_app.workflow.comparison_tables import comparison_grid
from reader_app.workflow.deviations import deviation_grids
from reader_app.workflow.heat_maps import heat_choices, heat_map_picture
from reader_app.workflow.plot_shapes import Picture
from reader_app.workflow.round_comparison import Comparison
from scoring_forms.analysis.paper_table import FINAL
from scoring_forms.analysis.responsiveness import RESAMPLES, SEED
from scoring_forms.domain.adjudication_rule import PLANNED
from storage.version import app_version

_DESIGNS = {
    "paired": "all timepoints of a subject were read together, in a random order hidden from the reader",
    "single": "every timepoint was a case of its own, in a shuffled order",
    "chronological": "all timepoints of a subject were read together, in their known order",
}


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of a part of the report."""

    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of plain text."""

    text: str


Block: TypeAlias = Heading | Paragraph | Grid | Picture


@dataclass(frozen=True, slots=True)
class Report:
    """What a report holds, in order."""

    title: str
    subtitle: str
    blocks: tuple[Block, ...]


def report_of(
    analysis: RoundAnalysis,
    comparisons: Sequence[Comparison] | None = None,
    clinical: ClinicalResults | None = None,
) -> Report:
    """Return what the report of a round holds; also of another round and of clinical values, if given."""
    locked = (analysis.round.locked_utc or "")[:16].replace("T", " ")
    n = len(analysis.cube.subjects)
    subtitle = f"{analysis.study} · {n} subjects · locked {locked} UTC"
    beside = (*_between(comparisons), *_clinical(analysis, clinical))
    blocks = (*_methods(analysis), *_results(analysis), *beside, *_plots(analysis))
    return Report(analysis.plan.title, subtitle, (*blocks, *_deviations(analysis)))


def _methods(analysis: RoundAnalysis) -> Iterator[Block]:
    plan = analysis.plan
    yield Heading("Methods")
    visits = ", ".join(
        label if week is None else f"{label} (week {week:g})" for label, week in analysis.weeks.items()
    )
    yield Paragraph(
        f"Visits: {visits}. Reading design: {plan.design}; {_DESIGNS.get(plan.design, plan.design)}. "
        f"Readers: {', '.join(plan.readers)}; each read alone, without names, dates, clinical findings "
        f"or the scores of others. {_repeats(analysis)}"
    )
    names = measure_names(analysis)
    for part in plan.form.parts:
        own = [names[one.name] for one in analysis.cube.measures if one.system == part.system.id]
        yield Paragraph(
            f"Scoring system {part.system.title} ({part.system.id}, SHA-256 "
            f"{part.system.fingerprint[:16]}…): {'; '.join(own)}."
        )
    yield Paragraph(_rules(analysis))
    yield Paragraph(_statistics(analysis))
    packages = ", ".join(f"{name} {version(name)}" for name in ("numpy", "scipy", "reportlab"))
    yield Paragraph(f"RA Reader {app_version()}; {packages}. Seed of the random orders: {plan.seed}.")


def _repeats(analysis: RoundAnalysis) -> str:
    repeated = sum(one.case.repeat for one in analysis.cases)
    if not repeated:
        return "No case was repeated."
    return (
        f"{repeated} cases were shown a second time under another code ({analysis.plan.repeat:.0%} planned)."
    )


def _rules(analysis: RoundAnalysis) -> str:
    plan = analysis.plan
    shown = "were shown" if plan.rules.totals_visible else "were hidden"
    return (
        f"{method_words(analysis)} Missing sites: a total is given only where every site has a grade; beside "
        "it stand changes over the sites graded at both visits. Missing visits: nothing is filled in. "
        f"Totals {shown} while scoring; evidence by marks: {plan.rules.evidence}."
    )


def _statistics(analysis: RoundAnalysis) -> str:
    methods = {change.test.method for row in analysis.table for change in row.changes}
    return (
        "Change is later − first visit; positive is worse. p: Wilcoxon signed-rank test with Pratt’s zeros, "
        f"two-sided ({'; '.join(sorted(methods)) or 'not used'}); not corrected for multiplicity. "
        "SRM: mean change / SD of change with BCa bootstrap over subjects "
        f"({RESAMPLES} samples, seed {SEED}). SDC = 1.96 · SD of the difference of changes / (√2 √k); "
        "SDD = 1.96 · SD of the difference of scores / √k; k is the number of readers whose mean is "
        "analysed. ICC: two-way, (2,·) absolute agreement, (3,·) consistency. κ: linear weights over all "
        "grades of the scale, pooled over sites. Close agreement: within one unit. Bland–Altman limits: "
        "bias ± 1.96 SD. Intervals are 95 %. n/c: not calculable; the reason stands below the table."
    )


def _results(analysis: RoundAnalysis) -> Iterator[Block]:
    yield Heading("Scores and change")
    yield scores_grid(analysis)
    yield change_grid(analysis)
    yield progression_grid(analysis)
    common = common_sites_grid(analysis)
    if common.rows:
        yield common
    if len(analysis.plan.readers) > 1:
        for reader in analysis.plan.readers:
            yield scores_grid(analysis, reader)
    if analysis.plan.adjudication and len(analysis.plan.readers) == PLANNED:
        yield Heading("Adjudication")
        yield Paragraph(course_words(analysis))
        yield origins_grid(analysis)
        adjudicated = adjudicated_grid(analysis)
        if adjudicated.rows:
            yield adjudicated
    yield Heading("Reliability")
    if analysis.agreement:
        yield agreement_grid(analysis, analysis.agreement)
        yield from sites_grids(analysis)
    else:
        yield Paragraph("Agreement between readers is not calculable: there is only one reader.")
    if analysis.intra_reader:
        yield agreement_grid(analysis, analysis.intra_reader, "Agreement of readers with their repeats")
    else:
        yield Paragraph("Agreement of readers with themselves is not calculable: no case was repeated.")


def _between(comparisons: Sequence[Comparison] | None) -> Iterator[Block]:
    if comparisons:
        yield Heading("Between rounds")
        yield comparison_grid(comparisons)
        for one in comparisons:
            if one.is_change and one.found.concordance.both + one.found.concordance.first_only:
                yield Paragraph(one.sentence)


def _clinical(analysis: RoundAnalysis, clinical: ClinicalResults | None) -> Iterator[Block]:
    if clinical is not None:
        yield Heading("Clinical values")
        yield from clinical_grids(analysis, clinical)


def _plots(analysis: RoundAnalysis) -> Iterator[Block]:
    yield Heading("Plots")
    last = f":{analysis.cube.visits[-1]}"
    for measure in analysis.cube.measures:
        if len(analysis.cube.visits) > 1 and analysis.row(measure, FINAL).changes[-1].directions.n:
            yield cumulative_picture(analysis, measure)
            yield courses_picture(analysis, measure)
        for row in analysis.agreement:
            found = row.bland_altman
            if row.measure == measure and found is not None and found.n > 1 and row.what.endswith(last):
                yield bland_altman_picture(row, found)
        if measure.scale:
            for what in heat_choices(analysis):
                yield heat_map_picture(analysis, measure, what)


def _deviations(analysis: RoundAnalysis) -> Iterator[Block]:
    yield Heading("Deviations")
    for grid in deviation_grids(analysis):
        if grid.rows:
            yield grid
        else:
            yield Paragraph(f"{grid.title}: none.")

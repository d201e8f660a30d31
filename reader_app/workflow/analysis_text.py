"""An analysis as lines of text for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from reader_app.workflow.agreement_tables import agreement_grid
from reader_app.workflow.analyse import RoundAnalysis
from reader_app.workflow.analysis_tables import (
    Grid,
    change_grid,
    common_sites_grid,
    progression_grid,
    scores_grid,
)
from reader_app.workflow.clinical_results import ClinicalResults, clinical_grids
from reader_app.workflow.comparison_tables import comparison_grid
from reader_app.workflow.round_comparison import Comparison
from scoring_forms.analysis.paper_table import FINAL

_GAP = "  "


def analysis_lines(
    analysis: RoundAnalysis,
    comparisons: Sequence[Comparison] | None = None,
    clinical: ClinicalResults | None = None,
) -> list[str]:
    """Return the tables one below the other, each with the reasons why something is not calculable."""
    plan = analysis.plan
    lines = [
        f"{analysis.study} – {plan.title}: {len(analysis.cube.subjects)} subjects, design {plan.design}, "
        f"readers {', '.join(plan.readers)}, locked {analysis.round.locked_utc}"
    ]
    if analysis.missing:
        lines.append(f"{len(analysis.missing)} cases were not signed and collected; nothing is filled in")
    if analysis.pending:
        lines.append(f"{len(analysis.pending)} subjects await adjudication and have no final score")
    beside = () if clinical is None else clinical_grids(analysis, clinical)
    for grid in (*_grids(analysis, comparisons), *beside):
        lines += ["", *grid_lines(grid)]
    for one in comparisons or ():
        if one.is_change and one.found.concordance.both + one.found.concordance.first_only:
            lines.append(one.sentence)
    return lines


def _grids(analysis: RoundAnalysis, comparisons: Sequence[Comparison] | None) -> Iterator[Grid]:
    readers = analysis.plan.readers if len(analysis.plan.readers) > 1 else ()
    yield scores_grid(analysis, FINAL)
    yield change_grid(analysis, FINAL)
    yield progression_grid(analysis, FINAL)
    common = common_sites_grid(analysis)
    if common.rows:
        yield common
    for reader in readers:
        yield scores_grid(analysis, reader)
    if analysis.agreement:
        yield agreement_grid(analysis, analysis.agreement)
    if analysis.intra_reader:
        yield agreement_grid(analysis, analysis.intra_reader, "Agreement of readers with their repeats")
    if comparisons is not None:
        yield comparison_grid(comparisons)


def grid_lines(grid: Grid) -> list[str]:
    """Return a table in columns: words to the left, numbers to the right; *footnotes* below."""
    table = [grid.headings, *(tuple(cell.text for cell in row) for row in grid.rows)]
    widths = [max(len(row[column]) for row in table) for column in range(len(grid.headings))]
    lines = [f"{grid.title} ({grid.note})" if grid.note else grid.title]
    for row in table:
        cells = [
            cell.ljust(width) if column < grid.n_words else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        lines.append(_GAP.join(cells).rstrip())
    return [*lines, *(f"  note: {reason}" for reason in grid.footnotes)]

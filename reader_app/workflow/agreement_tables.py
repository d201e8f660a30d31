"""Tables of agreement: of readers and of repeats, on totals, over all sites and site by site."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from reader_app.workflow.analyse import RoundAnalysis
from reader_app.workflow.analysis_tables import (
    Grid,
    Row,
    Shown,
    Source,
    short_name,
    shown,
    site_labels,
)
from reader_app.workflow.figure_words import (
    NOT_CALCULABLE,
    fixed_text,
    of_text,
    share_text,
    with_interval,
)
from scoring_forms.analysis.agreement import AGAIN, AgreementRow, SiteAgreement
from scoring_forms.analysis.figure import TWO_READERS_ONLY
from scoring_forms.domain.measures import Measure, Unit

AGREEMENT_NOTE = (
    "original scores, never adjudicated ones; SDD of scores, SDC of changes, for the mean of the readers; "
    "κ, exact and close agreement over all cells"
)


def agreement_grid(
    analysis: RoundAnalysis, rows: Sequence[AgreementRow], title: str = "Agreement between readers"
) -> Grid:
    """Return agreement of *rows*, of readers or of repeated readings, on totals and over all sites."""
    headings = (
        *("Feature", "What", "Readers", "n", "ICC(2,1) (95 % CI)", "ICC(3,1)", "ICC(2,k)", "ICC(3,k)"),
        *("SDD / SDC", "Bias (limits)", "Cells", "κ linear", "Exact", "Close"),
    )
    cells = tuple(_agreement_row(analysis, row, short_name(analysis, row.measure)) for row in rows)
    return Grid(title, AGREEMENT_NOTE, headings, cells, n_words=3)


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
        *(shown(one.value, source) for one in others),
        Shown(
            fixed_text(row.detectable.value),
            row.detectable.value.reason or "; ".join(row.detectable.warnings),
            source=source,
        ),
        Shown(bias, no_bias, source=source),
        Shown(of_text(percent.n, percent.n_missing), source=source),
        shown(row.kappa, source),
        Shown(share_text(percent.exact), percent.exact.reason, source=source),
        Shown(share_text(percent.close), percent.close.reason, source=source),
    )


def agreement_source(analysis: RoundAnalysis, row: AgreementRow, unit: Unit | None = None) -> Source:
    """Return the sheets a row of agreement rests on, or only those cells of them that make *unit*."""
    visits, units = what_visits(analysis, row.what), () if unit is None else (unit,)
    if row.readers[-1] != AGAIN:
        return Source(row.measure.name, row.readers, visits, units)
    (reader, _) = row.readers
    return Source(row.measure.name, (reader,), visits, units, repeated_subjects(analysis, reader), True)


def repeated_subjects(analysis: RoundAnalysis, reader: str) -> tuple[str, ...]:
    """Return the subjects whose case a reader read a second time, in the order of the cube."""
    again = {one.case.subject for one in analysis.cases if one.case.repeat and one.reader == reader}
    return tuple(subject for subject in analysis.cube.subjects if subject in again)


def what_visits(analysis: RoundAnalysis, what: str) -> tuple[str, ...]:
    """Return the visits that ``status:…`` or ``change:…`` is about; labels may hold colons."""
    visits = tuple(analysis.weeks)
    if what.startswith("status:"):
        return (what.removeprefix("status:"),)
    return next((visits[0], one) for one in visits[1:] if what == f"change:{visits[0]}:{one}")


# --- site by site ---------------------------------------------------------------------------------------


def sites_grids(analysis: RoundAnalysis, only: Measure | None = None) -> tuple[Grid, ...]:
    """Return agreement site by site, every visit and change a column.

    Args:
        analysis: The round.
        only: This measure; otherwise all that have sites of one scale.

    Returns:
        A table for each measure and group of readers.
    """
    rows = [row for row in analysis.agreement if row.sites and only in (None, row.measure)]
    groups = dict.fromkeys((row.measure, row.readers) for row in rows)
    labels = site_labels(analysis)
    return tuple(
        _sites_grid(analysis, [row for row in rows if (row.measure, row.readers) == group], labels)
        for group in groups
    )


def _sites_grid(analysis: RoundAnalysis, rows: Sequence[AgreementRow], labels: Mapping[Unit, str]) -> Grid:
    measure, readers = rows[0].measure, rows[0].readers
    found: list[Row] = []
    for place, unit in enumerate(measure.units):
        cells = (_site(row.sites[place], agreement_source(analysis, row, unit)) for row in rows)
        found.append((Shown(labels[unit]), *cells))
    kappa = "linear κ · " if len(readers) == 2 else ""
    who, n = " / ".join(readers), len(analysis.cube.subjects)
    return Grid(
        f"{short_name(analysis, measure)} by site – {who}, n {n}",
        f"{kappa}exact · close agreement; n where some are missing",
        ("Site", *(what_text(row.what) for row in rows)),
        tuple(found),
    )


def _site(site: SiteAgreement, source: Source) -> Shown:
    percent = site.percent
    n = f", n {percent.n}" if percent.n_missing else ""
    if not percent.n:
        return Shown(f"{NOT_CALCULABLE}{n}", percent.exact.reason, source=source)
    shares = f"{share_text(percent.exact)} · {share_text(percent.close)}{n}"
    if len(source.readers) > 2:
        return Shown(shares, source=source)
    return Shown(f"{fixed_text(site.kappa)} · {shares}", site.kappa.reason, source=source)

"""How well readers agree, measure by measure, at each visit and on change from the first.

Only the planned readers' own scores are compared, never adjudicated ones (statistics reference,
section 11). Two readings of one reader are compared in the same way.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from scoring_forms.analysis.alpha import Alpha, krippendorff_alpha
from scoring_forms.analysis.bland_altman import BlandAltman, bland_altman
from scoring_forms.analysis.detectable import (
    Detectable,
    smallest_detectable_change,
    smallest_detectable_difference,
)
from scoring_forms.analysis.figure import TWO_READERS_ONLY, Figure, not_calculable
from scoring_forms.analysis.icc import Icc, intraclass_correlation
from scoring_forms.analysis.kappa import (
    Kappa,
    PercentAgreement,
    change_grades_of,
    grades_of,
    kappa_by_site,
    percent_agreement,
    weighted_kappa,
)
from scoring_forms.analysis.samples import FloatArray, without_noise
from scoring_forms.analysis.score_cube import ScoreCube
from scoring_forms.domain.measures import Measure

_NO_SCALE = "it adds up several features"
AGAIN = "again"


@dataclass(frozen=True, slots=True)
class SiteAgreement:
    """One site; ``kappa`` has no value for more than two readers."""

    feature: str
    side: str | None
    site: str
    percent: PercentAgreement
    kappa: Figure


@dataclass(frozen=True, slots=True, eq=False)
class AgreementRow:
    """One measure, one visit or change, some readers.

    Attributes:
        measure: What was scored.
        what: ``status:VISIT`` or ``change:FROM:TO``.
        readers: Who is compared, in column order; of one reader's two readings the name and ``again``.
        icc: Of the totals.
        detectable: The SDD of a status, the SDC of a change, of the mean of all these readers.
        bland_altman: None for more than two readers.
        percent: Exact and close agreement over all sites.
        kappa: Linear weights, pooled over all sites.
        alpha: Krippendorff's, ordinal, pooled over all sites.
        sites: Site by site; empty where a measure adds up several features.
        totals: Shape (subjects, readers), NaN where a total is missing.
    """

    measure: Measure
    what: str
    readers: tuple[str, ...]
    icc: Icc
    detectable: Detectable
    bland_altman: BlandAltman | None
    percent: PercentAgreement
    kappa: Figure
    alpha: Alpha
    sites: tuple[SiteAgreement, ...]
    totals: FloatArray

    @property
    def is_change(self) -> bool:
        """Whether changes are compared, and not scores of a visit."""
        return self.what.startswith("change:")


def agreement(cube: ScoreCube, planned: Sequence[str]) -> tuple[AgreementRow, ...]:
    """Return a row for every pair of planned readers, and one for all of more than two."""
    groups: list[tuple[str, ...]] = [*combinations(planned, 2)]
    if len(planned) > 2:
        groups.append(tuple(planned))
    rows: list[AgreementRow] = []
    for measure in cube.measures:
        units = cube.units(measure)
        for what, compared in _compared(cube, units):
            for group in groups:
                chosen = compared[:, [cube.readers.index(reader) for reader in group]]
                rows.append(_row(measure, what, group, chosen))
    return tuple(rows)


def intra_reader(first: ScoreCube, again: ScoreCube, reader: str) -> tuple[AgreementRow, ...]:
    """Return how well one reader agrees with the hidden repeats of the same cases.

    Args:
        first: The reader's first readings.
        again: The repeats, with the same subjects, visits and form.
        reader: Who read both.
    """
    rows: list[AgreementRow] = []
    for measure in first.measures:
        both = [cube.units(measure)[:, :, cube.readers.index(reader)] for cube in (first, again)]
        repeated = again.read[:, :, again.readers.index(reader)].any(axis=1)
        for what, compared in _compared(first, np.stack(both, axis=2)[repeated]):
            rows.append(_row(measure, what, (reader, AGAIN), compared))
    return tuple(rows)


def _compared(cube: ScoreCube, units: FloatArray) -> Iterator[tuple[str, FloatArray]]:
    """Yield every visit and every change as (name, shape (subjects, readers, units))."""
    for i, visit in enumerate(cube.visits):
        yield f"status:{visit}", units[:, i]
    for i, visit in enumerate(cube.visits[1:], start=1):
        yield f"change:{cube.visits[0]}:{visit}", without_noise(units[:, i] - units[:, 0])


def _row(measure: Measure, what: str, readers: tuple[str, ...], units: FloatArray) -> AgreementRow:
    totals = units.sum(axis=-1)
    is_change = what.startswith("change:")
    detectable = smallest_detectable_change if is_change else smallest_detectable_difference
    two = len(readers) == 2
    pooled = np.moveaxis(units, 1, 2).reshape(-1, len(readers))
    kappa, by_site = _kappas(measure, units, pooled, is_change)
    return AgreementRow(
        measure=measure,
        what=what,
        readers=readers,
        icc=intraclass_correlation(totals),
        detectable=detectable(totals),
        bland_altman=bland_altman(totals[:, 0], totals[:, 1]) if two else None,
        percent=percent_agreement(pooled),
        kappa=kappa,
        alpha=krippendorff_alpha(pooled),
        sites=_sites(measure, units, by_site),
        totals=totals,
    )


def _kappas(
    measure: Measure, units: FloatArray, pooled: FloatArray, is_change: bool
) -> tuple[Figure, tuple[Kappa, ...]]:
    """Return the pooled kappa, and one per site if there are two readers and one scale."""
    if measure.scale is None:
        return not_calculable(_NO_SCALE), ()
    if units.shape[1] != 2:
        return not_calculable(TWO_READERS_ONLY), ()
    grades = change_grades_of(*measure.scale) if is_change else grades_of(*measure.scale)
    by_site = kappa_by_site(units[:, 0], units[:, 1], grades)
    return weighted_kappa(pooled[:, 0], pooled[:, 1], grades).kappa, by_site


def _sites(measure: Measure, units: FloatArray, kappas: Sequence[Kappa]) -> tuple[SiteAgreement, ...]:
    if measure.scale is None:
        return ()
    return tuple(
        SiteAgreement(
            unit.feature,
            unit.side,
            unit.site,
            percent_agreement(units[:, :, i]),
            kappas[i].kappa if kappas else not_calculable(TWO_READERS_ONLY),
        )
        for i, unit in enumerate(measure.units)
    )

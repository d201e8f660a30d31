"""Smallest detectable difference and change, and the subjects who progressed beyond them.

Source: Bruynesteyn, Boers, Kostense, van der Linden and van der Heijde, Ann Rheum Dis
2005;64:179-82; the 80 % version: Navarro-Compán et al., Ann Rheum Dis 2014;73:1067-70; mirror
counts: Sepriano et al., RMD Open 2019;5:e000848; statistics reference, section 6.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from scoring_forms.analysis.figure import ONE_READER, TOO_FEW, Figure, not_calculable
from scoring_forms.analysis.samples import FloatArray, Rows, Values, complete_rows, observed, without_noise
from scoring_forms.analysis.variance import mean_squares

FACTOR_95 = 1.96
FACTOR_80 = 1.28
_FEW = 10
_WEEKS_A_YEAR = 52
_RAPID = 5.0


@dataclass(frozen=True, slots=True)
class Detectable:
    """What change (or difference) of the mean of ``k`` readings is beyond measurement error.

    Attributes:
        n: Subjects that every reading scored; ``n_missing`` others did not count.
        readings: How many were compared.
        k: How many readings the analysed score is the mean of.
        mean_difference: First - second where there are two; a bias is not part of the error.
        sd_difference: Of two readings.
        sem: Error SD of one reading, the root of the residual mean square.
        value: At 95 %; ``value_80`` at 80 %.
        warnings: Sentences to show beside it.
    """

    n: int
    n_missing: int
    readings: int
    k: int
    mean_difference: Figure
    sd_difference: Figure
    sem: Figure
    value: Figure
    value_80: Figure
    warnings: tuple[str, ...] = ()


def smallest_detectable_change(changes: Rows, k: int | None = None) -> Detectable:
    """Return the SDC of change scores: 1.96 SEM / sqrt(k), SEM = SD of differences / sqrt(2).

    Args:
        changes: A subject a row, a reader (or a reading of one reader) a column.
        k: How many readings the analysed score is the mean of; all columns unless given.
    """
    return _detectable(changes, k, 1.0)


def smallest_detectable_difference(scores: Rows, k: int | None = None) -> Detectable:
    """Return the SDD of status scores: 1.96 sqrt(2) SEM / sqrt(k).

    The argument is as for the SDC. With two readers sqrt(2) SEM is the SD of their differences.
    """
    return _detectable(scores, k, math.sqrt(2))


def _detectable(rows: Rows, means_of: int | None, factor: float) -> Detectable:
    table, n_missing = complete_rows(rows)
    n, readings = table.shape
    k = means_of or readings
    if n < 2 or readings < 2:
        nothing = not_calculable(TOO_FEW if readings > 1 else ONE_READER)
        return Detectable(n, n_missing, readings, k, nothing, nothing, nothing, nothing, nothing)
    sem = math.sqrt(mean_squares(table).error)
    two = readings == 2
    one_pair = not_calculable("there are more than two readings")
    return Detectable(
        n=n,
        n_missing=n_missing,
        readings=readings,
        k=k,
        mean_difference=Figure(float((table[:, 0] - table[:, 1]).mean())) if two else one_pair,
        sd_difference=Figure(sem * math.sqrt(2)) if two else one_pair,
        sem=Figure(sem),
        value=Figure(FACTOR_95 * factor * sem / math.sqrt(k)),
        value_80=Figure(FACTOR_80 * factor * sem / math.sqrt(k)),
        warnings=_warnings(n, sem),
    )


def _warnings(n: int, sem: float) -> tuple[str, ...]:
    found: list[str] = []
    if sem == 0:
        found.append("the readings do not differ, so that every change counts")
    if n < _FEW:
        found.append(f"it rests on {n} subjects only")
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Progression:
    """How many of ``n`` subjects changed beyond a limit, each way; ``n_missing`` lack a visit.

    ``net`` is progressors minus regressors beyond the SDC. ``rapid`` (five or more a year) needs
    the weeks between the visits.
    """

    n: int
    n_missing: int
    above_zero: int
    above_half: int
    above_sdc: Figure
    below_minus_sdc: Figure
    net: Figure
    rapid: Figure


def progression(change: Values, sdc: Figure, weeks: float | None = None) -> Progression:
    """Count progressors by > 0, > 0.5 and > SDC (all strict), and the mirror of the last."""
    there, n_missing = observed(change)
    d = without_noise(there)
    if sdc.value is None:
        above = below = net = not_calculable(sdc.reason)
    else:
        limit = round(sdc.value, 9)  # as the changes are
        up, down = int((d > limit).sum()), int((d < -limit).sum())
        above, below, net = Figure(up), Figure(down), Figure(up - down)
    return Progression(
        n=d.size,
        n_missing=n_missing,
        above_zero=int((d > 0).sum()),
        above_half=int((d > 0.5).sum()),
        above_sdc=above,
        below_minus_sdc=below,
        net=net,
        rapid=_rapid(d, weeks) if weeks else not_calculable("the visits have no weeks"),
    )


def _rapid(change: FloatArray, weeks: float) -> Figure:
    return Figure(int((without_noise(change * _WEEKS_A_YEAR / weeks) >= _RAPID).sum()))

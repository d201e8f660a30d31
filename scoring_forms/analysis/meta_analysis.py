"""A small meta-analysis of ratios: inverse variance, DerSimonian-Laird and Peto.

Ratios are pooled as logarithms. The variance between studies is never below 0; then the random-effects
result is the fixed one.

Source: DerSimonian and Laird, Control Clin Trials 1986;7:177-88; Yusuf, Peto et al., Prog Cardiovasc
Dis 1985;27:335-71; statistics reference, section 14.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from scoring_forms.analysis.distributions import Z_95, chi_square_above, normal_two_sided
from scoring_forms.analysis.figure import Figure, Interval, no_interval, not_calculable

_NO_STUDIES = "no study carries information"


@dataclass(frozen=True, slots=True)
class Counts:
    """Events and subjects of the treated and of the controls in one study."""

    events: int
    n: int
    control_events: int
    control_n: int


@dataclass(frozen=True, slots=True)
class LogRatio:
    """The logarithm of a ratio with its standard error."""

    log: float
    se: float

    @property
    def ratio(self) -> float:
        """The ratio itself."""
        return math.exp(self.log)

    @property
    def interval(self) -> Interval:
        """The 95 % interval of the ratio."""
        return Interval(math.exp(self.log - Z_95 * self.se), math.exp(self.log + Z_95 * self.se))


def risk_ratio(counts: Counts) -> LogRatio | None:
    """Return the risk ratio of one study; None where an arm has no event."""
    if not counts.events or not counts.control_events:
        return None
    log = math.log(counts.events / counts.n) - math.log(counts.control_events / counts.control_n)
    variance = 1 / counts.events - 1 / counts.n + 1 / counts.control_events - 1 / counts.control_n
    return LogRatio(log, math.sqrt(variance))


def printed_ratio(ratio: float, low: float, high: float) -> LogRatio:
    """Return a ratio as it was printed with its 95 % interval."""
    return LogRatio(math.log(ratio), (math.log(high) - math.log(low)) / (2 * Z_95))


@dataclass(frozen=True, slots=True)
class Pooled:
    """One model: the pooled ratio and the weight of each study in per cent."""

    ratio: Figure
    interval: Interval
    se_log: Figure
    weights: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class MetaAnalysis:
    """Of ``n`` studies; with few of them the variance between them is very uncertain."""

    n: int
    fixed: Pooled
    random: Pooled
    q: Figure
    degrees: int
    p_heterogeneity: Figure
    i_squared: Figure
    tau_squared: Figure


def pool(studies: Sequence[LogRatio]) -> MetaAnalysis:
    """Return both models and the heterogeneity of *studies*, each with a standard error above 0."""
    n = len(studies)
    weights = [1 / study.se**2 for study in studies]
    fixed = _pooled(studies, weights)
    if n < 2:
        one = not_calculable("there are fewer than two studies" if n else _NO_STUDIES)
        return MetaAnalysis(n, fixed, fixed, one, max(n - 1, 0), one, one, one)
    centre = sum(w * study.log for w, study in zip(weights, studies, strict=True)) / sum(weights)
    q = sum(w * (study.log - centre) ** 2 for w, study in zip(weights, studies, strict=True))
    apart = sum(weights) - sum(w * w for w in weights) / sum(weights)
    tau_squared = max(0.0, (q - (n - 1)) / apart)
    random = _pooled(studies, [1 / (study.se**2 + tau_squared) for study in studies])
    return MetaAnalysis(
        n=n,
        fixed=fixed,
        random=random,
        q=Figure(q),
        degrees=n - 1,
        p_heterogeneity=Figure(chi_square_above(q, n - 1)),
        i_squared=Figure(_i_squared(q, n - 1)),
        tau_squared=Figure(tau_squared),
    )


def _pooled(studies: Sequence[LogRatio], weights: Sequence[float]) -> Pooled:
    if not studies:
        nothing = not_calculable(_NO_STUDIES)
        return Pooled(nothing, no_interval(_NO_STUDIES), nothing, ())
    total = sum(weights)
    log = sum(w * study.log for w, study in zip(weights, studies, strict=True)) / total
    both = LogRatio(log, 1 / math.sqrt(total))
    return Pooled(Figure(both.ratio), both.interval, Figure(both.se), tuple(100 * w / total for w in weights))


def _i_squared(q: float, degrees: int) -> float:
    return max(0.0, (q - degrees) / q) * 100 if q > 0 else 0.0


@dataclass(frozen=True, slots=True)
class PetoOddsRatio:
    """Peto's pooled odds ratio of ``n`` studies; ``n_dropped`` had no event, or only events.

    ``observed_minus_expected`` and ``variances`` are those of the studies that count.
    """

    n: int
    n_dropped: int
    observed_minus_expected: tuple[float, ...]
    variances: tuple[float, ...]
    ratio: Figure
    interval: Interval
    z: Figure
    p: Figure
    q: Figure
    i_squared: Figure


def peto_odds_ratio(studies: Sequence[Counts]) -> PetoOddsRatio:
    """Return Peto's odds ratio; cells of 0 need no correction.

    It fits rare events, arms of similar size and modest effects.
    """
    terms = [_peto_terms(study) for study in studies]
    kept = [(apart, variance) for apart, variance in terms if variance > 0]
    aparts, variances = tuple(one[0] for one in kept), tuple(one[1] for one in kept)
    dropped = len(studies) - len(kept)
    if not kept:
        none = not_calculable(_NO_STUDIES)
        return PetoOddsRatio(0, dropped, (), (), none, no_interval(_NO_STUDIES), none, none, none, none)
    total = sum(variances)
    both = LogRatio(sum(aparts) / total, 1 / math.sqrt(total))
    q = max(0.0, sum(apart**2 / variance for apart, variance in kept) - sum(aparts) ** 2 / total)
    z = both.log / both.se
    return PetoOddsRatio(
        n=len(kept),
        n_dropped=dropped,
        observed_minus_expected=aparts,
        variances=variances,
        ratio=Figure(both.ratio),
        interval=both.interval,
        z=Figure(z),
        p=Figure(normal_two_sided(z)),
        q=Figure(q),
        i_squared=Figure(_i_squared(q, len(kept) - 1)),
    )


def _peto_terms(study: Counts) -> tuple[float, float]:
    """Observed - expected events of the treated, and its variance."""
    events, n = study.events + study.control_events, study.n + study.control_n
    variance = study.n * study.control_n * events * (n - events) / (n * n * (n - 1))
    return study.events - study.n * events / n, variance

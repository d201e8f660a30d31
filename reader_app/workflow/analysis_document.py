"""An analysis as the plain values that ``study analyse --json`` prints.

A value that cannot be calculated is null, with its reason in a neighbouring ``*_reason``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from reader_app.workflow.analyse import RoundAnalysis
from reader_app.workflow.round_comparison import ComparedScore, Comparison
from scoring_forms.analysis.as_json import agreement_entry, table_entry
from scoring_forms.analysis.concordance import Concordance
from scoring_forms.analysis.figure import ONE_READER, Figure, Interval

Entry = dict[str, Any]


def analysis_document(analysis: RoundAnalysis, comparisons: Sequence[Comparison] | None = None) -> Entry:
    """Return the whole document; with *comparisons* also what was compared with another round."""
    plan = analysis.plan
    document: Entry = {
        "round": plan.title,
        "design": plan.design,
        "n_subjects": len(analysis.cube.subjects),
        "visits": [{"visit": label, "week": week} for label, week in analysis.weeks.items()],
        "readers": list(plan.readers),
        "locked_utc": analysis.round.locked_utc,
        "missing_cases": [{"reader": one.reader, "case": one.case} for one in analysis.missing],
        "final": dict(sorted(Counter(one.origin for one in analysis.decisions.values()).items())),
        "pending": list(analysis.pending),
        "table": [table_entry(row) for row in analysis.table],
        "agreement": [agreement_entry(row) for row in analysis.agreement],
        "intra_reader": [agreement_entry(row) for row in analysis.intra_reader],
    }
    if not analysis.agreement:
        document["agreement_reason"] = ONE_READER
    if not analysis.intra_reader:
        document["intra_reader_reason"] = "no case was repeated"
    if comparisons is not None:
        document["between_rounds"] = [_comparison(one) for one in comparisons]
    return document


def _comparison(one: Comparison) -> Entry:
    correlation = one.found.correlation
    entry: Entry = {
        "first": _score(one.first),
        "second": _score(one.second),
        "n": correlation.n,
        "n_missing": correlation.n_missing,
        **_figure("spearman_rho", correlation.rho),
        **_interval("spearman_ci", correlation.interval),
        **_figure("spearman_p", correlation.p),
        "spearman_p_method": correlation.method,
    }
    if one.is_change:
        entry["progression"] = _concordance(one.found.concordance) | {"sentence": one.sentence}
        entry["progression_beyond_sdc"] = None if one.beyond_sdc is None else _concordance(one.beyond_sdc)
        if one.beyond_sdc is None:
            entry["progression_beyond_sdc_reason"] = f"there is no SDC: {one.no_sdc}"
    return entry


def _score(one: ComparedScore) -> Entry:
    return {
        "round": one.round,
        "system": one.measure.system,
        "feature": one.measure.feature,
        "what": one.what,
    }


def _concordance(found: Concordance) -> Entry:
    return {
        "n": found.n,
        "n_missing": found.n_missing,
        "both": found.both,
        "first_only": found.first_only,
        "second_only": found.second_only,
        "neither": found.neither,
        **_figure("agreement", found.agreement),
        **_figure("kappa", found.kappa),
        **_figure("second_among_first", found.second_among_first),
        **_figure("second_among_others", found.second_among_others),
        **_figure("fisher_p", found.fisher_p),
    }


def _figure(name: str, figure: Figure) -> Entry:
    return {name: figure.value} if figure.value is not None else {name: None, f"{name}_reason": figure.reason}


def _interval(name: str, interval: Interval) -> Entry:
    return {name: list(interval.ends)} if interval.ends else {name: None, f"{name}_reason": interval.reason}

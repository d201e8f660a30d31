"""An analysis as the plain values that ``study analyse --json`` prints.

A value that cannot be calculated is null, with its reason in a neighbouring ``*_reason``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from reader_app.workflow.analyse import RoundAnalysis
from reader_app.workflow.clinical_results import ClinicalResults, clinical_entry
from reader_app.workflow.round_comparison import ComparedScore, Comparison
from scoring_forms.analysis.as_json import agreement_entry, correlation_entry, figure_entry, table_entry
from scoring_forms.analysis.concordance import Concordance
from scoring_forms.analysis.figure import ONE_READER

Entry = dict[str, Any]


def analysis_document(
    analysis: RoundAnalysis,
    comparisons: Sequence[Comparison] | None = None,
    clinical: ClinicalResults | None = None,
) -> Entry:
    """Return the whole document, also what was compared with another round and with clinical values."""
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
    if clinical is not None:
        document["clinical"] = clinical_entry(clinical)
    return document


def _comparison(one: Comparison) -> Entry:
    entry: Entry = {
        "first": _score(one.first),
        "second": _score(one.second),
        **correlation_entry(one.found.correlation),
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
        **figure_entry("agreement", found.agreement),
        **figure_entry("kappa", found.kappa),
        **figure_entry("second_among_first", found.second_among_first),
        **figure_entry("second_among_others", found.second_among_others),
        **figure_entry("fisher_p", found.fisher_p),
    }

"""Table and agreement as the plain values that ``study analyse --json`` prints.

A value that cannot be calculated is null, with its reason in a neighbouring ``*_reason``.
"""

from __future__ import annotations

from typing import Any

from scoring_forms.analysis.agreement import AgreementRow, SiteAgreement
from scoring_forms.analysis.change import Directions
from scoring_forms.analysis.detectable import Detectable, Progression
from scoring_forms.analysis.figure import TWO_READERS_ONLY, Figure, Interval, not_calculable
from scoring_forms.analysis.icc import Estimate
from scoring_forms.analysis.paper_table import ChangeEntry, CommonSites, TableRow, VisitEntry
from scoring_forms.analysis.spearman import Correlation

Entry = dict[str, Any]


def table_entry(row: TableRow) -> Entry:
    """Return one object of ``table``."""
    return {
        "system": row.measure.system,
        "feature": row.measure.feature,
        "reader": row.reader,
        "visits": [_visit(visit) for visit in row.visits],
        "changes": [_change(change) for change in row.changes],
    }


def agreement_entry(row: AgreementRow) -> Entry:
    """Return one object of ``agreement`` or ``intra_reader``."""
    entry: Entry = {
        "system": row.measure.system,
        "feature": row.measure.feature,
        "what": row.what,
        "readers": list(row.readers),
        "n": row.icc.n,
        "n_missing": row.icc.n_missing,
    }
    estimates = {
        "icc_2_1": row.icc.single_agreement,
        "icc_3_1": row.icc.single_consistency,
        "icc_2_k": row.icc.mean_agreement,
        "icc_3_k": row.icc.mean_consistency,
    }
    for name, estimate in estimates.items():
        entry |= _estimate(name, estimate)
    entry |= _detectable_entries(row)
    entry |= _bias(row)
    entry |= figure_entry("exact", row.percent.exact) | figure_entry("close", row.percent.close)
    entry |= figure_entry("exact_pairwise", row.percent.exact_pairwise)
    entry |= figure_entry("close_pairwise", row.percent.close_pairwise)
    entry |= {
        "close_within": row.percent.close_within,
        "n_scores": row.percent.n,
        "n_scores_missing": row.percent.n_missing,
    }
    entry |= figure_entry("weighted_kappa", row.kappa) | figure_entry("krippendorff_alpha", row.alpha.alpha)
    entry["per_site"] = [_site(site) for site in row.sites]
    return entry


def figure_entry(name: str, figure: Figure) -> Entry:
    """Return a value by its name, or null and the reason why."""
    entry: Entry = {name: figure.value}
    return entry if figure.value is not None else {**entry, f"{name}_reason": figure.reason}


def interval_entry(name: str, interval: Interval) -> Entry:
    """Return both ends by a name, or null and the reason why."""
    if interval.ends is None:
        return {name: None, f"{name}_reason": interval.reason}
    return {name: list(interval.ends)}


def _estimate(name: str, estimate: Estimate) -> Entry:
    return figure_entry(name, estimate.value) | interval_entry(f"{name}_ci", estimate.interval)


def _visit(visit: VisitEntry) -> Entry:
    summary = visit.summary
    entry: Entry = {"visit": visit.visit, "n": summary.n, "n_missing": summary.n_missing}
    for name, figure in (
        ("median", summary.median),
        ("min", summary.minimum),
        ("max", summary.maximum),
        ("q1", summary.lower_quartile),
        ("q3", summary.upper_quartile),
        ("mean", summary.mean),
        ("sd", summary.sd),
    ):
        entry |= figure_entry(name, figure)
    return entry


def _change(change: ChangeEntry) -> Entry:
    entry: Entry = {"from": change.earlier, "to": change.later}
    entry |= _directions(change.directions)
    entry |= {"n_zero": change.test.n_zero, "w_plus": change.test.w_plus, "w_minus": change.test.w_minus}
    entry |= figure_entry("z", change.test.z) | figure_entry("p", change.test.p)
    entry |= {"p_method": change.test.method}
    if change.test.warning:
        entry["p_warning"] = change.test.warning
    entry |= figure_entry("mean", change.response.mean) | figure_entry("sd", change.response.sd)
    entry |= figure_entry("srm", change.response.srm) | interval_entry("srm_ci", change.response.interval)
    entry |= _detectable("sdc", change.detectable)
    entry["progression"] = _progression(change.progression)
    if change.common_sites is not None:
        entry["common_sites"] = _common_sites(change.common_sites)
    return entry


def _directions(counted: Directions) -> Entry:
    return {
        "n": counted.n,
        "n_missing": counted.n_missing,
        "increase": counted.increase,
        "no_change": counted.no_change,
        "decrease": counted.decrease,
    }


def _common_sites(common: CommonSites) -> Entry:
    entry: Entry = {"n_sites": common.n_sites, "fewest_sites": common.fewest_sites}
    entry |= _directions(common.directions)
    return entry | figure_entry("p", common.test.p) | figure_entry("srm", common.response.srm)


def _progression(counted: Progression) -> Entry:
    entry: Entry = {
        "n": counted.n,
        "above_0": counted.above_zero,
        "above_half": counted.above_half,
    }
    for name, figure in (
        ("above_sdc", counted.above_sdc),
        ("below_minus_sdc", counted.below_minus_sdc),
        ("net", counted.net),
        ("rapid", counted.rapid),
    ):
        whole = figure if figure.value is None else Figure(int(figure.value))
        entry |= figure_entry(name, whole)
    return entry


def _detectable(name: str, found: Detectable) -> Entry:
    entry = figure_entry(name, found.value) | figure_entry(f"{name}_80", found.value_80)
    entry |= {f"{name}_k": found.k, f"{name}_n": found.n}
    return entry | ({f"{name}_warnings": list(found.warnings)} if found.warnings else {})


def _detectable_entries(row: AgreementRow) -> Entry:
    if row.is_change:
        return figure_entry("sdd", not_calculable("it belongs to the scores of one visit")) | _detectable(
            "sdc", row.detectable
        )
    return _detectable("sdd", row.detectable) | figure_entry("sdc", not_calculable("it belongs to change"))


def _bias(row: AgreementRow) -> Entry:
    found = row.bland_altman
    if found is None:
        return figure_entry("bias", not_calculable(TWO_READERS_ONLY)) | {
            "loa": None,
            "loa_reason": TWO_READERS_ONLY,
        }
    return (
        figure_entry("bias", found.bias)
        | interval_entry("bias_ci", found.bias_interval)
        | interval_entry("loa", found.limits)
        | interval_entry("loa_low_ci", found.lower_limit_interval)
        | interval_entry("loa_high_ci", found.upper_limit_interval)
    )


def _site(site: SiteAgreement) -> Entry:
    entry: Entry = {"site": site.site, "side": site.side, "feature": site.feature}
    entry |= {"n": site.percent.n, "n_missing": site.percent.n_missing}
    entry |= figure_entry("weighted_kappa", site.kappa)
    return entry | figure_entry("exact", site.percent.exact) | figure_entry("close", site.percent.close)


def correlation_entry(found: Correlation) -> Entry:
    """Return Spearman's correlation."""
    return {
        "n": found.n,
        "n_missing": found.n_missing,
        **figure_entry("spearman_rho", found.rho),
        **interval_entry("spearman_ci", found.interval),
        **figure_entry("spearman_p", found.p),
        "spearman_p_method": found.method,
    }

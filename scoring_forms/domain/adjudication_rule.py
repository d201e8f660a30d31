"""The rules that send a case to adjudication, as they are written and as they are meant.

``change:FEATURE>T``, ``status:FEATURE>T``, ``site>=N``, ``progression:FEATURE`` and ``all``. No
threshold has a default: the study enters it (statistics reference, section 11).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, cast, get_args

from scoring_forms.domain.errors import BadAdjudicationRuleError
from scoring_forms.domain.form import Form
from scoring_forms.domain.measures import Measure, measures

Method = Literal["two_closest", "adjudicator", "mean_of_all", "consensus"]
METHODS: tuple[Method, ...] = get_args(Method)
"""What an adjudication makes of three readers' scores; the first is what a round does unless it says so."""

PLANNED = 2
"""How many readers an adjudicator decides between."""

Kind = Literal["all", "site", "change", "status", "progression"]

_RULE = re.compile(
    r"(?P<all>all)|site>=(?P<least>\d+(\.\d+)?)"
    r"|(?P<kind>change|status):(?P<feature>[\w.]+)>(?P<above>\d+(\.\d+)?)"
    r"|progression:(?P<progressing>[\w.]+)"
)


@dataclass(frozen=True, slots=True)
class AdjudicationRule:
    """One rule of a round.

    Attributes:
        text: As written.
        kind: What is compared.
        measure: ``system.feature`` of the total that is compared; None for ``all`` and ``site``.
        threshold: Readers may differ by so much (change, status: strictly more triggers; site: as much
            triggers); 0 where the kind has none.
    """

    text: str
    kind: Kind
    measure: str | None = None
    threshold: float = 0.0


def parse_rule(text: str, form: Form) -> AdjudicationRule:
    """Return what a rule means in a round with this form.

    Raises:
        BadAdjudicationRuleError: It cannot be read, or names a feature that the form does not have
            or has twice.
    """
    match = _RULE.fullmatch(text)
    if match is None:
        raise BadAdjudicationRuleError(
            text, "is none of change:FEATURE>N, status:FEATURE>N, site>=N, progression:FEATURE, all"
        )
    if match["all"]:
        return AdjudicationRule(text, "all")
    if match["least"]:
        return _site_rule(text, float(match["least"]))
    if match["progressing"]:
        return AdjudicationRule(text, "progression", _meant(text, match["progressing"], form).name)
    kind = cast("Kind", match["kind"])
    return AdjudicationRule(text, kind, _meant(text, match["feature"], form).name, float(match["above"]))


def _site_rule(text: str, least: float) -> AdjudicationRule:
    if not least:
        raise BadAdjudicationRuleError(text, "would count sites that do not differ; use all for every case")
    return AdjudicationRule(text, "site", threshold=least)


def _meant(text: str, named: str, form: Form) -> Measure:
    meant = [measure for measure in measures(form) if named in (measure.name, measure.feature)]
    if not meant:
        raise BadAdjudicationRuleError(text, "names a feature that this round does not score")
    if len(meant) > 1:
        which = " or ".join(measure.name for measure in meant)
        raise BadAdjudicationRuleError(text, f"may mean {which}: name the system too")
    return meant[0]

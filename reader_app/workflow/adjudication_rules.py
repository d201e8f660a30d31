"""The rules that send a case to adjudication, as written on the command line."""

from __future__ import annotations

import re

from reader_app.workflow.errors import BadRoundError
from scoring_forms.domain.form import Form
from scoring_forms.domain.totals import GRAND_TOTAL

_RULE = re.compile(
    r"all|site>=\d+(\.\d+)?"
    r"|(?P<kind>change|status):(?P<feature>[\w.]+)>\d+(\.\d+)?"
    r"|progression:(?P<progressing>[\w.]+)"
)


def check_rule(rule: str, form: Form) -> None:
    """Refuse a rule that cannot be read or names a feature the form does not have.

    Raises:
        BadRoundError: Says which of the two, and what a rule looks like.
    """
    match = _RULE.fullmatch(rule)
    if match is None:
        raise BadRoundError(
            f"The adjudication rule {rule!r} is none of change:FEATURE>N, status:FEATURE>N, site>=N, "
            "progression:FEATURE, all"
        )
    named = match["feature"] or match["progressing"]
    if named is None:
        return
    meant = [one for one in _features(form) if named in (one, one.split(".")[1])]
    if not meant:
        raise BadRoundError(f"The adjudication rule {rule!r} names a feature that this round does not score")
    if len(meant) > 1:
        raise BadRoundError(
            f"The adjudication rule {rule!r} may mean {' or '.join(meant)}: name the system too"
        )


def _features(form: Form) -> list[str]:
    """Return ``system.feature`` of everything that has a total."""
    named = [f"{part.system.id}.{one.id}" for part in form.parts for one in (*part.features, *part.sums)]
    return named + [f"{part.system.id}.{GRAND_TOTAL}" for part in form.parts if part.has_grand_total]

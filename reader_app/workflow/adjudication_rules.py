"""The adjudication rules of a round that is being planned."""

from __future__ import annotations

from reader_app.workflow.errors import BadRoundError
from scoring_forms.domain.adjudication_rule import parse_rule
from scoring_forms.domain.errors import BadAdjudicationRuleError
from scoring_forms.domain.form import Form


def check_rule(rule: str, form: Form) -> None:
    """Refuse a rule that cannot be read or names a feature the form does not have.

    Raises:
        BadRoundError: Says which of the two, and what a rule looks like.
    """
    try:
        parse_rule(rule, form)
    except BadAdjudicationRuleError as error:
        raise BadRoundError(str(error).removesuffix(".")) from None

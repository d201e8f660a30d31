"""The adjudication rules of a round that is being planned."""

from __future__ import annotations

from collections.abc import Sequence

from reader_app.workflow.errors import BadRoundError
from scoring_forms.domain.adjudication_rule import PLANNED, AdjudicationRule, parse_rule
from scoring_forms.domain.errors import BadAdjudicationRuleError
from scoring_forms.domain.form import Form
from scoring_forms.domain.measures import measures


def check_adjudication(rules: Sequence[str], readers: Sequence[str], form: Form) -> None:
    """Refuse rules that cannot be followed, by this form or by so many readers.

    An adjudicator decides between two readers: how a third planned one would count is set by nobody
    (statistics reference, section 11), and it has to be known before anybody reads.

    Raises:
        BadRoundError: Says what is wrong.
    """
    for rule in rules:
        check_rule(rule, form)
    if rules and len(readers) > PLANNED:
        raise BadRoundError(
            f"Adjudication is between two readers, and this round has {len(readers)}; take two, or no "
            "adjudication rule: then the mean of all counts"
        )


def check_rule(rule: str, form: Form) -> None:
    """Refuse a rule that cannot be read or names a feature the form does not have.

    Raises:
        BadRoundError: Says which of the two, and what a rule looks like.
    """
    try:
        parse_rule(rule, form)
    except BadAdjudicationRuleError as error:
        raise BadRoundError(str(error).removesuffix(".")) from None


def rule_words(rule: AdjudicationRule, form: Form) -> str:
    """Return when a rule sends a case to adjudication, in words that go on after "where"."""
    what = _what(rule.measure, form) if rule.measure else ""
    match rule.kind:
        case "change":
            return f"the readers’ changes of {what} differ by more than {rule.threshold:g}"
        case "status":
            return f"the readers’ scores of {what} at a visit differ by more than {rule.threshold:g}"
        case "site":
            return f"the readers’ grades of a site differ by {rule.threshold:g} or more"
        case "progression":
            return f"only one reader calls progression of {what}"
        case "all":
            return "both readers read it, whatever they scored"


def rules_words(rules: Sequence[str], form: Form) -> str:
    """Return several rules in words, joined by "or"."""
    return "; or ".join(rule_words(parse_rule(rule, form), form) for rule in rules)


def _what(name: str, form: Form) -> str:
    label = next(one.label for one in measures(form) if one.name == name)
    return f"{label} ({name.partition('.')[0]})" if len(form.parts) > 1 else label


def adjudication_seed(title: str) -> str:
    """Return what the audit trail calls the seed of a round's adjudication."""
    return f"{title}, adjudication"

"""What a report says of an adjudication: rules in words, who was sent, and where final scores come from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from reader_app.workflow.adjudication_rules import rule_words
from reader_app.workflow.analyse import RoundAnalysis
from reader_app.workflow.analysis_tables import Grid, Row, Shown, short_name
from reader_app.workflow.collected_timepoints import ReadCase
from reader_app.workflow.figure_words import number_text
from reader_app.workflow.final_scores import method_of
from reader_app.workflow.score_columns import ORIGIN
from scoring_forms.analysis.decisions import deciding_disagreements
from scoring_forms.analysis.disagreement import Disagreement
from scoring_forms.domain.adjudication_rule import AdjudicationRule, parse_rule

METHOD_WORDS = {
    "two_closest": (
        "the mean of the two closest of three by the value compared, of all three on ties, and of the same "
        "readers at every visit and for every feature"
    ),
    "adjudicator": "the adjudicator’s scores alone",
    "mean_of_all": "the mean of all three",
    "consensus": "the adjudicator’s scores, as consensus",
}
NO_FINAL = {
    "adjudication_pending": "awaits adjudication",
    "not_calculable": "adjudicated, but a reader lacks the score that was compared",
}
"""Why a subject has no final score."""


def method_words(analysis: RoundAnalysis) -> str:
    """Return what is final by the plan of the round, and what sends a subject to adjudication."""
    plan = analysis.plan
    if len(plan.readers) == 1:
        return "Final score: the scores of the reader. No adjudication."
    final = f"Final score: the mean of the {len(plan.readers)} readers, only where all of them scored."
    if not plan.adjudication:
        return f"{final} No adjudication."
    rules = "; or ".join(f"{rule_words(rule, plan.form)} ({rule.text})" for rule in _rules(analysis))
    adjudicators = _adjudicators(analysis)
    who = f"Adjudicator{'s' if len(adjudicators) > 1 else ''}: {', '.join(adjudicators) or 'none'}"
    return (
        f"{final} A subject goes to adjudication where {rules}; final is then "
        f"{METHOD_WORDS[method_of(plan)]}. Until it is adjudicated it has no final score. {who}."
    )


def course_words(analysis: RoundAnalysis) -> str:
    """Return how the adjudication went."""
    sent, adjudicated = _sent(analysis), _adjudicated(analysis)
    stated = sum(len(one.collected.annotations.consensus) for one in analysis.cases)
    graded = sum(len(one.collected.sheet) for one in _read_by_adjudicators(analysis))
    counts = (
        f"Subjects that came back from every reader: {len(analysis.decisions)}; found by the rules: "
        f"{len(sent)}; adjudicated of these: {len(adjudicated & set(sent))}; ordinary ones mixed in: "
        f"{len(adjudicated - set(sent))}."
    )
    if not adjudicated:
        return counts
    told = f" The adjudicators stated {stated} of {graded} grades as agreed in a consensus."
    return (
        f"{counts} Adjudicators read all visits, saw both readers’ scores as Reader 1 and Reader 2 with "
        "sides drawn for each case, and were not told which subjects a rule had found. Original scores stay "
        f"as they were signed.{told if stated else ''}"
    )


def origins_grid(analysis: RoundAnalysis) -> Grid:
    """Return how many subjects have a final score of each origin."""
    counted = Counter(decision.origin for decision in analysis.decisions.values())
    rows = tuple((Shown(_origin_words(origin)), Shown(f"{count}")) for origin, count in counted.most_common())
    return Grid("Origin of the final scores", "", ("Origin", "Subjects"), rows)


def adjudicated_grid(analysis: RoundAnalysis) -> Grid:
    """Return a row for each subject that a rule found or an adjudicator read."""
    return Grid(
        "Adjudicated subjects",
        "apart: how far the readers lie apart by the rule; ordinary: mixed in, no rule found it",
        ("Subject", "Why", "Final score", "Scores of", "Apart"),
        tuple(_adjudicated_rows(analysis)),
        n_words=4,
    )


def _adjudicated_rows(analysis: RoundAnalysis) -> Iterator[Row]:
    sent = _sent(analysis)
    for subject in sorted(_adjudicated(analysis) | set(sent)):
        decision = analysis.decisions.get(subject)
        found = sent.get(subject)
        readers = [analysis.cube.readers[number] for number in decision.readers] if decision else []
        why = _found_words(analysis, found) if found else "ordinary"
        apart = found.difference if found else None
        yield (
            Shown(subject),
            Shown(why),
            Shown(_origin_words(decision.origin) if decision else "not collected from every reader"),
            Shown(", ".join(readers) or "–"),
            Shown("–" if apart is None else number_text(apart)),
        )


def _rules(analysis: RoundAnalysis) -> tuple[AdjudicationRule, ...]:
    return tuple(parse_rule(text, analysis.plan.form) for text in analysis.plan.adjudication)


def _found_words(analysis: RoundAnalysis, found: Disagreement) -> str:
    measure = analysis.measure(f"{found.system}.{found.feature}")
    named = found.rule.text
    return named if found.rule.measure else f"{named}, {short_name(analysis, measure)}"


def _sent(analysis: RoundAnalysis) -> dict[str, Disagreement]:
    """Return of every subject that a rule found what decides it; incomplete ones are compared by nobody."""
    found = deciding_disagreements(analysis.cube, _rules(analysis))
    return {subject: one for subject, one in found.items() if subject in analysis.decisions}


def _read_by_adjudicators(analysis: RoundAnalysis) -> list[ReadCase]:
    return [one for one in analysis.cases if one.reader not in analysis.plan.readers]


def _adjudicated(analysis: RoundAnalysis) -> set[str]:
    return {one.case.subject for one in _read_by_adjudicators(analysis)}


def _adjudicators(analysis: RoundAnalysis) -> list[str]:
    return [reader for reader in analysis.cube.readers if reader not in analysis.plan.readers]


def _origin_words(origin: str) -> str:
    return NO_FINAL.get(origin) or ORIGIN.values[origin].removeprefix("adjudicated: ")

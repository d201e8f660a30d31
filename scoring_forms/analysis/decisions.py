"""Whose scores are final, subject by subject, by the adjudication rules and method of a round.

Source: statistics reference, section 11. Which of several rules and visits decides is set here: the
first rule of the round that found the subject, the first measure it found, and of that measure the
visit (or change) at which the planned readers lie furthest apart, the earliest of equals.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from scoring_forms.analysis.consensus import PENDING, Decision, adjudicated, undisputed
from scoring_forms.analysis.disagreement import Disagreement, find_disagreements
from scoring_forms.analysis.samples import FloatArray
from scoring_forms.analysis.score_cube import ScoreCube, common_totals
from scoring_forms.domain.adjudication_rule import PLANNED, AdjudicationRule, Method


def final_decisions(
    cube: ScoreCube, rules: Sequence[AdjudicationRule], method: Method = "two_closest"
) -> Mapping[str, Decision]:
    """Return the decision of every subject; pending until the adjudicator has read it.

    Args:
        cube: Two planned readers and, if there is one, the adjudicator as third. Without rules any
            number of planned readers.
        rules: The adjudication rules in the order of the round; none: the mean of all readers.
        method: What an adjudication does.

    Raises:
        ValueError: There are rules, and not two or three readers.
    """
    if not rules:
        return dict.fromkeys(cube.subjects, undisputed(len(cube.readers)))
    if len(cube.readers) not in (PLANNED, PLANNED + 1):
        raise ValueError("adjudication is between two planned readers")
    first = deciding_disagreements(cube, rules)
    return {
        subject: _decision(cube, row, first.get(subject), method) for row, subject in enumerate(cube.subjects)
    }


def deciding_disagreements(cube: ScoreCube, rules: Sequence[AdjudicationRule]) -> Mapping[str, Disagreement]:
    """Return what sends each subject that a rule found to adjudication and decides its final score.

    Args:
        cube: Its first two readers are the planned ones.
        rules: In the order of the round.
    """
    first: dict[str, Disagreement] = {}
    order = {rule.text: i for i, rule in enumerate(rules)}
    for one in find_disagreements(cube, rules, cube.readers[:PLANNED]):
        known = first.get(one.subject)
        if known is None or order[one.rule.text] < order[known.rule.text]:
            first[one.subject] = one
    return first


def _decision(cube: ScoreCube, row: int, found: Disagreement | None, method: Method) -> Decision:
    if found is None:
        return undisputed(PLANNED)
    if len(cube.readers) == PLANNED or not cube.read[row, :, PLANNED].any():
        return PENDING
    measure = next(one for one in cube.measures if (one.system, one.feature) == (found.system, found.feature))
    return adjudicated(_deciding(_compared(cube.units(measure)[row], found.rule.kind)), method)


def _compared(units: FloatArray, kind: str) -> FloatArray:
    """Return what is compared, shape (visits or changes, readers), from shape (visits, readers, units)."""
    if kind == "status" or len(units) == 1:
        return common_totals(units)
    return common_totals(units[1:] - units[:1])


def _deciding(compared: FloatArray) -> tuple[float, float, float] | None:
    """Return the three values where the planned readers lie furthest apart; None if nowhere complete."""
    whole = compared[~np.isnan(compared).any(axis=1)]
    if not len(whole):
        return None
    first, second, adjudicator = whole[int(np.argmax(np.abs(whole[:, 0] - whole[:, 1])))].tolist()
    return first, second, adjudicator

"""Two rounds on the same subjects, such as MRI at week 12 and radiographs at week 36."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from reader_app.workflow.analyse import RoundAnalysis
from scoring_forms.analysis.between_rounds import RoundComparison, compare_rounds
from scoring_forms.analysis.concordance import Concordance
from scoring_forms.analysis.figure import Figure, not_calculable
from scoring_forms.analysis.samples import FloatArray
from scoring_forms.domain.measures import Measure


@dataclass(frozen=True, slots=True)
class ComparedScore:
    """A final score of one round: ``what`` is ``status:VISIT`` or ``change:FROM:TO``."""

    round: str
    measure: Measure
    what: str
    visit: str
    sdc: Figure


@dataclass(frozen=True, slots=True)
class Comparison:
    """A score of one round beside a score of another.

    Attributes:
        first: Of the round that is analysed.
        second: Of the other.
        found: Spearman, and concordance of any increase; of status only the correlation means something.
        beyond_sdc: Concordance of progression beyond either round's own SDC; None without both SDCs.
    """

    first: ComparedScore
    second: ComparedScore
    found: RoundComparison
    beyond_sdc: Concordance | None

    @property
    def is_change(self) -> bool:
        """Whether changes are compared."""
        return self.first.what.startswith("change:")

    @property
    def sentence(self) -> str:
        """``9 of the 10 subjects with MRI progression at week 12 had X-ray progression at week 36.``."""
        counted = self.found.concordance
        first, second = self.first, self.second
        return (
            f"{counted.both} of the {counted.both + counted.first_only} subjects with progression of "
            f"{first.measure.label} ({first.round}) at {first.visit} had progression of "
            f"{second.measure.label} ({second.round}) at {second.visit}."
        )


def compare_analyses(first: RoundAnalysis, second: RoundAnalysis) -> tuple[Comparison, ...]:
    """Compare every change with every change, and scores of the same visit, feature by feature.

    Final scores are compared; a subject without one is counted as missing.
    """
    others = list(_scores(second))
    found: list[Comparison] = []
    for one, values in _scores(first):
        for other, other_values in others:
            both_change = one.what.startswith("change:") and other.what.startswith("change:")
            if both_change or one.what == other.what:
                by_subject = (_by_subject(first, values), _by_subject(second, other_values))
                compared = compare_rounds(*by_subject)
                found.append(Comparison(one, other, compared, _beyond(one, other, *by_subject)))
    return tuple(found)


def _scores(analysis: RoundAnalysis) -> Iterator[tuple[ComparedScore, FloatArray]]:
    title = analysis.plan.title
    for measure in analysis.cube.measures:
        row = analysis.row(measure)
        nothing = not_calculable("it belongs to change")
        for visit in row.visits:
            yield ComparedScore(title, measure, f"status:{visit.visit}", visit.visit, nothing), visit.totals
        for one in row.changes:
            what = f"change:{one.earlier}:{one.later}"
            yield ComparedScore(title, measure, what, one.later, one.detectable.value), one.changes


def _by_subject(analysis: RoundAnalysis, values: FloatArray) -> dict[str, float | None]:
    scores: Sequence[float] = values.tolist()
    return dict(zip(analysis.cube.subjects, scores, strict=True))


def _beyond(
    one: ComparedScore,
    other: ComparedScore,
    first: Mapping[str, float | None],
    second: Mapping[str, float | None],
) -> Concordance | None:
    if one.sdc.value is None or other.sdc.value is None:
        return None
    limits = {"first_above": round(one.sdc.value, 9), "second_above": round(other.sdc.value, 9)}
    return compare_rounds(first, second, **limits).concordance

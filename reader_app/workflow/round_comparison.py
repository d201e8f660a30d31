"""Two rounds on the same subjects, such as MRI at week 12 and radiographs at week 36."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from reader_app.workflow.analyse import RoundAnalysis
from scoring_forms.analysis.between_rounds import RoundComparison, compare_rounds
from scoring_forms.analysis.concordance import Concordance, concordance, progressed
from scoring_forms.analysis.figure import Figure, not_calculable
from scoring_forms.analysis.paper_table import ChangeEntry, VisitEntry
from scoring_forms.domain.measures import Measure

_NO_CHANGE = "it belongs to change"


@dataclass(frozen=True, slots=True, eq=False)
class ComparedScore:
    """A final score of one round.

    Attributes:
        round: Title of the round.
        measure: What was scored.
        what: ``status:VISIT`` or ``change:FROM:TO``.
        visit: The visit, of a change the later one.
        visits: The visit, or both.
        readers: Whose sheets it rests on.
        sdc: Of a change.
        by_subject: The score; NaN where there is none.
    """

    round: str
    measure: Measure
    what: str
    visit: str
    visits: tuple[str, ...]
    readers: tuple[str, ...]
    sdc: Figure
    by_subject: Mapping[str, float]

    @property
    def is_change(self) -> bool:
        """Whether it is a change, and not the score of a visit."""
        return self.what.startswith("change:")


@dataclass(frozen=True, slots=True)
class Comparison:
    """A score of one round beside a score of another.

    Attributes:
        first: Of the round that is analysed.
        second: Of the other.
        found: Spearman, and concordance of any increase; of status only the correlation means something.
    """

    first: ComparedScore
    second: ComparedScore
    found: RoundComparison

    @property
    def is_change(self) -> bool:
        """Whether a change is compared with a change."""
        return self.first.is_change and self.second.is_change

    @property
    def beyond_sdc(self) -> Concordance | None:
        """Concordance of progression beyond either round's own SDC; None without both SDCs."""
        limits = self.sdcs
        return None if limits is None else concordance(*self.progressed(*limits))

    @property
    def sdcs(self) -> tuple[float, float] | None:
        """Either round's own SDC, if there are both."""
        if self.first.sdc.value is None or self.second.sdc.value is None:
            return None
        return round(self.first.sdc.value, 9), round(self.second.sdc.value, 9)

    @property
    def no_sdc(self) -> str:
        """Why there is no SDC of one of the two."""
        return self.first.sdc.reason or self.second.sdc.reason

    def progressed(
        self, first_above: float, second_above: float
    ) -> tuple[tuple[bool | None, ...], tuple[bool | None, ...]]:
        """Return for each subject of ``found`` whether either change lies above its limit."""
        return progressed(self.found.first, first_above), progressed(self.found.second, second_above)

    @property
    def sentence(self) -> str:
        """``9 of the 10 subjects with MRI progression at week 12 had X-ray progression at week 36.``."""
        counted = self.found.concordance
        with_first = counted.both + counted.first_only
        first, second = (
            f"progression of {one.measure.label} ({one.round}) at {one.visit}"
            for one in (self.first, self.second)
        )
        if not counted.n:
            return f"No subject has both {first} and {second}."
        if not with_first:
            return f"None of the {counted.n} subjects had {first}."
        return f"{counted.both} of the {with_first} subjects with {first} had {second}."


def compare_analyses(first: RoundAnalysis, second: RoundAnalysis) -> tuple[Comparison, ...]:
    """Compare every change with every change, and scores of the same visit, feature by feature.

    Final scores are compared; a subject without one is counted as missing.
    """
    others = compared_scores(second)
    return tuple(
        compare_scores(one, other)
        for one in compared_scores(first)
        for other in others
        if (one.is_change and other.is_change) or one.what == other.what
    )


def compare_scores(first: ComparedScore, second: ComparedScore) -> Comparison:
    """Compare a score of one round with one of another, subject by subject."""
    return Comparison(first, second, compare_rounds(first.by_subject, second.by_subject))


def compared_scores(analysis: RoundAnalysis) -> tuple[ComparedScore, ...]:
    """Return the final scores of every measure: at each visit, then each change."""
    return tuple(
        _score(analysis, measure, entry)
        for measure in analysis.cube.measures
        for row in (analysis.row(measure),)
        for entry in (*row.visits, *row.changes)
    )


def _score(analysis: RoundAnalysis, measure: Measure, entry: VisitEntry | ChangeEntry) -> ComparedScore:
    if isinstance(entry, VisitEntry):
        what, visits = f"status:{entry.visit}", (entry.visit,)
        values, sdc = entry.totals, not_calculable(_NO_CHANGE)
    else:
        what, visits = f"change:{entry.earlier}:{entry.later}", (entry.earlier, entry.later)
        values, sdc = entry.changes, entry.detectable.value
    by_subject = dict(zip(analysis.cube.subjects, values.tolist(), strict=True))
    readers = analysis.cube.readers
    return ComparedScore(analysis.plan.title, measure, what, visits[-1], visits, readers, sdc, by_subject)

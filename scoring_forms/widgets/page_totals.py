"""The totals of a case, added up anew only where something changed, and which of them a page shows."""

from __future__ import annotations

from collections.abc import Sequence

from scoring_forms.domain.entry import Page
from scoring_forms.domain.form import Form
from scoring_forms.domain.score import Sheet
from scoring_forms.domain.scoring_system import GRAND_TOTAL
from scoring_forms.domain.totals import Subtotal, Total, subtotals, totals


class PageTotals:
    """Totals and subtotals of one case by timepoint."""

    def __init__(self, form: Form, letters: Sequence[str]) -> None:
        self._form, self._letters = form, tuple(letters)
        self._totals: dict[str, tuple[Total, ...]] = {}
        self._subtotals: dict[str, tuple[Subtotal, ...]] = {}
        self._sheet: Sheet = {}

    def add_up(self, sheet: Sheet) -> None:
        """Add up the timepoints in which something changed since the last time."""
        before = self._sheet
        changed = {
            cell.timepoint for cell in before.keys() | sheet.keys() if before.get(cell) != sheet.get(cell)
        }
        for letter in self._letters:
            if letter in changed or letter not in self._totals:
                self._totals[letter] = totals(self._form, sheet, letter)
                self._subtotals[letter] = subtotals(self._form, sheet, letter)
        self._sheet = sheet

    @property
    def by_timepoint(self) -> dict[str, tuple[Subtotal, ...]]:
        """The subtotals of each timepoint, as they were added up last."""
        return self._subtotals

    def lines(self, page: Page) -> list[tuple[Total, ...]]:
        """Return the totals that the features of *page* take part in, a line each, by timepoint."""
        wanted = _totals_of(page)
        columns = [
            [total for total in self._totals[letter] if (total.system, total.feature) in wanted]
            for letter in self._letters
        ]
        return list(zip(*columns, strict=True))

    def spans(self, page: Page) -> list[list[int]]:
        """Return the columns of the page's table that belong to each timepoint."""
        return [
            [number for number, column in enumerate(page.columns, 1) if column.timepoint == letter]
            for letter in self._letters
        ]


def _totals_of(page: Page) -> set[tuple[str, str]]:
    """Return (system, id) of the totals that the features of a page take part in."""
    own = {feature.id for feature in page.features}
    counts = {feature.id for feature in page.part.features if own & set(feature.count_of)}
    sums = {one.id for one in page.part.sums if own & set(one.features)}
    return {(page.part.system.id, name) for name in own | counts | sums | {GRAND_TOTAL}}

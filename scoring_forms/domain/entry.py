"""The order in which cells are filled in, and what typed keys mean."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from scoring_forms.domain.form import Form, FormPart
from scoring_forms.domain.score import Cell
from scoring_forms.domain.scoring_system import Feature, Site

DISPLAYED_SIDES = ("R", "L")
"""Films hang with the right hand on the viewer's left, so its column comes first."""
HALF = 0.5


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a score table: a feature at a timepoint, of one hand in two-sided systems."""

    timepoint: str
    side: str | None
    feature: Feature


@dataclass(frozen=True, slots=True)
class Page:
    """What one tab shows as a table: sites down, timepoints (of each hand, of each feature) across.

    A page has one feature, or several that are scored at the same bones; then the columns of one timepoint
    and hand stand together and :attr:`sites` are those of any of its features.
    """

    part: FormPart
    features: tuple[Feature, ...]
    sites: tuple[Site, ...]
    columns: tuple[Column, ...]

    @property
    def title(self) -> str:
        """The names of its features."""
        return " + ".join(feature.label for feature in self.features)

    def cell(self, site: Site, column: Column) -> Cell | None:
        """Return the cell of *site* in *column*; None where the feature is not scored at that site."""
        if column.feature.site(site.id) is None:
            return None
        return Cell(column.timepoint, self.part.system.id, column.feature.id, column.side, site.id)

    def column_of(self, cell: Cell) -> Column | None:
        """Return the column *cell* stands in, None when it is on another page."""
        if cell.system != self.part.system.id:
            return None
        place = (cell.timepoint, cell.side, cell.feature)
        return next((c for c in self.columns if (c.timepoint, c.side, c.feature.id) == place), None)

    def cells(self, *, across: bool) -> tuple[Cell, ...]:
        """Return all cells in reading order.

        Args:
            across: Site by site over all columns; else all sites of one timepoint and hand before the next,
                and at each site all features of the page.
        """
        together = [self.columns] if across else list(self._blocks())
        cells = (self.cell(site, column) for columns in together for site in self.sites for column in columns)
        return tuple(cell for cell in cells if cell is not None)

    def _blocks(self) -> Iterator[tuple[Column, ...]]:
        width = len(self.features)
        for first in range(0, len(self.columns), width):
            yield self.columns[first : first + width]


def form_pages(form: Form, timepoints: Sequence[str], *, by_bone: bool = False) -> tuple[Page, ...]:
    """Return the pages of a form.

    Args:
        form: What is scored.
        timepoints: The letters of a case.
        by_bone: Features scored at mostly the same sites share a page: all features of a bone in one row.
    """
    return tuple(
        _page(part, features, timepoints)
        for part in form.parts
        for features in (_sharing(part.scored) if by_bone else [(feature,) for feature in part.scored])
    )


def _page(part: FormPart, features: tuple[Feature, ...], timepoints: Sequence[str]) -> Page:
    sides = (None,) if part.system.sides == 1 else DISPLAYED_SIDES
    columns = tuple(
        Column(timepoint, side, feature) for timepoint in timepoints for side in sides for feature in features
    )
    return Page(part, features, _rows(features), columns)


def _sharing(features: Sequence[Feature]) -> list[tuple[Feature, ...]]:
    """Put features together whose sites are mostly the same: at least half of the longer list."""
    found: list[tuple[Feature, ...]] = []
    for feature in features:
        place = next((n for n, group in enumerate(found) if _mostly_same(group[0], feature)), None)
        if place is None:
            found.append((feature,))
        else:
            found[place] += (feature,)
    return found


def _mostly_same(first: Feature, second: Feature) -> bool:
    ours, theirs = ({site.id for site in feature.sites} for feature in (first, second))
    return 2 * len(ours & theirs) >= max(len(ours), len(theirs))


def _rows(features: Sequence[Feature]) -> tuple[Site, ...]:
    """Return the scored sites of all features: group by group, the parts of a joint beside the joint."""
    whole = {site.id: site for feature in features for site in feature.sites}
    groups = list(dict.fromkeys(site.group for site in whole.values()))
    rows: dict[str, Site] = {}
    for site in sorted(whole.values(), key=lambda site: groups.index(site.group)):
        for own in (one for feature in features for one in feature.sites if one.id == site.id):
            for row in own.components or (own,):
                rows.setdefault(row.id, row)
    return tuple(rows.values())


@dataclass(frozen=True, slots=True)
class Typed:
    """What a digit makes of a cell: a value, and whether more digits may follow in the same cell."""

    value: float
    open: bool = False


def typed_digit(feature: Feature, digit: int, pending: float | None) -> Typed | None:
    """Return what *digit* means after *pending*, the value an unfinished entry has so far.

    ``1`` is a grade of its own and the beginning of ``10`` where the scale goes that far. None where the
    digit makes no grade of this feature.
    """
    if pending is not None:
        longer = pending * 10 + digit
        return Typed(longer) if feature.allows(longer) else None
    if not feature.allows(digit):
        return None
    may_go_on = digit > 0 and any(feature.allows(digit * 10 + more) for more in range(10))
    return Typed(float(digit), open=may_go_on)


def half_step_more(feature: Feature, value: float) -> float | None:
    """Return the half step above the whole *value*; None where the scale has none."""
    return value + HALF if value == int(value) and feature.allows(value + HALF) else None


def matching_sites(sites: Sequence[Site], typed: str) -> tuple[Site, ...]:
    """Return the sites that *typed* may mean, the likeliest first.

    Abbreviations are matched from their start, without punctuation; words of the label from theirs, so that
    ``scaph`` finds the scaphoid, whose abbreviation is Sca.
    """
    wanted = _bare(typed)
    if not wanted:
        return ()
    ranked = [(_likeness(site, wanted), site) for site in sites]
    return tuple(site for rank, site in sorted(ranked, key=lambda pair: pair[0]) if rank < _NO_MATCH)


_NO_MATCH = 3


def _likeness(site: Site, wanted: str) -> int:
    abbreviation = _bare(site.abbreviation)
    if abbreviation == wanted:
        return 0
    if abbreviation.startswith(wanted):
        return 1
    words = re.split(r"[^0-9a-z]+", site.label.lower())
    from_a_word_on = ("".join(words[first:]) for first in range(len(words)))
    return 2 if any(text.startswith(wanted) for text in from_a_word_on) else _NO_MATCH


def _bare(text: str) -> str:
    return re.sub(r"[^0-9a-z]+", "", text.lower())

"""Which sites of a case the reader has looked at, for rounds in which zeros are filled in only there.

A site was looked at in a timepoint when a slice through the place where it is known to be (set by the
reader, carried over or estimated) was on the screen in a picture that the feature is read from; of films,
when that film was on the screen. Where nobody knows the place, its cell must have been current while a
picture of the timepoint was on the screen. It says nothing of how long or how well somebody looked.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from reader_app.reading.case_images import CaseImage, CaseImages, base_role
from reader_app.reading.film_roles import film_side
from reader_app.reading.sites import CaseSites
from reader_app.reading.wanted import PaneKey
from scoring_forms.domain.form import Form
from scoring_forms.domain.score import Cell
from storage.reading.landmarks import Landmark

Place = tuple[str, str | None, str]
"""Timepoint letter, side, site."""


class LookedAt:
    """What was on the screen of one case, also in earlier sittings."""

    def __init__(
        self, form: Form, images: CaseImages, sites: CaseSites, remembered: str | None = None
    ) -> None:
        self._form, self._images, self._sites = form, images, sites
        self._slices, self._places = _from_text(remembered)

    def show(self, shown: Iterable[tuple[PaneKey, int]], cell: Cell | None) -> None:
        """Put down slices that are on the screen, by pane, and the cell that is current meanwhile."""
        letters: set[str] = set()
        for key, slice_index in shown:
            self._slices.setdefault(key, set()).add(slice_index)
            letters.add(key[0])
        if cell is not None and cell.timepoint in letters:
            self._places.add(_place(cell))

    def unseen(self, cells: Sequence[Cell]) -> frozenset[Cell]:
        """Return those of *cells* whose site was not looked at in their timepoint."""
        return frozenset(cell for cell in cells if not self._was_seen(cell))

    def remembered(self) -> str:
        """Return what another sitting needs to know, as JSON."""
        slices = [[*key, sorted(shown)] for key, shown in sorted(self._slices.items())]
        return json.dumps({"slices": slices, "places": sorted(self._places, key=repr)})

    def _was_seen(self, cell: Cell) -> bool:
        spot = self._sites.spots(cell.site, (cell.side,)).get((cell.timepoint, cell.side))
        if spot is None:
            return _place(cell) in self._places
        return any(
            _slice_at(image, spot.landmark) in self._slices[key] for key, image in self._read_from(cell)
        )

    def _read_from(self, cell: Cell) -> Iterator[tuple[PaneKey, CaseImage]]:
        """Yield the pictures of a timepoint that were on the screen and that a cell is scored from."""
        roles = self._form.item(cell).feature.roles
        for key in self._slices:
            letter, role = key
            hand_fits = cell.side is None or film_side(role) in (None, cell.side)
            if letter == cell.timepoint and hand_fits and base_role(role) in (roles or (base_role(role),)):
                yield key, self._images.image(letter, role)


def _slice_at(image: CaseImage, landmark: Landmark) -> int | None:
    """Return the slice of a picture that goes through a landmark; None where none does."""
    if image.volume is None:
        return None
    geometry = image.volume.geometry
    if geometry is None:
        return 0 if landmark.role == image.role else None
    if landmark.position_mm is None or landmark.frame != image.frame:
        return None
    number = round(float(geometry.index_of(landmark.position_mm)[0]))
    return number if 0 <= number < image.volume.pixels.shape[0] else None


def _place(cell: Cell) -> Place:
    return cell.timepoint, cell.side, cell.site


def _from_text(remembered: str | None) -> tuple[dict[PaneKey, set[int]], set[Place]]:
    """Return what :meth:`LookedAt.remembered` wrote; nothing where it is something else."""
    try:
        stored: dict[str, Any] = json.loads(remembered or "{}")
        slices = {(str(letter), str(role)): set(shown) for letter, role, shown in stored.get("slices", ())}
        places: set[Place] = {(letter, side, site) for letter, side, site in stored.get("places", ())}
    except (ValueError, TypeError, AttributeError):
        return {}, set()
    return slices, places

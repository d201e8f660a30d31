"""Where the sites of a case are: set by the reader, carried over from another timepoint, or estimated."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from storage.reading.landmarks import Landmark
from storage.reading.reading import Reading
from storage.reading.records import Case, ImageRecord

REGISTERED_BY = ("cor_t1_pre", "cor_t1_post", "ax_t1_pre", "ax_t1_post")
"""The series that timepoints are registered by: the first one that has a place in the patient."""

Source = Literal["set", "carried", "estimated"]
SpotKey = tuple[str, str | None]
"""Timepoint letter and side; the side is None in one-sided systems."""


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a site is at a timepoint, and how that is known."""

    landmark: Landmark
    source: Source


class CaseSites:
    """The landmarks of one case; what the reader sets is saved before anything else happens."""

    def __init__(self, reading: Reading, case: Case) -> None:
        self._reading, self._code = reading, case.code
        self._images = {timepoint.letter: timepoint.images for timepoint in case.timepoints}
        self._letters = tuple(self._images)
        self._landmarks = dict(reading.landmarks(case.code))
        self._estimates: dict[tuple[str, str, str | None], Landmark] = {}

    def spots(self, site: str, sides: tuple[str | None, ...]) -> dict[SpotKey, Spot]:
        """Return where a site is at every timepoint and side at which anybody knows."""
        found = {(letter, side): self._spot(letter, site, side) for letter in self._letters for side in sides}
        return {key: spot for key, spot in found.items() if spot is not None}

    def is_set(self, letter: str, site: str, side: str | None) -> bool:
        """Whether the reader kept where a site is at this timepoint."""
        return (letter, site, side) in self._landmarks

    def place(self, letter: str, site: str, side: str | None, landmark: Landmark | None) -> None:
        """Keep where the reader sees a site; None takes it away.

        Raises:
            StorageError: It was not saved, for example because the case is signed.
        """
        self._reading.set_landmark(self._code, letter, site, side, landmark)
        if landmark is None:
            self._landmarks.pop((letter, site, side), None)
        else:
            self._landmarks[letter, site, side] = landmark

    def add_estimates(self, letter: str, side: str | None, places: Mapping[str, Landmark]) -> None:
        """Use estimated places where the reader has set none; they are never saved."""
        self._estimates |= {(letter, site, side): place for site, place in places.items()}

    def _spot(self, letter: str, site: str, side: str | None) -> Spot | None:
        own = self._landmarks.get((letter, site, side))
        if own is not None:
            return Spot(own, "set")
        carried = self._carried(letter, site, side)
        if carried is not None:
            return Spot(carried, "carried")
        estimate = self._estimates.get((letter, site, side))
        return Spot(estimate, "estimated") if estimate is not None else None

    def _carried(self, letter: str, site: str, side: str | None) -> Landmark | None:
        """Return a landmark of another timepoint, moved by what registration found."""
        known = {other: self._landmarks.get((other, site, side)) for other in self._letters}
        if not any(known.values()):  # as for most sites: nothing is asked of the reading
            return None
        registered = self._registered(letter)
        if registered is None:
            return None
        frame, here = registered
        for other, landmark in known.items():
            if landmark is None or landmark.position_mm is None or landmark.frame is None:
                continue
            there = self._to_first(other, landmark.frame)
            if there is not None:
                x, y, z = (np.linalg.solve(here, there @ (*landmark.position_mm, 1.0)))[:3].tolist()
                return replace(landmark, frame=frame, position_mm=(x, y, z))
        return None

    def _registered(self, letter: str) -> tuple[int, np.ndarray] | None:
        """Return the frame of a timepoint that is registered, and the way from it to the first timepoint."""
        for frame in sorted({image.frame for image in self._images[letter] if image.frame is not None}):
            way = self._to_first(letter, frame)
            if way is not None:
                return frame, way
        return None

    def _to_first(self, letter: str, frame: int) -> np.ndarray | None:
        """Return the way from a frame to the one at the first timepoint that others are registered to."""
        if letter == self._letters[0]:
            return np.eye(4) if frame == _registered_frame(self._images[letter]) else None
        known = self._reading.transform(self._code, letter, frame)
        return known.as_array() if known else None


def _registered_frame(images: Sequence[ImageRecord]) -> int | None:
    placed = {image.role: image.frame for image in images if image.affine is not None}
    return next((placed[role] for role in REGISTERED_BY if placed.get(role) is not None), None)

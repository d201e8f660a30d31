"""Lays the template of a hand onto a picture: as a whole, then each digit for itself."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from viewer.imaging.affine_fit import Fit, FloatArray, fit_affine, judge
from viewer.imaging.checkpoint import Checkpoint
from viewer.imaging.template_search import Picture, coarsened, pattern_of

HandName = Literal["hand_mr", "hand_film"]

STEPS: Final = 7
"""What the checkpoint of :func:`best_fit` and :func:`digit_fits` counts up to."""

_COARSE_MM, FINE_MM = 4.0, 2.0
_MOST_POINTS: Final = 12_000
_SURE: Final = 0.75
"""A correlation at which no other place is tried."""
_HOPELESS: Final = 0.35
"""A coarse correlation below which nothing finer is tried."""
_DIGITS: Final[Mapping[HandName, tuple[tuple[str, ...], ...]]] = {
    "hand_mr": tuple((f"mc{digit}_head", f"mcp{digit}", f"pp{digit}_base") for digit in range(2, 6)),
    "hand_film": (("mcp1", "ip1"), *((f"mcp{digit}", f"pip{digit}") for digit in range(2, 6))),
}
"""Sites along a digit that move together when it is spread or bent."""
_DIGIT_RADIUS_MM: Final = 14.0
_BEYOND: Final = 1.35
"""How far a digit goes on behind its last site, in lengths between its first and last."""
_DIGIT_STIFFNESS: Final = 0.1
_FARTHEST_MM: Final = 15.0
_LEAST_CORRELATION: Final = 0.6


@dataclass(frozen=True, slots=True, eq=False)
class Hand:
    """A right hand of average size; arrays and places have the axes w, (v,) u (see phantom/lattice.py)."""

    name: HandName
    picture: Picture
    first_mm: FloatArray
    spacing_mm: FloatArray
    places: Mapping[str, FloatArray]


@dataclass(frozen=True, slots=True, eq=False)
class Target:
    """The picture to be recognised; mm count along its axes from the centre of its first original pixel."""

    picture: Picture
    first_mm: FloatArray
    spacing_mm: FloatArray


@cache
def load_hand(name: HandName) -> Hand:
    """Return a template that :mod:`viewer.imaging.phantom.templates` made."""
    with (files("resources") / "landmarks" / f"{name}.npz").open("rb") as file, np.load(file) as stored:
        picture = stored["picture"].astype(np.float32)
        spacing = np.full(picture.ndim, float(stored["spacing_mm"]))
        places = dict(zip(stored["sites"].tolist(), stored["places_mm"], strict=True))
        return Hand(name, picture, stored["first_mm"], spacing, places)


def best_fit(hand: Hand, target: Target, starts: Sequence[FloatArray], checkpoint: Checkpoint) -> Fit:
    """Fit from every start, coarsely, and from the best of these finely.

    Args:
        hand: The template.
        target: What it is laid on.
        starts: Shape (n, n + 1) each; template mm to target mm.
        checkpoint: Called with (done, STEPS); may raise to stop.
    """
    fits: list[Fit] = []
    for done, start in enumerate(starts, start=1):
        level = _level(hand, target, _COARSE_MM)
        fits.append(level.fit(start, lambda done=done: checkpoint(done, STEPS)))
        if fits[-1].correlation > _SURE:
            break
    best = max(fits, key=lambda fit: fit.correlation)
    if best.correlation < _HOPELESS:
        return best
    return _level(hand, target, FINE_MM).fit(best.matrix, lambda: checkpoint(STEPS - 2, STEPS))


def digit_fits(hand: Hand, target: Target, whole: Fit, checkpoint: Checkpoint) -> dict[str, FloatArray]:
    """Return by site the map of its digit, where a digit for itself fits better than with the whole hand."""
    level = _level(hand, target, FINE_MM)
    maps: dict[str, FloatArray] = {}
    for sites in _DIGITS[hand.name]:
        part = level.part(_near(level.points, hand.places[sites[0]], hand.places[sites[-1]]))
        before = part.judge(whole.matrix)
        fit = part.fit(whole.matrix, lambda: checkpoint(STEPS - 1, STEPS), stiffness=_DIGIT_STIFFNESS)
        moved = [
            mapped(fit.matrix, hand.places[site]) - mapped(whole.matrix, hand.places[site]) for site in sites
        ]
        near = max(float(np.linalg.norm(move)) for move in moved) < _FARTHEST_MM
        if near and fit.correlation > max(before.correlation, _LEAST_CORRELATION):
            maps |= dict.fromkeys(sites, fit.matrix)
    return maps


def mapped(matrix: FloatArray, place: FloatArray) -> FloatArray:
    """Return a place of the template (n,), mm, in the target, mm."""
    return matrix[:, :-1] @ place + matrix[:, -1]


@dataclass(frozen=True, slots=True, eq=False)
class _Level:
    """Template and target at one fineness, as patterns; maps go to target mm."""

    points: FloatArray
    values: NDArray[np.float32]
    picture: Picture
    first_mm: FloatArray
    spacing_mm: FloatArray

    def part(self, chosen: NDArray[np.bool_]) -> "_Level":
        """Return the same with some of the template's points."""
        return _Level(self.points[chosen], self.values[chosen], self.picture, self.first_mm, self.spacing_mm)

    def fit(self, start: FloatArray, checkpoint: Callable[[], None], stiffness: float = 0.02) -> Fit:
        """Return the best map near *start*."""
        offset = self._offset(start)
        place = (self.points, self.values, self.picture, self.spacing_mm, start - offset)
        fit = fit_affine(*place, checkpoint, stiffness=stiffness)
        return Fit(fit.matrix + offset, fit.correlation, fit.overlap)

    def judge(self, matrix: FloatArray) -> Fit:
        """Return how well *matrix* fits."""
        offset = self._offset(matrix)
        fit = judge(self.points, self.values, self.picture, self.spacing_mm, matrix - offset)
        return Fit(matrix, fit.correlation, fit.overlap)

    def _offset(self, matrix: FloatArray) -> FloatArray:
        offset = np.zeros_like(matrix)
        offset[:, -1] = self.first_mm
        return offset


def _level(hand: Hand, target: Target, fineness_mm: float) -> _Level:
    points, values = _points(hand.name, fineness_mm)
    picture, first, spacing = coarsened(target.picture, target.spacing_mm, fineness_mm)
    return _Level(points, values, pattern_of(picture, spacing), target.first_mm + first, spacing)


@cache
def _points(name: HandName, fineness_mm: float) -> tuple[FloatArray, NDArray[np.float32]]:
    """Return places of the template that say something, (p, n) mm, and its pattern there, (p,)."""
    hand = load_hand(name)
    picture, first, spacing = coarsened(hand.picture, hand.spacing_mm, fineness_mm)
    if picture.ndim == 3:  # slices are those of a coronal series
        pattern = pattern_of(picture.swapaxes(0, 1), spacing[[1, 0, 2]]).swapaxes(0, 1)
    else:
        pattern = pattern_of(picture, spacing)
    index = np.argwhere(np.abs(pattern) > 0.1 * pattern.std())
    index = index[:: len(index) // _MOST_POINTS + 1]
    return index * spacing + first + hand.first_mm, pattern[tuple(index.T)]


def _near(points: FloatArray, start: FloatArray, end: FloatArray) -> NDArray[np.bool_]:
    """Return which points lie along a digit."""
    way = end - start
    along = np.clip((points - start) @ way / (way @ way), 0, _BEYOND)
    return np.linalg.norm(points - start - along[:, None] * way, axis=1) < _DIGIT_RADIUS_MM

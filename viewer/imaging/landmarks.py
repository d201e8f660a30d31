"""Estimates where the sites lie in a picture of a hand: a template of a healthy hand is laid onto it.

First the template is slid over the whole picture, flat, in many turns and sizes (:mod:`template_search`); the
best few places are then fitted by an affine map (:mod:`affine_fit`). An estimate takes a reader near a joint;
it says nothing about the joint.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from viewer.imaging.affine_fit import Fit, FloatArray, fit_affine
from viewer.imaging.template_search import Flat, Picture, coarsened, pattern_of, search
from viewer.imaging.volume import Volume

Checkpoint = Callable[[int, int], None]

_STEPS: Final = 6
_COARSE_MM, _FINE_MM = 4.0, 2.0
_MOST_POINTS: Final = 12_000
_SURE: Final = 0.75
"""A correlation at which no other place is tried."""
_HOPELESS: Final = 0.35
"""A coarse correlation below which nothing finer is tried."""
_LEAST_CORRELATION: Final = 0.55
"""Hands of the phantom reach 0.85 and more, films of small children 0.5 to 0.7; heads and knees stay below
0.3, chests and wrong sides mostly below 0.5."""
_LEAST_OVERLAP: Final = 0.25
_LEAST_STRETCH, _MOST_STRETCH = 0.75, 1.35
_FILM_SIZES: Final = (0.86, 0.93, 1.0, 1.08, 1.16)
_UNKNOWN_SIZES: Final = (0.6, 0.68, 0.77, 0.87, 1.0, 1.13, 1.28, 1.45)
_UNKNOWN_FILM_MM: Final = 240.0
"""Height taken for a film whose pixels have no size."""


@dataclass(frozen=True, slots=True)
class SiteEstimates:
    """Where sites probably are; nothing, and why, where no hand was recognised.

    Attributes:
        places: By site: (x, y, z), LPS mm, in a volume; (row, column), zero-based pixel centres, on a film.
            They may lie beyond the edge of the picture.
        correlation: Of the template with the picture, 0..1.
        reason: Why there are no places, in words for the user; empty when there are.
    """

    places: Mapping[str, tuple[float, ...]] = field(default_factory=dict[str, tuple[float, ...]])
    correlation: float = 0.0
    reason: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class _Hand:
    """A right hand of average size; arrays and places have the axes w, (v,) u (see phantom/lattice.py)."""

    picture: Picture
    first_mm: FloatArray
    spacing_mm: FloatArray
    places: Mapping[str, FloatArray]


@dataclass(frozen=True, slots=True, eq=False)
class _Target:
    """The picture to be recognised; mm count along its axes from the centre of its first original pixel."""

    picture: Picture
    first_mm: FloatArray
    spacing_mm: FloatArray


def estimate_sites(
    volume: Volume, side: str, checkpoint: Checkpoint = lambda _done, _total: None
) -> SiteEstimates:
    """Estimate where every RAMRIS site lies in a coronal T1 series of a hand.

    Args:
        volume: With positions; its slices go from palm to back, the fingers point anywhere in them.
        side: ``"L"`` or ``"R"``: which hand it is.
        checkpoint: Called with (done, total) steps, often; may raise to stop.
    """
    geometry = volume.geometry
    if geometry is None or geometry.spacing_mm[0] is None:
        return SiteEstimates(reason="Sites can only be estimated in a stack of slices with known positions.")
    hand = _hand("hand_mr")
    spacing = np.linalg.norm(geometry.affine[:3, :3], axis=0)
    target = _Target(*coarsened(volume.pixels, spacing, _FINE_MM))
    flat_hand = Flat(hand.picture.mean(axis=1), hand.first_mm[[0, 2]], hand.spacing_mm[[0, 2]])
    flat = Flat(target.picture.mean(axis=0), target.first_mm[1:], target.spacing_mm[1:])
    checkpoint(0, _STEPS)
    starts = search(flat_hand, flat, mirrors=(1.0, -1.0))
    handed = (1.0 if side == "R" else -1.0) * float(np.sign(np.linalg.det(geometry.affine[:3, :3])))
    fit = _best_fit(hand, target, [_raised(start, hand, target, handed) for start in starts], checkpoint)
    places = {
        site: geometry.position_of(_mapped(fit, place) / spacing) for site, place in hand.places.items()
    }
    return _judged(fit, places, "hand in this series")


def estimate_film_sites(
    volume: Volume, side: str, checkpoint: Checkpoint = lambda _done, _total: None
) -> SiteEstimates:
    """Estimate where every Sharp site of one hand lies on a posteroanterior film of that hand or both.

    Args:
        volume: The film as seen from the back: a right thumb is on the left when the fingers point up.
        side: ``"L"`` or ``"R"``: which hand is looked for.
        checkpoint: Called with (done, total) steps, often; may raise to stop.
    """
    hand = _hand("hand_film")
    aspect = np.array([volume.pixel_aspect, 1.0])
    known = volume.pixel_spacing_mm
    pixels = volume.pixels[0]
    spacing = np.array(known) if known else aspect * _UNKNOWN_FILM_MM / (pixels.shape[0] * aspect[0])
    picture, first, coarse = coarsened(pixels, spacing, _FINE_MM)
    dark_is_high = volume.monochrome1 != (volume.rescale_slope < 0)
    target = _Target(-picture if dark_is_high else picture, first, coarse)
    checkpoint(0, _STEPS)
    starts = search(
        Flat(hand.picture, hand.first_mm, hand.spacing_mm),
        Flat(target.picture, target.first_mm, target.spacing_mm),
        mirrors=(1.0 if side == "R" else -1.0,),
        sizes=_FILM_SIZES if known else _UNKNOWN_SIZES,
    )
    fit = _best_fit(hand, target, starts, checkpoint)
    places = {site: _mapped(fit, place) / spacing for site, place in hand.places.items()}
    return _judged(
        fit, places, f"{'left' if side == 'L' else 'right'} hand on this film", measured=known is not None
    )


@cache
def _hand(name: Literal["hand_mr", "hand_film"]) -> _Hand:
    with (files("resources") / "landmarks" / f"{name}.npz").open("rb") as file, np.load(file) as stored:
        picture = stored["picture"].astype(np.float32)
        spacing = np.full(picture.ndim, float(stored["spacing_mm"]))
        places = dict(zip(stored["sites"].tolist(), stored["places_mm"], strict=True))
        return _Hand(picture, stored["first_mm"], spacing, places)


def _raised(flat: FloatArray, hand: _Hand, target: _Target, handed: float) -> FloatArray:
    """Return the map in space, (3, 4), that a map of the coronal plane, (2, 3), begins with.

    Whether the palm faces the first slice follows from the side of the hand. Its depth is that of the
    brightest matter.
    """
    turned = float(np.linalg.det(flat[:, :2]))
    up = handed * np.sign(turned) * np.sqrt(abs(turned))
    matrix = np.zeros((3, 4))
    matrix[1:, [0, 2, 3]] = flat
    matrix[0, 1] = up
    matrix[0, 3] = _depth(target.picture, 0, target) - up * _depth(hand.picture, 1, hand)
    return matrix


def _depth(picture: Picture, axis: int, of: _Hand | _Target) -> float:
    """Return the centre of brightness along an axis, mm."""
    others = tuple(other for other in range(3) if other != axis)
    mass = np.maximum(picture - np.median(picture), 0).sum(axis=others, dtype=np.float64) ** 2 + 1e-6
    return float(np.average(np.arange(len(mass)), weights=mass) * of.spacing_mm[axis] + of.first_mm[axis])


def _best_fit(hand: _Hand, target: _Target, starts: Sequence[FloatArray], checkpoint: Checkpoint) -> Fit:
    """Fit from every start, coarsely, and from the best of these finely."""
    fits: list[Fit] = []
    for done, start in enumerate(starts, start=1):
        fits.append(_fit(hand, target, _COARSE_MM, start, lambda done=done: checkpoint(done, _STEPS)))
        if fits[-1].correlation > _SURE:
            break
    best = max(fits, key=lambda fit: fit.correlation)
    if best.correlation < _HOPELESS:
        return best
    fit = _fit(hand, target, _FINE_MM, best.matrix, lambda: checkpoint(_STEPS - 1, _STEPS))
    checkpoint(_STEPS, _STEPS)
    return fit


def _fit(
    hand: _Hand, target: _Target, fineness_mm: float, start: FloatArray, checkpoint: Callable[[], None]
) -> Fit:
    points, values = _points("hand_mr" if hand.picture.ndim == 3 else "hand_film", fineness_mm)
    picture, first, spacing = coarsened(target.picture, target.spacing_mm, fineness_mm)
    begin = target.first_mm + first
    offset = np.zeros_like(start)
    offset[:, -1] = begin
    fit = fit_affine(points, values, pattern_of(picture, spacing), spacing, start - offset, checkpoint)
    return Fit(fit.matrix + offset, fit.correlation, fit.overlap)


@cache
def _points(
    name: Literal["hand_mr", "hand_film"], fineness_mm: float
) -> tuple[FloatArray, NDArray[np.float32]]:
    """Return places of the template that say something, (p, n) mm, and its pattern there, (p,)."""
    hand = _hand(name)
    picture, first, spacing = coarsened(hand.picture, hand.spacing_mm, fineness_mm)
    if picture.ndim == 3:  # slices are those of a coronal series
        pattern = pattern_of(picture.swapaxes(0, 1), spacing[[1, 0, 2]]).swapaxes(0, 1)
    else:
        pattern = pattern_of(picture, spacing)
    index = np.argwhere(np.abs(pattern) > 0.1 * pattern.std())
    index = index[:: len(index) // _MOST_POINTS + 1]
    return index * spacing + first + hand.first_mm, pattern[tuple(index.T)]


def _mapped(fit: Fit, place: FloatArray) -> FloatArray:
    return fit.matrix[:, :-1] @ place + fit.matrix[:, -1]


def _judged(fit: Fit, places: Mapping[str, FloatArray], what: str, *, measured: bool = True) -> SiteEstimates:
    stretch = np.linalg.svd(fit.matrix[:, :-1], compute_uv=False)
    if not measured:
        stretch = stretch / np.sqrt(stretch.max() * stretch.min())
    believable = stretch.min() >= _LEAST_STRETCH and stretch.max() <= _MOST_STRETCH
    if fit.correlation < _LEAST_CORRELATION or fit.overlap < _LEAST_OVERLAP or not believable:
        return SiteEstimates(correlation=max(fit.correlation, 0.0), reason=f"No {what} was recognised.")
    return SiteEstimates({site: tuple(place.tolist()) for site, place in places.items()}, fit.correlation)

"""Estimates where the sites lie in a picture of a hand: a template of a healthy hand is laid onto it.

First the template is slid over the whole picture, flat, in many turns and sizes (:mod:`template_search`); the
best few places are then fitted by an affine map, and the digits each for itself (:mod:`hand_template`). An
estimate takes a reader near a joint; it says nothing about the joint.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from viewer.imaging.affine_fit import Fit, FloatArray
from viewer.imaging.hand_template import (
    FINE_MM,
    STEPS,
    Checkpoint,
    Hand,
    Target,
    best_fit,
    digit_fits,
    load_hand,
    mapped,
)
from viewer.imaging.template_search import Flat, Picture, coarsened, search
from viewer.imaging.volume import Volume

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
    hand = load_hand("hand_mr")
    spacing = np.linalg.norm(geometry.affine[:3, :3], axis=0)
    target = Target(*coarsened(volume.pixels, spacing, FINE_MM))
    flat_hand = Flat(hand.picture.mean(axis=1), hand.first_mm[[0, 2]], hand.spacing_mm[[0, 2]])
    flat = Flat(target.picture.mean(axis=0), target.first_mm[1:], target.spacing_mm[1:])
    checkpoint(0, STEPS)
    starts = search(flat_hand, flat, mirrors=(1.0, -1.0))
    handed = (1.0 if side == "R" else -1.0) * float(np.sign(np.linalg.det(geometry.affine[:3, :3])))
    fit = best_fit(hand, target, [_raised(start, hand, target, handed) for start in starts], checkpoint)
    if not _is_believable(fit):
        return _nothing(fit, "hand in this series")
    places = _places(hand, target, fit, checkpoint)
    return _found(fit, {site: geometry.position_of(place / spacing) for site, place in places.items()})


def estimate_film_sites(
    volume: Volume, side: str, checkpoint: Checkpoint = lambda _done, _total: None
) -> SiteEstimates:
    """Estimate where every Sharp site of one hand lies on a posteroanterior film of that hand or both.

    Args:
        volume: The film as seen from the back: a right thumb is on the left when the fingers point up. Of a
            film with a *part* nothing else is looked at.
        side: ``"L"`` or ``"R"``: which hand is looked for.
        checkpoint: Called with (done, total) steps, often; may raise to stop.
    """
    hand = load_hand("hand_film")
    aspect = np.array([volume.pixel_aspect, 1.0])
    known = volume.pixel_spacing_mm
    left, right = volume.shown_columns
    pixels = volume.pixels[0, :, left:right]
    spacing = np.array(known) if known else aspect * _UNKNOWN_FILM_MM / (pixels.shape[0] * aspect[0])
    picture, first, coarse = coarsened(pixels, spacing, FINE_MM)
    dark_is_high = volume.monochrome1 != (volume.rescale_slope < 0)
    target = Target(-picture if dark_is_high else picture, first, coarse)
    checkpoint(0, STEPS)
    starts = search(
        Flat(hand.picture, hand.first_mm, hand.spacing_mm),
        Flat(target.picture, target.first_mm, target.spacing_mm),
        mirrors=(1.0 if side == "R" else -1.0,),
        sizes=_FILM_SIZES if known else _UNKNOWN_SIZES,
    )
    fit = best_fit(hand, target, starts, checkpoint)
    if not _is_believable(fit, measured=known is not None):
        return _nothing(fit, f"{'left' if side == 'L' else 'right'} hand on this film")
    places = _places(hand, target, fit, checkpoint)
    return _found(fit, {site: place / spacing + (0, left) for site, place in places.items()})


def _raised(flat: FloatArray, hand: Hand, target: Target, handed: float) -> FloatArray:
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


def _depth(picture: Picture, axis: int, of: Hand | Target) -> float:
    """Return the centre of brightness along an axis, mm."""
    others = tuple(other for other in range(3) if other != axis)
    mass = np.maximum(picture - np.median(picture), 0).sum(axis=others, dtype=np.float64) ** 2 + 1e-6
    return float(np.average(np.arange(len(mass)), weights=mass) * of.spacing_mm[axis] + of.first_mm[axis])


def _places(hand: Hand, target: Target, fit: Fit, checkpoint: Checkpoint) -> dict[str, FloatArray]:
    """Return where the sites lie in the target, mm."""
    digits = digit_fits(hand, target, fit, checkpoint)
    checkpoint(STEPS, STEPS)
    return {site: mapped(digits.get(site, fit.matrix), place) for site, place in hand.places.items()}


def _is_believable(fit: Fit, *, measured: bool = True) -> bool:
    """Whether a hand lies there; where pixels have no size, only its proportions can be judged."""
    stretch = np.linalg.svd(fit.matrix[:, :-1], compute_uv=False)
    if not measured:
        stretch = stretch / np.sqrt(stretch.max() * stretch.min())
    likely = fit.correlation >= _LEAST_CORRELATION and fit.overlap >= _LEAST_OVERLAP
    return likely and bool(stretch.min() >= _LEAST_STRETCH and stretch.max() <= _MOST_STRETCH)


def _nothing(fit: Fit, what: str) -> SiteEstimates:
    return SiteEstimates(correlation=max(fit.correlation, 0.0), reason=f"No {what} was recognised.")


def _found(fit: Fit, places: Mapping[str, FloatArray]) -> SiteEstimates:
    return SiteEstimates({site: tuple(place.tolist()) for site, place in places.items()}, fit.correlation)

"""Where the sites of the Sharp system lie on a film of the phantom."""

from collections.abc import Mapping, Sequence

import numpy as np

from viewer.imaging.phantom.bones import Bone
from viewer.imaging.phantom.joints import joint_distances
from viewer.imaging.phantom.lattice import Box
from viewer.imaging.phantom.sites import FILM_EROSION_SITES, FILM_SPACE_BONES, PARTS
from viewer.imaging.phantom.subject import Subject

_GAP_MM = 1.0


def film_points(subject: Subject, offsets: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Return a point (u, v, w; mm) in the middle of every Sharp erosion area and joint space.

    Args:
        subject: The hand.
        offsets: How far each bone moved, as ``film_offsets`` gives it.
    """
    points = {
        site: np.mean([_part_middle(subject, part) + offsets[PARTS[part][0]] for part in parts], axis=0)
        for site, parts in FILM_EROSION_SITES.items()
    }
    for site, (proximal, distal) in FILM_SPACE_BONES.items():
        moved = np.mean([offsets[name] for name in (*proximal, *distal)], axis=0)
        points[site] = _gap_middle(subject.bones, proximal, distal) + moved
    return points


def film_landmarks(
    subject: Subject, offsets: Mapping[str, np.ndarray], affine: np.ndarray
) -> dict[str, tuple[float, float]]:
    """Return the row and column of every Sharp site; *affine* is that of the film."""
    landmarks: dict[str, tuple[float, float]] = {}
    for site, (u, _, w) in film_points(subject, offsets).items():
        row, column = affine @ [u, w, 1]
        landmarks[site] = (float(row), float(column))
    return landmarks


def _part_middle(subject: Subject, part: str) -> np.ndarray:
    return subject.bones[PARTS[part][0]].box.position_of(np.argwhere(subject.assessed[part]).mean(axis=0))


def _gap_middle(bones: Mapping[str, Bone], proximal: Sequence[str], distal: Sequence[str]) -> np.ndarray:
    """Return the middle of where the bones of both sides are nearest to each other."""
    boxes = [bones[name].box for name in (*proximal, *distal)]
    low = np.min([box.first for box in boxes], axis=0)
    high = np.max([np.add(box.first, box.shape) for box in boxes], axis=0)
    box = Box(tuple(low.tolist()), tuple((high - low).tolist()))
    one, other = (
        joint_distances({name: bones[name] for name in names}, box)[0] for names in (proximal, distal)
    )
    wider = np.maximum(one, other)
    near = wider < wider.min() + _GAP_MM
    return box.position_of(np.argwhere(near).mean(axis=0))

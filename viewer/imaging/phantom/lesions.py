"""Erosions and bone marrow oedema in one bone, grown to a wanted share of the judged volume."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from viewer.imaging.phantom.anatomy import Hand
from viewer.imaging.phantom.bones import Bone, distance_to_others
from viewer.imaging.phantom.lattice import SPACING_MM, Box, coverage, tiled
from viewer.imaging.phantom.sites import PARTS, depth_from_joint


@dataclass(frozen=True, slots=True, eq=False)
class Seat:
    """Where disease starts in one judged part of a bone, and in which order it spreads.

    Attributes:
        assessed: The judged voxels, bool, shape of the bone's box.
        erosion: Distance-like field: a larger erosion holds the voxels below a larger value, mm.
        oedema: The same for oedema.
    """

    assessed: np.ndarray
    erosion: np.ndarray
    oedema: np.ndarray


@dataclass(frozen=True, slots=True, eq=False)
class Lesion:
    """Disease of one judged part at one visit, and how much of it there really is.

    Attributes:
        eroded: Share (0..1) of each voxel that erosion has taken, shape of the bone's box.
        oedema: Share (0..1) of oedema in each voxel.
        eroded_fraction: Eroded voxels over judged voxels.
        oedema_fraction: Oedematous, not eroded voxels over all judged voxels (the original bone).
    """

    eroded: np.ndarray
    oedema: np.ndarray
    eroded_fraction: float
    oedema_fraction: float


def make_seat(
    hand: Hand,
    bones: Mapping[str, Bone],
    part: str,
    assessed: np.ndarray,
    noise: tuple[np.ndarray, np.ndarray],
    rng: np.random.Generator,
) -> Seat:
    """Return a seat with up to three foci at the margin of a joint, where erosions start.

    *assessed* are the judged voxels of the part. The two periodic blocks of *noise* make the border of
    erosions and of oedema uneven.
    """
    bone = bones[PARTS[part][0]]
    shell = assessed & (bone.distance > -0.9 * SPACING_MM) & (depth_from_joint(hand, bones, part) < 6.0)
    foci = _foci(bone, shell, distance_to_others(bones, PARTS[part][0]), rng)
    start = rng.integers(0, 80, 3)
    elsewhere = Box((int(start[0]), int(start[1]), int(start[2])), bone.box.shape)
    wobble, blur = tiled(noise[0], elsewhere), tiled(noise[1], elsewhere)
    u, v, w = bone.box.axes_mm()
    erosion = np.full(bone.box.shape, np.inf, dtype=np.float32)
    for late, focus in enumerate(foci):
        away = np.sqrt((u - focus[0]) ** 2 + (0.85 * (v - focus[1])) ** 2 + (w - focus[2]) ** 2)
        np.minimum(erosion, away.astype(np.float32) + np.float32(2.6 * late), out=erosion)
    spread = np.sqrt((u - foci[0, 0]) ** 2 + (v - foci[0, 1]) ** 2 + (w - foci[0, 2]) ** 2).astype(np.float32)
    return Seat(assessed, erosion * (1 + np.float32(0.09) * wobble), spread + np.float32(1.1) * blur)


def make_lesion(bone: Bone, seat: Seat, eroded: float, oedema: float) -> Lesion:
    """Return the lesion that takes the shares *eroded* and *oedema* of the judged volume, and measure it.

    Oedema that the rest of the bone cannot hold is cut to what is left.
    """
    total = int(seat.assessed.sum())
    inside = bone.distance < 0
    taken = np.zeros(bone.box.shape, dtype=bool)
    hole = np.zeros(bone.box.shape, dtype=np.float32)
    if eroded > 0:
        limit = np.quantile(seat.erosion[seat.assessed], eroded)
        taken = inside & (seat.erosion < limit)
        hole = coverage(seat.erosion - limit) * coverage(bone.distance - 0.5)
    wet = np.zeros(bone.box.shape, dtype=np.float32)
    wet_count = 0
    rest = seat.assessed & ~taken
    if oedema > 0 and rest.any():
        limit = np.quantile(seat.oedema[rest], min(oedema * total / int(rest.sum()), 1.0))
        wet = np.clip(0.5 - (seat.oedema - limit) / np.float32(2.4), 0, 1)
        wet_count = int((rest & (seat.oedema < limit)).sum())
    return Lesion(hole, wet, int((taken & seat.assessed).sum()) / total, wet_count / total)


def _foci(bone: Bone, shell: np.ndarray, others: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return three points (u, v, w; mm) of the surface *shell* at a joint's margin, few at palm or back."""
    index = np.argwhere(shell)
    position = bone.box.position_of(index)
    height = position[:, 1] - np.median(position[:, 1])
    half = max(float(np.ptp(position[:, 1])) / 2, 1.0)
    beside = others[shell]
    weight = np.exp(-((beside - 3.4) ** 2) / 1.2) * np.exp(-((height / half) ** 2) / 0.14) + 1e-9
    chosen = [int(rng.choice(len(index), p=weight / weight.sum()))]
    for _ in range(2):
        away = np.min(np.linalg.norm(position[:, None] - position[chosen][None], axis=2), axis=1)
        far = weight * (away > 0.45 * away.max())
        chosen.append(int(rng.choice(len(index), p=far / far.sum())))
    return position[chosen].astype(np.float32)

"""The last millimetre of a registration: a robust least-squares fit, and how far it may be off.

The residual is the difference between the fixed image and the moving one, whose brightness first passes
through the mean of the fixed image at that brightness, so that another contrast of the tissues does no harm.
Source: inverse compositional alignment (Baker and Matthews, Int J Comput Vis 2004) with Tukey's biweight;
the correlation ratio (Roche and colleagues, MICCAI 1998) for the mapping.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from viewer.imaging.geometry import FloatArray
from viewer.imaging.registration_images import Level, Values, values_at

BLOCK_MM: Final = 10.0
_POINTS: Final = 40_000
_BINS: Final = 48
_STEP_DONE_MM: Final = 0.01
_TUKEY: Final = 4.0


@dataclass(frozen=True, slots=True, eq=False)
class Targets:
    """Points of the fixed image at edges, where a shift shows.

    Attributes:
        points: Shape (n, 3), LPS mm.
        values: Brightness there.
        pulls: Shape (n, 6), float32: change of brightness per mm of turning about *centre* at a distance of
            *reach_mm*, and per mm of shift.
        blocks: Number of the block of 10 mm a point lies in.
        centre: Middle of the points, LPS mm.
        reach_mm: Their mean distance from it.
    """

    points: FloatArray
    values: Values
    pulls: Values
    blocks: NDArray[np.int64]
    centre: FloatArray
    reach_mm: float


@dataclass(frozen=True, slots=True, eq=False)
class Fit:
    """Where the fit ended.

    Attributes:
        matrix: (4, 4), fixed to moving, LPS mm.
        error_mm: Standard error of a place in the hand, from how the blocks contradict each other.
        agreement: Share of the blocks seen by both whose brightness goes together.
        overlap: Share of the fixed points that the moving image shows.
    """

    matrix: FloatArray
    error_mm: float
    agreement: float
    overlap: float


def targets_of(level: Level) -> Targets:
    """Return the points of *level* to be matched: the steepest third of the body, thinned."""
    slopes = np.stack(
        [
            np.gradient(level.values, axis=axis) if n > 1 else np.zeros_like(level.values)
            for axis, n in enumerate(level.values.shape)
        ],
        -1,
    )
    to_index = np.linalg.inv(level.affine)[:3, :3].astype(np.float32)
    slopes = slopes.reshape(-1, 3) @ to_index
    steepness = np.einsum("ij,ij->i", slopes, slopes)
    body = np.flatnonzero(level.values.ravel() > 0)
    if len(body) < 200:
        return _no_targets()
    keep = body[steepness[body] > np.percentile(steepness[body], 60)]
    keep = keep[:: max(1, len(keep) // _POINTS)]
    index = np.stack(np.unravel_index(keep, level.values.shape), -1)
    points = index @ level.affine[:3, :3].T + level.affine[:3, 3]
    centre = points.mean(axis=0)
    arm = points - centre
    reach = float(np.sqrt((arm**2).sum(axis=1).mean()))
    slope = slopes[keep]
    pulls = np.concatenate([np.cross(arm, slope) / reach, slope], axis=1).astype(np.float32)
    cells = np.floor(arm / BLOCK_MM).astype(np.int64) + 64
    _, blocks = np.unique(cells @ np.array([128 * 128, 128, 1]), return_inverse=True)
    return Targets(points, level.values.ravel()[keep], pulls, blocks, centre, reach)


def fit(targets: Targets, moving: Level, start: FloatArray, rounds: int) -> Fit:
    """Return the rigid motion (fixed to moving) near *start* under which most edges coincide."""
    matrix = np.array(start)
    for _ in range(rounds):
        look = _look(targets, moving, matrix)
        if look is None:
            return Fit(matrix, np.inf, 0.0, 0.0)
        normal, right = _equations(targets, look)
        step = np.linalg.solve(normal, right).astype(np.float64)
        matrix = matrix @ np.linalg.inv(_motion(step, targets))
        if np.linalg.norm(step) < _STEP_DONE_MM:
            break
    return _judged(targets, moving, matrix)


@dataclass(frozen=True, slots=True, eq=False)
class _Look:
    seen: NDArray[np.bool_]
    expected: Values
    difference: Values
    weight: Values


def _look(targets: Targets, moving: Level, matrix: FloatArray) -> _Look | None:
    places = targets.points @ matrix[:3, :3].T + matrix[:3, 3]
    found, seen = values_at(moving.values, moving.affine, places)
    if np.count_nonzero(seen) < 200:
        return None
    expected = _translated(found, targets.values, seen)
    difference = expected - targets.values
    spread = 1.4826 * float(np.median(np.abs(difference[seen]))) + 1e-6
    weight = np.maximum(1 - (difference / np.float32(_TUKEY * spread)) ** 2, 0) ** 2
    weight *= seen
    return _Look(seen, expected, difference, weight)


def _translated(found: Values, wanted: Values, seen: NDArray[np.bool_]) -> Values:
    """Return the mean of the wanted brightness at each brightness that was found."""
    edges = np.quantile(found[seen][::7], np.linspace(0, 1, _BINS + 1))
    where = np.clip(np.searchsorted(edges, found[seen]) - 1, 0, _BINS - 1)
    count = np.bincount(where, minlength=_BINS)
    held = count > 0
    means = np.bincount(where, wanted[seen], _BINS)[held] / count[held]
    places = np.bincount(where, found[seen], _BINS)[held] / count[held]
    return np.interp(found, places, means).astype(np.float32)


def _equations(targets: Targets, look: _Look) -> tuple[FloatArray, FloatArray]:
    weighted = targets.pulls * look.weight[:, None]
    normal = (weighted.T @ targets.pulls).astype(np.float64)
    normal += 1e-6 * np.trace(normal) * np.eye(6) + 1e-9 * np.eye(6)
    return normal, (weighted.T @ look.difference).astype(np.float64)


def _motion(step: FloatArray, targets: Targets) -> FloatArray:
    """Return the rigid matrix of a turn about the centre (mm at the reach) and a shift (mm)."""
    turn = step[:3] / targets.reach_mm
    angle = float(np.linalg.norm(turn))
    x, y, z = turn / angle if angle > 0 else turn
    cross = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]])
    matrix = np.eye(4)
    matrix[:3, :3] += np.sin(angle) * cross + (1 - np.cos(angle)) * cross @ cross
    matrix[:3, 3] = step[3:] + targets.centre - matrix[:3, :3] @ targets.centre
    return matrix


def _judged(targets: Targets, moving: Level, matrix: FloatArray) -> Fit:
    look = _look(targets, moving, matrix)
    if look is None:
        return Fit(matrix, np.inf, 0.0, 0.0)
    normal, _ = _equations(targets, look)
    count = int(targets.blocks.max()) + 1
    forces = targets.pulls * (look.weight * look.difference)[:, None]
    by_block = np.stack([np.bincount(targets.blocks, column, count) for column in forces.T], -1)
    inverse = np.linalg.inv(normal)
    spread = inverse @ (by_block.T @ by_block) @ inverse
    agreement = _agreement(targets, look, count)
    return Fit(matrix, float(np.sqrt(np.trace(spread))), agreement, float(look.seen.mean()))


def _agreement(targets: Targets, look: _Look, count: int) -> float:
    """Return the share of well seen blocks in which found and wanted brightness correlate by half or more."""
    seen = look.seen.astype(np.float64)

    def total(values: NDArray[np.floating]) -> FloatArray:
        return np.bincount(targets.blocks, values * seen, count).astype(np.float64)

    number = np.maximum(total(np.ones_like(seen)), 1)
    a, b = look.expected.astype(np.float64), targets.values.astype(np.float64)
    mean_a, mean_b = total(a) / number, total(b) / number
    together = total(a * b) / number - mean_a * mean_b
    spread = (total(a * a) / number - mean_a**2) * (total(b * b) / number - mean_b**2)
    correlation = together / np.sqrt(np.maximum(spread, 1e-12))
    rich = number >= 25
    return float((correlation[rich] > 0.5).mean()) if rich.any() else 0.0


def _no_targets() -> Targets:
    none = np.zeros(0, np.float32)
    numbers = np.zeros(0, np.int64)
    return Targets(np.zeros((0, 3)), none, np.zeros((0, 6), np.float32), numbers, np.zeros(3), 1.0)

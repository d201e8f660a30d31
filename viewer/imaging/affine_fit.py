"""Lays a template onto a picture of two or three dimensions: an affine map by Gauss–Newton steps.

Places are in mm along the axes of the arrays. The map is fitted together with gain and offset of the picture,
so that only the pattern counts (Evangelidis and Psarakis, IEEE TPAMI 2008;30:1858-65, in least-squares form).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]

_FEWEST_POINTS: Final = 200
_FARTHEST_STEP_MM: Final = 5.0
_SMALLEST_STEP_MM: Final = 0.05
_REACH_MM: Final = 50.0
"""Lengths are divided by it so that turning and shifting weigh alike."""


@dataclass(frozen=True, slots=True, eq=False)
class Fit:
    """How a template lies on a picture.

    Attributes:
        matrix: Shape (n, n + 1); (template mm, 1) to picture mm, in the order of the arrays' axes.
        correlation: Of template and picture where they meet, -1..1.
        overlap: Share of the template's points that lie in the picture.
    """

    matrix: FloatArray
    correlation: float
    overlap: float


def fit_affine(
    points: FloatArray,
    values: NDArray[np.float32],
    picture: NDArray[np.float32],
    spacing_mm: FloatArray,
    start: FloatArray,
    checkpoint: Callable[[], None],
    steps: int = 16,
    stiffness: float = 0.02,
) -> Fit:
    """Return the map near *start* under which the template fits best.

    Args:
        points: Shape (p, n), template mm.
        values: Shape (p,), what the template is there.
        picture: n dimensions.
        spacing_mm: Shape (n,), of the picture.
        start: Shape (n, n + 1), template mm to picture mm.
        checkpoint: Called before each step; may raise to stop.
        steps: How many at most.
        stiffness: How much a step resists turning, stretching and shearing.
    """
    channels = np.stack([picture, *_gradients(picture, spacing_mm)], axis=-1)
    middle = points.mean(axis=0)
    arms = np.column_stack([(points - middle) / _REACH_MM, np.ones(len(points))])
    matrix = start.astype(np.float64).copy()
    for _ in range(steps):
        checkpoint()
        seen, inside = sample(channels, _mapped(matrix, points) / spacing_mm)
        if inside.sum() < _FEWEST_POINTS:
            break
        step = _step(seen[inside], values[inside], arms[inside], stiffness)
        if step is None:
            break
        matrix[:, :-1] += step[:, :-1] / _REACH_MM
        matrix[:, -1] += step[:, -1] - step[:, :-1] @ middle / _REACH_MM
        if np.abs(step).max() < _SMALLEST_STEP_MM:
            break
    return judge(points, values, picture, spacing_mm, matrix)


def judge(
    points: FloatArray,
    values: NDArray[np.float32],
    picture: NDArray[np.float32],
    spacing_mm: FloatArray,
    matrix: FloatArray,
) -> Fit:
    """Return how well the template fits under *matrix*; arguments as of :func:`fit_affine`."""
    seen, inside = sample(picture[..., None], _mapped(matrix, points) / spacing_mm)
    overlap = float(inside.mean())
    if inside.sum() < _FEWEST_POINTS:
        return Fit(matrix, 0.0, overlap)
    return Fit(matrix, _correlation(seen[inside, 0], values[inside]), overlap)


def sample(channels: NDArray[np.float32], index: FloatArray) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """Return linear interpolations of *channels* (n dimensions and channels) at *index* (p, n).

    Returns:
        Shape (p, channels), and (p,): whether the place lies in the array; values elsewhere mean nothing.
    """
    shape = np.array(channels.shape[:-1])
    inside = np.asarray(((index >= 0) & (index <= shape - 1)).all(axis=1))
    index = np.clip(index, 0, shape - 1)
    low = np.minimum(np.floor(index).astype(np.intp), np.maximum(shape - 2, 0))
    share = (index - low).astype(np.float32)
    strides = np.array([int(np.prod(shape[axis + 1 :])) for axis in range(len(shape))])
    flat = channels.reshape(-1, channels.shape[-1])
    base = low @ strides
    total = np.zeros((len(index), channels.shape[-1]), dtype=np.float32)
    for corner in np.ndindex(*(2,) * len(shape)):
        upper = np.array(corner)
        weight = np.where(upper, share, 1 - share).prod(axis=1)
        step = np.where(shape > 1, upper, 0) @ strides
        total += weight[:, None] * flat[base + step]
    return total, inside


def _gradients(picture: NDArray[np.float32], spacing_mm: FloatArray) -> list[NDArray[np.float32]]:
    """Return the slopes per mm along every axis; 0 along an axis of one sample."""
    return [
        np.gradient(picture, spacing, axis=axis) if picture.shape[axis] > 1 else np.zeros_like(picture)
        for axis, spacing in enumerate(spacing_mm.tolist())
    ]


def _mapped(matrix: FloatArray, points: FloatArray) -> FloatArray:
    return points @ matrix[:, :-1].T + matrix[:, -1]


def _step(
    seen: NDArray[np.float32], values: NDArray[np.float32], arms: FloatArray, stiffness: float
) -> FloatArray | None:
    """Return the change (n, n + 1) of the map, mm at _REACH_MM; None where the pattern says nothing."""
    brightness, slopes = seen[:, :1].astype(np.float64), seen[:, 1:].astype(np.float64)
    size = slopes.shape[1]
    moves = (slopes[:, :, None] * arms[:, None, :]).reshape(len(arms), -1)
    columns = np.column_stack([brightness, np.ones(len(arms)), moves])
    normal = columns.T @ columns
    weight = normal.diagonal()[2:].mean()
    normal[np.arange(2, len(normal)), np.arange(2, len(normal))] += stiffness * weight
    try:
        solution = np.linalg.solve(normal, columns.T @ values.astype(np.float64))
    except np.linalg.LinAlgError:
        return None
    gain = solution[0]
    if not gain > 0:
        return None
    step = (solution[2:] / gain).reshape(size, size + 1)
    return step * min(1.0, _FARTHEST_STEP_MM / max(float(np.abs(step).max()), 1e-9))


def _correlation(one: NDArray[np.float32], other: NDArray[np.float32]) -> float:
    one, other = one - one.mean(), other - other.mean()
    scale = float(np.sqrt((one @ one) * (other @ other)))
    return float(one @ other) / scale if scale > 0 else 0.0

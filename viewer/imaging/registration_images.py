"""Volumes made ready to be registered: shrunk, freed of coil shading, with the body told from the air.

Everything here maps indices to millimetres by a (4, 4) affine, so that sheared stacks need no care.
"""

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from viewer.imaging.geometry import FloatArray
from viewer.imaging.volume import Volume

Values = NDArray[np.float32]

FINE_MM: Final = 0.75
MIDDLE_MM: Final = 1.5
COARSE_MM: Final = 3.0
_SHADING_MM: Final = 12.0
_BRIGHTEST: Final = 3.0


@dataclass(frozen=True, slots=True, eq=False)
class Level:
    """Brightness on one grid, 1 being that of the surroundings.

    Attributes:
        values: Shape (slices, rows, columns), 0..3; 0 outside of the body.
        affine: (4, 4), index to LPS mm.
    """

    values: Values
    affine: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class Pyramid:
    """One volume at three sizes.

    Attributes:
        fine: Pixels of about 0.7 mm.
        middle: Pixels of about 1.4 mm.
        coarse: A grid of 3 mm along the axes of the patient, slices along z.
        body: Share of body in each voxel of *coarse*, 0..1.
    """

    fine: Level
    middle: Level
    coarse: Level
    body: Values


def pyramid_of(volume: Volume) -> Pyramid:
    """Return *volume*, which must have a geometry, at three sizes without coil shading."""
    assert volume.geometry is not None
    fine = shrunk(_whole(volume), volume.geometry.affine, FINE_MM)
    middle = shrunk(*fine, MIDDLE_MM)
    grid = _grid_around(*fine)
    coarse = sampled(*shrunk(*middle, COARSE_MM), grid)
    body = body_of(coarse)
    weight = _blurred(body)
    surroundings = _blurred(coarse * body) / np.maximum(weight, 1e-3)
    surroundings = np.maximum(surroundings, 0.05 * float(surroundings.max(initial=0.0)) + 1e-6)
    return Pyramid(
        _evened(*fine, surroundings, body, grid),
        _evened(*middle, surroundings, body, grid),
        Level((np.clip(coarse / surroundings, 0, _BRIGHTEST) * body).astype(np.float32), grid),
        body,
    )


def positions(shape: tuple[int, ...], affine: FloatArray) -> FloatArray:
    """Return the LPS positions of all voxels, shape (*shape, 3)."""
    index = np.stack(np.meshgrid(*(np.arange(n) for n in shape), indexing="ij"), -1)
    return index @ affine[:3, :3].T + affine[:3, 3]


def values_at(values: Values, affine: FloatArray, points: FloatArray) -> tuple[Values, NDArray[np.bool_]]:
    """Return trilinear values at LPS points of shape (n, 3), and which points lie in a voxel."""
    to_index = np.linalg.inv(affine)
    index = points @ to_index[:3, :3].T + to_index[:3, 3]
    last = np.array(values.shape) - 1
    inside = np.all((index >= -0.5) & (index <= last + 0.5), axis=1)
    index = np.clip(index, 0, last)
    low = np.minimum(index.astype(np.int64), np.maximum(last - 1, 0))
    part = (index - low).astype(np.float32)
    steps = np.array([values.shape[1] * values.shape[2], values.shape[2], 1])
    start, steps = low @ steps, np.where(last > 0, steps, 0)
    flat = values.ravel()
    shares = 1 - part, part
    total = np.zeros(len(points), np.float32)
    for up in np.ndindex(2, 2, 2):
        share = shares[up[0]][:, 0] * shares[up[1]][:, 1] * shares[up[2]][:, 2]
        total += share * flat.take(start + int(steps @ up))
    return total, inside


def sampled(values: Values, affine: FloatArray, grid: FloatArray) -> Values:
    """Return *values* on a grid along the patient's axes that holds them all; 0 outside."""
    corners = positions((2, 2, 2), affine @ np.diag([*(np.array(values.shape) - 1.0), 1])).reshape(-1, 3)
    index = (corners.max(axis=0) - grid[:3, 3])[::-1] / COARSE_MM
    shape = tuple(int(n) for n in np.ceil(index).astype(int) + 1)
    found, inside = values_at(values, affine, positions(shape, grid).reshape(-1, 3))
    return np.where(inside, found, np.float32(0)).reshape(shape)


def _whole(volume: Volume) -> Values:
    """Return the values of a volume with the lowest as 0, as sums of pixels must not be negative."""
    values = volume.pixels.astype(np.float32)
    if volume.padding is not None:
        values[(values >= volume.padding[0]) & (values <= volume.padding[1])] = values.min()
    if volume.rescale_slope < 0:
        values = -values
    return values - values.min()


def shrunk(values: Values, affine: FloatArray, target_mm: float) -> tuple[Values, FloatArray]:
    """Return means of whole numbers of voxels, as many as fit into *target_mm* along each axis."""
    spacing = np.linalg.norm(affine[:3, :3], axis=0)
    fitting = np.maximum(np.floor(target_mm / spacing + 1e-3), 1)
    count = np.minimum(fitting, values.shape).astype(int)
    size = np.array(values.shape) // count
    cut = values[: size[0] * count[0], : size[1] * count[1], : size[2] * count[2]]
    small = np.empty((cut.shape[0], size[1], size[2]), np.float32)
    for source, target in zip(cut, small, strict=True):
        target[:] = cv2.resize(source, (int(size[2]), int(size[1])), interpolation=cv2.INTER_AREA)
    small = small.reshape(size[0], count[0], size[1], size[2]).mean(axis=1)
    changed = np.array(affine)
    changed[:3, 3] += affine[:3, :3] @ ((count - 1) / 2)
    changed[:3, :3] *= count
    return small, changed


def _grid_around(values: Values, affine: FloatArray) -> FloatArray:
    """Return the affine of a coarse grid along the patient's axes: slices z, rows y, columns x."""
    corners = positions((2, 2, 2), affine @ np.diag([*(np.array(values.shape) - 1.0), 1])).reshape(-1, 3)
    grid = np.eye(4)
    grid[:3, :3] = COARSE_MM * np.eye(3)[::-1]
    grid[:3, 3] = corners.min(axis=0)
    return grid


def body_of(coarse: Values) -> Values:
    """Return where the body is: brighter than half way, on a logarithmic scale, between air and tissue."""
    floor = 0.02 * float(np.percentile(coarse, 99)) + 1e-6
    logarithm = np.log(coarse + floor)
    logarithm -= logarithm.min()
    scaled = (logarithm.ravel() * (255 / max(float(logarithm.max()), 1e-6))).astype(np.uint8)
    _, mask = cv2.threshold(scaled, 0, 1, cv2.THRESH_BINARY | cv2.THRESH_OTSU)
    return mask.reshape(coarse.shape).astype(np.float32)


def _blurred(values: Values) -> Values:
    """Return a Gaussian mean over the reach of coil shading."""
    sigma = _SHADING_MM / COARSE_MM
    flat = np.stack([cv2.GaussianBlur(plane, (0, 0), sigma) for plane in values])
    depth = flat.shape[0]
    along = cv2.GaussianBlur(flat.reshape(depth, -1), (1, 0), sigmaX=1e-3, sigmaY=sigma)
    return along.reshape(values.shape).astype(np.float32, copy=False)


def _evened(
    values: Values, affine: FloatArray, surroundings: Values, body: Values, grid: FloatArray
) -> Level:
    """Return *values* over the brightness of their surroundings, 0 away from the body."""
    shape = values.shape
    index = [
        np.linspace(0, n - 1, min(n, 4 + int(n * step / COARSE_MM)))
        for n, step in zip(shape, np.linalg.norm(affine[:3, :3], axis=0), strict=True)
    ]
    points = np.stack(np.meshgrid(*index, indexing="ij"), -1) @ affine[:3, :3].T + affine[:3, 3]
    few = points.shape[:3]
    gain = finer(values_at(surroundings, grid, points.reshape(-1, 3))[0].reshape(few), shape)
    share = finer(values_at(body, grid, points.reshape(-1, 3))[0].reshape(few), shape)
    evened = (values / np.maximum(gain, 1e-6)).astype(np.float32, copy=False)
    np.clip(evened, 0, _BRIGHTEST, out=evened)
    evened[share < 0.1] = 0
    return Level(evened, affine)


def finer(values: Values, shape: tuple[int, ...]) -> Values:
    """Return *values* interpolated linearly so that first and last voxels of all axes stay in place."""
    rows, columns = shape[1:]
    y, x = np.linspace(0, values.shape[1] - 1, rows), np.linspace(0, values.shape[2] - 1, columns)
    across, down = np.meshgrid(x.astype(np.float32), y.astype(np.float32))
    planes = np.stack([cv2.remap(plane, across, down, cv2.INTER_LINEAR) for plane in values])
    place = np.linspace(0, values.shape[0] - 1, shape[0])
    low = np.minimum(place.astype(int), max(values.shape[0] - 2, 0))
    high = np.minimum(low + 1, values.shape[0] - 1)
    part = (place - low).astype(np.float32)[:, None, None]
    return (planes[low] * (1 - part) + planes[high] * part).astype(np.float32)

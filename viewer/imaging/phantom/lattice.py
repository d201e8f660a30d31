"""The grid the phantom is built on: one endless lattice of voxels, cut into boxes.

Model coordinates are (u, v, w) in mm: u towards the thumb, v towards the back of the hand, w towards the
finger tips; the origin lies in the radiocarpal joint on the axis of the third metacarpal. Arrays are ordered
(w, v, u). For a right hand this frame is right-handed; a left hand is its mirror image.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

SPACING_MM = 0.45
"""Edge of a voxel: fine enough for a cortex of 1 mm, coarse enough for a hand in memory."""


@dataclass(frozen=True, slots=True)
class Box:
    """A block of the lattice: index of its first voxel and its size, both ordered (w, v, u)."""

    first: tuple[int, int, int]
    shape: tuple[int, int, int]

    def axes_mm(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return u, v, w of the voxel centres (mm, float32), shaped to broadcast to (w, v, u)."""
        w, v, u = (
            (np.arange(n, dtype=np.float32) + first) * np.float32(SPACING_MM)
            for first, n in zip(self.first, self.shape, strict=True)
        )
        return u[None, None, :], v[None, :, None], w[:, None, None]

    def slabs(self, thickness: int = 24) -> "Iterator[tuple[slice, Box]]":
        """Yield the box in pieces along w, each with its place; it saves large copies."""
        for start in range(0, self.shape[0], thickness):
            stop = min(start + thickness, self.shape[0])
            first = (self.first[0] + start, *self.first[1:])
            yield slice(start, stop), Box(first, (stop - start, *self.shape[1:]))

    def overlap(self, other: "Box") -> tuple[tuple[slice, slice, slice], tuple[slice, slice, slice]] | None:
        """Return where the common block lies in this box and in *other*; None where they do not meet."""
        mine: list[slice] = []
        theirs: list[slice] = []
        for a, n, b, m in zip(self.first, self.shape, other.first, other.shape, strict=True):
            low, high = max(a, b), min(a + n, b + m)
            if low >= high:
                return None
            mine.append(slice(low - a, high - a))
            theirs.append(slice(low - b, high - b))
        return (mine[0], mine[1], mine[2]), (theirs[0], theirs[1], theirs[2])

    def position_of(self, index: np.ndarray) -> np.ndarray:
        """Return (..., 3) model positions (u, v, w) in mm of (..., 3) voxel indices (w, v, u)."""
        return (np.asarray(index, dtype=np.float64) + self.first)[..., ::-1] * SPACING_MM


def box_around(low_mm: np.ndarray, high_mm: np.ndarray) -> Box:
    """Return the smallest box that holds the model positions (u, v, w) from *low_mm* to *high_mm*."""
    low = np.floor(np.asarray(low_mm)[::-1] / SPACING_MM).astype(int)
    high = np.ceil(np.asarray(high_mm)[::-1] / SPACING_MM).astype(int)
    size = high - low + 1
    return Box((int(low[0]), int(low[1]), int(low[2])), (int(size[0]), int(size[1]), int(size[2])))


def coverage(distance: np.ndarray) -> np.ndarray:
    """Return how much of each voxel is inside a surface, 0..1, from its distance in mm (inside < 0)."""
    share = distance * np.float32(-1 / SPACING_MM)
    share += np.float32(0.5)
    return np.clip(share, 0, 1, out=share)


def texture_tile(rng: np.random.Generator, sigma: float, size: int = 80) -> np.ndarray:
    """Return a periodic block of smooth noise, shape (size,)*3, float32, mean 0, deviation 1.

    Args:
        rng: Where the noise comes from.
        sigma: Width of the smoothing in voxels.
        size: Edge of the block in voxels.
    """
    frequency = np.fft.fftfreq(size).astype(np.float32)
    along = np.exp(-2 * (np.pi * sigma * frequency) ** 2)
    last = along[: size // 2 + 1]
    spectrum = np.fft.rfftn(rng.standard_normal((size, size, size), dtype=np.float32))
    spectrum *= along[:, None, None] * along[None, :, None] * last[None, None, :]
    noise = np.fft.irfftn(spectrum, s=(size, size, size), axes=(0, 1, 2))
    return (noise / noise.std()).astype(np.float32)


def tiled(tile: np.ndarray, box: Box) -> np.ndarray:
    """Return *tile* repeated over *box*, so that neighbouring boxes continue each other."""
    size = tile.shape[0]
    w, v, u = ((np.arange(n) + first) % size for first, n in zip(box.first, box.shape, strict=True))
    return tile[np.ix_(w, v, u)]


def softened(mask: np.ndarray) -> np.ndarray:
    """Return *mask* with edges smoothed over three voxels, float32, 0..1."""
    soft = np.pad(mask.astype(np.float32), 1, mode="edge")
    soft = 0.25 * (soft[:-2] + soft[2:]) + 0.5 * soft[1:-1]
    soft = 0.25 * (soft[:, :-2] + soft[:, 2:]) + 0.5 * soft[:, 1:-1]
    return 0.25 * (soft[:, :, :-2] + soft[:, :, 2:]) + 0.5 * soft[:, :, 1:-1]

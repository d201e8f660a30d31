"""Shapes as functions that are negative inside, in mm: outlines with depth, shafts with a profile, tubes."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from viewer.imaging.phantom.lattice import SPACING_MM, Box, box_around

MARGIN_MM = 4.5
"""How far beyond a shape its distance is worked out; joints look this far for their neighbour."""


@dataclass(frozen=True, slots=True)
class Plate:
    """A bone given by its outline seen from the back of the hand, and its depth.

    Attributes:
        outline: (n, 2) corners (u, w) in mm, in order.
        middle: Height v of the middle of the depth at the centre of the outline, mm.
        slope: Change of that height per mm along u and w.
        half_depth: Half of the depth, mm.
        taper: How much the outline grows per mm towards the back of the hand.
        rounding: Radius of the edges, mm.
    """

    outline: np.ndarray
    middle: float
    half_depth: float
    slope: tuple[float, float] = (0.0, 0.0)
    taper: float = 0.0
    rounding: float = 3.0


@dataclass(frozen=True, slots=True)
class Shaft:
    """A long bone: an axis, and half widths along it.

    Attributes:
        start: Proximal end (u, v, w), mm.
        end: Distal end, mm.
        profile: (n, 4) rows of: place along the axis 0..1, half width, half depth to the back
            and to the palm (mm).
        edge: Radius of the edge of the flat proximal end, mm.
        cap: Length over which the distal end closes, mm.
        roundness: Exponent of the distal end: 2 is a ball, more is flatter.
        roll: Rotation about the axis, degrees; 0 has the width along u.
    """

    start: np.ndarray
    end: np.ndarray
    profile: np.ndarray
    edge: float
    cap: float
    roundness: float = 2.0
    roll: float = 0.0


def rounded_outline(corners: np.ndarray, rounds: int = 2) -> np.ndarray:
    """Return the closed polygon *corners* (n, 2) with its corners cut off *rounds* times (Chaikin 1974)."""
    for _ in range(rounds):
        following = np.roll(corners, -1, axis=0)
        corners = np.stack([0.75 * corners + 0.25 * following, 0.25 * corners + 0.75 * following], 1).reshape(
            -1, 2
        )
    return corners


def polygon_distance(x: np.ndarray, y: np.ndarray, corners: np.ndarray) -> np.ndarray:
    """Return the signed distance (inside < 0) of the points x, y (any shape) from a closed polygon (n, 2)."""
    nearest = np.full(np.broadcast_shapes(x.shape, y.shape), np.inf, dtype=np.float32)
    inside = np.zeros(nearest.shape, dtype=bool)
    for (ax, ay), (bx, by) in zip(corners.tolist(), np.roll(corners, -1, axis=0).tolist(), strict=True):
        ex, ey = bx - ax, by - ay
        along = np.clip(((x - ax) * ex + (y - ay) * ey) / (ex * ex + ey * ey + 1e-9), 0, 1)
        np.minimum(nearest, (x - ax - along * ex) ** 2 + (y - ay - along * ey) ** 2, out=nearest)
        if ay != by:
            inside ^= ((y >= ay) != (y >= by)) & (x < ax + (y - ay) * ex / ey)
    return np.where(inside, -1, 1) * np.sqrt(nearest)


def box_of(shape: Plate | Shaft) -> Box:
    """Return the box that holds *shape* and MARGIN_MM around it."""
    if isinstance(shape, Plate):
        low, high = shape.outline.min(axis=0), shape.outline.max(axis=0)
        reach = shape.half_depth + 0.5 * float(np.abs(shape.slope) @ (high - low))
        ends = (
            np.array([low[0], shape.middle - reach, low[1]]),
            np.array([high[0], shape.middle + reach, high[1]]),
        )
    else:
        width = float(shape.profile[:, 1:].max()) * 0.85
        ends = np.minimum(shape.start, shape.end) - width, np.maximum(shape.start, shape.end) + width
    return box_around(ends[0] - MARGIN_MM, ends[1] + MARGIN_MM)


def plate_distance(shape: Plate, box: Box) -> np.ndarray:
    """Return the approximate signed distance of *shape* on *box*, mm, float32."""
    u, v, w = box.axes_mm()
    flat = polygon_distance(u, w, rounded_outline(shape.outline))
    centre = shape.outline.mean(axis=0)
    middle = shape.middle + shape.slope[0] * (u - centre[0]) + shape.slope[1] * (w - centre[1])
    height = v - np.asarray(middle, dtype=np.float32)
    side = flat - np.float32(shape.taper) * height + np.float32(shape.rounding)
    depth = np.abs(height) - np.float32(shape.half_depth - shape.rounding)
    return (
        np.minimum(np.maximum(side, depth), 0)
        + np.sqrt(np.maximum(side, 0) ** 2 + np.maximum(depth, 0) ** 2)
        - np.float32(shape.rounding)
    )


def shaft_frame(shape: Shaft) -> np.ndarray:
    """Return rows: unit vectors along the axis, across (radial) and to the back, shape (3, 3)."""
    along = (shape.end - shape.start) / np.linalg.norm(shape.end - shape.start)
    angle = np.deg2rad(shape.roll)
    hint = np.array([np.cos(angle), np.sin(angle), 0.0])
    across = hint - (hint @ along) * along
    across /= np.linalg.norm(across)
    return np.stack([along, across, np.cross(along, across)])


def shaft_distance(shape: Shaft, box: Box) -> np.ndarray:
    """Return the approximate signed distance of *shape* on *box*, mm, float32."""
    u, v, w = box.axes_mm()
    frame = shaft_frame(shape).astype(np.float32)
    length = float(np.linalg.norm(shape.end - shape.start))
    du, dv, dw = (
        u - np.float32(shape.start[0]),
        v - np.float32(shape.start[1]),
        w - np.float32(shape.start[2]),
    )
    along, across, back = (du * row[0] + dv * row[1] + dw * row[2] for row in frame)
    table = np.linspace(0, length, 256)
    place = table / length
    closing = _closing(length - table, shape.cap, shape.roundness)
    columns = [np.interp(place, shape.profile[:, 0], shape.profile[:, i]) * closing for i in (1, 2, 3)]
    steps = np.clip(along * np.float32(255 / length), 0, 254.999)
    cell = steps.astype(np.int16)
    rest = steps - cell
    width, dorsal, palmar = (_between(c.astype(np.float32), cell, rest) for c in columns)
    depth = np.where(back > 0, dorsal, palmar)
    radius = np.sqrt((across / width) ** 2 + (back / depth) ** 2)
    value = (radius - 1) * np.minimum(width, depth)
    value = -blend(-value, np.float32(length) - along, 1.0)
    return -blend(-value, along, shape.edge)


def blend(a: np.ndarray, b: np.ndarray, width: float) -> np.ndarray:
    """Return the union of two distances, its seam filled over *width* mm (polynomial smooth minimum)."""
    share = np.clip(0.5 + (0.5 / width) * (b - a), 0, 1).astype(np.float32)
    return b + (a - b) * share - np.float32(width) * share * (1 - share)


def true_distance(value: np.ndarray) -> np.ndarray:
    """Return *value* divided by its slope, so that it measures mm near its zero surface (Taubin 1994)."""
    parts = np.gradient(value, np.float32(SPACING_MM))
    slope = np.sqrt(sum(part * part for part in parts))
    return (value / np.clip(slope, 0.45, 3.0)).astype(np.float32)


def tube_distance(points: np.ndarray, box: Box) -> np.ndarray:
    """Return the distance of the voxels of *box* from the line through *points* (n, 3), mm, float32."""
    u, v, w = box.axes_mm()
    nearest = np.full(box.shape, np.inf, dtype=np.float32)
    for a, b in zip(points[:-1].astype(np.float32), points[1:].astype(np.float32), strict=True):
        edge = b - a
        along = ((u - a[0]) * edge[0] + (v - a[1]) * edge[1] + (w - a[2]) * edge[2]) / (edge @ edge)
        np.clip(along, 0, 1, out=along)
        square = (u - a[0] - along * edge[0]) ** 2
        square += (v - a[1] - along * edge[1]) ** 2
        square += (w - a[2] - along * edge[2]) ** 2
        np.minimum(nearest, square, out=nearest)
    return np.sqrt(nearest)


def smooth_line(points: Sequence[Sequence[float] | np.ndarray], pieces: int = 4) -> np.ndarray:
    """Return a curve through *points* (n, 3) as ((n - 1) * pieces + 1, 3) points (Catmull and Rom 1974)."""
    given = np.asarray(points, dtype=np.float64)
    padded = np.concatenate([2 * given[:1] - given[1:2], given, 2 * given[-1:] - given[-2:-1]])
    t = (np.arange(pieces) / pieces)[:, None]
    curve: list[np.ndarray] = []
    for p, q, r, s in zip(padded[:-3], padded[1:-2], padded[2:-1], padded[3:], strict=True):
        curve.append(
            0.5 * (2 * q + (r - p) * t + (2 * p - 5 * q + 4 * r - s) * t**2 + (3 * q - p - 3 * r + s) * t**3)
        )
    return np.concatenate([*curve, given[-1:]])


def _closing(from_end: np.ndarray, cap: float, exponent: float) -> np.ndarray:
    missing = np.clip((cap - from_end) / cap, 0, 1)
    return np.maximum(0.35, 1 - missing**exponent) ** (1 / exponent)  # a small flat end: no cusp on the axis


def _between(table: np.ndarray, cell: np.ndarray, rest: np.ndarray) -> np.ndarray:
    return table[cell] + rest * np.diff(table, append=table[-1])[cell]

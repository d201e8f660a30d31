"""The outline of the hand: where the skin lies, how deep a voxel is under it."""

from dataclasses import dataclass

import cv2
import numpy as np

from viewer.imaging.phantom import outlines
from viewer.imaging.phantom.anatomy import Hand
from viewer.imaging.phantom.implicit import blend, polygon_distance, rounded_outline, shaft_frame
from viewer.imaging.phantom.lattice import Box


@dataclass(frozen=True, slots=True, eq=False)
class Surface:
    """The skin over the film plane, each map of shape (w, u).

    Attributes:
        middle: Height v of the middle between palm and back, mm.
        half_thickness: Half of the thickness of a plate without edge, mm.
        edge: Distance from the outline over its radius of rounding: 0 at the outline, 1 on the plateau.
    """

    middle: np.ndarray
    half_thickness: np.ndarray
    edge: np.ndarray

    def part(self, rows: slice) -> "Surface":
        """Return the maps over some rows (w)."""
        return Surface(self.middle[rows], self.half_thickness[rows], self.edge[rows])

    def thickness_mm(self) -> np.ndarray:
        """Return how much soft tissue a ray along v passes, shape (w, u), mm."""
        inside = np.clip(self.edge, 0, 1)
        return 2 * self.half_thickness * np.sqrt(np.maximum(1 - (1 - inside) ** 2, 0))


def skin_surface(hand: Hand, box: Box) -> Surface:
    """Return the skin of *hand* over the (w, u) plane of *box*, worked out on every fourth voxel."""
    u, w = box.axes_mm()[0].ravel()[::4], box.axes_mm()[2].ravel()[::4]
    weight = np.zeros((3, w.size, u.size), dtype=np.float32)
    total = np.full((w.size, u.size), 1e-6, dtype=np.float32)
    for cu, cw, *values in outlines.SKIN:
        near = np.exp(-((u - cu * hand.size) ** 2)[None, :] / 450) * np.exp(
            -((w - cw * hand.size) ** 2)[:, None] / 450
        )
        total += near
        weight += near[None] * (np.array(values, dtype=np.float32) * np.float32(hand.size))[:, None, None]
    middle, half, radius = weight / total
    middle, half = middle + np.float32(1.2 * hand.size), half + np.float32(1.4 * hand.size)
    edge = -_outline_distance(hand, u[None, :], w[:, None]) / np.maximum(radius, 4)
    return Surface(*(_finer(part, box) for part in (middle, half, edge)))


def _finer(coarse: np.ndarray, box: Box) -> np.ndarray:
    rows, columns = box.shape[0], box.shape[2]
    x = (np.arange(columns, dtype=np.float32) / 4)[None, :].repeat(rows, 0)
    y = (np.arange(rows, dtype=np.float32) / 4)[:, None].repeat(columns, 1)
    return cv2.remap(coarse.astype(np.float32), x, y, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)


def _outline_distance(hand: Hand, u: np.ndarray, w: np.ndarray) -> np.ndarray:
    outline = polygon_distance(u, w, rounded_outline(np.array(outlines.PALM, dtype=float) * hand.size))
    for name, shaft in hand.shafts.items():
        if name[:2] in {"pp", "mp", "dp"} or name == "mc1":
            tip = 3.5 * shaft_frame(shaft)[0] if name.startswith("dp") else 0.0
            a, b = (point[[0, 2]] for point in (shaft.start, shaft.end + tip))
            along = np.clip(((u - a[0]) * (b - a)[0] + (w - a[1]) * (b - a)[1]) / ((b - a) @ (b - a)), 0, 1)
            away = np.hypot(u - a[0] - along * (b - a)[0], w - a[1] - along * (b - a)[1])
            wide = (
                {"mc": 11.0, "pp": 9.3, "mp": 8.6, "dp": 7.6}[name[:2]]
                * outlines.WIDTHS[int(name[2])]
                * hand.size
            )
            narrower = {"mc": 0.0, "pp": 0.6, "mp": 0.8, "dp": 1.2}[name[:2]]
            outline = blend(outline, away - wide + narrower * along, 5.0)
    return outline


def skin_depth(hand: Hand, box: Box) -> np.ndarray:
    """Return how deep the voxels of *box* lie under the skin, mm, negative outside."""
    return height_and_depth(skin_surface(hand, box), box)[1]


def height_and_depth(surface: Surface, box: Box) -> tuple[np.ndarray, np.ndarray]:
    """Return for each voxel its height between palm (-1) and back (1), and its depth under the skin, mm."""
    _, v, _ = box.axes_mm()
    rim = (1 - np.minimum(surface.edge, 1)) ** 2
    height = v - surface.middle[:, None, :]
    height /= surface.half_thickness[:, None, :]
    depth = height * height
    depth += rim[:, None, :]
    np.sqrt(depth, out=depth)
    np.subtract(1, depth, out=depth)
    depth *= np.minimum(surface.half_thickness, 14)[:, None, :]
    return height, depth

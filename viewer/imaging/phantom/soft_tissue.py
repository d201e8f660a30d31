"""What fills the hand between skin and bone: fat, muscles, tendons, their retinaculum, vessels, a nerve."""

import numpy as np

from viewer.imaging.phantom.anatomy import Hand
from viewer.imaging.phantom.implicit import shaft_frame, smooth_line, tube_distance
from viewer.imaging.phantom.lattice import Box, box_around, coverage, texture_tile, tiled
from viewer.imaging.phantom.skin import Surface, height_and_depth, skin_surface
from viewer.imaging.phantom.tissue import FAT, LIGAMENT, MUSCLE, NERVE, SKIN, TENDON, VESSEL, Picture, Signal


def soft_tissue(hand: Hand, box: Box, rng: np.random.Generator) -> Picture:
    """Return the hand on *box* without joints and bones: skin, fat, muscle, tendons, vessels, nerve."""
    surface = skin_surface(hand, box)
    grain, blotches = texture_tile(rng, 1.1), texture_tile(rng, 3.5)
    picture = Picture(box, *(np.empty(box.shape, dtype=np.float32) for _ in range(3)))
    for rows, slab in box.slabs():
        layers = _layers(surface.part(rows), slab, tiled(blotches, slab))
        picture.t1_pre[rows], picture.t1_post[rows], picture.stir[rows] = (
            layers.t1_pre,
            layers.t1_post,
            layers.stir,
        )
    _paint_muscles(picture, hand, grain)
    _paint_retinacula(picture, hand)
    courses = [
        (smooth_line(line), radius, signal) for line, radius, signal in (*_tendons(hand), *_vessels(hand))
    ]
    for course, radius, signal in courses:
        if signal is TENDON:
            _paint_course(picture, course, radius + 0.5, MUSCLE, 0.6)  # the sheath
    for course, radius, signal in courses:
        _paint_course(picture, course, radius, signal, 1.0)
    return picture


def _paint_course(picture: Picture, course: np.ndarray, radius: float, signal: Signal, share: float) -> None:
    for first in range(0, len(course) - 1, 4):
        piece = course[first : first + 5]
        around = box_around(piece.min(axis=0) - radius - 1, piece.max(axis=0) + radius + 1)
        picture.paint(around, share * coverage(tube_distance(piece, around) - np.float32(radius)), signal)


def _layers(surface: Surface, box: Box, blotches: np.ndarray) -> Picture:
    """Skin over fat over a bed of fat and connective tissue."""
    height, depth = height_and_depth(surface, box)
    inside = coverage(-depth)
    under_skin = coverage(1.2 - depth)
    np.copyto(
        height, 4.8, where=height <= 0
    )  # from here on the depth at which the fat under the skin ends: palm, back
    np.copyto(height, 2.8, where=height < 4.8)
    height -= depth
    height += 0.5 * blotches
    height *= 0.7
    deep = coverage(height)
    t1, stir = np.full(box.shape, SKIN[0], dtype=np.float32), np.full(box.shape, SKIN[2], dtype=np.float32)
    for target, fat, bed, uneven in ((t1, FAT[0], 0.70, 0.09), (stir, FAT[2], 0.15, -0.03)):
        _mix(target, under_skin, np.float32(fat))
        _mix(target, deep, np.float32(uneven) * blotches + np.float32(bed))
        target *= inside
    deep *= inside
    deep *= np.float32(0.03)
    deep += t1
    return Picture(box, t1, deep, stir)


def _mix(target: np.ndarray, share: np.ndarray, value: np.ndarray | np.float32) -> None:
    step = value - target
    step *= share
    target += step


def _paint_muscles(picture: Picture, hand: Hand, grain: np.ndarray) -> None:
    for line, radius, flat in _muscles(hand):
        course = np.asarray(line)
        around = box_around(course.min(axis=0) - radius - 1, course.max(axis=0) + radius + 1)
        squeezed = course * [1, 1 / flat, 1]
        distance = _squeezed_tube(squeezed, around, flat) - np.float32(radius)
        picture.paint(
            around, 0.92 * coverage(distance * 0.6), MUSCLE, 1 + np.float32(0.10) * tiled(grain, around)
        )


def _squeezed_tube(points: np.ndarray, box: Box, flat: float) -> np.ndarray:
    u, v, w = box.axes_mm()
    nearest = np.full(box.shape, np.inf, dtype=np.float32)
    for a, b in zip(points[:-1].astype(np.float32), points[1:].astype(np.float32), strict=True):
        edge = b - a
        y = v / np.float32(flat)
        along = np.clip(
            ((u - a[0]) * edge[0] + (y - a[1]) * edge[1] + (w - a[2]) * edge[2]) / (edge @ edge), 0, 1
        )
        away = (
            (u - a[0] - along * edge[0]) ** 2
            + (y - a[1] - along * edge[1]) ** 2
            + (w - a[2] - along * edge[2]) ** 2
        )
        np.minimum(nearest, away, out=nearest)
    return np.sqrt(nearest)


def _muscles(hand: Hand) -> list[tuple[np.ndarray, float, float]]:
    """Return (line, radius, depth over width) of the muscles of the palm."""
    s, middle = hand.size, {digit: _place(hand, f"mc{digit}") for digit in range(1, 6)}
    muscles: list[tuple[np.ndarray, float, float]] = [
        (np.array([[17, -12, 32], [27, -15, 46], [40, -15.5, 62]]) * s, 8.5 * s, 0.75),
        (np.array([[14, -13.5, 32], [20, -15, 44], [30, -15, 56]]) * s, 7.0 * s, 0.7),
        (np.array([[-19, -11, 26], [-24, -10, 46], [-29, -8, 72]]) * s, 7.0 * s, 0.9),
        (np.array([[4, -4.5, 62], [24, -8, 66], [36, -11, 64]]) * s, 6.0 * s, 0.55),
        (np.array([[4, -4.5, 50], [20, -8, 58], [34, -11, 62]]) * s, 6.0 * s, 0.55),
        (np.array([[22, -1, 48], [22, 0, 62], [21, 0, 82]]) * s, 5.6 * s, 1.1),
    ]
    for digit in (2, 3, 4):
        line = np.stack([0.5 * (middle[digit](t) + middle[digit + 1](t)) for t in (0.18, 0.5, 0.78)])
        muscles.append((line - [0, 1.5, 0], 4.2 * s, 1.5))
    muscles.append(
        (np.array([[2, -9, -62], [1, -8.5, -36], [-2, -8, -22]]) * s, 7.5 * s, 0.6)
    )  # pronator quadratus and flexors
    muscles.append((np.array([[-6, -8, -62], [-6, -8.5, -40]]) * s, 7.0 * s, 0.6))
    muscles.append((np.array([[-7, 2, -62], [-7, 2, -30]]) * s, 3.5 * s, 2.0))
    return muscles


def _place(hand: Hand, name: str):  # noqa: ANN202
    shaft = hand.shafts[name]
    return lambda t: shaft.start + t * (shaft.end - shaft.start)


def _along(hand: Hand, name: str, t: float, out: float, across: float = 0.0) -> np.ndarray:
    """Return a point beside the axis of a long bone: *out* mm to the back, *across* mm to the radial side."""
    shaft = hand.shafts[name]
    frame = shaft_frame(shaft)
    return shaft.start + t * (shaft.end - shaft.start) + (out * frame[2] + across * frame[1]) * hand.size


def _tendons(hand: Hand) -> list[tuple[list[np.ndarray], float, Signal]]:
    s = hand.size
    tendons: list[tuple[list[np.ndarray], float, Signal]] = []

    def add(
        fixed: list[tuple[float, float, float]],
        rest: list[np.ndarray],
        radius: float,
        signal: Signal = TENDON,
    ) -> None:
        tendons.append(([*(np.array(point) * s for point in fixed), *rest], radius * s, signal))

    for digit, start in ((2, 5.5), (3, 2.5), (4, -0.5), (5, -9.5)):
        back = [
            _along(hand, f"mc{digit}", 0.35, 7.0),
            _along(hand, f"mc{digit}", 0.75, 8.6),
            _along(hand, f"mc{digit}", 0.98, 10.2),
            _along(hand, f"pp{digit}", 0.3, 7.0),
            _along(hand, f"pp{digit}", 1.0, 5.6),
            _along(hand, f"mp{digit}", 0.9, 4.6),
        ]
        add([(start, 11.0, -62), (start, 12.6, -8), (start * 1.0, 12.6, 14)], back, 1.25)
        tunnel = -9.0 + 3.6 * (5 - digit)
        for depth, across, radius in ((-11.2, 0.0, 1.9), (-14.2, 1.0, 1.7)):
            palm = [
                _along(hand, f"mc{digit}", 0.5, depth + 1.5),
                _along(hand, f"mc{digit}", 0.85, -10.2 + 0.25 * (depth + 11)),
                _along(hand, f"pp{digit}", 0.05, -9.0 + 0.25 * (depth + 11)),
                _along(hand, f"pp{digit}", 0.6, -6.4),
                _along(hand, f"mp{digit}", 0.4, -5.6),
            ]
            add(
                [
                    (tunnel * 0.9, depth, -60),
                    (tunnel + across, depth - 0.5, -8),
                    (tunnel * 0.9 + across, depth - 0.5, 24),
                ],
                palm,
                radius,
            )
    add(
        [(12, -11.5, -60), (9, -12, -5), (10, -13.5, 26), (19, -16, 40), (38, -18, 60)],
        [_along(hand, "pp1", 0.2, -8.0), _along(hand, "pp1", 0.9, -6.0)],
        1.8,
    )  # FPL
    add(
        [(15, -13.5, -60), (14.5, -14.0, -6), (14, -12.5, 18), (12, -8.2, 33)],
        [_along(hand, "mc2", 0.06, -8.0)],
        2.0,
    )  # FCR
    add([(-15, -13.5, -60), (-17, -14, -10), (-17.6, -13.4, 6)], [], 2.2)  # FCU ends in the pisiform
    add(
        [(14, 8.8, -60), (14, 10.6, -6), (14.5, 10.6, 14), (13, 10.0, 30)],
        [_along(hand, "mc2", 0.06, 8.6)],
        1.8,
    )  # ECRL
    add(
        [(10, 9.8, -60), (10, 11.8, -6), (7, 11.6, 14), (4, 11.2, 30)], [_along(hand, "mc3", 0.06, 8.8)], 1.8
    )  # ECRB
    add(
        [(-22, 6.8, -60), (-23, 8.6, -8), (-24.5, 6.0, 8), (-23, 4.5, 24)],
        [_along(hand, "mc5", 0.04, 2.0, -7.0)],
        1.9,
    )  # ECU
    add(
        [(18.5, 2.5, -50), (22.5, 0.5, -4), (24.5, -2.5, 14), (28, -6.5, 30)],
        [_along(hand, "mc1", 0.05, 3.0, 7.5)],
        1.8,
    )  # APL
    add(
        [(17, 5, -50), (20.5, 5.5, -4), (25, 2.0, 18)],
        [_along(hand, "mc1", 0.4, 6.0), _along(hand, "mc1", 0.97, 8.8), _along(hand, "pp1", 0.5, 5.8)],
        1.2,
    )  # EPB
    add([(4, -14.5, -60), (4, -15.8, 4), (4, -16.4, 28)], [_along(hand, "mc3", 0.4, -14.5)], 2.1, NERVE)
    return tendons


def _vessels(hand: Hand) -> list[tuple[list[np.ndarray], float, Signal]]:
    s = hand.size
    fixed: list[tuple[list[tuple[float, float, float]], float]] = [
        ([(19, -11.5, -62), (19.5, -11, -14), (22, -7.5, 4), (25.5, 1.0, 18), (20, 6, 34), (16, 1, 42)], 1.3),
        (
            [
                (-13, -13.5, -62),
                (-13, -14.5, -10),
                (-13, -16.2, 8),
                (-12, -17.6, 28),
                (-4, -16, 56),
                (10, -15.2, 58),
            ],
            1.3,
        ),
        ([(12, 14.0, -50), (16, 13.8, -10), (20, 12, 22), (17, 11.6, 52), (10, 11.2, 82)], 1.1),
        ([(-16, 13.2, -40), (-12, 14.4, 0), (-6, 14.6, 34), (-5, 12.6, 62), (-4, 10.6, 86)], 1.1),
        ([(-6, 14.6, 34), (-15, 12.6, 56), (-21, 10.2, 82)], 0.9),
    ]
    vessels: list[tuple[list[np.ndarray], float, Signal]] = [
        ([np.array(point) * s for point in line], radius * s, VESSEL) for line, radius in fixed
    ]
    for digit in (2, 3, 4, 5):
        for side in (-1, 1):
            line = [
                _along(hand, f"mc{digit}", 0.55, -12.0, 5.0 * side),
                _along(hand, f"mc{digit}", 0.95, -9.5, 7.2 * side),
                _along(hand, f"pp{digit}", 0.4, -4.8, 6.4 * side),
                _along(hand, f"pp{digit}", 0.95, -4.2, 6.6 * side),
            ]
            vessels.append((line, 0.75 * s, VESSEL))
    return vessels


def _paint_retinacula(picture: Picture, hand: Hand) -> None:
    """Bed of the carpal tunnel, and the band over it from hook and pisiform to trapezium and scaphoid."""
    s = hand.size
    tunnel = np.array([[0, -13, -12], [1, -13.5, 10], [1, -13.5, 32]]) * s
    around = box_around(tunnel.min(axis=0) - 14 * s, tunnel.max(axis=0) + 14 * s)
    distance = _squeezed_tube(tunnel * [1, 1 / 0.5, 1], around, 0.5) - np.float32(9.5 * s)
    picture.paint(around, coverage(distance * 0.7), (0.58, 0.62, 0.24))
    for w in np.arange(4.0, 34.0, 1.0):
        band = smooth_line([(-13.5, -14.5, w), (-6, -18.4, w), (6, -18.6, w), (17.5, -13.5, w)]) * s
        around = box_around(band.min(axis=0) - 2, band.max(axis=0) + 2)
        share = np.float32(0.9 * min((w - 3) / 9, (34 - w) / 9, 1.0))  # thins out towards forearm and palm
        picture.paint(around, share * coverage(tube_distance(band, around) - np.float32(0.8)), LIGAMENT)

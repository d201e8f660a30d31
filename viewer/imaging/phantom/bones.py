"""Bones on the lattice: signed distances with conforming joint surfaces, and thickness of cortex."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from viewer.imaging.phantom import outlines
from viewer.imaging.phantom.anatomy import CARPAL_GAP_MM, FINGER_GAPS_MM, RADIOCARPAL_GAP_MM, Hand
from viewer.imaging.phantom.implicit import (
    MARGIN_MM,
    Shaft,
    blend,
    box_of,
    plate_distance,
    shaft_distance,
    shaft_frame,
    true_distance,
    tube_distance,
)
from viewer.imaging.phantom.lattice import Box, box_around

_CARPUS = tuple(outlines.CARPALS)
_BASES = tuple(f"mc{digit}" for digit in range(1, 6))


@dataclass(frozen=True, slots=True, eq=False)
class Bone:
    """One bone on its own box of the lattice.

    Attributes:
        box: Where it lies.
        distance: Signed distance from its healthy surface, mm, inside negative, shape of the box.
        cortex_mm: Thickness of the cortex, broadcasts to the box.
    """

    box: Box
    distance: np.ndarray
    cortex_mm: np.ndarray


def make_bones(hand: Hand) -> dict[str, Bone]:
    """Return all bones of *hand*, each joint with its gap."""
    boxes = {name: box_of(shape) for name, shape in {**hand.shafts, **hand.plates}.items()}
    boxes["pisiform"], pisiform = _pisiform(hand.size)
    raw: dict[str, np.ndarray] = {
        name: plate_distance(shape, boxes[name]) - 0.5 for name, shape in hand.plates.items()
    }
    for name, shape in hand.shafts.items():
        raw[name] = true_distance(shaft_distance(shape, boxes[name]))
    raw["pisiform"] = pisiform
    _add_processes(raw, boxes, hand)
    carved = {name: _carve(name, raw, boxes) for name in hand.bone_names()}
    return {
        name: Bone(boxes[name], distance, _cortex(hand, name, boxes[name]))
        for name, distance in carved.items()
    }


def distance_to_others(bones: Mapping[str, Bone], name: str) -> np.ndarray:
    """Return how far each voxel of a bone's box is from the nearest other bone, mm, at most MARGIN_MM."""
    box = bones[name].box
    nearest = np.full(box.shape, MARGIN_MM, dtype=np.float32)
    for other, bone in bones.items():
        common = box.overlap(bone.box) if other != name else None
        if common:
            nearest[common[0]] = np.minimum(nearest[common[0]], bone.distance[common[1]])
    return nearest


def _pisiform(size: float) -> tuple[Box, np.ndarray]:
    centre, half = np.array(outlines.PISIFORM[0]) * size, np.array(outlines.PISIFORM[1]) * size
    box = box_around(centre - half - MARGIN_MM, centre + half + MARGIN_MM)
    parts = [(axis - c) / h for axis, c, h in zip(box.axes_mm(), centre, half, strict=True)]
    radius = np.sqrt(sum(part * part for part in parts))
    return box, true_distance(((radius - 1) * half.min()).astype(np.float32))


def _add_processes(raw: dict[str, np.ndarray], boxes: Mapping[str, Box], hand: Hand) -> None:
    """Add hook and styloids, and cut the end of the radius to its inclination."""
    u, _, w = boxes["radius"].axes_mm()
    (ua, wa), (ub, wb) = np.array(outlines.RADIAL_PLANE) * hand.size
    slope = (wb - wa) / (ub - ua)
    plane = (w - wa - slope * (u - ua)) / np.hypot(1, slope)
    raw["radius"] = np.maximum(raw["radius"], plane.astype(np.float32))
    for name, (line, radius) in (
        ("radius", outlines.RADIAL_STYLOID),
        ("ulna", outlines.ULNAR_STYLOID),
        ("hamate", outlines.HOOK_OF_HAMATE),
    ):
        tube = tube_distance(np.array(line) * hand.size, boxes[name]) - np.float32(radius * hand.size)
        raw[name] = blend(raw[name], tube, 2.0)


def _carve(name: str, raw: Mapping[str, np.ndarray], boxes: Mapping[str, Box]) -> np.ndarray:
    distance = raw[name].copy()
    for other, gap, yields in _neighbours(name):
        common = boxes[name].overlap(boxes[other])
        if common is None:
            continue
        mine, theirs = distance[common[0]], raw[other][common[1]]
        cut = gap - theirs if yields else 0.5 * (raw[name][common[0]] - theirs + gap)
        np.maximum(mine, cut, out=mine)
    return distance


def _neighbours(name: str) -> list[tuple[str, float, bool]]:
    """Return (other bone, gap in mm, whether this bone yields to the other or both meet half-way)."""
    if name == "radius":
        return [
            ("scaphoid", RADIOCARPAL_GAP_MM, True),
            ("lunate", RADIOCARPAL_GAP_MM, True),
            ("ulna", 2.0, True),
        ]
    if name == "ulna":
        return [("triquetrum", 3.0, True), ("lunate", 3.0, True)]
    if name == "pisiform":
        return [("triquetrum", 1.4, False)]
    if name in _CARPUS or name in _BASES:
        others = [other for other in (*_CARPUS, *_BASES) if other != name]
        joints = [
            (other, CARPAL_GAP_MM, other == "capitate" and name in {"lunate", "scaphoid"}) for other in others
        ]
        joints = [
            joint for joint in joints if not (name == "capitate" and joint[0] in {"lunate", "scaphoid"})
        ]
        return joints + ([("pisiform", 1.4, False)] if name == "triquetrum" else [])
    kind, digit = name[:2], name[2:]
    previous = {"pp": "mc", "mp": "pp", "dp": "pp" if digit == "1" else "mp"}[kind]
    return [(f"{previous}{digit}", FINGER_GAPS_MM[{"mc": 0, "pp": 1, "mp": 2}[previous]], True)]


def _cortex(hand: Hand, name: str, box: Box) -> np.ndarray:
    """Thin at joints, thick along shafts."""
    if name not in hand.shafts:
        return np.full((1, 1, 1), 0.85, dtype=np.float32)
    along = _share_along(hand.shafts[name], box)
    if name in {"radius", "ulna"}:
        return (0.9 + 1.6 * np.clip((0.72 - along) / 0.3, 0, 1)).astype(np.float32)
    thickest = {"mc": 1.3, "pp": 1.0, "mp": 0.8, "dp": 0.4}[name[:2]] * outlines.WIDTHS[int(name[2])]
    return (0.8 + thickest * np.clip(1 - np.abs(along - 0.5) / 0.38, 0, 1) ** 0.7).astype(np.float32)


def _share_along(shaft: Shaft, box: Box) -> np.ndarray:
    u, v, w = box.axes_mm()
    row = shaft_frame(shaft)[0] / np.linalg.norm(shaft.end - shaft.start)
    return (u - shaft.start[0]) * row[0] + (v - shaft.start[1]) * row[1] + (w - shaft.start[2]) * row[2]

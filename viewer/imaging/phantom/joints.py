"""Joints: cartilage, capsule, and the synovial compartments with the order in which synovitis fills them."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from viewer.imaging.phantom.anatomy import Hand
from viewer.imaging.phantom.bones import Bone
from viewer.imaging.phantom.implicit import shaft_frame
from viewer.imaging.phantom.lattice import Box, box_around, coverage, texture_tile, tiled
from viewer.imaging.phantom.skin import skin_depth
from viewer.imaging.phantom.tissue import CARTILAGE, LIGAMENT, Picture

_FAR = np.float32(9.0)
_PROXIMAL_ROW = ("scaphoid", "lunate", "triquetrum")
_DISTAL = ("trapezium", "trapezoid", "capitate", "hamate", "mc2", "mc3", "mc4", "mc5")


@dataclass(frozen=True, slots=True, eq=False)
class Compartment:
    """The greatest volume that inflamed synovium takes in one RAMRIS synovitis site.

    Attributes:
        box: Where it lies.
        order: The share of the greatest volume at which a voxel becomes inflamed, 0..1; 2 outside the
            compartment. Shape of the box, float32.
    """

    box: Box
    order: np.ndarray

    def filled(self, fraction: float) -> np.ndarray:
        """Return the inflamed voxels, bool, where *fraction* of the greatest volume is filled."""
        return self.order < fraction


def joint_distances(bones: Mapping[str, Bone], box: Box) -> tuple[np.ndarray, np.ndarray]:
    """Return how far each voxel is from the nearest and from the second nearest bone, mm, at most 9."""
    first = np.full(box.shape, _FAR, dtype=np.float32)
    second = first.copy()
    for bone in bones.values():
        common = box.overlap(bone.box)
        if common:
            mine, distance = common[0], bone.distance[common[1]]
            second[mine] = np.minimum(second[mine], np.maximum(first[mine], distance))
            first[mine] = np.minimum(first[mine], distance)
    return first, second


def make_compartments(
    hand: Hand, bones: Mapping[str, Bone], soft: Picture, rng: np.random.Generator
) -> dict[str, Compartment]:
    """Return the seven RAMRIS synovitis sites, apart from each other and from tendons and skin of *soft*."""
    wobble = texture_tile(rng, 3.0)
    compartments: dict[str, Compartment] = {}
    wrist = _hull([bones[name].box for name in (*_PROXIMAL_ROW, *_DISTAL, "pisiform")])
    wrist = _clip(wrist, bones, ("radius", "ulna"), hand)
    nearest, second = joint_distances(bones, wrist)
    reach = _reaches(bones, wrist)
    radius, ulna = reach(("radius",)), reach(("ulna",))
    proximal, distal = reach(_PROXIMAL_ROW), reach(_DISTAL)
    w = wrist.axes_mm()[2] + np.float32(1.3) * tiled(wobble, wrist)  # no compartment ends in a plane
    free = (nearest > 0.2) & (nearest + second > 2.2) & _room(hand, soft, wrist)
    radioulnar = (
        free
        & (ulna < 4.2)
        & (ulna < proximal)
        & (w > -16 * hand.size)
        & (radius + ulna < 11)
        & (w < 1.5 * hand.size)
    )
    radiocarpal = (
        free & ~radioulnar & (radius < 6.0) & (proximal < 6.0) & (nearest < 4.2) & (proximal < distal + 1.5)
    )
    cmc = (
        free
        & ~radioulnar
        & ~radiocarpal
        & (nearest < 3.4)
        & (second < 5.5)
        & (distal < 4.2)
        & (w > 8 * hand.size)
    )
    cmc &= w < 41 * hand.size
    cmc &= reach(("mc1",)) > 3.0
    for site, region in (
        ("distal_radioulnar", radioulnar),
        ("radiocarpal", radiocarpal),
        ("intercarpal_cmc", cmc),
    ):
        compartments[site] = _ordered(wrist, region, nearest, wobble)
    for digit in range(2, 6):
        compartments[f"mcp{digit}"] = _knuckle(hand, bones, soft, digit, wobble)
    return compartments


def paint_joints(picture: Picture, bones: Mapping[str, Bone]) -> None:
    """Paint cartilage between bones, and dark ligaments where two bones come near each other."""
    for _, slab in picture.box.slabs():
        nearest, second = joint_distances(bones, slab)
        between = nearest + second
        if between.min() < 4.2:
            gap = coverage((between - 3.2) * np.float32(0.5)) * coverage(nearest - 2.0)
            picture.paint(slab, np.float32(0.95) * gap, CARTILAGE)
            sheath = coverage(np.abs(nearest - 0.1) - 0.45) * coverage(2.6 - between)
            picture.paint(slab, np.float32(0.6) * sheath, LIGAMENT)


def _hull(boxes: list[Box]) -> Box:
    low = np.min([box.first for box in boxes], axis=0)
    high = np.max([np.add(box.first, box.shape) for box in boxes], axis=0)
    size = high - low
    return Box((int(low[0]), int(low[1]), int(low[2])), (int(size[0]), int(size[1]), int(size[2])))


def _clip(box: Box, bones: Mapping[str, Bone], names: tuple[str, ...], hand: Hand) -> Box:
    """Reach from 18 mm proximal of the wrist to the bases of the metacarpals, as wide as the forearm."""
    low = round(-18 * hand.size / 0.45)
    high = round(44 * hand.size / 0.45)
    widest = _hull([box, *(bones[name].box for name in names)])
    return Box((low, widest.first[1], widest.first[2]), (high - low, widest.shape[1], widest.shape[2]))


def _reaches(bones: Mapping[str, Bone], box: Box):  # noqa: ANN202
    def reach(names: tuple[str, ...]) -> np.ndarray:
        return joint_distances({name: bones[name] for name in names}, box)[0]

    return reach


def _knuckle(
    hand: Hand, bones: Mapping[str, Bone], soft: Picture, digit: int, wobble: np.ndarray
) -> Compartment:
    head, base = bones[f"mc{digit}"], bones[f"pp{digit}"]
    shaft = hand.shafts[f"mc{digit}"]
    box = _around_end(shaft.end, 15.0 * hand.size)
    nearest, second = joint_distances({"head": head, "base": base}, box)
    u, v, w = box.axes_mm()
    frame = shaft_frame(shaft)
    beyond = sum(
        (axis - shaft.end[i]).astype(np.float32) * np.float32(frame[0][i]) for i, axis in enumerate((u, v, w))
    ) + np.float32(1.0) * tiled(wobble, box)
    others = {name: bone for name, bone in bones.items() if bone is not head and bone is not base}
    region = _room(hand, soft, box) & (nearest + 0.5 < joint_distances(others, box)[0])
    region &= (
        (nearest > 0.2)
        & (nearest + second > 2.2)
        & (nearest < 3.6)
        & (beyond > -11 * hand.size)
        & (beyond < 4.5 * hand.size)
    )
    return _ordered(box, region, nearest + 0.12 * np.abs(beyond + 1), wobble)


def _room(hand: Hand, soft: Picture, box: Box) -> np.ndarray:
    """Return where synovium has room: under the skin and its fat, and not in a tendon."""
    room = skin_depth(hand, box) > 2.6
    common = soft.box.overlap(box)
    if common:
        room[common[1]] &= soft.t1_pre[common[0]] > 0.22
    return room


def _around_end(point: np.ndarray, half: float) -> Box:
    return box_around(point - half, point + half)


def _ordered(box: Box, region: np.ndarray, distance: np.ndarray, wobble: np.ndarray) -> Compartment:
    """Rank the voxels of *region*: synovium grows from the bone outwards, unevenly."""
    keys = (distance + 0.9 * tiled(wobble, box))[region]
    order = np.full(box.shape, 2.0, dtype=np.float32)
    ranks = np.empty(keys.size, dtype=np.float32)
    ranks[np.argsort(keys, kind="stable")] = (np.arange(keys.size) + 0.5) / keys.size
    order[region] = ranks
    return Compartment(box, order)

"""One subject: the healthy hand, the disease of both hands, and the phantom's picture at a visit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from viewer.imaging.phantom.anatomy import Hand, make_hand
from viewer.imaging.phantom.bones import Bone, make_bones
from viewer.imaging.phantom.disease import Findings
from viewer.imaging.phantom.joints import Compartment, make_compartments, paint_joints
from viewer.imaging.phantom.lattice import Box, box_around, coverage, softened, texture_tile, tiled
from viewer.imaging.phantom.lesions import Lesion, Seat, make_lesion, make_seat
from viewer.imaging.phantom.sites import PARTS, RAMRIS_PARTS, assessed_volume
from viewer.imaging.phantom.soft_tissue import soft_tissue
from viewer.imaging.phantom.tissue import CORTEX, MARROW, OEDEMA, SYNOVITIS, Picture


@dataclass(frozen=True, slots=True, eq=False)
class Subject:
    """The hand of a subject without disease, as a right hand.

    Attributes:
        hand: Shapes of the bones.
        bones: The same on the lattice.
        compartments: RAMRIS synovitis sites.
        healthy: Brightness of every tissue.
        assessed: Judged part of a bone: its voxels, bool, shape of the bone's box.
    """

    hand: Hand
    bones: Mapping[str, Bone]
    compartments: Mapping[str, Compartment]
    healthy: Picture
    assessed: Mapping[str, np.ndarray]


def scanned_box(hand: Hand) -> Box:
    """Return the part of the hand that MR series can meet, from the forearm to the middle phalanges."""
    return box_around(np.array([-50.0, -33.0, -58.0]) * hand.size, np.array([64.0, 24.0, 146.0]) * hand.size)


def make_subject(rng: np.random.Generator) -> Subject:
    """Return a healthy hand with all tissues."""
    hand = make_hand(rng)
    bones = make_bones(hand)
    healthy = soft_tissue(hand, scanned_box(hand), rng)
    compartments = make_compartments(hand, bones, healthy, rng)
    paint_joints(healthy, bones)
    grain = texture_tile(rng, 0.8)
    for bone in bones.values():
        healthy.paint(bone.box, coverage(bone.distance), CORTEX)
        texture = 1 + np.float32(0.07) * tiled(grain, bone.box)
        healthy.paint(bone.box, coverage(bone.distance + bone.cortex_mm), MARROW, texture)
    assessed = {part: assessed_volume(hand, bones, part) for part in PARTS}
    return Subject(hand, bones, compartments, healthy, assessed)


def make_seats(subject: Subject, course: Sequence[Findings], rng: np.random.Generator) -> dict[str, Seat]:
    """Return for one hand where disease starts in every judged part that falls ill during *course*."""
    noise = texture_tile(rng, 2.2), texture_tile(rng, 4.0)
    seeds = rng.integers(0, 2**32, len(PARTS))
    return {
        part: make_seat(
            subject.hand, subject.bones, part, subject.assessed[part], noise, np.random.default_rng(seed)
        )
        for part, seed in zip(PARTS, seeds.tolist(), strict=True)
        if any(findings.eroded[part] or findings.oedema[part] for findings in course)
    }


def make_lesions(subject: Subject, seats: Mapping[str, Seat], findings: Findings) -> dict[str, Lesion]:
    """Return the diseased parts of one hand at one visit."""
    return {
        part: make_lesion(subject.bones[PARTS[part][0]], seat, findings.eroded[part], findings.oedema[part])
        for part, seat in seats.items()
        if findings.eroded[part] or findings.oedema[part]
    }


def diseased_picture(
    subject: Subject, lesions: Mapping[str, Lesion], findings: Findings, canvas: Picture | None = None
) -> Picture:
    """Return the hand as it is at a visit: oedema and erosions in bones, synovitis in joints.

    An earlier picture that is no longer needed can be given as *canvas*, to be painted over.
    """
    picture = subject.healthy.copy(canvas)
    for site, compartment in subject.compartments.items():
        picture.paint(compartment.box, softened(compartment.filled(findings.synovitis[site])), SYNOVITIS)
    for part, lesion in lesions.items():
        if part not in RAMRIS_PARTS:
            continue
        bone = subject.bones[PARTS[part][0]]
        marrow = coverage(bone.distance + bone.cortex_mm)
        picture.paint(bone.box, lesion.oedema * marrow, OEDEMA)
        picture.paint(bone.box, lesion.eroded, SYNOVITIS)
    return picture


def synovitis_fractions(subject: Subject, findings: Findings) -> dict[str, float]:
    """Return the inflamed share of the greatest volume of every synovitis site, counted in voxels."""
    return {
        site: float(compartment.filled(findings.synovitis[site]).sum() / (compartment.order <= 1).sum())
        for site, compartment in subject.compartments.items()
    }


def landmarks(subject: Subject) -> dict[str, np.ndarray]:
    """Return a point (u, v, w; mm) inside every RAMRIS bone site and synovitis site, near its middle."""
    points = {
        part: _middle(subject.bones[bone].box, subject.assessed[part])
        for part, (bone, _) in RAMRIS_PARTS.items()
    }
    points |= {site: _middle(part.box, part.order <= 1) for site, part in subject.compartments.items()}
    return points


def _middle(box: Box, region: np.ndarray) -> np.ndarray:
    index = np.argwhere(region)
    return box.position_of(index[np.argmin(np.sum((index - index.mean(axis=0)) ** 2, axis=1))])

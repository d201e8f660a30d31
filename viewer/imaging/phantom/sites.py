"""Which bones make up the sites of the scoring systems, and which volume of a bone is judged."""

from collections.abc import Mapping
from typing import Final

import numpy as np

from viewer.imaging.phantom import outlines
from viewer.imaging.phantom.anatomy import Hand
from viewer.imaging.phantom.bones import Bone
from viewer.imaging.phantom.implicit import shaft_frame

ASSESSED_DEPTH_MM: Final = 10.0
"""Long bones are judged from the joint to this depth (RAMRIS, Østergaard 2003)."""

_CARPAL_SITES: Final = (
    "trapezium",
    "trapezoid",
    "capitate",
    "hamate",
    "scaphoid",
    "lunate",
    "triquetrum",
    "pisiform",
)

RAMRIS_PARTS: Final[Mapping[str, tuple[str, str]]] = {
    **{f"mc{digit}_base": (f"mc{digit}", "proximal") for digit in range(1, 6)},
    **{name: (name, "whole") for name in _CARPAL_SITES},
    "distal_radius": ("radius", "distal"),
    "distal_ulna": ("ulna", "distal"),
    **{
        f"{bone}{digit}_{end}": (f"{bone}{digit}", side)
        for digit in range(2, 6)
        for bone, end, side in (("mc", "head", "distal"), ("pp", "base", "proximal"))
    },
}
"""RAMRIS bone site: (bone, which end is judged), in the order of the system."""

FILM_PARTS: Final[Mapping[str, tuple[str, str]]] = {
    "mc1_head": ("mc1", "distal"),
    "pp1_base": ("pp1", "proximal"),
    "pp1_head": ("pp1", "distal"),
    "dp1_base": ("dp1", "proximal"),
    **{f"pp{digit}_head": (f"pp{digit}", "distal") for digit in range(2, 6)},
    **{f"mp{digit}_base": (f"mp{digit}", "proximal") for digit in range(2, 6)},
}
"""Further ends of bones that only films are scored for."""

PARTS: Final[Mapping[str, tuple[str, str]]] = {**RAMRIS_PARTS, **FILM_PARTS}

FILM_EROSION_SITES: Final[Mapping[str, tuple[str, ...]]] = {
    **{f"pip{digit}": (f"pp{digit}_head", f"mp{digit}_base") for digit in range(2, 6)},
    "ip1": ("pp1_head", "dp1_base"),
    **{f"mcp{digit}": (f"mc{digit}_head", f"pp{digit}_base") for digit in range(1, 6)},
    "mc1_base": ("mc1_base",),
    "multangular": ("trapezium", "trapezoid"),
    "scaphoid": ("scaphoid",),
    "lunate": ("lunate",),
    "triquetrum_pisiform": ("triquetrum", "pisiform"),
    "distal_radius": ("distal_radius",),
    "distal_ulna": ("distal_ulna",),
}
"""Sharp 1985 erosion area: the judged parts of bones in it."""

FILM_SPACE_BONES: Final[Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]]] = {
    **{f"pip{digit}": ((f"pp{digit}",), (f"mp{digit}",)) for digit in range(2, 6)},
    "ip1": (("pp1",), ("dp1",)),
    **{f"mcp{digit}": ((f"mc{digit}",), (f"pp{digit}",)) for digit in range(1, 6)},
    "cmc3": (("capitate",), ("mc3",)),
    "cmc4": (("hamate",), ("mc4",)),
    "cmc5": (("hamate",), ("mc5",)),
    "multangular_scaphoid": (("scaphoid",), ("trapezium", "trapezoid")),
    "lunate_triquetrum": (("lunate",), ("triquetrum",)),
    "capitate_scaphoid_lunate": (("scaphoid", "lunate"), ("capitate",)),
    "radiocarpal": (("radius",), ("scaphoid", "lunate")),
    "distal_radioulnar": (("radius",), ("ulna",)),
}
"""Sharp 1985 joint space: the bones on its two sides."""

FILM_SPACE_SITES: Final = tuple(FILM_SPACE_BONES)
"""Sharp 1985 joint spaces, in the order of the system."""

SYNOVITIS_SITES: Final = (
    "distal_radioulnar",
    "radiocarpal",
    "intercarpal_cmc",
    "mcp2",
    "mcp3",
    "mcp4",
    "mcp5",
)


def depth_from_joint(hand: Hand, bones: Mapping[str, Bone], part: str) -> np.ndarray:
    """Return how far (mm) each voxel of a bone's box is from the joint end of *part*; 0 in a carpal bone."""
    name, end = PARTS[part]
    bone = bones[name]
    if end == "whole":
        return np.zeros((1, 1, 1), dtype=np.float32)
    u, v, w = bone.box.axes_mm()
    away = shaft_frame(hand.shafts[name])[0]
    if name == "radius":  # judged parallel to its inclined joint surface
        (ua, wa), (ub, wb) = outlines.RADIAL_PLANE
        away = np.array([wa - wb, 0.0, ub - ua]) / np.hypot(ub - ua, wb - wa)
    away = away.astype(np.float32) * (-1 if end == "distal" else 1)
    height = u * away[0] + v * away[1] + w * away[2]
    outermost = np.quantile(
        height[bone.distance < 0], 0.002 if name != "radius" else 0.012
    )  # without a styloid's tip
    return height - np.float32(outermost)


def assessed_volume(hand: Hand, bones: Mapping[str, Bone], part: str) -> np.ndarray:
    """Return the judged voxels of a bone's box, bool: the whole bone, or up to 1 cm from the joint."""
    inside = bones[PARTS[part][0]].distance < 0
    return inside & (depth_from_joint(hand, bones, part) < ASSESSED_DEPTH_MM)

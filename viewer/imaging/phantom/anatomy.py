"""One person's hand: sizes and proportions drawn from a seed, bones as shapes."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from viewer.imaging.phantom import outlines
from viewer.imaging.phantom.implicit import Plate, Shaft

CARPAL_GAP_MM = 1.7
RADIOCARPAL_GAP_MM = 2.1
FINGER_GAPS_MM = (1.8, 1.4, 1.2)
"""Joint spaces, bone to bone: MCP, PIP or IP, DIP."""


@dataclass(frozen=True, slots=True)
class Hand:
    """The shapes of one right hand; a left one is its mirror image.

    Attributes:
        size: How large it is beside the average hand.
        plates: Carpal bones by name, without pisiform.
        shafts: Long bones by name: ``radius``, ``ulna``, ``mc1``..``mc5``, ``pp1``..``pp5``,
            ``mp2``..``mp5``, ``dp1``..``dp5``.
    """

    size: float
    plates: Mapping[str, Plate]
    shafts: Mapping[str, Shaft]

    def bone_names(self) -> tuple[str, ...]:
        """Return the names of all 29 bones, from the forearm outwards."""
        return (
            "radius",
            "ulna",
            *self.plates,
            "pisiform",
            *(name for name in self.shafts if name[-1].isdigit()),
        )


def make_hand(rng: np.random.Generator) -> Hand:
    """Return a hand with its own size, finger lengths and bone outlines."""
    size = float(rng.uniform(0.93, 1.04))
    return Hand(size, _carpals(rng, size), _forearm(size) | _digits(rng, size))


def _carpals(rng: np.random.Generator, size: float) -> dict[str, Plate]:
    plates: dict[str, Plate] = {}
    for name, (corners, middle, half_depth, slope, taper, rounding) in outlines.CARPALS.items():
        outline = np.array(corners) + rng.normal(0, 0.25, (len(corners), 2))
        plates[name] = Plate(
            outline * size,
            middle * size,
            half_depth * size * float(rng.uniform(0.96, 1.04)),
            slope,
            taper,
            rounding * size,
        )
    return plates


def _forearm(size: float) -> dict[str, Shaft]:
    return {
        name: Shaft(
            np.array(start) * size, np.array(end) * size, _scaled(profile, size), 1.0, cap * size, roundness
        )
        for name, (start, end, cap, roundness, profile) in outlines.LONG_BONES.items()
    }


def _digits(rng: np.random.Generator, size: float) -> dict[str, Shaft]:
    shafts: dict[str, Shaft] = {}
    profiles = (
        outlines.METACARPAL,
        outlines.PROXIMAL_PHALANX,
        outlines.MIDDLE_PHALANX,
        outlines.DISTAL_PHALANX,
    )
    for digit, (base, ray, finger, roll, lengths) in outlines.DIGITS.items():
        stretch = size * float(rng.uniform(0.97, 1.03))
        wide = size * outlines.WIDTHS[digit] * float(rng.uniform(0.97, 1.03))
        lean = rng.normal(0, 0.012, 2)
        start = np.array(base) * size
        for step, (kind, length, profile) in enumerate(
            zip(("mc", "pp", "mp", "dp"), lengths, profiles, strict=True)
        ):
            if not length:
                continue
            way = np.array(ray if kind == "mc" else finger) + (
                0 if kind == "mc" else np.array([lean[0], 0, 0])
            )
            way = way / np.linalg.norm(way)
            end = start + way * length * stretch
            cap = (6.6, 4.2, 3.6, 2.6)[step] * wide
            shafts[f"{kind}{digit}"] = Shaft(
                start, end, _scaled(profile, wide), 3.0 * wide, cap, (2.0, 2.6, 2.6, 2.2)[step], roll
            )
            gap = FINGER_GAPS_MM[1 if digit == 1 and kind == "pp" else min(step, 2)]
            start = end + way * (
                gap - (1.5, 0.9, 0.7)[min(step, 2)] * wide
            )  # the base is hollow and reaches round the head
    return dict(sorted(shafts.items(), key=lambda item: ("mc pp mp dp".index(item[0][:2]), item[0])))


def _scaled(profile: list[tuple[float, float, float, float]], factor: float) -> np.ndarray:
    return np.array(profile) * [1, factor, factor, factor]

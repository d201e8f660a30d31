"""Materials and how bright each is in each contrast; a picture that is painted with them."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from viewer.imaging.phantom.lattice import Box

Signal = tuple[float, float, float]
"""Brightness in T1 before contrast, T1 after contrast, STIR; fat on T1 is 1."""

FAT: Final[Signal] = (1.0, 1.0, 0.07)
SKIN: Final[Signal] = (0.50, 0.55, 0.28)
MUSCLE: Final[Signal] = (0.40, 0.45, 0.24)
TENDON: Final[Signal] = (0.07, 0.07, 0.04)
LIGAMENT: Final[Signal] = (0.17, 0.18, 0.08)
NERVE: Final[Signal] = (0.52, 0.55, 0.30)
VESSEL: Final[Signal] = (0.34, 0.95, 0.55)
CARTILAGE: Final[Signal] = (0.70, 0.72, 0.32)
CORTEX: Final[Signal] = (0.05, 0.05, 0.02)
MARROW: Final[Signal] = (0.90, 0.90, 0.07)
OEDEMA: Final[Signal] = (0.46, 0.68, 0.72)
SYNOVITIS: Final[Signal] = (0.34, 1.12, 0.80)


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """Brightness of every voxel of a box in the three contrasts.

    Attributes:
        box: Where it lies.
        t1_pre: T1 before contrast, float32, shape of the box.
        t1_post: T1 after contrast.
        stir: STIR.
    """

    box: Box
    t1_pre: np.ndarray
    t1_post: np.ndarray
    stir: np.ndarray

    def copy(self, canvas: "Picture | None" = None) -> "Picture":
        """Return the same picture to paint on, in the arrays of *canvas* if one is given."""
        canvas = canvas or Picture(self.box, *(np.empty_like(self.t1_pre) for _ in range(3)))
        np.copyto(canvas.t1_pre, self.t1_pre)
        np.copyto(canvas.t1_post, self.t1_post)
        np.copyto(canvas.stir, self.stir)
        return canvas

    def paint(self, box: Box, share: np.ndarray, signal: Signal, texture: np.ndarray | float = 1.0) -> None:
        """Replace *share* (0..1) of each voxel of *box* by a material, as far as the picture reaches."""
        common = self.box.overlap(box)
        if common is None:
            return
        mine, theirs = common
        part = share[theirs]
        grain = texture[theirs] if isinstance(texture, np.ndarray) else np.float32(texture)
        for target, value in zip((self.t1_pre, self.t1_post, self.stir), signal, strict=True):
            step = np.float32(value) * grain - target[mine]
            step *= part
            target[mine] += step

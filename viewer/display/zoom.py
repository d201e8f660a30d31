"""How large pictures are: fitting their pane, pixel for pixel, or as large as the hand itself."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from viewer.display.orientation import Orientation
from viewer.display.viewport import fitting_scale, pixel_size
from viewer.imaging.volume import Volume

ZoomMode = Literal["fit", "pixel", "life", "joint"]
JOINT_MM = 42.0
"""How much of the hand the joint lens shows across the shorter side of a pane."""
_JOINT_SHARE = 5.0
"""The same as a share of a film whose pixels have no known size."""
_LOWEST, _HIGHEST = 0.05, 60.0


@dataclass(frozen=True, slots=True)
class Screen:
    """A pane on its screen.

    Attributes:
        size: Width and height in logical pixels.
        ratio: Device pixels per logical pixel.
        pixels_per_mm: Logical pixels per millimetre of glass; None where the screen does not say.
    """

    size: tuple[int, int]
    ratio: float = 1.0
    pixels_per_mm: float | None = None


@dataclass(frozen=True, slots=True)
class Zoom:
    """What the reader wants: a mode and a factor on top of it.

    ``"fit"``: a whole slice fits its pane; ``"pixel"``: a column of the picture is one device pixel;
    ``"life"``: a millimetre of hand is a millimetre of glass; ``"joint"``: one joint fills the pane.
    """

    mode: ZoomMode = "fit"
    factor: float = 1.0

    def magnified(self, factor: float) -> Zoom:
        """Return this zoom with a factor more, within what makes sense."""
        return replace(self, factor=min(max(self.factor * factor, _LOWEST), _HIGHEST))


def scale_of(volume: Volume, orientation: Orientation, screen: Screen, zoom: Zoom) -> float:
    """Return logical pixels per mm of *volume* on *screen* (per column where no length is known)."""
    if zoom.mode == "pixel":
        return zoom.factor / (pixel_size(volume)[1] * screen.ratio)
    if zoom.mode == "life" and screen.pixels_per_mm and has_length(volume):
        return zoom.factor * screen.pixels_per_mm
    if zoom.mode == "joint" and has_length(volume):
        return zoom.factor * min(screen.size) / JOINT_MM
    share = _JOINT_SHARE if zoom.mode == "joint" else 1.0
    return zoom.factor * share * fitting_scale(volume, screen.size, transposed=orientation.transposed)


def has_length(volume: Volume) -> bool:
    """Whether a distance on *volume* is known in mm, in the patient or at the detector."""
    return volume.geometry is not None or volume.pixel_spacing_mm is not None


def life_size_refusal(volume: Volume, screen: Screen) -> str:
    """Return why *volume* cannot be shown life-size; empty when it can."""
    if not has_length(volume):
        return "This picture has no known pixel size: it cannot be shown life-size."
    if not screen.pixels_per_mm:
        return "The screen does not tell its size: nothing can be shown life-size on it."
    return ""

"""A series as one array in its stored integer type, with geometry, rescale and polarity beside it."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from viewer.imaging.geometry import Geometry


@dataclass(frozen=True, slots=True)
class Window:
    """A window of the header: centre and width in rescaled values. Source: DICOM PS3.3 C.11.2."""

    center: float
    width: float
    function: str = "LINEAR"
    explanation: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class LookupTable:
    """Values that replace *first*, *first* + 1, …; anything below or above takes the end values."""

    first: int
    values: NDArray[Any]
    bits: int


@dataclass(frozen=True, slots=True, eq=False)
class Voi:
    """How the header wants the picture shown; only the plain viewer uses it."""

    windows: tuple[Window, ...] = ()
    lookup_tables: tuple[LookupTable, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Volume:
    """A stack of slices or a film, ready to be shown.

    Attributes:
        pixels: Shape (slices, rows, columns), C-contiguous, stored integer type with unused bits cleared;
            float32 (or the output of a modality lookup table) with slope 1 where the rescale differs from
            slice to slice.
        geometry: None for projection images and stacks without positions.
        pixel_spacing_mm: Row, column spacing in mm; None where the header gives no length.
        spacing_at: Where that spacing holds: "patient", or "detector" (only Imager Pixel Spacing: not
            corrected for magnification).
        pixel_aspect: Row spacing / column spacing, so that films without mm are not distorted.
        rescale_slope: Value = stored value * slope + intercept.
        rescale_intercept: See rescale_slope.
        monochrome1: High stored values are dark. Never applied to the pixels.
        row_letters: Films: where the left and the right edge point in the patient, e.g. ("R", "L").
        column_letters: Films: where the top and the bottom edge point, e.g. ("H", "F").
        padding: Lowest and highest stored value that stands for "no picture here".
        voi: Windows and lookup tables of the header.
        part: Films of both hands: the first column of the hand that is looked at, and the first that is not.
    """

    pixels: NDArray[Any]
    geometry: Geometry | None
    pixel_spacing_mm: tuple[float, float] | None
    spacing_at: str | None
    pixel_aspect: float = 1.0
    rescale_slope: float = 1.0
    rescale_intercept: float = 0.0
    monochrome1: bool = False
    row_letters: tuple[str, str] | None = None
    column_letters: tuple[str, str] | None = None
    padding: tuple[float, float] | None = None
    voi: Voi | None = None
    part: tuple[int, int] | None = None

    @property
    def shown_columns(self) -> tuple[int, int]:
        """The first column that is looked at, and the first that is not."""
        return self.part or (0, self.pixels.shape[2])

    def values(self) -> NDArray[np.float32]:
        """Return the rescaled values as float32, shape of pixels."""
        return self.pixels.astype(np.float32) * np.float32(self.rescale_slope) + np.float32(
            self.rescale_intercept
        )

"""The pictures of one case, opened as memory maps from its reading."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from storage.reading.reading import Reading
from storage.reading.records import Case, ImageRecord
from viewer.display.orientation import Orientation, upright
from viewer.display.picture import pyramid
from viewer.display.window_level import StoredWindow, first_window
from viewer.imaging.geometry import Geometry
from viewer.imaging.volume import Volume

ROLE_TITLES = {
    "cor_t1_pre": "cor T1 pre",
    "cor_t1_post": "cor T1 post",
    "ax_t1_pre": "ax T1 pre",
    "ax_t1_post": "ax T1 post",
    "cor_stir": "cor STIR",
    "xr_pa_left": "left hand PA",
    "xr_pa_right": "right hand PA",
    "xr_pa_both": "both hands PA",
}
_STANDS_IN = {"xr_pa_left": "xr_pa_both", "xr_pa_right": "xr_pa_both"}
_WINDOW_OF = {"cor_t1_post": "cor_t1_pre", "ax_t1_post": "ax_t1_pre"}


@dataclass(frozen=True, slots=True, eq=False)
class CaseImage:
    """One picture ready to be shown, or the reason why there is none."""

    letter: str
    role: str
    frame: int | None = None
    volume: Volume | None = None
    orientation: Orientation | None = None
    pyramid: tuple[NDArray[Any], ...] = ()
    reason: str = ""

    _slices: dict[int, tuple[NDArray[Any], ...]] = field(default_factory=dict[int, tuple[NDArray[Any], ...]])

    def levels(self, slice_index: int) -> tuple[NDArray[Any], ...]:
        """Return the slice, shape (rows, columns), and its pyramid where it has one; the same each time."""
        if self.pyramid:
            return self.pyramid
        if slice_index not in self._slices:
            assert self.volume is not None
            self._slices[slice_index] = (self.volume.pixels[slice_index],)
        return self._slices[slice_index]


@dataclass(frozen=True, slots=True, eq=False)
class CaseImages:
    """All pictures of a case by (timepoint letter, series role)."""

    code: str
    letters: tuple[str, ...]
    images: Mapping[tuple[str, str], CaseImage]
    _windows: dict[tuple[CaseImage, float, float], StoredWindow] = field(
        default_factory=dict[tuple["CaseImage", float, float], StoredWindow]
    )

    def image(self, letter: str, role: str) -> CaseImage:
        """Return a picture, or an empty one that says why it is empty."""
        stands_in = _STANDS_IN.get(role, role)
        for wanted in (role, stands_in):
            found = self.images.get((letter, wanted))
            if found is not None and (found.volume is not None or wanted == stands_in):
                return found
        found = self.images.get((letter, role))
        return found or CaseImage(letter, role, reason=f"No {role_title(role)} at this timepoint.")

    def window(self, image: CaseImage, low: float, high: float) -> StoredWindow:
        """Return the window between percentiles of a picture; post contrast takes that of its own pre.

        Raises:
            ValueError: The picture is missing.
        """
        known = self._windows.get((image, low, high))
        if known is None:
            source = self.images.get((image.letter, _WINDOW_OF.get(image.role, image.role)), image)
            volume = source.volume or image.volume
            if volume is None:
                raise ValueError("a missing picture has no window")
            known = self._windows[image, low, high] = first_window(volume, low, high)
        return known


def role_title(role: str) -> str:
    """Return what a series role is called on the screen."""
    return ROLE_TITLES.get(role, role)


def open_images(reading: Reading, case: Case) -> CaseImages:
    """Open every picture of *case*; pixels stay on disk until they are shown.

    Raises:
        StorageError: A picture is missing or is not what the reading was made with.
    """
    images: dict[tuple[str, str], CaseImage] = {}
    for timepoint in case.timepoints:
        volumes = {
            record.role: volume_of(record, reading.open_array(record))
            for record in timepoint.images
            if record.array is not None
        }
        for record in timepoint.images:
            volume = volumes.get(record.role)
            if volume is None:
                reason = record.missing_reason or "This picture is missing."
                images[timepoint.letter, record.role] = CaseImage(
                    timepoint.letter, record.role, reason=reason
                )
                continue
            images[timepoint.letter, record.role] = CaseImage(
                timepoint.letter,
                record.role,
                record.frame,
                volume,
                upright(volume.geometry),
                pyramid(volume.pixels[0]) if len(volume.pixels) == 1 else (),
            )
    return CaseImages(case.code, tuple(timepoint.letter for timepoint in case.timepoints), images)


def volume_of(record: ImageRecord, pixels: NDArray[Any]) -> Volume:
    """Return the volume a reading's record and array stand for."""
    geometry = None
    if record.affine is not None and record.spacing_mm is not None:
        slices, rows, columns = pixels.shape
        affine = np.array(record.affine, np.float64).reshape(4, 4)
        geometry = Geometry(affine, (slices, rows, columns), record.spacing_mm)
    return Volume(
        pixels,
        geometry,
        record.pixel_spacing_mm,
        record.spacing_at,
        record.pixel_aspect,
        record.rescale_slope,
        record.rescale_intercept,
        record.monochrome1,
        record.row_letters,
        record.column_letters,
        record.padding,
    )

"""Pixels cross the blinding line here: a series goes in, an array with bare geometry comes out.

What a reader may know of a picture is what :class:`storage.reading.records.ImageRecord` can hold, and
every field is set here by name; nothing is copied from a header and taken away again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np

from reader_app.workflow.series_roles import RoleStatus
from reader_app.workflow.stored_series import restore_series
from storage.reading.records import ImageRecord, ImageSpec
from storage.study.records import StoredSeries
from viewer.imaging.geometry import Geometry
from viewer.imaging.volume import Volume
from viewer.imaging.worker import ImagingWorker

NOT_ACQUIRED = "not acquired"


class Decoder:
    """Decodes series in the imaging worker; keeps the pixels in a folder if they are asked for again."""

    def __init__(self, originals: Path, keep_in: Path | None) -> None:
        self._originals = originals
        self._worker = ImagingWorker()
        self._folder = keep_in
        self._kept: dict[str, Volume] = {}

    def __enter__(self) -> Self:
        self._worker.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._kept.clear()
        self._worker.__exit__(kind, error, trace)

    def volume(self, series: StoredSeries) -> Volume:
        """Return the decoded series.

        Raises:
            ImagingError: It cannot be decoded.
        """
        if series.series_uid in self._kept:
            return self._kept[series.series_uid]
        volume = self._worker.load_volume(restore_series(series, self._originals))
        if self._folder is not None:
            path = self._folder / f"{len(self._kept)}.npy"
            np.save(path, volume.pixels)
            volume = replace(volume, pixels=np.load(path, mmap_mode="r"))
            self._kept[series.series_uid] = volume
        return volume


@dataclass(frozen=True, slots=True)
class _Decoded:
    """A decoded series; ``frame`` is its frame of reference, None where it has none or no geometry."""

    role: str
    volume: Volume | None
    frame: str | None


def blinded_images(decoder: Decoder, letter: str, statuses: Sequence[RoleStatus]) -> Iterator[ImageSpec]:
    """Yield the pictures of one timepoint, decoded when the first is asked for.

    Frames of reference become 1, 2, … in the order of the roles, and each gets the centre of the union
    of its volumes as origin, so that no scanner coordinate tells a visit. A series without one has no
    number and its own centre as origin: nobody knows how it lies to the others.

    Raises:
        ImagingError: A series cannot be decoded.
    """
    decoded = [_decode(decoder, status) for status in statuses]
    frames = dict.fromkeys(one.frame for one in decoded if one.frame is not None)
    numbers = {frame: number for number, frame in enumerate(frames, start=1)}
    for one in decoded:
        if one.volume is None:
            yield ImageSpec(ImageRecord(role=one.role, letter=letter, missing_reason=NOT_ACQUIRED))
            continue
        sharing = [other for other in decoded if other.frame == one.frame] if one.frame else [one]
        origin = _centre([other.volume.geometry for other in sharing if other.volume])
        number = numbers[one.frame] if one.frame else None
        yield ImageSpec(_record(one.role, letter, one.volume, number, origin), one.volume.pixels)


def _decode(decoder: Decoder, status: RoleStatus) -> _Decoded:
    if not status.series:
        return _Decoded(status.role, None, None)
    series = status.series[0]
    volume = decoder.volume(series)
    frame = series.facts["frame_of_reference_uid"] if volume.geometry is not None else None
    return _Decoded(status.role, volume, frame or None)


def _centre(geometries: Sequence[Geometry | None]) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Return the centre (3,) in LPS mm of the box around all pixel centres of volumes that have a place."""
    corners = [
        geometry.position_of(np.array(list(np.ndindex(2, 2, 2))) * (np.array(geometry.shape) - 1))
        for geometry in geometries
        if geometry is not None
    ]
    points = np.concatenate(corners) if corners else np.zeros((1, 3))
    return (points.min(axis=0) + points.max(axis=0)) / 2


def _record(
    role: str, letter: str, volume: Volume, frame: int | None, origin: np.ndarray[Any, np.dtype[np.float64]]
) -> ImageRecord:
    geometry = volume.geometry
    affine = None
    if geometry is not None:
        shifted = geometry.affine.copy()
        shifted[:3, 3] -= origin
        affine = tuple(float(number) for number in shifted.ravel())
    return ImageRecord(
        role=role,
        letter=letter,
        frame=frame,
        affine=affine,
        spacing_mm=None if geometry is None else geometry.spacing_mm,
        pixel_spacing_mm=volume.pixel_spacing_mm,
        spacing_at=volume.spacing_at,
        pixel_aspect=volume.pixel_aspect,
        rescale_slope=volume.rescale_slope,
        rescale_intercept=volume.rescale_intercept,
        monochrome1=volume.monochrome1,
        row_letters=volume.row_letters,
        column_letters=volume.column_letters,
        padding=volume.padding,
    )

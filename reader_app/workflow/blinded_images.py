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
    role: str
    volume: Volume | None
    frame_of_reference_uid: str | None


def blinded_images(decoder: Decoder, letter: str, statuses: Sequence[RoleStatus]) -> Iterator[ImageSpec]:
    """Yield the pictures of one timepoint, decoded when the first is asked for.

    Frames of reference become 1, 2, … in the order of the roles, and each gets the centre of the union
    of its volumes as origin, so that no scanner coordinate tells a visit.

    Raises:
        ImagingError: A series cannot be decoded.
    """
    decoded = [_decode(decoder, status) for status in statuses]
    frames = _frames(decoded)
    origins = {
        frame: _centre(
            [one.volume.geometry for one in decoded if _frame_of(one, frames) == frame and one.volume]
        )
        for frame in frames.values()
    }
    for one in decoded:
        if one.volume is None:
            record = ImageRecord(role=one.role, letter=letter, missing_reason=NOT_ACQUIRED)
            yield ImageSpec(record)
        else:
            frame = _frame_of(one, frames)
            origin = origins[frame] if frame else np.zeros(3)
            yield ImageSpec(_record(one.role, letter, one.volume, frame, origin), one.volume.pixels)


def _decode(decoder: Decoder, status: RoleStatus) -> _Decoded:
    if not status.series:
        return _Decoded(status.role, None, None)
    series = status.series[0]
    return _Decoded(status.role, decoder.volume(series), series.facts["frame_of_reference_uid"])


def _frames(decoded: Sequence[_Decoded]) -> dict[str, int]:
    """Number the frames of reference; a series without one is a frame of its own."""
    keys = (_frame_key(one) for one in decoded if one.volume is not None and one.volume.geometry is not None)
    return {key: number for number, key in enumerate(dict.fromkeys(keys), start=1)}


def _frame_key(one: _Decoded) -> str:
    return one.frame_of_reference_uid or f"only {one.role}"


def _frame_of(one: _Decoded, frames: dict[str, int]) -> int | None:
    if one.volume is None or one.volume.geometry is None:
        return None
    return frames[_frame_key(one)]


def _centre(geometries: Sequence[Geometry | None]) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Return the centre (3,) in LPS mm of the box around all pixel centres of some volumes."""
    corners = [
        geometry.position_of(np.array(list(np.ndindex(2, 2, 2))) * (np.array(geometry.shape) - 1))
        for geometry in geometries
        if geometry is not None
    ]
    points = np.concatenate(corners)
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

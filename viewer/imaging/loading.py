"""From the files of a series to its volume."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from viewer.imaging.admission import FILM_MODALITIES, admit
from viewer.imaging.checkpoint import Checkpoint
from viewer.imaging.enhanced import frames_of
from viewer.imaging.errors import InconsistentSeriesError
from viewer.imaging.files import DicomFile, quiet
from viewer.imaging.headers import FileHeader
from viewer.imaging.limits import LIMITS, Limits
from viewer.imaging.lookup import modality_table_of, padding_of, voi_of
from viewer.imaging.pixels import is_plain, read_frames_into
from viewer.imaging.plain_pixels import PlainPixels
from viewer.imaging.series import ImageFile, Series
from viewer.imaging.stack import Slice, Stack, stack_of
from viewer.imaging.volume import LookupTable, Volume

_OPPOSITE = {"L": "R", "R": "L", "A": "P", "P": "A", "F": "H", "H": "F"}


def load_volume(series: Series, checkpoint: Checkpoint | None = None, limits: Limits = LIMITS) -> Volume:
    """Return the volume of *series*, decoded from its files, whose headers are read anew.

    Gaps of a stack become slices of the lowest value, so that every image stands where it belongs.

    Args:
        series: A series of a scan; only its files count.
        checkpoint: Called before each file; raising from it stops the loading.
        limits: How much a file and the whole volume may ask for.

    Raises:
        FileProblemError: A file is damaged, changed or not decodable.
        InconsistentSeriesError: The files do not form one volume.
    """
    sources, slices, stack = _plan(series, limits)
    pixels = _pixels(sources, stack.slots, checkpoint, limits)
    with quiet():
        return _volume(sources[0], slices, stack, pixels)


def plain_volume(series: Series, limits: Limits = LIMITS) -> tuple[Volume, PlainPixels] | None:
    """Return the volume of *series* without its pixels, and where they lie; nothing is decoded.

    None where they do not lie in the files as in memory, or have to be changed: :func:`load_volume` does it.

    Raises:
        FileProblemError, InconsistentSeriesError: As :func:`load_volume`.
    """
    sources, slices, stack = _plan(series, limits)
    shape, dtype = _format(sources, stack.slots, limits)
    pixels = sources[0].header.pixels
    if shape[0] != len(slices) or not all(is_plain(one.file, one.header.pixels) for one in sources):
        return None
    if any(one.header.pixels != pixels for one in sources) or _rescale(slices)[0] is None:
        return None
    places = (
        (number, one.file.pixel_offset + frame * pixels.frame_bytes)
        for number, one in enumerate(sources)
        for frame in one.frames
    )
    empty = np.empty((0, *shape[1:]), dtype)
    with quiet():
        volume = _volume(sources[0], slices, stack, empty)
    if volume.pixels is not empty:
        return None
    in_order = sorted(zip(stack.slots, places, strict=True))
    ordered = tuple(place for _, place in in_order)
    return volume, PlainPixels(shape, dtype.str, pixels.bits_stored, pixels.high_bit, ordered)


def _plan(series: Series, limits: Limits) -> tuple[list[_Source], list[Slice], Stack]:
    sources = [_open(file, limits) for file in series.files]
    if not sources:
        raise InconsistentSeriesError("The series has no files.")
    slices = [
        Slice(source.header, source.header.slices[frame]) for source in sources for frame in source.frames
    ]
    is_film = sources[0].header.modality in FILM_MODALITIES
    stack = stack_of(slices) if not is_film else Stack(None, tuple(range(len(slices))), None, ())
    return sources, slices, stack


@dataclass(frozen=True, slots=True, eq=False)
class _Source:
    file: DicomFile
    header: FileHeader
    frames: tuple[int, ...]


def _open(item: ImageFile, limits: Limits) -> _Source:
    file, header = admit(item.path, limits)
    if item.sop_instance_uid != header.sop_instance_uid or max(item.frames) >= header.pixels.frames:
        raise InconsistentSeriesError(
            f"The file {item.path.name} is not the image it was; scan the folder again."
        )
    return _Source(file, header, item.frames)


def _pixels(
    sources: Sequence[_Source], slots: Sequence[int], checkpoint: Checkpoint | None, limits: Limits
) -> NDArray[Any]:
    """Return the stored pixels, shape (slices, rows, columns), with empty slices where slots are missing."""
    pixels = np.empty(*_format(sources, slots, limits))  # what is no image is filled below
    places = iter(slots)
    for done, source in enumerate(sources):
        if checkpoint is not None:
            checkpoint(done, len(sources))
        targets = [pixels[next(places)] for _ in source.frames]
        read_frames_into(targets, source.file, source.header.pixels, source.frames)
    _fill_empty(pixels, slots)
    return pixels


def _format(
    sources: Sequence[_Source], slots: Sequence[int], limits: Limits
) -> tuple[tuple[int, int, int], np.dtype[Any]]:
    """Return shape and type of the stored pixels."""
    first = sources[0].header.pixels
    kinds = {_kind(source) for source in sources}
    if len(kinds) > 1:
        raise InconsistentSeriesError("The images of the series differ in size or type of their pixels.")
    shape = (slots[-1] + 1, first.rows, first.columns)
    dtype = np.dtype(f"{'i' if first.signed else 'u'}{first.bits_allocated // 8}")
    if math.prod(shape) * dtype.itemsize > limits.decoded_bytes:
        raise InconsistentSeriesError("The series needs more memory than a volume may.")
    return shape, dtype


def _kind(source: _Source) -> tuple[object, ...]:
    pixels = source.header.pixels
    inverted = pixels.photometric == "MONOCHROME1"
    return pixels.rows, pixels.columns, pixels.bits_allocated, pixels.signed, inverted


def _volume(source: _Source, slices: Sequence[Slice], stack: Stack, pixels: NDArray[Any]) -> Volume:
    header, frame = source.header, slices[0].frame
    view = frames_of(source.file.dataset, header.pixels)[frame.frame]
    padding = padding_of(view, header.pixels)
    table = modality_table_of(source.file, header.pixels)
    slope, intercept = _rescale(slices)
    spacing = frame.pixel_spacing
    if table is not None:
        pixels, padding, slope, intercept = _through(pixels, table), None, 1.0, 0.0
    elif slope is None:
        pixels, padding, slope, intercept = _rescaled(pixels, slices, stack.slots), None, 1.0, 0.0
    row_letters, column_letters = _letters(header.patient_orientation)
    return Volume(
        pixels=pixels,
        geometry=stack.geometry,
        pixel_spacing_mm=spacing,
        spacing_at=frame.spacing_at,
        pixel_aspect=spacing[0] / spacing[1] if spacing else header.pixel_aspect,
        rescale_slope=slope,
        rescale_intercept=intercept,
        monochrome1=header.pixels.photometric == "MONOCHROME1",
        row_letters=row_letters,
        column_letters=column_letters,
        padding=padding,
        voi=voi_of(view, header.pixels, little_endian=source.file.little_endian),
    )


def _rescale(slices: Sequence[Slice]) -> tuple[float | None, float]:
    """Return slope and intercept of all slices; no slope where they differ."""
    pairs = {item.frame.rescale or (1.0, 0.0) for item in slices}
    return pairs.pop() if len(pairs) == 1 else (None, 0.0)


def _rescaled(pixels: NDArray[Any], slices: Sequence[Slice], slots: Sequence[int]) -> NDArray[np.float32]:
    """Return rescaled values of a stack whose slices differ in rescale; gaps hold the lowest value."""
    values = np.empty(pixels.shape, np.float32)
    for item, slot in zip(slices, slots, strict=True):
        slope, intercept = item.frame.rescale or (1.0, 0.0)
        values[slot] = pixels[slot] * np.float32(slope) + np.float32(intercept)
    _fill_empty(values, slots)
    return values


def _fill_empty(pixels: NDArray[Any], slots: Sequence[int]) -> None:
    empty = sorted(set(range(len(pixels))) - set(slots))
    if empty:
        pixels[empty] = pixels[list(slots)].min()


def _through(pixels: NDArray[Any], table: LookupTable) -> NDArray[Any]:
    index = np.clip(pixels.astype(np.int64) - table.first, 0, len(table.values) - 1)
    return table.values.astype(np.uint8 if table.bits == 8 else np.uint16)[index]


def _letters(directions: Sequence[str]) -> tuple[tuple[str, str] | None, tuple[str, str] | None]:
    """Return the letters at both ends of a row and of a column. Source: DICOM PS3.3 C.7.6.1.1.1."""
    if len(directions) != 2 or not all(text and set(text) <= _OPPOSITE.keys() for text in directions):
        return None, None
    ends = [("".join(_OPPOSITE[letter] for letter in text), text) for text in directions]
    return ends[0], ends[1]

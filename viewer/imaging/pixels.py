"""Stored pixels of single frames, from every usual transfer syntax.

Whatever a decoder returns, the stored bits decide: bits above the high bit are cleared and the sign is that
of Pixel Representation. Source: DICOM PS3.5 8.1 and 8.2.
"""

import struct
import sys
from collections.abc import Iterator, Sequence
from typing import BinaryIO

import numpy as np

from viewer.imaging.decoders import JPEG, JPEG_2000, RLE, Array, decode
from viewer.imaging.errors import PixelDecodeError, UnreadableFileError
from viewer.imaging.files import UNCOMPRESSED, DicomFile
from viewer.imaging.headers import PixelFormat
from viewer.imaging.plain_pixels import clear_unused, read_into

_ITEM = b"\xfe\xff\x00\xe0"
_GREY_TOLERANCE = 16  # lossy chroma of a grey film wavers by a few grey levels


def check_length(file: DicomFile, pixels: PixelFormat) -> None:
    """Find pixels that are cut short, without decoding them.

    Raises:
        UnreadableFileError: Fewer bytes are there than the frames need, or fragments do not fit the frames.
    """
    if file.transfer_syntax in UNCOMPRESSED:
        there = file.source_length - file.pixel_offset
        if file.pixel_length is None:
            raise UnreadableFileError(file.path, "its uncompressed pixels have no length")
        if min(there, file.pixel_length) < pixels.frame_bytes * pixels.frames:
            raise UnreadableFileError(file.path, "its pixel data is cut short")
        return
    if file.pixel_length is not None:
        raise UnreadableFileError(file.path, "its pixels are not stored as its transfer syntax says")
    with file.open_source() as source:
        _fragments_of_frames(file, pixels, source)


def decode_frames(file: DicomFile, pixels: PixelFormat, frames: Sequence[int]) -> Iterator[Array]:
    """Yield the stored pixels of *frames*, each (rows, columns), in an integer type of Bits Allocated.

    Raises:
        PixelDecodeError: No decoder reads them, they are in colour, or not of the size the header says.
    """
    with file.open_source() as source:
        if file.transfer_syntax in UNCOMPRESSED:
            for frame in frames:
                yield _stored(
                    _grey(file, pixels, _raw_frame(file, pixels, source, frame)), pixels, shifted=True
                )
            return
        fragments = _fragments_of_frames(file, pixels, source)
        for frame in frames:
            data = b"".join(_read(source, offset, length) for offset, length in fragments[frame])
            decoded = decode(file.path, file.transfer_syntax, pixels, data)
            yield _stored(_grey(file, pixels, decoded), pixels, shifted=file.transfer_syntax == RLE)


def read_frames_into(
    targets: Sequence[Array], file: DicomFile, pixels: PixelFormat, frames: Sequence[int]
) -> None:
    """Put the stored pixels of *frames* into *targets*, each (rows, columns), C-contiguous, of that type.

    Ordinary frames go from the disk into their target without a copy between.

    Raises:
        PixelDecodeError: See :func:`decode_frames`.
    """
    if not is_plain(file, pixels):
        for target, frame in zip(targets, decode_frames(file, pixels, frames), strict=True):
            target[:] = frame
        return
    with file.path.open("rb", buffering=0) as source:
        for target, frame in zip(targets, frames, strict=True):
            read_into(target, file.path, source, file.pixel_offset + frame * pixels.frame_bytes)
            clear_unused(target, pixels.bits_stored, pixels.high_bit)


def is_plain(file: DicomFile, pixels: PixelFormat) -> bool:
    """Whether frames lie in the file as they lie in memory."""
    return (
        sys.byteorder == "little"
        and file.little_endian
        and file.transfer_syntax in UNCOMPRESSED
        and file.inflated is None
        and pixels.samples == 1
    )


def _read(source: BinaryIO, offset: int, length: int) -> bytes:
    source.seek(offset)
    return source.read(length)


def _raw_frame(file: DicomFile, pixels: PixelFormat, source: BinaryIO, frame: int) -> Array:
    data = _read(source, file.pixel_offset + frame * pixels.frame_bytes, pixels.frame_bytes)
    if len(data) < pixels.frame_bytes:
        raise PixelDecodeError(file.path, "its pixel data is cut short")
    order = "<" if file.little_endian else ">"
    if pixels.bits_allocated == 8 and not file.little_endian and file.pixel_vr == "OW" and len(data) % 2 == 0:
        data = np.frombuffer(data, ">u2").astype("<u2").tobytes()  # two pixels a word
    flat = np.frombuffer(data, f"{order}u{pixels.bits_allocated // 8}")
    if pixels.samples == 1:
        return flat.reshape(pixels.rows, pixels.columns)
    if pixels.photometric == "YBR_FULL_422":
        quads = flat.reshape(pixels.rows, -1, 4)
        luminance = quads[..., :2].reshape(pixels.rows, -1)
        chroma = np.repeat(quads[..., 2:], 2, axis=1)
        return np.dstack([luminance, chroma])
    if pixels.planar:
        return np.moveaxis(flat.reshape(pixels.samples, pixels.rows, pixels.columns), 0, -1)
    return flat.reshape(pixels.rows, pixels.columns, pixels.samples)


def _stored(array: Array, pixels: PixelFormat, *, shifted: bool) -> Array:
    """Return *array* as the stored integer type with unused bits cleared and the sign extended."""
    size = pixels.bits_allocated // 8
    bits = array.astype(f"u{size}", order="C")  # wraps negative values, makes native order, copies
    stored = bits.view(f"i{size}") if pixels.signed else bits
    clear_unused(stored, pixels.bits_stored, pixels.high_bit if shifted else pixels.bits_stored - 1)
    return stored


def _grey(file: DicomFile, pixels: PixelFormat, array: Array) -> Array:
    """Return one channel: a radiograph stored in colour is grey where its channels agree."""
    if array.shape == (pixels.rows, pixels.columns):
        return array
    if array.shape != (pixels.rows, pixels.columns, 3):
        raise PixelDecodeError(file.path, "its pixels do not have the size its header says")
    channels = array.astype(np.int32)
    if pixels.photometric.startswith("YBR") and file.transfer_syntax not in JPEG | JPEG_2000:
        grey, spread = channels[..., 0], np.abs(channels[..., 1:] - 128).max(axis=2)
    else:
        grey = (channels @ np.array([299, 587, 114]) + 500) // 1000
        spread = np.ptp(channels, axis=2)
    if np.count_nonzero(spread > _GREY_TOLERANCE) > spread.size // 1000:
        raise PixelDecodeError(file.path, "a colour picture; only grey pictures are read")
    return grey


# --- compressed frames


def _fragments_of_frames(
    file: DicomFile, pixels: PixelFormat, source: BinaryIO
) -> list[list[tuple[int, int]]]:
    """Return offset and length in *source* of the fragments of every frame. Source: DICOM PS3.5 A.4."""
    first, table, fragments = _fragments(file, source)
    if not fragments:
        raise UnreadableFileError(file.path, "its compressed pixel data is empty")
    if pixels.frames == 1:
        return [fragments]
    if len(fragments) == pixels.frames:
        return [[fragment] for fragment in fragments]
    extended = file.dataset.get("ExtendedOffsetTable")
    if isinstance(extended, bytes):
        table = struct.unpack(f"<{len(extended) // 8}Q", extended[: len(extended) // 8 * 8])
    if len(table) != pixels.frames or list(table) != sorted(set(table)):
        raise UnreadableFileError(file.path, "its compressed pixel data does not hold the frames it names")
    starts = [first + offset for offset in table]
    ends = [*starts[1:], file.source_length]
    return [
        [(offset, length) for offset, length in fragments if start <= offset - 8 < end]
        for start, end in zip(starts, ends, strict=True)
    ]


def _fragments(file: DicomFile, source: BinaryIO) -> tuple[int, Sequence[int], list[tuple[int, int]]]:
    """Return where offsets count from, the basic offset table, and offset and length of the fragments."""
    position = file.pixel_offset
    items: list[tuple[int, int]] = []
    while (head := _read(source, position, 8))[:4] == _ITEM and len(head) == 8:
        length = struct.unpack_from("<L", head, 4)[0]
        if position + 8 + length > file.source_length:
            raise UnreadableFileError(file.path, "its compressed pixel data is cut short")
        items.append((position + 8, length))
        position += 8 + length
    if not items:
        raise UnreadableFileError(file.path, "its compressed pixel data is damaged")
    offset, length = items[0]
    table = struct.unpack(f"<{length // 4}L", _read(source, offset, length // 4 * 4))
    return offset + length, table, items[1:]

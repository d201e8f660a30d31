"""Pixels that lie in files as they are needed: read from known places, without a look at the headers.

Nothing is imported here that parses DICOM, so that the process of the window can do it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from io import FileIO
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from viewer.imaging.checkpoint import Checkpoint
from viewer.imaging.errors import PixelDecodeError


@dataclass(frozen=True, slots=True)
class PlainPixels:
    """Where the pixels of a volume lie.

    Attributes:
        shape: Slices, rows, columns.
        dtype: Their numpy type.
        bits_stored: How many bits of each count.
        high_bit: The highest of them.
        places: For each slice the number of its file and the first byte there.
    """

    shape: tuple[int, int, int]
    dtype: str
    bits_stored: int
    high_bit: int
    places: tuple[tuple[int, int], ...]

    @property
    def nbytes(self) -> int:
        """Bytes that they take in memory."""
        return math.prod(self.shape) * np.dtype(self.dtype).itemsize


def read_plain(
    plain: PlainPixels, paths: Sequence[Path], checkpoint: Checkpoint | None = None
) -> NDArray[Any]:
    """Return the stored pixels, read straight from *paths*.

    Args:
        plain: Where they lie.
        paths: The files.
        checkpoint: Called before each slice; raising from it stops the reading.

    Raises:
        PixelDecodeError: A file is gone or shorter than it was.
    """
    pixels = np.empty(plain.shape, plain.dtype)
    for done, (target, (number, offset)) in enumerate(zip(pixels, plain.places, strict=True)):
        if checkpoint is not None:
            checkpoint(done, len(plain.places))
        try:
            with paths[number].open("rb", buffering=0) as source:
                read_into(target, paths[number], source, offset)
        except OSError as error:
            raise PixelDecodeError(paths[number], "it can no longer be read") from error
        clear_unused(target, plain.bits_stored, plain.high_bit)
    return pixels


def read_into(target: NDArray[Any], path: Path, source: FileIO, offset: int) -> None:
    """Fill *target*, C-contiguous, from byte *offset* of an open file on.

    Raises:
        PixelDecodeError: The file ends before.
    """
    source.seek(offset)
    if source.readinto(target.data) != target.nbytes:
        raise PixelDecodeError(path, "its pixel data is cut short")


def clear_unused(stored: NDArray[Any], bits_stored: int, high_bit: int) -> None:
    """Clear the unused bits of native pixels in place, and extend the sign over them.

    Args:
        stored: Integers of Bits Allocated.
        bits_stored: How many bits count.
        high_bit: The highest of them. Source: DICOM PS3.5 8.1.1.
    """
    bits = stored.view(f"u{stored.itemsize}")
    if high_bit >= bits_stored:
        bits >>= high_bit - bits_stored + 1
    unused = 8 * stored.itemsize - bits_stored
    if not unused:
        return
    if stored.dtype.kind == "i":
        bits <<= unused
        stored >>= unused
    else:
        bits &= (1 << bits_stored) - 1

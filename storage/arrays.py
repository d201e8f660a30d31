"""Pixel arrays and original files on disk: random names, digests, written whole or not at all.

An array is one bare ``.npy`` file, little-endian and C-contiguous, that opens as a memory map. Names and
file times tell nothing: names are random, times constant.
"""

from __future__ import annotations

import errno
import hashlib
import os
import re
import secrets
import shutil
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from io import RawIOBase
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

import numpy as np
from numpy.lib import format as npy

from storage.errors import DamagedStoreError, StorageError, StorageFullError, StorageUnavailableError

CONSTANT_TIME = 315_532_800  # 1980-01-01 00:00 UTC, the earliest time a ZIP archive can hold
_ARRAY_NAME = re.compile(r"[0-9a-f]{32}\.npy")
_NUMBER_KINDS = "uif"


@dataclass(frozen=True, slots=True)
class StoredArray:
    """An array on disk: file name, SHA-256 of the file (hexadecimal), shape and numpy type (``"<i2"``)."""

    name: str
    sha256: str
    shape: tuple[int, ...]
    dtype: str


_TAIL_BYTES = 16
_BLOCK = 1 << 22
"""Hashed without the interpreter's lock; smaller blocks would take it from painting more often."""


class StoredFile(NamedTuple):
    """A copied file: its random name and the SHA-256 of its bytes, hexadecimal."""

    name: str
    sha256: str


def write_array(folder: Path, pixels: np.ndarray[Any, Any]) -> StoredArray:
    """Write *pixels* into *folder* under a random name and return what to remember of it.

    The file is flushed to the disk before it gets its name.

    Raises:
        ValueError: *pixels* are no plain numbers; only a programming error makes such.
        StorageFullError: The disk is full.
        StorageUnavailableError: The folder cannot be written.
    """
    if pixels.dtype.kind not in _NUMBER_KINDS:
        raise ValueError(f"an array of {pixels.dtype} is not pixels")
    plain = np.ascontiguousarray(pixels, dtype=pixels.dtype.newbyteorder("<"))
    digest = _HashingFile()

    def write(file: BinaryIO) -> None:
        digest.file = file
        npy.write_array(digest, plain, version=(1, 0), allow_pickle=False)
        # a hidden repeat must not be found by equal files or digests; readers of arrays ignore what follows
        digest.write(secrets.token_bytes(_TAIL_BYTES))

    name = secrets.token_hex(16) + ".npy"
    _write_whole(folder / name, write)
    sync_folder(folder)
    return StoredArray(name, digest.sha256.hexdigest(), plain.shape, plain.dtype.str)


def open_array(folder: Path, stored: StoredArray) -> np.memmap[Any, Any]:
    """Return a read-only memory map of the array; its digest is the caller's to check, once.

    Raises:
        DamagedStoreError: The file is missing or is not the array that was written.
    """
    path = array_path(folder, stored)
    try:
        pixels = npy.open_memmap(path, mode="r")
    except (OSError, ValueError) as error:
        raise DamagedStoreError(path, "this pixel array is missing or cannot be read") from error
    if pixels.shape != stored.shape or pixels.dtype.str != stored.dtype:
        raise DamagedStoreError(path, "this pixel array is not the one that was written")
    return pixels


def read_array(folder: Path, stored: StoredArray) -> np.ndarray[Any, Any]:
    """Return the array, read straight into memory; its digest is the caller's to check, once.

    Raises:
        DamagedStoreError: The file is missing or is not the array that was written.
    """
    path = array_path(folder, stored)
    pixels = np.empty(stored.shape, stored.dtype)
    try:
        with path.open("rb", buffering=0) as file:
            mapped = open_array(folder, stored)  # checks the header
            after = file.seek(0, os.SEEK_END) - mapped.offset - mapped.nbytes
            file.seek(mapped.offset)
            missing = _read_into(file, pixels)
    except OSError as error:
        raise DamagedStoreError(path, "this pixel array is missing or cannot be read") from error
    if missing or after not in (0, _TAIL_BYTES):  # readings of 1.0 have no tail
        raise DamagedStoreError(path, "this pixel array is not the one that was written")
    return pixels


def _read_into(file: RawIOBase, pixels: np.ndarray[Any, Any]) -> int:
    """Fill *pixels* and return how many bytes were not there; one read takes 2 GiB at most."""
    left = pixels.data.cast("B")
    while left:
        count = file.readinto(left)
        if not count:
            break
        left = left[count:]
    return len(left)


def array_path(folder: Path, stored: StoredArray) -> Path:
    """Return where the array lies.

    Raises:
        DamagedStoreError: The name is none of ours; it could lead out of *folder*.
    """
    if not _ARRAY_NAME.fullmatch(stored.name):
        raise DamagedStoreError(folder, "it names a pixel array that lies outside")
    return folder / stored.name


def digest_of(path: Path) -> str:
    """Return the SHA-256 of a file's bytes, hexadecimal."""
    # not a bytearray: that one is filled with zeros while Python's lock is held
    digest, block = hashlib.sha256(), np.empty(_BLOCK, np.uint8).data
    with path.open("rb", buffering=0) as file:
        while count := file.readinto(block):
            digest.update(block[:count])
    return digest.hexdigest()


def copy_original(source: Path, folder: Path, *, link: bool = False) -> StoredFile:
    """Copy *source* byte for byte into *folder* under a random name; the source is never touched.

    Call :func:`sync_folder` once after the last of a batch, before the rows that name the copies.

    Args:
        source: A file.
        folder: Where the copy goes.
        link: Make a second name of the same file instead, where the disk can; else copy.

    Raises:
        StorageFullError: The disk is full.
        StorageUnavailableError: Source or folder cannot be used.
    """
    target = folder / secrets.token_hex(16)
    if link:
        try:
            os.link(source, target)
            return StoredFile(target.name, digest_of(target))
        except OSError:
            target.unlink(missing_ok=True)  # another disk, or one without links: a copy serves as well
    digest = _HashingFile()

    def write(file: BinaryIO) -> None:
        digest.file = file
        with source.open("rb") as original:
            shutil.copyfileobj(original, digest, 1 << 20)

    _write_whole(target, write)
    return StoredFile(target.name, digest.sha256.hexdigest())


def sync_folder(folder: Path) -> None:
    """Flush a folder's list of names to the disk, so that a new name survives a power cut."""
    if os.name == "nt":
        return  # NTFS journals names; a folder cannot be opened there
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def set_constant_time(path: Path) -> None:
    """Give a file or folder the time that all of ours have."""
    os.utime(path, (CONSTANT_TIME, CONSTANT_TIME))


@contextmanager
def disk_errors(path: Path) -> Generator[None]:
    """Turn what the operating system says about a disk into our errors."""
    try:
        yield
    except StorageError:
        raise
    except OSError as error:
        raise disk_error(path, error) from error


def disk_error(path: Path, error: OSError) -> StorageError:
    """Return the error of ours that an operating system's stands for."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return StorageFullError(path)
    return StorageUnavailableError(path, (error.strerror or type(error).__name__).lower())


def _write_whole(target: Path, write: Callable[[BinaryIO], None]) -> None:
    """Write a file under a temporary name, flush it, date it and give it its name."""
    partial = target.with_name(f".{target.name}.partial")
    with disk_errors(target.parent):
        try:
            descriptor = os.open(
                partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600
            )
            with os.fdopen(descriptor, "wb") as file:
                write(file)
                file.flush()
                os.utime(partial, (CONSTANT_TIME, CONSTANT_TIME))
                os.fsync(file.fileno())
            partial.replace(target)
        except BaseException:
            partial.unlink(missing_ok=True)
            raise


class _HashingFile:
    """Passes bytes on to a file and hashes them, so that what is written is read only once."""

    file: BinaryIO

    def __init__(self) -> None:
        self.sha256 = hashlib.sha256()

    def write(self, chunk: bytes) -> int:
        self.sha256.update(chunk)
        return self.file.write(chunk)

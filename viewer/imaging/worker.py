"""Scanning folders and loading volumes in a process of its own: nothing else in the program parses DICOM.

The process has a memory limit where the system keeps one. Decoded pixels come back as a temporary .npy
file; of those that lie in the files as in memory it tells the places, and they are read from there.
"""

import os
import shutil
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np

from viewer.imaging.checkpoint import Checkpoint
from viewer.imaging.child_process import ChildFailedError, ChildProcess, enter
from viewer.imaging.errors import WorkerFailedError
from viewer.imaging.limits import LIMITS, Limits
from viewer.imaging.plain_pixels import PlainPixels, read_plain
from viewer.imaging.series import ScanResult, Series
from viewer.imaging.volume import Volume

_MOST_FAILURES = 20  # of one scan; beyond that something other than the files is broken


class ImagingWorker:
    """Scans folders and loads volumes in a child process; starts it when first needed.

    A context manager: leaving it ends the process and removes what zip archives were unpacked into, so copy
    the files of a scan before. Calls block; make them from a worker thread.
    """

    def __init__(self, limits: Limits = LIMITS) -> None:
        self._limits = limits
        self._process = ChildProcess(partial(_limit_memory, limits.worker_bytes), limits.file_seconds)
        self._folder = Path(tempfile.mkdtemp(prefix="ra-reader-"))
        self._scans = 0

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close."""
        self.close()

    def close(self) -> None:
        """End the process and remove its temporary files."""
        self._process.close()
        shutil.rmtree(self._folder, ignore_errors=True)

    def scan(self, paths: Sequence[Path], checkpoint: Checkpoint | None = None) -> ScanResult:
        """Return the series in *paths*, zip archives included; see `viewer.imaging.scan.scan`.

        A file that ends or hangs the process is refused like any other unreadable one.

        Args:
            paths: Files and folders.
            checkpoint: Called with files done and files in all; raising from it ends the scan.

        Raises:
            UnreadableFileError: One of *paths* does not exist.
            WorkerFailedError: The process cannot be kept running.
        """
        skip: dict[Path, str] = {}
        self._scans += 1
        folder = self._folder / f"scan-{self._scans}"
        while len(skip) <= _MOST_FAILURES:
            shutil.rmtree(folder, ignore_errors=True)
            try:
                return self._process.run(
                    _scan, list(paths), folder, skip, self._limits, checkpoint=checkpoint
                )
            except ChildFailedError as error:
                if error.path is None or error.path in skip:
                    raise WorkerFailedError(str(error)) from error
                skip[error.path] = error.reason
        raise WorkerFailedError("Too many files stop the process that reads images.")

    def load_volume(self, series: Series, checkpoint: Checkpoint | None = None) -> Volume:
        """Return the volume of *series*; see `viewer.imaging.loading.load_volume`.

        Args:
            series: A series of a scan.
            checkpoint: Called with files done and files in all; raising from it ends the loading.

        Raises:
            ImagingError: The files are damaged, changed, or do not form a volume.
            WorkerFailedError: The process ended or took too long.
        """
        targets = [folder / f"{self._folder.name}.npy" for folder in (*_memory_folder(), self._folder)]
        try:
            volume, found = self._process.run(_load, series, targets, self._limits, checkpoint=checkpoint)
            if isinstance(found, PlainPixels):
                pixels = read_plain(found, [file.path for file in series.files], checkpoint)
            else:
                pixels = _taken(found)
            return replace(volume, pixels=pixels)
        except ChildFailedError as error:
            raise WorkerFailedError(str(error)) from error
        finally:
            for target in targets:
                target.unlink(missing_ok=True)


def _memory_folder() -> tuple[Path, ...]:
    """Return a folder whose files are memory, where the system has one."""
    folder = Path("/dev/shm")
    return (folder,) if folder.is_dir() and os.access(folder, os.W_OK) else ()


def _taken(path: Path) -> Any:
    """Return the array in a file that is about to be removed; where the system can, without copying it."""
    mapped = np.load(path, mmap_mode=None if os.name == "nt" else "c", allow_pickle=False)
    return np.asarray(mapped)


# --- in the child


def _scan(
    paths: Sequence[Path], folder: Path, skip: dict[Path, str], limits: Limits, checkpoint: Checkpoint
) -> ScanResult:
    from viewer.imaging.scan import scan

    return scan(paths, checkpoint, unpack_into=folder, skip=skip, entering=enter, limits=limits)


def _load(
    series: Series, targets: Sequence[Path], limits: Limits, checkpoint: Checkpoint
) -> tuple[Volume, PlainPixels | Path]:
    """Return the volume without its pixels and where they lie: in its files, or decoded in one of *targets*.

    The first of *targets* that has room is taken.
    """
    from viewer.imaging.loading import load_volume, plain_volume

    checkpoint(0, len(series.files))
    plain = plain_volume(series, limits)
    if plain is not None:
        if plain[1].nbytes > limits.worker_bytes:
            raise MemoryError  # it is the window's memory that they would take
        return plain
    volume = load_volume(series, checkpoint, limits)
    without = replace(volume, pixels=volume.pixels[:0])
    for target in targets[:-1]:
        with suppress(OSError):
            np.save(target, volume.pixels, allow_pickle=False)
            return without, target
        target.unlink(missing_ok=True)
    np.save(targets[-1], volume.pixels, allow_pickle=False)
    return without, targets[-1]


def _limit_memory(extra: int) -> None:
    """Let the process take *extra* bytes of address space beyond what it has, where the system can."""
    try:
        import resource

        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
        limit = pages * os.sysconf("SC_PAGE_SIZE") + extra
        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        resource.setrlimit(resource.RLIMIT_AS, (limit if hard == -1 else min(limit, hard), hard))
    except (ImportError, OSError, ValueError):
        return

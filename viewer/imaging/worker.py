"""The one process that scans and decodes files: nothing else in the program parses DICOM.

It is spawned on every system alike, has a memory limit where the system keeps one, and is replaced after a
crash, a hang or a cancelled call. Decoded pixels come back as a temporary .npy file; of those that lie in the
files as in memory it tells the places, and they are read from there without a detour.
"""

import multiprocessing
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from multiprocessing.connection import Connection
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np

from viewer.imaging.checkpoint import Checkpoint
from viewer.imaging.errors import ImagingError, WorkerFailedError
from viewer.imaging.limits import LIMITS, Limits
from viewer.imaging.plain_pixels import PlainPixels, read_plain
from viewer.imaging.series import ScanResult, Series
from viewer.imaging.volume import Volume

_MOST_FAILURES = 20  # of one scan; beyond that something other than the files is broken
_STEP_SECONDS = 0.02
_LONGEST_PATH = 8192
_START_SECONDS = 120.0  # a cold disk and a busy machine


class ImagingWorker:
    """Scans folders and loads volumes in a child process; starts it when first needed.

    A context manager: leaving it ends the process and removes what zip archives were unpacked into, so copy
    the files of a scan before. Calls block; make them from a worker thread. One call at a time.
    """

    def __init__(self, limits: Limits = LIMITS) -> None:
        self._limits = limits
        self._child: _Child | None = None
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
        self._end()
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
                return self._call("scan", (list(paths), folder, skip), checkpoint)
            except _ChildFailedError as error:
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
            volume, found = self._call("load", (series, targets), checkpoint)
            if isinstance(found, PlainPixels):
                pixels = read_plain(found, [file.path for file in series.files], checkpoint)
            else:
                pixels = _taken(found)
            return replace(volume, pixels=pixels)
        except _ChildFailedError as error:
            raise WorkerFailedError(str(error)) from error
        finally:
            for target in targets:
                target.unlink(missing_ok=True)

    def _call(self, name: str, arguments: tuple[Any, ...], checkpoint: Checkpoint | None) -> Any:
        child = self._child or _Child(self._limits)
        self._child = child
        try:
            kind, value = child.call(name, arguments, checkpoint)
        except BaseException:  # crash, hang or a checkpoint that stops: the child's state is unknown
            self._end()
            raise
        if kind == "failed":
            raise value
        return value

    def _end(self) -> None:
        if self._child is not None:
            self._child.end()
            self._child = None


class _ChildFailedError(ImagingError):
    """The child process ended or hung while it had *path* open."""

    def __init__(self, reason: str, path: Path | None) -> None:
        super().__init__(f"Images could not be read: {reason}.")
        self.reason, self.path = reason, path


class _Child:
    """A spawned process and the pipe to it."""

    def __init__(self, limits: Limits) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipe, far_end = context.Pipe()
        # the file that is being read; shared memory, because a message for each file would cost as much
        self._entered = context.RawArray("c", _LONGEST_PATH)
        self._process = context.Process(target=serve, args=(far_end, limits, self._entered), daemon=True)
        self._process.start()
        far_end.close()
        self._seconds = limits.file_seconds
        self._started = False

    def call(self, name: str, arguments: tuple[Any, ...], checkpoint: Checkpoint | None) -> tuple[str, Any]:
        """Send a request and return ("done", value) or ("failed", error), passing progress on meanwhile.

        The child waits for an answer to each step, so that it never runs ahead of a checkpoint that stops it.

        Raises:
            _ChildFailedError: The process ended, or was silent for longer than a file may take.
        """
        self._entered.value = b""
        try:
            self._pipe.send((name, arguments))
            while True:
                if not self._pipe.poll(self._seconds if self._started else _START_SECONDS):
                    raise _ChildFailedError("it takes too long to read", self._path())
                kind, value = self._pipe.recv()
                self._started = True
                if kind == "progress":
                    if checkpoint is not None:
                        checkpoint(*value)
                    self._pipe.send("go on")
                else:
                    return kind, value
        except (EOFError, ConnectionError) as error:
            raise _ChildFailedError("it stops the process that reads images", self._path()) from error

    def _path(self) -> Path | None:
        entered = self._entered.value
        return Path(os.fsdecode(entered)) if entered else None

    def end(self) -> None:
        """End the process, whatever it does."""
        self._pipe.close()
        self._process.kill()
        self._process.join()
        self._process.close()


def _memory_folder() -> tuple[Path, ...]:
    """Return a folder whose files are memory, where the system has one."""
    folder = Path("/dev/shm")
    return (folder,) if folder.is_dir() and os.access(folder, os.W_OK) else ()


def _taken(path: Path) -> Any:
    """Return the array in a file that is about to be removed; where the system can, without copying it."""
    mapped = np.load(path, mmap_mode=None if os.name == "nt" else "c", allow_pickle=False)
    return np.asarray(mapped)


# --- in the child


def serve(pipe: Connection, limits: Limits, entered: Any) -> None:
    """Answer requests until the other end is closed; runs in the child process."""
    _silence_decoders()
    _limit_memory(limits.worker_bytes)
    while True:
        try:
            name, arguments = pipe.recv()
        except EOFError:
            return
        try:
            answer = ("done", _REQUESTS[name](pipe, limits, entered, *arguments))
        except ImagingError as error:
            answer = ("failed", error)
        except MemoryError:
            answer = ("failed", WorkerFailedError("The images need more memory than a volume may."))
        except RecursionError:
            answer = ("failed", WorkerFailedError("A header is nested too deeply."))
        except EOFError:  # nobody waits any more
            return
        pipe.send(answer)


def _scan(
    pipe: Connection,
    limits: Limits,
    entered: Any,
    paths: Sequence[Path],
    folder: Path,
    skip: dict[Path, str],
) -> ScanResult:
    from viewer.imaging.scan import scan

    def enter(path: Path) -> None:
        entered.value = os.fsencode(path)[: _LONGEST_PATH - 1]

    return scan(
        paths,
        _step(pipe),
        unpack_into=folder,
        skip=skip,
        entering=enter,
        limits=limits,
    )


def _load(
    pipe: Connection, limits: Limits, _entered: Any, series: Series, targets: Sequence[Path]
) -> tuple[Volume, PlainPixels | Path]:
    """Return the volume without its pixels and where they lie: in its files, or decoded in one of *targets*.

    The first of *targets* that has room is taken.
    """
    from viewer.imaging.loading import load_volume, plain_volume

    step = _step(pipe)
    step(0, len(series.files))
    plain = plain_volume(series, limits)
    if plain is not None:
        if plain[1].nbytes > limits.worker_bytes:
            raise MemoryError  # it is the window's memory that they would take
        return plain
    volume = load_volume(series, step, limits)
    without = replace(volume, pixels=volume.pixels[:0])
    for target in targets[:-1]:
        with suppress(OSError):
            np.save(target, volume.pixels, allow_pickle=False)
            return without, target
        target.unlink(missing_ok=True)
    np.save(targets[-1], volume.pixels, allow_pickle=False)
    return without, targets[-1]


def _step(pipe: Connection) -> Checkpoint:
    """Return a checkpoint that tells the asker of the first and last step, and fifty a second between."""
    last = 0.0

    def step(done: int, total: int) -> None:
        nonlocal last
        now = time.monotonic()
        if 0 < done < total and now - last < _STEP_SECONDS:
            return
        last = now
        pipe.send(("progress", (done, total)))
        pipe.recv()

    return step


_REQUESTS: dict[str, Callable[..., Any]] = {"scan": _scan, "load": _load}


def _silence_decoders() -> None:
    """Send what native decoders print about odd files to nowhere."""
    with suppress(OSError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 1)
        os.dup2(nowhere, 2)
        os.close(nowhere)


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

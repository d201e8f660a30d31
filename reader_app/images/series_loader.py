"""Scans and loads series in the background, one after the other, through one imaging process."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Lock
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot

from reader_app.images.thumbnail import thumbnail_of
from reader_app.jobs import Checkpoint, Job, JobCancelledError, JobRunner
from viewer.imaging.series import ScanResult, Series
from viewer.imaging.volume import Volume
from viewer.imaging.worker import ImagingWorker


@dataclass(frozen=True, slots=True)
class _Request:
    key: Hashable
    work: Callable[[ImagingWorker, Checkpoint], Any]
    urgent: bool = False


class SeriesLoader(QObject):
    """Owns an imaging process and a queue of requests; urgent ones go first.

    Every answer carries the key it was asked with.
    """

    ready = Signal(object, object)  # key, what was asked for
    failed = Signal(object, object)  # key, error
    progress = Signal(object, int, int)  # key, done, total

    def __init__(self, jobs: JobRunner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self._worker = ImagingWorker()
        self._in_use = Lock()
        self._queue: deque[_Request] = deque()
        self._running: _Request | None = None
        self._job = Job()
        self._closed = False

    def scan(self, key: Hashable, paths: Sequence[Path]) -> None:
        """Ask for the :class:`ScanResult` of *paths*."""

        def work(worker: ImagingWorker, checkpoint: Checkpoint) -> ScanResult:
            return worker.scan(paths, checkpoint)

        self._ask(_Request(key, work, urgent=True))

    def load(self, key: Hashable, series: Series, finish: Callable[[Volume], Any]) -> None:
        """Ask for ``finish(volume)`` of a series before anything that is waiting; *finish* runs in a job."""

        def work(worker: ImagingWorker, checkpoint: Checkpoint) -> Any:
            return finish(worker.load_volume(series, checkpoint))

        self._ask(_Request(key, work, urgent=True))

    def load_thumbnail(self, key: Hashable, series: Series) -> None:
        """Ask for a small grey picture of the middle slice, shape (rows, columns), uint8."""

        def work(worker: ImagingWorker, _checkpoint: Checkpoint) -> Any:
            return thumbnail_of(worker.load_volume(_middle_slice(series)))

        self._ask(_Request(key, work))

    def forget(self) -> None:
        """Drop what is waiting; what is being read now still arrives."""
        self._queue.clear()

    def cancel(self) -> None:
        """Drop what is waiting and stop what is being read."""
        self._queue.clear()
        self._job.cancel()
        self._running = None

    def close(self) -> None:
        """Stop everything and end the imaging process."""
        self._closed = True
        self.cancel()
        self._close_worker_if_free()

    def _ask(self, request: _Request) -> None:
        if self._closed:
            return
        if request.urgent:
            waiting = [one for one in self._queue if one.urgent]
            self._queue.insert(len(waiting), request)
        else:
            self._queue.append(request)
        self._start_next()

    def _start_next(self) -> None:
        if self._running is not None or not self._queue or self._closed:
            return
        request = self._queue.popleft()
        self._running = request
        self._job = Job(done=self._on_done, failed=self._on_failed, progress=self._on_progress)
        self._jobs.start(self._job, lambda checkpoint: self._run(request, checkpoint))

    def _run(self, request: _Request, checkpoint: Checkpoint) -> Any:
        """Do a request on a job's thread; whoever holds the lock last closes a worker nobody needs."""
        try:
            with self._in_use:
                if self._closed:
                    raise JobCancelledError
                return request.work(self._worker, checkpoint)
        finally:
            self._close_worker_if_free()

    def _close_worker_if_free(self) -> None:
        if self._closed and self._in_use.acquire(blocking=False):
            try:
                self._worker.close()
            finally:
                self._in_use.release()

    @Slot(object)
    def _on_done(self, result: Any) -> None:
        request = self._finished()
        if request is not None:
            self.ready.emit(request.key, result)

    @Slot(object)
    def _on_failed(self, error: Exception) -> None:
        request = self._finished()
        if request is not None:
            self.failed.emit(request.key, error)

    @Slot(int, int)
    def _on_progress(self, done: int, total: int) -> None:
        if self._running is not None:
            self.progress.emit(self._running.key, done, total)

    def _finished(self) -> _Request | None:
        request, self._running = self._running, None
        self._start_next()
        return request


def _middle_slice(series: Series) -> Series:
    """Return the series with its middle image only, so that one file is read and not all."""
    frames = [(file, frame) for file in series.files for frame in file.frames]
    file, frame = frames[len(frames) // 2]
    return replace(series, files=(replace(file, frames=(frame,)),))

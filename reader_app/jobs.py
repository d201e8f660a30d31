"""Work in the background: the only place that owns threads.

A job is a function of one argument, ``checkpoint(done, total)``; the call reports progress and is the
only place where the job can stop. It touches no widget.
"""

from __future__ import annotations

import gc
import os
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from threading import Event
from typing import TYPE_CHECKING, Any
from weakref import WeakSet

from PySide6.QtCore import QObject, QTimer, Signal, Slot

if TYPE_CHECKING:
    from viewer.imaging.apart import ApartProcess

Checkpoint = Callable[[int, int], None]
Work = Callable[[Checkpoint], Any]
RunApart = Callable[..., Any]
"""``run(function, *arguments)`` returns what a function of ``viewer.imaging`` found in the process apart."""


class JobCancelledError(Exception):
    """Raised inside a job whose asker no longer wants it."""


def _ignore(*_: Any) -> None:
    """Take a report nobody asked for."""


@dataclass(eq=False)
class Job:
    """Who hears of a piece of work, always on the GUI thread; nobody, once it is cancelled."""

    done: Callable[[Any], None] = _ignore
    failed: Callable[[Exception], None] = _ignore
    progress: Callable[[int, int], None] = _ignore
    cancelled: Event = field(default_factory=Event)

    def cancel(self) -> None:
        """Stop at the next checkpoint and call nobody back."""
        self.cancelled.set()


COLLECT_MS = 200
SWITCH_SECONDS = 0.0005
"""How long a job written in Python may keep the window waiting before threads change places."""
_NICENESS = 5
_PATIENCE = 50
"""How many times longer than Python a collection waits: of everything for a rest, of any for a pause."""
_PAUSE_SECONDS = 0.1
"""After so long without keys or mouse the window is at rest; notches of a wheel follow each other faster."""
_ASIDE_SECONDS = 0.25
"""How long a job stands aside at most before each step: it comes to its end though somebody scrolls on."""


class JobRunner(QObject):
    """Runs jobs on worker threads and calls back on the GUI thread.

    While it lives, cyclic garbage is collected on the GUI thread only: collected in a job, it could take a
    closed window with it, and Qt does not survive a widget that is deleted on another thread.
    Where the system can, jobs have a lower priority than the window, which paints meanwhile; and they stand
    aside at each step while somebody scrolls, see :meth:`give_way`.
    """

    _reported = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pool = ThreadPoolExecutor(max_workers=2, thread_name_prefix="job", initializer=_be_nice)
        self._queue = ThreadPoolExecutor(max_workers=1, thread_name_prefix="job-apart")  # mostly it waits
        self._apart: ApartProcess | None = None
        self._jobs: WeakSet[Job] = WeakSet()
        self._reported.connect(self._deliver)
        self._has_rested = False
        self._used_at = 0.0  # by time.monotonic
        self._resting = QTimer(self)
        self._resting.setSingleShot(True)
        self._resting.timeout.connect(self._end_rest)
        self._waiting: list[tuple[ThreadPoolExecutor, Job, Work]] = []
        self._preparation: Callable[[], object] | None = None
        self._preparing = threading.Lock()
        self._switched_before = sys.getswitchinterval()
        sys.setswitchinterval(SWITCH_SECONDS)
        self._collected_before = gc.isenabled()
        gc.disable()
        self._collecting = QTimer(self)
        self._collecting.timeout.connect(self._collect)
        self._collecting.start(COLLECT_MS)

    def start(self, job: Job, work: Work) -> Job:
        """Call ``work(checkpoint)`` on a worker thread and return *job*."""

        def standing_aside(checkpoint: Checkpoint) -> Any:
            def step(done: int, total: int) -> None:
                self._stand_aside(job)
                checkpoint(done, total)

            return work(step)

        return self._start(self._pool, job, standing_aside)

    def start_apart(self, job: Job, work: Callable[[RunApart], Any]) -> Job:
        """Call ``work(run)``, whose *run* does what is heavy in a process apart; one such job at a time."""
        if self._apart is None:
            from viewer.imaging.apart import ApartProcess  # with numpy: too long for the start of the program

            self._apart = ApartProcess()
        run = self._apart.run
        return self._start(self._queue, job, lambda checkpoint: work(partial(run, checkpoint=checkpoint)))

    def _start(self, pool: ThreadPoolExecutor, job: Job, work: Work) -> Job:
        self._jobs.add(job)
        if self._resting.isActive():
            self._waiting.append((pool, job, work))
        else:
            pool.submit(self._run, job, work)
        return job

    def prepare(self, work: Callable[[], object]) -> None:
        """Do *work* on the thread of the next job, before it and any other job go on."""
        self._preparation = work

    def rest(self, milliseconds: int) -> None:
        """Begin no job for so long, so that what is painted now has the machine for itself."""
        self._has_rested = True
        self._resting.start(milliseconds)

    @Slot()
    def give_way(self) -> None:
        """Let jobs stand aside for a moment: somebody scrolls or types, and sees each frame that is late."""
        self._used_at = time.monotonic()

    def close(self) -> None:
        """Cancel all jobs and wait for the threads, before the windows go."""
        for job in list(self._jobs):
            job.cancel()
        self._resting.stop()
        if self._apart is not None:
            self._apart.close()
        for pool in (self._pool, self._queue):
            pool.shutdown(wait=True, cancel_futures=True)
        self._collecting.stop()
        sys.setswitchinterval(self._switched_before)
        if self._collected_before:
            gc.enable()

    @Slot()
    def _end_rest(self) -> None:
        if _is_due(2):
            gc.collect()  # some tens of milliseconds: now nobody scrolls yet
        waiting, self._waiting = self._waiting, []
        for pool, job, work in waiting:
            pool.submit(self._run, job, work)

    @Slot()
    def _collect(self) -> None:
        """Collect the oldest generation whose turn it is, as Python would; everything in rests first."""
        if self._is_used and not _is_due(0, _PATIENCE):
            return
        patience = _PATIENCE if self._has_rested else 1
        for generation in (2, 1, 0):
            if _is_due(generation, patience if generation == 2 else 1):
                gc.collect(generation)
                return

    @property
    def _is_used(self) -> bool:
        return time.monotonic() < self._used_at + _PAUSE_SECONDS

    def _stand_aside(self, job: Job) -> None:
        """Wait on a job's thread until the window is at rest or the job is cancelled, but not for long."""
        until = time.monotonic() + _ASIDE_SECONDS
        while (left := min(until, self._used_at + _PAUSE_SECONDS) - time.monotonic()) > 0:
            if job.cancelled.wait(left):
                return

    def _run(self, job: Job, work: Work) -> None:
        def checkpoint(done: int, total: int) -> None:
            if job.cancelled.is_set():
                raise JobCancelledError
            self._reported.emit((job, job.progress, (done, total)))

        try:
            with self._preparing:
                preparation, self._preparation = self._preparation, None
                if preparation is not None:
                    preparation()
            if job.cancelled.is_set():
                raise JobCancelledError
            report = (job, job.done, (work(checkpoint),))
        except Exception as error:  # noqa: BLE001 - whoever asked decides
            report = (job, job.failed, (error,))
        self._reported.emit(report)

    @Slot(object)
    def _deliver(self, report: tuple[Job, Callable[..., None], tuple[Any, ...]]) -> None:
        job, callback, arguments = report
        if not job.cancelled.is_set():
            callback(*arguments)


class Requests:
    """The jobs of one asker that still count.

    What was asked for before the last :meth:`drop` never arrives, however late it ends: that is decided on
    the GUI thread, where it would be called back.
    """

    def __init__(self, runner: JobRunner) -> None:
        self._runner = runner
        self._jobs: list[Job] = []

    def start(self, job: Job, work: Work) -> None:
        """Ask for a job; see :meth:`JobRunner.start`."""
        self._jobs.append(self._runner.start(job, work))

    def start_apart(self, job: Job, work: Callable[[RunApart], Any]) -> None:
        """Ask for a job in the process apart; see :meth:`JobRunner.start_apart`."""
        self._jobs.append(self._runner.start_apart(job, work))

    def drop(self) -> None:
        """Want nothing more of what was asked for so far."""
        for job in self._jobs:
            job.cancel()
        self._jobs = []


def _is_due(generation: int, patience: int = 1) -> bool:
    return gc.get_count()[generation] > gc.get_threshold()[generation] * patience


def _be_nice() -> None:
    """Lower the priority of the calling thread; only Linux has one for each thread."""
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _NICENESS)

"""A process that does, one call after the other, what must not hold up the threads of the window.

It is spawned on every system alike and replaced after a crash or a hang. A call that is cancelled stops at
its next step; one that comes to none is ended with its process.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

from viewer.imaging.checkpoint import Checkpoint
from viewer.imaging.errors import ImagingError, WorkerFailedError

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

_STEP_SECONDS = 0.02
_HEARTBEAT_SECONDS = 0.1
_STOP_SECONDS = 1.0
_START_SECONDS = 120.0  # a cold disk and a busy machine
_LONGEST_PATH = 8192
_GO_ON, _STOP = "go on", "stop"


class ChildFailedError(ImagingError):
    """The process ended or hung, maybe while it had *path* open."""

    def __init__(self, reason: str, path: Path | None = None) -> None:
        super().__init__(f"Images could not be read: {reason}.")
        self.reason, self.path = reason, path


class ChildProcess:
    """Runs functions in a process of its own, which is started when it is first needed.

    Calls block and wait for each other; make them from worker threads.
    """

    def __init__(self, set_up: Callable[[], None], silent_seconds: float) -> None:
        """Prepare.

        Args:
            set_up: A function of a module, which the new process calls first.
            silent_seconds: After so long without a step it counts as hung.
        """
        self._set_up, self._silent_seconds = set_up, silent_seconds
        self._child: _Child | None = None
        self._running = Lock()
        self._closed = False

    def run(self, work: Callable[..., Any], *arguments: Any, checkpoint: Checkpoint | None = None) -> Any:
        """Return ``work(*arguments, checkpoint=…)`` as the process found it.

        Args:
            work: A function of a module; its checkpoint stops it when this call is to stop.
            arguments: What can be pickled; large arrays had better be named than sent.
            checkpoint: Called with (done, total) at each step and ten times a second; may raise to stop.

        Raises:
            ChildFailedError: The process ended, or was silent for too long.
            ImagingError: What *work* raised.
        """
        with self._running:
            if self._closed:
                raise ChildFailedError("the program is being closed")
            self._child = self._child or _Child(self._set_up)
            try:
                kind, value = self._child.call(work, arguments, checkpoint, self._silent_seconds)
            finally:
                if not self._child.is_ready:
                    self._child.end()
                    self._child = None
        if kind == "failed":
            raise value
        return value

    def close(self) -> None:
        """End the process, whatever it does; a call under way fails, and later ones do."""
        self._closed = True
        child = self._child
        if child is not None:
            child.kill()
        with self._running:
            if self._child is not None:
                self._child.end()
                self._child = None


class _Child:
    """A spawned process and the pipe to it; ``is_ready`` tells whether it waits for the next call."""

    def __init__(self, set_up: Callable[[], None]) -> None:
        import multiprocessing  # not before it is needed: it would slow the start of the program

        context = multiprocessing.get_context("spawn")
        self._pipe, far_end = context.Pipe()
        # the file that is being read; shared memory, because a message for each file would cost as much
        self._entered = context.RawArray("c", _LONGEST_PATH)
        self._process = context.Process(target=serve, args=(far_end, set_up, self._entered), daemon=True)
        self._process.start()
        far_end.close()
        self._started = False
        self.is_ready = True

    def call(
        self,
        work: Callable[..., Any],
        arguments: tuple[Any, ...],
        checkpoint: Checkpoint | None,
        silent_seconds: float,
    ) -> tuple[str, Any]:
        """Send a request and return ("done", value) or ("failed", error), passing progress on meanwhile.

        The child waits for an answer to each step, so that it never runs ahead of a checkpoint that stops it.

        Raises:
            ChildFailedError: The process ended, or was silent for too long.
        """
        self.is_ready = False
        self._entered.value = b""
        tell = self._stopping(checkpoint or _ignore)
        steps: tuple[int, int] | None = None
        try:
            self._pipe.send((work, arguments))
            while True:
                self._wait(partial(tell, *steps) if steps else _ignore, silent_seconds)
                kind, value = self._pipe.recv()
                self._started = True
                if kind != "progress":
                    self.is_ready = True
                    return kind, value
                tell(*value)
                steps = value
                self._pipe.send(_GO_ON)
        except (EOFError, ConnectionError) as error:
            raise ChildFailedError("it stops the process that reads images", self._path()) from error

    def _wait(self, each_time: Callable[[], object], silent_seconds: float) -> None:
        """Wait until the child says something, and do something now and then meanwhile."""
        until = time.monotonic() + (silent_seconds if self._started else _START_SECONDS)
        while not self._pipe.poll(_HEARTBEAT_SECONDS):
            if time.monotonic() > until:
                raise ChildFailedError("it takes too long to read", self._path())
            each_time()

    def _stopping(self, checkpoint: Checkpoint) -> Checkpoint:
        """Return *checkpoint*, which stops the child as well when it raises."""

        def tell(done: int, total: int) -> None:
            try:
                checkpoint(done, total)
            except BaseException:
                self._stop()
                raise

        return tell

    def _stop(self) -> None:
        """Let the child come to its next step and stop there, if it does so soon."""
        with suppress(EOFError, ConnectionError):
            self._pipe.send(_STOP)
            while self._pipe.poll(_STOP_SECONDS):
                if self._pipe.recv()[0] != "progress":
                    self.is_ready = True
                    return

    def _path(self) -> Path | None:
        entered = self._entered.value
        return Path(os.fsdecode(entered)) if entered else None

    def kill(self) -> None:
        """Kill the process; :meth:`end` cleans up."""
        with suppress(ValueError):  # it has been closed
            self._process.kill()

    def end(self) -> None:
        """End the process, whatever it does."""
        self._pipe.close()
        self._process.kill()
        self._process.join()
        self._process.close()


def _ignore(*_: int) -> None:
    """Nobody watches."""


# --- in the child

_entered: Any = None


def enter(path: Path) -> None:
    """Tell the asker which file is about to be read, should that end or hang the process."""
    if _entered is not None:
        _entered.value = os.fsencode(path)[: _LONGEST_PATH - 1]


class _StoppedError(BaseException):
    """Nobody wants the result any more."""


def serve(pipe: Connection, set_up: Callable[[], None], entered: Any) -> None:
    """Answer requests until the other end is closed; runs in the child process."""
    global _entered  # the process has one asker
    _entered = entered
    _silence_libraries()
    set_up()
    with suppress(EOFError, ConnectionError):  # nobody waits any more
        while True:
            request = pipe.recv()
            if request != _STOP:  # that came after the answer
                pipe.send(_answer_to(pipe, *request))


def _answer_to(pipe: Connection, work: Callable[..., Any], arguments: tuple[Any, ...]) -> tuple[str, Any]:
    try:
        return "done", work(*arguments, checkpoint=_steps(pipe))
    except _StoppedError:
        return "stopped", None
    except ImagingError as error:
        return "failed", error
    except MemoryError:
        return "failed", WorkerFailedError("The images need more memory than a volume may.")
    except RecursionError:
        return "failed", WorkerFailedError("A header is nested too deeply.")


def _steps(pipe: Connection) -> Checkpoint:
    """Return a checkpoint that tells the asker of the first and last step, and fifty a second between."""
    last = 0.0

    def step(done: int, total: int) -> None:
        nonlocal last
        now = time.monotonic()
        if 0 < done < total and now - last < _STEP_SECONDS:
            return
        last = now
        pipe.send(("progress", (done, total)))
        if pipe.recv() == _STOP:
            raise _StoppedError

    return step


def _silence_libraries() -> None:
    """Send what native decoders print about odd files to nowhere."""
    with suppress(OSError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 1)
        os.dup2(nowhere, 2)
        os.close(nowhere)

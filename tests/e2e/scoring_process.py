"""A process that scores or marks without end and says after each time that it is saved, until it is killed.

On POSIX it is forked from a server that has imported everything already, so that twenty of them are
quick; elsewhere it starts anew.
"""

import itertools
import multiprocessing
from collections.abc import Callable
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from storage.reading.reading import Reading
from tests.unit.storage.readings import FIRST, point, score_next, scored

MILLISECONDS = 700


def score_without_end(folder: Path, first: int, acknowledge: Connection) -> None:
    with Reading.open(folder) as reading:
        for number in itertools.count(first):
            score_next(reading, number)
            acknowledge.send(number)


def mark_without_end(folder: Path, first: int, acknowledge: Connection) -> None:
    """Save a mark, a comment, then a score and its time at work together."""
    with Reading.open(folder) as reading:
        for number in itertools.count(first):
            cell, score = scored(reading.form, number)
            reading.add_mark(FIRST, point(cell, number, 2, 3))
            reading.set_comment(FIRST, None, cell, f"mark {number}")
            with reading.transaction():
                reading.record(FIRST, [(cell, score)], "score.set")
                reading.add_active_time(FIRST, cell, MILLISECONDS)
            acknowledge.send(number)


def start_scoring(
    folder: Path, first: int, work: Callable[[Path, int, Connection], None] = score_without_end
) -> tuple[BaseProcess, Connection]:
    """Start *work* from grade number *first* on; the numbers that are saved come out of the connection."""
    forks = "forkserver" in multiprocessing.get_all_start_methods()
    context: Any = multiprocessing.get_context("forkserver" if forks else "spawn")
    if forks:
        context.set_forkserver_preload([__name__])
    here, there = context.Pipe(duplex=False)
    process = context.Process(target=work, args=(folder, first, there))
    process.start()
    there.close()
    return process, here


def rest_of(acknowledged: Connection) -> list[int]:
    """Return what was still under way when the process died."""
    numbers: list[int] = []
    try:
        while True:
            numbers.append(acknowledged.recv())
    except (EOFError, OSError):  # the end, or a message that was cut by the kill
        acknowledged.close()
        return numbers

"""What was acknowledged is there after the program was killed or the disk ran full."""

import itertools
import os
import random
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from scoring_forms.domain.marks import Mark
from scoring_forms.domain.score import Cell
from storage.errors import StorageFullError
from storage.reading.reading import Reading
from tests.e2e.scoring_process import MILLISECONDS, mark_without_end, rest_of, start_scoring
from tests.unit.storage.readings import FIRST, new_reading, point, score_next, scored

pytestmark = [pytest.mark.e2e]
PROJECT = Path(__file__).resolve().parents[2]
KILLS = 20

SCORE_UNTIL_REFUSED_THRICE = """
import itertools, resource, sys
from pathlib import Path
from storage.errors import StorageError
from storage.reading.reading import Reading
from tests.unit.storage.readings import score_next
with Reading.open(Path(sys.argv[1])) as reading:
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), resource.RLIM_INFINITY))
    number, refused = 0, []
    while len(refused) < 3:
        try:
            score_next(reading, number)
            number += 1
        except StorageError as error:
            refused.append(type(error).__name__)
    assert len(reading.audit_entries()) == 1 + number
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    score_next(reading, number)
print(refused[-1], number + 1)
"""


def start(script: str, *arguments: object) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", script, *map(str, arguments)]
    return subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, text=True)


@pytest.mark.slow
def test_nothing_acknowledged_is_lost_when_the_program_is_killed_while_scoring(tmp_path):
    folder = new_reading(tmp_path)
    moments = random.Random(7)
    done = 0
    for _ in range(KILLS):
        scoring, told = start_scoring(folder, done)
        acknowledged = [told.recv() for _ in range(moments.randint(1, 25))]
        scoring.kill()
        acknowledged += rest_of(told)
        scoring.join()
        scoring.close()

        assert acknowledged == list(range(done, acknowledged[-1] + 1))
        with Reading.open(folder) as reading:
            rows = len(reading.audit_entries()) - 1
            assert rows - 1 - acknowledged[-1] in (0, 1)  # one may be saved and not yet told
            assert reading.sheet(FIRST) == dict(scored(reading.form, number) for number in range(rows))
            assert reading.verify() == []
        done = rows


@pytest.mark.slow
def test_marks_comments_and_scores_with_their_time_are_saved_whole_when_the_program_is_killed(tmp_path):
    folder = new_reading(tmp_path)
    moments = random.Random(11)
    done = 0
    for _ in range(KILLS // 2):
        marking, told = start_scoring(folder, done, mark_without_end)
        acknowledged = [told.recv() for _ in range(moments.randint(1, 5))]
        marking.kill()
        acknowledged += rest_of(told)
        marking.join()
        marking.close()

        with Reading.open(folder) as reading:
            entries = reading.audit_entries()
            scores = sum(entry.action == "score.set" for entry in entries)
            marks = reading.marks(FIRST)
            assert scores - 1 - acknowledged[-1] in (0, 1)  # one may be saved and not yet told
            assert sum(entry.action == "mark.added" for entry in entries) == len(marks)
            assert len(marks) - scores in range(KILLS)  # a mark may wait for its score at every kill
            comments = {entry.item: entry.new for entry in entries if entry.action == "comment.set"}
            kept = {cell.name: text for (_, cell), text in reading.comments(FIRST).items() if cell}
            assert kept == comments
            assert {f"mark {number}" for number in acknowledged[-5:]} <= set(comments.values())
            assert sum(reading.active_ms(FIRST).values()) == scores * MILLISECONDS
            assert reading.verify() == []
        done = scores


@pytest.mark.skipif(os.name == "nt", reason="limits of file size are POSIX")
def test_a_disk_that_takes_no_more_is_told_and_scoring_goes_on_once_it_does(tmp_path):
    folder = new_reading(tmp_path)
    limit = (folder / "reading.sqlite").stat().st_size + 30_000
    output, _ = start(SCORE_UNTIL_REFUSED_THRICE, folder, limit).communicate()
    name, saved = output.split()
    assert name == "StorageUnavailableError"
    assert int(saved) > 1
    with Reading.open(folder) as reading:
        assert len(reading.audit_entries()) == 1 + int(saved)
        assert reading.sheet(FIRST) == dict(scored(reading.form, number) for number in range(int(saved)))
        assert reading.verify() == []


@pytest.fixture
def small_disk(tmp_path):
    """A file system of 512 KiB of its own; only an administrator can make one."""
    folder = tmp_path / "disk"
    folder.mkdir()
    try:
        mounted = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=512k", "tmpfs", folder], capture_output=True, check=False
        )
    except OSError:
        pytest.skip("there is no mount here")
    if mounted.returncode != 0:
        pytest.skip("a small disk can only be mounted by an administrator")
    yield folder
    subprocess.run(["umount", folder], check=True)


def leave_room(disk: Path, room: int) -> Path:
    """Fill *disk* up to its last *room* bytes with one file, and return it."""
    free = os.statvfs(disk).f_bavail * os.statvfs(disk).f_frsize
    ballast = disk / "ballast"
    ballast.write_bytes(bytes(free - room))
    return ballast


def score_until_refused(reading: Reading) -> Iterator[int]:
    for number in itertools.count():
        score_next(reading, number)
        yield number


def test_a_full_disk_is_told_and_leaves_nothing_half_written(small_disk):
    folder = new_reading(small_disk)
    ballast = leave_room(small_disk, 80_000)
    saved: list[int] = []
    with Reading.open(folder) as reading:
        with pytest.raises(StorageFullError, match="No room is left"):
            saved.extend(score_until_refused(reading))
        assert len(reading.audit_entries()) == 1 + len(saved)
        ballast.unlink()
        score_next(reading, len(saved))
        assert reading.sheet(FIRST) == dict(scored(reading.form, number) for number in range(len(saved) + 1))
        assert reading.verify() == []


def mark_until_refused(reading: Reading, cell: Cell) -> Iterator[Mark]:
    outline = point(cell, kind="bone", points=tuple((x / 7, 2.0, 3.0) for x in range(60)))
    while True:
        mark = reading.add_mark(FIRST, outline)
        yield mark
        reading.set_comment(FIRST, None, cell, f"after mark {mark.id}")


def test_a_full_disk_leaves_no_half_of_a_mark_and_the_mark_can_be_put_again(small_disk):
    folder = new_reading(small_disk)
    ballast = leave_room(small_disk, 60_000)
    saved: list[Mark] = []
    with Reading.open(folder) as reading:
        cell = reading.form.cells("A")[0]
        with pytest.raises(StorageFullError, match="nothing was saved"):
            saved.extend(mark_until_refused(reading, cell))
        assert reading.marks(FIRST) == tuple(saved)
        ballast.unlink()
        saved.append(reading.add_mark(FIRST, point(cell)))
        assert [mark.id for mark in reading.marks(FIRST)] == list(range(1, len(saved) + 1))
        reading.set_comment(FIRST, None, cell, "room again")
        assert reading.comments(FIRST) == {("A", cell): "room again"}
        assert reading.verify() == []


@pytest.mark.parametrize("room", range(16_384, 262_145, 16_384))
def test_a_reading_is_written_whole_or_not_at_all(small_disk, room):
    ballast = leave_room(small_disk, room)
    try:
        folder = new_reading(small_disk)
    except StorageFullError:
        assert list(small_disk.iterdir()) == [ballast]
    else:
        with Reading.open(folder, read_only=True) as reading:
            assert reading.verify() == []

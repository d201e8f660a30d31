"""The demo: a study of phantom hands with an MRI and a radiograph round, and the graded truth beside it."""

from __future__ import annotations

import json
import math
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from reader_app.workflow.errors import DemoFolderError
from reader_app.workflow.import_images import import_images
from reader_app.workflow.prepare_round import RoundRequest, prepare_round
from storage.study.records import Subject, Visit
from storage.study.store import READINGS, Study
from storage.version import app_version
from viewer.imaging.phantom.study import PhantomVisit, SubjectTruth, VisitTruth, write_phantom_study

Checkpoint = Callable[[int, int], None]

VISITS = (
    PhantomVisit("Baseline", 0, mri=True, radiographs=True),
    PhantomVisit("Follow-up 1", 12, mri=True, radiographs=False),
    PhantomVisit("Follow-up 2", 36, mri=True, radiographs=True),
)
READER = "Demo Reader"
_MRI_ROUND, _FILM_ROUND = ("RAMRIS", "ramris_2003"), ("Sharp", "sharp_1985")
_STUDY, _IMAGES, _TRUTH, _MARKER = "study", "images", "truth.json", "demo.json"
_FORMAT = 1
"""Goes up when a demo that is there already should be written anew."""
_SHARES = (70, 10, 20)
"""How long phantom, import and preparation take, of a hundred."""


@dataclass(frozen=True, slots=True)
class Demo:
    """Where the demo lies; the MRI reading comes first."""

    folder: Path
    study: Path
    readings: tuple[Path, ...]
    truth: Path


def default_folder(subjects: int) -> Path:
    """Return the demo's folder in the user's data directory."""
    import platformdirs

    data = Path(platformdirs.user_data_dir("ra-reader", appauthor=False))
    return data / f"demo-{_FORMAT}-{subjects}"


def build_demo(
    folder: Path | None, subjects: int, checkpoint: Checkpoint, visits: Sequence[PhantomVisit] = VISITS
) -> Demo:
    """Write the demo, or find the one that is there.

    Args:
        folder: New or empty, or an earlier demo; None for one in the user's data directory.
        subjects: How many phantoms.
        checkpoint: Called with hundredths done and 100; what it raises stops the work and leaves nothing.
        visits: When the phantoms are imaged; without any films there is no round of radiographs.

    Raises:
        DemoFolderError: The folder holds something else, or another demo.
    """
    folder = (folder or default_folder(subjects)).absolute()
    made_of = {"format": _FORMAT, "subjects": subjects, "visits": [visit.label for visit in visits]}
    existing = _existing(folder, made_of)
    if existing is not None:
        checkpoint(100, 100)
        return existing
    partial = folder.with_name(f".{folder.name}.partial")
    partial.parent.mkdir(parents=True, exist_ok=True)
    lock = FileLock(partial.with_suffix(".lock"), timeout=0)
    try:
        lock.acquire()
    except Timeout:
        raise DemoFolderError("another program is writing it just now") from None
    try:
        shutil.rmtree(partial, ignore_errors=True)  # left by a program that was killed
        partial.mkdir()
        readings = _write(partial, subjects, visits, checkpoint)
        marker = {**made_of, "app": app_version(), "readings": [path.name for path in readings]}
        (partial / _MARKER).write_text(json.dumps(marker, indent=1), "utf-8")
        if folder.exists():
            folder.rmdir()
        partial.rename(folder)
    except BaseException:
        shutil.rmtree(partial, ignore_errors=True)
        raise
    finally:
        partial.with_suffix(".lock").unlink(missing_ok=True)
        lock.release()
    checkpoint(100, 100)
    return _demo(folder, [path.name for path in readings])


def _existing(folder: Path, made_of: Mapping[str, Any]) -> Demo | None:
    """Return the complete demo in *folder*, or None if there is room for one."""
    if not folder.exists() or (folder.is_dir() and not any(folder.iterdir())):
        return None
    marker = folder / _MARKER
    if not marker.is_file():
        raise DemoFolderError("the folder holds something else")
    try:
        found = json.loads(marker.read_text("utf-8"))
    except ValueError:
        raise DemoFolderError("its note of what it holds is damaged") from None
    if any(found.get(name) != value for name, value in made_of.items()):
        raise DemoFolderError("the folder holds a demo of another size or version")
    return _demo(folder, found["readings"])


def _demo(folder: Path, readings: Sequence[str]) -> Demo:
    study = folder / _STUDY
    return Demo(folder, study, tuple(study / READINGS / name for name in readings), folder / _TRUTH)


def _write(folder: Path, subjects: int, visits: Sequence[PhantomVisit], checkpoint: Checkpoint) -> list[Path]:
    steps = _parts(checkpoint)
    truths = write_phantom_study(folder / _IMAGES, subjects, visits, checkpoint=next(steps))
    rows = [row for truth in truths for row in truth_rows(truth)]
    (folder / _TRUTH).write_text(json.dumps(rows, indent=1), "utf-8")
    planned = [Visit(visit.label, visit.week) for visit in visits]
    with Study.create(folder / _STUDY, "Digital hand phantom", planned) as study:
        for truth in truths:
            study.put_subject(Subject(truth.subject, truth.side))
        import_images(study, [folder / _IMAGES], link=True, checkpoint=next(steps))
        prepare = next(steps)
        paths: list[Path] = []
        rounds = (_MRI_ROUND, _FILM_ROUND) if any(visit.radiographs for visit in visits) else (_MRI_ROUND,)
        for number, (title, system) in enumerate(rounds):
            request = RoundRequest(title, (system,), (READER,))
            prepared = prepare_round(study, request, _half(prepare, number, len(rounds)))
            paths += [Path(reading.path) for reading in prepared.readings]
    return paths


def _parts(checkpoint: Checkpoint) -> Iterator[Checkpoint]:
    """Yield a checkpoint for each part of the work; together they count to 100 and never back."""
    reached = 0

    def part(start: int, share: int) -> Checkpoint:
        def step(done: int, total: int) -> None:
            nonlocal reached
            reached = max(reached, start + share * done // max(total, 1))
            checkpoint(min(reached, 99), 100)

        return step

    start = 0
    for share in _SHARES:
        yield part(start, share)
        start += share


def _half(checkpoint: Checkpoint, number: int, of: int) -> Checkpoint:
    return lambda done, total: checkpoint(number * total + done, of * total)


def truth_rows(truth: SubjectTruth) -> Iterator[dict[str, Any]]:
    """Yield the grade of every site of a phantom: what a reader without error would enter."""
    for visit in truth.visits:
        for system, feature, side, site, value in _grades(visit, truth.side):
            yield {
                "subject": truth.subject,
                "visit": visit.visit,
                "system": system,
                "feature": feature,
                "side": side,
                "site": site,
                "value": value,
            }


def _grades(visit: VisitTruth, side: str) -> Iterator[tuple[str, str, str, str, int]]:
    ramris, sharp = "ramris_2003", "sharp_1985"
    for site, fraction in visit.synovitis_fraction.items():
        yield ramris, "synovitis", side, site, thirds(fraction)
    for site, fraction in visit.oedema_fraction.items():
        yield ramris, "bone_oedema", side, site, thirds(fraction)
    for site, fraction in visit.eroded_fraction.items():
        yield ramris, "bone_erosion", side, site, tenths(fraction)
    for (of_side, site), fraction in visit.film_eroded_fraction.items():
        yield sharp, "erosion", of_side, site, fifths(fraction)
    for (of_side, site), fraction in visit.film_space_lost.items():
        yield sharp, "joint_space_narrowing", of_side, site, narrowing(fraction)


def thirds(fraction: float) -> int:
    """Grade synovitis or oedema: 0, then 1 to 3 for the thirds of the volume. Source: RAMRIS, 2003."""
    return _steps(fraction, 3)


def tenths(fraction: float) -> int:
    """Grade an erosion: 0, then 1 to 10 for each begun tenth of the bone. Source: RAMRIS, 2003."""
    return _steps(fraction, 10)


def fifths(fraction: float) -> int:
    """Grade a radiographic erosion; the phantom's fifths of a bone stand for Sharp's five erosions."""
    return _steps(fraction, 5)


def narrowing(lost: float) -> int:
    """Grade a joint space: 1 focal, 2 less than half lost, 3 half or more, 4 ankylosis. Source: Sharp, 1985.

    The phantom narrows evenly; up to a quarter lost stands for focal narrowing.
    """
    bounds = (0.0, 0.25, 0.5, 1.0)
    lost = round(lost, 6)
    if lost <= bounds[0]:
        return 0
    if lost <= bounds[1]:
        return 1
    if lost < bounds[2]:
        return 2
    return 3 if lost < bounds[3] else 4


def _steps(fraction: float, count: int) -> int:
    """Return how many of *count* equal steps are begun; rounded, since 0.7 * 10 is a little over 7."""
    return max(0, min(count, math.ceil(round(fraction * count, 6))))

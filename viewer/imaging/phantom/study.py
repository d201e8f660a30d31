"""A whole study of phantom hands on disk, and the truth about every subject and visit."""

from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Event
from typing import Final

import numpy as np

from viewer.imaging.checkpoint import Checkpoint
from viewer.imaging.phantom import mr_sequences, radiograph
from viewer.imaging.phantom.dicom_files import write_film, write_mr
from viewer.imaging.phantom.dicom_headers import Examination, Person, Series
from viewer.imaging.phantom.disease import disease_course, severity_of
from viewer.imaging.phantom.film_sites import film_landmarks
from viewer.imaging.phantom.lesions import Lesion
from viewer.imaging.phantom.positioning import hand_pose, random_rotation
from viewer.imaging.phantom.radiograph import Shadow
from viewer.imaging.phantom.sites import PARTS
from viewer.imaging.phantom.subject import diseased_picture, make_lesions, make_seats, make_subject
from viewer.imaging.phantom.tissue import Picture
from viewer.imaging.phantom.truth import Hands, PhantomVisit, Side, SubjectTruth, VisitTruth, measure

_FIRST_DAY: Final = date(2021, 3, 1)
_NAMES: Final = (("ALMA", "F"), ("BODIL", "F"), ("CARL", "M"), ("DORTE", "F"), ("ELSE", "F"), ("FREJA", "F"))
_MR_SERIES: Final = (
    (2, "COR STIR TSHIRT {}", mr_sequences.COR_STIR, 1, False),
    (3, "COR T1 3D FFE {}", mr_sequences.COR_T1, 6, False),
    (4, "AX T1 3D FFE {}", mr_sequences.AX_T1, 13, True),
    (5, "COR T1 3D FFE {} POST GD", mr_sequences.COR_T1_POST, 24, True),
    (6, "AX T1 3D FFE {} POST GD", mr_sequences.AX_T1_POST, 31, False),
)
"""Series number, description, sequence, minutes after the begin, whether instances are numbered backwards."""


@dataclass(frozen=True, slots=True, eq=False)
class _Appointment:
    """One subject at one visit: what every step of imaging needs to know."""

    number: int
    person: Person
    hands: Hands
    index: int
    visit: PhantomVisit
    day: date
    pose: np.ndarray
    lesions: tuple[Mapping[str, Lesion], Mapping[str, Lesion]]
    rng: np.random.Generator

    def examination(self, hour: int, what: str, place: int) -> Examination:
        """Return a DICOM study within the hour; *place* keeps its UIDs apart from others of the subject."""
        begin = time(hour, int(self.rng.integers(0, 50)), int(self.rng.integers(0, 60)))
        description = f"RA TRIAL {what} {self.visit.label.upper()}"
        return Examination(
            self.person, datetime.combine(self.day, begin, UTC), description, 10 * self.number + place
        )


class _Stopped(Exception):  # noqa: N818 - not an error: the caller wants no more
    """Ends a worker after the caller's checkpoint has raised."""


class _Progress:
    """Carries steps from the workers to the caller's thread, the only one that may ask its checkpoint."""

    def __init__(self) -> None:
        self._steps: SimpleQueue[None] = SimpleQueue()
        self._stop = Event()

    def step(self) -> None:
        """Report a piece of work, or end here if there is no need for more."""
        self._steps.put(None)
        if self._stop.is_set():
            raise _Stopped

    def follow(self, workers: Sequence[Future[SubjectTruth]], total: int, checkpoint: Checkpoint) -> None:
        """Report to *checkpoint* until all workers have ended; if it or a worker raises, stop the rest."""
        done = 0
        try:
            while not all(worker.done() for worker in workers) or not self._steps.empty():
                if any(worker.done() and worker.exception() for worker in workers):
                    return
                with suppress(Empty):
                    self._steps.get(timeout=0.1)
                    done += 1
                    checkpoint(done, total)
        finally:
            self._stop.set()


def _ignore(_done: int, _total: int) -> None:
    """Nobody watches."""


def write_phantom_study(
    folder: Path,
    subjects: int,
    visits: Sequence[PhantomVisit],
    *,
    seed: int = 17,
    checkpoint: Checkpoint = _ignore,
) -> tuple[SubjectTruth, ...]:
    """Write DICOM files of phantom hands below *folder* and return what is in them.

    Args:
        folder: Created where absent; files go to ``<patient id>/<date>/<series>/``.
        subjects: How many; what subject *n* is like does not depend on how many there are.
        visits: In order of time.
        seed: The same seed gives the same bytes.
        checkpoint: Called with (done, total) pieces of work; may raise to stop.

    Returns:
        One truth a subject, in the order of their Patient IDs.
    """
    pieces = 2 + sum(visit.mri * len(_MR_SERIES) + visit.radiographs * 2 for visit in visits)
    checkpoint(0, subjects * pieces)
    progress = _Progress()
    with ThreadPoolExecutor(max_workers=2, thread_name_prefix="phantom") as pool:
        workers = [
            pool.submit(_write_subject, folder, number, visits, seed, progress) for number in range(subjects)
        ]
        try:
            progress.follow(workers, subjects * pieces, checkpoint)
        finally:
            pool.shutdown(cancel_futures=True)
        return tuple(worker.result() for worker in workers)


def _write_subject(
    folder: Path, number: int, visits: Sequence[PhantomVisit], seed: int, progress: _Progress
) -> SubjectTruth:
    hands = _make_hands(number, visits, seed, progress)
    person = _person(number, seed)
    shadows: dict[str, Shadow] = {}
    if any(visit.radiographs for visit in visits):
        shadows = {name: radiograph.cast_shadow(bone) for name, bone in hands.subject.bones.items()}
    truths: list[VisitTruth] = []
    canvas: Picture | None = None
    for index, visit in enumerate(visits):
        appointment = _appoint(number, person, hands, index, visit, seed)
        place = folder / person.patient_id / f"{appointment.day:%Y%m%d}"
        if visit.mri:
            findings = hands.courses[0][index]
            canvas = diseased_picture(hands.subject, appointment.lesions[0], findings, canvas)
            _scan(place, appointment, canvas, progress)
        seen: dict[tuple[str, str], tuple[float, float]] = {}
        if visit.radiographs:
            seen = _take_films(place, appointment, shadows, progress)
        truths.append(measure(hands, appointment.lesions, index, visit, appointment.pose, seen))
    return SubjectTruth(person.patient_id, hands.sides[0], tuple(truths))


def _make_hands(number: int, visits: Sequence[PhantomVisit], seed: int, progress: _Progress) -> Hands:
    subject = make_subject(np.random.default_rng([seed, number, 1]))
    progress.step()
    rng = np.random.default_rng([seed, number, 2])
    severity = severity_of(number)
    weeks = [visit.week for visit in visits]
    sides: tuple[Side, Side] = ("L", "R") if number % 2 == 0 else ("R", "L")
    courses = disease_course(rng, severity, weeks), disease_course(rng, 0.85 * severity, weeks)
    seats = make_seats(subject, courses[0], rng), make_seats(subject, courses[1], rng)
    progress.step()
    return Hands(subject, sides, seats, courses)


def _person(number: int, seed: int) -> Person:
    rng = np.random.default_rng([seed, number, 3])
    name, sex = _NAMES[number % len(_NAMES)]
    born = date(1945, 1, 1) + timedelta(days=int(rng.integers(0, 12000)))
    return Person(f"PHANTOM^{name}", f"PH{number + 1:03d}", born, sex, float(rng.integers(52, 92)))


def _appoint(
    number: int, person: Person, hands: Hands, index: int, visit: PhantomVisit, seed: int
) -> _Appointment:
    """Choose day and position of the hand; later visits are a few days early or late, as visits are."""
    rng = np.random.default_rng([seed, number, 1000 + visit.week])
    late = int(rng.integers(-2, 3)) if index else 0
    day = _FIRST_DAY + timedelta(days=23 * number + 7 * visit.week + late)
    lesions = (
        make_lesions(hands.subject, hands.seats[0], hands.courses[0][index]),
        make_lesions(hands.subject, hands.seats[1], hands.courses[1][index]),
    )
    pose = hand_pose(hands.subject.hand, hands.sides[0], rng)
    return _Appointment(number, person, hands, index, visit, day, pose, lesions, rng)


def _scan(place: Path, appointment: _Appointment, picture: Picture, progress: _Progress) -> None:
    """Write the MR series of one visit; every other patient is planned obliquely along the hand."""
    rng, pose, size = appointment.rng, appointment.pose, appointment.hands.subject.hand.size
    examination = appointment.examination(9, "MRI HAND", 3)
    tilt = random_rotation(rng, 4.0, np.ones(3)) if appointment.number % 2 else np.eye(3)
    error = rng.uniform(-2, 2, 3)
    coil = pose[:3, :3] @ (np.array([3.0, -3.0, 50.0]) * size) + pose[:3, 3]
    for number, description, sequence, minutes, reverse in _MR_SERIES:
        aim = np.array([6.0, -4.0, 51.0] if sequence.plane == "coronal" else [1.0, -3.0, 17.0]) * size
        frame = mr_sequences.plan(sequence, pose[:3, :3] @ aim + pose[:3, 3] + error, tilt)
        pixels = mr_sequences.acquire(picture, pose, sequence, frame, coil, rng)
        name = description.format(f"W{appointment.visit.week:02d}")
        series = Series(number, name, examination.time + timedelta(minutes=minutes), reverse)
        side = appointment.hands.sides[0]
        write_mr(place / f"S{number:02d}", examination, series, sequence, frame, pixels, side)
        progress.step()


def _take_films(
    place: Path, appointment: _Appointment, shadows: Mapping[str, Shadow], progress: _Progress
) -> dict[tuple[str, str], tuple[float, float]]:
    """Write the films of both hands: the left one as MONOCHROME1, the right one as MONOCHROME2.

    Returns:
        Row and column of every site by (side, site).
    """
    hands = appointment.hands
    landmarks: dict[tuple[str, str], tuple[float, float]] = {}
    examination = appointment.examination(11, "XR HANDS", 7)
    for order, side in enumerate(hands.sides):
        changed = dict(shadows)
        for name, eroded in _eroded_bones(appointment.lesions[order]).items():
            changed[name] = radiograph.cast_shadow(hands.subject.bones[name], eroded)
        space_lost = hands.courses[order][appointment.index].space_lost
        offsets = radiograph.film_offsets(hands.subject.hand, space_lost)
        film = radiograph.expose(hands.subject.hand, changed, offsets, side, appointment.rng)
        name = f"HAND PA {'LEFT' if side == 'L' else 'RIGHT'} W{appointment.visit.week:02d}"
        series = Series(order + 1, name, examination.time + timedelta(minutes=2 * order))
        write_film(
            place / f"X{order + 1}",
            examination,
            series,
            film.pixels,
            radiograph.PIXEL_MM,
            side,
            monochrome1=side == "L",
        )
        for site, place_on_film in film_landmarks(hands.subject, offsets, film.affine).items():
            landmarks[side, site] = place_on_film
        progress.step()
    return landmarks


def _eroded_bones(lesions: Mapping[str, Lesion]) -> dict[str, np.ndarray]:
    """Return for each eroded bone the share of every voxel that is gone, both ends together."""
    eroded: dict[str, np.ndarray] = {}
    for part, lesion in lesions.items():
        if lesion.eroded_fraction:
            bone = PARTS[part][0]
            eroded[bone] = np.maximum(eroded[bone], lesion.eroded) if bone in eroded else lesion.eroded
    return eroded

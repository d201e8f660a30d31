"""A whole study of phantom hands on disk, and the truth about every subject and visit."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Final, Literal

import numpy as np

from viewer.imaging.phantom import mr_sequences, radiograph
from viewer.imaging.phantom.dicom_files import Examination, Person, Series, write_film, write_mr
from viewer.imaging.phantom.disease import Findings, disease_course, severity_of
from viewer.imaging.phantom.lesions import Lesion, Seat
from viewer.imaging.phantom.sites import FILM_EROSION_SITES, PARTS, RAMRIS_PARTS
from viewer.imaging.phantom.subject import (
    Subject,
    diseased_picture,
    landmarks,
    make_lesions,
    make_seats,
    make_subject,
    synovitis_fractions,
)

Side = Literal["L", "R"]
Checkpoint = Callable[[int, int], None]

_FIRST_DAY: Final = date(2021, 3, 1)
_NAMES: Final = (("ALMA", "F"), ("BODIL", "F"), ("CARL", "M"), ("DORTE", "F"), ("ELSE", "F"), ("FREJA", "F"))
_MR_SERIES: Final = (
    (3, "COR T1 3D FFE {}", mr_sequences.COR_T1, 6, False),
    (4, "AX T1 3D FFE {}", mr_sequences.AX_T1, 13, True),
    (2, "COR STIR TSHIRT {}", mr_sequences.COR_STIR, 1, False),
    (5, "COR T1 3D FFE {} POST GD", mr_sequences.COR_T1_POST, 24, True),
    (6, "AX T1 3D FFE {} POST GD", mr_sequences.AX_T1_POST, 31, False),
)
"""Series number, description, sequence, minutes after the begin, whether instances are numbered backwards."""


@dataclass(frozen=True, slots=True)
class PhantomVisit:
    """A visit to be imaged.

    Attributes:
        label: What the trial calls it; goes into Study Description.
        week: Weeks after the first visit.
        mri: Whether the hand is scanned.
        radiographs: Whether films of both hands are taken.
    """

    label: str
    week: int
    mri: bool
    radiographs: bool


@dataclass(frozen=True, slots=True, eq=False)
class VisitTruth:
    """What is really in the pictures of one visit, measured on the phantom after the disease was put in.

    Attributes:
        visit: Label of the visit.
        eroded_fraction: RAMRIS bone site: eroded share of the judged volume; empty without MRI.
        oedema_fraction: RAMRIS bone site: oedematous share of the judged (original) volume; empty without MRI.
        synovitis_fraction: RAMRIS synovitis site: enhancing volume over greatest volume; empty without MRI.
        film_eroded_fraction: (side, Sharp 1985 erosion area): eroded share of its judged bone; empty without films.
        film_space_lost: (side, Sharp 1985 joint space): share of the space lost, 1 is ankylosis; empty without films.
        landmarks_mm: RAMRIS site: a point in its middle, LPS mm in this visit's MR frame of reference.
        pose: (4, 4) model mm to LPS mm; contains the mirror for a left hand.
    """

    visit: str
    eroded_fraction: Mapping[str, float]
    oedema_fraction: Mapping[str, float]
    synovitis_fraction: Mapping[str, float]
    film_eroded_fraction: Mapping[tuple[str, str], float]
    film_space_lost: Mapping[tuple[str, str], float]
    landmarks_mm: Mapping[str, tuple[float, float, float]]
    pose: np.ndarray


@dataclass(frozen=True, slots=True, eq=False)
class SubjectTruth:
    """The truth about one subject.

    Attributes:
        subject: Patient ID in the files.
        side: The hand that is scanned.
        visits: In the order asked for.
    """

    subject: str
    side: Side
    visits: tuple[VisitTruth, ...]


@dataclass(frozen=True, slots=True, eq=False)
class _Hands:
    """A subject with the disease of both hands; the scanned hand comes first."""

    subject: Subject
    sides: tuple[Side, Side]
    seats: tuple[dict[str, Seat], dict[str, Seat]]
    courses: tuple[tuple[Findings, ...], tuple[Findings, ...]]


class _Progress:
    """Counts pieces of work and asks the caller whether to go on."""

    def __init__(self, total: int, checkpoint: Checkpoint) -> None:
        self._done, self._total, self._checkpoint = 0, total, checkpoint
        checkpoint(0, total)

    def step(self) -> None:
        self._done += 1
        self._checkpoint(self._done, self._total)


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
        folder: Created where absent; files go to ``<patient id>/<date>/<series number>/``.
        subjects: How many; subject *n* does not depend on how many there are.
        visits: In order of time.
        seed: The same seed gives the same bytes.
        checkpoint: Called with (done, total) pieces of work; may raise to stop.

    Returns:
        One truth a subject, in the order of their Patient IDs.
    """
    pieces = subjects * (2 + sum(visit.mri * len(_MR_SERIES) + visit.radiographs * 2 for visit in visits))
    progress = _Progress(pieces, checkpoint)
    return tuple(_write_subject(folder, number, visits, seed, progress) for number in range(subjects))


def _write_subject(
    folder: Path, number: int, visits: Sequence[PhantomVisit], seed: int, progress: _Progress
) -> SubjectTruth:
    hands = _make_hands(number, visits, seed, progress)
    shadows = {name: radiograph.cast_shadow(bone) for name, bone in hands.subject.bones.items()} if any(
        visit.radiographs for visit in visits
    ) else {}
    person = _person(number, seed)
    truths: list[VisitTruth] = []
    for index, visit in enumerate(visits):
        rng = np.random.default_rng([seed, number, 1000 + visit.week])
        day = _FIRST_DAY + timedelta(days=23 * number + 7 * visit.week + int(rng.integers(-2, 3)) * bool(index))
        lesions = [
            make_lesions(hands.subject, seats, course[index])
            for seats, course in zip(hands.seats, hands.courses, strict=True)
        ]
        pose = hand_pose(hands.subject, hands.sides[0], rng)
        place = folder / person.patient_id / f"{day:%Y%m%d}"
        if visit.mri:
            time = datetime(day.year, day.month, day.day, 9, int(rng.integers(0, 50)), int(rng.integers(0, 60)))
            examination = Examination(person, time, f"RA TRIAL MRI HAND {visit.label.upper()}", 10 * number + 3)
            picture = diseased_picture(hands.subject, lesions[0], hands.courses[0][index])
            _scan(place, examination, hands, picture, pose, number, visit, rng, progress)
        if visit.radiographs:
            time = datetime(day.year, day.month, day.day, 11, int(rng.integers(0, 50)), int(rng.integers(0, 60)))
            examination = Examination(person, time, f"RA TRIAL XR HANDS {visit.label.upper()}", 10 * number + 7)
            _take_films(place, examination, hands, shadows, lesions, index, visit, rng, progress)
        truths.append(_truth(hands, lesions, index, visit, pose))
    return SubjectTruth(person.patient_id, hands.sides[0], tuple(truths))


def _make_hands(number: int, visits: Sequence[PhantomVisit], seed: int, progress: _Progress) -> _Hands:
    subject = make_subject(np.random.default_rng([seed, number, 1]))
    progress.step()
    rng = np.random.default_rng([seed, number, 2])
    severity = severity_of(number)
    weeks = [visit.week for visit in visits]
    sides: tuple[Side, Side] = ("L", "R") if number % 2 == 0 else ("R", "L")
    courses = disease_course(rng, severity, weeks), disease_course(rng, 0.85 * severity, weeks)
    seats = make_seats(subject, rng), make_seats(subject, rng)
    progress.step()
    return _Hands(subject, sides, seats, courses)


def _person(number: int, seed: int) -> Person:
    rng = np.random.default_rng([seed, number, 3])
    name, sex = _NAMES[number % len(_NAMES)]
    born = date(1945, 1, 1) + timedelta(days=int(rng.integers(0, 12000)))
    return Person(f"PHANTOM^{name}", f"PH{number + 1:03d}", born, sex, float(rng.integers(52, 92)))


def hand_pose(subject: Subject, side: Side, rng: np.random.Generator) -> np.ndarray:
    """Return how the hand lies at one visit, (4, 4) model mm to LPS mm.

    The patient lies prone with the arm stretched over the head: finger tips to the head, palm down, which is
    anterior, thumb towards the middle. The hand is turned by up to 8 degrees and shifted by up to 10 mm.
    """
    inwards = 1.0 if side == "R" else -1.0  # the thumb of a right hand held so points to the patient's left
    turned = _rotation(rng, 8.0, np.array([0.6, 1.0, 0.5])) @ np.diag([inwards, 1.0, 1.0])
    middle = np.array([4.0, -3.0, 45.0]) * subject.hand.size
    pose = np.eye(4)
    pose[:3, :3] = turned
    resting = np.array([-18.0 * inwards, -12.0, 25.0])
    pose[:3, 3] = resting + rng.uniform(-1, 1, 3) * [10.0, 5.0, 10.0] - turned @ middle
    return pose


def _rotation(rng: np.random.Generator, most_degrees: float, favour: np.ndarray) -> np.ndarray:
    axis = rng.normal(0, 1, 3) * favour
    axis /= np.linalg.norm(axis)
    angle = np.deg2rad(rng.uniform(0.3, 1.0) * most_degrees)
    cross = np.array([[0, -axis[2], axis[1]], [axis[2], 0, -axis[0]], [-axis[1], axis[0], 0]])
    return np.eye(3) + np.sin(angle) * cross + (1 - np.cos(angle)) * cross @ cross


def _scan(
    place: Path,
    examination: Examination,
    hands: _Hands,
    picture,
    pose: np.ndarray,
    number: int,
    visit: PhantomVisit,
    rng: np.random.Generator,
    progress: _Progress,
) -> None:
    size = hands.subject.hand.size
    tilt = _rotation(rng, 4.0, np.ones(3)) if number % 2 else np.eye(3)  # every other patient is planned obliquely
    error = rng.uniform(-2, 2, 3)
    coil = pose[:3, :3] @ (np.array([3.0, -3.0, 50.0]) * size) + pose[:3, 3]
    for series_number, description, sequence, minutes, reverse in _MR_SERIES:
        aim = np.array([6.0, -4.0, 51.0] if sequence.plane == "coronal" else [1.0, -3.0, 17.0]) * size
        frame = mr_sequences.plan(sequence, pose[:3, :3] @ aim + pose[:3, 3] + error, tilt)
        pixels = mr_sequences.acquire(picture, pose, sequence, frame, coil, rng)
        series = Series(
            series_number,
            description.format(f"W{visit.week:02d}"),
            examination.time + timedelta(minutes=minutes),
            reverse,
        )
        write_mr(place / f"S{series_number:02d}", examination, series, sequence, frame, pixels, hands.sides[0])
        progress.step()


def _take_films(
    place: Path,
    examination: Examination,
    hands: _Hands,
    shadows: Mapping[str, radiograph.Shadow],
    lesions: Sequence[Mapping[str, Lesion]],
    index: int,
    visit: PhantomVisit,
    rng: np.random.Generator,
    progress: _Progress,
) -> None:
    for order, (side, course, of_hand) in enumerate(zip(hands.sides, hands.courses, lesions, strict=True)):
        changed = dict(shadows)
        for name, eroded in _eroded_bones(of_hand).items():
            changed[name] = radiograph.cast_shadow(hands.subject.bones[name], eroded)
        offsets = radiograph.film_offsets(hands.subject.hand, course[index].space_lost)
        film = radiograph.expose(hands.subject.hand, changed, offsets, side, rng)
        word = "LEFT" if side == "L" else "RIGHT"
        time = examination.time + timedelta(minutes=2 * order)
        series = Series(order + 1, f"HAND PA {word} W{visit.week:02d}", time)
        write_film(place / f"X{order + 1}", examination, series, film, radiograph.PIXEL_MM, side, monochrome1=side == "L")
        progress.step()


def _eroded_bones(lesions: Mapping[str, Lesion]) -> dict[str, np.ndarray]:
    """Return for each eroded bone the share of every voxel that is gone, both ends together."""
    eroded: dict[str, np.ndarray] = {}
    for part, lesion in lesions.items():
        if lesion.eroded_fraction:
            bone = PARTS[part][0]
            eroded[bone] = np.maximum(eroded[bone], lesion.eroded) if bone in eroded else lesion.eroded
    return eroded


def _truth(
    hands: _Hands, lesions: Sequence[Mapping[str, Lesion]], index: int, visit: PhantomVisit, pose: np.ndarray
) -> VisitTruth:
    findings = [course[index] for course in hands.courses]
    eroded = {part: lesion.eroded_fraction for part, lesion in lesions[0].items()}
    oedema = {part: lesion.oedema_fraction for part, lesion in lesions[0].items()}
    points = landmarks(hands.subject, hands.seats[0])
    return VisitTruth(
        visit.label,
        {part: eroded.get(part, 0.0) for part in RAMRIS_PARTS} if visit.mri else {},
        {part: oedema.get(part, 0.0) for part in RAMRIS_PARTS} if visit.mri else {},
        synovitis_fractions(hands.subject, findings[0]) if visit.mri else {},
        _film_erosions(hands, lesions) if visit.radiographs else {},
        {
            (side, site): lost
            for side, found in zip(hands.sides, findings, strict=True)
            for site, lost in found.space_lost.items()
        }
        if visit.radiographs
        else {},
        {site: _placed(pose, point) for site, point in points.items()} if visit.mri else {},
        pose,
    )


def _film_erosions(hands: _Hands, lesions: Sequence[Mapping[str, Lesion]]) -> dict[tuple[str, str], float]:
    fractions: dict[tuple[str, str], float] = {}
    for side, seats, of_hand in zip(hands.sides, hands.seats, lesions, strict=True):
        for site, parts in FILM_EROSION_SITES.items():
            volume = [int(seats[part].assessed.sum()) for part in parts]
            gone = [of_hand[part].eroded_fraction * n if part in of_hand else 0.0 for part, n in zip(parts, volume, strict=True)]
            fractions[side, site] = sum(gone) / sum(volume)
    return fractions


def _placed(pose: np.ndarray, point: np.ndarray) -> tuple[float, float, float]:
    x, y, z = pose[:3, :3] @ point + pose[:3, 3]
    return float(x), float(y), float(z)

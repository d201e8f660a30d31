"""The truth about a subject: what is really in the pictures of every visit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from viewer.imaging.phantom.disease import Findings
from viewer.imaging.phantom.lesions import Lesion, Seat
from viewer.imaging.phantom.sites import FILM_EROSION_SITES, RAMRIS_PARTS
from viewer.imaging.phantom.subject import Subject, landmarks, synovitis_fractions

Side = Literal["L", "R"]


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
        oedema_fraction: RAMRIS bone site: oedematous share of the original judged volume; empty without MRI.
        synovitis_fraction: RAMRIS synovitis site: enhancing volume over greatest volume; empty without MRI.
        film_eroded_fraction: (side, Sharp 1985 erosion area): eroded share of its judged bone; empty without
            films.
        film_space_lost: (side, Sharp 1985 joint space): share of the space lost, 1 is ankylosis; empty
            without films.
        landmarks_mm: RAMRIS site: a point in its middle, LPS mm in this visit's MR frame of reference.
        film_landmarks: (side, Sharp 1985 site): row and column of its middle on the film of that side,
            zero-based, pixel centres; empty without films.
        pose: (4, 4) model mm to LPS mm; contains the mirror for a left hand.
    """

    visit: str
    eroded_fraction: Mapping[str, float]
    oedema_fraction: Mapping[str, float]
    synovitis_fraction: Mapping[str, float]
    film_eroded_fraction: Mapping[tuple[str, str], float]
    film_space_lost: Mapping[tuple[str, str], float]
    landmarks_mm: Mapping[str, tuple[float, float, float]]
    film_landmarks: Mapping[tuple[str, str], tuple[float, float]]
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
class Hands:
    """A subject with the disease of both hands; the scanned hand comes first."""

    subject: Subject
    sides: tuple[Side, Side]
    seats: tuple[dict[str, Seat], dict[str, Seat]]
    courses: tuple[tuple[Findings, ...], tuple[Findings, ...]]


def measure(
    hands: Hands,
    lesions: Sequence[Mapping[str, Lesion]],
    index: int,
    visit: PhantomVisit,
    pose: np.ndarray,
    film_landmarks: Mapping[tuple[str, str], tuple[float, float]],
) -> VisitTruth:
    """Return the truth of one visit, counted in voxels; *lesions* are those of both hands."""
    findings = [course[index] for course in hands.courses]
    eroded = {part: lesion.eroded_fraction for part, lesion in lesions[0].items()}
    oedema = {part: lesion.oedema_fraction for part, lesion in lesions[0].items()}
    points = landmarks(hands.subject)
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
        film_landmarks,
        pose,
    )


def _film_erosions(hands: Hands, lesions: Sequence[Mapping[str, Lesion]]) -> dict[tuple[str, str], float]:
    fractions: dict[tuple[str, str], float] = {}
    for side, of_hand in zip(hands.sides, lesions, strict=True):
        for site, parts in FILM_EROSION_SITES.items():
            volume = [int(hands.subject.assessed[part].sum()) for part in parts]
            gone = [
                of_hand[part].eroded_fraction * n if part in of_hand else 0.0
                for part, n in zip(parts, volume, strict=True)
            ]
            fractions[side, site] = sum(gone) / sum(volume)
    return fractions


def _placed(pose: np.ndarray, point: np.ndarray) -> tuple[float, float, float]:
    x, y, z = pose[:3, :3] @ point + pose[:3, 3]
    return float(x), float(y), float(z)

"""From images to series: parts, side, contrast and role of each, and what is wrong with it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

import numpy as np

from viewer.imaging.admission import FILM_MODALITIES
from viewer.imaging.decoders import LOSSY
from viewer.imaging.grouping import Part, parts_of
from viewer.imaging.headers import FileHeader
from viewer.imaging.laterality import Laterality, laterality_of
from viewer.imaging.roles import Contrast, contrast_of, role_of, weighting_of
from viewer.imaging.series import ImageFile, Series
from viewer.imaging.stack import Slice, Stack, stack_of


@dataclass(frozen=True, slots=True)
class _Candidate:
    uid: str
    part: Part
    stack: Stack
    laterality: Laterality
    contrast: Contrast

    @property
    def first(self) -> Slice:
        return self.part[0]


def series_of(slices: Sequence[Slice]) -> tuple[Series, ...]:
    """Return the series and parts that *slices* form, ordered by patient, date, study and series number."""
    candidates = [
        _Candidate(
            part[0].file.series_instance_uid + (f"#{number}" if number > 1 else ""),
            part,
            stack_of(part),
            laterality_of(part[0]),
            contrast_of(part[0]),
        )
        for parts in parts_of(slices)
        for number, part in enumerate(parts, start=1)
    ]
    candidates.sort(key=lambda each: (each.first.file.patient_id, each.first.file.study_date, *_order(each)))
    return tuple(_series(replace(each, contrast=_contrast(each, candidates))) for each in candidates)


def _order(candidate: _Candidate) -> tuple[object, ...]:
    file = candidate.first.file
    return file.study_instance_uid, file.series_number or 0, file.series_instance_uid, candidate.uid


def _contrast(candidate: _Candidate, others: Sequence[_Candidate]) -> Contrast:
    """Return the contrast; without agent but with a sibling of the same geometry that has one it is pre."""
    stated = candidate.contrast
    if stated.given is not None or stated.problems or candidate.first.file.modality != "MR":
        return stated
    if any(other.contrast.given and _are_siblings(candidate, other) for other in others):
        return Contrast(False, "no contrast agent is named, but one is for the same slices in another series")
    return stated


def _are_siblings(one: _Candidate, other: _Candidate) -> bool:
    """Whether two series of a study show the same slices with the same weighting."""
    a, b = one.stack.geometry, other.stack.geometry
    files = one.first.file, other.first.file
    if a is None or b is None or files[0].study_instance_uid != files[1].study_instance_uid:
        return False
    if a.shape != b.shape or not np.allclose(a.affine[:3, :3], b.affine[:3, :3], atol=0.02):
        return False
    if files[0].patient_id != files[1].patient_id:
        return False
    mine, its = weighting_of(one.first), weighting_of(other.first)
    return mine is not None and its is not None and mine.name == its.name


def _series(candidate: _Candidate) -> Series:
    part, stack, first = candidate.part, candidate.stack, candidate.first
    file = first.file
    role = role_of(first, len(part), stack.plane, candidate.laterality, candidate.contrast)
    side = candidate.laterality.side
    row, column = first.frame.pixel_spacing or (None, None)
    step = stack.geometry.spacing_mm[0] if stack.geometry else None
    return Series(
        series_uid=candidate.uid,
        study_instance_uid=file.study_instance_uid,
        study_date=file.study_date or None,
        patient_id=file.patient_id or None,
        frame_of_reference_uid=file.frame_of_reference_uid or None,
        modality=file.modality,
        description=file.series_description or file.protocol_name,
        role=role.name,
        role_reason=role.reason,
        files=_files_of(part),
        n_images=len(part),
        rows=file.pixels.rows,
        columns=file.pixels.columns,
        spacing_mm=(step, row, column),
        plane=stack.plane,
        laterality=None if side == "B" else side,
        contrast=candidate.contrast.given,
        problems=(
            *stack.problems,
            *candidate.laterality.problems,
            *candidate.contrast.problems,
            *role.problems,
            *_other_problems(candidate, role.name),
        ),
    )


def _files_of(part: Part) -> tuple[ImageFile, ...]:
    files: list[ImageFile] = []
    for path, items in groupby(part, key=lambda item: item.file.path):
        run = list(items)
        frames = tuple(item.frame.frame for item in run)
        files.append(ImageFile(path, run[0].file.sop_instance_uid, frames))
    return tuple(files)


def _other_problems(candidate: _Candidate, role: str) -> Iterator[str]:
    file, frame = candidate.first.file, candidate.first.frame
    if file.mosaic:
        yield "A mosaic: one image holds many slices as tiles."
    if not file.has_series_uid:
        yield "The images have no Series Instance UID."
    if frame.pixel_spacing is None:
        yield "Pixel spacing is missing: lengths cannot be given in mm."
    if any(item.file.transfer_syntax in LOSSY for item in candidate.part):
        yield "The images are compressed with loss."
    if role != "other" and candidate.laterality.side is None and not candidate.laterality.problems:
        yield "The side is not given."
    if file.modality in FILM_MODALITIES:
        yield from _burned_in(file)


def _burned_in(file: FileHeader) -> Iterator[str]:
    if file.burned_in_annotation == "YES":
        yield "Text is burned into the picture."
    elif file.burned_in_annotation != "NO":
        yield "The header does not say whether text is burned into the picture."

"""What lies in files and folders: series with their roles, and why every other file is not read."""

import os
import stat
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path

import numpy as np

from viewer.imaging.admission import FILM_MODALITIES, admit
from viewer.imaging.archives import Unpacked, is_archive, unpack
from viewer.imaging.errors import FileProblemError, UnreadableFileError
from viewer.imaging.files import UNCOMPRESSED
from viewer.imaging.grouping import Part, parts_of
from viewer.imaging.headers import FileHeader
from viewer.imaging.laterality import Laterality, laterality_of
from viewer.imaging.limits import LIMITS, Limits
from viewer.imaging.pixels import LOSSY
from viewer.imaging.roles import Contrast, contrast_of, role_of, weighting_of
from viewer.imaging.series import ImageFile, Rejected, ScanResult, Series
from viewer.imaging.stack import Slice, Stack, stack_of

Checkpoint = Callable[[int, int], None]


def no_checkpoint(done: int, total: int) -> None:
    """Neither report progress nor stop."""


def scan(
    paths: Sequence[Path],
    checkpoint: Checkpoint = no_checkpoint,
    *,
    unpack_into: Path | None = None,
    skip: Mapping[Path, str] | None = None,
    entering: Callable[[Path], None] | None = None,
    limits: Limits = LIMITS,
) -> ScanResult:
    """Return the series in files and folders; nothing is changed there and links are not followed.

    Args:
        paths: Files and folders; folders are searched to any depth, names do not matter.
        checkpoint: Called before each file; raising from it stops the scan.
        unpack_into: An empty folder for what zip archives hold; the files found there belong to the result.
            Without it archives are refused.
        skip: Files to refuse unread, with the reason.
        entering: Told of each file before its checkpoint.
        limits: How much a file may ask for.

    Raises:
        UnreadableFileError: One of *paths* does not exist.
    """
    found = _found(paths, unpack_into, limits)
    headers: list[tuple[FileHeader, Path]] = []
    rejected = list(found.rejected)
    for done, item in enumerate(found.files):
        if entering is not None:
            entering(item.path)
        checkpoint(done, len(found.files))
        try:
            if skip and item.path in skip:
                raise UnreadableFileError(item.path, skip[item.path])
            headers.append((admit(item.path, limits)[1], item.label))
        except FileProblemError as error:
            rejected.append(Rejected(item.label, error.reason))
        except RecursionError:
            rejected.append(Rejected(item.label, "its header is nested too deeply"))
        except MemoryError:
            rejected.append(Rejected(item.label, "it asks for more memory than an image may"))
    checkpoint(len(found.files), len(found.files))
    kept = _without_copies(headers, rejected)
    slices = [Slice(header, frame) for header in kept for frame in header.slices]
    rejected.sort(key=lambda item: str(item.path))
    return ScanResult(found.seen, _series_of(slices), tuple(rejected))


# --- files


@dataclass(slots=True)
class _Found:
    files: list[Unpacked]
    rejected: list[Rejected]
    seen: int = 0


def _found(paths: Sequence[Path], unpack_into: Path | None, limits: Limits) -> _Found:
    found = _Found([], [])
    known: set[Path] = set()
    for path in _walk(paths, found.rejected):
        if path in known:
            continue
        known.add(path)
        found.seen += 1
        if unpack_into is not None and is_archive(path):
            _add_archive(found, path, unpack_into / f"archive-{found.seen}", limits)
        else:
            found.files.append(Unpacked(path, path))
    return found


def _walk(paths: Sequence[Path], rejected: list[Rejected]) -> Iterator[Path]:
    """Yield every regular file below *paths* as an absolute path, in a stable order."""

    def unreadable(error: OSError) -> None:
        rejected.append(Rejected(Path(error.filename), "the folder cannot be opened"))

    for start in paths:
        root = Path(os.path.abspath(start))  # noqa: PTH100 - links stay as given
        if root.is_file():
            yield root
            continue
        if not root.is_dir():
            raise UnreadableFileError(Path(start), "there is no such file or folder")
        for folder, folders, names in os.walk(root, onerror=unreadable):
            folders.sort()
            for path in (Path(folder, name) for name in sorted(names)):
                if stat.S_ISREG(path.lstat().st_mode):
                    yield path
                else:
                    rejected.append(Rejected(path, "a link or device; only files are read"))


def _add_archive(found: _Found, archive: Path, folder: Path, limits: Limits) -> None:
    folder.mkdir(parents=True)
    try:
        for item in unpack(archive, folder, limits):
            found.seen += 1
            if is_archive(item.path):
                found.rejected.append(Rejected(item.label, "an archive inside an archive"))
            else:
                found.files.append(item)
    except FileProblemError as error:
        found.rejected.append(Rejected(archive, error.reason))


def _without_copies(headers: Sequence[tuple[FileHeader, Path]], rejected: list[Rejected]) -> list[FileHeader]:
    """Return each image once, the less compressed copy of two; the others go to *rejected*."""
    kept: dict[object, FileHeader] = {}
    for header, label in sorted(headers, key=lambda pair: (_loss(pair[0]), str(pair[1]))):
        identity = _identity(header)
        if identity in kept:
            rejected.append(Rejected(label, "the same image (SOP Instance UID) is there in another file"))
        else:
            kept[identity] = header
    return list(kept.values())


def _identity(header: FileHeader) -> object:
    if not header.sop_instance_uid:
        return header.path
    place = header.slices[0].position
    return header.sop_instance_uid, header.series_instance_uid, header.instance_number, place


def _loss(header: FileHeader) -> int:
    return 0 if header.transfer_syntax in UNCOMPRESSED else 2 if header.transfer_syntax in LOSSY else 1


# --- series


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


def _series_of(slices: Sequence[Slice]) -> tuple[Series, ...]:
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
    elif frame.spacing_at == "detector":
        yield "Pixel spacing holds at the detector: lengths in the hand are slightly shorter."
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

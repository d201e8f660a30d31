"""What a scan hands on: series, the files they are made of, and what was refused."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from viewer.imaging.geometry import Plane

Side = Literal["L", "R"]


@dataclass(frozen=True, slots=True)
class ImageFile:
    """One file of a series and which of its frames belong to it.

    Attributes:
        path: The file.
        sop_instance_uid: Its identity; empty where the file has none.
        frames: Zero-based frames in the order of the volume; (0,) for a single image.
    """

    path: Path
    sop_instance_uid: str
    frames: tuple[int, ...] = (0,)


@dataclass(frozen=True, slots=True)
class Series:
    """Images that form one volume or film: a DICOM series, or one part of it.

    Attributes:
        series_uid: Series Instance UID; further parts of the same series have "#2", "#3", … behind it.
        role: What the series is for (words of the product text), "other" where it is none of those.
        role_reason: Why, in plain words.
        files: In order along the normal. A file stands here twice where frames of another lie between.
        n_images: Frames, not files.
        spacing_mm: Slice step along the normal (None for one slice), row, column spacing.
        contrast: Whether a contrast agent was in; None where nothing tells.
        problems: Plain sentences a coordinator should know.
    """

    series_uid: str
    study_instance_uid: str
    study_date: str | None
    patient_id: str | None
    frame_of_reference_uid: str | None
    modality: str
    description: str
    role: str
    role_reason: str
    files: tuple[ImageFile, ...]
    n_images: int
    rows: int
    columns: int
    spacing_mm: tuple[float | None, float | None, float | None]
    plane: Plane | None
    laterality: Side | None
    contrast: bool | None
    problems: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rejected:
    """A file that is not read and why, in one plain sentence part without its name."""

    path: Path
    reason: str


@dataclass(frozen=True, slots=True)
class ScanResult:
    """What was found: *files_seen* counts every regular file, those inside archives too."""

    files_seen: int
    series: tuple[Series, ...]
    rejected: tuple[Rejected, ...]

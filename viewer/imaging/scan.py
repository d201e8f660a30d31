"""What lies in files and folders: series with their roles, and why every other file is not read."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from viewer.imaging.admission import admit, forget_headers
from viewer.imaging.assembly import series_of
from viewer.imaging.checkpoint import Checkpoint
from viewer.imaging.decoders import LOSSY
from viewer.imaging.errors import FileProblemError, UnreadableFileError
from viewer.imaging.files import UNCOMPRESSED
from viewer.imaging.finding import Entering, find_files
from viewer.imaging.headers import FileHeader
from viewer.imaging.limits import LIMITS, Limits
from viewer.imaging.series import Rejected, ScanResult
from viewer.imaging.stack import Slice


def no_checkpoint(done: int, total: int) -> None:
    """Neither report progress nor stop."""


def scan(
    paths: Sequence[Path],
    checkpoint: Checkpoint = no_checkpoint,
    *,
    unpack_into: Path | None = None,
    skip: Mapping[Path, str] | None = None,
    entering: Entering | None = None,
    limits: Limits = LIMITS,
) -> ScanResult:
    """Return the series in files and folders; nothing is changed there and links are not followed.

    Args:
        paths: Files and folders; folders are searched to any depth, names do not matter.
        checkpoint: Called before each file; raising from it stops the scan.
        unpack_into: An empty folder for what zip archives hold; the files found there belong to the result.
            Without it archives are refused.
        skip: Files to refuse unread, with the reason.
        entering: Told of each file when it is found, and again before its checkpoint.
        limits: How much a file may ask for.

    Raises:
        UnreadableFileError: One of *paths* does not exist.
    """
    entering = entering or _ignore
    forget_headers()
    found = find_files(paths, unpack_into, entering, limits)
    headers: list[tuple[FileHeader, Path]] = []
    rejected = list(found.rejected)
    for done, item in enumerate(found.files):
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
    return ScanResult(found.seen, series_of(slices), tuple(rejected))


def _ignore(_: Path) -> None:
    pass


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

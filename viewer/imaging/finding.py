"""Every file below the given paths, zip archives unpacked."""

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from viewer.imaging.archives import Unpacked, is_archive, unpack
from viewer.imaging.errors import FileProblemError, UnreadableFileError
from viewer.imaging.limits import LIMITS, Limits
from viewer.imaging.series import Rejected

Entering = Callable[[Path], None]


@dataclass(slots=True)
class Found:
    """Files to be read, what is none, and how many regular files were seen."""

    files: list[Unpacked]
    rejected: list[Rejected]
    seen: int = 0


def find_files(
    paths: Sequence[Path], unpack_into: Path | None, entering: Entering, limits: Limits = LIMITS
) -> Found:
    """Return every regular file in *paths*, each once, with an absolute path; links are not followed.

    Args:
        paths: Files and folders.
        unpack_into: Where zip archives are unpacked; None takes them as plain files.
        entering: Told of each file.
        limits: How much an archive may hold.

    Raises:
        UnreadableFileError: One of *paths* does not exist.
    """
    found = Found([], [])
    known: set[Path] = set()
    for path in _walk(paths, found.rejected):
        if path in known:
            continue
        known.add(path)
        entering(path)
        found.seen += 1
        if unpack_into is not None and is_archive(path):
            _add_archive(found, path, unpack_into / f"archive-{found.seen}", entering, limits)
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
                if path.is_file() and not path.is_symlink():
                    yield path
                else:
                    rejected.append(Rejected(path, "a link or device; only files are read"))


def _add_archive(found: Found, archive: Path, folder: Path, entering: Entering, limits: Limits) -> None:
    folder.mkdir(parents=True)
    try:
        for item in unpack(archive, folder, limits):
            entering(archive)
            found.seen += 1
            if is_archive(item.path):
                found.rejected.append(Rejected(item.label, "an archive inside an archive"))
            else:
                found.files.append(item)
    except FileProblemError as error:
        found.rejected.append(Rejected(archive, error.reason))

"""What can go wrong between a file and its pixels; every message is free of patient data."""

from pathlib import Path


class ImagingError(Exception):
    """A file or series cannot be used; str() is one plain sentence."""


class FileProblemError(ImagingError):
    """One file cannot be used.

    Attributes:
        path: The file.
        reason: What is wrong with it, without its name.
    """

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"The file {path.name} cannot be used: {reason}.")
        self.path, self.reason = path, reason

    def __reduce__(self) -> tuple[type["FileProblemError"], tuple[Path, str]]:
        """Travel between processes with both arguments."""
        return type(self), (self.path, self.reason)


class UnreadableFileError(FileProblemError):
    """The file is not a DICOM image this program reads."""


class LimitExceededError(FileProblemError):
    """The file asks for more memory, elements or time than an image may."""


class PixelDecodeError(FileProblemError):
    """The header is sound, but its pixels cannot be decoded."""


class InconsistentSeriesError(ImagingError):
    """The files of a series do not form one volume (any more)."""


class WorkerFailedError(ImagingError):
    """The process that reads images ended or hung; it starts anew with the next call."""

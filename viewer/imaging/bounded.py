"""A file that keeps to limits while its header is parsed."""

import io
import time
from typing import BinaryIO

from viewer.imaging.limits import Limits


class BoundedReader:
    """A binary file that never hands out more than is left, nor for longer than a header may take."""

    def __init__(self, file: BinaryIO, length: int, limits: Limits) -> None:
        self._file = file
        self.length = length
        self._reads = limits.header_reads
        self._until = time.monotonic() + limits.header_seconds
        self.exceeded = ""
        self.cut = False

    def read(self, count: int = -1) -> bytes:
        """Return up to *count* bytes; every 256th call looks at the clock.

        Raises:
            EOFError: The header has used up its share; `exceeded` says how.
        """
        self._reads -= 1
        if self._reads < 0:
            self.exceeded = "its header holds more elements than an image has"
        elif self._reads % 256 == 0 and time.monotonic() > self._until:
            self.exceeded = "its header takes too long to read"
        if self.exceeded:
            raise EOFError(self.exceeded)
        left = self.length - self._file.tell()
        # A clean end shows as the 8 bytes of the next tag that are not there.
        if count > left and not (left == 0 and count == 8):
            self.cut = True
        return self._file.read(min(count, left) if count >= 0 else left)

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Move as a file does."""
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        """Return the position as a file does."""
        return self._file.tell()

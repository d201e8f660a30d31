"""How much a file may ask for before it is refused."""

from dataclasses import dataclass

MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one import; sizes in bytes, times in seconds.

    Attributes:
        header_reads: Reads while parsing a header (about three an element); bounds elements and nesting.
        archive_ratio: Unpacked bytes per packed byte, of an entry and of the whole archive.
        worker_bytes: Memory the process that reads images may take beyond what it needs to start.
    """

    file_bytes: int = 512 * MIB
    header_seconds: float = 5.0
    header_reads: int = 600_000
    inflated_bytes: int = 512 * MIB
    rows: int = 16_384
    columns: int = 16_384
    frames: int = 10_000
    decoded_bytes: int = 2048 * MIB
    archive_entries: int = 20_000
    archive_ratio: int = 200
    archive_bytes: int = 8192 * MIB
    file_seconds: float = 35.0
    worker_bytes: int = 2048 * MIB


LIMITS = Limits()

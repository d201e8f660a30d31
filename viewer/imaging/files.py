"""One DICOM file: its header, read within limits, and where its pixels stand.

pydicom parses the elements; what surrounds them (preamble, meta group, deflation, stopping at the pixels) is
done here, so that nothing is inflated or allocated without a bound and no file is ever read by force.
"""

import io
import logging
import struct
import warnings
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, cast

from pydicom import config
from pydicom.dataset import Dataset
from pydicom.filereader import read_dataset
from pydicom.tag import BaseTag

from viewer.imaging.bounded import BoundedReader
from viewer.imaging.errors import LimitExceededError, UnreadableFileError
from viewer.imaging.limits import LIMITS, Limits

IMPLICIT_LITTLE = "1.2.840.10008.1.2"
EXPLICIT_LITTLE = "1.2.840.10008.1.2.1"
DEFLATED = "1.2.840.10008.1.2.1.99"
EXPLICIT_BIG = "1.2.840.10008.1.2.2"
UNCOMPRESSED = frozenset({IMPLICIT_LITTLE, EXPLICIT_LITTLE, DEFLATED, EXPLICIT_BIG})
PIXEL_DATA = 0x7FE00010
_PIXEL_TAGS = frozenset({0x7FE00008, 0x7FE00009, PIXEL_DATA})
_UNDEFINED = 0xFFFFFFFF
_PREAMBLE = 132
_VALUE_REPRESENTATIONS = frozenset(
    (
        b"AE AS AT CS DA DS DT FD FL IS LO LT OB OD OF OL OV OW PN SH SL SQ SS ST SV TM UC UI UL UN UR"
        b" US UT UV"
    ).split()
)
_LONG_LENGTH = frozenset({"OB", "OD", "OF", "OL", "OV", "OW", "SQ", "SV", "UC", "UN", "UR", "UT", "UV"})
_OTHER_KINDS: tuple[tuple[bytes, str], ...] = (
    (b"\x89PNG", "a PNG picture, not DICOM; export the film as DICOM"),
    (b"\xff\xd8\xff", "a JPEG picture, not DICOM; export the film as DICOM"),
    (b"II*\x00", "a TIFF picture, not DICOM; export the film as DICOM"),
    (b"MM\x00*", "a TIFF picture, not DICOM; export the film as DICOM"),
    (b"GIF8", "a GIF picture, not DICOM"),
    (b"BM", "a BMP picture, not DICOM"),
    (b"%PDF", "a PDF document, not DICOM"),
    (b"\x1f\x8b", "a gzip file, not DICOM; unpack it first"),
    (b"PK", "a zip archive; it is read only where archives are unpacked"),
    (b"7z\xbc\xaf", "a 7z archive; unpack it first"),
    (b"Rar!", "a RAR archive; unpack it first"),
    (b"SQLite format 3", "a database, not DICOM"),
    (b"\x93NUMPY", "a numpy array, not DICOM"),
    (b"MZ", "a program, not DICOM"),
    (b"\x7fELF", "a program, not DICOM"),
)


@dataclass(frozen=True, slots=True, eq=False)
class DicomFile:
    """A parsed header and the place of the pixels.

    Attributes:
        path: The file.
        parsed: Every element before the pixel data, None where they were only walked over.
        transfer_syntax: UID; that of the encoding found where the file names none.
        little_endian: Byte order of uncompressed pixels.
        pixel_tag: Tag of the first pixel element, None where there is none.
        pixel_vr: Its value representation ("OW" where implicit).
        pixel_offset: First byte of its value in the source.
        pixel_length: Length of its value in bytes, None where undefined (encapsulated).
        source_length: Bytes of the source: the file, or the inflated data set.
        inflated: The inflated data set of a deflated file.
    """

    path: Path
    parsed: Dataset | None
    transfer_syntax: str
    little_endian: bool
    pixel_tag: int | None
    pixel_vr: str
    pixel_offset: int
    pixel_length: int | None
    source_length: int
    inflated: bytes | None = None

    @property
    def dataset(self) -> Dataset:
        """Every element before the pixel data; read from the file now if that was not done before.

        Raises:
            FileProblemError: The file is no longer what it was.
        """
        if self.parsed is None:
            object.__setattr__(self, "parsed", read_file(self.path).parsed)
        assert self.parsed is not None
        return self.parsed

    def open_source(self) -> BinaryIO:
        """Open what pixel_offset counts in; close it after use."""
        return self.path.open("rb") if self.inflated is None else io.BytesIO(self.inflated)


@contextmanager
def quiet() -> Iterator[None]:
    """Keep the warnings and log lines that odd files draw from pydicom away from the user."""
    logger = logging.getLogger("pydicom")
    level, mode = logger.level, config.settings.reading_validation_mode
    logger.setLevel(logging.CRITICAL + 1)
    config.settings.reading_validation_mode = config.IGNORE
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logger.setLevel(level)
        config.settings.reading_validation_mode = mode


def read_file(path: Path, limits: Limits = LIMITS) -> DicomFile:
    """Return the header of a DICOM file and the place of its pixels.

    Raises:
        UnreadableFileError: It is not DICOM, or damaged before the pixels.
        LimitExceededError: It is larger, longer to parse or deeper nested than an image may be.
    """
    with quiet():
        try:
            with path.open("rb") as file:
                return _read(path, file, limits)
        except OSError as error:
            raise UnreadableFileError(
                path, f"it cannot be opened ({error.strerror or 'input error'})"
            ) from error


def _read(path: Path, file: BinaryIO, limits: Limits) -> DicomFile:
    length = file.seek(0, io.SEEK_END)
    file.seek(0)
    if length == 0:
        raise UnreadableFileError(path, "an empty file")
    head = file.read(_PREAMBLE + 8)
    has_preamble = head[128:_PREAMBLE] == b"DICM"
    start = _PREAMBLE if has_preamble else 0
    if not has_preamble and _encoding_of(head) is None:
        raise UnreadableFileError(path, _kind_of(head))
    if length > limits.file_bytes:
        raise LimitExceededError(path, f"it is larger than {limits.file_bytes >> 20} MiB")
    reader = BoundedReader(file, length, limits)
    reader.seek(start)
    syntax = _transfer_syntax(_elements(path, reader, False, True, _after_meta))
    found = _encoding_of(_peek(reader))
    if syntax == DEFLATED:
        inflated = _inflate(path, file, limits)
        reader = BoundedReader(io.BytesIO(inflated), len(inflated), limits)
        return _data_set(path, reader, syntax, (False, True), inflated)
    if not syntax:
        if found is None:
            raise UnreadableFileError(path, "it names no transfer syntax and its encoding is not recognised")
        syntax = {(True, True): IMPLICIT_LITTLE, (False, True): EXPLICIT_LITTLE}.get(found, EXPLICIT_BIG)
        return _data_set(path, reader, syntax, found, None)
    return _data_set(path, reader, syntax, (syntax == IMPLICIT_LITTLE, syntax != EXPLICIT_BIG), None)


def _data_set(
    path: Path, reader: BoundedReader, syntax: str, encoding: tuple[bool, bool], inflated: bytes | None
) -> DicomFile:
    implicit, little = encoding
    stopped: list[tuple[int, str | None, int]] = []

    def at_pixels(tag: BaseTag, vr: str | None, length: int) -> bool:
        if int(tag) not in _PIXEL_TAGS:
            return False
        stopped[:] = [(int(tag), vr, length)]
        return True

    dataset = _elements(path, reader, implicit, little, at_pixels)
    if not stopped:
        if reader.cut:
            raise UnreadableFileError(path, "the file ends in the middle of its header")
        return DicomFile(path, dataset, syntax, little, None, "", 0, None, reader.length, inflated)
    tag, vr, length = stopped[0]
    offset = reader.tell() + (12 if vr in _LONG_LENGTH else 8)
    defined = None if length == _UNDEFINED else length
    return DicomFile(path, dataset, syntax, little, tag, vr or "OW", offset, defined, reader.length, inflated)


def _elements(path: Path, reader: BoundedReader, implicit: bool, little: bool, stop_when: Any) -> Dataset:
    try:
        return read_dataset(cast("BinaryIO", reader), implicit, little, stop_when=stop_when)
    except Exception as error:  # a damaged file may raise anything inside pydicom
        if reader.exceeded:
            raise LimitExceededError(path, reader.exceeded) from error
        raise UnreadableFileError(path, "its header is damaged") from error


def _transfer_syntax(meta: Dataset) -> str:
    try:
        return str(meta.get("TransferSyntaxUID") or "").strip("\0 ")
    except Exception:  # noqa: BLE001 - a damaged element raises whatever pydicom's conversion raises
        return ""


def _after_meta(tag: BaseTag, _vr: str | None, _length: int) -> bool:
    return tag.group != 0x0002


def _inflate(path: Path, file: BinaryIO, limits: Limits) -> bytes:
    stream = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        inflated = stream.decompress(file.read(), limits.inflated_bytes)
    except zlib.error as error:
        raise UnreadableFileError(path, "its deflated data is damaged") from error
    if stream.unconsumed_tail:
        raise LimitExceededError(path, f"it inflates to more than {limits.inflated_bytes >> 20} MiB")
    return inflated


def _peek(reader: BoundedReader) -> bytes:
    start = reader.tell()
    head = reader.read(8)
    reader.seek(start)
    return head


def _encoding_of(head: bytes) -> tuple[bool, bool] | None:
    """Return (implicit, little endian) of a data set that begins with *head*, None where it is none.

    A data set without meta information begins with group 0002 or 0008; nothing else counts as DICOM.
    """
    if len(head) < 8:
        return None
    for little, order in ((True, "<"), (False, ">")):
        group, element = struct.unpack_from(f"{order}HH", head)
        if group not in (0x0002, 0x0008) or element > 0x0070:
            continue
        if head[4:6] in _VALUE_REPRESENTATIONS:
            return False, little
        if little and struct.unpack_from("<L", head, 4)[0] <= 1024:
            return True, True
    return None


def _kind_of(head: bytes) -> str:
    for magic, kind in _OTHER_KINDS:
        if head.startswith(magic):
            return kind
    printable = sum(byte in b"\t\n\r" or 32 <= byte < 127 or byte >= 128 for byte in head)
    return "a text file, not DICOM" if printable == len(head) else "not a DICOM file"

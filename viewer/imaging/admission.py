"""Which files are images this program reads; every other one is refused with one plain sentence."""

import time
from pathlib import Path

from viewer.imaging.attributes import FrameView
from viewer.imaging.decoders import COMPRESSED
from viewer.imaging.enhanced import frames_of
from viewer.imaging.errors import LimitExceededError, PixelDecodeError, UnreadableFileError
from viewer.imaging.files import PIXEL_DATA, UNCOMPRESSED, DicomFile, quiet, read_file
from viewer.imaging.headers import FileHeader, PixelFormat, header_of, pixel_format_of
from viewer.imaging.limits import LIMITS, Limits
from viewer.imaging.pixels import check_length, decode_frames
from viewer.imaging.quick_headers import DoubtError, QuickView, read_quickly

# Projection radiography: one film an image, and the only kind that may be stored in colour.
FILM_MODALITIES = frozenset({"CR", "DX", "RG", "MG", "IO", "PX", "XA", "RF"})

# Headers read quickly, so that loading does not read again what the scan has read.
_known: dict[tuple[Path, tuple[int, int, int, int], Limits], tuple[DicomFile, FileHeader]] = {}
_MOST_KNOWN = 20_000
_FRESH_NANOSECONDS = 2_000_000_000  # the coarsest clock of a file system

_NOT_FOR_READING = {
    "SR": "a structured report, not an image",
    "RTPLAN": "a radiotherapy plan, not an image",
    "RTSTRUCT": "radiotherapy contours, not an image",
    "RTDOSE": "a radiotherapy dose grid, not an image for reading",
    "RTRECORD": "a radiotherapy record, not an image",
    "SEG": "a segmentation, not an image for reading",
    "ECG": "an electrocardiogram, not an image",
    "EPS": "a recording of signals, not an image",
    "HD": "a recording of signals, not an image",
    "AU": "a sound recording, not an image",
    "PR": "a presentation state, not an image",
    "KO": "a selection of key images, not an image",
    "DOC": "a document, not an image",
    "REG": "a spatial registration, not an image",
}


def admit(path: Path, limits: Limits = LIMITS) -> tuple[DicomFile, FileHeader]:
    """Return the parsed file and header of an image this program reads.

    Raises:
        FileProblemError: It is none, or asks for more than an image may; the reason is a plain sentence part.
    """
    stamp = _stamp_of(path)
    if stamp is not None and (known := _known.get((path, stamp, limits))) is not None:
        return known
    try:
        file, view = read_quickly(path, limits)
        admitted = file, _admitted(file, view, limits)
    except DoubtError:
        return admit_thoroughly(path, limits)
    if stamp is not None and stamp == _stamp_of(path):
        if len(_known) >= _MOST_KNOWN:
            _known.clear()
        _known[path, stamp, limits] = admitted
    return admitted


def admit_thoroughly(path: Path, limits: Limits = LIMITS) -> tuple[DicomFile, FileHeader]:
    """Return the same as :func:`admit`, always through pydicom.

    Raises:
        FileProblemError: See there.
    """
    file = read_file(path, limits)
    with quiet():
        return file, _admitted(file, FrameView(file.dataset), limits)


def forget_headers() -> None:
    """Read every header anew from now on."""
    _known.clear()


def _stamp_of(path: Path) -> tuple[int, int, int, int] | None:
    """Return what changes when a file does; None while that is too fresh to tell."""
    try:
        found = path.stat()
    except OSError:
        return None
    changed = max(found.st_mtime_ns, found.st_ctime_ns)
    if time.time_ns() - changed < _FRESH_NANOSECONDS:
        return None
    return found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns


def _admitted(file: DicomFile, view: FrameView, limits: Limits) -> FileHeader:
    _refuse_other_objects(file, view)
    pixels = pixel_format_of(view)
    if pixels is None:
        raise UnreadableFileError(file.path, "its header does not say how large the picture is")
    _refuse_unusual_pixels(file, pixels, limits)
    check_length(file, pixels)
    frames = [view] if isinstance(view, QuickView) else frames_of(file.dataset, pixels)
    header = header_of(file, view, pixels, frames)
    if pixels.samples == 3:
        _refuse_colour(file, header)
    return header


def _refuse_other_objects(file: DicomFile, view: FrameView) -> None:
    tags = file.parsed.keys() if file.parsed is not None else ()  # iterating a Dataset itself converts it
    if any(tag.group == 0x0004 for tag in tags):
        raise UnreadableFileError(file.path, "a DICOMDIR index; its images are read directly")
    reason = _NOT_FOR_READING.get(view.text("Modality").upper())
    if reason is None and view.raw("EncapsulatedDocument") is not None:
        reason = "a document inside DICOM, not an image"
    if reason is None and file.pixel_tag is None:
        reason = "it holds no pixels"
    if reason is None and file.pixel_tag != PIXEL_DATA:
        reason = "its pixels are floating-point numbers (a parametric map), not an image for reading"
    if reason is not None:
        raise UnreadableFileError(file.path, reason)


def _refuse_unusual_pixels(file: DicomFile, pixels: PixelFormat, limits: Limits) -> None:
    if file.transfer_syntax not in UNCOMPRESSED | COMPRESSED:
        raise UnreadableFileError(file.path, f"its transfer syntax {file.transfer_syntax} is not read")
    if pixels.photometric == "PALETTE COLOR":
        raise UnreadableFileError(file.path, "a picture in palette colours; only grey pictures are read")
    if pixels.bits_allocated == 1:
        raise UnreadableFileError(file.path, "a mask of single bits, not an image for reading")
    if pixels.bits_allocated not in (8, 16, 32) or pixels.samples not in (1, 3):
        raise UnreadableFileError(file.path, "its pixels have an unusual number of bits or channels")
    if not 1 <= pixels.bits_stored <= pixels.high_bit + 1 <= pixels.bits_allocated:
        raise UnreadableFileError(file.path, "its header contradicts itself about the bits of a pixel")
    if pixels.rows > limits.rows or pixels.columns > limits.columns or min(pixels.rows, pixels.columns) < 1:
        raise LimitExceededError(file.path, f"its pictures are larger than {limits.rows} x {limits.columns}")
    if pixels.frames > limits.frames or pixels.frame_bytes * pixels.frames > limits.decoded_bytes:
        raise LimitExceededError(file.path, "its pictures need more memory than an image may")


def _refuse_colour(file: DicomFile, header: FileHeader) -> None:
    """Let a radiograph pass whose three channels are grey; that shows only once it is decoded."""
    if header.modality not in FILM_MODALITIES or header.pixels.bits_allocated != 8:
        raise UnreadableFileError(file.path, "a colour picture; only grey pictures are read")
    try:
        for _ in decode_frames(file, header.pixels, range(header.pixels.frames)):
            pass
    except PixelDecodeError as error:
        raise UnreadableFileError(file.path, error.reason) from error

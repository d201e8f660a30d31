"""Compressed frames: which transfer syntaxes are read, and by what.

imagecodecs decodes first (fast, releases the GIL), then pydicom's plug-ins, then SimpleITK, which alone reads
the retired JPEG processes.
"""

import struct
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from viewer.imaging.errors import PixelDecodeError
from viewer.imaging.files import quiet
from viewer.imaging.headers import PixelFormat

Array = NDArray[Any]

RLE = "1.2.840.10008.1.2.5"
JPEG = frozenset(f"1.2.840.10008.1.2.4.{number}" for number in (50, 51, 53, 55, 57, 70))
JPEG_LS = frozenset({"1.2.840.10008.1.2.4.80", "1.2.840.10008.1.2.4.81"})
JPEG_2000 = frozenset(f"1.2.840.10008.1.2.4.{number}" for number in (90, 91, 201, 202, 203))
COMPRESSED = frozenset({RLE}) | JPEG | JPEG_LS | JPEG_2000
LOSSY = frozenset(f"1.2.840.10008.1.2.4.{number}" for number in (50, 51, 53, 55, 81, 91, 203))


def decode(path: Path, syntax: str, pixels: PixelFormat, data: bytes) -> Array:
    """Return one compressed frame from the first decoder that yields its size, colour as a third axis.

    Raises:
        PixelDecodeError: None does.
    """
    attempts: list[Callable[[str, PixelFormat, bytes], Array]] = [_by_imagecodecs, _by_pydicom, _by_simpleitk]
    if syntax == RLE:
        attempts.remove(_by_pydicom)  # its fast plug-in panics on damaged data, past every except Exception
    sizes = {(pixels.rows, pixels.columns), (pixels.rows, pixels.columns, 3)}
    for attempt in attempts:
        try:
            with quiet():
                array = attempt(syntax, pixels, data)
        except Exception:  # noqa: BLE001 - each decoder has its own errors; the next one may read it
            continue
        if array.shape in sizes and array.dtype.kind in "iu":
            return array
    raise PixelDecodeError(
        path, "no decoder reads its compressed pixels; they are damaged or of an unusual kind"
    )


def _by_imagecodecs(syntax: str, pixels: PixelFormat, data: bytes) -> Array:
    import imagecodecs

    if syntax == RLE:
        return _rle_frame(pixels, data)
    if syntax in JPEG_LS:
        return imagecodecs.jpegls_decode(data)
    if syntax in JPEG_2000:
        return imagecodecs.jpeg2k_decode(data)
    try:
        return imagecodecs.jpeg8_decode(data)
    except imagecodecs.Jpeg8Error:
        return imagecodecs.ljpeg_decode(data)


def _rle_frame(pixels: PixelFormat, data: bytes) -> Array:
    """Return a frame of byte planes, most significant first. Source: DICOM PS3.5 annex G."""
    import imagecodecs

    count = struct.unpack_from("<L", data)[0]
    size = pixels.bits_allocated // 8
    if count != size * pixels.samples:
        raise ValueError("wrong number of segments")
    starts = [*struct.unpack_from(f"<{count}L", data, 4), len(data)]
    length = pixels.rows * pixels.columns
    planes = np.zeros((count, length), np.uint8)
    for plane, start, end in zip(planes, starts, starts[1:], strict=False):
        decoded = np.frombuffer(imagecodecs.packbits_decode(data[start:end]), np.uint8)[:length]
        if decoded.size < length:
            raise ValueError("a segment is too short")
        plane[:] = decoded
    words = np.ascontiguousarray(planes.reshape(pixels.samples, size, length).transpose(0, 2, 1))
    samples = words.view(f">u{size}").reshape(pixels.samples, pixels.rows, pixels.columns)
    return samples[0] if pixels.samples == 1 else np.moveaxis(samples, 0, -1)


def _by_pydicom(syntax: str, pixels: PixelFormat, data: bytes) -> Array:
    from pydicom.encaps import encapsulate
    from pydicom.pixels.decoders.base import get_decoder

    options: Any = {
        "rows": pixels.rows,
        "columns": pixels.columns,
        "samples_per_pixel": pixels.samples,
        "photometric_interpretation": pixels.photometric,
        "planar_configuration": 0,
        "pixel_representation": int(pixels.signed),
        "bits_allocated": pixels.bits_allocated,
        "bits_stored": pixels.bits_stored,
        "number_of_frames": 1,
        "pixel_keyword": "PixelData",
    }
    array, _ = get_decoder(syntax).as_array(encapsulate([data]), index=0, raw=True, **options)
    return array


def _by_simpleitk(syntax: str, pixels: PixelFormat, data: bytes) -> Array:
    """Decode through a file of one frame without rescale: SimpleITK reads files only, and rescales."""
    import SimpleITK
    from pydicom.dataset import Dataset, FileMetaDataset
    from pydicom.encaps import encapsulate
    from pydicom.uid import UID, SecondaryCaptureImageStorage

    SimpleITK.ProcessObject.SetGlobalWarningDisplay(False)
    single = Dataset()
    single.file_meta = FileMetaDataset()
    single.file_meta.TransferSyntaxUID = UID(syntax)
    single.file_meta.MediaStorageSOPClassUID = single.SOPClassUID = SecondaryCaptureImageStorage
    single.file_meta.MediaStorageSOPInstanceUID = single.SOPInstanceUID = UID("2.25.1")
    single.Rows, single.Columns, single.SamplesPerPixel = pixels.rows, pixels.columns, pixels.samples
    single.BitsAllocated, single.BitsStored = pixels.bits_allocated, pixels.bits_stored
    single.HighBit, single.PixelRepresentation = pixels.high_bit, int(pixels.signed)
    single.PhotometricInterpretation = pixels.photometric
    single.PixelData = encapsulate([data])
    single["PixelData"].VR = "OB"
    with tempfile.TemporaryDirectory(prefix="ra-reader-") as folder:
        path = Path(folder) / "frame.dcm"
        single.save_as(path, enforce_file_format=True)
        image = SimpleITK.ReadImage(str(path))
        array = SimpleITK.GetArrayFromImage(image)
    return array[0] if array.shape[0] == 1 and array.ndim == 3 else array

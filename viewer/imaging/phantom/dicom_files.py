"""Writes series as the scanner and the film reader would: one header a series, changed for each image."""

from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import Final

import numpy as np
from pydicom.dataset import FileDataset
from pydicom.uid import UID, ComputedRadiographyImageStorage, MRImageStorage

from viewer.imaging.phantom.dicom_headers import Examination, Series, make_header, mr_attributes, update
from viewer.imaging.phantom.mr_sequences import Frame
from viewer.imaging.phantom.mr_sequences import Sequence as MrSequence

_FIRST_INSTANCE: Final = 1000
"""Instances have numbers of four digits in their UIDs, so that all UIDs of a series are equally long."""


def write_mr(
    folder: Path,
    examination: Examination,
    series: Series,
    sequence: MrSequence,
    frame: Frame,
    pixels: np.ndarray,
    side: str,
) -> None:
    """Write one MR series, pixels (slices, rows, columns) uint16, under shuffled file names."""
    header = make_header(examination, series, MRImageStorage, "MR", side)
    update(header, mr_attributes(sequence, examination))
    header.FrameOfReferenceUID = examination.uid(1)
    header.PositionReferenceIndicator = ""
    directions = frame.directions()
    header.ImageOrientationPatient = [f"{value:.8f}" for value in (*directions[2], *directions[1])]
    header.PixelSpacing = [f"{sequence.pixel_mm:.8f}"] * 2
    header.Rows, header.Columns = pixels.shape[1:]
    count = len(pixels)
    template = _Template(header, examination.uid(series.number, _FIRST_INSTANCE))
    names = _shuffled_names(count, examination, series)
    folder.mkdir(parents=True, exist_ok=True)
    for index in range(count):
        instance = count - index if series.reverse else index + 1
        position = frame.position_of(index)
        uid = examination.uid(series.number, _FIRST_INSTANCE + instance)
        content = template.filled(uid, instance, position, float(position @ directions[0]))
        (folder / names[index]).write_bytes(content + pixels[index].astype("<u2").tobytes())


def write_film(
    folder: Path,
    examination: Examination,
    series: Series,
    pixels: np.ndarray,
    pixel_mm: float,
    side: str,
    monochrome1: bool,
) -> None:
    """Write one radiograph, pixels (rows, columns) uint16 with high values for dense matter."""
    header = make_header(examination, series, ComputedRadiographyImageStorage, "CR", side)
    header.ImageType = ["ORIGINAL", "PRIMARY"]
    header.ViewPosition = "PA"
    header.KVP = "50"
    header.PlateType = "ST-VI"
    header.CassetteOrientation = "PORTRAIT"
    header.DistanceSourceToDetector = "1050"
    header.Exposure = "3"
    header.ImagerPixelSpacing = [f"{pixel_mm:g}"] * 2
    # letters of the anatomical position, fingers down: with the fingers up on the film, the head is below
    header.PatientOrientation = ["L", "H"]
    header.ImageLaterality = side
    header.PhotometricInterpretation = "MONOCHROME1" if monochrome1 else "MONOCHROME2"
    header.InstanceNumber = 1
    header.AcquisitionNumber = 1
    header.Rows, header.Columns = pixels.shape
    header.WindowCenter, header.WindowWidth = "2048", "4095"
    header.RescaleIntercept, header.RescaleSlope, header.RescaleType = "0", "1", "US"
    header.BurnedInAnnotation = "NO"
    stored = 4095 - pixels if monochrome1 else pixels
    folder.mkdir(parents=True, exist_ok=True)
    name = _shuffled_names(1, examination, series)[0]
    _save(header, folder / name, examination.uid(series.number, _FIRST_INSTANCE + 1), stored)


def _shuffled_names(count: int, examination: Examination, series: Series) -> Sequence[str]:
    rng = np.random.default_rng([examination.number, series.number, int(f"{examination.time:%Y%m%d}")])
    numbers = rng.choice(90000, size=count, replace=False) + 10000
    ending = "" if series.number % 2 else ".dcm"
    return [f"I{number}{ending}" for number in numbers.tolist()]


class _Template:
    """The bytes of a file up to its pixels, with places for what differs between the slices of a series.

    pydicom writes them once; numbers are padded with blanks, which DS and IS allow (PS3.5 6.2), so that every
    file of a series has the same layout and only these places change.
    """

    def __init__(self, header: FileDataset, uid: str) -> None:
        self._uid = uid.encode()
        header.SOPInstanceUID = header.file_meta.MediaStorageSOPInstanceUID = UID(uid)
        header.InstanceNumber = "1000"
        header.ImagePositionPatient = ["-1000.00000"] * 3
        header.SliceLocation = "-1000.00000"
        pixel_bytes = 2 * int(header.Rows) * int(header.Columns)
        header.add_new("PixelData", "OW", bytes(pixel_bytes))
        stream = BytesIO()
        header.save_as(stream, enforce_file_format=True)
        self._head = bytearray(stream.getvalue()[:-pixel_bytes])
        elements = b"\x20\x00\x13\x00IS", b"\x20\x00\x32\x00DS", b"\x20\x00\x41\x10DS"
        self._places = [self._place(element) for element in elements]

    def filled(self, uid: str, instance: int, position: np.ndarray, location: float) -> bytes:
        """Return the bytes before the pixels of one slice; *uid* is as long as that of the template."""
        values = str(instance), "\\".join(f"{value:.5f}" for value in position), f"{location:.5f}"
        for place, value in zip(self._places, values, strict=True):
            self._head[place] = value.ljust(place.stop - place.start).encode()
        return bytes(self._head).replace(self._uid, uid.encode())

    def _place(self, element: bytes) -> slice:
        """Return where the value of an element of explicit VR lies: behind tag, VR and a short length."""
        start = self._head.index(element) + 8
        return slice(start, start + int.from_bytes(self._head[start - 2 : start], "little"))


def _save(header: FileDataset, path: Path, uid: str, pixels: np.ndarray) -> None:
    header.SOPInstanceUID = header.file_meta.MediaStorageSOPInstanceUID = UID(uid)
    header.add_new("PixelData", "OW", np.ascontiguousarray(pixels, dtype="<u2").tobytes())
    header.save_as(path, enforce_file_format=True)

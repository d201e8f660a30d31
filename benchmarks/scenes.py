"""What the benchmarks look at: made-up hands of real size, kept between runs."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian, MRImageStorage, generate_uid

from scoring_forms.domain.form import compose_form
from storage.reading.build import build_reading
from storage.reading.records import CaseSpec, ImageRecord, ImageSpec, ReadingSpec, TimepointSpec
from storage.reading.schema import READING
from storage.sqlite_file import version_text

FOLDER = Path(tempfile.gettempdir()) / "ra-reader-benchmarks"
# slices, rows, columns; slice step, row, column spacing in mm
MR_SERIES = {
    "cor_t1_pre": ((64, 420, 328), (0.6, 0.39, 0.39)),
    "cor_t1_post": ((64, 420, 328), (0.6, 0.39, 0.39)),
    "ax_t1_pre": ((64, 420, 328), (0.6, 0.39, 0.39)),
    "ax_t1_post": ((64, 420, 328), (0.6, 0.39, 0.39)),
    "cor_stir": ((24, 256, 216), (1.6, 0.64, 0.6)),
}
FILM_SHAPE = (4280, 3520)
DIRECTIONS = {"cor": ((0, 1, 0), (0, 0, -1), (1, 0, 0)), "ax": ((0, 0, 1), (0, 1, 0), (1, 0, 0))}


def mr_pixels(shape: tuple[int, int, int], seed: int) -> NDArray[np.int16]:
    """Return bones of bright marrow and dark cortex in grey tissue with noise."""
    generator = np.random.default_rng(seed)
    z, y, x = (np.linspace(-1, 1, length, dtype=np.float32) for length in shape)
    distance = (z[:, None, None] / 0.9) ** 2 + ((y[None, :, None] * 4) % 1 - 0.5) ** 2
    distance = distance + ((x[None, None, :] * 3) % 1 - 0.5) ** 2
    tissue = np.where(distance < 0.18, 1050, np.where(distance < 0.24, 60, 420)).astype(np.float32)
    return (tissue + generator.normal(0, 22, shape).astype(np.float32)).clip(0, 4095).astype(np.int16)


def film_pixels(seed: int) -> NDArray[np.uint16]:
    """Return a film of five fingers, 14 bits."""
    rows, columns = FILM_SHAPE
    generator = np.random.default_rng(seed)
    y, x = np.mgrid[0:rows, 0:columns].astype(np.float32)
    bone = np.clip(1 - (((x % 640) - 320) / 110) ** 2, 0, 1) * (y > 300) * (0.7 + 0.3 * np.cos(y / 90))
    grey = 3000 + 9000 * bone + generator.normal(0, 80, (rows, columns)).astype(np.float32)
    return grey.clip(0, 16383).astype(np.uint16)


def mr_reading(cases: int = 3, letters: str = "ABC", shrink: int = 1) -> Path:
    """Return a reading of MR cases, built when it is not there yet; *shrink* divides every length."""
    name = f"mr-{cases}-{len(letters)}-{shrink}"

    def timepoint(case: int, letter: str) -> TimepointSpec:
        images = (
            _mr_image(role, letter, shrink, 100 * case + 10 * ord(letter) + number)
            for number, role in enumerate(MR_SERIES)
        )
        return TimepointSpec(letter, images)

    specs = (
        CaseSpec(_code(number), "L", tuple(timepoint(number, letter) for letter in letters))
        for number in range(cases)
    )
    return _built(name, compose_form(["ramris_2003"], ["synovitis"]), specs)


def film_reading(cases: int = 2, letters: str = "ABC") -> Path:
    """Return a reading of cases with a film of either hand a timepoint, built when it is not there yet."""

    def images(case: int, letter: str) -> Iterator[ImageSpec]:
        for side, seed in (("left", 0), ("right", 1)):
            record = ImageRecord(
                f"xr_pa_{side}",
                letter,
                pixel_spacing_mm=(0.1, 0.1),
                spacing_at="detector",
                row_letters=("R", "L"),
                column_letters=("F", "H"),
            )
            yield ImageSpec(record, film_pixels(10 * case + ord(letter) + seed)[None])

    specs = (
        CaseSpec(
            _code(number), None, tuple(TimepointSpec(letter, images(number, letter)) for letter in letters)
        )
        for number in range(cases)
    )
    return _built(f"films-{cases}-{len(letters)}", compose_form(["sharp_1985"]), specs)


def copy_of(reading: Path) -> Path:
    """Return a copy of a reading that may be written to; pictures are linked, not copied."""
    target = Path(tempfile.mkdtemp(prefix="run-", dir=FOLDER)) / reading.name
    return Path(shutil.copytree(reading, target, copy_function=_link_pictures))


def _link_pictures(source: str, target: str) -> str:
    if source.endswith(".npy"):
        Path(target).hardlink_to(source)
        return target
    return str(shutil.copy2(source, target))


def _code(number: int) -> str:
    letters = "ACDEFGHJKM"
    return "K" + letters[number // 100 % 10] + letters[number // 10 % 10] + letters[number % 10] + "7"


def _mr_image(role: str, letter: str, shrink: int, seed: int) -> ImageSpec:
    (slices, rows, columns), spacing = MR_SERIES[role]
    shape = (slices // shrink, rows // shrink, columns // shrink)
    affine = np.eye(4)
    affine[:3, :3] = np.array(DIRECTIONS[role.split("_")[0]], float).T * (np.array(spacing) * shrink)
    affine[:3, 3] = -(affine[:3, :3] @ ((np.array(shape) - 1) / 2))
    record = ImageRecord(
        role,
        letter,
        frame=1,
        affine=tuple(affine.ravel().tolist()),
        spacing_mm=(spacing[0] * shrink, spacing[1] * shrink, spacing[2] * shrink),
        pixel_spacing_mm=(spacing[1] * shrink, spacing[2] * shrink),
        spacing_at="patient",
    )
    return ImageSpec(record, mr_pixels(shape, seed))


def _built(name: str, form: Any, cases: Iterator[CaseSpec]) -> Path:
    folder = FOLDER / f"{name}-{version_text(READING.user_version)}.reading"  # an older one would be upgraded
    if not folder.is_dir():
        FOLDER.mkdir(parents=True, exist_ok=True)
        print(f"building {folder.name} …", flush=True)
        build_reading(folder, ReadingSpec("Anna Lind", "Round one", "paired", form, tuple(cases)))
    return folder


def originals() -> Path:
    """Return a folder of the DICOM files of three visits, 840 in all, written when it is not there yet."""
    folder = FOLDER / "originals"
    if not folder.is_dir():
        print("writing the original files …", flush=True)
        partial = Path(tempfile.mkdtemp(prefix="partial-", dir=_made(FOLDER)))
        for visit in range(3):
            study, frame = generate_uid(), generate_uid()
            for number, role in enumerate(MR_SERIES, start=2):
                _write_series(partial / f"visit{visit}" / role, role, study, frame, (visit, number))
        partial.rename(folder)
    return folder


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _write_series(folder: Path, role: str, study: str, frame: str, numbers: tuple[int, int]) -> None:
    visit, number = numbers
    shape, (step, row, column) = MR_SERIES[role]
    folder.mkdir(parents=True)
    normal, down, across = DIRECTIONS[role.split("_")[0]]
    image = _header(role, study, frame, number)
    image.StudyDate = f"2024{visit + 1:02d}15"
    image.Rows, image.Columns = shape[1:]
    image.PixelSpacing = [str(row), str(column)]
    image.ImageOrientationPatient = [*map(str, (*across, *down))]
    for index, pixels in enumerate(mr_pixels(shape, 10 * visit + number)):
        image.SOPInstanceUID = image.file_meta.MediaStorageSOPInstanceUID = generate_uid()
        image.InstanceNumber = index + 1
        image.ImagePositionPatient = [f"{axis * index * step - 60:.4f}" for axis in normal]
        image.SliceLocation = f"{index * step:.4f}"
        image.PixelData = pixels.tobytes()
        image.save_as(folder / f"IM{(index * 37) % shape[0]:04d}", enforce_file_format=True)


def _header(role: str, study: str, frame: str, number: int) -> Dataset:
    """Return a header of about a hundred elements, two sequences and private ones, as scanners write them."""
    image = Dataset()
    image.file_meta = FileMetaDataset()
    image.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    image.file_meta.MediaStorageSOPClassUID = image.SOPClassUID = MRImageStorage
    values = {
        "SpecificCharacterSet": "ISO_IR 100",
        "ImageType": ["ORIGINAL", "PRIMARY", "M", "NORM"],
        "Modality": "MR",
        "Manufacturer": "Made up",
        "PatientID": "S-001",
        "PatientName": "Made^Up",
        "StudyInstanceUID": study,
        "SeriesInstanceUID": generate_uid(),
        "FrameOfReferenceUID": frame,
        "SeriesNumber": number,
        "SeriesDescription": role.replace("_", " "),
        "ProtocolName": role,
        "BodyPartExamined": "HAND",
        "Laterality": "L",
        "ScanningSequence": "GR",
        "SequenceVariant": "SP",
        "MRAcquisitionType": "3D",
        "RepetitionTime": "29",
        "EchoTime": "12",
        "FlipAngle": "40",
        "MagneticFieldStrength": "0.2",
        "AcquisitionNumber": 1,
        "SamplesPerPixel": 1,
        "PhotometricInterpretation": "MONOCHROME2",
        "BitsAllocated": 16,
        "BitsStored": 16,
        "HighBit": 15,
        "PixelRepresentation": 1,
        "RescaleSlope": "1",
        "RescaleIntercept": "0",
        "WindowCenter": "500",
        "WindowWidth": "1000",
    }
    for keyword, value in values.items():
        setattr(image, keyword, value)
    if role.endswith("post"):
        image.ContrastBolusAgent = "Gd"
    item = Dataset()
    item.CodeValue, item.CodingSchemeDesignator, item.CodeMeaning = "T-D8700", "SRT", "Hand"
    image.ProcedureCodeSequence = [item]
    image.ReferencedPerformedProcedureStepSequence = [item]
    block = image.private_block(0x0029, "MADE UP HEADER", create=True)
    block.add_new(0x01, "OB", bytes(1200))
    for element in range(0x20, 0x60):
        block.add_new(element, "LO", f"private {element}")
    return image

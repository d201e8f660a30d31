"""A film in JPEG lossless to pixels: the plain viewer's way against SimpleITK's."""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

import imagecodecs
import numpy as np
import SimpleITK
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.uid import (
    DigitalXRayImageStorageForPresentation,
    JPEGLosslessSV1,
    generate_uid,
)

from benchmarks import scenes
from benchmarks.compare import compare, goal
from viewer.imaging.loading import load_volume
from viewer.imaging.scan import scan


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()
    SimpleITK.ProcessObject.SetGlobalWarningDisplay(False)
    pixels = scenes.film_pixels(1)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "film.dcm"
        _write(path, pixels)
        ours = load_volume(scan([path]).series[0]).pixels[0]
        if not np.array_equal(ours, pixels):
            raise SystemExit("the pixels are not those that were written")
        theirs = SimpleITK.GetArrayFromImage(SimpleITK.ReadImage(str(path)))[0]
        print(f"SimpleITK reads {np.mean(theirs == pixels):.1%} of the pixels right")
        variants = {
            "scan and load": lambda: load_volume(scan([path]).series[0]),
            "SimpleITK": lambda: SimpleITK.ReadImage(str(path)),
        }
        found = compare("film of 4280 x 3520, JPEG lossless", variants, "SimpleITK", arguments.rounds)
    goal("SimpleITK / scan and load", 1 / found["scan and load"].ratio, 3, "x", at_least=True)


def _write(path: Path, pixels: np.ndarray) -> None:
    image = Dataset()
    image.file_meta = FileMetaDataset()
    image.file_meta.TransferSyntaxUID = JPEGLosslessSV1
    image.file_meta.MediaStorageSOPClassUID = image.SOPClassUID = DigitalXRayImageStorageForPresentation
    image.file_meta.MediaStorageSOPInstanceUID = image.SOPInstanceUID = generate_uid()
    image.StudyInstanceUID, image.SeriesInstanceUID = generate_uid(), generate_uid()
    image.Modality, image.BodyPartExamined, image.ImageLaterality = "DX", "HAND", "L"
    image.Rows, image.Columns = pixels.shape
    image.SamplesPerPixel, image.PhotometricInterpretation = 1, "MONOCHROME2"
    image.BitsAllocated, image.BitsStored, image.HighBit, image.PixelRepresentation = 16, 16, 15, 0
    image.ImagerPixelSpacing = ["0.1", "0.1"]
    image.PixelData = encapsulate([imagecodecs.jpeg8_encode(pixels, lossless=True, predictor=1)])
    image["PixelData"].VR = "OB"
    image["PixelData"].is_undefined_length = True
    image.save_as(path, enforce_file_format=True)


if __name__ == "__main__":
    main()

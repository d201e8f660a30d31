"""Small DICOM files for tests: single slices, films and enhanced multi-frame MR."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.sequence import Sequence as Items
from pydicom.uid import (
    ComputedRadiographyImageStorage,
    EnhancedMRImageStorage,
    ExplicitVRLittleEndian,
    MRImageStorage,
    generate_uid,
)

CORONAL = (1, 0, 0, 0, 0, -1)
AXIAL = (1, 0, 0, 0, 1, 0)
SAGITTAL = (0, 1, 0, 0, 0, -1)
STUDY = "1.2.826.0.1.3680043.10.1"
SERIES = "1.2.826.0.1.3680043.10.1.1"
FRAME = "1.2.826.0.1.3680043.10.1.9"


def write_image(path, *, orientation=CORONAL, position=(0.0, 0.0, 0.0), pixels=None, **attributes):
    """Write one MR slice of 4 x 6 pixels; keyword arguments are DICOM attributes, None leaves one out.

    The keyword `transfer_syntax` names another encoding than explicit little endian.
    """
    image = _image(MRImageStorage, "MR", np.full((4, 6), 7, np.int16) if pixels is None else pixels)
    image.ImageOrientationPatient = list(orientation)
    image.ImagePositionPatient = list(position)
    image.FrameOfReferenceUID = FRAME
    image.PixelSpacing = [0.5, 0.25]
    image.SeriesDescription = "cor T1"
    image.BodyPartExamined = "HAND"
    image.Laterality = "L"
    return _save(image, path, attributes)


def write_stack(folder, count=5, *, step=(0.0, 2.0, 0.0), start=(0.0, 0.0, 0.0), **attributes):
    """Write slices that lie *step* apart; slice n is filled with n and has Instance Number count - n."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(count):
        position = np.array(start) + number * np.array(step)
        given = {"InstanceNumber": count - number, **attributes}
        pixels = np.full((4, 6), number, np.int16)
        write_image(folder / f"{number:03d}", position=position.tolist(), pixels=pixels, **given)
    return folder


def write_film(path, *, pixels=None, **attributes):
    """Write a computed radiograph of the left hand."""
    image = _image(
        ComputedRadiographyImageStorage, "CR", np.zeros((8, 6), np.uint16) if pixels is None else pixels
    )
    image.BodyPartExamined = "HAND"
    image.ViewPosition = "PA"
    image.ImageLaterality = "L"
    image.ImagerPixelSpacing = [0.2, 0.2]
    image.BurnedInAnnotation = "NO"
    return _save(image, path, attributes)


def write_enhanced(
    path, frames: Sequence[Dataset], *, shared: Dataset | None = None, pixels=None, **attributes
):
    """Write an enhanced multi-frame MR; *frames* are functional groups, frame n is filled with n."""
    if pixels is None:
        pixels = np.stack([np.full((4, 6), number, np.int16) for number in range(len(frames))])
    image = _image(EnhancedMRImageStorage, "MR", pixels)
    image.NumberOfFrames = len(frames)
    image.FrameOfReferenceUID = FRAME
    image.SharedFunctionalGroupsSequence = Items([shared or Dataset()])
    image.PerFrameFunctionalGroupsSequence = Items(frames)
    return _save(image, path, attributes)


def groups(*, position=None, orientation=None, spacing=None, stack=None, **macros):
    """Return functional groups; further keyword arguments are whole macros, each a dict of attributes."""
    found = Dataset()
    if position is not None:
        found.PlanePositionSequence = _item(ImagePositionPatient=list(position))
    if orientation is not None:
        found.PlaneOrientationSequence = _item(ImageOrientationPatient=list(orientation))
    if spacing is not None:
        found.PixelMeasuresSequence = _item(PixelSpacing=list(spacing))
    if stack is not None:
        found.FrameContentSequence = _item(StackID=stack)
    for name, values in macros.items():
        setattr(found, name, _item(**values))
    return found


def _item(**values):
    item = Dataset()
    for name, value in values.items():
        setattr(item, name, value)
    return Items([item])


def _image(sop_class, modality, pixels):
    image = Dataset()
    image.SOPClassUID, image.SOPInstanceUID = sop_class, generate_uid()
    image.StudyInstanceUID, image.SeriesInstanceUID = STUDY, SERIES
    image.PatientID, image.StudyDate, image.Modality = "P1", "20260101", modality
    image.Rows, image.Columns = pixels.shape[-2:]
    image.SamplesPerPixel, image.PhotometricInterpretation = 1, "MONOCHROME2"
    image.BitsAllocated = image.BitsStored = 8 * pixels.dtype.itemsize
    image.HighBit = image.BitsStored - 1
    image.PixelRepresentation = int(pixels.dtype.kind == "i")
    image.PixelData = pixels.astype(pixels.dtype.newbyteorder("<")).tobytes()
    return image


def _save(image, path: Path, attributes):
    syntax = attributes.pop("transfer_syntax", ExplicitVRLittleEndian)
    for name, value in attributes.items():
        if value is None:
            delattr(image, name)
        else:
            setattr(image, name, value)
    image["PixelData"].VR = "OW"
    image.file_meta = FileMetaDataset()
    image.file_meta.MediaStorageSOPClassUID = image.SOPClassUID
    image.file_meta.MediaStorageSOPInstanceUID = image.SOPInstanceUID
    image.file_meta.TransferSyntaxUID = syntax
    path.parent.mkdir(parents=True, exist_ok=True)
    image.save_as(path, enforce_file_format=True)
    return path

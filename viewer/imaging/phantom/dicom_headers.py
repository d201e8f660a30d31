"""What the files say beside pixels: invented patients, examinations, attributes of scanner and film."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.uid import UID, ExplicitVRLittleEndian

from viewer.imaging.phantom.mr_sequences import Sequence

_ROOT: Final = "1.2.826.0.1.3680043.8.498"


@dataclass(frozen=True, slots=True)
class Person:
    """Who the files say was examined; invented.

    Attributes:
        name: DICOM person name.
        patient_id: Subject code of the trial.
        born: Birth date.
        sex: ``F`` or ``M``.
        weight_kg: At the first visit.
    """

    name: str
    patient_id: str
    born: date
    sex: str
    weight_kg: float


@dataclass(frozen=True, slots=True)
class Examination:
    """One DICOM study: who, when, and what it is called.

    Attributes:
        person: Patient.
        time: Begin of the study.
        description: Study Description; names the visit, as trial protocols do.
        number: Distinguishes the UIDs of this examination from all others of the phantom.
    """

    person: Person
    time: datetime
    description: str
    number: int

    def uid(self, *parts: int) -> str:
        """Return a UID with the date inside, as makers of scanners build them; equal parts, equal UIDs."""
        return ".".join(
            [
                _ROOT,
                f"{self.time:%Y%m%d}",
                str(int(f"{self.time:%H%M%S}")),
                str(self.number),
                *map(str, parts),
            ]
        )


@dataclass(frozen=True, slots=True)
class Series:
    """What the header of one series says beyond the examination.

    Attributes:
        number: Series Number.
        description: Series Description and Protocol Name.
        time: Begin of the series.
        reverse: Whether Instance Numbers run against the slice order.
    """

    number: int
    description: str
    time: datetime
    reverse: bool = False


def make_header(
    examination: Examination, series: Series, sop_class: str, modality: str, side: str
) -> FileDataset:
    """Return what all images of a series share, without geometry and pixels."""
    meta = FileMetaDataset()
    meta.FileMetaInformationVersion = b"\x00\x01"
    meta.MediaStorageSOPClassUID = UID(sop_class)
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    meta.ImplementationClassUID = UID(f"{_ROOT}.1")
    meta.ImplementationVersionName = "RA_PHANTOM_1"
    header = FileDataset("", {}, file_meta=meta, preamble=b"\0" * 128)
    update(header, _patient_attributes(examination))
    update(header, _study_attributes(examination, series))
    header.SOPClassUID = sop_class
    header.Modality = modality
    header.SeriesInstanceUID = examination.uid(series.number)
    header.SeriesNumber = series.number
    header.SeriesDescription = header.ProtocolName = series.description
    header.BodyPartExamined = "HAND"
    header.Laterality = side
    header.SamplesPerPixel = 1
    header.PhotometricInterpretation = "MONOCHROME2"
    header.BitsAllocated, header.BitsStored, header.HighBit = 16, 12, 11
    header.PixelRepresentation = 0
    return header


def _patient_attributes(examination: Examination) -> dict[str, Any]:
    person, day = examination.person, examination.time.date()
    age = day.year - person.born.year - ((day.month, day.day) < (person.born.month, person.born.day))
    return {
        "SpecificCharacterSet": "ISO_IR 100",
        "PatientName": person.name,
        "PatientID": person.patient_id,
        "PatientBirthDate": f"{person.born:%Y%m%d}",
        "PatientSex": person.sex,
        "PatientAge": f"{age:03d}Y",
        "PatientWeight": f"{person.weight_kg:g}",
        "PatientComments": "",
    }


def _study_attributes(examination: Examination, series: Series) -> dict[str, Any]:
    day = f"{examination.time:%Y%m%d}"
    begin = f"{series.time:%H%M%S}"
    return {
        "StudyInstanceUID": examination.uid(),
        "StudyID": str(examination.number),
        "AccessionNumber": f"A{examination.time:%y%m%d}{examination.number % 100:02d}",
        "StudyDate": day,
        "SeriesDate": day,
        "AcquisitionDate": day,
        "ContentDate": day,
        "StudyTime": f"{examination.time:%H%M%S}",
        "SeriesTime": begin,
        "AcquisitionTime": begin,
        "ContentTime": begin,
        "InstanceCreationDate": day,
        "InstanceCreationTime": begin,
        "StudyDescription": examination.description,
        "ReferringPhysicianName": "RHEUMATOLOGY^TRIAL",
        "OperatorsName": "TECH^ONE",
        "InstitutionName": "PHANTOM HOSPITAL",
        "Manufacturer": "RA READER PHANTOM",
    }


def mr_attributes(sequence: Sequence, examination: Examination) -> dict[str, Any]:
    """Return what the scanner tells about itself and the sequence."""
    stir = sequence.weighting == "stir"
    attributes: dict[str, Any] = {
        "ImageType": ["ORIGINAL", "PRIMARY", "M", "IR" if stir else "FFE"],
        "ManufacturerModelName": "OPEN 0.23T",
        "StationName": "MR023",
        "SoftwareVersions": "4.1",
        "DeviceSerialNumber": "02300",
        "PatientPosition": "HFP",
        "ScanningSequence": ["SE", "IR"] if stir else "GR",
        "SequenceVariant": "SK" if stir else "SP",
        "ScanOptions": "",
        "MRAcquisitionType": "2D" if stir else "3D",
        "SequenceName": "TSHIRT" if stir else "3DFFE",
        "RepetitionTime": "1900" if stir else "30",
        "EchoTime": "24" if stir else "12",
        "EchoTrainLength": 6 if stir else 1,
        "FlipAngle": "90" if stir else "40",
        "NumberOfAverages": "2" if stir else "1",
        "ImagingFrequency": "9.80",
        "ImagedNucleus": "1H",
        "EchoNumbers": 1,
        "MagneticFieldStrength": "0.23",
        "NumberOfPhaseEncodingSteps": sequence.columns,
        "PercentSampling": "100",
        "PercentPhaseFieldOfView": f"{100 * sequence.columns / sequence.rows:.4g}",
        "PixelBandwidth": "79",
        "ReceiveCoilName": "WRIST",
        "AcquisitionMatrix": [sequence.rows, 0, 0, sequence.columns],
        "InPlanePhaseEncodingDirection": "ROW",
        "SliceThickness": f"{sequence.step_mm:g}",
        "SpacingBetweenSlices": f"{sequence.step_mm:g}",
        "AcquisitionNumber": 1,
        "ImagesInAcquisition": sequence.slices,
        "WindowCenter": "900",
        "WindowWidth": "1800",
    }
    if stir:
        attributes["InversionTime"] = "85"
    if sequence.weighting == "t1_post":
        attributes["ContrastBolusAgent"] = "GADODIAMIDE 0.5 MMOL/ML"
        attributes["ContrastBolusRoute"] = "INTRAVENOUS"
        attributes["ContrastBolusVolume"] = f"{0.2 * examination.person.weight_kg:.1f}"
    return attributes


def update(header: Dataset, attributes: Mapping[str, Any]) -> None:
    """Set attributes by their keywords."""
    for keyword, value in attributes.items():
        setattr(header, keyword, value)

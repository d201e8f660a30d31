"""What this program takes from a DICOM header, as plain values.

Multi-frame objects with functional groups and single images become the same thing here: a `FileHeader` with
one `SliceHeader` a frame.
"""

import hashlib
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from viewer.imaging.attributes import FrameView, Numbers
from viewer.imaging.files import DicomFile


@dataclass(frozen=True, slots=True)
class PixelFormat:
    """How stored pixels are laid out. Source: DICOM PS3.3 C.7.6.3."""

    rows: int
    columns: int
    frames: int
    samples: int
    photometric: str
    bits_allocated: int
    bits_stored: int
    high_bit: int
    signed: bool
    planar: bool

    @property
    def frame_bytes(self) -> int:
        """Bytes of one uncompressed frame, without the padding to even length."""
        samples = 2 if self.photometric == "YBR_FULL_422" else self.samples
        return self.rows * self.columns * samples * self.bits_allocated // 8


@dataclass(frozen=True, slots=True)
class SliceHeader:
    """One frame: where it lies and how it was made.

    Attributes:
        frame: Zero-based index in its file.
        position: Image Position (Patient), mm LPS.
        orientation: Image Orientation (Patient): direction of increasing column, then increasing row index.
        pixel_spacing: Row, column spacing in mm; None where there is no length.
        spacing_at: "patient" or "detector", None without spacing.
        rescale: Slope, intercept; None where the header gives none.
        contrast: Whether a contrast agent was in (True), named as absent (False), or nothing is said (None).
        phase: Values that tell phases of one stack apart, by keyword.
        parameters: Numbers of the pulse sequence by keyword (ms, degrees).
        laterality: Texts of the side attributes of this frame.
    """

    frame: int
    position: Numbers | None
    orientation: Numbers | None
    pixel_spacing: tuple[float, float] | None
    spacing_at: str | None
    rescale: tuple[float, float] | None
    contrast: bool | None
    stack: str
    image_type: tuple[str, ...]
    phase: Mapping[str, str]
    parameters: Mapping[str, float]
    laterality: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FileHeader:
    """One image file; attributes have their DICOM keywords in snake case."""

    path: Path
    sop_class_uid: str
    sop_instance_uid: str
    transfer_syntax: str
    study_instance_uid: str
    series_instance_uid: str
    has_series_uid: bool
    frame_of_reference_uid: str
    patient_id: str
    study_date: str
    modality: str
    series_number: float | None
    instance_number: float | None
    study_description: str
    series_description: str
    protocol_name: str
    body_part: str
    view_position: str
    scanning_sequence: str
    acquisition_contrast: str
    patient_orientation: tuple[str, ...]
    pixel_aspect: float
    burned_in_annotation: str
    presentation_intent: str
    mosaic: bool
    pixels: PixelFormat
    slices: tuple[SliceHeader, ...]


def pixel_format_of(view: FrameView) -> PixelFormat | None:
    """Return the layout of the pixels, None where Rows, Columns or Bits Allocated are missing."""
    rows, columns, allocated = (view.number(name) for name in ("Rows", "Columns", "BitsAllocated"))
    if not rows or not columns or not allocated:
        return None
    stored = int(view.number("BitsStored") or allocated)
    high = view.number("HighBit")
    return PixelFormat(
        rows=int(rows),
        columns=int(columns),
        frames=max(1, int(view.number("NumberOfFrames") or 1)),
        samples=int(view.number("SamplesPerPixel") or 1),
        photometric=view.text("PhotometricInterpretation").upper() or "MONOCHROME2",
        bits_allocated=int(allocated),
        bits_stored=stored,
        high_bit=stored - 1 if high is None else int(high),
        signed=view.number("PixelRepresentation") == 1,
        planar=view.number("PlanarConfiguration") == 1,
    )


def header_of(
    file: DicomFile, view: FrameView, pixels: PixelFormat, frames: Sequence[FrameView]
) -> FileHeader:
    """Return the header of an image with the attributes *view*; see `enhanced` for those of its frames."""
    uid = view.text("SeriesInstanceUID")
    return FileHeader(
        path=file.path,
        sop_class_uid=view.text("SOPClassUID"),
        sop_instance_uid=view.text("SOPInstanceUID"),
        transfer_syntax=file.transfer_syntax,
        study_instance_uid=view.text("StudyInstanceUID"),
        series_instance_uid=uid or _uid_of(file),
        has_series_uid=bool(uid),
        frame_of_reference_uid=view.text("FrameOfReferenceUID"),
        patient_id=view.text("PatientID"),
        study_date=view.text("StudyDate").replace(".", ""),
        modality=view.text("Modality").upper(),
        series_number=view.number("SeriesNumber"),
        instance_number=view.number("InstanceNumber"),
        study_description=view.text("StudyDescription"),
        series_description=view.text("SeriesDescription"),
        protocol_name=view.text("ProtocolName"),
        body_part=_body_part(frames[0]),
        view_position=_view_position(view),
        scanning_sequence=_sequence(frames[0]),
        acquisition_contrast=frames[0].text("AcquisitionContrast"),
        patient_orientation=tuple(view.text("PatientOrientation").upper().split("\\")),
        pixel_aspect=_pixel_aspect(view),
        burned_in_annotation=view.text("BurnedInAnnotation").upper(),
        presentation_intent=view.text("PresentationIntentType").upper(),
        mosaic="MOSAIC" in view.text("ImageType").upper(),
        pixels=pixels,
        slices=tuple(slice_of(frame, index) for index, frame in enumerate(frames)),
    )


def slice_of(view: FrameView, frame: int) -> SliceHeader:
    """Return what places and tells apart the frame that *view* shows."""
    spacing, spacing_at = _spacing(view)
    position, orientation = view.numbers("ImagePositionPatient"), view.numbers("ImageOrientationPatient")
    return SliceHeader(
        frame=frame,
        position=position if position and len(position) == 3 else None,
        orientation=orientation if orientation and _is_orientation(orientation) else None,
        pixel_spacing=spacing,
        spacing_at=spacing_at,
        rescale=_rescale(view),
        contrast=_contrast(view),
        stack=view.text("StackID"),
        image_type=tuple(view.text("FrameType", "ImageType").upper().split("\\")),
        phase=_phase(view),
        parameters=_parameters(view),
        laterality=tuple(filter(None, (view.text(name).upper() for name in _SIDES))),
    )


# The most particular one first; a frame's own side stands before that of the series.
_SIDES = ("FrameLaterality", "ImageLaterality", "Laterality")
_PHASES: Mapping[str, tuple[str, ...]] = {
    "echo": ("EchoNumbers",),
    "echo time": ("EffectiveEchoTime", "EchoTime"),
    "inversion time": ("InversionTimes", "InversionTime"),
    "temporal position": ("TemporalPositionIndex", "TemporalPositionIdentifier"),
    "contrast": ("ContrastBolusAgentAdministered", "ContrastBolusAgent"),
    "image type": ("FrameType", "ImageType"),
    "acquisition number": ("FrameAcquisitionNumber", "AcquisitionNumber"),
    "series number": ("SeriesNumber",),
    "series description": ("SeriesDescription",),
    "flip angle": ("FlipAngle",),
    "b-value": ("DiffusionBValue",),
    "trigger time": ("NominalCardiacTriggerDelayTime", "TriggerTime"),
    "acquisition time": ("FrameAcquisitionDateTime", "AcquisitionTime"),
}
_PARAMETERS: Mapping[str, tuple[str, ...]] = {
    "repetition_time": ("RepetitionTime",),
    "echo_time": ("EffectiveEchoTime", "EchoTime"),
    "inversion_time": ("InversionTimes", "InversionTime"),
    "flip_angle": ("FlipAngle",),
    "echo_train_length": ("RFEchoTrainLength", "EchoTrainLength"),
}
_NO_AGENT = frozenset({"NO", "NONE", "N", "NIL", "0", "KEINE", "KEIN", "OHNE", "WITHOUT", "NATIVE", "NATIV"})


def _phase(view: FrameView) -> Mapping[str, str]:
    return {name: view.text(*keywords) for name, keywords in _PHASES.items()}


def _parameters(view: FrameView) -> Mapping[str, float]:
    found = {name: view.number(*keywords) for name, keywords in _PARAMETERS.items()}
    if view.text("InversionRecovery") == "NO":
        found["inversion_time"] = None
    return {name: number for name, number in found.items() if number}


def _contrast(view: FrameView) -> bool | None:
    administered = view.text("ContrastBolusAgentAdministered").upper()
    if administered in {"YES", "NO"}:
        return administered == "YES"
    agent = view.text("ContrastBolusAgent").upper()
    if agent:
        return agent not in _NO_AGENT
    return True if view.items("ContrastBolusAgentSequence") else None


def _spacing(view: FrameView) -> tuple[tuple[float, float] | None, str | None]:
    """Return row, column spacing and where it holds.

    Source: DICOM PS3.3 10.7.1.3: without calibration, Pixel Spacing equal to Imager Pixel Spacing is the
    spacing at the detector.
    """
    patient, detector = _pair(view.numbers("PixelSpacing")), _pair(view.numbers("ImagerPixelSpacing"))
    if patient and detector and math.dist(patient, detector) < 1e-4 and not _is_calibrated(view):
        return detector, "detector"
    if patient:
        return patient, "patient"
    return (detector, "detector") if detector else (None, None)


def _is_calibrated(view: FrameView) -> bool:
    return bool(view.text("PixelSpacingCalibrationType"))


def _pair(numbers: Numbers | None) -> tuple[float, float] | None:
    if numbers is None or len(numbers) != 2 or not all(1e-4 <= number <= 100 for number in numbers):
        return None
    return numbers[0], numbers[1]


def _rescale(view: FrameView) -> tuple[float, float] | None:
    slope, intercept = view.number("RescaleSlope"), view.number("RescaleIntercept")
    return None if slope is None and intercept is None else (slope or 1.0, intercept or 0.0)


def _is_orientation(numbers: Numbers) -> bool:
    """Whether six numbers are two unit vectors at right angles, within what rounding leaves."""
    if len(numbers) != 6:
        return False
    across, down = numbers[:3], numbers[3:]
    lengths = (math.hypot(*across), math.hypot(*down))
    skew = sum(a * b for a, b in zip(across, down, strict=True))
    return all(abs(length - 1) < 0.02 for length in lengths) and abs(skew) < 0.02


def _pixel_aspect(view: FrameView) -> float:
    """Return row spacing / column spacing: of Pixel Aspect Ratio, else of any spacing."""
    pair = view.numbers("PixelAspectRatio")
    if pair is None or len(pair) != 2 or not min(pair) > 0:
        pair = _spacing(view)[0] or (1.0, 1.0)
    ratio = pair[0] / pair[1]
    return ratio if 0.05 <= ratio <= 20 else 1.0


def _sequence(view: FrameView) -> str:
    kind = view.text("ScanningSequence", "EchoPulseSequence").upper()
    return f"{kind}\\IR" if view.text("InversionRecovery") == "YES" else kind


def _body_part(view: FrameView) -> str:
    regions = view.items("AnatomicRegionSequence") + view.items("PrimaryAnatomicStructureSequence")
    meanings = (FrameView(item).text("CodeMeaning") for item in regions)
    return " ".join(filter(None, (view.text("BodyPartExamined"), *meanings)))


def _view_position(view: FrameView) -> str:
    meanings = (FrameView(item).text("CodeMeaning") for item in view.items("ViewCodeSequence"))
    return " ".join(filter(None, (view.text("ViewPosition"), *meanings)))


def _uid_of(file: DicomFile) -> str:
    """Return a UID that stays the same wherever the file lies, for one that has none. Source: PS3.5 B.2."""
    with file.open_source() as source:
        digest = hashlib.sha256(source.read(1 << 20)).digest()
    return f"2.25.{int.from_bytes(digest[:15])}"

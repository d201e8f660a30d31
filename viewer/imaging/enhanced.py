"""Multi-frame objects: one view of the attributes for each frame, from the functional groups."""

from pydicom.dataset import Dataset

from viewer.imaging.attributes import FrameView
from viewer.imaging.headers import PixelFormat

# The functional group macros this program reads. Source: DICOM PS3.3 C.7.6.16.2 and C.8.13.5.
_MACROS = (
    "PlanePositionSequence",
    "PlaneOrientationSequence",
    "PixelMeasuresSequence",
    "FrameContentSequence",
    "FrameAnatomySequence",
    "PixelValueTransformationSequence",
    "FrameVOILUTSequence",
    "ContrastBolusUsageSequence",
    "MRImageFrameTypeSequence",
    "MRTimingAndRelatedParametersSequence",
    "MREchoSequence",
    "MRModifierSequence",
    "MRDiffusionSequence",
    "CardiacSynchronizationSequence",
)
_PLACE = ("ImagePositionPatient", "ImageOrientationPatient")


def frames_of(dataset: Dataset, pixels: PixelFormat) -> list[FrameView]:
    """Return one view for each frame of an image.

    A position of the data set itself places a single image only; it is dropped from *dataset* where there are
    more frames, since a stack whose frames all lie in one place would be wrong.
    """
    if pixels.frames > 1:
        for keyword in _PLACE:
            if keyword in dataset:
                del dataset[keyword]
    view = FrameView(dataset)
    shared = [macro for item in view.items("SharedFunctionalGroupsSequence")[:1] for macro in _macros(item)]
    groups = view.items("PerFrameFunctionalGroupsSequence")[: pixels.frames]
    own = [_macros(item) for item in groups] + [[] for _ in range(pixels.frames - len(groups))]
    return [FrameView(*macros, *shared, dataset) for macros in own]


def _macros(item: Dataset) -> list[Dataset]:
    view = FrameView(item)
    return [found for name in _MACROS for found in view.items(name)[:1]]

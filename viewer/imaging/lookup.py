"""Lookup tables, windows and padding of a header. Sources: DICOM PS3.3 C.11.1, C.11.2, C.7.5.1.1.2."""

from collections.abc import Iterator

import numpy as np

from viewer.imaging.attributes import FrameView
from viewer.imaging.files import DicomFile
from viewer.imaging.headers import PixelFormat
from viewer.imaging.volume import LookupTable, Voi, Window


def voi_of(view: FrameView, pixels: PixelFormat, *, little_endian: bool) -> Voi | None:
    """Return the windows and VOI lookup tables of an image, None where it has none."""
    centers, widths = view.numbers("WindowCenter") or (), view.numbers("WindowWidth") or ()
    function = view.text("VOILUTFunction") or "LINEAR"
    names = view.text("WindowCenterWidthExplanation").split("\\")
    windows = tuple(
        Window(center, width, function, names[number] if number < len(names) else "")
        for number, (center, width) in enumerate(zip(centers, widths, strict=False))
        if width > 0
    )
    tables = tuple(_tables(view, "VOILUTSequence", pixels, little_endian=little_endian))
    return Voi(windows, tables) if windows or tables else None


def modality_table_of(file: DicomFile, pixels: PixelFormat) -> LookupTable | None:
    """Return the table that takes the place of the rescale, None where there is none."""
    tables = _tables(FrameView(file.dataset), "ModalityLUTSequence", pixels, little_endian=file.little_endian)
    return next(tables, None)


def padding_of(view: FrameView, pixels: PixelFormat) -> tuple[float, float] | None:
    """Return the lowest and highest stored value that stands for no picture."""
    value, limit = view.number("PixelPaddingValue"), view.number("PixelPaddingRangeLimit")
    if value is None:
        return None
    ends = [_as_stored(end, pixels) for end in (value, value if limit is None else limit)]
    return min(ends), max(ends)


def _tables(
    view: FrameView, keyword: str, pixels: PixelFormat, *, little_endian: bool
) -> Iterator[LookupTable]:
    for item in view.items(keyword):
        entry = FrameView(item)
        descriptor = entry.numbers("LUTDescriptor")
        if descriptor is None or len(descriptor) != 3:
            continue
        count, bits = int(descriptor[0]) or 1 << 16, int(descriptor[2])
        raw = entry.raw("LUTData")
        if isinstance(raw, bytes):
            kind = "u1" if len(raw) < 2 * count else "<u2" if little_endian else ">u2"
            values = np.frombuffer(raw[: len(raw) // 2 * 2], kind).astype(np.uint16)
        else:
            values = np.array([int(number) & 0xFFFF for number in entry.numbers("LUTData") or ()], np.uint16)
        if values.size >= count and 8 <= bits <= 16:
            yield LookupTable(int(_as_stored(descriptor[1], pixels)), values[:count], bits)


def _as_stored(number: float, pixels: PixelFormat) -> float:
    """Return *number*, that files may give unsigned, in the sign of the pixels."""
    span = 1 << pixels.bits_allocated
    if pixels.signed and number >= span // 2:
        return number - span
    return number + span if not pixels.signed and number < 0 else number

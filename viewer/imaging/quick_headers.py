"""The headers of ordinary images, read several times faster than pydicom does.

An ordinary image is one little-endian frame whose top-level elements can be walked over without doubt.
Whatever is unusual about a file or a value is doubt, and pydicom decides; both agree on everything else.
"""

import os
import re
import struct
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from pydicom.datadict import dictionary_VR, tag_for_keyword
from pydicom.dataset import Dataset

from viewer.imaging.attributes import FrameView, Numbers, finite, plain
from viewer.imaging.decoders import COMPRESSED
from viewer.imaging.files import EXPLICIT_LITTLE, IMPLICIT_LITTLE, PIXEL_DATA, DicomFile
from viewer.imaging.limits import LIMITS, Limits

_SYNTAXES = frozenset({IMPLICIT_LITTLE, EXPLICIT_LITTLE}) | COMPRESSED
_FIRST_READ, _LONGEST_HEADER = 16 << 10, 1 << 20
_UNDEFINED = 0xFFFFFFFF
_ITEM, _ITEM_END, _SEQUENCE_END = 0xFFFEE000, 0xFFFEE00D, 0xFFFEE0DD
_SHORT = frozenset(b"AE AS AT CS DA DS DT FD FL IS LO LT PN SH SL SS ST TM UI UL US".split())
_LONG = frozenset(b"OB OD OF OL OV OW SQ SV UC UN UR UT UV".split())
_TEXTS = frozenset(b"AE AS CS DA DS DT IS LO SH TM UC UI".split())
_NUMBERS = {b"US": "H", b"SS": "h", b"UL": "L", b"SL": "l", b"FL": "f", b"FD": "d"}
_INTEGER = re.compile(r"\s*[+-]?[0-9]{1,18}\s*")
_explicit = struct.Struct("<HH2sH").unpack_from
_implicit = struct.Struct("<HHL").unpack_from
_long = struct.Struct("<L").unpack_from
# Groups of frames, sequences that headers are read from, and objects that are no images: pydicom's business.
_UNUSUAL = frozenset(
    tag_for_keyword(keyword)
    for keyword in (
        "SharedFunctionalGroupsSequence",
        "PerFrameFunctionalGroupsSequence",
        "AnatomicRegionSequence",
        "PrimaryAnatomicStructureSequence",
        "ViewCodeSequence",
        "ContrastBolusAgentSequence",
        "EncapsulatedDocument",
        "NumberOfFrames",
    )
)

Elements = dict[int, tuple[bytes, int, int]]  # by tag: value representation, first byte, length


class DoubtError(Exception):
    """Something that pydicom is to judge."""


class QuickView(FrameView):
    """The attributes of an image whose elements were walked over.

    Every accessor raises DoubtError where pydicom might read a value differently.
    """

    def __init__(self, data: bytes, elements: Elements) -> None:
        super().__init__()
        self._data, self._elements = data, elements

    def raw(self, keyword: str) -> Any:
        """Return the bytes of *keyword*, None where it is absent or empty."""
        _, start, length = self._elements.get(_tag_of(keyword), (b"", 0, 0))
        return self._data[start : start + length] or None

    def items(self, keyword: str) -> list[Dataset]:
        """Return no items; a file with a sequence that matters is no ordinary image."""
        return []

    def _text(self, keyword: str) -> str:
        found = self._elements.get(_tag_of(keyword))
        return _text_of(found[0], self._data[found[1] : found[1] + found[2]]) if found else ""

    def _numbers(self, keyword: str) -> Numbers | None:
        found = self._elements.get(_tag_of(keyword))
        return _numbers_of(found[0], self._data[found[1] : found[1] + found[2]]) if found else None


def read_quickly(path: Path, limits: Limits = LIMITS) -> tuple[DicomFile, QuickView]:
    """Return the place of the pixels of an ordinary image and its attributes.

    Raises:
        DoubtError: The file is none, or cannot be read.
    """
    try:
        with path.open("rb", buffering=0) as file:
            length = os.fstat(file.fileno()).st_size
            data = file.read(_FIRST_READ)
            if length > limits.file_bytes or data[128:132] != b"DICM":
                raise DoubtError
            try:
                return _walk(path, data, length, limits)
            except (struct.error, DoubtError):
                data += file.read(_LONGEST_HEADER - len(data))
            return _walk(path, data, length, limits)
    except (OSError, struct.error) as error:
        raise DoubtError from error


def _walk(path: Path, data: bytes, length: int, limits: Limits) -> tuple[DicomFile, QuickView]:
    start, syntax = _meta_group(data)
    elements: Elements = {}
    if syntax == IMPLICIT_LITTLE:
        place, representation, size = _implicit_elements(data, start, elements)
    elif syntax in _SYNTAXES:
        place, representation, size = _explicit_elements(data, start, elements)
    else:
        raise DoubtError
    if elements.keys() & _UNUSUAL or not elements or next(iter(elements)) < 0x0008_0000:
        raise DoubtError
    if 3 * len(elements) > limits.header_reads:
        raise DoubtError
    defined = None if size == _UNDEFINED else size
    file = DicomFile(path, None, syntax, True, PIXEL_DATA, representation, place, defined, length)
    return file, QuickView(data, elements)


def _meta_group(data: bytes) -> tuple[int, str]:
    """Return where the data set starts, and the transfer syntax. Source: DICOM PS3.10 7.1."""
    place, syntax = 132, ""
    while True:
        group, element, representation, length = _explicit(data, place)
        if group != 0x0002:
            return place, syntax
        place += 8
        if representation in _LONG:
            length = _long(data, place)[0]
            place += 4
        elif representation not in _SHORT:
            raise DoubtError
        if element == 0x0010:
            syntax = _text_of(representation, data[place : place + length])
        place += length


def _explicit_elements(data: bytes, place: int, found: Elements) -> tuple[int, str, int]:
    """Note the elements before the pixels; return where their value starts, its VR and its length."""
    before = 0
    while True:
        group, element, representation, length = _explicit(data, place)
        tag = group << 16 | element
        if not before < tag <= PIXEL_DATA:
            raise DoubtError
        before = tag
        place += 8
        if representation in _LONG:
            length = _long(data, place)[0]
            place += 4
        elif representation not in _SHORT:
            raise DoubtError
        if tag == PIXEL_DATA:
            return place, representation.decode("ascii"), length
        if length == _UNDEFINED:
            if representation != b"SQ":
                raise DoubtError
            place = _behind_sequence(data, place, explicit=True)
            length = 0
        found[tag] = (representation, place, length)
        place += length
        if place > len(data):
            raise DoubtError


def _implicit_elements(data: bytes, place: int, found: Elements) -> tuple[int, str, int]:
    """Note the elements before the pixels; return where their value starts, its VR and its length."""
    if data[place + 4 : place + 6] in _SHORT | _LONG:
        raise DoubtError
    before = 0
    while True:
        group, element, length = _implicit(data, place)
        tag = group << 16 | element
        if tag <= before or tag > PIXEL_DATA:
            raise DoubtError
        before = tag
        place += 8
        if tag == PIXEL_DATA:
            return place, "OW", length
        if length == _UNDEFINED:
            place = _behind_sequence(data, place, explicit=False)
            length = 0
        found[tag] = (_representation_of(tag), place, length)
        place += length
        if place > len(data):
            raise DoubtError


def _behind_sequence(data: bytes, place: int, *, explicit: bool) -> int:
    """Return the place behind a sequence of undefined length. Source: DICOM PS3.5 7.5."""
    while True:
        group, element, length = _implicit(data, place)
        tag = group << 16 | element
        place += 8
        if tag == _SEQUENCE_END and not length:
            return place
        if tag != _ITEM:
            raise DoubtError
        place = _behind_item(data, place, explicit=explicit) if length == _UNDEFINED else place + length
        if place > len(data):
            raise DoubtError


def _behind_item(data: bytes, place: int, *, explicit: bool) -> int:
    while True:
        group, element, length = _implicit(data, place)
        if group << 16 | element == _ITEM_END and not length:
            return place + 8
        representation = data[place + 4 : place + 6]
        if explicit and representation in _LONG:
            length = _long(data, place + 8)[0]
            place += 12
        elif explicit:
            if representation not in _SHORT:
                raise DoubtError
            length = _explicit(data, place)[3]
            place += 8
        else:
            place += 8
        if length == _UNDEFINED:
            if explicit and representation != b"SQ":
                raise DoubtError
            place = _behind_sequence(data, place, explicit=explicit)
        else:
            place += length


# --- values. Source: DICOM PS3.5 6.2


@lru_cache(8192)
def _text_of(representation: bytes, value: bytes) -> str:
    if not value:
        return ""
    if representation in _NUMBERS:
        return "\\".join(map(str, _binary(representation, value)))
    parts = _parts(representation, value)
    if representation in (b"DS", b"IS"):
        _floats(representation, parts)
    return "\\".join(map(plain, parts)).strip()


@lru_cache(8192)
def _numbers_of(representation: bytes, value: bytes) -> Numbers | None:
    if not value:
        return None
    if representation in _NUMBERS:
        return finite(_binary(representation, value))
    parts = _parts(representation, value)
    if representation in (b"DS", b"IS"):
        numbers = _floats(representation, parts)
        return finite(numbers) if len(numbers) == len(parts) else None
    raise DoubtError


def _parts(representation: bytes, value: bytes) -> list[str]:
    # Outside ASCII the character set matters; an escape sequence changes it.
    if representation not in _TEXTS or not value.isascii() or b"\x1b" in value:
        raise DoubtError
    return value.decode("ascii").rstrip(" \0").split("\\")


def _floats(representation: bytes, parts: list[str]) -> list[float]:
    """Return the numbers of the parts that are not empty."""
    there = [part for part in parts if part.strip()]
    if representation == b"IS" and not all(map(_INTEGER.fullmatch, there)):
        raise DoubtError
    try:
        return [float(part) for part in there]
    except ValueError as error:
        raise DoubtError from error


def _binary(representation: bytes, value: bytes) -> tuple[float, ...]:
    kind = _NUMBERS[representation]
    size = struct.calcsize(f"<{kind}")
    if len(value) % size:
        raise DoubtError
    return struct.unpack(f"<{len(value) // size}{kind}", value)


@cache
def _tag_of(keyword: str) -> int:
    tag = tag_for_keyword(keyword)
    assert tag is not None  # keywords are ours
    return tag


@cache
def _representation_of(tag: int) -> bytes:
    try:
        return dictionary_VR(tag).encode("ascii")
    except KeyError:
        return b"UN"

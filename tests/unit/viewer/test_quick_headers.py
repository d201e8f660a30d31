"""Headers read quickly are those that pydicom reads."""

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence
from pydicom.uid import ExplicitVRLittleEndian, ImplicitVRLittleEndian

from tests.unit.viewer.dicom_writer import groups, write_enhanced, write_film, write_image
from viewer.imaging.admission import admit, admit_thoroughly
from viewer.imaging.errors import FileProblemError
from viewer.imaging.quick_headers import DoubtError, read_quickly

SYNTAXES = [ExplicitVRLittleEndian, ImplicitVRLittleEndian]
TEXTS = st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=14)
NUMBERS = st.one_of(
    st.integers(-999, 999).map(str),
    st.floats(-1e3, 1e3).map("{:.6g}".format),
    st.sampled_from(["", " 1 ", "1.0", "1e2", "-0", "nan", "inf", "1_0", "+5", "x", "0x1", "\0", "1 2"]),
)


def outcome(read, path):
    """Return the header, place and kind of the pixels, or why the file is refused."""
    try:
        file, header = read(path)
    except FileProblemError as error:
        return error.reason
    where = dataclasses.replace(file, parsed=None)
    return header, [getattr(where, field.name) for field in dataclasses.fields(where)]


def is_read_quickly(path):
    try:
        read_quickly(path)
    except DoubtError:
        return False
    return True


@pytest.mark.parametrize("syntax", SYNTAXES)
def test_an_ordinary_slice_or_film_is_read_quickly(tmp_path, syntax):
    for path in (
        write_image(tmp_path / "slice", transfer_syntax=syntax),
        write_film(tmp_path / "film", transfer_syntax=syntax),
    ):
        assert is_read_quickly(path)
        assert outcome(admit, path) == outcome(admit_thoroughly, path)


def test_frames_characters_outside_ascii_and_sequences_that_matter_are_left_to_pydicom(tmp_path):
    enhanced = write_enhanced(tmp_path / "enhanced", [groups(position=(0, 0, 0))])
    assert not is_read_quickly(enhanced)
    agent = Dataset()
    agent.CodeMeaning = "Gadolinium"
    contrast = write_image(tmp_path / "agent", ContrastBolusAgentSequence=Sequence([agent]))
    assert not is_read_quickly(contrast)
    for character_set, words in (("ISO_IR 100", "Händ"), ("ISO_IR 192", "手"), ("GB18030", "手")):
        path = write_image(
            tmp_path / character_set, SpecificCharacterSet=character_set, SeriesDescription=words
        )
        assert outcome(admit, path) == outcome(admit_thoroughly, path)
        found = outcome(admit, path)[0]
        assert not isinstance(found, str)
        assert found.series_description == words


@pytest.mark.parametrize("syntax", SYNTAXES)
@given(words=TEXTS, numbers=st.lists(NUMBERS, min_size=1, max_size=4), count=NUMBERS)
def test_any_value_is_read_as_pydicom_reads_it(tmp_path_factory, syntax, words, numbers, count):
    path = tmp_path_factory.mktemp("values") / "image"
    write_image(
        path,
        transfer_syntax=syntax,
        SeriesDescription="d" * 40,
        ProtocolName="p" * 40,
        EchoTime="1" * 16,
        SeriesNumber="1" * 12,
    )
    data = path.read_bytes()
    for old, value in (
        (b"d" * 40, words),
        (b"p" * 40, "\\".join([words, *numbers])),
        (b"1" * 16, "\\".join(numbers)),
        (b"1" * 12, count),
    ):
        filled = value.encode("ascii", "ignore").ljust(len(old))[: len(old)]
        assert data.count(old) >= 1
        data = data.replace(old, filled, 1)
    path.write_bytes(data)
    assert outcome(admit, path) == outcome(admit_thoroughly, path)


@pytest.mark.parametrize("syntax", SYNTAXES)
@given(where=st.floats(0, 1), what=st.binary(min_size=1, max_size=4), cut=st.booleans())
def test_a_damaged_file_is_judged_as_pydicom_judges_it(tmp_path_factory, syntax, where, what, cut):
    path = tmp_path_factory.mktemp("damage") / "image"
    nested = Dataset()
    nested.CodeMeaning = "meaning"
    write_image(path, transfer_syntax=syntax, ProcedureCodeSequence=Sequence([nested]))
    data = bytearray(path.read_bytes())
    place = int(where * (len(data) - 1))
    data[place : place + len(what)] = what
    path.write_bytes(data[:place] if cut else data)
    assert outcome(admit, path) == outcome(admit_thoroughly, path)


def test_every_real_file_is_judged_as_pydicom_judges_it(shared_data):
    quick = 0
    for path in sorted(path for path in shared_data.rglob("*") if path.is_file()):
        assert outcome(admit, path) == outcome(admit_thoroughly, path), path.name
        quick += is_read_quickly(path)
    assert quick > 100

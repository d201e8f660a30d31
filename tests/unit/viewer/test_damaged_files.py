"""Files changed at random: each is in a series or refused with a reason, and nothing else happens."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.unit.viewer.dicom_writer import CORONAL, groups, write_enhanced, write_film, write_image
from viewer.imaging.errors import ImagingError
from viewer.imaging.loading import load_volume
from viewer.imaging.scan import scan

CHANGES = st.lists(
    st.tuples(
        st.sampled_from(["set", "cut", "insert", "fill"]),
        st.floats(0, 1, exclude_max=True),
        st.integers(0, 255),
    ),
    min_size=1,
    max_size=12,
)
REAL = ("MR_small_RLE.dcm", "MR_small_jp2klossless.dcm", "JPEG2000.dcm", "JPGExtended.dcm", "image_dfl.dcm")


def changed(data, changes, reach):
    data = bytearray(data)
    for kind, place, value in changes:
        at = int(place * min(reach, len(data)))
        if kind == "set":
            data[at] = value
        elif kind == "cut":
            del data[at : at + value]
        elif kind == "insert":
            data[at:at] = bytes([value]) * (1 + value % 9)
        else:
            data[at : at + 4] = b"\xff" * 4
        if not data:
            break
    return bytes(data)


def check(path):
    result = scan([path])
    assert result.files_seen == 1
    assert bool(result.series) != bool(result.rejected)
    assert all(item.reason for item in result.rejected)
    for series in result.series:
        try:
            volume = load_volume(series)
        except ImagingError:
            continue
        assert volume.pixels.ndim == 3


@pytest.fixture(scope="module")
def originals(tmp_path_factory):
    folder = tmp_path_factory.mktemp("originals")
    frames = [groups(position=(0, n, 0), orientation=CORONAL, spacing=(1, 1), stack="1") for n in range(3)]
    files = [
        write_image(folder / "slice"),
        write_film(folder / "film", pixels=np.zeros((8, 6), np.uint16)),
        write_enhanced(folder / "enhanced", frames),
    ]
    return [path.read_bytes() for path in files]


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(which=st.integers(0, 2), changes=CHANGES, reach=st.sampled_from([200, 1000, 10**6]))
def test_files_changed_at_random_are_read_or_refused(tmp_path, originals, which, changes, reach):
    path = tmp_path / "changed"
    path.write_bytes(changed(originals[which], changes, reach))
    check(path)


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=st.sampled_from(REAL), changes=CHANGES, reach=st.sampled_from([400, 4000, 10**6]))
def test_compressed_files_changed_at_random_are_read_or_refused(tmp_path, shared_data, name, changes, reach):
    path = tmp_path / "changed"
    path.write_bytes(changed((shared_data / "torture" / "pydicom" / name).read_bytes(), changes, reach))
    check(path)


@given(data=st.binary(max_size=400))
def test_noise_is_refused(tmp_path_factory, data):
    path = tmp_path_factory.getbasetemp() / "noise"
    path.write_bytes(data)
    assert scan([path]).series == ()


@pytest.mark.parametrize("length", range(0, 1400, 61))
def test_a_file_cut_anywhere_is_refused(tmp_path, originals, length):
    path = tmp_path / "cut"
    path.write_bytes(originals[0][: min(length, len(originals[0]) - 1)])
    assert scan([path]).series == ()

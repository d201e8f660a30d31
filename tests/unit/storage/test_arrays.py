import os
import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from storage.arrays import (
    CONSTANT_TIME,
    StoredArray,
    copy_original,
    digest_of,
    open_array,
    write_array,
)
from storage.errors import DamagedStoreError, StorageUnavailableError

PIXEL_TYPES = ["<i2", "<u2", "u1", "<f4", ">i2"]


@given(
    pixels=st.sampled_from(PIXEL_TYPES).flatmap(
        lambda dtype: hnp.arrays(dtype, hnp.array_shapes(min_dims=2, max_dims=3, max_side=6))
    ),
    transposed=st.booleans(),
)
def test_an_array_comes_back_as_it_was(tmp_path_factory, pixels, transposed):
    folder = tmp_path_factory.mktemp("volumes")
    pixels = pixels.T if transposed else pixels
    stored = write_array(folder, pixels)
    read = open_array(folder, stored)
    assert stored.shape == pixels.shape
    assert read.flags.c_contiguous
    assert not read.flags.writeable
    np.testing.assert_array_equal(read, pixels)
    assert stored.sha256 == digest_of(folder / stored.name)


def test_names_and_times_tell_nothing(tmp_path):
    stored = [write_array(tmp_path, np.zeros((2, 2), np.int16)) for _ in range(3)]
    assert len({array.name for array in stored}) == 3
    assert all(re.fullmatch(r"[0-9a-f]{32}\.npy", array.name) for array in stored)
    assert {path.stat().st_mtime for path in tmp_path.iterdir()} == {CONSTANT_TIME}
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(array.name for array in stored)


@pytest.mark.parametrize("name", ["../secret.npy", "/etc/passwd", "x.npy", "a" * 32])
def test_a_name_that_leads_elsewhere_is_refused(tmp_path, name):
    with pytest.raises(DamagedStoreError, match="outside"):
        open_array(tmp_path, StoredArray(name, "", (2, 2), "<i2"))


def test_an_array_of_another_shape_is_refused(tmp_path):
    stored = write_array(tmp_path, np.zeros((2, 3), np.int16))
    with pytest.raises(DamagedStoreError, match="not the one"):
        open_array(tmp_path, StoredArray(stored.name, stored.sha256, (3, 2), stored.dtype))


def test_a_pickle_in_place_of_an_array_is_refused(tmp_path):
    name = "0" * 32 + ".npy"
    np.save(tmp_path / name, np.array([{"a": 1}], dtype=object), allow_pickle=True)
    with pytest.raises(DamagedStoreError, match="cannot be read"):
        open_array(tmp_path, StoredArray(name, "", (1,), "|O"))


def test_a_missing_array_is_named(tmp_path):
    with pytest.raises(DamagedStoreError, match="missing"):
        open_array(tmp_path, StoredArray("0" * 32 + ".npy", "", (1,), "<i2"))


def test_only_numbers_are_pixels(tmp_path):
    with pytest.raises(ValueError, match="not pixels"):
        write_array(tmp_path, np.array(["text"]))


@pytest.mark.parametrize("link", [False, True])
def test_an_original_is_copied_byte_for_byte_and_left_alone(tmp_path, link):
    source = tmp_path / "IM0001"
    source.write_bytes(os.urandom(5000))
    os.utime(source, (1_000_000_000, 1_000_000_000))
    folder = tmp_path / "originals"
    folder.mkdir()
    name, sha256 = copy_original(source, folder, link=link)
    assert (folder / name).read_bytes() == source.read_bytes()
    assert sha256 == digest_of(source)
    assert source.stat().st_mtime == 1_000_000_000
    assert [path.name for path in folder.iterdir()] == [name]
    assert "IM0001" not in name
    assert (source.stat().st_nlink == 2) is link


def test_where_no_link_can_be_made_the_original_is_copied(tmp_path, monkeypatch):
    def refuse(*_):
        raise OSError("another disk")

    monkeypatch.setattr(os, "link", refuse)
    source = tmp_path / "IM0001"
    source.write_bytes(b"pixels")
    name, _ = copy_original(source, tmp_path, link=True)
    assert (tmp_path / name).read_bytes() == b"pixels"
    assert source.stat().st_nlink == 1


def test_a_folder_that_is_gone_is_named(tmp_path):
    with pytest.raises(StorageUnavailableError):
        write_array(tmp_path / "gone", np.zeros((2, 2), np.int16))


def test_an_original_that_is_gone_leaves_nothing_behind(tmp_path):
    with pytest.raises(StorageUnavailableError):
        copy_original(tmp_path / "gone", tmp_path)
    assert list(tmp_path.iterdir()) == []

import os
import zipfile
from pathlib import Path

import pytest

from reader_app.jobs import JobCancelledError
from reader_app.workflow.errors import BadArchiveError, NothingSignedError
from reader_app.workflow.pack_reading import pack_reading, write_result
from reader_app.workflow.unpack_reading import reading_folder
from storage.errors import AlreadyThereError, DamagedStoreError, StorageUnavailableError, TamperedError
from storage.reading.reading import Reading
from tests.unit.storage.readings import FIRST, PASSWORD, change_behind_our_back, fill, new_reading


@pytest.fixture
def folder(tmp_path) -> Path:
    return new_reading(tmp_path)


@pytest.fixture
def away(tmp_path) -> Path:
    (tmp_path / "away").mkdir()
    return tmp_path / "away"


def sign(folder: Path) -> None:
    with Reading.open(folder) as reading:
        fill(reading, FIRST)
        reading.sign(FIRST, PASSWORD)


def names_and_dates(file: Path):
    with zipfile.ZipFile(file) as archive:
        assert archive.comment == b""
        return [one.filename for one in archive.infolist()], {one.date_time for one in archive.infolist()}


def test_a_packed_reading_opens_elsewhere_with_all_its_pictures(folder, away):
    file = pack_reading(folder, away)
    assert file == away / "Q4WZR.reading.zip"
    unpacked = reading_folder(file)
    assert unpacked == away / "Q4WZR.reading"
    with Reading.open(unpacked) as reading:
        assert reading.verify() == []
        fill(reading, FIRST)


def test_a_pack_tells_names_and_times_of_nothing_and_is_the_same_each_time(folder, away):
    (folder / "anna's notes.txt").write_text("week 12")
    (folder / "volumes" / ("0" * 32 + ".npy")).write_bytes(b"left behind")
    file = pack_reading(folder, away / "one.zip")
    os.utime(folder / "reading.sqlite", (1_700_000_000, 1_700_000_000))
    again = pack_reading(folder, away / "two.zip")
    assert file.read_bytes() == again.read_bytes()
    names, dates = names_and_dates(file)
    pictures = sorted(path.name for path in (folder / "volumes").iterdir() if path.name[:32] != "0" * 32)
    assert names == ["Q4WZR.reading/reading.sqlite", *(f"Q4WZR.reading/volumes/{name}" for name in pictures)]
    assert dates == {(1980, 1, 1, 0, 0, 0)}
    assert file.stat().st_mtime == 315_532_800


def test_packing_twice_keeps_the_file_but_never_overwrites_another(folder, away):
    file = pack_reading(folder, away)
    assert pack_reading(folder, away) == file
    file.write_bytes(b"something else")
    with pytest.raises(AlreadyThereError):
        pack_reading(folder, away)
    assert file.read_bytes() == b"something else"
    assert [path.name for path in away.iterdir()] == [file.name]


def test_a_reading_that_is_open_elsewhere_is_packed_as_it_is(folder, away):
    with Reading.open(folder) as reading:
        fill(reading, FIRST)
        file = pack_reading(folder, away)
    with Reading.open(reading_folder(file)) as unpacked:
        assert [case.missing for case in unpacked.cases()] == [0, 7]


def test_a_cancelled_pack_leaves_nothing(folder, away):
    def stop(done: int, total: int) -> None:
        raise JobCancelledError

    with pytest.raises(JobCancelledError):
        pack_reading(folder, away, stop)
    assert list(away.iterdir()) == []


def test_damage_is_found_before_anything_travels(folder, away):
    picture = next((folder / "volumes").iterdir())
    whole = picture.read_bytes()
    picture.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    with pytest.raises(DamagedStoreError, match="not the one that was prepared"):
        pack_reading(folder, away)
    picture.unlink()
    with pytest.raises(DamagedStoreError, match="missing"):
        pack_reading(folder, away)
    change_behind_our_back(folder, "UPDATE reading SET reader = 'Somebody'")
    with pytest.raises(TamperedError):
        pack_reading(folder, away)
    assert list(away.iterdir()) == []


def test_a_folder_that_is_not_there_is_told(folder, away):
    with pytest.raises(StorageUnavailableError):
        pack_reading(folder, away / "no" / "such.zip")


def test_a_result_holds_the_signed_work_without_pictures(folder, away):
    with pytest.raises(NothingSignedError):
        write_result(folder, away)
    sign(folder)
    file = write_result(folder, away)
    with Reading.open(folder) as reading:
        assert file.name == f"Q4WZR-{reading.audit_head().seq}.result.zip"
    assert names_and_dates(file)[0] == ["Q4WZR.reading/reading.sqlite"]
    assert write_result(folder, away).read_bytes() == file.read_bytes()


def test_a_result_is_no_reading_to_open(folder, away):
    sign(folder)
    file = write_result(folder, away)
    with pytest.raises(BadArchiveError, match="a result without pictures"):
        reading_folder(file)
    assert list(away.iterdir()) == [file]


@pytest.mark.parametrize("cut", [40, 2000, -10])
def test_a_pack_cut_short_or_changed_on_the_way_is_refused(folder, away, cut):
    file = pack_reading(folder, away)
    whole = file.read_bytes()
    changed = bytearray(whole)
    changed[cut] ^= 0xFF
    for spoilt in (whole[:cut], bytes(changed)):
        file.write_bytes(spoilt)
        with pytest.raises(BadArchiveError):
            reading_folder(file)
        assert list(away.iterdir()) == [file]

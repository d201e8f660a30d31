import hashlib
import os
import sqlite3
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from storage.arrays import CONSTANT_TIME
from storage.errors import AlreadyThereError, ForeignFileError, StoreNotFoundError
from storage.reading.build import build_reading
from storage.reading.reading import Reading
from storage.reading.records import CaseSpec, TimepointSpec
from tests.unit.storage.readings import FIRST, SECOND, new_reading, pixels, small_form, small_spec

PROJECT = Path(__file__).resolve().parents[3]


@pytest.fixture
def folder(tmp_path):
    return new_reading(tmp_path)


def test_a_reading_holds_what_it_was_built_from(folder):
    with Reading.open(folder) as reading:
        assert (reading.reader, reading.round_title, reading.reading_design) == (
            "Anna Lind",
            "RAMRIS",
            "paired",
        )
        assert reading.modality == "MR"
        assert reading.form == small_form()
        first, second = reading.cases()
        assert (first.code, first.position, first.side, first.letters) == (FIRST, 1, "R", ("A", "B"))
        assert (second.code, second.position, second.side, second.letters) == (SECOND, 2, "L", ("A",))
        assert (first.status, first.missing, second.missing) == ("untouched", 14, 7)


def test_pictures_come_back_with_their_geometry(folder):
    spec = small_spec()
    with Reading.open(folder) as reading:
        case = reading.case(FIRST)
        picture, absent = case.timepoints[1].images
        wanted, _ = spec.cases[0].timepoints[1].images
        np.testing.assert_array_equal(reading.open_array(picture), pixels(2))
        assert replace(picture, array=None) == wanted.record
        assert absent.missing_reason == "not acquired"
        with pytest.raises(ValueError, match="no pixels"):
            reading.open_array(absent)


def test_the_coordinator_gets_digests_and_the_start_of_the_trail(tmp_path):
    built = build_reading(tmp_path / "Q4WZR.reading", small_spec())
    assert set(built.digests) == {
        (FIRST, "A", "cor_t1_pre"),
        (FIRST, "B", "cor_t1_pre"),
        (SECOND, "A", "cor_t1_pre"),
    }
    with Reading.open(built.folder) as reading:
        assert reading.audit_head() == built.head
        array = reading.case(SECOND).timepoints[0].images[0].array
        assert array.sha256 == built.digests[SECOND, "A", "cor_t1_pre"]
        stored = (built.folder / "volumes" / array.name).read_bytes()
        assert hashlib.sha256(stored).hexdigest() == array.sha256


def test_nothing_lies_in_or_beside_a_reading_but_its_own_files(folder, tmp_path):
    assert [path.name for path in tmp_path.iterdir()] == [folder.name]
    assert sorted(path.name for path in folder.iterdir()) == ["reading.sqlite", "volumes"]
    assert len(list((folder / "volumes").iterdir())) == 3
    with Reading.open(folder) as reading:
        reading.remember(f"{FIRST}/window", "{}")
    assert sorted(path.name for path in folder.iterdir()) == [
        "reading.sqlite",
        "reading.sqlite.lock",
        "volumes",
    ]


def test_file_times_tell_nothing(folder):
    times = {path.stat().st_mtime for path in (folder / "volumes").iterdir()}
    assert times | {(folder / "volumes").stat().st_mtime} == {CONSTANT_TIME}


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such permissions")
def test_only_its_owner_can_read_it(folder):
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert {oct(path.stat().st_mode & 0o777) for path in files} == {"0o600"}


def test_the_file_holds_no_deleted_rows(folder):
    connection = sqlite3.connect(folder / "reading.sqlite")
    assert connection.execute("PRAGMA freelist_count").fetchone() == (0,)
    assert "sqlite_sequence" not in {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
    connection.close()


def test_pictures_are_decoded_when_their_turn_comes(tmp_path):
    asked: list[str] = []

    def decode(letter: str):
        asked.append(letter)
        yield from small_spec().cases[0].timepoints[0].images

    def checkpoint(done: int, total: int) -> None:
        asked.append(f"{done}/{total}")

    timepoints = tuple(TimepointSpec(letter, decode(letter)) for letter in "ABC")
    spec = replace(small_spec(), cases=(CaseSpec(FIRST, "L", timepoints),))
    build_reading(tmp_path / "Q.reading", spec, checkpoint)
    assert asked == ["0/3", "A", "1/3", "B", "2/3", "C", "3/3"]
    with Reading.open(tmp_path / "Q.reading") as reading:
        assert [image.letter for point in reading.case(FIRST).timepoints for image in point.images] == list(
            "AABBCC"
        )


def test_a_building_that_is_stopped_leaves_nothing_behind(tmp_path):
    def stop(done: int, _total: int) -> None:
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build_reading(tmp_path / "Q.reading", small_spec(), stop)
    assert list(tmp_path.iterdir()) == []


def test_a_reading_is_never_written_over_another(folder):
    before = (folder / "reading.sqlite").read_bytes()
    with pytest.raises(AlreadyThereError):
        build_reading(folder, small_spec())
    assert (folder / "reading.sqlite").read_bytes() == before


def test_a_case_may_lack_every_picture(tmp_path):
    _, absent = small_spec().cases[0].timepoints[0].images
    spec = replace(small_spec(), cases=(CaseSpec(FIRST, None, (TimepointSpec("A", (absent,)),)),))
    folder = build_reading(tmp_path / "Q.reading", spec).folder
    with Reading.open(folder) as reading:
        assert reading.verify() == []
        assert reading.case(FIRST).timepoints[0].images[0].array is None


def test_a_folder_without_a_reading_is_named(tmp_path):
    with pytest.raises(StoreNotFoundError, match="There is no reading in"):
        Reading.open(tmp_path)


@pytest.mark.parametrize("form", ["not json", "[]", '{"parts": []}', '{"parts": [{"system": 1}]}'])
def test_a_form_that_cannot_be_read_is_a_foreign_file(folder, form):
    connection = sqlite3.connect(folder / "reading.sqlite")
    trigger = connection.execute("SELECT sql FROM sqlite_master WHERE name = 'reading_no_update'").fetchone()[
        0
    ]
    connection.execute("DROP TRIGGER reading_no_update")
    connection.execute("UPDATE reading SET form = ?", (form,))
    connection.execute(trigger)
    connection.commit()
    connection.close()
    with pytest.raises(ForeignFileError, match="is not a reading of this program"):
        Reading.open(folder)


def test_opening_a_reading_imports_neither_alembic_nor_argon2(folder):
    script = (
        "import sys\nfrom storage.reading.reading import Reading\nfrom pathlib import Path\n"
        "with Reading.open(Path(sys.argv[1])) as reading: reading.cases()\n"
        "print(*{'alembic', 'argon2', 'sqlalchemy.orm'} & set(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, folder], cwd=PROJECT, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == []

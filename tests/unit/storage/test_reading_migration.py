"""Upgrades filled readings of older versions; ``reading_1_0.sql`` and the like are their dumps."""

import sqlite3
from pathlib import Path

import numpy as np
import pytest

from scoring_forms.domain.rules import RoundRules
from scoring_forms.domain.score import Score
from storage.errors import CaseSignedError, DamagedStoreError, ReadOnlyStoreError
from storage.grants import Grant
from storage.reading import schema
from storage.reading.landmarks import Landmark
from storage.reading.reading import Reading
from tests.unit.storage.readings import FIRST, PASSWORD, SECOND, fill, new_reading, pixels, point

VERSIONS = {"1.0": 0x1_0000, "1.1": 0x1_0001, "1.2": 0x1_0002}
HERE = Landmark(1, (1.0, 2.0, 3.0))


@pytest.fixture(params=VERSIONS)
def version(request) -> str:
    return request.param


@pytest.fixture
def folder(tmp_path, version) -> Path:
    """A reading of an older version: the first case scored and signed, the second begun."""
    folder = tmp_path / "Q4WZR.reading"
    volumes = folder / schema.VOLUMES
    volumes.mkdir(parents=True)
    connection = sqlite3.connect(folder / schema.DATABASE)
    dump = Path(__file__).with_name(f"reading_{version.replace('.', '_')}.sql")
    connection.executescript(dump.read_text(encoding="utf-8"))
    connection.execute(f"PRAGMA application_id = {schema.READING.application_id}")
    connection.execute(f"PRAGMA user_version = {VERSIONS[version]}")
    names = connection.execute(
        "SELECT array_name FROM image WHERE array_name IS NOT NULL ORDER BY case_code, letter"
    ).fetchall()
    connection.close()
    for seed, (name,) in enumerate(names, start=1):
        np.save(volumes / name, pixels(seed))  # the dumped readings have no random bytes behind the pixels
    return folder


def test_an_older_reading_keeps_all_it_held_and_takes_what_is_new(folder, version):
    with Reading.open(folder) as reading:
        assert reading.verify() == []
        assert [case.status for case in reading.cases()] == ["signed", "open"]
        assert len(reading.sheet(FIRST)) == 14
        assert list(reading.sheet(SECOND).values()) == [Score(not_assessable="other", comment="plate")]
        assert reading.recall(f"{SECOND}/window") == "as left"
        (signed,) = reading.signed_cases()
        assert (signed.code, signed.signature.printed_name) == (FIRST, "Anna Lind")
        migrated = reading.audit_entries()[-1]
        assert (migrated.action, migrated.old, migrated.new) == ("store.migrated", version, "1.3")
        assert signed.signature.seal_version == (2 if version == "1.2" else 1)
        assert reading.rules == RoundRules()
        before = reading.landmarks(SECOND)
        assert len(before) == (version != "1.0")
        assert (reading.transform(FIRST, "B") is None) == (version == "1.0")
        cell = reading.form.cells("A")[0]
        reading.add_mark(SECOND, point(cell))
        reading.set_comment(SECOND, None, cell, "seen twice")
        with pytest.raises(CaseSignedError):
            reading.add_mark(FIRST, point(cell))
        reading.set_landmark(SECOND, "A", "mcp2", None, HERE)
        reading.keep_transform(SECOND, "A", np.eye(4), 1, "registered")
        with pytest.raises(CaseSignedError):
            reading.set_landmark(FIRST, "A", "mcp2", None, HERE)
        fill(reading, SECOND)
        assert reading.sign(SECOND, PASSWORD).seal_version == 2
        assert reading.verify() == []
        (before_signature, _) = reading.receipts()
        reading.reopen(Grant("Q4WZR", FIRST, before_signature.hash, "0" * 32))
        reading.give_reason(FIRST, "left and right were mixed up")
        reading.record(FIRST, [(cell, Score(3.0))], "score.set")
        reading.sign(FIRST, PASSWORD)
        assert reading.verify() == []
    with Reading.open(folder, read_only=True) as reading:
        assert reading.landmarks(SECOND) == {**before, ("A", "mcp2", None): HERE}
    (kept,) = (folder / "backups").iterdir()
    assert kept.name.startswith(f"reading-{version}-")


def test_an_older_reading_has_afterwards_the_schema_of_a_new_one(folder, tmp_path):
    def schema_of(folder: Path) -> set[tuple[str, str, str]]:
        connection = sqlite3.connect(folder / schema.DATABASE)
        rows = connection.execute("SELECT type, name, sql FROM sqlite_master WHERE name NOT GLOB 'sqlite_*'")
        found = {(kind, name, " ".join(sql.split())) for kind, name, sql in rows.fetchall()}
        connection.close()
        return found

    Reading.open(folder).close()
    (tmp_path / "new").mkdir()
    assert schema_of(folder) == schema_of(new_reading(tmp_path / "new"))


def test_an_older_reading_can_be_looked_at_and_collected_as_it_is(folder, monkeypatch, tmp_path):
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(temporary))
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    with Reading.open(folder, read_only=True) as reading:
        assert reading.verify() == []
        assert reading.folder == folder
        assert [signed.code for signed in reading.signed_cases()] == [FIRST]
        assert reading.audit_entries()[0].action == "reading.prepared"
        assert reading.marks(FIRST) == ()
        with pytest.raises(ReadOnlyStoreError):
            reading.set_landmark(SECOND, "A", "mcp2", None, HERE)
        assert any(temporary.iterdir())
    assert list(temporary.iterdir()) == []
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before


def test_an_older_reading_that_is_damaged_leaves_nothing_behind(folder, monkeypatch, tmp_path):
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(temporary))
    path = folder / schema.DATABASE
    path.write_bytes(path.read_bytes()[:4096] + b"\xff" * 8192)
    with pytest.raises(DamagedStoreError):
        Reading.open(folder, read_only=True)
    assert list(temporary.iterdir()) == []

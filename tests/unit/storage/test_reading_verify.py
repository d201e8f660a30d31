import sqlite3
from pathlib import Path

import pytest

from storage import passwords
from storage.errors import ForeignFileError, TamperedError, WrongPasswordError
from storage.reading.reading import Reading
from tests.unit.storage.readings import (
    FIRST,
    PASSWORD,
    SECOND,
    change_behind_our_back,
    fill,
    new_reading,
)


@pytest.fixture(scope="module")
def signed(tmp_path_factory) -> tuple[bytes, dict[str, bytes]]:
    """The database of a reading with one signed and one open case."""
    folder = new_reading(tmp_path_factory.mktemp("readings"))
    with Reading.open(folder) as reading:
        fill(reading, FIRST)
        fill(reading, SECOND)
        reading.sign(FIRST, PASSWORD)
        assert reading.verify() == []
    return (folder / "reading.sqlite").read_bytes(), {
        path.name: path.read_bytes() for path in (folder / "volumes").iterdir()
    }


@pytest.fixture
def folder(tmp_path, signed) -> Path:
    database, volumes = signed
    folder = tmp_path / "Q4WZR.reading"
    (folder / "volumes").mkdir(parents=True)
    (folder / "reading.sqlite").write_bytes(database)
    for name, content in volumes.items():
        (folder / "volumes" / name).write_bytes(content)
    return folder


def findings(folder: Path) -> str:
    with Reading.open(folder, read_only=True) as reading:
        return "\n".join(reading.verify())


def test_a_reading_as_it_was_written_has_no_findings(folder):
    assert findings(folder) == ""


@pytest.mark.parametrize(
    ("statement", "finding"),
    [
        ("UPDATE score SET value = '3' WHERE seq = 3", "Score row 3 is not what the audit trail says"),
        ("UPDATE score SET value = '3' WHERE seq = 3", f"The signature of case {FIRST} does not fit"),
        ("UPDATE score SET comment = 'x' WHERE seq = 3", "Score row 3 is not what"),
        (
            "UPDATE score SET value = '77' WHERE seq = 3",
            "Score row 3 holds a score that the form does not have",
        ),
        ("UPDATE score SET value = 'abc' WHERE seq = 3", "Score row 3 holds a score"),
        ("UPDATE score SET value = x'00' WHERE seq = 3", "Score row 3 holds a score"),
        ("UPDATE score SET timepoint = 'C' WHERE seq = 3", "timepoint that its case does not have"),
        ("DELETE FROM score WHERE seq = 3", "The score of audit row 3 is missing"),
        ("DELETE FROM score WHERE seq = 17", "The score of audit row 17 is missing"),
        ("DELETE FROM audit WHERE seq > 20", "is not what the audit trail says"),
        ("DELETE FROM signature", "The signature of audit row"),
        ("UPDATE signature SET printed_name = 'X'", "does not fit its scores and pictures"),
        ("UPDATE signature SET receipt_hash = 'X'", "is not the one that case"),
        ("UPDATE signature SET utc = '2020-01-01T00:00:00.000Z'", "does not fit"),
        ("UPDATE signature SET utc = 'yesterday'", "A signature or its scores cannot be read"),
        ("UPDATE image SET rescale_slope = 3", "are not those that were prepared"),
        ("UPDATE reading_case SET side = 'L'", "are not those that were prepared"),
        ("UPDATE reading SET round_title = 'other'", "are not those that were prepared"),
        ("UPDATE audit SET new = 'x' WHERE seq = 1", "Audit row 1 was changed"),
    ],
)
def test_a_change_behind_our_back_is_found(folder, statement, finding):
    change_behind_our_back(folder, statement)
    assert finding in findings(folder)


def test_a_whole_row_replaced_behind_our_back_is_found(folder):
    change_behind_our_back(
        folder,
        "REPLACE INTO score SELECT seq, case_code, timepoint, system, feature, side, site, '0', NULL, ''"
        " FROM score WHERE seq = 4",
    )
    assert "Score row 4 is not what the audit trail says" in findings(folder)


def test_a_reading_without_its_triggers_is_not_opened(folder):
    connection = sqlite3.connect(folder / "reading.sqlite")
    connection.execute("DROP TRIGGER score_no_update")
    connection.close()
    with pytest.raises(ForeignFileError, match="lacks the trigger score_no_update"):
        Reading.open(folder)


def test_pictures_that_are_missing_or_changed_are_found(folder):
    first, second, _ = sorted((folder / "volumes").iterdir())
    first.unlink()
    second.write_bytes(second.read_bytes()[:-2] + b"\x00\x7f")
    found = findings(folder)
    assert found.count("missing or not the one that was prepared") >= 1
    assert first.name in found or second.name in found


def test_a_reading_that_was_changed_cannot_be_signed(folder, monkeypatch):
    change_behind_our_back(folder, "UPDATE score SET value = '1' WHERE seq = 16")
    monkeypatch.setattr(passwords, "fits", lambda *_: True)
    with Reading.open(folder) as reading:
        with pytest.raises(TamperedError, match="Score row 16"):
            reading.sign(SECOND, PASSWORD)
        assert reading.cases()[1].status == "open"


def test_checking_reports_progress_and_can_be_stopped(folder):
    seen: list[tuple[int, int]] = []
    with Reading.open(folder, read_only=True) as reading:
        reading.verify(lambda done, total: seen.append((done, total)))
        assert seen == [(0, 2), (1, 2), (2, 2)]
        reading.verify_case(FIRST, lambda done, total: seen.append((done, total)))
        assert seen[-1] == (2, 2)


@pytest.mark.parametrize(
    ("statement", "finding"),
    [
        ("UPDATE score SET value = '1' WHERE seq = 16", "Score row 16 is not what"),
        ("UPDATE audit SET new = '1' WHERE seq = 16", "Audit row 16 was changed"),
        ("UPDATE audit SET new = 'x' WHERE seq = {new}", "Audit row {new} was changed"),
        ("UPDATE audit SET hash = 'x' WHERE seq = {checked}", "Audit row {checked} is not the one"),
        ("DELETE FROM audit WHERE seq >= {checked}", "Audit row {checked} is not the one"),
        ("UPDATE score SET seq = {new} WHERE seq = 3", f"Case {FIRST} has a score from after its signature"),
        ("UPDATE image SET rescale_slope = 3", "are not those that were prepared"),
    ],
)
def test_signing_checks_its_case_and_all_that_is_new(folder, monkeypatch, statement, finding):
    with Reading.open(folder) as reading:
        checked = reading.audit_head().seq
        monkeypatch.setattr(passwords, "fits", lambda *_: False)
        with pytest.raises(WrongPasswordError):
            reading.sign(SECOND, "mistyped")
        reading.case_opened(FIRST)
        numbers = {"checked": checked, "new": reading.audit_head().seq}
        change_behind_our_back(folder, statement.format(**numbers))
        with pytest.raises(TamperedError) as refused:
            reading.sign(SECOND, PASSWORD)
    assert any(finding.format(**numbers) in one for one in refused.value.findings)


@pytest.mark.parametrize(
    ("statement", "finding"),
    [
        ("DELETE FROM signature", "The signature of audit row"),
        ("UPDATE signature SET printed_name = 'X'", f"The signature of case {FIRST} does not fit"),
    ],
)
def test_signing_checks_the_signature_before(tmp_path, statement, finding):
    folder = new_reading(tmp_path)
    with Reading.open(folder) as reading:
        fill(reading, FIRST)
        fill(reading, SECOND)
        reading.sign(FIRST, PASSWORD)
        change_behind_our_back(folder, statement)
        with pytest.raises(TamperedError, match=finding):
            reading.sign(SECOND, PASSWORD)


def test_the_first_signature_after_opening_checks_everything(folder):
    change_behind_our_back(folder, "UPDATE audit SET new = 'x' WHERE seq = 3")
    with Reading.open(folder) as reading, pytest.raises(TamperedError, match="Audit row 3 was changed"):
        reading.sign(SECOND, PASSWORD)

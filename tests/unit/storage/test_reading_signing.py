import pytest
from sqlalchemy.exc import IntegrityError

from scoring_forms.domain.score import Score
from storage import audit, passwords
from storage.errors import (
    CaseSignedError,
    DamagedStoreError,
    IncompleteCaseError,
    PasswordDelayError,
    PasswordTooShortError,
    WrongPasswordError,
)
from storage.reading.log import Writer
from storage.reading.reading import Reading
from storage.reading.scores import add_scores
from storage.seal import Sealed
from tests.unit.storage.readings import FIRST, PASSWORD, SECOND, HandClock, fill, new_reading

TWO = Score(2.0)


@pytest.fixture
def hand():
    return HandClock()


@pytest.fixture
def reading(tmp_path, hand):
    with Reading.open(new_reading(tmp_path), clock=hand.clock) as reading:
        yield reading


def test_passwords_cost_what_they_should(shipped_passwords):
    assert passwords.hash_password(PASSWORD).startswith("$argon2id$v=19$m=65536,t=3,p=4$")


def test_signing_locks_the_case_and_leaves_a_receipt(reading, hand, shipped_passwords):
    fill(reading, FIRST)
    reading.remember(f"{FIRST}/window", "{}")
    reading.remember(f"{SECOND}/window", "{}")
    assert not reading.has_password()
    signature = reading.sign(FIRST, PASSWORD)
    assert reading.has_password()
    assert (signature.case_code, signature.printed_name, signature.meaning) == (FIRST, "Anna Lind", "scored")
    assert signature.utc == hand.now
    assert [case.status for case in reading.cases()] == ["signed", "untouched"]
    (receipt,) = reading.receipts()
    head = reading.audit_head()
    assert (receipt.case_code, receipt.signer, receipt.seq, receipt.hash) == (
        FIRST,
        "Anna Lind",
        head.seq,
        head.hash,
    )
    assert reading.recall(f"{FIRST}/window") is None
    assert reading.recall(f"{SECOND}/window") == "{}"
    reading.remember(f"{FIRST}/window", "again")
    assert reading.recall(f"{FIRST}/window") is None
    assert reading.verify() == []


def test_a_signed_case_takes_no_score_and_no_second_signature(reading):
    fill(reading, FIRST)
    reading.sign(FIRST, PASSWORD)
    cell = next(iter(reading.sheet(FIRST)))
    with pytest.raises(CaseSignedError):
        reading.record(FIRST, [(cell, TWO)], "score.set")
    with pytest.raises(CaseSignedError):
        reading.sign(FIRST, PASSWORD)
    with pytest.raises(IntegrityError, match="a signed case is locked"), reading._store.write() as connection:
        add_scores(connection, FIRST, [(cell, TWO)], "score.set", Writer("Anna", audit.SYSTEM_CLOCK))
    reading.record(SECOND, [(reading.form.cells("A")[0], TWO)], "score.set")


def test_an_incomplete_case_names_what_is_missing(reading):
    cells = reading.form.cells("AB")
    reading.record(FIRST, [(cell, TWO) for cell in cells[:-2]], "score.fill")
    with pytest.raises(IncompleteCaseError, match="2 entries are missing") as refused:
        reading.sign(FIRST, PASSWORD)
    assert refused.value.missing == cells[-2:]
    assert not reading.has_password()


def test_not_assessable_cells_are_complete(reading):
    cells = reading.form.cells("AB")
    reading.record(FIRST, [(cell, Score(not_assessable="image_quality")) for cell in cells], "score.fill")
    assert reading.sign(FIRST, PASSWORD).case_code == FIRST


def test_a_short_password_is_refused(reading):
    fill(reading, FIRST)
    with pytest.raises(PasswordTooShortError, match="at least 12"):
        reading.sign(FIRST, "eleven char")
    assert not reading.has_password()


def test_later_signatures_need_the_same_password(reading):
    fill(reading, FIRST)
    fill(reading, SECOND)
    reading.sign(FIRST, PASSWORD)
    with pytest.raises(WrongPasswordError):
        reading.sign(SECOND, PASSWORD + "!")
    assert reading.cases()[1].status == "open"
    assert reading.audit_entries()[-1].action == "password.failed"
    reading.sign(SECOND, PASSWORD)
    assert reading.cases()[1].status == "signed"
    assert reading.verify() == []


def test_five_wrong_passwords_make_the_next_wait_and_the_wait_doubles(reading, hand):
    fill(reading, FIRST)
    fill(reading, SECOND)
    reading.sign(FIRST, PASSWORD)
    for _ in range(5):
        with pytest.raises(WrongPasswordError):
            reading.sign(SECOND, "wrong")
    with pytest.raises(PasswordDelayError) as refused:
        reading.sign(SECOND, PASSWORD)
    assert refused.value.seconds == 30
    hand.pass_time(29)
    with pytest.raises(PasswordDelayError, match="wait 1 seconds"):
        reading.sign(SECOND, PASSWORD)
    hand.pass_time(1)
    with pytest.raises(WrongPasswordError):
        reading.sign(SECOND, "wrong")
    hand.pass_time(59)
    with pytest.raises(PasswordDelayError):
        reading.sign(SECOND, PASSWORD)
    hand.pass_time(1)
    assert reading.sign(SECOND, PASSWORD)


def test_the_wait_survives_a_restart(reading, hand):
    fill(reading, FIRST)
    fill(reading, SECOND)
    reading.sign(FIRST, PASSWORD)
    for _ in range(5):
        with pytest.raises(WrongPasswordError):
            reading.sign(SECOND, "wrong")
    reading.close()
    with Reading.open(reading.folder, clock=hand.clock) as again, pytest.raises(PasswordDelayError):
        again.sign(SECOND, PASSWORD)


@pytest.mark.parametrize(("failures", "seconds"), [(0, 0), (4, 0), (5, 30), (6, 60), (8, 240), (500, 86400)])
def test_the_wait_grows_up_to_a_day(failures, seconds):
    assert passwords.delay_s(failures) == seconds


def test_a_picture_that_was_swapped_cannot_be_signed(reading):
    fill(reading, FIRST)
    array = reading.case(FIRST).timepoints[0].images[0].array
    path = reading.folder / "volumes" / array.name
    path.write_bytes(path.read_bytes()[:-1] + b"\x7f")
    with pytest.raises(DamagedStoreError, match="not the one that was prepared"):
        reading.sign(FIRST, PASSWORD)
    assert reading.cases()[0].status == "open"


def test_what_goes_back_is_all_that_was_signed_and_its_hash_can_be_recomputed(reading):
    fill(reading, FIRST)
    fill(reading, SECOND)
    reading.record(SECOND, [(reading.form.cells("A")[0], None)], "score.cleared")
    reading.sign(FIRST, PASSWORD, name="Dr Anna Lind")
    (case,) = reading.signed_cases()
    assert (case.code, case.side, case.letters) == (FIRST, "R", ("A", "B"))
    assert case.sheet == reading.sheet(FIRST)
    assert set(case.digests) == {"A/cor_t1_pre", "B/cor_t1_pre"}
    assert {entry.case_code for entry in case.entries} == {FIRST}
    assert case.entries[-1].hash == case.receipt.hash
    signature = case.signature
    assert signature.printed_name == "Dr Anna Lind"
    recomputed = Sealed(
        case.code,
        reading.form,
        reading.rules,
        case.sheet,
        case.annotations,
        case.digests,
        signature.head,
        signature.printed_name,
        signature.utc,
        signature.meaning,
    )
    assert recomputed.sha256() == signature.sha256 == case.entries[-1].new

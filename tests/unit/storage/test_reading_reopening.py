import json

import pytest
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from scoring_forms.domain.score import Score
from storage.audit import SYSTEM_CLOCK, Event, append
from storage.errors import (
    BadGrantError,
    CaseNotSignedError,
    CaseSignedError,
    OldRefusalError,
    ReasonNeededError,
    StorageUnavailableError,
    UnknownCaseError,
    WrongGrantError,
)
from storage.grants import Grant, Refusal, read_answer
from storage.reading import schema
from storage.reading.log import Writer
from storage.reading.reading import Reading
from storage.reading.scores import add_scores
from tests.unit.storage.readings import (
    FIRST,
    PASSWORD,
    SECOND,
    change_behind_our_back,
    fill,
    new_reading,
    point,
)

TWO = Score(2.0)


@pytest.fixture
def reading(tmp_path):
    """A reading whose first case is signed, its last score in row 15."""
    with Reading.open(new_reading(tmp_path)) as reading:
        fill(reading, FIRST)
        reading.add_mark(FIRST, point(reading.form.cells("A")[0]))
        reading.sign(FIRST, PASSWORD)
        yield reading


def grant_for(reading, code=FIRST, number="0"):
    return Grant("Q4WZR", code, reading.receipts()[-1].hash, number * 32)


def test_a_request_names_the_signature_and_is_told_in_the_trail(reading):
    asked = reading.request_reopening(FIRST, " B was scored as A ")
    assert (asked.case_code, asked.receipt) == (FIRST, reading.receipts()[0].hash)
    assert asked.reason == "B was scored as A"
    assert reading.reopen_requests() == (asked,)
    entry = reading.audit_entries()[-1]
    assert (entry.action, entry.case_code, entry.new) == ("case.reopening_asked", FIRST, "B was scored as A")
    assert reading.cases()[0].status == "signed"
    assert reading.verify() == []


def test_only_a_signed_case_can_be_asked_for_and_only_with_a_reason(reading):
    with pytest.raises(CaseNotSignedError):
        reading.request_reopening(SECOND, "why not")
    with pytest.raises(ReasonNeededError):
        reading.request_reopening(FIRST, "  ")
    with pytest.raises(UnknownCaseError):
        reading.request_reopening("OTHER", "why not")
    assert reading.reopen_requests() == ()


def test_a_reopened_case_is_changed_with_reasons_and_signed_again(reading):
    cell = reading.form.cells("A")[0]
    reading.reopen(grant_for(reading))
    assert reading.audit_entries()[-1].action == "case.reopened"
    (case, other) = reading.cases()
    assert (case.status, case.reopened, other.reopened) == ("open", True, False)
    assert reading.signed_cases() == ()
    assert len(reading.receipts()) == 1
    for change in (
        lambda: reading.record(FIRST, [(cell, TWO)], "score.set"),
        lambda: reading.delete_mark(FIRST, 1),
        lambda: reading.set_comment(FIRST, None, None, "x"),
    ):
        with pytest.raises(ReasonNeededError):
            change()
    reading.add_active_time(FIRST, cell, 10)
    with pytest.raises(ReasonNeededError):
        reading.give_reason(FIRST, " ")
    reading.give_reason(FIRST, "B was scored as A")
    reading.record(FIRST, [(cell, TWO)], "score.set")
    assert reading.audit_entries()[-1].reason == "B was scored as A"
    reading.delete_mark(FIRST, 1)
    assert reading.audit_entries()[-1].reason == "B was scored as A"
    reading.case_closed(FIRST)
    with pytest.raises(ReasonNeededError):
        reading.record(FIRST, [(cell, Score(3.0))], "score.set")

    signature = reading.sign(FIRST, PASSWORD)
    assert reading.cases()[0].status == "signed"
    (signed,) = reading.signed_cases()
    assert signed.signature == signature
    assert signed.sheet[cell] == TWO
    assert [one.grant for one in signed.reopenings] == ["0" * 32]
    assert signed.reopenings[0].receipt == reading.receipts()[0].hash
    assert len(reading.receipts()) == 2
    with pytest.raises(CaseSignedError):
        reading.record(FIRST, [(cell, TWO)], "score.set")
    assert reading.verify() == []


def test_a_case_that_was_never_signed_needs_no_reason(reading):
    cell = reading.form.cells("A")[0]
    reading.give_reason(SECOND, "just so")
    reading.record(SECOND, [(cell, TWO)], "score.set")
    assert reading.audit_entries()[-1].reason is None


def test_a_grant_lifts_one_signature_of_one_case_once(reading):
    grant = grant_for(reading)
    with pytest.raises(UnknownCaseError):
        reading.reopen(grant_for(reading, "OTHER"))
    with pytest.raises(CaseNotSignedError):
        reading.reopen(grant_for(reading, SECOND))
    with pytest.raises(WrongGrantError):
        reading.reopen(Grant("Q4WZR", FIRST, "ab" * 32, "1" * 32))
    reading.reopen(grant)
    with pytest.raises(CaseNotSignedError):
        reading.reopen(grant)
    reading.sign(FIRST, PASSWORD)
    with pytest.raises(WrongGrantError):
        reading.reopen(grant)
    reading.reopen(grant_for(reading, number="1"))
    reading.sign(FIRST, PASSWORD)
    assert len(reading.receipts()) == 3
    assert reading.verify() == []


def test_the_file_itself_refuses_a_second_signature_and_a_reopening_of_nothing(reading):
    def insert_told(action, table, code, **row):
        with reading._store.write() as connection:
            (entry,) = append(connection, Event(action, "Anna Lind", "reader", code))
            connection.execute(insert(table).values(seq=entry.seq, case_code=code, **row))

    old = reading.receipts()[0]
    same = {"printed_name": "x", "utc": "x", "meaning": "x", "head_seq": 1, "head_hash": "x", "sha256": "x"}
    with pytest.raises(IntegrityError, match="a signed case is locked"):
        insert_told("case.signed", schema.signature, FIRST, **same, receipt_hash="x", seal_version=2)
    with pytest.raises(IntegrityError, match="not about the signature"):
        insert_told("case.reopened", schema.reopening, FIRST, receipt_hash="x", grant_id="x")
    with pytest.raises(IntegrityError, match="not about the signature"):
        insert_told("case.reopened", schema.reopening, SECOND, receipt_hash=old.hash, grant_id="x")
    with pytest.raises(IntegrityError, match="does not tell"):
        insert_told("case.signed", schema.reopening, FIRST, receipt_hash=old.hash, grant_id="x")
    assert reading.verify() == []


def test_a_change_without_a_reason_is_found(reading):
    cell = reading.form.cells("A")[0]
    reading.reopen(grant_for(reading))
    with reading._store.write() as connection:
        add_scores(connection, FIRST, [(cell, TWO)], "score.set", Writer("Anna Lind", SYSTEM_CLOCK))
    seq = reading.audit_head().seq
    assert reading.verify() == [
        f"Case {FIRST} was changed without a reason after it was reopened, in audit row {seq}."
    ]


@pytest.mark.parametrize(
    ("statement", "finding"),
    [
        ("UPDATE score SET value = '3' WHERE seq = 3", f"The signature of case {FIRST} does not fit"),
        ("UPDATE reopening SET grant_id = 'x'", "The reopening of row"),
        ("DELETE FROM reopening", "The reopening of row"),
        ("DELETE FROM reopening", f"Case {FIRST} has a score from after its signature"),
        ("UPDATE reopen_request SET reason = 'x'", "The reopen request of row"),
        ("DELETE FROM signature WHERE seq = (SELECT min(seq) FROM signature)", "The signature of audit row"),
    ],
)
def test_a_change_behind_our_back_is_found(reading, statement, finding):
    reading.request_reopening(FIRST, "B was scored as A")
    reading.reopen(grant_for(reading))
    reading.give_reason(FIRST, "B was scored as A")
    reading.record(FIRST, [(reading.form.cells("A")[0], TWO)], "score.set")
    reading.sign(FIRST, PASSWORD)
    assert reading.verify() == []
    change_behind_our_back(reading.folder, statement)
    assert finding in "\n".join(reading.verify())


def test_a_grant_travels_as_a_small_file_of_codes(tmp_path):
    grant = Grant("Q4WZR", FIRST, "ab" * 32, "0" * 32)
    path = tmp_path / grant.file_name
    path.write_text(grant.text)
    assert path.name == f"Q4WZR-{FIRST}.reopen"
    assert read_answer(path) == grant
    assert set(json.loads(grant.text)) == {"ra_reader", "reading", "case", "receipt", "grant"}


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b"[" * 5000,
        b"\xff\xfe",
        b'{"ra_reader": "reopen"}',
        b'{"ra_reader":"other","reading":"Q","case":"C","receipt":"'
        + b"a" * 64
        + b'","grant":"'
        + b"0" * 32
        + b'"}',
        b'{"ra_reader":"reopen","reading":"Q","case":"../C","receipt":"' + b"a" * 64 + b'","grant":"00"}',
        b'{"ra_reader":"reopen","reading":1,"case":2,"receipt":3,"grant":4}',
        b'{"ra_reader":"reopen","reading":"Q","case":"C","receipt":"'
        + b"a" * 64
        + b'","grant":"'
        + b"0" * 5000,
    ],
)
def test_a_file_that_is_no_grant_is_refused(tmp_path, content):
    path = tmp_path / "x.reopen"
    path.write_bytes(content)
    with pytest.raises(BadGrantError, match="does not reopen a case"):
        read_answer(path)


def test_a_grant_that_is_not_there_is_named(tmp_path):
    with pytest.raises(StorageUnavailableError):
        read_answer(tmp_path / "x.reopen")


# -- refusals ------------------------------------------------------------------------------------------------


def refusal_for(reading, code=FIRST, reason="Read as planned"):
    return Refusal("Q4WZR", code, reading.receipts()[-1].hash, reason)


def test_a_request_waits_until_it_is_refused_and_asking_again_waits_again(reading):
    assert reading.reopening_answers() == {}
    reading.request_reopening(FIRST, "B was scored as A")
    assert reading.reopening_answers() == {FIRST: None}
    for _ in range(2):  # the same file twice is one answer
        reading.take_refusal(refusal_for(reading))
    assert reading.reopening_answers() == {FIRST: "Read as planned"}
    told = [entry for entry in reading.audit_entries() if entry.action == "case.reopening_refused"]
    assert [(entry.case_code, entry.new) for entry in told] == [(FIRST, "Read as planned")]
    assert reading.cases()[0].status == "signed"
    assert reading.verify() == []
    reading.request_reopening(FIRST, "it really was")
    assert reading.reopening_answers() == {FIRST: None}


def test_a_refusal_is_of_the_signature_in_force(reading):
    old = refusal_for(reading)
    reading.request_reopening(FIRST, "B was scored as A")
    reading.take_refusal(old)
    reading.reopen(grant_for(reading))
    assert reading.reopening_answers() == {}
    with pytest.raises(CaseNotSignedError):
        reading.take_refusal(old)
    reading.sign(FIRST, PASSWORD)
    assert reading.reopening_answers() == {}
    with pytest.raises(OldRefusalError):
        reading.take_refusal(old)
    with pytest.raises(UnknownCaseError):
        reading.take_refusal(Refusal("Q4WZR", "OTHER", old.receipt, "no"))


def test_a_refusal_comes_back_from_its_file_as_it_was(reading, tmp_path):
    refusal = refusal_for(reading, reason="Die Lesung gilt: „so geplant“")
    file = tmp_path / refusal.file_name
    file.write_text(refusal.text, "utf-8")
    assert (file.name, read_answer(file)) == (f"Q4WZR-{FIRST}.refused", refusal)


@pytest.mark.parametrize("reason", ["", "two\nlines", "x" * 201, 7])
def test_a_refusal_that_is_not_one_line_is_no_answer(reading, tmp_path, reason):
    file = tmp_path / "a.refused"
    refusal = refusal_for(reading)
    file.write_text(refusal.text.replace(json.dumps(refusal.reason), json.dumps(reason)), "utf-8")
    with pytest.raises(BadGrantError):
        read_answer(file)

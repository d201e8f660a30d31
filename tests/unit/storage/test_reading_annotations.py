import shutil
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import insert
from sqlalchemy.exc import DatabaseError, IntegrityError

from scoring_forms.domain.errors import UnknownCellError
from scoring_forms.domain.rules import RoundRules
from scoring_forms.domain.score import Score
from storage.annotations import Annotations, annotations_from_dict
from storage.errors import (
    CaseSignedError,
    ConfidenceNotAskedError,
    ReadOnlyStoreError,
    ReasonNeededError,
    UnknownMarkError,
)
from storage.reading import schema
from storage.reading.build import build_reading
from storage.reading.reading import Reading
from tests.unit.storage.readings import (
    FIRST,
    PASSWORD,
    SECOND,
    change_behind_our_back,
    fill,
    new_reading,
    point,
    small_spec,
)

TABLES = ("mark", "comment", "confidence", "evidence_override", "active_time")


@pytest.fixture
def reading(tmp_path):
    with Reading.open(new_reading(tmp_path)) as reading:
        yield reading


@pytest.fixture
def cell(reading):
    return reading.form.cells("A")[0]


def leave_one_of_each(reading, code=FIRST):
    """Leave a row in every table; they are rows 2 to 6 of the audit trail."""
    cell = reading.form.cells("A")[0]
    reading.add_mark(code, point(cell))
    reading.set_comment(code, None, cell, "seen twice")
    reading.set_confidence(code, cell, 2)
    reading.set_evidence_override(code, cell, "axial slices are blurred")
    reading.add_active_time(code, cell, 1500)


def last_event(reading):
    entry = reading.audit_entries()[-1]
    return entry.action, entry.case_code, entry.item


def test_a_mark_keeps_its_number_when_it_is_moved_taken_away_and_brought_back(reading, cell):
    first = reading.add_mark(FIRST, point(cell, 1.00049, 2, 3))
    second = reading.add_mark(FIRST, point(cell, 4, 5, 6, cortical_break=True))
    assert (first.id, second.id) == (1, 2)
    assert first.points == ((1.0, 2.0, 3.0),)
    moved = reading.move_mark(FIRST, 1, [(7, 8, 9)], slice_mm=4.5)
    assert (moved.points, moved.slice_mm, moved.window) == (((7.0, 8.0, 9.0),), 4.5, first.window)
    assert last_event(reading) == ("mark.changed", FIRST, "1")
    reading.delete_mark(FIRST, 1)
    assert reading.marks(FIRST) == (second,)
    third = reading.add_mark(FIRST, point(cell, 1, 1, 1))
    assert third.id == 3
    assert reading.restore_mark(FIRST, 1) == moved
    assert last_event(reading) == ("mark.restored", FIRST, "1")
    assert reading.marks(FIRST) == (moved, second, third)
    ticked = reading.change_mark(FIRST, replace(moved, cortical_break=True))
    assert reading.marks(FIRST)[0] == ticked
    assert reading.marks(SECOND) == ()
    assert reading.verify() == []


def test_a_mark_that_is_not_there_cannot_be_moved_taken_away_or_brought_back(reading, cell):
    reading.delete_mark(FIRST, reading.add_mark(FIRST, point(cell)).id)
    head = reading.audit_head()
    for change in (
        lambda: reading.move_mark(FIRST, 1, [(1, 2, 3)]),
        lambda: reading.delete_mark(FIRST, 1),
        lambda: reading.change_mark(FIRST, point(cell, id=7)),
        lambda: reading.restore_mark(FIRST, 7),
    ):
        with pytest.raises(UnknownMarkError):
            change()
    assert reading.audit_head() == head


def test_a_mark_belongs_to_a_cell_and_a_picture_of_its_case(reading, cell):
    head = reading.audit_head()
    with pytest.raises(UnknownCellError, match="timepoint 'B'"):
        reading.add_mark(SECOND, point(reading.form.cells("B")[0]))
    with pytest.raises(UnknownCellError):
        reading.add_mark(FIRST, point(replace(cell, site="toe")))
    with pytest.raises(ValueError, match="no such picture"):
        reading.add_mark(FIRST, point(cell, frame=2))
    with pytest.raises(ValueError, match="no such picture"):
        reading.add_mark(FIRST, point(cell, role="ax_t1_pre"))
    assert reading.audit_head() == head


def test_comments_are_kept_by_cell_timepoint_and_case_and_never_cross_cases(reading, cell):
    reading.set_comment(FIRST, None, cell, " seen twice ")
    reading.set_comment(FIRST, "B", None, "moved")
    reading.set_comment(FIRST, None, None, "difficult")
    assert reading.comments(FIRST) == {
        ("A", cell): "seen twice",
        ("B", None): "moved",
        (None, None): "difficult",
    }
    assert reading.comments(SECOND) == {}
    told = [(entry.action, entry.item, entry.new) for entry in reading.audit_entries()[1:]]
    assert told == [
        ("comment.set", cell.name, "seen twice"),
        ("comment.set", "B", "moved"),
        ("comment.set", "-", "difficult"),
    ]
    reading.set_comment(FIRST, "B", None, "")
    assert ("B", None) not in reading.comments(FIRST)
    head = reading.audit_head()
    reading.set_comment(FIRST, None, None, "difficult")  # nothing new, nothing told
    assert reading.audit_head() == head
    with pytest.raises(ValueError, match="not of timepoint B"):
        reading.set_comment(FIRST, "B", cell, "x")
    with pytest.raises(UnknownCellError):
        reading.set_comment(SECOND, "B", None, "x")
    assert reading.verify() == []


def test_confidence_and_overrides_are_kept_by_cell(reading, cell):
    reading.set_confidence(FIRST, cell, 1)
    reading.set_confidence(FIRST, cell, 3)
    reading.set_evidence_override(FIRST, cell, "blurred")
    assert reading.confidences(FIRST) == {cell: 3}
    assert reading.evidence_overrides(FIRST) == {cell: "blurred"}
    reading.set_confidence(FIRST, cell, None)
    reading.set_evidence_override(FIRST, cell, None)
    assert (reading.confidences(FIRST), reading.evidence_overrides(FIRST)) == ({}, {})
    with pytest.raises(ReasonNeededError):
        reading.set_evidence_override(FIRST, cell, "  ")
    with pytest.raises(ValueError, match="one of"):
        reading.set_confidence(FIRST, cell, 4)
    assert reading.verify() == []


def test_a_round_that_asks_for_no_confidence_takes_none(tmp_path):
    spec = replace(small_spec(), rules=RoundRules())
    with Reading.open(build_reading(tmp_path / "Q4WZR.reading", spec).folder) as reading:
        with pytest.raises(ConfidenceNotAskedError, match="does not ask how sure"):
            reading.set_confidence(FIRST, reading.form.cells("A")[0], 2)
        assert len(reading.audit_entries()) == 1


def test_time_at_work_adds_up(reading, cell):
    reading.add_active_time(FIRST, cell, 1500)
    reading.add_active_time(FIRST, None, 250)
    reading.add_active_time(FIRST, cell, 500)
    head = reading.audit_head()
    reading.add_active_time(FIRST, cell, 0)
    assert reading.audit_head() == head
    assert reading.active_ms(FIRST) == {cell: 2000, None: 250}
    with pytest.raises(ValueError, match="not below 0"):
        reading.add_active_time(FIRST, cell, -1)
    assert reading.verify() == []


def test_a_score_and_its_time_are_saved_together_or_not_at_all(reading, cell):
    with reading.transaction():
        reading.record(FIRST, [(cell, Score(2.0))], "score.set")
        reading.add_active_time(FIRST, cell, 700)
    head = reading.audit_head()

    def fail():
        with reading.transaction():
            reading.record(FIRST, [(cell, Score(3.0))], "score.set")
            reading.add_active_time(FIRST, cell, -1)

    with pytest.raises(ValueError, match="below 0"):
        fail()
    assert reading.audit_head() == head
    assert reading.sheet(FIRST) == {cell: Score(2.0)}
    assert reading.active_ms(FIRST) == {cell: 700}


STEPS = st.lists(
    st.tuples(st.sampled_from(["add", "move", "delete", "restore"]), st.integers(1, 4), st.floats(-90, 90)),
    max_size=12,
)


@settings(max_examples=20)
@given(steps=STEPS)
def test_marks_are_those_that_were_put_and_not_taken_away(tmp_path_factory, steps):
    there, gone = {}, {}
    with Reading.open(new_reading(tmp_path_factory.mktemp("readings"))) as reading:
        cell = reading.form.cells("A")[0]
        for step, number, x in steps:
            if step == "add":
                mark = reading.add_mark(FIRST, point(cell, x, 0, 0))
                there[mark.id] = mark
            elif step == "move" and number in there:
                there[number] = reading.move_mark(FIRST, number, [(x, 1, 1)])
            elif step == "delete" and number in there:
                reading.delete_mark(FIRST, number)
                gone[number] = there.pop(number)
            elif step == "restore" and number in gone:
                there[number] = gone.pop(number)
                assert reading.restore_mark(FIRST, number) == there[number]
        assert reading.marks(FIRST) == tuple(mark for _, mark in sorted(there.items()))
        assert reading.verify() == []


def test_a_signed_case_keeps_its_annotations_and_takes_no_more(reading, cell):
    leave_one_of_each(reading)
    fill(reading, FIRST)
    reading.sign(FIRST, PASSWORD)
    head = reading.audit_head()
    for change in (
        lambda: reading.add_mark(FIRST, point(cell)),
        lambda: reading.move_mark(FIRST, 1, [(1, 2, 3)]),
        lambda: reading.delete_mark(FIRST, 1),
        lambda: reading.restore_mark(FIRST, 1),
        lambda: reading.set_comment(FIRST, None, None, "x"),
        lambda: reading.set_confidence(FIRST, cell, 1),
        lambda: reading.set_evidence_override(FIRST, cell, "x"),
        lambda: reading.add_active_time(FIRST, cell, 1),
    ):
        with pytest.raises(CaseSignedError):
            change()
    assert reading.audit_head() == head
    (signed,) = reading.signed_cases()
    assert signed.annotations == reading.annotations(FIRST)
    assert (len(signed.annotations.marks), signed.annotations.active_ms) == (1, {cell: 1500})
    assert annotations_from_dict(signed.annotations.to_dict()) == signed.annotations
    reading.add_mark(SECOND, point(cell))
    assert reading.verify() == []


def test_annotations_of_nothing_are_nothing(reading):
    assert reading.annotations(FIRST) == Annotations()
    assert annotations_from_dict(Annotations().to_dict()) == Annotations()


def test_our_own_connection_cannot_change_what_was_left(reading):
    leave_one_of_each(reading)
    for table in TABLES:
        for statement in (f"UPDATE {table} SET case_code = 'M3DAX'", f"DELETE FROM {table}"):
            with pytest.raises(DatabaseError), reading._store.write() as connection:
                connection.exec_driver_sql(statement)
    assert reading.verify() == []


def test_a_row_without_its_row_in_the_trail_is_refused(reading):
    row = {"case_code": FIRST, "timepoint": "A", "mark_id": 1, "milliseconds": 1}
    for table in map(schema.metadata.tables.get, TABLES):
        known = {name: value for name, value in row.items() if name in table.c}
        for seq in (1, 99):
            with pytest.raises(IntegrityError, match="does not tell"), reading._store.write() as connection:
                connection.execute(insert(table).values(seq=seq, **known))


def test_looking_only_leaves_nothing(reading, cell):
    leave_one_of_each(reading)
    with Reading.open(reading.folder, read_only=True) as looking:
        assert looking.annotations(FIRST) == reading.annotations(FIRST)
        with pytest.raises(ReadOnlyStoreError):
            looking.add_mark(FIRST, point(cell))


@pytest.fixture(scope="module")
def left(tmp_path_factory):
    """A reading with one of each in its first case, which is signed."""
    with Reading.open(new_reading(tmp_path_factory.mktemp("readings"))) as reading:
        leave_one_of_each(reading)
        fill(reading, FIRST)
        reading.sign(FIRST, PASSWORD)
        reading.case_closed(FIRST)
    return reading.folder


@pytest.mark.parametrize(
    ("statement", "finding"),
    [
        ("UPDATE mark SET body = replace(body, '3.25', '4.25')", "The mark of row 2 is not what the audit"),
        ("UPDATE mark SET body = '{}'", "The mark of row 2 cannot be read"),
        (
            "UPDATE mark SET body = replace(body, 'coronal', 'upside down')",
            "The mark of row 2 cannot be read",
        ),
        (f"UPDATE mark SET body = '{'[' * 100_000}'", "The mark of row 2 cannot be read"),
        ("UPDATE mark SET mark_id = 2", "The mark of row 2 cannot be read"),
        ("DELETE FROM mark", "The mark of audit row 2 is missing"),
        ("UPDATE comment SET text = 'x'", "The comment of row 3 is not what the audit trail says"),
        ("UPDATE comment SET text = x'00'", "The comment of row 3 cannot be read"),
        ("UPDATE comment SET site = 'toe'", "The comment of row 3 cannot be read"),
        (
            "UPDATE comment SET timepoint = 'Z'",
            "comment of row 3 belongs to a timepoint that its case does not",
        ),
        ("UPDATE confidence SET level = 1", "The confidence of row 4 is not what the audit trail says"),
        ("UPDATE confidence SET level = 9", "The confidence of row 4 cannot be read"),
        ("UPDATE evidence_override SET reason = 'x'", "The evidence override of row 5 is not what"),
        ("DELETE FROM evidence_override", "The evidence override of audit row 5 is missing"),
        (
            "UPDATE active_time SET milliseconds = 1",
            "The active time of row 6 is not what the audit trail says",
        ),
        ("UPDATE active_time SET milliseconds = 1", f"The signature of case {FIRST} does not fit"),
        ("UPDATE reading SET rules = NULL", "are not those that were prepared"),
        (
            "INSERT INTO mark SELECT max(audit.seq), 'K7Q2M', 1, NULL FROM audit",
            f"Case {FIRST} has a mark from after its signature",
        ),
    ],
)
def test_a_change_behind_our_back_is_found(left, tmp_path, statement, finding):
    folder = shutil.copytree(left, tmp_path / left.name)
    change_behind_our_back(folder, statement)
    with Reading.open(folder, read_only=True) as reading:
        assert finding in "\n".join(reading.verify())

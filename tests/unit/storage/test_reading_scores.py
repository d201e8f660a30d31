import os
from datetime import UTC

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import insert
from sqlalchemy.exc import DatabaseError, IntegrityError

from scoring_forms.domain.errors import BadReasonError, ScoreOutOfRangeError, UnknownCellError
from scoring_forms.domain.score import Cell, Score
from storage.errors import ReadOnlyStoreError, StorageUnavailableError, UnknownCaseError
from storage.reading import schema
from storage.reading.reading import Reading
from tests.unit.storage.readings import FIRST, SECOND, HandClock, fill, new_reading, small_form

CELLS = small_form().cells("AB")
TWO = Score(2.0)


@pytest.fixture
def reading(tmp_path):
    with Reading.open(new_reading(tmp_path)) as reading:
        yield reading


def last_events(reading: Reading, count: int) -> list[tuple]:
    return [(entry.action, entry.item, entry.old, entry.new) for entry in reading.audit_entries()[-count:]]


def test_a_score_is_in_the_sheet_and_told_in_the_trail(reading):
    saved = reading.record(FIRST, [(CELLS[0], TWO)], "score.set")
    assert saved.tzinfo is UTC
    assert reading.sheet(FIRST) == {CELLS[0]: TWO}
    assert reading.sheet(SECOND) == {}
    assert last_events(reading, 1) == [("score.set", CELLS[0].name, None, "2")]
    entry = reading.audit_entries()[-1]
    assert (entry.actor, entry.role, entry.case_code, entry.time) == ("Anna Lind", "reader", FIRST, saved)


def test_the_trail_holds_old_and_new_in_full(reading):
    surgery = Score(not_assessable="other", comment="plate, screws")
    reading.record(FIRST, [(CELLS[0], TWO)], "score.set")
    reading.record(FIRST, [(CELLS[0], surgery)], "score.not_assessable")
    reading.record(FIRST, [(CELLS[0], None)], "score.cleared")
    told = '{"comment":"plate, screws","not_assessable":"other"}'
    assert last_events(reading, 3) == [
        ("score.set", CELLS[0].name, None, "2"),
        ("score.not_assessable", CELLS[0].name, "2", told),
        ("score.cleared", CELLS[0].name, told, None),
    ]


SCORES = st.one_of(
    st.none(),
    st.integers(0, 3).map(lambda value: Score(float(value))),
    st.builds(
        Score,
        st.none(),
        st.sampled_from(["image_quality", "surgery", "other"]),
        st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1).map(lambda text: "x" + text),
    ),
)
CHANGES = st.lists(st.tuples(st.sampled_from(CELLS), SCORES), min_size=1, max_size=4)
STEPS = st.lists(st.tuples(CHANGES, st.sampled_from(["score.set", "score.fill", "score.undo"])), max_size=6)


@settings(max_examples=25)
@given(steps=STEPS)
def test_the_newest_row_of_each_cell_wins(tmp_path_factory, steps):
    folder = new_reading(tmp_path_factory.mktemp("readings"))
    expected: dict[Cell, Score] = {}
    with Reading.open(folder) as reading:
        for changes, action in steps:
            reading.record(FIRST, changes, action)
            for cell, score in changes:
                expected.pop(cell, None)
                if score is not None:
                    expected[cell] = score
    with Reading.open(folder, read_only=True) as reading:
        assert reading.sheet(FIRST) == expected
        assert reading.cases()[0].missing == len(CELLS) - len(expected)
        rows = sum(len(changes) for changes, _ in steps)
        assert len(reading.audit_entries()) == 1 + rows
        assert reading.verify() == []


def test_a_case_is_open_once_something_was_entered(reading):
    reading.record(FIRST, [(CELLS[0], TWO)], "score.set")
    reading.record(FIRST, [(CELLS[0], None)], "score.undo")
    assert [(case.status, case.missing) for case in reading.cases()] == [("open", 14), ("untouched", 7)]
    assert reading.case(FIRST).status == "open"


@pytest.mark.parametrize(
    ("cell", "score", "error"),
    [
        (CELLS[0], Score(4.0), ScoreOutOfRangeError),
        (CELLS[0], Score(0.5), ScoreOutOfRangeError),
        (CELLS[0], Score(float("nan")), ScoreOutOfRangeError),
        (CELLS[0], Score(not_assessable="tired"), BadReasonError),
        (CELLS[0], Score(not_assessable="other"), BadReasonError),
        (Cell("C", "ramris_2003", "synovitis", None, CELLS[0].site), TWO, UnknownCellError),
        (Cell("A", "ramris_2003", "synovitis", "L", CELLS[0].site), TWO, UnknownCellError),
        (Cell("A", "ramris_2003", "bone_erosion", None, "lunate"), TWO, UnknownCellError),
        (Cell("A", "ramris_2003", "synovitis", None, "nowhere"), None, UnknownCellError),
    ],
)
def test_what_the_form_refuses_is_not_saved_nor_what_came_with_it(reading, cell, score, error):
    head = reading.audit_head()
    with pytest.raises(error):
        reading.record(FIRST, [(CELLS[1], TWO), (cell, score)], "score.set")
    assert reading.sheet(FIRST) == {}
    assert reading.audit_head() == head


def test_a_timepoint_of_another_case_is_refused(reading):
    with pytest.raises(UnknownCellError):
        reading.record(SECOND, [(small_form().cells("B")[0], TWO)], "score.set")


def test_an_unknown_case_is_refused(reading):
    with pytest.raises(UnknownCaseError):
        reading.record("XXXXX", [(CELLS[0], TWO)], "score.set")


@pytest.mark.parametrize(("changes", "action"), [([], "score.set"), ([(CELLS[0], TWO)], "set")])
def test_no_change_and_unknown_actions_are_bugs(reading, changes, action):
    with pytest.raises(ValueError, match="unknown action"):
        reading.record(FIRST, changes, action)


def test_several_records_in_one_transaction_are_saved_together_or_not_at_all(reading):
    def fail_half_way() -> None:
        with reading.transaction():
            reading.record(FIRST, [(CELLS[0], TWO)], "score.set")
            reading.record(FIRST, [(CELLS[1], Score(9.0))], "score.set")

    with pytest.raises(ScoreOutOfRangeError):
        fail_half_way()
    assert reading.sheet(FIRST) == {}
    with reading.transaction():
        reading.record(FIRST, [(CELLS[0], TWO)], "score.set")
        reading.record(SECOND, [(CELLS[0], TWO)], "score.set")
    assert reading.sheet(FIRST) == reading.sheet(SECOND) == {CELLS[0]: TWO}


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE score SET value = '0'",
        "DELETE FROM score",
        "REPLACE INTO score"
        " SELECT seq, case_code, timepoint, system, feature, side, site, '0', NULL, '' FROM score",
        "UPDATE image SET array_sha256 = ''",
        "DELETE FROM signature",
        "UPDATE reading SET reader = 'Somebody else'",
    ],
)
def test_our_own_connection_cannot_change_what_was_written(reading, statement):
    fill(reading, FIRST)
    sheet, head = reading.sheet(FIRST), reading.audit_head()
    with pytest.raises(DatabaseError), reading._store.write() as connection:
        connection.exec_driver_sql(statement)
    assert (reading.sheet(FIRST), reading.audit_head()) == (sheet, head)
    assert reading.verify() == []


@pytest.mark.parametrize("seq", [1, 2, None])
def test_a_score_without_its_row_in_the_trail_is_refused(reading, seq):
    row = {"case_code": FIRST, "timepoint": "A", "system": "s", "feature": "f", "site": "x", "comment": ""}
    with pytest.raises(IntegrityError), reading._store.write() as connection:
        connection.execute(insert(schema.score).values(seq=seq, **row))


def test_looking_only_saves_nothing(reading):
    with Reading.open(reading.folder, read_only=True) as looking:
        with pytest.raises(ReadOnlyStoreError):
            looking.record(FIRST, [(CELLS[0], TWO)], "score.set")
        assert looking.read_only


def test_somebody_who_looks_sees_what_was_saved_meanwhile(reading):
    with Reading.open(reading.folder, read_only=True) as looking:
        reading.record(FIRST, [(CELLS[0], TWO)], "score.set")
        assert looking.sheet(FIRST) == {CELLS[0]: TWO}


def test_how_a_case_was_looked_at_is_remembered_outside_the_trail(reading):
    head = reading.audit_head()
    reading.remember(f"{FIRST}/window", "first")
    reading.remember(f"{FIRST}/window", "second")
    assert reading.recall(f"{FIRST}/window") == "second"
    assert reading.recall(f"{SECOND}/window") is None
    assert reading.audit_head() == head
    assert reading.verify() == []


def test_opening_and_closing_a_case_is_told(tmp_path):
    hand = HandClock()
    with Reading.open(new_reading(tmp_path), clock=hand.clock) as reading:
        reading.case_opened(FIRST)
        reading.case_closed(FIRST)
        told = [(entry.action, entry.case_code) for entry in reading.audit_entries()]
    assert told[-2:] == [("case.opened", FIRST), ("case.closed", FIRST)]


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps an open file where it is")
def test_a_folder_that_vanishes_while_scoring_is_named(reading, tmp_path):
    away = tmp_path / "away"
    reading.record(FIRST, [(CELLS[0], TWO)], "score.set")
    reading.folder.rename(away)
    with pytest.raises(StorageUnavailableError, match="nothing was saved"):
        reading.record(FIRST, [(CELLS[1], TWO)], "score.set")
    away.rename(reading.folder)
    reading.record(FIRST, [(CELLS[2], TWO)], "score.set")
    assert reading.sheet(FIRST) == {CELLS[0]: TWO, CELLS[2]: TWO}

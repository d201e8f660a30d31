"""An adjudicator states that a score was agreed in a consensus; it stands as long as the score does."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reader_app.reading.case_scores import CaseScores
from scoring_forms.domain.score import Score
from storage import audit
from storage.annotations import annotations_from_dict
from storage.audit import Event
from storage.errors import CaseSignedError
from storage.reading import schema
from storage.reading.build import build_reading
from storage.reading.consensus import standing
from storage.reading.reading import Reading
from tests.unit.storage.readings import FIRST, PASSWORD, fill, new_reading, small_form, small_spec

CELLS = small_form().cells("AB")
ONE, TWO, OTHER = CELLS[0], CELLS[1], CELLS[7]


@pytest.fixture
def folder(tmp_path):
    spec = small_spec()
    sheet = dict.fromkeys(small_form().cells("A"), Score(1.0))
    cases = tuple(replace(case, others=(sheet, sheet)) for case in spec.cases)
    return build_reading(tmp_path / "Q4WZR.reading", replace(spec, cases=cases)).folder


def agreed(reading, *cells, value=2.0):
    reading.record(FIRST, [(cell, Score(value)) for cell in cells], "score.consensus")


def test_a_consensus_stands_until_another_entry_in_its_cell(folder):
    with Reading.open(folder) as reading:
        agreed(reading, ONE, TWO)
        assert reading.consensus(FIRST) == {ONE, TWO}
        reading.record(FIRST, [(ONE, Score(3.0))], "score.set")
        assert reading.consensus(FIRST) == {TWO}
        reading.record(FIRST, [(TWO, Score(2.0))], "score.set")
        assert reading.consensus(FIRST) == frozenset()
    with Reading.open(folder) as reading:
        assert reading.verify() == []


def test_it_is_told_in_the_audit_trail_signed_and_goes_back_with_the_case(folder):
    with Reading.open(folder) as reading:
        agreed(reading, ONE)
        told = [(one.action, one.item, one.new) for one in reading.audit_entries()][-1]
        assert told == ("score.consensus", ONE.name, "2")
        fill(reading, FIRST)
        agreed(reading, OTHER, value=0.0)
        reading.sign(FIRST, PASSWORD)
        (signed,) = reading.signed_cases()
        assert signed.annotations.consensus == {OTHER}  # fill entered the first again
        assert annotations_from_dict(signed.annotations.to_dict()) == signed.annotations
        with pytest.raises(CaseSignedError):
            agreed(reading, ONE)
        assert reading.verify() == []


def test_a_case_without_one_is_sealed_as_it_always_was(folder):
    with Reading.open(folder) as reading:
        fill(reading, FIRST)
        assert "consensus" not in reading.annotations(FIRST).to_dict()


def test_only_scores_of_an_adjudication_can_be_one(tmp_path, folder):
    with Reading.open(folder) as reading, pytest.raises(ValueError, match="consensus"):
        reading.record(FIRST, [(ONE, None)], "score.consensus")
    with (
        Reading.open(new_reading(tmp_path / "plain")) as reading,
        pytest.raises(ValueError, match="consensus"),
    ):
        agreed(reading, ONE)


def test_a_statement_that_somebody_wrote_past_the_program_is_found(tmp_path):
    folder = new_reading(tmp_path)
    with Reading.open(folder) as reading:
        with reading._store.write() as connection:
            event = Event("score.consensus", reading.reader, "reader", FIRST, ONE.name, None, "2")
            (entry,) = audit.append(connection, event, clock=reading._clock)
            row = {"seq": entry.seq, "case_code": FIRST, "timepoint": "A", "system": ONE.system}
            row |= {"feature": ONE.feature, "site": ONE.site, "value": "2", "comment": ""}
            connection.execute(schema.score.insert().values(row))
        assert reading.verify() == [f"Audit row {entry.seq} states a consensus where there is none to state."]


STEPS = st.lists(
    st.tuples(st.sampled_from(("set", "clear", "agree", "withdraw", "undo", "redo")), st.integers(0, 2)),
    max_size=14,
)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], database=None
)
@given(STEPS)
def test_whatever_is_entered_and_taken_back_the_file_says_what_the_window_shows(folder, steps):
    with Reading.open(folder) as reading:
        scores = CaseScores(reading, FIRST, "AB")
        for what, number in steps:
            cell = (ONE, TWO, OTHER)[number]
            if what == "undo":
                scores.history.undo()
            elif what == "redo":
                scores.history.redo()
            elif what == "set":
                scores.enter(cell, Score(float(number + len(scores.sheet)) % 4))
            elif what == "clear":
                scores.enter(cell, None)
            elif cell in scores.sheet:
                scores.agree(cell) if what == "agree" else scores.withdraw(cell)
            assert scores.consensus <= scores.sheet.keys()
            assert reading.consensus(FIRST) == scores.consensus
        assert CaseScores(reading, FIRST, "AB").consensus == scores.consensus


def test_undo_brings_an_earlier_consensus_back_and_redo_takes_it_again():
    told = [("a", "score.set"), ("a", "score.consensus"), ("a", "score.set")]
    assert standing(told) == frozenset()
    assert standing([*told, ("a", "score.undo")]) == {"a"}
    assert standing([*told, ("a", "score.undo"), ("b", "score.set"), ("a", "score.redo")]) == frozenset()
    assert standing([*told, ("a", "score.undo"), ("a", "score.undo")]) == frozenset()
    assert standing([("a", "score.undo"), ("a", "score.redo")]) == frozenset()  # of a log nobody wrote

from dataclasses import replace

import pytest
from sqlalchemy.exc import DatabaseError

from scoring_forms.domain.score import Score
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
    small_form,
    small_spec,
)


def sheets(letters):
    """What two readers scored: one knows no grade of the first cell, and said why."""
    cells = small_form().cells(letters)
    first = {cell: Score(float(n % 3), comment="of the first") for n, cell in enumerate(cells)}
    return {**first, cells[0]: Score(not_assessable="image_quality")}, dict.fromkeys(cells, Score(1.0))


@pytest.fixture
def folder(tmp_path):
    spec = small_spec()
    cases = tuple(
        replace(case, others=sheets([timepoint.letter for timepoint in case.timepoints]))
        for case in spec.cases
    )
    return build_reading(tmp_path / "Q4WZR.reading", replace(spec, cases=cases)).folder


def test_an_adjudication_holds_both_readers_scores_without_their_comments(folder):
    with Reading.open(folder) as reading:
        first, second = reading.others(FIRST)
        wanted = {cell: replace(score, comment="") for cell, score in sheets("AB")[0].items()}
        assert (first, second) == (wanted, sheets("AB")[1])
        assert {cell.timepoint for cell in reading.others(SECOND)[0]} == {"A"}
        assert reading.is_adjudication
        assert reading.verify() == []
        assert reading.sheet(FIRST) == {}
    assert b"of the first" not in (folder / schema.DATABASE).read_bytes()


def test_another_reading_holds_nobodys_scores(tmp_path):
    with Reading.open(new_reading(tmp_path)) as reading:
        assert not reading.is_adjudication
        assert reading.others(FIRST) == ({}, {})


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE other_score SET value = '0' WHERE id = 5",
        "UPDATE other_score SET reader_number = 3 - reader_number",
        "DELETE FROM other_score",
    ],
)
def test_others_scores_that_were_changed_are_found(folder, statement):
    change_behind_our_back(folder, statement)
    with Reading.open(folder) as reading:
        assert any("prepared" in finding for finding in reading.verify())


def test_others_scores_stay_as_they_are(folder):
    with (
        Reading.open(folder) as reading,
        pytest.raises(DatabaseError),
        reading._store.write() as connection,
    ):
        connection.execute(schema.other_score.delete())


def test_a_signature_says_that_it_is_an_adjudicators(folder):
    with Reading.open(folder) as reading:
        fill(reading, FIRST)
        assert reading.sign(FIRST, PASSWORD).meaning == "adjudicated"
        assert reading.verify() == []

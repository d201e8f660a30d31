from datetime import UTC

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import insert
from sqlalchemy.exc import DatabaseError, IntegrityError

from scoring_forms.domain.errors import UnknownCellError
from scoring_forms.domain.form import compose_form
from storage.errors import CaseSignedError, ReadOnlyStoreError, UnknownCaseError
from storage.reading import schema
from storage.reading.build import build_reading
from storage.reading.landmarks import Landmark
from storage.reading.reading import Reading
from storage.reading.records import CaseSpec, ImageRecord, ImageSpec, ReadingSpec, TimepointSpec
from storage.reading.transforms import Transform
from tests.unit.storage.readings import (
    FIRST,
    PASSWORD,
    SECOND,
    change_behind_our_back,
    fill,
    new_reading,
    pixels,
)

HERE, THERE = Landmark(1, (1.0, -2.5, 30.125)), Landmark(1, (4.0, 5.0, 6.0))


def moved(degrees: float, *shift: float) -> np.ndarray:
    turn = np.deg2rad(degrees)
    matrix = np.eye(4)
    matrix[:2, :2] = [[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]]
    matrix[:3, 3] = shift
    return matrix


@pytest.fixture
def reading(tmp_path):
    with Reading.open(new_reading(tmp_path)) as reading:
        yield reading


@pytest.fixture
def films(tmp_path):
    film = ImageSpec(ImageRecord("xr_pa_both", "A", monochrome1=True), pixels(1)[:1])
    case = CaseSpec(FIRST, None, (TimepointSpec("A", (film,)),))
    form = compose_form(["sharp_1985"], ["erosion"])
    spec = ReadingSpec("Anna Lind", "Sharp", "paired", form, (case,))
    with Reading.open(build_reading(tmp_path / "F4WZR.reading", spec).folder) as reading:
        yield reading


def last_event(reading: Reading) -> tuple:
    entry = reading.audit_entries()[-1]
    return entry.action, entry.case_code, entry.item, entry.old, entry.new


def test_a_landmark_is_kept_where_it_was_set_and_told_in_the_trail(reading):
    reading.set_landmark(FIRST, "B", "mcp2", None, HERE)
    reading.set_landmark(FIRST, "B", "mcp2", None, THERE)
    assert reading.landmarks(FIRST) == {("B", "mcp2", None): THERE}
    assert reading.landmarks(SECOND) == {}
    old, new = (
        '{"frame":1,"position_mm":[1.0,-2.5,30.125]}',
        '{"frame":1,"position_mm":[4.0,5.0,6.0]}',
    )
    assert last_event(reading) == ("landmark.set", FIRST, "B/-/mcp2", old, new)
    reading.set_landmark(FIRST, "B", "mcp2", None, None)
    assert reading.landmarks(FIRST) == {}
    assert last_event(reading) == ("landmark.cleared", FIRST, "B/-/mcp2", new, None)
    assert reading.audit_entries()[-1].time.tzinfo is UTC
    assert reading.cases()[0].status == "untouched"
    assert reading.verify() == []


def test_a_landmark_on_a_film_is_a_row_and_a_column_of_one_side(films):
    place = Landmark(role="xr_pa_both", row_column=(2.5, 3.0004))
    films.set_landmark(FIRST, "A", "mcp2", "L", place)
    assert films.landmarks(FIRST) == {("A", "mcp2", "L"): place}
    assert place.row_column == (2.5, 3.0)
    with pytest.raises(UnknownCellError, match="-/mcp2"):
        films.set_landmark(FIRST, "A", "mcp2", None, place)
    with pytest.raises(ValueError, match="no such frame or film"):
        films.set_landmark(FIRST, "A", "mcp2", "L", Landmark(role="xr_pa_left", row_column=(2, 3)))
    assert films.verify() == []


PLACES = st.tuples(*[st.floats(-200, 200)] * 3).map(lambda position: Landmark(1, position))
SETTINGS = st.lists(
    st.tuples(st.sampled_from("AB"), st.sampled_from(["mcp2", "mcp3"]), st.none() | PLACES), max_size=8
)


@settings(max_examples=20)
@given(steps=SETTINGS)
def test_the_newest_landmark_of_each_site_counts(tmp_path_factory, steps):
    folder = new_reading(tmp_path_factory.mktemp("readings"))
    expected = {}
    with Reading.open(folder) as reading:
        for letter, site, place in steps:
            reading.set_landmark(FIRST, letter, site, None, place)
            expected.pop((letter, site, None), None)
            if place is not None:
                expected[letter, site, None] = place
    with Reading.open(folder, read_only=True) as reading:
        assert reading.landmarks(FIRST) == expected
        assert reading.verify() == []


def test_a_transform_is_kept_and_the_newest_counts(reading):
    assert reading.transform(FIRST, "B") is None
    reading.keep_transform(FIRST, "B", moved(3, 1, 2, 3), 0.75, "registered")
    reading.keep_transform(FIRST, "B", moved(4, 1, 2, 3), 0.5, "nudged")
    kept = reading.transform(FIRST, "B")
    assert (kept.quality, kept.origin) == (0.5, "nudged")
    np.testing.assert_array_equal(kept.as_array(), moved(4, 1, 2, 3))
    assert reading.transform(FIRST, "A") is None
    assert last_event(reading)[:3] == ("transform.kept", FIRST, "B/1")
    reading.forget_transform(FIRST, "B")
    assert reading.transform(FIRST, "B") is None
    assert last_event(reading)[0] == "transform.cleared"
    assert reading.verify() == []


@pytest.mark.parametrize(
    "place",
    [
        {},
        {"frame": 1},
        {"position_mm": (1, 2, 3)},
        {"frame": 1, "position_mm": (1, 2)},
        {"frame": 1, "position_mm": (1, 2, float("nan"))},
        {"frame": 1, "position_mm": (1, 2, 3), "role": "xr_pa_left", "row_column": (1, 2)},
        {"role": "xr_pa_left", "row_column": (1, float("inf"))},
        {"role": "xr_pa_left", "row_column": (1, 2), "frame": 1},
    ],
)
def test_a_landmark_in_no_place_or_two_is_a_bug(place):
    with pytest.raises(ValueError, match="a landmark"):
        Landmark(**place)


@pytest.mark.parametrize(
    ("matrix", "quality", "origin"),
    [
        (np.diag([-1.0, 1, 1, 1]), 0.5, "registered"),
        (np.diag([1.1, 1, 1, 1]), 0.5, "registered"),
        (np.full((4, 4), np.nan), 0.5, "registered"),
        (np.eye(3), 0.5, "registered"),
        (np.eye(4), 1.5, "registered"),
        (np.eye(4), float("nan"), "registered"),
        (np.eye(4), 0.5, "guessed"),
    ],
)
def test_a_transform_that_is_no_rigid_movement_is_a_bug(reading, matrix, quality, origin):
    with pytest.raises(ValueError, match="a transform"):
        reading.keep_transform(FIRST, "B", matrix, quality, origin)
    assert reading.transform(FIRST, "B") is None


def test_what_the_case_or_form_does_not_have_is_refused(reading):
    head = reading.audit_head()
    with pytest.raises(UnknownCaseError):
        reading.set_landmark("XXXXX", "A", "mcp2", None, HERE)
    with pytest.raises(UnknownCaseError):
        reading.keep_transform("XXXXX", "A", np.eye(4), 1, "registered")
    with pytest.raises(UnknownCellError):
        reading.set_landmark(SECOND, "B", "mcp2", None, HERE)
    with pytest.raises(UnknownCellError):
        reading.keep_transform(SECOND, "B", np.eye(4), 1, "registered")
    for site, side in (("nowhere", None), ("mcp2", "L"), ("lunate", None)):
        with pytest.raises(UnknownCellError):
            reading.set_landmark(FIRST, "A", site, side, HERE)
    with pytest.raises(ValueError, match="no such frame"):
        reading.set_landmark(FIRST, "A", "mcp2", None, Landmark(2, (1, 2, 3)))
    with pytest.raises(ValueError, match="no frame 2"):
        reading.keep_transform(FIRST, "B", np.eye(4), 1, "registered", frame=2)
    assert reading.audit_head() == head


def test_a_signed_case_keeps_its_landmarks_and_takes_no_more(reading):
    reading.set_landmark(FIRST, "A", "mcp2", None, HERE)
    reading.keep_transform(FIRST, "B", moved(1, 1, 1, 1), 0.5, "registered")
    fill(reading, FIRST)
    reading.sign(FIRST, PASSWORD)
    head = reading.audit_head()
    with pytest.raises(CaseSignedError):
        reading.set_landmark(FIRST, "A", "mcp2", None, THERE)
    with pytest.raises(CaseSignedError):
        reading.keep_transform(FIRST, "B", np.eye(4), 1, "nudged")
    with pytest.raises(CaseSignedError):
        reading.forget_transform(FIRST, "B")
    assert reading.audit_head() == head
    assert reading.landmarks(FIRST) == {("A", "mcp2", None): HERE}
    assert isinstance(reading.transform(FIRST, "B"), Transform)
    reading.set_landmark(SECOND, "A", "mcp2", None, HERE)
    assert reading.verify() == []


@pytest.mark.parametrize("table", ["landmark", "transform"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET frame = 2", "DELETE FROM {}"])
def test_our_own_connection_cannot_change_what_was_kept(reading, table, statement):
    reading.set_landmark(FIRST, "A", "mcp2", None, HERE)
    reading.keep_transform(FIRST, "B", np.eye(4), 1, "registered")
    with pytest.raises(DatabaseError), reading._store.write() as connection:
        connection.exec_driver_sql(statement.format(table))
    assert reading.verify() == []


@pytest.mark.parametrize("table", [schema.landmark, schema.transform])
@pytest.mark.parametrize("seq", [1, 99])
def test_a_row_without_its_row_in_the_trail_is_refused(reading, table, seq):
    row = {"case_code": FIRST, "timepoint": "A", "frame": 1}
    row |= {"site": "mcp2", "position_mm": (1, 2, 3)} if table is schema.landmark else {}
    with pytest.raises(IntegrityError, match="does not tell"), reading._store.write() as connection:
        connection.execute(insert(table).values(seq=seq, **row))


def test_looking_only_keeps_nothing(reading):
    reading.set_landmark(FIRST, "A", "mcp2", None, HERE)
    with Reading.open(reading.folder, read_only=True) as looking:
        with pytest.raises(ReadOnlyStoreError):
            looking.set_landmark(FIRST, "A", "mcp2", None, THERE)
        with pytest.raises(ReadOnlyStoreError):
            looking.keep_transform(FIRST, "B", np.eye(4), 1, "registered")
        assert looking.landmarks(FIRST) == {("A", "mcp2", None): HERE}


@pytest.mark.parametrize(
    ("statement", "finding"),
    [
        (
            "UPDATE landmark SET position_mm = '[0,0,0]'",
            "The landmark of row 2 is not what the audit trail says",
        ),
        ("UPDATE landmark SET position_mm = '[0,0'", "The landmark of row 2 cannot be read"),
        ("UPDATE landmark SET position_mm = '{}'", "The landmark of row 2 cannot be read"),
        ("UPDATE landmark SET site = 'mcp3'", "The landmark of row 2 is not what"),
        (
            "UPDATE landmark SET timepoint = 'Z'",
            "landmark of row 2 belongs to a timepoint that its case does not",
        ),
        ("DELETE FROM landmark", "The landmark of audit row 2 is missing"),
        ("UPDATE transform SET quality = 0.75", "The transform of row 3 is not what the audit trail says"),
        ("UPDATE transform SET matrix = '[1]'", "The transform of row 3 cannot be read"),
        ("UPDATE transform SET timepoint = 'Z'", "transform of row 3 belongs to a timepoint"),
        ("DELETE FROM transform", "The transform of audit row 3 is missing"),
        (
            "INSERT INTO landmark SELECT max(audit.seq), 'K7Q2M', 'A', 'mcp2', NULL, NULL, NULL, NULL, NULL"
            " FROM audit",
            f"Case {FIRST} has a landmark from after its signature",
        ),
    ],
)
def test_a_change_behind_our_back_is_found(reading, statement, finding):
    reading.set_landmark(FIRST, "A", "mcp2", None, HERE)
    reading.keep_transform(FIRST, "B", np.eye(4), 1, "registered")
    fill(reading, FIRST)
    reading.sign(FIRST, PASSWORD)
    reading.case_closed(FIRST)
    change_behind_our_back(reading.folder, statement)
    assert finding in "\n".join(reading.verify())

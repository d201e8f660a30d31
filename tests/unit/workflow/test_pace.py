from datetime import UTC, datetime, timedelta

from reader_app.workflow.pace import Pace, pace_of_collected, pace_of_reading
from storage.reading.reading import Reading
from storage.study.records import CollectedCase
from tests.unit.storage.readings import FIRST, PASSWORD, SECOND, HandClock, fill, new_reading

NOW = datetime(2026, 3, 30, 12, tzinfo=UTC)


def days_ago(*days: float) -> tuple[datetime, ...]:
    return tuple(NOW - timedelta(days=one) for one in days)


def test_nothing_signed_has_no_pace():
    assert Pace().per_week(NOW) is None
    assert Pace().weeks_left(4, NOW) is None
    assert Pace().median_minutes is None


def test_a_first_week_counts_as_a_whole_one():
    assert Pace(days_ago(0, 0.1, 1)).per_week(NOW) == 3


def test_only_the_last_four_weeks_count():
    assert Pace(days_ago(90, 80, 70, 14, 7)).per_week(NOW) == 0.5
    assert Pace(days_ago(14, 7, 0)).per_week(NOW) == 1.5


def test_what_is_left_takes_whole_weeks():
    assert Pace(days_ago(14, 7, 0)).weeks_left(4, NOW) == 3
    assert Pace(days_ago(90)).weeks_left(4, NOW) is None


def test_the_middle_of_the_times_is_taken():
    assert Pace(minutes=(3, 50, 4)).median_minutes == 4
    assert Pace(minutes=(3, 4)).median_minutes == 3.5


def test_a_reading_tells_when_its_cases_were_signed_and_how_long_they_took(tmp_path):
    hand = HandClock()
    with Reading.open(new_reading(tmp_path), clock=hand.clock) as reading:
        assert pace_of_reading(reading) == Pace()
        fill(reading, FIRST)
        cell = next(iter(reading.sheet(FIRST)))
        reading.add_active_time(FIRST, cell, 90_000)
        reading.add_active_time(FIRST, None, 30_000)
        reading.add_active_time(SECOND, None, 600_000)  # not signed: it may take longer yet
        reading.sign(FIRST, PASSWORD)
        assert pace_of_reading(reading) == Pace((hand.now,), (2.0,))
        (signed,) = reading.signed_cases()
    stored = CollectedCase(FIRST, {"utc": hand.now.isoformat()}, "", signed.sheet, signed.annotations, 2)
    assert pace_of_collected([stored]) == Pace((hand.now,), (2.0,))


def test_cases_entered_from_a_table_have_no_time():
    assert pace_of_collected([CollectedCase(FIRST, {}, "", {})]) == Pace()

"""Time at work on a cell, by readings of a clock."""

from hypothesis import given
from hypothesis import strategies as st

from reader_app.reading.active_time import IDLE_AFTER_MS, STORE_AFTER_MS, ActiveClock
from scoring_forms.domain.score import Cell

CELLS = tuple(Cell("A", "ramris_2003", "synovitis", None, site) for site in ("mcp2", "mcp3", "mcp4"))
PAUSES = st.integers(0, 3 * IDLE_AFTER_MS)


class Hands:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.ms = 1000

    def __call__(self) -> int:
        return self.ms


def started(cell=CELLS[0]):
    hands = Hands()
    clock = ActiveClock(hands)
    clock.go_to(cell)
    return hands, clock


def test_nothing_counts_before_the_case_is_on_the_screen():
    hands = Hands()
    clock = ActiveClock(hands)
    hands.ms += 5000
    clock.go_to(CELLS[0])
    assert clock.unstored() == {}


def test_time_belongs_to_the_cell_that_was_current_meanwhile():
    hands, clock = started()
    hands.ms += 700
    clock.go_to(CELLS[1])
    hands.ms += 300
    clock.act()
    assert clock.unstored() == {CELLS[0]: 700, CELLS[1]: 300}


def test_a_break_counts_up_to_the_idle_limit_only():
    hands, clock = started()
    hands.ms += 3_600_000
    clock.act()
    assert clock.unstored() == {CELLS[0]: IDLE_AFTER_MS}


def test_what_is_stored_is_not_stored_again():
    hands, clock = started()
    hands.ms += 400
    clock.act()
    kept = clock.unstored()
    hands.ms += 50
    clock.act()
    clock.stored(kept)
    assert clock.unstored() == {CELLS[0]: 50}


def test_a_quarter_of_a_minute_is_due_to_be_stored():
    hands, clock = started()
    hands.ms += STORE_AFTER_MS - 1
    clock.act()
    assert not clock.is_due
    hands.ms += 1
    clock.act()
    assert clock.is_due


def test_a_clock_that_runs_backwards_takes_no_time_away():
    hands, clock = started()
    hands.ms -= 500
    clock.act()
    assert clock.unstored() == {}


@given(st.lists(st.tuples(PAUSES, st.sampled_from((None, *CELLS)), st.booleans()), max_size=40))
def test_every_pause_counts_once_for_one_cell_and_never_beyond_the_limit(steps):
    hands, clock = started()
    current, expected, kept = CELLS[0], {}, {}
    for pause, cell, stores in steps:
        hands.ms += pause
        expected[current] = expected.get(current, 0) + min(pause, IDLE_AFTER_MS)
        clock.go_to(cell)
        current = cell
        if stores:
            found = clock.unstored()
            for place, milliseconds in found.items():
                kept[place] = kept.get(place, 0) + milliseconds
            clock.stored(found)
    for place, milliseconds in clock.unstored().items():
        kept[place] = kept.get(place, 0) + milliseconds
    assert kept == {place: milliseconds for place, milliseconds in expected.items() if milliseconds}

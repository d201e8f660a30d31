import sqlite3
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import MetaData

from storage import audit
from storage.audit import AUDIT, Event, Head
from storage.engine import create_store, open_store
from storage.sqlite_file import StoreKind, in_sequence_trigger
from tests.unit.storage.readings import HandClock

METADATA = MetaData()
AUDIT.to_metadata(METADATA)


@pytest.fixture
def kind(tmp_path):
    return StoreKind(
        "trail", 0x54524149, (1, 0), METADATA, ("audit",), (in_sequence_trigger("audit"),), tmp_path, "0001"
    )


@pytest.fixture
def path(tmp_path, kind):
    create_store(tmp_path / "trail.sqlite", kind)
    return tmp_path / "trail.sqlite"


@pytest.fixture
def store(path, kind):
    with open_store(path, kind) as store:
        yield store


def event(new: str = "2") -> Event:
    return Event("score.set", "Anna", "reader", "K7Q2M", "A/ramris_2003/erosion/-/lunate", None, new)


def test_rows_follow_each_other_without_a_gap_and_hold_the_hash_before(store):
    with store.write() as connection:
        first, second = audit.append(connection, event("1"), event("2"))
        (third,) = audit.append(connection, event("3"))
    assert [entry.seq for entry in (first, second, third)] == [1, 2, 3]
    assert (first.prev, second.prev, third.prev) == (audit.GENESIS, first.hash, second.hash)
    with store.read() as connection:
        assert audit.head(connection) == Head(3, third.hash)
        assert audit.entries(connection) == (first, second, third)
        assert audit.verify_chain(connection) == ()


def test_what_a_failed_transaction_appended_is_forgotten(store):
    def fail():
        with store.write() as connection:
            audit.append(connection, event("2"))
            raise KeyboardInterrupt

    with store.write() as connection:
        audit.append(connection, event("1"))
    with pytest.raises(KeyboardInterrupt):
        fail()
    with store.write() as connection:
        audit.append(connection, event("3"))
        assert [entry.new for entry in audit.entries(connection)] == ["1", "3"]
        assert audit.verify_chain(connection) == ()


def test_an_empty_trail_has_a_head(store):
    with store.read() as connection:
        assert audit.head(connection) == Head(0, audit.GENESIS)
        assert audit.verify_chain(connection) == ()


def test_times_are_utc_in_milliseconds(store):
    hand = HandClock()
    hand.pass_time(0.123456)
    with store.write() as connection:
        (entry,) = audit.append(connection, event(), clock=hand.clock)
    assert entry.utc == "2026-03-01T12:00:00.123Z"
    assert entry.schema_version == "1.0"


@pytest.mark.parametrize(
    ("wall", "monotonic", "noticed"),
    [(10, 10, False), (119, 1, False), (121, 0.5, True), (-1, 1, True), (5, 10, True), (3600, 3600, False)],
)
def test_a_clock_that_jumps_gets_a_row_of_its_own(store, wall, monotonic, noticed):
    hand = HandClock()
    with store.write() as connection:
        audit.append(connection, event(), clock=hand.clock)
    hand.pass_time(wall)
    hand.seconds += monotonic - wall
    with store.write() as connection:
        (entry,) = audit.append(connection, event(), clock=hand.clock)
        actions = [entry.action for entry in audit.entries(connection)]
        assert audit.verify_chain(connection) == ()
    assert ("clock.jumped" in actions) is noticed
    assert entry.action == "score.set"
    assert entry.seq == len(actions)


SPOILED = {
    "UPDATE audit SET new = '9' WHERE seq = 3": "row 3 was changed",
    "UPDATE audit SET new = x'00' WHERE seq = 3": "row 3 was changed",
    "UPDATE audit SET hash = 'x' WHERE seq = 3": "row 3 was changed",
    "DELETE FROM audit WHERE seq = 3": "row 3 is missing",
    "DELETE FROM audit WHERE seq = 1": "row 1 is missing",
    "UPDATE audit SET seq = 99 WHERE seq = 5": "row 5 is missing",
}


@pytest.mark.parametrize("statement", SPOILED)
def test_a_change_behind_our_back_is_found(path, kind, statement):
    with open_store(path, kind) as store, store.write() as connection:
        audit.append(connection, *(event(str(number)) for number in range(5)))
    triggers = kind.all_triggers
    connection = sqlite3.connect(path)
    for trigger in triggers:
        connection.execute(f"DROP TRIGGER {trigger.split()[2]}")
    connection.execute(statement)
    for trigger in triggers:
        connection.execute(trigger)
    connection.commit()
    connection.close()
    with open_store(path, kind) as store, store.read() as connection:
        assert any(SPOILED[statement] in finding for finding in audit.verify_chain(connection))


@given(
    st.lists(st.text(st.characters(exclude_categories=("Cs",)), max_size=20), min_size=1, max_size=6),
    st.integers(0, 5),
    st.sampled_from(["actor", "item", "new", "utc", "case_code"]),
)
def test_any_change_to_any_row_breaks_the_chain(texts, place, field):
    clock = HandClock().clock
    chain = _chain([replace(event(), new=text) for text in texts], clock)
    assert list(audit.chain_findings(iter(chain))) == []
    place %= len(chain)
    changed = replace(chain[place], **{field: f"{getattr(chain[place], field)}."})
    spoiled = [*chain[:place], changed, *chain[place + 1 :]]
    assert list(audit.chain_findings(iter(spoiled))) != []


def _chain(events, clock):
    from sqlalchemy import create_engine

    engine = create_engine("sqlite://")
    METADATA.create_all(engine)
    with engine.begin() as connection:
        audit.append(connection, *events, clock=clock)
        chain = audit.entries(connection)
    engine.dispose()
    return chain

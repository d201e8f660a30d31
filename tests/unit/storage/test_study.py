import sqlite3
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy.exc import DatabaseError

from scoring_forms.domain.form import compose_form
from scoring_forms.domain.rules import RoundRules
from scoring_forms.domain.score import Cell, Score
from storage.annotations import Annotations
from storage.engine import ALEMBIC_VERSION
from storage.errors import AlreadyThereError, ForeignFileError, StoreLockedError, StoreNotFoundError
from storage.migration import _unguarded_engine, run_migrations
from storage.reading.records import ReopenRequest
from storage.schema_check import schema_problem
from storage.study import schema
from storage.study.errors import (
    BadNameError,
    BadWeekError,
    NotAskedError,
    TitleTakenError,
    UnknownRoundError,
)
from storage.study.kind import STUDY_KIND
from storage.study.records import (
    AllocatedCase,
    AllocatedImage,
    AllocatedReading,
    AllocatedTimepoint,
    CollectedCase,
    OriginalFile,
    RoundPlan,
    StoredSeries,
    Subject,
    Visit,
)
from storage.study.store import Study
from tests.unit.storage.readings import change_behind_our_back, point

VISITS = (Visit("Baseline", 0), Visit("Late", 36.5))
SEED = 2**127 + 12345
NO_ORIGINAL = ("The original f1.2.3 is missing.",)  # these studies have rows only


@pytest.fixture
def study(tmp_path):
    with Study.create(tmp_path / "study", "A trial", VISITS) as opened:
        yield opened


@pytest.mark.parametrize(
    ("title", "visit", "error"),
    [
        ("", Visit("Baseline"), BadNameError),
        ("two\nlines", Visit("Baseline"), BadNameError),
        ("T", Visit(" Baseline"), BadNameError),
        ("T", Visit("Baseline", float("nan")), BadWeekError),
    ],
)
def test_names_and_weeks_that_no_table_can_hold_make_no_study(tmp_path, title, visit, error):
    with pytest.raises(error):
        Study.create(tmp_path / "new", title, [visit])
    assert not (tmp_path / "new").exists()


def test_a_subject_needs_a_code_of_one_line(study):
    for code in ("", "S\n1", "S1 ", "S" * 121):
        with pytest.raises(BadNameError, match="A subject's code"):
            study.put_subject(Subject(code))


def test_what_a_killed_program_left_in_the_work_folder_is_cleared_at_the_next_writing(tmp_path):
    Study.create(tmp_path / "study", "T").close()
    (tmp_path / "study" / "work" / "left").mkdir(parents=True)
    with Study.open(tmp_path / "study", read_only=True):
        assert (tmp_path / "study" / "work" / "left").is_dir()
    with Study.open(tmp_path / "study") as study:
        assert not (tmp_path / "study" / "work").exists()
        with study.work_folder() as folder:
            assert folder.parent == tmp_path / "study" / "work"
        assert not (tmp_path / "study" / "work").exists()


def series(uid="1.2.3", role="cor_stir"):
    return StoredSeries(
        uid, "1.2", "S1", "Late", "MR", role, role, "because", problems=("odd",), facts={"rows": 4}
    )


def add_series(study, *uids):
    study.put_subject(Subject("S1", "L"))
    files = [OriginalFile(f"f{uid}", f"9.{uid}", "ab", 5, "1.2", "S1", "Late") for uid in uids]
    study.add_images(files, ["1.2"], [series(uid) for uid in uids])


def plan(title="RAMRIS"):
    return RoundPlan(
        title,
        compose_form(["ramris_2003"]),
        "paired",
        ("Baseline", "Late"),
        ("Ann",),
        0.1,
        SEED,
        ("all",),
        "x",
        RoundRules(evidence="warn", same_place_mm=2.5),
    )


def add_reading(study, path):
    round_id = study.add_round(plan()).id
    timepoint = AllocatedTimepoint("A", "Late", (AllocatedImage("cor_stir", "1.2.3", "cd"),))
    case = AllocatedCase("CASE1", 1, "S1", "L", False, (timepoint,))
    reading = AllocatedReading("READ1", "Ann", str(path), "ef", (case,))
    study.allocate(round_id, {"S1": "ROUND"}, [reading], {})
    return round_id, reading


def test_a_study_gives_back_what_it_was_given(study):
    add_series(study, "1.2.3", "1.2.4")
    assert study.title == "A trial"
    assert study.visits() == VISITS
    assert study.subjects() == (Subject("S1", "L"),)
    assert study.series() == (series("1.2.3"), series("1.2.4"))
    assert [file.name for file in study.files()] == ["f1.2.3", "f1.2.4"]


def test_an_overruled_role_survives_when_its_study_is_scanned_anew(study):
    add_series(study, "1.2.3", "1.2.4")
    study.set_role("1.2.3", "other")
    study.add_images([], ["1.2"], [series("1.2.3"), series("1.2.4"), series("1.2.5")])
    assert {one.series_uid: (one.role, one.overruled) for one in study.series()} == {
        "1.2.3": ("other", True),
        "1.2.4": ("cor_stir", False),
        "1.2.5": ("cor_stir", False),
    }
    study.set_role("1.2.3", "cor_stir")
    assert not study.series()[0].overruled


def test_rounds_readings_and_the_key_come_back_whole(study):
    add_series(study, "1.2.3")
    round_id, reading = add_reading(study, study.folder / "readings" / "READ1.reading")
    assert study.round("ramris").plan == plan()
    assert study.round(str(round_id)).plan.seed == SEED
    assert study.readings(round_id) == (reading,)
    assert study.round_codes(round_id) == {"S1": "ROUND"}
    assert study.codes() == {"ROUND", "READ1", "CASE1"}
    with pytest.raises(TitleTakenError):
        study.add_round(plan("ramris"))
    with pytest.raises(UnknownRoundError, match="use one of RAMRIS"):
        study.round("Sharp")


def test_a_study_that_was_moved_still_finds_its_readings(tmp_path, study):
    add_series(study, "1.2.3")
    add_reading(study, study.folder / "readings" / "READ1.reading")
    study.close()
    (tmp_path / "study").rename(tmp_path / "moved")
    with Study.open(tmp_path / "moved", read_only=True) as moved:
        assert moved.readings(1)[0].path == str(tmp_path / "moved" / "readings" / "READ1.reading")


def test_collected_scores_come_back_and_cannot_be_changed(study):
    add_series(study, "1.2.3")
    add_reading(study, "/elsewhere/READ1.reading")
    sheet = {
        Cell("A", "ramris_2003", "bone_erosion", None, "lunate"): Score(4.0),
        Cell("A", "ramris_2003", "bone_erosion", None, "hamate"): Score(None, "surgery", "plate"),
        Cell("A", "genant", "erosion", "L", "mcp2"): Score(0.5),
    }
    cell = next(iter(sheet))
    left = Annotations(
        (point(cell, id=1),),
        {(None, None): "difficult", ("A", cell): "x"},
        {cell: 2},
        {cell: "blurred"},
        {cell: 9},
    )
    case = CollectedCase("CASE1", {"seq": 7}, "seal", sheet, left, 2)
    study.add_collected("READ1", [case])
    assert study.collected("READ1") == {"CASE1": case}
    assert study.verify() == NO_ORIGINAL
    for statement in (schema.score.update().values(value="9"), schema.score.delete()):
        with pytest.raises(DatabaseError), study._store.write() as connection:
            connection.execute(statement)


def test_a_transaction_that_fails_leaves_nothing(study):
    study.put_subject(Subject("S1"))
    with pytest.raises(TitleTakenError):
        put_and_fail(study)
    assert study.subjects() == (Subject("S1"),)
    assert study.verify() == ()


def test_locking_a_round_keeps_a_checked_backup(study):
    add_series(study, "1.2.3")
    round_id, _ = add_reading(study, "x")
    study.lock_round(round_id, "nothing missing")
    assert study.round("RAMRIS").locked
    (backup,) = (study.folder / "backups").iterdir()
    with sqlite3.connect(backup) as connection:
        assert connection.execute("SELECT locked_utc FROM round").fetchone()[0]
    connection.close()


def test_a_missing_or_changed_original_is_found(study):
    study.put_subject(Subject("S1"))
    (study.originals / "here").write_bytes(b"other")
    files = [
        OriginalFile("here", "1", "00", 5, "1.2", "S1", "Late"),
        OriginalFile("gone", "2", "00", 5, "1.2", "S1", "Late"),
    ]
    study.add_images(files, ["1.2"], [])
    assert study.verify() == (
        "The original gone is missing.",
        "The original here is not as it was imported.",
    )


def test_only_one_program_writes_and_others_look(study):
    with pytest.raises(StoreLockedError):
        Study.open(study.folder)
    with Study.open(study.folder, read_only=True) as second:
        assert second.title == "A trial"


def test_a_folder_that_holds_something_is_no_place_for_a_study(tmp_path):
    (tmp_path / "note.txt").write_text("mine")
    with pytest.raises(AlreadyThereError):
        Study.create(tmp_path, "A trial")
    with pytest.raises(StoreNotFoundError):
        Study.open(tmp_path)
    (tmp_path / "study.sqlite").write_bytes(b"SQLite format 3\0" + bytes(200))
    with pytest.raises(ForeignFileError):
        Study.open(tmp_path)


def test_the_migrations_make_the_same_study_as_the_tables(tmp_path):
    migrated = tmp_path / "migrated.sqlite"
    migrated.touch()
    engine = _unguarded_engine(migrated, "1.0")
    tables = (*STUDY_KIND.metadata.sorted_tables, ALEMBIC_VERSION)
    with engine.begin() as connection:
        run_migrations(connection, STUDY_KIND)
        assert schema_problem(connection, tables, STUDY_KIND.all_triggers) is None
    engine.dispose()


def put_and_fail(study):
    with study.transaction():
        study.put_subject(Subject("S2"))
        raise TitleTakenError("RAMRIS")


def collected(seal="seal", receipt="ab" * 32):
    cell = Cell("A", "ramris_2003", "bone_erosion", None, "lunate")
    return CollectedCase("CASE1", {"seq": 7, "hash": receipt}, seal, {cell: Score(4.0)})


def request(seq=9, receipt="ab" * 32):
    return ReopenRequest("CASE1", seq, datetime(2026, 3, 1, tzinfo=UTC), receipt, "A was scored as B")


def test_a_request_is_granted_once_and_told_in_the_trail(study):
    add_series(study, "1.2.3")
    add_reading(study, "x")
    study.add_collected("READ1", [collected()])
    with pytest.raises(NotAskedError, match="CASE1 of reading READ1"):
        study.grant_reopening("READ1", "CASE1")
    assert study.add_reopening_requests("READ1", [request()]) == 1
    assert study.add_reopening_requests("READ1", [request(), request(12)]) == 1
    asked = study.reopening_requests()
    assert [(one.reading, one.case, one.seq, one.grant) for one in asked] == [
        ("READ1", "CASE1", 9, None),
        ("READ1", "CASE1", 12, None),
    ]
    grant = study.grant_reopening("READ1", "CASE1")
    assert study.grant_reopening("READ1", "CASE1") == grant
    assert study.reopening_grants("READ1") == (grant,)
    assert {one.grant for one in study.reopening_requests()} == {grant.grant}
    assert (grant.case, grant.receipt) == ("CASE1", "ab" * 32)
    assert study.verify() == NO_ORIGINAL


def test_a_new_signature_replaces_the_collected_one_and_the_old_sheet_stays(study):
    add_series(study, "1.2.3")
    add_reading(study, "x")
    first, second = collected(), collected("another", "cd" * 32)
    study.add_collected("READ1", [first])
    study.add_reopening_requests("READ1", [request()])
    study.add_collected("READ1", [second])
    assert study.collected("READ1") == {"CASE1": second}
    assert study.collected_history("CASE1") == (first, second)
    with pytest.raises(NotAskedError):  # the request was about the first signature
        study.grant_reopening("READ1", "CASE1")


@pytest.mark.parametrize(
    ("statement", "finding"),
    [
        ("UPDATE signature SET seal = 'x'", "The table signature is not what the audit trail says."),
        ("DELETE FROM reopening_request", "The table reopening_request is not what the audit trail says."),
        ("UPDATE reopening_grant SET grant_id = 'x'", "The table reopening_grant is not what"),
        ("UPDATE signature SET annotations = '[]'", "What was collected of case CASE1 cannot be read."),
        ("UPDATE score SET value = 'x'", "What was collected of case CASE1 cannot be read."),
    ],
)
def test_a_result_that_was_changed_behind_our_back_is_found(study, statement, finding):
    add_series(study, "1.2.3")
    add_reading(study, "x")
    study.add_collected("READ1", [collected()])
    study.add_reopening_requests("READ1", [request()])
    study.grant_reopening("READ1", "CASE1")
    change_behind_our_back(study.folder, statement, database="study.sqlite")
    assert any(one.startswith(finding) for one in study.verify())


@pytest.fixture
def older(tmp_path):
    """A study of version 1.0 with one collected case."""
    folder = tmp_path / "older"
    for name in ("originals", "backups", "readings"):
        (folder / name).mkdir(parents=True)
    (folder / "originals" / "f1.2.3").write_bytes(b"")
    connection = sqlite3.connect(folder / "study.sqlite")
    connection.executescript(Path(__file__).with_name("study_1_0.sql").read_text(encoding="utf-8"))
    connection.execute(f"PRAGMA application_id = {STUDY_KIND.application_id}")
    connection.execute("PRAGMA user_version = 65536")  # 1.0
    connection.close()
    return folder


def test_an_older_study_keeps_all_it_held_and_takes_what_is_new(older):
    with Study.open(older) as study:
        before = study.round("RAMRIS").plan
        assert before == replace(plan(), rules=RoundRules(), form=before.form)
        (case,) = study.collected("READ1").values()
        assert (case.code, case.seal, case.seal_version) == ("CASE1", "seal", 1)
        assert len(case.sheet) == 3
        assert case.sheet[Cell("A", "genant", "erosion", "L", "mcp2")] == Score(0.5)
        assert case.annotations == Annotations()
        assert study.collected_history("CASE1") == (case,)
        study.add_reopening_requests("READ1", [request()])
        study.grant_reopening("READ1", "CASE1")
        study.add_collected("READ1", [collected("another", "cd" * 32)])
        assert study.verify() == ("The original f1.2.3 is not as it was imported.",)
        for statement in (schema.score.update().values(value="9"), schema.signature.delete()):
            with pytest.raises(DatabaseError), study._store.write() as connection:
                connection.execute(statement)
    (kept,) = (older / "backups").iterdir()
    assert kept.name.startswith("study-1.0-")

import os
import shutil
import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import Column, ForeignKey, Integer, MetaData, Table, Text, insert, select
from sqlalchemy.exc import DatabaseError, IntegrityError

from storage import audit
from storage.engine import create_store, open_store
from storage.errors import (
    AlreadyThereError,
    DamagedStoreError,
    ForeignFileError,
    NetworkFolderError,
    NewerStoreError,
    OlderStoreError,
    ReadOnlyStoreError,
    StorageUnavailableError,
    StoreBusyError,
    StoreLockedError,
    StoreNotFoundError,
)
from storage.file_systems import is_network_type, refuse_network_folder, type_in_mountinfo
from storage.migration import backup_store, run_migrations
from storage.reading.schema import READING
from storage.sqlite_file import SETTINGS, StoreKind, in_sequence_trigger

PROJECT = Path(__file__).resolve().parents[3]


def notebook(version: tuple[int, int] = (1, 0), migrations: Path = PROJECT) -> StoreKind:
    """A kind of file that holds notes, each told of in the audit trail."""
    metadata = MetaData()
    audit.AUDIT.to_metadata(metadata)
    columns = [Column("seq", Integer, ForeignKey("audit.seq"), primary_key=True), Column("text", Text)]
    if version > (1, 0):
        columns.append(Column("colour", Text))
    Table("note", metadata, *columns)
    return StoreKind(
        name="notebook",
        application_id=0x4E4F5445,
        version=version,
        metadata=metadata,
        append_only=("audit", "note"),
        triggers=(in_sequence_trigger("audit"),),
        migrations=migrations,
        revision=f"000{version[0]}",
    )


KIND = notebook()
NOTE = KIND.metadata.tables["note"]


def add_note(store, text: str) -> None:
    with store.write() as connection:
        (entry,) = audit.append(connection, audit.Event("note.added", "me", "writer", new=text))
        connection.execute(insert(NOTE).values(seq=entry.seq, text=text))


def notes(store) -> list[str]:
    with store.read() as connection:
        return list(connection.execute(select(NOTE.c.text).order_by(NOTE.c.seq)).scalars())


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "notes.sqlite"
    create_store(path, KIND)
    return path


@pytest.fixture
def store(path: Path):
    with open_store(path, KIND) as store:
        yield store


def test_every_setting_is_kept_on_every_connection(store):
    with store.write() as first:
        connections = [first]
        with store._engine.connect() as second:
            connections.append(second)
            for connection in connections:
                found = {
                    name: str(connection.exec_driver_sql(f"PRAGMA {name}").scalar())
                    for name, _, _ in SETTINGS
                }
                assert found == {name: expected for name, _, expected in SETTINGS}


def test_a_setting_that_sqlite_ignores_is_noticed(path, monkeypatch):
    monkeypatch.setattr("storage.sqlite_file.SETTINGS", (("synchronus", "EXTRA", "3"),))
    with pytest.raises(DamagedStoreError, match="synchronus"):
        open_store(path, KIND)


def test_what_is_committed_is_there_after_reopening(path):
    with open_store(path, KIND) as store:
        add_note(store, "first")
        add_note(store, "second")
    with open_store(path, KIND) as store:
        assert notes(store) == ["first", "second"]


def test_an_error_rolls_the_whole_transaction_back(store):
    def fail_half_way() -> None:
        with store.write():
            add_note(store, "inside")
            raise RuntimeError("the caller failed")

    with pytest.raises(RuntimeError):
        fail_half_way()
    assert notes(store) == []
    add_note(store, "after")
    assert notes(store) == ["after"]


def test_a_transaction_for_reading_does_not_turn_into_one_for_writing(store):
    with pytest.raises(RuntimeError, match="cannot become"), store.read():
        add_note(store, "too late")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit SET actor = 'x'",
        "DELETE FROM note",
        "DROP TABLE note",
        "DROP TRIGGER audit_no_update",
        "ALTER TABLE note ADD COLUMN more TEXT",
        "CREATE TABLE other (a)",
        "CREATE TEMP TABLE other (a)",
        "ATTACH ':memory:' AS other",
        "PRAGMA synchronous = OFF",
        "PRAGMA recursive_triggers = OFF",
        "PRAGMA writable_schema = ON",
        "UPDATE sqlite_master SET sql = ''",
        "UPDATE alembic_version SET version_num = 'x'",
    ],
)
def test_our_own_connection_may_not(store, statement):
    add_note(store, "stays")
    with pytest.raises(DatabaseError), store.write() as connection:
        connection.exec_driver_sql(statement)
    assert notes(store) == ["stays"]


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT OR REPLACE INTO audit SELECT * FROM audit WHERE seq = 1",
        "INSERT OR REPLACE INTO note VALUES (1, 'other')",
        "INSERT INTO audit SELECT 7, utc, utc_offset_minutes, mono_ms, actor, role, session, app,"
        " schema_version, action, case_code, item, old, new, reason, prev, hash FROM audit",
    ],
)
def test_no_row_is_replaced_and_no_number_left_out(store, statement):
    add_note(store, "stays")
    with pytest.raises(IntegrityError), store.write() as connection:
        connection.exec_driver_sql(statement)
    assert notes(store) == ["stays"]


def test_triggers_refuse_changes_from_any_other_program(path, store):
    add_note(store, "stays")
    with sqlite3.connect(path) as other:
        for statement in ("UPDATE note SET text = ''", "DELETE FROM note", "DELETE FROM audit"):
            with pytest.raises(sqlite3.IntegrityError, match="stay as they are"):
                other.execute(statement)
    other.close()


def test_a_second_writer_is_refused_with_a_clear_word(path, store):
    with pytest.raises(StoreLockedError, match="open in another window or program"):
        open_store(path, KIND)


def test_a_second_process_is_refused_and_may_look(path, store):
    add_note(store, "seen")
    script = (
        "import sys; sys.path.insert(0, '.')\n"
        "from pathlib import Path\n"
        "from tests.unit.storage.test_engine import KIND, notes, open_store\n"
        "path = Path(sys.argv[1])\n"
        "with open_store(path, KIND, read_only=True) as store: print(*notes(store))\n"
        "try: open_store(path, KIND)\n"
        "except Exception as error: print(type(error).__name__)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, path], cwd=PROJECT, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["seen", "StoreLockedError"]


def test_a_file_opened_in_one_thread_and_closed_in_another_is_free_again(path):
    with ThreadPoolExecutor(1) as thread:
        store = thread.submit(open_store, path, KIND).result()
    store.close()
    open_store(path, KIND).close()


def test_looking_only_changes_nothing(path):
    with open_store(path, KIND) as store:
        add_note(store, "seen")
    before = path.read_bytes()
    with open_store(path, KIND, read_only=True) as store:
        assert notes(store) == ["seen"]
        with pytest.raises(ReadOnlyStoreError):
            add_note(store, "not")
    assert path.read_bytes() == before


def test_looking_only_needs_no_lock_file(path):
    with open_store(path, KIND, read_only=True):
        pass
    assert [entry.name for entry in path.parent.iterdir()] == [path.name]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such permissions")
def test_only_its_owner_can_read_a_file(path, store):
    assert {oct(entry.stat().st_mode & 0o777) for entry in path.parent.iterdir()} == {"0o600"}


def test_a_file_that_is_there_is_not_overwritten(path):
    before = path.read_bytes()
    with pytest.raises(AlreadyThereError):
        create_store(path, KIND)
    assert path.read_bytes() == before


def test_a_file_that_fails_to_be_filled_is_not_left_behind(tmp_path):
    def fail(_connection):
        raise RuntimeError("no")

    with pytest.raises(RuntimeError):
        create_store(tmp_path / "new.sqlite", KIND, fail)
    assert list(tmp_path.iterdir()) == []


def _text_file(path: Path) -> None:
    path.write_text("not a database, but long enough to have a header " * 10)


def _empty_file(path: Path) -> None:
    path.write_bytes(b"")


def _other_database(path: Path) -> None:
    path.unlink()
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE a (b)")
    connection.close()


def _change(*statements: str):
    def change(path: Path) -> None:
        connection = sqlite3.connect(path, isolation_level=None)
        for statement in statements:
            connection.execute(statement)
        connection.close()

    return change


@pytest.mark.parametrize(
    "spoil",
    [
        _text_file,
        _empty_file,
        _other_database,
        _change("PRAGMA journal_mode = WAL"),
        _change("DROP TRIGGER note_no_delete"),
        _change(
            "DROP TRIGGER note_no_delete",
            "CREATE TRIGGER note_no_delete BEFORE DELETE ON note BEGIN SELECT 1; END",
        ),
        _change("CREATE VIEW other AS SELECT * FROM note"),
        _change("CREATE TABLE other (a)"),
        _change("ALTER TABLE note ADD COLUMN more TEXT"),
    ],
)
def test_a_foreign_file_is_refused_untouched(path, spoil):
    spoil(path)
    before = path.read_bytes()
    with pytest.raises(ForeignFileError, match="is not a notebook of this program"):
        open_store(path, KIND)
    assert path.read_bytes() == before


@pytest.mark.parametrize("version", [2 << 16, 1 << 16 | 1])
def test_a_newer_file_is_refused_untouched(path, version):
    _change(f"PRAGMA user_version = {version}")(path)
    before = path.read_bytes()
    with pytest.raises(NewerStoreError, match="update the program"):
        open_store(path, KIND)
    assert path.read_bytes() == before
    assert [entry.name for entry in path.parent.iterdir()] == [path.name]


def test_damaged_pages_are_refused(path):
    with open_store(path, KIND) as store:
        for number in range(200):
            add_note(store, "text " * 20 + str(number))
    content = bytearray(path.read_bytes())
    half = len(content) // 2 // 4096 * 4096
    content[half : half + 4096] = b"\xff" * 4096
    path.write_bytes(content)
    with pytest.raises(DamagedStoreError):
        open_store(path, KIND)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(StoreNotFoundError, match="There is no notebook in"):
        open_store(tmp_path / "notes.sqlite", KIND)


def test_somebody_else_who_holds_the_file_is_named_after_the_wait(path, monkeypatch):
    short = tuple(
        ("busy_timeout", "1", "1") if name == "busy_timeout" else (name, value, back)
        for name, value, back in SETTINGS
    )
    monkeypatch.setattr("storage.sqlite_file.SETTINGS", short)
    other = sqlite3.connect(path, isolation_level=None)
    with open_store(path, KIND) as store:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreBusyError):
            add_note(store, "not now")
        other.execute("COMMIT")
        add_note(store, "now")
        assert notes(store) == ["now"]
    other.close()


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps an open file where it is")
def test_a_folder_that_vanishes_is_named_and_works_again_once_it_is_back(tmp_path):
    folder, away = tmp_path / "here", tmp_path / "away"
    folder.mkdir()
    create_store(folder / "notes.sqlite", KIND)
    with open_store(folder / "notes.sqlite", KIND) as store:
        add_note(store, "before")
        folder.rename(away)
        for _ in range(2):
            with pytest.raises(StorageUnavailableError, match="nothing was saved"):
                add_note(store, "lost")
        assert not folder.exists()
        away.rename(folder)
        add_note(store, "after")
        assert notes(store) == ["before", "after"]


def _kill_in_the_middle_of_a_write(path: Path) -> None:
    """Leave the journal of an unfinished transaction whose pages have already reached the file."""
    script = (
        "import os, signal, sqlite3, sys\n"
        "c = sqlite3.connect(sys.argv[1], isolation_level=None)\n"
        "c.execute('PRAGMA cache_size = 1'); c.execute('PRAGMA cache_spill = 1')\n"
        "c.execute('BEGIN IMMEDIATE')\n"
        "c.execute('DROP TRIGGER note_no_update')\n"
        "c.execute('UPDATE note SET text = zeroblob(100000)')\n"
        "os._exit(9)\n"
    )
    subprocess.run([sys.executable, "-c", script, path], check=False)
    assert path.with_name(path.name + "-journal").exists()


@pytest.mark.parametrize("read_only", [False, True])
def test_what_a_killed_program_left_half_written_is_rolled_back(path, read_only):
    with open_store(path, KIND) as store:
        for text in "abc":
            add_note(store, text)
    _kill_in_the_middle_of_a_write(path)
    with open_store(path, KIND, read_only=read_only) as store:
        assert notes(store) == ["a", "b", "c"]
    assert not path.with_name(path.name + "-journal").exists()


MOUNTS = """\
22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
30 22 0:40 / /mnt/ward rw,relatime shared:9 - cifs //server/ward rw
31 22 0:41 / /mnt/with\\040space rw - fuse.sshfs host:/ rw
32 22 8:2 / /mnt/ward/local rw - xfs /dev/sdb1 rw
"""


@pytest.mark.parametrize(
    ("folder", "kind"),
    [
        ("/home/me", "ext4"),
        ("/mnt/ward/study", "cifs"),
        ("/mnt/wardrobe", "ext4"),
        ("/mnt/with space/x", "fuse.sshfs"),
        ("/mnt/ward/local/x", "xfs"),
    ],
)
def test_the_deepest_mount_tells_the_file_system(folder, kind):
    assert type_in_mountinfo(MOUNTS, Path(folder)) == kind


@pytest.mark.parametrize("name", ["cifs", "nfs4", "9p", "smb3", "fuse.sshfs", "fuse.rclone"])
def test_network_file_systems_are_known(name):
    assert is_network_type(name)


@pytest.mark.parametrize("name", ["ext4", "xfs", "btrfs", "tmpfs", "overlay", "zfs", "fuseblk", ""])
def test_local_file_systems_are_no_network(name):
    assert not is_network_type(name)


def test_a_network_share_is_refused_with_the_reason(path, monkeypatch):
    monkeypatch.setattr("storage.file_systems.file_system_type", lambda _folder: "cifs")
    with pytest.raises(NetworkFolderError, match="network share"):
        open_store(path, KIND)


def test_a_folder_that_a_cloud_service_mirrors_is_refused(tmp_path):
    (tmp_path / ".dropbox").mkdir()
    (tmp_path / "study").mkdir()
    with pytest.raises(NetworkFolderError, match="cloud"):
        refuse_network_folder(tmp_path / "study")


def _schema(path: Path) -> set[tuple[str, str, str]]:
    connection = sqlite3.connect(path)
    rows = connection.execute(
        "SELECT type, name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'"
    ).fetchall()
    connection.close()
    return {(kind, name, " ".join(sql.split())) for kind, name, sql in rows}


def test_the_baseline_migration_makes_the_same_reading_as_the_tables(tmp_path):
    from storage.migration import _unguarded_engine

    create_store(tmp_path / "created.sqlite", READING)
    migrated = tmp_path / "migrated.sqlite"
    migrated.touch()
    engine = _unguarded_engine(migrated, "1.0")
    with engine.begin() as connection:
        run_migrations(connection, READING)
        head = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
    engine.dispose()
    assert head == READING.revision
    assert _schema(migrated) == _schema(tmp_path / "created.sqlite")


def test_a_backup_of_an_open_file_holds_all_of_it(path, store):
    add_note(store, "kept")
    backup_store(path, path.with_name("backup.sqlite"))
    with open_store(path.with_name("backup.sqlite"), KIND, read_only=True) as backup:
        assert notes(backup) == ["kept"]


def test_a_damaged_file_leaves_no_backup_behind(path):
    path.write_bytes(path.read_bytes()[:4096] + b"\xff" * 8192)
    with pytest.raises(DamagedStoreError):
        backup_store(path, path.with_name("backup.sqlite"))
    assert [entry.name for entry in path.parent.iterdir()] == [path.name]


@pytest.fixture
def next_kind(tmp_path) -> StoreKind:
    """The notebook of the next version: its notes have a colour."""
    migrations = tmp_path / "migrations"
    shutil.copytree(READING.migrations, migrations, ignore=shutil.ignore_patterns("versions", "__pycache__"))
    (migrations / "versions").mkdir()
    first = "revision = '0001'\ndown_revision = None\ndef upgrade(): pass\n"
    second = (
        "import sqlalchemy as sa\nfrom alembic import op\n"
        "revision = '0002'\ndown_revision = '0001'\n"
        "def upgrade(): op.add_column('note', sa.Column('colour', sa.Text))\n"
    )
    (migrations / "versions" / "first.py").write_text(first)
    (migrations / "versions" / "second.py").write_text(second)
    return notebook((2, 0), migrations)


def test_an_older_file_is_brought_up_to_date_and_the_old_one_kept(path, next_kind):
    with open_store(path, KIND) as store:
        add_note(store, "from before")
    with open_store(path, next_kind) as store:
        assert notes(store) == ["from before"]
        with store.read() as connection:
            assert audit.verify_chain(connection) == ()
            assert audit.entries(connection)[-1].action == "store.migrated"
    (kept,) = (path.parent / "backups").iterdir()
    with open_store(kept, KIND, read_only=True) as store:
        assert notes(store) == ["from before"]
    assert {entry.name for entry in path.parent.iterdir()} == {
        path.name,
        f"{path.name}.lock",
        "backups",
        "migrations",
    }


def test_an_older_file_is_not_changed_by_looking(path, next_kind):
    before = path.read_bytes()
    with pytest.raises(OlderStoreError):
        open_store(path, next_kind, read_only=True)
    assert path.read_bytes() == before


def test_a_migration_that_fails_leaves_the_file_as_it_was(path, next_kind):
    (next_kind.migrations / "versions" / "second.py").write_text(
        "from alembic import op\nrevision = '0002'\ndown_revision = '0001'\n"
        "def upgrade():\n    op.execute('CREATE TABLE half (a)')\n    raise RuntimeError('half-way')\n"
    )
    before = path.read_bytes()
    with pytest.raises(RuntimeError, match="half-way"):
        open_store(path, next_kind)
    assert path.read_bytes() == before
    with open_store(path, KIND) as store:
        assert notes(store) == []

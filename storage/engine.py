"""Opens and creates a study's or reading's SQLite file, and gives out transactions.

Everything that is SQLite's alone stands here: settings of a connection (each set and read back,
since SQLite ignores an unknown one silently), triggers, authorizer, marks in the file's header, and
the lock that leaves one writer to a file. Source: sqlite.org/pragma, /c3ref/set_authorizer; the
reasons for each setting are in the project's notes on blinding and integrity.
"""

from __future__ import annotations

import os
import sqlite3
import sys
import threading
from collections.abc import Callable, Generator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from filelock import FileLock, Timeout
from sqlalchemy import (
    Column,
    Connection,
    Engine,
    MetaData,
    PrimaryKeyConstraint,
    QueuePool,
    String,
    Table,
    create_engine,
    insert,
)
from sqlalchemy.exc import DBAPIError

from storage.arrays import disk_error, disk_errors, sync_folder
from storage.errors import (
    AlreadyThereError,
    DamagedStoreError,
    ForeignFileError,
    NewerStoreError,
    OlderStoreError,
    ReadOnlyStoreError,
    StorageError,
    StorageFullError,
    StorageUnavailableError,
    StoreBusyError,
    StoreLockedError,
    StoreNotFoundError,
)
from storage.file_systems import refuse_network_folder
from storage.schema_check import schema_problem

SETTINGS: tuple[tuple[str, str, str], ...] = (
    # name, value to set, value read back; order matters: the wait comes first
    ("busy_timeout", "5000", "5000"),
    ("journal_mode", "DELETE", "delete"),
    ("synchronous", "EXTRA", "3"),
    ("foreign_keys", "ON", "1"),
    ("recursive_triggers", "ON", "1"),
    ("trusted_schema", "OFF", "0"),
    ("cell_size_check", "ON", "1"),
    ("mmap_size", "0", "0"),
    ("secure_delete", "ON", "1"),
    *((("fullfsync", "ON", "1"),) if sys.platform == "darwin" else ()),
)

ALEMBIC_VERSION = Table(  # as Alembic makes it
    "alembic_version",
    MetaData(),
    Column("version_num", String(32), nullable=False),
    PrimaryKeyConstraint("version_num", name="alembic_version_pkc"),
)

_HEADER_BYTES = 100
_MAGIC = b"SQLite format 3\x00"
_ALLOWED_ACTIONS = frozenset(
    {
        sqlite3.SQLITE_SELECT,
        sqlite3.SQLITE_READ,
        sqlite3.SQLITE_INSERT,
        sqlite3.SQLITE_UPDATE,
        sqlite3.SQLITE_DELETE,
        sqlite3.SQLITE_FUNCTION,
        sqlite3.SQLITE_TRANSACTION,
        sqlite3.SQLITE_SAVEPOINT,
        sqlite3.SQLITE_RECURSIVE,
        sqlite3.SQLITE_PRAGMA,
    }
)
_LOOKING_PRAGMAS = frozenset(
    {"table_info", "table_xinfo", "index_list", "foreign_key_list", "quick_check", "integrity_check"}
)


@dataclass(frozen=True, eq=False)
class StoreKind:
    """What makes a file one of ours: a study's, or a reading's.

    ``append_only`` tables take new rows and never lose or change one. ``triggers`` are further
    CREATE TRIGGER statements by name. ``migrations`` is the Alembic folder and ``revision`` its head.
    """

    name: str
    application_id: int
    version: tuple[int, int]
    metadata: MetaData
    append_only: tuple[str, ...]
    triggers: tuple[str, ...]
    migrations: Path
    revision: str

    @property
    def user_version(self) -> int:
        """The version as the header holds it: major in the upper 16 bits, minor below."""
        return self.version[0] << 16 | self.version[1]

    @property
    def all_triggers(self) -> tuple[str, ...]:
        """Every CREATE TRIGGER statement of such a file."""
        return tuple(sql for table in self.append_only for sql in append_only_triggers(table)) + self.triggers


def append_only_triggers(table: str) -> tuple[str, str]:
    """Return the triggers that refuse to change or remove a row of *table*; REPLACE removes, too."""
    return tuple(  # pyright: ignore[reportReturnType]
        f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table}"
        f" BEGIN SELECT RAISE(ABORT, '{table} rows stay as they are'); END"
        for verb in ("UPDATE", "DELETE")
    )


def in_sequence_trigger(table: str, column: str = "seq") -> str:
    """Return the trigger that refuses any row of *table* but the next one, without a gap."""
    return (
        f"CREATE TRIGGER {table}_in_sequence BEFORE INSERT ON {table}"
        f" WHEN NEW.{column} IS NOT (SELECT coalesce(max({column}), 0) + 1 FROM {table})"
        f" BEGIN SELECT RAISE(ABORT, '{table} rows come one after the other'); END"
    )


class Store:
    """An open file that gives out transactions; one writer a file, each thread its own connection."""

    def __init__(self, path: Path, kind: StoreKind, engine: Engine, lock: FileLock | None) -> None:
        self.path, self.kind = path, kind
        self._engine = engine
        self._lock = lock
        self._current = threading.local()

    @property
    def read_only(self) -> bool:
        """Whether it was opened for looking only."""
        return self._lock is None

    @contextmanager
    def write(self) -> Generator[Connection]:
        """Give a connection in a transaction that is committed at the end, or rolled back by an error.

        Inside another one of the same thread it joins that one.

        Raises:
            ReadOnlyStoreError: The store is open for looking only.
            StorageFullError, StorageUnavailableError, StoreBusyError, DamagedStoreError: Nothing was
                saved; the next transaction starts on a fresh connection.
        """
        if self.read_only:
            raise ReadOnlyStoreError(self.path)
        outer: Connection | None = getattr(self._current, "connection", None)
        if outer is not None:
            if not self._current.writes:
                raise RuntimeError("a transaction for reading cannot become one for writing")
            yield outer
            return
        with self._transaction(writes=True) as connection:
            yield connection

    @contextmanager
    def read(self) -> Generator[Connection]:
        """Give a connection that sees one state of the file; inside a transaction it joins that one."""
        outer: Connection | None = getattr(self._current, "connection", None)
        if outer is not None:
            yield outer
            return
        with self._transaction(writes=False) as connection:
            yield connection

    @contextmanager
    def _transaction(self, *, writes: bool) -> Generator[Connection]:
        try:
            with database_errors(self.path), _begin(self._engine, writes=writes) as connection:
                self._current.connection, self._current.writes = connection, writes
                try:
                    yield connection
                finally:
                    self._current.connection = None
        except StorageError:
            self._engine.dispose()  # a connection that saw a disk error is not used again
            raise

    def close(self) -> None:
        """Close every connection and let others write."""
        self._engine.dispose()
        if self._lock is not None:
            self._lock.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def open_store(path: Path, kind: StoreKind, *, read_only: bool = False) -> Store:
    """Open a file of ours, after checking that it is one; an older one is brought up to date first.

    Raises:
        StoreNotFoundError, ForeignFileError, NewerStoreError, DamagedStoreError: It is not, or is
            broken; not a byte was changed.
        NetworkFolderError: It does not lie on a local disk.
        StoreLockedError: Another process has it open for writing (never when *read_only*).
        OlderStoreError: It is *read_only* and would have to be brought up to date.
    """
    path = path.absolute()
    refuse_network_folder(path.parent)
    found = read_version(path, kind)
    lock = None if read_only else _take_lock(path, kind)
    try:
        if found < kind.user_version:
            if read_only:
                raise OlderStoreError(path, kind.name, version_text(found))
            from storage.migration import upgrade_store

            upgrade_store(path, kind)
        if read_only:
            _finish_interrupted_write(path, kind)
        store = Store(path, kind, _new_engine(path, kind, read_only=read_only), lock)
        try:
            _check_content(store)
        except BaseException:
            store.close()
            raise
    except BaseException:
        if lock is not None:
            lock.release()
        raise
    return store


def create_store(path: Path, kind: StoreKind, fill: Callable[[Connection], None] | None = None) -> None:
    """Create a new file of ours and let *fill* write its first rows, all in one transaction.

    Raises:
        AlreadyThereError: Something is there already.
        NetworkFolderError: *path* is not on a local disk.
        StorageFullError, StorageUnavailableError: Nothing was created.
    """
    path = path.absolute()
    refuse_network_folder(path.parent)
    with disk_errors(path):
        try:
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        except FileExistsError:
            raise AlreadyThereError(path) from None
    engine = _new_engine(path, kind, read_only=False, guarded=False)
    try:
        with database_errors(path), disk_errors(path):
            with _begin(engine, writes=True) as connection:
                create_schema(connection, kind)
                connection.execute(insert(ALEMBIC_VERSION).values(version_num=kind.revision))
                connection.exec_driver_sql(f"PRAGMA application_id = {kind.application_id}")
                connection.exec_driver_sql(f"PRAGMA user_version = {kind.user_version}")
                if fill is not None:
                    fill(connection)
            with closing(connect(path)) as fresh:
                fresh.execute("VACUUM")
            sync_folder(path.parent)
    except BaseException:
        engine.dispose()
        path.unlink(missing_ok=True)
        raise
    finally:
        engine.dispose()


def create_schema(connection: Connection, kind: StoreKind) -> None:
    """Create every table and trigger of *kind* in the caller's transaction."""
    kind.metadata.create_all(connection, checkfirst=False)
    ALEMBIC_VERSION.create(connection)
    for trigger in kind.all_triggers:
        connection.exec_driver_sql(trigger)


def connect(path: Path, *, read_only: bool = False) -> sqlite3.Connection:
    """Return a driver connection with every setting set and read back; it never creates a file.

    Raises:
        DamagedStoreError: SQLite does not keep to a setting; nothing may be written like that.
    """
    mode = "ro" if read_only else "rw"
    connection = sqlite3.connect(
        f"{path.as_uri()}?mode={mode}", uri=True, isolation_level=None, check_same_thread=False, timeout=5
    )
    try:
        for name, value, expected in SETTINGS:
            connection.execute(f"PRAGMA {name} = {value}").close()
            row = connection.execute(f"PRAGMA {name}").fetchone()
            if str(row[0] if row else "0") != expected:
                raise DamagedStoreError(path, f"SQLite refuses the setting {name} = {value}")
        if read_only:
            connection.execute("PRAGMA query_only = ON")
    except BaseException:
        connection.close()
        raise
    return connection


def read_version(path: Path, kind: StoreKind) -> int:
    """Return the user version in a file's header, read as bytes: no foreign file is opened as a database.

    Raises:
        StoreNotFoundError: There is no such file.
        ForeignFileError: It is not a file of this kind.
        NewerStoreError: A newer program made it.
    """
    if not path.is_file():
        raise StoreNotFoundError(path, kind.name)
    with disk_errors(path), path.open("rb") as file:
        header = file.read(_HEADER_BYTES)
    if len(header) < _HEADER_BYTES or not header.startswith(_MAGIC):
        raise ForeignFileError(path, kind.name, "it is no SQLite database")
    if int.from_bytes(header[68:72]) != kind.application_id:
        raise ForeignFileError(path, kind.name, "its application mark is another")
    if header[18:20] != b"\x01\x01":
        raise ForeignFileError(path, kind.name, "its journal is not of the kind this program writes")
    found = int.from_bytes(header[60:64])
    if found > kind.user_version:
        raise NewerStoreError(path, kind.name, version_text(found), version_text(kind.user_version))
    return found


def version_text(user_version: int) -> str:
    """Return ``"1.0"``."""
    return f"{user_version >> 16}.{user_version & 0xFFFF}"


@contextmanager
def database_errors(path: Path) -> Generator[None]:
    """Turn what SQLite says about a disk or a damaged file into our errors; other failures are bugs."""
    try:
        yield
    except (DBAPIError, sqlite3.Error) as error:
        meaning = _meaning_of(error, path)
        if meaning is None:
            raise
        raise meaning from error


def _meaning_of(error: DBAPIError | sqlite3.Error, path: Path) -> StorageError | None:
    cause = error.orig if isinstance(error, DBAPIError) else error
    code = getattr(cause, "sqlite_errorcode", None)
    match None if code is None else code & 0xFF:
        case sqlite3.SQLITE_FULL:
            return StorageFullError(path)
        case sqlite3.SQLITE_IOERR:
            return StorageUnavailableError(path, "the disk is full, failing or gone")
        case sqlite3.SQLITE_CANTOPEN:
            return StorageUnavailableError(path, "the folder or file is gone or may not be opened")
        case sqlite3.SQLITE_READONLY:
            return StorageUnavailableError(path, "the file was moved or may not be written")
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return StoreBusyError(path)
        case sqlite3.SQLITE_CORRUPT | sqlite3.SQLITE_NOTADB:
            return DamagedStoreError(path, "SQLite cannot read it")
        case _:
            return None


def _new_engine(path: Path, kind: StoreKind, *, read_only: bool, guarded: bool = True) -> Engine:
    def new_connection() -> sqlite3.Connection:
        connection = connect(path, read_only=read_only)
        if guarded:
            connection.set_authorizer(_authorizer(kind))
        return connection

    return create_engine(
        "sqlite://",
        creator=new_connection,
        poolclass=QueuePool,
        execution_options={"schema_version": version_text(kind.user_version)},
    )


@contextmanager
def _begin(engine: Engine, *, writes: bool) -> Generator[Connection]:
    """Start the transaction ourselves: the driver would not do so before SELECT or DDL.

    Not in a listener of the engine: with one, SQLAlchemy asks for listeners at every statement.
    """
    with engine.begin() as connection:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
        yield connection


def _authorizer(kind: StoreKind) -> Callable[..., int]:
    """Return the function SQLite asks before it prepares a statement: no DDL, ATTACH or settings."""
    kept = {*kind.append_only, "sqlite_master", "sqlite_schema", "alembic_version"}

    def decide(action: int, first: str | None, second: str | None, *_: Any) -> int:
        if action not in _ALLOWED_ACTIONS:
            return sqlite3.SQLITE_DENY
        if action in (sqlite3.SQLITE_UPDATE, sqlite3.SQLITE_DELETE) and (first or "").lower() in kept:
            return sqlite3.SQLITE_DENY
        if (
            action == sqlite3.SQLITE_PRAGMA
            and second is not None
            and (first or "").lower() not in _LOOKING_PRAGMAS
        ):
            return sqlite3.SQLITE_DENY
        return sqlite3.SQLITE_OK

    return decide


def _take_lock(path: Path, kind: StoreKind) -> FileLock:
    lock = FileLock(path.with_name(path.name + ".lock"), timeout=0, mode=0o600, thread_local=False)
    try:
        lock.acquire()
    except Timeout:
        raise StoreLockedError(path, kind.name) from None
    except OSError as error:
        raise disk_error(path, error) from error
    return lock


def _finish_interrupted_write(path: Path, kind: StoreKind) -> None:
    """Roll back what a killed program left half-written: a read-only connection could not."""
    if not path.with_name(path.name + "-journal").exists():
        return
    with suppress(StoreLockedError):  # somebody is writing just now: the journal is theirs
        lock = _take_lock(path, kind)
        try:
            with database_errors(path), closing(connect(path)) as connection:
                connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        finally:
            lock.release()


def _check_content(store: Store) -> None:
    """Check that a file has exactly the schema of its kind and that its pages hang together."""
    tables = (*store.kind.metadata.sorted_tables, ALEMBIC_VERSION)
    with store.read() as connection:
        problem = schema_problem(connection, tables, store.kind.all_triggers)
        if problem is not None:
            raise ForeignFileError(store.path, store.kind.name, problem)
        verdict = connection.exec_driver_sql("PRAGMA quick_check(1)").scalar()
        if verdict != "ok":
            raise DamagedStoreError(store.path, "its pages do not hang together")

"""Opens and creates a study's or reading's SQLite file, and gives out transactions.

A guarded connection may look and change rows, nothing else; a lock leaves one writer to a file. Source:
sqlite.org/c3ref/set_authorizer.
"""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Callable, Generator
from contextlib import closing, contextmanager, suppress
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

from storage.arrays import disk_error, disk_errors, sync_folder
from storage.errors import (
    AlreadyThereError,
    DamagedStoreError,
    ForeignFileError,
    OlderStoreError,
    ReadOnlyStoreError,
    StorageError,
    StoreLockedError,
)
from storage.file_systems import refuse_network_folder
from storage.migration import upgrade_store
from storage.schema_check import schema_problem
from storage.sqlite_file import StoreKind, connect, database_errors, read_version, version_text

ALEMBIC_VERSION = Table(  # as Alembic makes it
    "alembic_version",
    MetaData(),
    Column("version_num", String(32), nullable=False),
    PrimaryKeyConstraint("version_num", name="alembic_version_pkc"),
)

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

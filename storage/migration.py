"""Brings an older file up to date: on a copy, checked, then renamed over; the old file is kept.

There is no way down: going back means taking the kept file. Alembic is imported only here.
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Connection, Engine, NullPool, create_engine

from storage.arrays import disk_errors, sync_folder
from storage.audit import Event, append, verify_chain
from storage.errors import DamagedStoreError
from storage.sqlite_file import StoreKind, connect, database_errors, read_version, version_text

BACKUPS = "backups"


def upgrade_store(path: Path, kind: StoreKind) -> Path:
    """Bring *path* to the version of *kind* and return where the old file is kept; the caller holds its lock.

    Raises:
        DamagedStoreError: Old or upgraded file does not pass its checks; *path* is as it was.
        StorageFullError, StorageUnavailableError: As it says; *path* is as it was.
    """
    found = version_text(read_version(path, kind))
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
    kept = path.parent / BACKUPS / f"{path.stem}-{found}-{stamp}{path.suffix}"
    upgraded = path.with_name(f".{path.name}.upgrade")
    with disk_errors(path):
        kept.parent.mkdir(mode=0o700, exist_ok=True)
        upgraded.unlink(missing_ok=True)
    try:
        backup_store(path, kept)
        backup_store(path, upgraded)
        _migrate(upgraded, kind, found)
        with disk_errors(path):
            os.replace(upgraded, path)  # noqa: PTH105 - the name says that it replaces
            sync_folder(path.parent)
    finally:
        upgraded.unlink(missing_ok=True)
    return kept


def upgraded_copy(path: Path, kind: StoreKind, target: Path) -> None:
    """Copy a file of an older version to *target* in the version of *kind*; *path* stays as it is.

    Raises:
        DamagedStoreError: Old or upgraded file does not pass its checks; nothing is left at *target*.
        StorageFullError, StorageUnavailableError: *target* cannot be written.
    """
    found = version_text(read_version(path, kind))
    backup_store(path, target)
    try:
        _migrate(target, kind, found)
    except BaseException:
        target.unlink(missing_ok=True)
        raise


def backup_store(path: Path, target: Path) -> None:
    """Copy a file of ours, open or not, to *target* with SQLite's backup, and check the copy.

    Raises:
        DamagedStoreError: The copy does not pass SQLite's integrity check; it is removed.
        StorageFullError, StorageUnavailableError: *target* cannot be written.
    """
    with disk_errors(target):
        os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    try:
        with database_errors(path):
            with closing(connect(path)) as source, closing(sqlite3.connect(target)) as copy:
                source.backup(copy)
            with closing(connect(target)) as copy:
                _check_integrity(copy, path)
        with disk_errors(target), target.open("rb+") as file:
            os.fsync(file.fileno())
            sync_folder(target.parent)
    except BaseException:
        target.unlink(missing_ok=True)
        raise


def run_migrations(connection: Connection, kind: StoreKind) -> None:
    """Run every migration that the database behind *connection* lacks, in the caller's transaction."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(kind.migrations).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _migrate(path: Path, kind: StoreKind, old_version: str) -> None:
    engine = _unguarded_engine(path, version_text(kind.user_version))
    try:
        with database_errors(path), engine.begin() as connection:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            run_migrations(connection, kind)
            connection.exec_driver_sql(f"PRAGMA user_version = {kind.user_version}")
            new_version = version_text(kind.user_version)
            append(
                connection, Event("store.migrated", "program", "program", old=old_version, new=new_version)
            )
            findings = verify_chain(connection)
        if findings:
            raise DamagedStoreError(path, findings[0].rstrip("."))
    finally:
        engine.dispose()
    with database_errors(path), closing(connect(path)) as upgraded:
        _check_integrity(upgraded, path)


def _unguarded_engine(path: Path, schema_version: str) -> Engine:
    options = {"schema_version": schema_version}
    return create_engine(
        "sqlite://", creator=lambda: connect(path), poolclass=NullPool, execution_options=options
    )


def _check_integrity(connection: sqlite3.Connection, path: Path) -> None:
    verdict = connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
    if verdict != "ok":
        raise DamagedStoreError(path, "its pages do not hang together")
    if connection.execute("PRAGMA foreign_key_check").fetchone() is not None:
        raise DamagedStoreError(path, "a row points to one that is not there")

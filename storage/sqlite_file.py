"""What makes a SQLite file one of ours: its marks, settings and triggers, and what its failures mean.

Each setting of a connection is set and read back, since SQLite ignores an unknown one silently. Source:
sqlite.org/pragma; the reasons for each setting are in the project's notes on blinding and integrity.
"""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import MetaData
from sqlalchemy.exc import DBAPIError

from storage.arrays import disk_errors
from storage.errors import (
    DamagedStoreError,
    ForeignFileError,
    NewerStoreError,
    StorageError,
    StorageFullError,
    StorageUnavailableError,
    StoreBusyError,
    StoreNotFoundError,
)

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

_HEADER_BYTES = 100
_MAGIC = b"SQLite format 3\x00"


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

"""Holds the schema of a file against the one it should have: a file from elsewhere can carry anything.

Columns are compared one by one, not as SQL text, since that text may differ between SQLAlchemy versions.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import sqlite

_OBJECTS = "SELECT type, name, sql FROM sqlite_master WHERE name NOT GLOB 'sqlite_*'"


def schema_problem(connection: Connection, tables: Sequence[Table], triggers: Sequence[str]) -> str | None:
    """Return in a few words where a file differs from these tables and CREATE TRIGGER statements, or None."""
    found = {(kind, name): _one_line(sql or "") for kind, name, sql in connection.exec_driver_sql(_OBJECTS)}
    wanted_triggers = {("trigger", sql.split()[2]): _one_line(sql) for sql in triggers}
    indexes = {("index", str(index.name)) for table in tables for index in table.indexes}
    wanted = {("table", table.name) for table in tables} | indexes | set(wanted_triggers)
    for kind, name in sorted(wanted ^ set(found)):
        return f"it {'has an unknown' if (kind, name) in found else 'lacks the'} {kind} {name}"
    for key, sql in wanted_triggers.items():
        if found[key] != sql:
            return f"its trigger {key[1]} is another"
    for table in tables:
        columns = connection.exec_driver_sql(f'PRAGMA table_xinfo("{table.name}")')
        if [tuple(column[1:]) for column in columns] != _wanted_columns(table):
            return f"its table {table.name} has other columns"
    return None


def _wanted_columns(table: Table) -> list[tuple[Any, ...]]:
    """Return name, type, not null, default, place in the key, hidden of each column, as table_xinfo does."""
    dialect = sqlite.dialect()
    keys = [column.name for column in table.primary_key.columns]
    return [
        (
            column.name,
            column.type.compile(dialect),
            int(not column.nullable),
            None,
            keys.index(column.name) + 1 if column.name in keys else 0,
            0,
        )
        for column in table.columns
    ]


def _one_line(sql: str) -> str:
    return " ".join(sql.split())

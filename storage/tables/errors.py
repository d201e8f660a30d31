"""What keeps an export from being written."""

from __future__ import annotations

from storage.errors import StorageError


class ExportExistsError(StorageError):
    """An export would overwrite a file."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{name} is already there; exports never overwrite. Choose an empty folder.")
        self.name = name


class ExportTooLargeError(StorageError):
    """A table does not fit into a format."""

    def __init__(self, table: str, what: str, limit: int, format_name: str) -> None:
        super().__init__(
            f"The table {table} has {what}; {format_name} holds {limit:,}. Nothing was written: "
            f"leave {format_name} out, CSV holds everything."
        )
        self.table, self.limit, self.format_name = table, limit, format_name

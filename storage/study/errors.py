"""What can go wrong with a study."""

from __future__ import annotations

from collections.abc import Sequence

from storage.errors import StorageError

LONGEST_NAME = 120


class TitleTakenError(StorageError):
    """A round's title is in use; titles are unique in a study."""

    def __init__(self, title: str) -> None:
        super().__init__(f"This study has a round {title!r} already; choose another title.")
        self.title = title


class UnknownRoundError(StorageError):
    """The study has no such round."""

    def __init__(self, name: str, known: Sequence[str]) -> None:
        choice = f"use one of {', '.join(known)}" if known else "it has no round yet"
        super().__init__(f"This study has no round {name!r}; {choice}.")
        self.name, self.known = name, tuple(known)


class BadNameError(StorageError):
    """A title, label or code that cannot stand in lists and tables."""

    def __init__(self, what: str) -> None:
        super().__init__(f"{what} is one line of 1 to {LONGEST_NAME} characters without spaces around it.")
        self.what = what


class BadWeekError(StorageError):
    """A visit's week is no number."""

    def __init__(self, label: str) -> None:
        super().__init__(f"The week of the visit {label!r} is not a finite number.")
        self.label = label


class NotAskedError(StorageError):
    """A grant is to answer a request, and there is none."""

    def __init__(self, reading: str, case: str) -> None:
        super().__init__(
            f"Nobody has asked to reopen case {case} of reading {reading} as it was collected last;"
            " collect the reading with its request first."
        )
        self.reading, self.case = reading, case

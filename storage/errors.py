"""What can go wrong with a study or a reading on disk, each with the facts a sentence needs."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scoring_forms.domain.score import Cell


class StorageError(Exception):
    """Base of every expected failure in this package; its text is one plain sentence or two."""


class StoreNotFoundError(StorageError):
    """There is no store where one was expected."""

    def __init__(self, path: Path, kind: str) -> None:
        super().__init__(f"There is no {kind} in {path.parent}.")
        self.path, self.kind = path, kind


class AlreadyThereError(StorageError):
    """Something stands where a new store or folder was to be made."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"{path} exists already; choose another place.")
        self.path = path


class StoreLockedError(StorageError):
    """Another process has this store open for writing."""

    def __init__(self, path: Path, kind: str) -> None:
        super().__init__(
            f"This {kind} is open in another window or program: {path.parent}. Close it there first."
        )
        self.path, self.kind = path, kind


class StoreBusyError(StorageError):
    """Somebody else was reading or writing for longer than we wait."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"{path} is in use by another program; nothing was saved. Try again.")
        self.path = path


class ReadOnlyStoreError(StorageError):
    """A change was asked of a store that is open for looking only."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"{path} is open for looking only.")
        self.path = path


class ForeignFileError(StorageError):
    """A file is not one of ours, or not built as ours are."""

    def __init__(self, path: Path, kind: str, problem: str) -> None:
        super().__init__(f"{path} is not a {kind} of this program: {problem}.")
        self.path, self.kind, self.problem = path, kind, problem


class NewerStoreError(StorageError):
    """A newer program made this store; it is left untouched."""

    def __init__(self, path: Path, kind: str, found: str, known: str) -> None:
        super().__init__(
            f"{path} was made by a newer version of this program (its {kind} version is {found},"
            f" known up to {known}); update the program to open it."
        )
        self.path, self.kind, self.found, self.known = path, kind, found, known


class OlderStoreError(StorageError):
    """An older program made this store, and it may not be brought up to date now."""

    def __init__(self, path: Path, kind: str, found: str) -> None:
        super().__init__(
            f"{path} has the older {kind} version {found}; open it for writing once to bring it up to date."
        )
        self.path, self.kind, self.found = path, kind, found


class NetworkFolderError(StorageError):
    """A database lies where locks and flushes cannot be trusted."""

    def __init__(self, folder: Path, reason: str) -> None:
        super().__init__(
            f"{folder} is {reason}, where scores could be lost;"
            " copy the whole folder to a local disk and open it there."
        )
        self.folder, self.reason = folder, reason


class DamagedStoreError(StorageError):
    """A database or one of its files is not as it was written."""

    def __init__(self, path: Path, problem: str) -> None:
        super().__init__(f"{path} is damaged: {problem}.")
        self.path, self.problem = path, problem


class StorageFullError(StorageError):
    """The disk has no room; the last change was not saved."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"No room is left on the disk of {path}; nothing was saved. Make room and try again."
        )
        self.path = path


class StorageUnavailableError(StorageError):
    """The disk or folder cannot be reached or written; the last change was not saved."""

    def __init__(self, path: Path, problem: str) -> None:
        super().__init__(f"{path} cannot be used ({problem}); nothing was saved.")
        self.path, self.problem = path, problem


class UnknownCaseError(StorageError):
    """The reading has no case of this code."""

    def __init__(self, code: str) -> None:
        super().__init__(f"This reading has no case {code!r}.")
        self.code = code


class CaseSignedError(StorageError):
    """A signed case is locked."""

    def __init__(self, code: str) -> None:
        super().__init__(f"Case {code} is signed and locked.")
        self.code = code


class IncompleteCaseError(StorageError):
    """A case cannot be signed while cells are empty."""

    def __init__(self, code: str, missing: Sequence[Cell]) -> None:
        entries = "1 entry is" if len(missing) == 1 else f"{len(missing)} entries are"
        super().__init__(f"Case {code} is not complete: {entries} missing.")
        self.code, self.missing = code, tuple(missing)


class PasswordTooShortError(StorageError):
    """A new password is shorter than the minimum."""

    def __init__(self, minimum: int) -> None:
        super().__init__(f"The password is too short: use at least {minimum} characters.")
        self.minimum = minimum


class WrongPasswordError(StorageError):
    """The password is not the one this reading was first signed with."""

    def __init__(self) -> None:
        super().__init__("The password is not right; nothing was signed.")


class PasswordDelayError(StorageError):
    """Too many wrong passwords; the next attempt has to wait."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"Too many wrong passwords: wait {seconds} seconds before the next attempt.")
        self.seconds = seconds


class TamperedError(StorageError):
    """The audit trail or the scores are not as they were written; nothing may be signed."""

    def __init__(self, path: Path, findings: Sequence[str]) -> None:
        super().__init__(f"{path} does not pass its check: {findings[0]}")
        self.path, self.findings = path, tuple(findings)


class BadGrantError(StorageError):
    """A file is no leave to reopen a case."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"{path} does not reopen a case; ask the coordinator for the file again.")
        self.path = path


class WrongGrantError(StorageError):
    """A grant does not lift the signature that a case has."""

    def __init__(self, code: str) -> None:
        super().__init__(
            f"This file does not reopen case {code} as it is signed now; ask the coordinator for a new one."
        )
        self.code = code


class OldRefusalError(StorageError):
    """A refusal is not about the signature that a case has."""

    def __init__(self, code: str) -> None:
        super().__init__(
            f"This file answers an earlier request, as case {code} was signed again since; ask anew."
        )
        self.code = code


class CaseNotSignedError(StorageError):
    """A case cannot be reopened while it is open."""

    def __init__(self, code: str) -> None:
        super().__init__(f"Case {code} is not signed; it can be changed as it is.")
        self.code = code


class ReasonNeededError(StorageError):
    """A change of a reopened case, a request or an override lacks its reason."""

    def __init__(self, code: str) -> None:
        super().__init__(f"Case {code}: say in a few words why.")
        self.code = code


class UnknownMarkError(StorageError):
    """A case has no mark of this number."""

    def __init__(self, code: str, mark_id: int) -> None:
        super().__init__(f"Case {code} has no mark {mark_id}.")
        self.code, self.mark_id = code, mark_id


class MissingEvidenceError(StorageError):
    """A case cannot be signed while scores lack the marks that the round requires."""

    def __init__(self, code: str, cells: Sequence[Cell]) -> None:
        scores = "1 score lacks" if len(cells) == 1 else f"{len(cells)} scores lack"
        super().__init__(f"Case {code} is not complete: {scores} the marks that this round requires.")
        self.code, self.cells = code, tuple(cells)


class ConfidenceNotAskedError(StorageError):
    """A reader would state how sure they are in a round that does not ask for it."""

    def __init__(self) -> None:
        super().__init__("This round does not ask how sure the reader is of a score.")

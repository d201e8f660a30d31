"""Expected error → words for the user. Windows and command line print the same ones.

Every expected error of ours carries a complete sentence without patient data; what stands here adds
what to do about it, where the sentence alone leaves that open.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import singledispatch

from reader_app.workflow.errors import WorkflowError
from scoring_forms.domain.errors import ScoringError
from storage.errors import (
    DamagedStoreError,
    IncompleteCaseError,
    StorageError,
    TamperedError,
    WrongPasswordError,
)
from viewer.imaging.errors import ImagingError, WorkerFailedError


@dataclass(frozen=True, slots=True)
class Message:
    """What happened, and what to do about it."""

    what: str
    what_to_do: str = ""

    @property
    def text(self) -> str:
        """Both in one line."""
        return " ".join(part for part in (self.what, self.what_to_do) if part)


@singledispatch
def describe(error: BaseException) -> Message | None:
    """Return words for an expected *error*; None: a bug, show the crash report."""
    return None


@describe.register(ImagingError)
@describe.register(ScoringError)
@describe.register(StorageError)
@describe.register(WorkflowError)
def _(error: Exception) -> Message:
    return Message(str(error))


@describe.register
def _(error: OSError) -> Message:
    name = f" ({error.filename})" if error.filename else ""
    return Message(f"A file or folder cannot be used{name}: {error.strerror or 'the system gave no reason'}.")


@describe.register
def _(error: WorkerFailedError) -> Message:
    return Message(str(error), "Try again; if it happens again, leave that series out and report it.")


@describe.register
def _(error: IncompleteCaseError) -> Message:
    return Message(str(error), "Score it, or mark it not assessable with a reason.")


@describe.register
def _(error: WrongPasswordError) -> Message:
    return Message(str(error), "It is the password that was typed at the first signature in this reading.")


@describe.register(DamagedStoreError)
@describe.register(TamperedError)
def _(error: StorageError) -> Message:
    return Message(str(error), "Keep the folder as it is and ask the coordinator.")

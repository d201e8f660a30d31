"""What can stop a step of the workflow, each with the facts a sentence needs."""

from __future__ import annotations

from collections.abc import Sequence


class WorkflowError(Exception):
    """Base of every expected failure in this package; its text is one plain sentence."""


class UnknownNameError(WorkflowError):
    """A visit, round, role or series that the study does not have."""

    def __init__(self, kind: str, name: str, known: Sequence[str]) -> None:
        choice = f"; use one of {', '.join(known)}" if known else "; there is none yet"
        super().__init__(f"This study has no {kind} {name!r}{choice}.")
        self.kind, self.name, self.known = kind, name, tuple(known)


class BadTableError(WorkflowError):
    """A table that was handed in cannot be used; names the line of the file where there is one."""

    def __init__(self, what: str, problem: str, line: int | None = None) -> None:
        where = f", line {line}" if line else ""
        super().__init__(f"{what}{where}: {problem}.")
        self.what, self.problem, self.line = what, problem, line


class BadRoundError(WorkflowError):
    """A round cannot be defined like this."""

    def __init__(self, problem: str) -> None:
        super().__init__(f"{problem}.")
        self.problem = problem


class TitleTellsError(WorkflowError):
    """A round's title would tell a reader what is hidden; it travels with every reading."""

    def __init__(self, what: str) -> None:
        super().__init__(
            f"The round's title holds {what}; readers see the title, so choose one that tells nothing."
        )
        self.what = what


class AlreadyGrantedError(WorkflowError):
    """A request is to be refused after it was granted."""

    def __init__(self, case: str) -> None:
        super().__init__(
            f"Case {case} may be reopened already, and its file cannot be called back; ask the reader to "
            "leave the case as it is."
        )
        self.case = case


class RefusalTellsError(WorkflowError):
    """The reason of a refusal, which travels to the reader, cannot be sent."""

    def __init__(self, why: str) -> None:
        super().__init__(f"The reader sees why a request is refused: {why}; say it in other words.")


class SystemTellsError(WorkflowError):
    """A coordinator's own scoring system, which travels with every reading, would tell what is hidden."""

    def __init__(self, system: str, words: str, what: str) -> None:
        super().__init__(
            f"The scoring system {system!r} says {words!r}, which holds {what}; readers see it, so choose "
            "words that tell nothing."
        )
        self.system, self.words, self.what = system, words, what


class NothingToReadError(WorkflowError):
    """No subject can be read in a round."""

    def __init__(self, skipped: Sequence[tuple[str, str]]) -> None:
        reasons = "; ".join(f"{subject}: {reason}" for subject, reason in skipped)
        super().__init__(f"No subject has images for this round{f' ({reasons})' if reasons else ''}.")
        self.skipped = tuple(skipped)


class UndecodableSubjectError(WorkflowError):
    """A series of a subject cannot be decoded, so the subject cannot be read."""

    def __init__(self, subject: str, visit: str, problem: str) -> None:
        super().__init__(f"{visit}: {problem}")
        self.subject = subject


class RoundLockedError(WorkflowError):
    """The round is locked; nothing may be added to it."""

    def __init__(self, title: str) -> None:
        super().__init__(f"The round {title!r} is locked.")
        self.title = title


class RoundNotLockedError(WorkflowError):
    """Scores may not be joined with visits yet."""

    def __init__(self, title: str) -> None:
        super().__init__(f"The round {title!r} is not locked yet; lock it first with: study lock.")
        self.title = title


class RoundNotCompleteError(WorkflowError):
    """A round cannot be locked because signed work is missing."""

    def __init__(self, title: str, n_missing: int, n_pending: int) -> None:
        cases = "1 case is" if n_missing == 1 else f"{n_missing} cases are"
        subjects = "1 subject awaits" if n_pending == 1 else f"{n_pending} subjects await"
        missing = f"{cases} not signed and collected" if n_missing else ""
        pending = f"{subjects} adjudication" if n_pending else ""
        what = " and ".join(part for part in (missing, pending) if part)
        super().__init__(
            f"The round {title!r} is not complete: {what}. "
            "Collect what is missing, or lock with --anyway and leave them without a final score."
        )
        self.title, self.n_missing, self.n_pending = title, n_missing, n_pending


class NothingToCompareError(WorkflowError):
    """The readers of a round cannot be held against each other."""

    def __init__(self, title: str, problem: str) -> None:
        super().__init__(f"The round {title!r} {problem}.")
        self.title, self.problem = title, problem


class AdjudicationError(WorkflowError):
    """The adjudication of a round cannot be prepared like this."""

    def __init__(self, problem: str) -> None:
        super().__init__(f"{problem}.")
        self.problem = problem


class CasesAwaitedError(AdjudicationError):
    """An adjudication was asked for before everything is collected."""

    def __init__(self, count: int) -> None:
        cases = "1 case is" if count == 1 else f"{count} cases are"
        super().__init__(
            f"{cases} not collected from both readers yet, and one adjudication reading should hold all that "
            "disagree"
        )
        self.count = count


class UnknownFormatError(WorkflowError):
    """An export format that there is not."""

    def __init__(self, wanted: str, known: Sequence[str]) -> None:
        super().__init__(f"There is no export format {wanted!r}; use {', '.join(known)}.")
        self.wanted, self.known = wanted, tuple(known)


class DemoFolderError(WorkflowError):
    """The folder for the demo holds something else."""

    def __init__(self, problem: str) -> None:
        super().__init__(f"The demo cannot be written there: {problem}. Choose an empty folder.")
        self.problem = problem


class BadArchiveError(WorkflowError):
    """A zipped reading cannot be unpacked safely."""

    def __init__(self, problem: str) -> None:
        super().__init__(f"This archive is not a reading: {problem}.")
        self.problem = problem


class PathNotFoundError(WorkflowError):
    """A file or folder that was named is not there."""

    def __init__(self, path: str) -> None:
        super().__init__(f"There is no file or folder {path}.")
        self.path = path


class ReadingMovedError(WorkflowError):
    """A reading of the study is not where it was written."""

    def __init__(self, path: str) -> None:
        super().__init__(
            f"There is no reading {path} any more; if it was moved, name its new place when you collect."
        )
        self.path = path


class NothingSignedError(WorkflowError):
    """A reading without a signature has no result to send back."""

    def __init__(self) -> None:
        super().__init__("No case of this reading is signed yet, so there is nothing to send back.")

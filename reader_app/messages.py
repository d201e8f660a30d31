"""Expected error → words for the user. Windows and command line print the same ones.

Every expected error of ours carries a complete sentence without patient data; what stands here adds
what to do about it, where the sentence alone leaves that open.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from reader_app.workflow import errors as workflow
from scoring_forms.domain import errors as scoring
from storage import errors as storage
from storage.study import errors as study
from viewer.imaging import errors as imaging

EXPECTED = (imaging.ImagingError, scoring.ScoringError, storage.StorageError, workflow.WorkflowError)
"""The bases of all errors that are no bugs."""

_KEEP_AND_ASK = "Keep the folder as it is and ask the coordinator."

_WHAT_TO_DO: Mapping[type[Exception], str] = {
    # Pictures
    imaging.ImagingError: "Try again; if it happens again, leave that series out and report it.",
    imaging.FileProblemError: "Leave it out, or ask whoever made it for a sound copy.",
    imaging.InconsistentSeriesError: "Leave the series out, or import all of its files again.",
    # Scores, marks and scoring systems
    scoring.BadSystemError: "Mend the file there and try again.",
    scoring.SystemTakenError: "Give the system in the file another id.",
    scoring.UnknownCellError: "Use a timepoint, feature, side and site that this reading has.",
    scoring.BadReasonError: "Choose a reason from the list, with a comment where it needs one.",
    scoring.BadMarkError: "Put the mark again.",
    scoring.BadAdjudicationRuleError: "Change the rule and try again.",
    scoring.NoEstimateError: "Outline bone and defect on the same slices, then ask again.",
    # Files of studies and readings
    storage.StoreNotFoundError: "Choose the folder that has it inside.",
    storage.ReadOnlyStoreError: "Close it here, then open it for writing.",
    storage.ForeignFileError: "Choose another file or folder, or ask whoever made it for a sound copy.",
    storage.StorageUnavailableError: "Look whether the disk is there and may be written, then try again.",
    storage.DamagedStoreError: _KEEP_AND_ASK,
    storage.TamperedError: _KEEP_AND_ASK,
    # Cases
    storage.UnknownCaseError: "Use a code from the list of cases.",
    storage.CaseSignedError: "To change it, ask the coordinator to reopen it.",
    storage.IncompleteCaseError: "Score what is missing, or mark it not assessable with a reason.",
    storage.MissingEvidenceError: "Put the marks, or give a reason for each score that has none.",
    storage.CaseNotSignedError: "Go on scoring and sign it when it is complete.",
    storage.UnknownMarkError: "It was taken away: undo that first, or choose another mark.",
    storage.ConfidenceNotAskedError: "Use a comment instead.",
    storage.WrongPasswordError: "Use the password of the first signature in this reading.",
    # Studies and rounds
    study.BadNameError: "Choose such a name.",
    study.BadWeekError: "Use a number of weeks, such as 0 or 12.",
    workflow.UnknownNameError: "Choose one that there is, or add it first.",
    workflow.BadTableError: "Mend the table there and try again.",
    workflow.BadRoundError: "Change that and try again.",
    workflow.AdjudicationError: "Change what you asked for, or leave the round as it is.",
    workflow.CasesAwaitedError: "Collect them first, or prepare without them with --anyway.",
    workflow.NothingToReadError: "Import their images and place them in the visits first.",
    workflow.UndecodableSubjectError: "Import a sound copy of that series, or leave the subject out.",
    workflow.RoundLockedError: "Define another round for more readings.",
    workflow.NothingToCompareError: "Collect the readings of two readers or more first.",
    workflow.NothingSignedError: "Score a case to its end and sign it first.",
    workflow.BadArchiveError: "Ask whoever sent it to pack the folder of the reading again.",
    workflow.PathNotFoundError: "Look how it is spelled and try again.",
}
"""For an error and those below it that have no advice of their own."""


@dataclass(frozen=True, slots=True)
class Message:
    """What happened, and what to do about it."""

    what: str
    what_to_do: str = ""

    @property
    def text(self) -> str:
        """Both in one line."""
        return " ".join(part for part in (self.what, self.what_to_do) if part)


def describe(error: BaseException) -> Message | None:
    """Return words for an expected *error*; None: a bug, show the crash report."""
    if isinstance(error, EXPECTED):
        advice = (_WHAT_TO_DO[kind] for kind in type(error).__mro__ if kind in _WHAT_TO_DO)
        return Message(str(error), next(advice, ""))
    if isinstance(error, OSError):
        name = f" ({error.filename})" if error.filename else ""
        reason = error.strerror or "the system gave no reason"
        return Message(f"A file or folder cannot be used{name}: {reason}.", "Look at it and try again.")
    return None


def words_for(error: Exception) -> str:
    """Return the words for an expected *error*.

    Raises:
        Exception: *error* itself: it is a bug, and whoever catches those shows the crash report.
    """
    message = describe(error)
    if message is None:
        raise error
    return message.text

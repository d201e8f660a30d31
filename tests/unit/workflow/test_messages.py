import importlib
import re
from pathlib import Path

import pytest

from reader_app.messages import EXPECTED, describe
from reader_app.workflow import errors as workflow
from scoring_forms.domain import errors as scoring
from scoring_forms.domain.score import Cell
from storage import errors as storage
from storage.study import errors as study
from storage.tables import errors as tables
from viewer.imaging import errors as imaging
from viewer.imaging.child_process import ChildFailedError

PROJECT = Path(__file__).resolve().parents[3]
HERE = Path("/readings/Q4WZR.reading/reading.sqlite")
CELL = Cell("A", "ramris_2003", "synovitis", None, "lunate")
ERRORS = (
    imaging.UnreadableFileError(HERE, "an empty file"),
    imaging.LimitExceededError(HERE, "it is too large"),
    imaging.PixelDecodeError(HERE, "its pixels are damaged"),
    imaging.InconsistentSeriesError("The series has no files."),
    imaging.WorkerFailedError("The process ended."),
    ChildFailedError("it hung"),
    scoring.UnknownSystemError("x", ("ramris_2003",)),
    scoring.UnknownFeatureError("x", ("synovitis",)),
    scoring.BadSystemError("own.toml", 3, "features", "is empty"),
    scoring.SystemTakenError("own", "two files have it"),
    scoring.UnknownCellError("timepoint 'C'"),
    scoring.ScoreOutOfRangeError("Synovitis", 7, 0, 3, 1),
    scoring.BadReasonError("other", "needs a few words in the comment"),
    scoring.BadRulesError("confidence", "use true or false"),
    scoring.BadAdjudicationRuleError("all", "is none"),
    scoring.BadMarkError("points", "there are none"),
    scoring.NoEstimateError("the outline of the bone crosses itself"),
    storage.StoreNotFoundError(HERE, "reading"),
    storage.AlreadyThereError(HERE),
    storage.StoreLockedError(HERE, "reading"),
    storage.StoreBusyError(HERE),
    storage.ReadOnlyStoreError(HERE),
    storage.ForeignFileError(HERE, "reading", "it is a study"),
    storage.NewerStoreError(HERE, "reading", "2.0", "1.3"),
    storage.OlderStoreError(HERE, "reading", "1.0"),
    storage.NetworkFolderError(HERE, "on a network share"),
    storage.DamagedStoreError(HERE, "a page is torn"),
    storage.StorageFullError(HERE),
    storage.StorageUnavailableError(HERE, "the disk is gone"),
    storage.UnknownCaseError("K7Q2M"),
    storage.CaseSignedError("K7Q2M"),
    storage.IncompleteCaseError("K7Q2M", [CELL]),
    storage.PasswordTooShortError(12),
    storage.WrongPasswordError(),
    storage.PasswordDelayError(30),
    storage.TamperedError(HERE, ["Audit row 3 was changed after it was written."]),
    storage.BadGrantError(HERE),
    storage.WrongGrantError("K7Q2M"),
    storage.OldRefusalError("K7Q2M"),
    storage.CaseNotSignedError("K7Q2M"),
    storage.ReasonNeededError("K7Q2M"),
    storage.UnknownMarkError("K7Q2M", 4),
    storage.MissingEvidenceError("K7Q2M", [CELL]),
    storage.ConfidenceNotAskedError(),
    study.TitleTakenError("Round 1"),
    study.UnknownRoundError("Round 1", ["Round 2"]),
    study.BadNameError("A title"),
    study.BadWeekError("V1"),
    study.NotAskedError("Q4WZR", "K7Q2M"),
    tables.ExportExistsError("scores.csv"),
    tables.ExportTooLargeError("scores", "2,000,000 rows", 1_048_576, "XLSX"),
    workflow.UnknownNameError("visit", "V9", ["V1"]),
    workflow.BadTableError("scores.csv", "the column case is missing", 1),
    workflow.BadRoundError("The same reader is named twice"),
    workflow.TitleTellsError("a date"),
    workflow.RefusalTellsError("it holds a date, which readers must not learn"),
    workflow.AlreadyGrantedError("K7Q2M"),
    workflow.SystemTellsError("own", "visit 2", "a visit"),
    workflow.NothingToReadError([]),
    workflow.UndecodableSubjectError("S1", "V1", "its pixels are damaged."),
    workflow.RoundLockedError("Round 1"),
    workflow.RoundNotLockedError("Round 1"),
    workflow.RoundNotCompleteError("Round 1", 2, 0),
    workflow.NothingToCompareError("Round 1", "has one reader, so nobody can disagree"),
    workflow.UnknownFormatError("doc", ["csv"]),
    workflow.DemoFolderError("it holds other files"),
    workflow.AdjudicationError("No case of the round disagrees by its rules"),
    workflow.CasesAwaitedError(2),
    workflow.NothingSignedError(),
    workflow.BadArchiveError("it holds no database"),
    workflow.PathNotFoundError("reading.zip"),
    workflow.ReadingMovedError("/readings/Q4WZR.reading"),
)
ADVICE = re.compile(
    r"\b(add|ask|change|choose|close|collect|copy|define|give|go on|import|keep|leave|lock|look|make|mend|"
    r"open|outline|put|say|score|try|undo|update|use|wait)\b",
    re.IGNORECASE,
)


def every_class_below(base):
    for kind in base.__subclasses__():
        yield kind
        yield from every_class_below(kind)


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
def test_an_expected_error_says_what_is_wrong_and_what_to_do(error):
    message = describe(error)
    assert message is not None
    assert message.what == str(error)
    assert message.text.endswith(".")
    assert ".." not in message.text
    assert ADVICE.search(message.text)


def test_no_class_of_expected_errors_is_left_out():
    for package in ("storage", "scoring_forms/domain", "reader_app/workflow", "viewer/imaging"):
        for path in (PROJECT / package).rglob("*.py"):
            if re.search(r"^class \w+Error\(", path.read_text("utf-8"), re.MULTILINE):
                importlib.import_module(".".join(path.relative_to(PROJECT).with_suffix("").parts))
    known = {kind for base in EXPECTED for kind in every_class_below(base)}
    concrete = {kind for kind in known if not kind.__subclasses__()}
    assert {type(error) for error in ERRORS} >= concrete


def test_an_error_of_the_system_names_the_file():
    message = describe(FileNotFoundError(2, "No such file or directory", "/x"))
    assert message is not None
    assert message.what == "A file or folder cannot be used (/x): No such file or directory."


def test_a_bug_has_none():
    assert describe(ZeroDivisionError("x")) is None


def test_a_round_that_lacks_one_case_is_told_in_the_singular():
    told = str(workflow.RoundNotCompleteError("Round 1", 1, 1))
    assert "1 case is not signed and collected and 1 subject awaits adjudication." in told

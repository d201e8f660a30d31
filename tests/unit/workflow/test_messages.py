import pytest

from reader_app.messages import describe
from reader_app.workflow.errors import TitleTellsError
from scoring_forms.domain.errors import UnknownSystemError
from scoring_forms.domain.score import Cell
from storage.errors import IncompleteCaseError
from viewer.imaging.errors import WorkerFailedError


@pytest.mark.parametrize(
    "error",
    [
        TitleTellsError("a date"),
        UnknownSystemError("x", ("ramris_2003",)),
        IncompleteCaseError("K7Q2M", [Cell("A", "s", "f", None, "lunate")]),
        WorkerFailedError("The process ended."),
        FileNotFoundError(2, "No such file or directory", "/x"),
    ],
)
def test_an_expected_error_has_words(error):
    message = describe(error)
    assert message is not None
    assert message.text.endswith(".")


def test_a_bug_has_none():
    assert describe(ZeroDivisionError("x")) is None

import pytest

from reader_app.cli import main
from reader_app.workflow.demo import build_demo
from tests.e2e.trials import PASSWORD, CommandLine


@pytest.fixture
def ra(capsys, monkeypatch):
    """The command line, with the password that signs."""
    monkeypatch.setenv("RA_READER_PASSWORD", PASSWORD)
    return CommandLine(capsys)


@pytest.fixture(scope="session")
def demo(tmp_path_factory):
    """The demo with one subject, written once by its command: all visits, MRI and films.

    Tests that change something work on copies of it.
    """
    folder = tmp_path_factory.mktemp("demo") / "demo"
    assert main(["demo", str(folder), "--subjects", "1", "--no-window"]) == 0
    return build_demo(folder, 1, lambda done, total: None)  # finds the one that is there

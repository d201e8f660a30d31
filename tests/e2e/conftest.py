import pytest

from reader_app.cli import main
from reader_app.workflow.demo import build_demo


@pytest.fixture(scope="session")
def demo(tmp_path_factory):
    """The demo with one subject, written once by its command: all visits, MRI and films.

    Tests that change something work on copies of it.
    """
    folder = tmp_path_factory.mktemp("demo") / "demo"
    assert main(["demo", str(folder), "--subjects", "1", "--no-window"]) == 0
    return build_demo(folder, 1, lambda done, total: None)  # finds the one that is there

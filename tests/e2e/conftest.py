import pytest

from reader_app.workflow.demo import build_demo


@pytest.fixture(scope="session")
def demo(tmp_path_factory):
    """The demo with one subject: all visits, MRI and films; tests work on copies of it."""
    return build_demo(tmp_path_factory.mktemp("demo") / "demo", 1, lambda done, total: None)

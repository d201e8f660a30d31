"""What every test stands on: Qt without a screen, a home of its own, and nothing left behind."""

import gc
import os
import shutil
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from storage import passwords

PROJECT = Path(__file__).resolve().parent.parent
_HOME = Path(tempfile.mkdtemp(prefix="ra-reader-tests-"))


def _prepare_environment() -> None:
    """Fix what Qt and the user directories depend on; it runs before anything imports Qt."""
    fixed = {
        "QT_QPA_PLATFORM": "offscreen",
        "QT_SCALE_FACTOR": "1",
        "QT_FONT_DPI": "96",
        "QT_STYLE_OVERRIDE": "Fusion",
        "LC_ALL": "C.UTF-8",
    }
    os.environ.update(fixed)
    for name in ("QT_SCREEN_SCALE_FACTORS", "QT_ENABLE_HIGHDPI_SCALING", "RA_READER_PASSWORD"):
        os.environ.pop(name, None)
    homes = {
        "HOME": "home",
        "USERPROFILE": "home",
        "APPDATA": "home/roaming",
        "LOCALAPPDATA": "home/local",
        "XDG_DATA_HOME": "data",
        "XDG_CONFIG_HOME": "config",
        "XDG_CACHE_HOME": "cache",
        "XDG_STATE_HOME": "state",
        "XDG_RUNTIME_DIR": "run",
    }
    for name, folder in homes.items():
        path = _HOME / folder
        path.mkdir(parents=True, exist_ok=True, mode=0o700)
        os.environ[name] = str(path)


_prepare_environment()

settings.register_profile(
    "local", deadline=None, max_examples=50, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("ci", settings.get_profile("local"), derandomize=True, database=None)
settings.load_profile("ci" if os.environ.get("CI") else "local")


def pytest_unconfigure() -> None:
    shutil.rmtree(_HOME, ignore_errors=True)


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real images beside the project; tests that need it skip where it is absent."""
    folder = PROJECT.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("the shared test images (../shared/data) are not on this machine")
    return folder


@pytest.fixture(scope="session")
def visits(tmp_path_factory):
    """Two visits of one phantom subject, made once for all tests; take them as they are."""
    from tests.unit.viewer.moved_hands import image_visits  # numpy and the phantom only where needed

    return image_visits(tmp_path_factory.mktemp("hands"))


@pytest.fixture(scope="module", autouse=True)
def _what_is_there_is_not_collected_again() -> Iterator[None]:
    """Leave what is alive now out of later collections, which otherwise take longer and longer.

    Closed windows are collected here, on this thread: a later test's worker would take them with it and
    crash Qt.
    """
    gc.freeze()
    yield
    gc.collect()


_SHIPPED_HASHER = passwords._hasher


@pytest.fixture(scope="session", autouse=True)
def _cheap_passwords() -> Iterator[None]:
    """Let Argon2 cost next to nothing: as shipped, every signature costs a third of a second."""
    from argon2 import PasswordHasher

    hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "_hasher", lambda: hasher)
        yield


@pytest.fixture
def shipped_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let passwords cost what they cost users."""
    monkeypatch.setattr(passwords, "_hasher", _SHIPPED_HASHER)


@pytest.fixture(autouse=True)
def nothing_left_behind() -> Iterator[None]:
    """Fail a test that leaves a window open or a job thread running.

    Autouse fixtures are set up first and torn down last, so qtbot has closed its widgets by then.
    """
    before = set(_job_threads())
    yield
    windows = _close_open_windows()
    threads = [thread.name for thread in _job_threads() if thread not in before]
    assert not windows, f"the test left windows open: {', '.join(windows)}"
    assert not threads, f"the test left job threads running: {', '.join(threads)}"


def _job_threads() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name.startswith("job")]


def _close_open_windows() -> list[str]:
    """Close what is still on the screen, so that only the guilty test fails; return what it was."""
    qt_widgets = sys.modules.get("PySide6.QtWidgets")
    application = qt_widgets.QApplication.instance() if qt_widgets else None
    if qt_widgets is None or application is None:
        return []
    windows = [window for window in qt_widgets.QApplication.topLevelWidgets() if window.isVisible()]
    names = [type(window).__name__ for window in windows]
    for window in windows:
        window.hide()
        window.deleteLater()
    return [name for name in names if name != "QTipLabel"]  # Qt's one tooltip stays up for a while

"""Windows opened the same way the program does, and closed after the test."""

import pytest
from PySide6.QtWidgets import QApplication

from reader_app.jobs import JobRunner
from reader_app.reading.window import ReadingWindow
from reader_app.theme import apply_theme
from scoring_forms.domain.form import compose_form
from storage.reading.reading import Reading
from tests.gui.windows import build, has_keyboard


@pytest.fixture
def opened(qtbot, tmp_path):
    """Return a function that opens a reading's window, the same way the program does."""
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    if not application.styleSheet():  # it lasts as long as the application, and takes a tenth of a second
        apply_theme(application)
    jobs = JobRunner()
    windows = []

    def open_window(folder, before=lambda window: None, waits=True):
        window = ReadingWindow(Reading.open(folder), jobs)
        qtbot.addWidget(window)
        windows.append(window)
        window.resize(1280, 800)
        with qtbot.waitExposed(window):
            window.show()
        before(window)
        window.open_first()
        if waits:
            qtbot.waitUntil(lambda: has_keyboard(window))
        return window

    yield open_window
    for window in windows:
        window.close()
    jobs.close()


@pytest.fixture
def folder(tmp_path):
    return build(tmp_path, compose_form(["ramris_2003"], ["synovitis"]))


@pytest.fixture
def window(opened, folder):
    return opened(folder)

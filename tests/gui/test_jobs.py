import gc
import threading

import pytest

from reader_app.jobs import Job, JobRunner

pytestmark = pytest.mark.gui


class Loop:
    """Garbage that only the collector finds; it tells on which thread it went."""

    def __init__(self, gone):
        self.me, self.gone = self, gone

    def __del__(self):
        self.gone.append(threading.current_thread())


def test_garbage_is_collected_on_the_gui_thread_even_while_a_job_makes_it(qtbot):
    gone, runner = [], JobRunner()
    runner.start(Job(), lambda _: [Loop(gone) for _ in range(5000)] and None)
    qtbot.waitUntil(lambda: len(gone) > 4000)
    assert set(gone) == {threading.main_thread()}
    runner.close()
    assert gc.isenabled()

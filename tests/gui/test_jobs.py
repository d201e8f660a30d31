import gc
import sys
import threading

import pytest
from PySide6.QtCore import QTimer

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


def test_jobs_asked_for_during_a_rest_begin_after_it_in_their_order(qtbot):
    begun, runner = [], JobRunner()
    runner.rest(30)
    for number in range(3):
        runner.start(Job(), lambda _, number=number: begun.append(number))
    assert begun == []
    qtbot.waitUntil(lambda: len(begun) == 3)
    assert sorted(begun) == [0, 1, 2]
    runner.close()


def test_a_job_cancelled_before_it_begins_does_no_work(qtbot):
    begun, runner = [], JobRunner()
    runner.rest(10)
    runner.start(Job(), lambda _: begun.append("cancelled")).cancel()
    runner.start(Job(), lambda _: begun.append("wanted"))
    qtbot.waitUntil(lambda: "wanted" in begun)
    assert begun == ["wanted"]
    runner.close()


def test_threads_change_places_as_before_once_the_runner_is_closed(qapp):
    before = sys.getswitchinterval()
    runner = JobRunner()
    assert sys.getswitchinterval() < before
    runner.close()
    assert sys.getswitchinterval() == before


def test_what_prepares_jobs_is_done_once_and_before_any_of_them_goes_on(qtbot):
    order, runner = [], JobRunner()
    runner.prepare(lambda: order.append("prepared"))
    for _ in range(3):
        runner.start(Job(), lambda _: order.append("job"))
    qtbot.waitUntil(lambda: len(order) == 4)
    assert order == ["prepared", "job", "job", "job"]
    runner.close()


def test_everything_is_collected_at_the_end_of_a_rest_once_it_is_due(qtbot):
    gone, runner = [], JobRunner()
    gc.collect()
    old = Loop(gone)
    for _ in range(gc.get_threshold()[2] + 1):
        gc.collect(1)  # now it is old, and all that is old is due
    del old
    assert gone == []
    runner.rest(10)
    qtbot.waitUntil(lambda: bool(gone))
    runner.close()


def test_a_job_comes_to_its_end_though_somebody_scrolls_on_and_on(qtbot):
    done, runner = [], JobRunner()
    scrolling = QTimer(interval=5)
    scrolling.timeout.connect(runner.give_way)
    scrolling.start()
    runner.give_way()
    runner.start(Job(done=done.append), lambda checkpoint: checkpoint(0, 1))
    qtbot.waitUntil(lambda: bool(done))
    runner.close()


def test_a_job_that_stands_aside_stops_as_soon_as_it_is_cancelled(qtbot):
    passed, runner = [], JobRunner()

    def work(checkpoint):
        for step in range(1000):
            checkpoint(step, 1000)
            passed.append(step)

    runner.give_way()
    job = runner.start(Job(), work)
    job.cancel()
    runner.close()
    assert passed == []

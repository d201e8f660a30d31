"""What was found for a case that has been left, or after it was called off, never reaches the screen."""

from dataclasses import replace

import numpy as np
import pytest

from reader_app.jobs import Job, JobRunner, Requests
from reader_app.reading.hand_follower import Found
from reader_app.reading.site_estimates import Estimates
from storage.reading.landmarks import Landmark
from tests.gui.windows import CODES, deliver, wait_for_jobs

pytestmark = pytest.mark.gui


def found_hand(window):
    image = window._images.image("B", "cor_t1_pre")
    return window.follower, "_on_found", Found(image, np.eye(4), 0.97, accepted=True, reason="")


def found_sites(window):
    places = {item.site: Landmark(1, (4.0, 6.0, -9.0)) for item in window._reading.form.cells("A")}
    return window.sites, "_on_estimated", (Estimates("A", None, places),)


def found_shading(window):
    image = window._images.image("A", "cor_t1_pre")
    evened = replace(image.volume, pixels=np.zeros_like(image.volume.pixels))
    return window.shading, "_on_done", (replace(image, volume=evened, _slices={}),)


def found_difference(window):
    image = window._images.image("A", "cor_t1_pre")
    return window.subtraction, "_on_done", replace(image, role="cor_t1_post-cor_t1_pre", note="late")


FINDERS = [found_hand, found_sites, found_shading, found_difference]


def ask(window, finder):
    """Let a part of the window ask for what is known already, and wait until it is on its way."""
    asker, callback, result = finder(window)
    asker._requests.start(Job(done=getattr(asker, callback)), lambda _: result)
    wait_for_jobs(window._jobs)


def looks(window):
    """What decides how the panes look, and what is kept of the case."""
    display = window.display
    states = [pane.state for pane in window.grid.panes]
    return (
        [(one.shading_note, one.title) for one in states],
        [id(one.picture.levels[0]) for one in states if one.picture],
        sorted(display._to_first),
        sorted(display._spots),
        [image.note for image in window._images._made.values()],
        [window._reading.transform(code, "B") for code in CODES],
    )


@pytest.fixture
def settled(qtbot, window):
    """A window whose background jobs for the first case are done and told."""
    qtbot.waitUntil(lambda: not window._jobs._resting.isActive())
    wait_for_jobs(window._jobs)
    deliver()
    return window


@pytest.mark.parametrize("finder", FINDERS)
def test_what_arrives_while_its_case_is_open_is_shown(settled, finder):
    before = looks(settled)
    ask(settled, finder)
    deliver()
    assert looks(settled) != before


@pytest.mark.parametrize("finder", FINDERS)
def test_what_arrives_after_its_case_was_left_changes_nothing(settled, finder):
    ask(settled, finder)
    settled.next_case()
    before = looks(settled)
    deliver()
    assert looks(settled) == before


@pytest.mark.parametrize("finder", FINDERS)
def test_nor_when_the_reader_has_come_back_to_it(settled, finder):
    ask(settled, finder)
    settled.next_case()
    settled.previous_case()
    before = looks(settled)
    deliver()
    assert looks(settled) == before


def test_what_the_reader_moved_by_hand_is_not_undone_by_what_registration_finds_later(settled):
    ask(settled, found_hand)
    settled.follower.nudge_hand()
    deliver()
    assert settled._reading.transform(CODES[0], "B").origin == "nudged"
    assert settled.follower._notes["B/1"] == "follows A, moved by hand"


def test_evening_that_was_stopped_never_paints(settled):
    settled.shading.toggle_shading()
    wait_for_jobs(settled._jobs)
    settled.shading.toggle_shading()
    deliver()
    assert settled.grid.panes[0].state.shading_note == ""


def test_what_was_dropped_reaches_nobody_though_it_was_done(qapp):
    told, runner = [], JobRunner()
    requests = Requests(runner)
    requests.start(Job(done=told.append), lambda _: "old")
    requests.start(Job(failed=told.append), lambda _: 1 / 0)
    requests.start(Job(progress=lambda *steps: told.append(steps)), lambda checkpoint: checkpoint(1, 2))
    wait_for_jobs(runner)
    requests.drop()
    requests.start(Job(done=told.append), lambda _: "new")
    wait_for_jobs(runner)
    deliver()
    assert told == ["new"]
    runner.close()

import os
import threading
import time

import numpy as np
import pytest

from viewer.imaging.apart import ApartProcess, stored
from viewer.imaging.child_process import ChildFailedError, ChildProcess
from viewer.imaging.errors import ImagingError
from viewer.imaging.volume import Volume


class UnwantedError(Exception):
    """What a checkpoint raises here."""


def nothing():
    pass


def process_number(checkpoint):
    checkpoint(0, 1)
    return os.getpid()


def endless_steps(checkpoint):
    while True:
        checkpoint(1, 3)


def one_step_and_then_none(checkpoint):
    checkpoint(0, 1)
    while True:
        time.sleep(60)


def brightest(volume, number, checkpoint):
    checkpoint(0, 1)
    return int(volume.pixels.max()) + number, volume.pixels.flags.writeable


def stop_at_once(_done, _total):
    raise UnwantedError


@pytest.fixture
def process():
    process = ChildProcess(nothing, 30.0)
    yield process
    process.close()


def test_work_is_done_in_another_process_that_stays(process):
    first = process.run(process_number)
    assert first != os.getpid()
    assert process.run(process_number) == first


def test_a_call_that_is_stopped_ends_at_its_next_step_and_the_process_stays(process):
    before = process.run(process_number)
    with pytest.raises(UnwantedError):
        process.run(endless_steps, checkpoint=stop_at_once)
    assert process.run(process_number) == before


def test_a_call_that_comes_to_no_step_is_ended_with_its_process(process):
    before = process.run(process_number)
    calls = []

    def stop_second(done, total):
        calls.append((done, total))
        if len(calls) > 1:
            raise UnwantedError

    with pytest.raises(UnwantedError):
        process.run(one_step_and_then_none, checkpoint=stop_second)
    assert calls == [(0, 1), (0, 1)]
    assert process.run(process_number) != before


def test_closing_ends_the_call_that_is_under_way_and_refuses_later_ones(process):
    began, ended = threading.Event(), []

    def call():
        with pytest.raises(ChildFailedError) as caught:
            process.run(endless_steps, checkpoint=lambda *_: began.set())
        ended.append(caught.value)

    caller = threading.Thread(target=call)
    caller.start()
    assert began.wait(60)
    process.close()
    caller.join(60)
    assert ended
    with pytest.raises(ChildFailedError):
        process.run(process_number)


def test_a_stored_volume_is_named_and_mapped_there(tmp_path):
    pixels = np.arange(60, dtype=np.int16).reshape(3, 4, 5)
    np.save(tmp_path / "pixels.npy", pixels)
    named = stored(Volume(pixels, None, None, None), tmp_path / "pixels.npy")
    assert named.volume.pixels.nbytes == 0
    before = set(tmp_path.iterdir())
    apart = ApartProcess()
    try:
        assert apart.run(brightest, named, 1) == (60, False)
        (tmp_path / "pixels.npy").write_bytes(b"short")
        with pytest.raises(ImagingError, match="cannot be read"):
            apart.run(brightest, named, 1)
    finally:
        apart.close()
    assert set(tmp_path.iterdir()) == before

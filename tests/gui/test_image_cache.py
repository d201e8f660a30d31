import numpy as np
import pytest

from reader_app.jobs import JobRunner
from reader_app.reading.image_cache import ImageCache
from scoring_forms.domain.form import compose_form
from storage.errors import DamagedStoreError
from storage.reading.reading import Reading
from tests.gui.windows import CODES, build

pytestmark = pytest.mark.gui
FIRST, SECOND = CODES


@pytest.fixture
def jobs(qapp):
    runner = JobRunner()
    yield runner
    runner.close()


@pytest.fixture
def reading(tmp_path):
    with Reading.open(build(tmp_path, compose_form(["ramris_2003"], ["synovitis"]))) as reading:
        yield reading


def pixels_of(images):
    return {key: image.volume.pixels for key, image in images.images.items() if image.volume is not None}


def test_a_case_read_ahead_is_in_memory_and_the_same_as_from_disk(qtbot, reading, jobs):
    cache, other = ImageCache(reading, jobs), ImageCache(reading, jobs)
    cache.case(FIRST)
    cache.read_ahead(SECOND)
    qtbot.waitUntil(lambda: SECOND in cache.codes)
    ahead, mapped = pixels_of(cache.case(SECOND)), pixels_of(other.case(SECOND))
    assert cache.case(SECOND).in_memory
    assert ahead.keys() == mapped.keys()
    assert all(np.array_equal(ahead[key], mapped[key]) for key in ahead)
    assert not any(isinstance(array, np.memmap) for array in ahead.values())


def test_a_case_opened_while_it_is_read_ahead_is_not_replaced_afterwards(qtbot, reading, jobs):
    cache = ImageCache(reading, jobs)
    cache.read_ahead(SECOND)
    opened = cache.case(SECOND)
    done = []
    jobs.start(jobs_done(done), lambda _: None)
    qtbot.waitUntil(lambda: bool(done))
    assert cache.case(SECOND) is opened


def jobs_done(done):
    from reader_app.jobs import Job

    return Job(done=lambda _: done.append(True))


def test_the_case_asked_for_longest_ago_goes_when_the_bytes_are_used_up(reading, jobs):
    sizes = ImageCache(reading, jobs)
    sizes.case(FIRST)
    cache = ImageCache(reading, jobs, budget=int(sizes.used_bytes * 1.5))
    cache.case(FIRST)
    cache.case(SECOND)
    assert cache.codes == (SECOND,)
    assert cache.used_bytes <= sizes.used_bytes * 1.5


def test_the_case_on_the_screen_stays_though_it_is_larger_than_all_that_may_be_kept(qtbot, reading, jobs):
    cache = ImageCache(reading, jobs, budget=1)
    shown = cache.case(FIRST)
    cache.read_ahead(SECOND)
    qtbot.waitUntil(lambda: cache._ahead == "")
    assert cache.codes == (FIRST,)
    assert cache.case(FIRST) is shown


def test_a_damaged_case_is_told_when_it_is_opened_not_when_it_is_read_ahead(qtbot, reading, jobs):
    for image in reading.case(SECOND).timepoints[0].images:
        if image.array is not None:
            (reading.folder / "volumes" / image.array.name).write_bytes(b"short")
    cache = ImageCache(reading, jobs)
    cache.case(FIRST)
    cache.read_ahead(SECOND)
    with pytest.raises(DamagedStoreError):
        cache.case(SECOND)

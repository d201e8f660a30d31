import numpy as np
import pytest

from reader_app.jobs import JobRunner
from reader_app.reading.image_cache import ImageCache
from scoring_forms.domain.form import compose_form
from storage.errors import DamagedStoreError
from storage.reading.build import build_reading
from storage.reading.reading import Reading
from storage.reading.records import CaseSpec, ImageRecord, ImageSpec, ReadingSpec, TimepointSpec
from tests.gui.windows import CODES, build, deliver, wait_for_jobs

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


def test_a_case_opened_ahead_is_the_one_that_is_shown(reading, jobs):
    cache, other = ImageCache(reading, jobs), ImageCache(reading, jobs)
    cache.open_ahead(FIRST)
    ahead, opened = pixels_of(cache.case(FIRST)), pixels_of(other.case(FIRST))
    assert ahead.keys() == opened.keys()
    assert all(np.array_equal(ahead[key], opened[key]) for key in ahead)
    cache.close()


def test_a_case_opened_ahead_but_not_asked_for_is_left_out(reading, jobs):
    cache = ImageCache(reading, jobs)
    cache.open_ahead(FIRST)
    cache.case(SECOND)
    assert cache.codes == (SECOND,)
    cache.close()


def test_what_was_read_ahead_of_a_case_is_used_though_the_rest_was_not_read_yet(reading, jobs):
    cache = ImageCache(reading, jobs)
    key, image = next(iter(ImageCache(reading, jobs).case(SECOND).images.items()))
    jobs.rest(10_000)  # nothing begins
    cache.read_ahead(SECOND)
    cache._ready[key] = image
    opened = cache.case(SECOND)
    assert opened.images[key] is image
    assert len(opened.images) > 1


def test_pictures_of_an_older_reading_ahead_are_dropped_when_they_arrive_late(qtbot, reading, jobs):
    cache = ImageCache(reading, jobs)
    cache.read_ahead(SECOND)
    wait_for_jobs(jobs)  # its pictures are on their way
    cache.case(FIRST)
    cache.read_ahead(FIRST)
    deliver()
    assert cache.codes == (FIRST,)


def test_windows_of_a_case_read_ahead_are_those_of_the_case_opened_from_disk(qtbot, reading, jobs):
    cache, other = ImageCache(reading, jobs), ImageCache(reading, jobs)
    cache.read_ahead(FIRST)
    qtbot.waitUntil(lambda: FIRST in cache.codes)
    ahead, mapped = cache.case(FIRST), other.case(FIRST)
    for key, image in ahead.images.items():
        if image.volume is not None:
            assert ahead.window(image, 2.0, 99.7) == mapped.window(mapped.images[key], 2.0, 99.7)


def test_the_copies_a_film_is_zoomed_through_are_made_in_the_background(qtbot, tmp_path, jobs):
    film = ImageSpec(ImageRecord("xr_pa_left", "A"), np.zeros((1, 1400, 900), np.uint16))
    case = CaseSpec(FIRST, None, (TimepointSpec("A", [film]),))
    spec = ReadingSpec("Anna Lind", "Films", "paired", compose_form(["sharp_1985"]), (case,))
    with Reading.open(build_reading(tmp_path / "films.reading", spec).folder) as reading:
        cache = ImageCache(reading, jobs)
        (copies,) = (image.pyramid for image in cache.case(FIRST).images.values())
        assert not copies.is_complete
        cache.finish(FIRST)
        qtbot.waitUntil(lambda: copies.is_complete)
        cache.close()

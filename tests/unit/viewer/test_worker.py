import multiprocessing
import os
import signal
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest

from tests.unit.viewer.dicom_writer import write_image, write_stack
from viewer.imaging.errors import PixelDecodeError, UnreadableFileError, WorkerFailedError
from viewer.imaging.limits import Limits
from viewer.imaging.loading import load_volume, plain_volume
from viewer.imaging.plain_pixels import read_plain
from viewer.imaging.scan import scan
from viewer.imaging.worker import ImagingWorker


@pytest.fixture
def child():
    """Return a function that gives the process of this test's worker."""
    before = set(multiprocessing.active_children())
    return lambda: (set(multiprocessing.active_children()) - before).pop()


@pytest.fixture
def worker():
    with ImagingWorker() as worker:
        yield worker


def test_the_worker_finds_and_loads_what_the_same_process_does(worker, tmp_path):
    write_stack(tmp_path, 4, RescaleSlope=2, RescaleIntercept=-3)
    seen = []
    result = worker.scan([tmp_path], lambda done, total: seen.append((done, total)))
    assert result == scan([tmp_path])
    assert seen[0] == (0, 4)
    assert seen[-1] == (4, 4)
    there, here = worker.load_volume(result.series[0]), load_volume(result.series[0])
    assert np.array_equal(there.pixels, here.pixels)
    assert there.pixels.dtype == here.pixels.dtype
    assert np.array_equal(there.geometry.affine, here.geometry.affine)
    assert (there.rescale_slope, there.rescale_intercept) == (2, -3)


def test_errors_of_the_worker_keep_their_class_and_data(worker, tmp_path, shared_data):
    with pytest.raises(UnreadableFileError, match="no such file") as caught:
        worker.scan([tmp_path / "gone"])
    assert caught.value.path == tmp_path / "gone"
    broken = shared_data / "torture" / "pydicom" / "JPEG2000-embedded-sequence-delimiter.dcm"
    with pytest.raises(PixelDecodeError):
        worker.load_volume(worker.scan([broken]).series[0])


def test_zip_archives_are_read_as_long_as_the_worker_lives(tmp_path):
    folder = write_stack(tmp_path / "s", 3)
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        for path in folder.iterdir():
            archive.write(path, path.name)
    with ImagingWorker() as worker:
        (series,) = worker.scan([tmp_path / "a.zip"]).series
        assert worker.load_volume(series).pixels.shape == (3, 4, 6)
        unpacked = series.files[0].path
        assert unpacked.exists()
    assert not unpacked.exists()


def test_a_file_that_ends_the_process_is_refused_and_the_rest_is_read(child, worker, tmp_path):
    write_stack(tmp_path, 5)
    killed = []

    def kill_once(done, total):
        if not killed:
            killed.append(child().pid)
            child().kill()

    result = worker.scan([tmp_path], kill_once)
    assert result.files_seen == 5
    assert len(result.rejected) == 1
    assert result.rejected[0].reason == "it stops the process that reads images"
    assert sum(series.n_images for series in result.series) == 4


@pytest.mark.skipif(not hasattr(signal, "SIGSTOP"), reason="processes cannot be stopped here")
def test_a_file_that_takes_too_long_is_refused(child, tmp_path):
    write_stack(tmp_path, 3)
    stopped = []

    def stop_once(done, total):
        if not stopped:
            stopped.append(child().pid)
            os.kill(child().pid, signal.SIGSTOP)

    with ImagingWorker(Limits(file_seconds=0.5)) as worker:
        result = worker.scan([tmp_path], stop_once)
    assert [item.reason for item in result.rejected] == ["it takes too long to read"]


def test_loading_that_ends_the_process_is_one_clear_error_and_the_next_call_works(child, worker, tmp_path):
    (series,) = worker.scan([write_stack(tmp_path, 3)]).series

    def kill(done, total):
        child().kill()

    with pytest.raises(WorkerFailedError, match="stops the process"):
        worker.load_volume(series, kill)
    assert worker.load_volume(series).pixels.shape == (3, 4, 6)


def test_cancelling_ends_the_scan_and_the_next_call_works(worker, tmp_path):
    write_stack(tmp_path, 4)

    def cancel(done, total):
        raise InterruptedError

    with pytest.raises(InterruptedError):
        worker.scan([tmp_path], cancel)
    assert worker.scan([tmp_path]).files_seen == 4


def test_memory_beyond_the_limit_is_one_clear_error(tmp_path):
    pytest.importorskip("resource")
    write_image(tmp_path / "a", pixels=np.zeros((8000, 8000), np.int16))
    (series,) = scan([tmp_path]).series
    with (
        ImagingWorker(Limits(worker_bytes=100 << 20)) as worker,
        pytest.raises(WorkerFailedError, match="memory"),
    ):
        worker.load_volume(series)


def test_leaving_the_worker_ends_its_process(tmp_path):
    before = set(multiprocessing.active_children())
    with ImagingWorker() as worker:
        worker.scan([write_stack(tmp_path, 1)])
        assert len(set(multiprocessing.active_children()) - before) == 1
    assert set(multiprocessing.active_children()) <= before


def test_the_window_gets_volumes_without_importing_a_dicom_library():
    code = (
        "import sys, viewer.imaging.worker, viewer.imaging.volume\n"
        "sys.exit(', '.join({'pydicom', 'imagecodecs', 'SimpleITK'} & set(sys.modules)))"
    )
    root = Path(__file__).resolve().parents[3]
    run = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=False)
    assert run.stderr.strip() == ""


@pytest.mark.parametrize(
    "bits",
    [
        {"BitsStored": 16, "HighBit": 15, "PixelRepresentation": 0},
        {"BitsStored": 12, "HighBit": 11, "PixelRepresentation": 0},
        {"BitsStored": 12, "HighBit": 11, "PixelRepresentation": 1},
        {"BitsStored": 12, "HighBit": 15, "PixelRepresentation": 1},
    ],
)
def test_pixels_read_from_their_places_are_those_that_loading_gives(worker, tmp_path, bits):
    pixels = np.random.default_rng(5).integers(-30000, 30000, (3, 9, 7)).astype(np.int16)
    for index, each in enumerate(pixels):
        write_image(tmp_path / f"{5 - index}", position=(0.0, 3.0 * index, 0.0), pixels=each, **bits)
    (series,) = scan([tmp_path]).series
    found = plain_volume(series)
    assert found is not None
    expected, there = load_volume(series), worker.load_volume(series)
    assert there.pixels.dtype == expected.pixels.dtype
    assert np.array_equal(there.pixels, expected.pixels)
    assert np.array_equal(there.geometry.affine, expected.geometry.affine)


def test_a_stack_with_a_gap_or_slices_of_their_own_rescale_is_decoded(worker, tmp_path):
    write_stack(tmp_path / "gap", 6)
    sorted((tmp_path / "gap").iterdir())[3].unlink()
    for index in range(3):
        write_image(
            tmp_path / f"own{index}",
            position=(0.0, 3.0 * index, 0.0),
            RescaleSlope=1 + index,
            RescaleIntercept=0,
        )
    for series in worker.scan([tmp_path]).series:
        assert plain_volume(series) is None
        assert np.array_equal(worker.load_volume(series).pixels, load_volume(series).pixels)


def test_a_file_cut_after_its_header_was_read_is_refused_where_it_is_read(tmp_path):
    write_stack(tmp_path, 3)
    (series,) = scan([tmp_path]).series
    found = plain_volume(series)
    assert found is not None
    path = series.files[1].path
    path.write_bytes(path.read_bytes()[:-10])
    with pytest.raises(PixelDecodeError, match="cut short"):
        read_plain(found[1], [file.path for file in series.files])
    path.unlink()
    with pytest.raises(PixelDecodeError, match="no longer"):
        read_plain(found[1], [file.path for file in series.files])


def test_reading_from_places_brings_no_parser_into_the_process_of_the_window():
    code = "import sys, viewer.imaging.worker; print('pydicom' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"

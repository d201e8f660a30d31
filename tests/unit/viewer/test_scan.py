import io
import os
import shutil
import zipfile

import numpy as np
import pytest

from tests.unit.viewer.dicom_writer import AXIAL, SAGITTAL, SERIES, write_film, write_image, write_stack
from viewer.imaging.errors import UnreadableFileError
from viewer.imaging.limits import LIMITS, Limits
from viewer.imaging.loading import load_volume
from viewer.imaging.scan import scan


def only(folder):
    (series,) = scan([folder]).series
    return series


def order_of(series):
    return [file.path.name for file in series.files]


def test_slices_come_out_in_order_along_the_normal_whatever_their_numbers(tmp_path):
    series = only(write_stack(tmp_path, 5))
    assert order_of(series) == ["000", "001", "002", "003", "004"]
    assert series.spacing_mm == (2.0, 0.5, 0.25)
    assert (series.n_images, series.rows, series.columns, series.plane) == (5, 4, 6, "coronal")
    assert series.problems == ()
    assert load_volume(series).pixels[:, 0, 0].tolist() == [0, 1, 2, 3, 4]


def test_the_step_is_never_the_slice_thickness(tmp_path):
    assert only(write_stack(tmp_path, 3, SliceThickness=5, SpacingBetweenSlices=7)).spacing_mm[0] == 2.0


def test_a_single_slice_has_no_step(tmp_path):
    assert only(write_stack(tmp_path, 1, SliceThickness=5)).spacing_mm == (None, 0.5, 0.25)


def test_without_positions_images_stand_by_their_numbers_and_that_is_said(tmp_path):
    series = only(write_stack(tmp_path, 3, ImagePositionPatient=None))
    assert order_of(series) == ["002", "001", "000"]
    assert series.spacing_mm[0] is None
    assert any("Instance Number" in problem for problem in series.problems)
    assert load_volume(series).geometry is None


def test_a_missing_slice_is_named_and_leaves_its_place_empty(tmp_path):
    write_stack(tmp_path, 6)
    (tmp_path / "002").unlink()
    series = only(tmp_path)
    assert (series.n_images, series.spacing_mm[0]) == (5, 2.0)
    assert series.problems == ("Slices seem to be missing: 1, the first behind slice 2.",)
    volume = load_volume(series)
    assert volume.pixels[:, 0, 0].tolist() == [0, 1, 0, 3, 4, 5]
    assert volume.geometry.position_of((5, 0, 0)) == pytest.approx((0, 10, 0))


def test_uneven_spacing_is_reported(tmp_path):
    write_stack(tmp_path, 4)
    write_image(tmp_path / "x", position=(0, 8.7, 0))
    assert any("unevenly spaced" in problem for problem in only(tmp_path).problems)


@pytest.mark.parametrize(
    ("places", "is_even"),
    [
        ((0, 2, 4, 6, 8), True),
        ((0, 2.05, 3.98, 6, 8), True),
        ((0, 2, 4, 8, 10), True),  # one is missing
        ((0, 2, 5, 6, 11), False),
        ((0, 1.9, 3.7, 5.4, 7.2, 8.7), False),
        ((0, 2, 2, 4, 6), False),
    ],
)
def test_a_series_has_the_position_of_every_one_of_its_slices_or_none(tmp_path, places, is_even):
    sitk = pytest.importorskip("SimpleITK")
    for number, place in enumerate(places):
        pixels = np.full((4, 6), number, np.int16)
        write_image(tmp_path / str(number), position=(3, place, -7), pixels=pixels, InstanceNumber=number)
    series = only(tmp_path)
    volume = load_volume(series)
    assert (volume.geometry is not None) == is_even
    if volume.geometry is None:
        assert any("no even grid" in problem for problem in series.problems)
        assert volume.pixels[:, 0, 0].tolist() == list(range(len(places)))
        return
    for number, file in enumerate(series.files):
        image = sitk.ReadImage(str(file.path))
        slot = int(np.flatnonzero(volume.pixels[:, 0, 0] == number)[0])
        true = image.TransformIndexToPhysicalPoint((5, 3, 0))
        assert volume.geometry.position_of((slot, 3, 5)) == pytest.approx(true, abs=0.1)


def test_one_slice_twice_is_reported_and_no_phase(tmp_path):
    write_stack(tmp_path, 6)
    write_image(tmp_path / "again", position=(0, 4, 0), InstanceNumber=99)
    series = only(tmp_path)
    assert series.n_images == 7
    assert any("same place" in problem for problem in series.problems)


@pytest.mark.parametrize(
    "telling",
    [
        {"ContrastBolusAgent": "GADOLINIUM"},
        {"TemporalPositionIdentifier": 2},
        {"EchoTime": 40},
        {"AcquisitionNumber": 2},
        {"ImageType": ["ORIGINAL", "PRIMARY", "PHASE MAP"]},
    ],
)
def test_phases_of_one_series_become_parts(tmp_path, telling):
    write_stack(tmp_path / "a", 4, EchoTime=10, AcquisitionNumber=1, TemporalPositionIdentifier=1)
    second = {"EchoTime": 10, "AcquisitionNumber": 1, "TemporalPositionIdentifier": 1, **telling}
    for number, path in enumerate(sorted(write_stack(tmp_path / "b", 4, **second).iterdir())):
        write_image(path, position=(0, 2 * number, 0), InstanceNumber=50 + number, **second)
    found = scan([tmp_path]).series
    assert [series.series_uid for series in found] == [SERIES, f"{SERIES}#2"]
    assert [order_of(series) for series in found] == [["000", "001", "002", "003"]] * 2
    assert all(series.spacing_mm[0] == 2.0 for series in found)
    assert {file.path.parent.name for file in found[0].files} == {"a"}


def test_phases_that_only_their_numbers_tell_apart_are_parts_too(tmp_path):
    for phase in range(3):
        for number in range(4):
            write_image(
                tmp_path / f"{phase}-{number}",
                position=(0, 2 * number, 0),
                InstanceNumber=10 * phase + number,
            )
    found = scan([tmp_path]).series
    assert [order_of(series)[0] for series in found] == ["0-0", "1-0", "2-0"]
    assert {series.n_images for series in found} == {4}


def test_interleaved_acquisitions_are_no_phases(tmp_path):
    for number in range(6):
        write_image(tmp_path / str(number), position=(0, 2 * number, 0), AcquisitionNumber=1 + number % 2)
    assert only(tmp_path).n_images == 6


def test_a_localiser_of_three_planes_becomes_three_parts(tmp_path):
    write_stack(tmp_path / "cor", 2)
    write_stack(tmp_path / "ax", 2, step=(0, 0, 3), ImageOrientationPatient=list(AXIAL))
    write_stack(tmp_path / "sag", 2, step=(4, 0, 0), ImageOrientationPatient=list(SAGITTAL))
    found = scan([tmp_path]).series
    assert {(series.plane, series.spacing_mm[0]) for series in found} == {
        ("coronal", 2),
        ("axial", 3),
        ("sagittal", 4),
    }
    assert len({series.series_uid for series in found}) == 3


def test_parts_keep_their_numbers_whatever_the_order_of_files(tmp_path):
    write_stack(tmp_path / "z", 2, step=(0, 0, 3), ImageOrientationPatient=list(AXIAL), SeriesNumber=1)
    write_stack(tmp_path / "a", 2, SeriesNumber=2)
    first = {series.series_uid: series.plane for series in scan([tmp_path]).series}
    second = {series.series_uid: series.plane for series in scan([tmp_path / "a", tmp_path / "z"]).series}
    assert first == second == {SERIES: "axial", f"{SERIES}#2": "coronal"}


def test_a_mosaic_is_named_and_stands_nowhere_in_the_patient(tmp_path):
    write_image(tmp_path / "m", ImageType=["ORIGINAL", "PRIMARY", "M", "ND", "MOSAIC"])
    series = only(tmp_path)
    assert (series.plane, series.role) == (None, "other")
    assert load_volume(series).geometry is None


def test_every_film_of_a_series_is_a_part_of_its_own(tmp_path):
    write_film(tmp_path / "1", InstanceNumber=1)
    write_film(tmp_path / "2", InstanceNumber=2, ImageLaterality="R")
    assert [(series.series_uid, series.role) for series in scan([tmp_path]).series] == [
        (SERIES, "xr_pa_left"),
        (f"{SERIES}#2", "xr_pa_right"),
    ]


def test_two_copies_of_an_image_count_once(tmp_path):
    write_image(tmp_path / "a")
    shutil.copy(tmp_path / "a", tmp_path / "b")
    result = scan([tmp_path])
    assert (result.files_seen, result.series[0].n_images) == (2, 1)
    assert [item.path.name for item in result.rejected] == ["b"]


def test_a_path_given_twice_counts_once(tmp_path):
    path = write_image(tmp_path / "a")
    assert scan([tmp_path, path]).files_seen == 1


def test_links_are_not_followed(tmp_path):
    outside = write_stack(tmp_path / "outside", 2)
    inside = tmp_path / "inside"
    inside.mkdir()
    (inside / "file").symlink_to(outside / "000")
    (inside / "folder").symlink_to(outside)
    result = scan([inside])
    assert (result.files_seen, result.series) == (0, ())
    assert "link" in result.rejected[0].reason


def test_a_path_that_is_not_there_is_named(tmp_path):
    with pytest.raises(UnreadableFileError, match="no such file or folder"):
        scan([tmp_path / "gone"])


def test_raising_from_the_checkpoint_stops_the_scan(tmp_path):
    write_stack(tmp_path, 4)

    def stop(done, total):
        if done == 2:
            raise InterruptedError(f"{done} of {total}")

    with pytest.raises(InterruptedError, match="2 of 4"):
        scan([tmp_path], stop)


def test_the_paths_of_a_result_are_absolute(tmp_path, monkeypatch):
    write_stack(tmp_path / "d", 1)
    (tmp_path / "d" / "x.txt").write_text("hello")
    monkeypatch.chdir(tmp_path)
    result = scan(["d"])
    assert result.series[0].files[0].path.is_absolute()
    assert result.rejected[0].path.is_absolute()


# --- archives


def zip_of(folder, archive, extra=()):
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as opened:
        for path in sorted(folder.rglob("*")):
            opened.write(path, path.relative_to(folder))
        for name, data in extra:
            opened.writestr(name, data)
    return archive


def test_a_zip_archive_is_read_where_it_may_be_unpacked(tmp_path):
    archive = zip_of(write_stack(tmp_path / "s", 3), tmp_path / "study.zip", [("../../notes.txt", "hello")])
    result = scan([archive], unpack_into=tmp_path / "unpacked")
    assert result.files_seen == 5
    assert result.series[0].n_images == 3
    assert load_volume(result.series[0]).pixels.shape == (3, 4, 6)
    assert [(item.path, item.reason) for item in result.rejected] == [
        (archive / "notes.txt", "a text file, not DICOM")
    ]
    assert {path.parent.parent for path in (tmp_path / "unpacked").rglob("0*")} == {tmp_path / "unpacked"}


def test_without_a_place_to_unpack_a_zip_archive_is_refused(tmp_path):
    archive = zip_of(write_stack(tmp_path / "s", 1), tmp_path / "study.zip")
    assert "zip archive" in scan([archive]).rejected[0].reason


def test_an_archive_inside_an_archive_is_refused(tmp_path):
    inner = zip_of(write_stack(tmp_path / "s", 1), tmp_path / "inner.zip")
    archive = zip_of(tmp_path / "s", tmp_path / "outer.zip", [("inner.zip", inner.read_bytes())])
    result = scan([archive], unpack_into=tmp_path / "u")
    assert [item.reason for item in result.rejected] == ["an archive inside an archive"]
    assert result.series[0].n_images == 1


@pytest.mark.parametrize(
    ("limits", "word"),
    [
        (Limits(archive_entries=2), "more than 2 files"),
        (Limits(archive_ratio=2), "inflates to too much"),
        (Limits(archive_bytes=1000), "inflates to too much"),
    ],
)
def test_an_archive_that_asks_for_too_much_is_refused(tmp_path, limits, word):
    archive = zip_of(write_stack(tmp_path / "s", 3), tmp_path / "a.zip", [("zeros", bytes(3_000_000))])
    rejected = scan([archive], unpack_into=tmp_path / "u", limits=limits).rejected
    assert any(word in item.reason for item in rejected if item.path == archive)


def test_a_broken_archive_is_refused(tmp_path):
    archive = zip_of(write_stack(tmp_path / "s", 3), tmp_path / "a.zip")
    data = archive.read_bytes()
    archive.write_bytes(data[:100] + bytes(50) + data[150:])
    result = scan([archive], unpack_into=tmp_path / "u")
    assert [item.path for item in result.rejected] == [archive]


# --- limits and odd files


@pytest.mark.parametrize(
    ("limits", "word"),
    [
        (Limits(file_bytes=100), "larger than"),
        (Limits(header_reads=20), "more elements"),
        (Limits(rows=3), "larger than"),
        (Limits(decoded_bytes=10), "memory"),
    ],
)
def test_a_file_that_asks_for_too_much_is_refused(tmp_path, limits, word):
    write_image(tmp_path / "a")
    assert word in scan([tmp_path], limits=limits).rejected[0].reason


def test_an_empty_file_is_refused(tmp_path):
    (tmp_path / "e").touch()
    assert scan([tmp_path]).rejected[0].reason == "an empty file"


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root opens every file")
def test_a_file_that_may_not_be_opened_is_refused(tmp_path):
    write_image(tmp_path / "a").chmod(0)
    assert "cannot be opened" in scan([tmp_path]).rejected[0].reason


def test_a_deflated_file_inflates_within_a_limit(tmp_path, shared_data):
    source = shared_data / "torture" / "pydicom" / "image_dfl.dcm"
    assert scan([source]).series[0].rows == 512
    assert "inflates" in scan([source], limits=Limits(inflated_bytes=100_000)).rejected[0].reason


def test_a_colour_film_is_refused_and_a_grey_one_read(tmp_path):
    grey = np.repeat(np.arange(48, dtype=np.uint8).reshape(8, 6, 1), 3, axis=2)
    colour = grey.copy()
    colour[..., 0] += 100
    for name, picture in (("grey", grey), ("colour", colour)):
        write_film(
            tmp_path / name,
            pixels=np.zeros((8, 6), np.uint8),
            SamplesPerPixel=3,
            PlanarConfiguration=0,
            PhotometricInterpretation="RGB",
            PixelData=picture.tobytes(),
        )
    result = scan([tmp_path])
    assert [item.path.name for item in result.rejected] == ["colour"]
    assert np.array_equal(load_volume(result.series[0]).pixels[0], grey[..., 0])


def test_the_limits_are_those_of_the_import_rules():
    assert (LIMITS.file_bytes, LIMITS.decoded_bytes, LIMITS.rows) == (512 << 20, 2 << 30, 16_384)
    assert (LIMITS.archive_entries, LIMITS.archive_ratio, LIMITS.frames) == (20_000, 200, 10_000)


def test_nothing_is_printed_about_odd_files(tmp_path, capfd):
    data = bytearray(write_image(tmp_path / "a").read_bytes())
    data[300:330] = io.BytesIO(bytes(range(30))).read()
    (tmp_path / "b").write_bytes(bytes(data))
    scan([tmp_path])
    assert capfd.readouterr() == ("", "")

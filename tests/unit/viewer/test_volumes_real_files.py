"""Volumes of real files against SimpleITK, the independent reader."""

import numpy as np
import pytest
import SimpleITK

from viewer.imaging.errors import ImagingError
from viewer.imaging.loading import load_volume
from viewer.imaging.scan import scan

EIGHT = ("MR3_UNC", "MR3_RLE", "MR3_J2KR", "MR3_JPLL", "MR3_JLSL", "MR3_J2KI", "MR3_JLSN", "MR3_JPLY")
LOSSLESS = EIGHT[:5]


@pytest.fixture(autouse=True)
def quiet_simpleitk():
    SimpleITK.ProcessObject.SetGlobalWarningDisplay(False)


def volume_of(path):
    (series,) = scan([path]).series
    return load_volume(series)


def simpleitk_of(series):
    paths = [str(file.path) for file in series.files]
    if len(paths) == 1:
        return SimpleITK.ReadImage(paths[0])
    reader = SimpleITK.ImageSeriesReader()
    reader.SetFileNames(paths)
    return reader.Execute()


def readable_series(folder):
    for series in scan([folder]).series:
        try:
            yield series, load_volume(series), simpleitk_of(series)
        except (ImagingError, RuntimeError):
            continue


@pytest.mark.slow
@pytest.mark.parametrize("folder", ["hand", "mr", "torture"])
def test_geometry_and_values_equal_those_of_simpleitk(shared_data, folder):
    compared = 0
    for series, volume, image in readable_series(shared_data / folder):
        values = SimpleITK.GetArrayFromImage(image)
        values = values[np.newaxis] if values.ndim == 2 else values
        filled = volume.pixels.shape[0] != series.n_images  # a gap, which SimpleITK closes
        if (
            volume.monochrome1
            or filled
            or values.shape != volume.pixels.shape
            or "mlut" in series.files[0].path.name
        ):
            continue  # SimpleITK inverts MONOCHROME1 and knows no modality table
        assert np.abs(volume.values() - values).max() <= (2 if "loss" in " ".join(series.problems) else 0.01)
        compared += 1
        if volume.geometry is not None:
            assert_same_geometry(volume.geometry, image, series.n_images)
    assert compared >= {"hand": 1, "mr": 4, "torture": 40}[folder]


def assert_same_geometry(geometry, image, images):
    direction = np.array(image.GetDirection()).reshape(3, 3)
    assert geometry.affine[:3, 3] == pytest.approx(image.GetOrigin(), abs=1e-4)
    assert geometry.column_direction == pytest.approx(direction[:, 0], abs=1e-4)
    assert geometry.row_direction == pytest.approx(direction[:, 1], abs=1e-4)
    assert geometry.normal == pytest.approx(direction[:, 2], abs=1e-4)
    assert geometry.spacing_mm[1:] == pytest.approx(image.GetSpacing()[1::-1], abs=1e-4)
    if images == 1:
        assert geometry.spacing_mm[0] is None
    elif np.linalg.norm(geometry.affine[:3, 0]) == pytest.approx(geometry.spacing_mm[0]):  # not sheared
        assert geometry.spacing_mm[0] == pytest.approx(image.GetSpacing()[2], abs=1e-4)


def test_lossless_syntaxes_give_identical_pixels_and_lossy_ones_near_ones(shared_data):
    folder = shared_data / "torture" / "mr3_knee_8_syntaxes"
    volumes = {name: volume_of(folder / name).pixels.astype(int) for name in EIGHT}
    for name in LOSSLESS:
        assert np.array_equal(volumes[name], volumes["MR3_UNC"]), name
    assert np.abs(volumes["MR3_JLSN"] - volumes["MR3_UNC"]).max() <= 10
    for name in ("MR3_J2KI", "MR3_JPLY"):
        assert np.abs(volumes[name] - volumes["MR3_UNC"]).mean() < 25, name


@pytest.mark.parametrize(
    "name",
    ["implicit", "bigendian", "RLE", "jp2klossless", "jpeg_ls_lossless", "padded"],
)
def test_the_small_mr_is_the_same_in_every_encoding(shared_data, name):
    folder = shared_data / "torture" / "pydicom"
    plain = volume_of(folder / "MR_small.dcm").pixels
    other = volume_of(folder / f"MR_small_{name}.dcm").pixels
    assert other.dtype == plain.dtype == np.int16
    assert np.array_equal(other, plain)


def test_dirt_in_unused_high_bits_is_cleared(shared_data):
    folder = shared_data / "torture"
    assert volume_of(folder / "12bitUnsigned.dcm").pixels.max() == 2908
    striped = volume_of(folder / "12bitUnsigned_0x0F0F.dcm").pixels
    assert {3855, 4095} <= set(np.unique(striped))
    assert striped.max() == 4095


def test_a_modality_table_takes_the_place_of_the_rescale(shared_data):
    volume = volume_of(shared_data / "torture" / "pydicom" / "mlut_18.dcm")
    assert (volume.rescale_slope, volume.rescale_intercept) == (1, 0)
    assert (volume.pixels.dtype, volume.pixels.min(), volume.pixels.max()) == (np.uint16, 0, 65535)


def test_windows_and_voi_tables_are_kept_for_the_plain_viewer(shared_data):
    folder = shared_data / "torture"
    table = volume_of(folder / "pydicom" / "vlut_04.dcm").voi.lookup_tables[0]
    assert (table.first, table.values.shape, table.bits) == (0, (256,), 16)
    window = volume_of(folder / "MR4_JPLL_STIR").voi.windows[0]
    assert (window.center, window.width) == (-927, 2265)


def test_polarity_is_a_flag_and_never_applied(shared_data):
    film = volume_of(shared_data / "torture" / "CR-MONO1-10-chest")
    assert film.monochrome1
    assert film.geometry is None
    assert film.pixels.max() == 979


def test_a_grey_film_stored_in_colour_becomes_one_channel(shared_data):
    film = volume_of(shared_data / "hand" / "jpeg-baseline.dcm")
    assert film.pixels.shape == (1, 2421, 1296)
    assert film.pixels.dtype == np.uint8
    assert (film.pixel_spacing_mm, film.spacing_at) == ((0.139, 0.139), "detector")


@pytest.mark.parametrize("name", ["aspect06.dcm", "aspect07.dcm", "aspect08.dcm"])
def test_pixels_that_are_not_square_keep_their_aspect(shared_data, name):
    volume = volume_of(shared_data / "torture" / "pixel_aspect" / name)
    assert volume.pixel_aspect == pytest.approx(4 / 3)


def test_a_stream_no_decoder_reads_is_refused_by_name(shared_data):
    with pytest.raises(ImagingError, match=r"no decoder reads its compressed pixels"):
        volume_of(shared_data / "torture" / "pydicom" / "JPEG2000-embedded-sequence-delimiter.dcm")

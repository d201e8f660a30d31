import struct

import numpy as np
import pytest
from pydicom.encaps import encapsulate, encapsulate_extended
from pydicom.uid import (
    DeflatedExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    ImplicitVRLittleEndian,
    JPEGLSLossless,
    RLELossless,
)

from tests.unit.viewer.dicom_writer import groups, write_enhanced, write_film, write_image, write_stack
from viewer.imaging.errors import InconsistentSeriesError, PixelDecodeError
from viewer.imaging.loading import load_volume
from viewer.imaging.scan import scan

PICTURE = np.arange(24, dtype=np.int16).reshape(4, 6) * 37 - 300


def rewrite(path, syntax, pixels, **attributes):
    """Give a file another transfer syntax and pixel data."""
    from pydicom import dcmread

    image = dcmread(path)
    image.file_meta.TransferSyntaxUID = syntax
    image.PixelData = pixels
    image["PixelData"].is_undefined_length = syntax in {RLELossless, JPEGLSLossless}
    for name, value in attributes.items():
        setattr(image, name, value)
    image.save_as(path, enforce_file_format=True)
    return path


def volume_of(path):
    (series,) = scan([path]).series
    return load_volume(series)


def jpeg_ls(pixels):
    import imagecodecs

    return imagecodecs.jpegls_encode(np.ascontiguousarray(pixels.astype(np.uint16)))


@pytest.mark.parametrize("syntax", [ImplicitVRLittleEndian, DeflatedExplicitVRLittleEndian])
def test_little_endian_encodings_give_the_stored_integers(tmp_path, syntax):
    path = write_image(tmp_path / "a", pixels=PICTURE)
    assert np.array_equal(volume_of(rewrite(path, syntax, PICTURE.tobytes())).pixels[0], PICTURE)


def test_big_endian_pixels_come_out_in_native_order(tmp_path):
    data = PICTURE.astype(">i2").tobytes()
    volume = volume_of(write_image(tmp_path / "a", transfer_syntax=ExplicitVRBigEndian, PixelData=data))
    assert volume.pixels.dtype == np.dtype(np.int16)
    assert volume.pixels.dtype.isnative
    assert np.array_equal(volume.pixels[0], PICTURE)


def test_bytes_in_big_endian_words_are_put_right(tmp_path):
    pixels = np.arange(24, dtype=np.uint8).reshape(4, 6)
    data = pixels.reshape(-1, 2)[:, ::-1].tobytes()
    path = write_image(tmp_path / "a", pixels=pixels, transfer_syntax=ExplicitVRBigEndian, PixelData=data)
    assert np.array_equal(volume_of(path).pixels[0], pixels)


@pytest.mark.parametrize("signed", [True, False])
def test_unused_bits_are_cleared_and_the_sign_is_extended(tmp_path, signed):
    values = np.array([[0, 1, 2047, -2048, -1, 5]] * 4, np.int16)
    dirty = (values & 0x0FFF) | np.int16(0x5000)
    path = write_image(
        tmp_path / "a", pixels=dirty, BitsStored=12, HighBit=11, PixelRepresentation=int(signed)
    )
    expected = values if signed else values & 0x0FFF
    assert np.array_equal(volume_of(path).pixels[0], expected)


def test_bits_that_do_not_begin_at_the_lowest_are_shifted(tmp_path):
    path = write_image(
        tmp_path / "a",
        pixels=PICTURE.astype(np.uint16) << 4,
        BitsStored=12,
        HighBit=15,
        PixelRepresentation=0,
    )
    assert np.array_equal(volume_of(path).pixels[0], PICTURE.astype(np.uint16) & 0x0FFF)


def test_slices_form_one_contiguous_array_of_their_stored_type(tmp_path):
    volume = volume_of(write_stack(tmp_path, 3))
    assert volume.pixels.flags.c_contiguous
    assert (volume.pixels.dtype, volume.pixels.shape) == (np.int16, (3, 4, 6))


@pytest.mark.parametrize("table", ["basic", "extended", "none"])
@pytest.mark.parametrize("fragments", [1, 2])
def test_frames_of_several_fragments_are_found_by_their_offset_table(tmp_path, table, fragments):
    pixels = np.stack([PICTURE + 400 + number for number in range(3)]).astype(np.uint16)
    frames = [jpeg_ls(frame) + b"\0" * (len(jpeg_ls(frame)) % 2) for frame in pixels]
    path = write_enhanced(tmp_path / "e", [groups() for _ in frames], pixels=pixels)
    if table == "extended":
        data, offsets, lengths = encapsulate_extended(frames)
        rewrite(path, JPEGLSLossless, data, ExtendedOffsetTable=offsets, ExtendedOffsetTableLengths=lengths)
    else:
        rewrite(
            path, JPEGLSLossless, encapsulate(frames, fragments_per_frame=fragments, has_bot=table == "basic")
        )
    if table == "none" and fragments == 2:
        assert "does not hold the frames" in scan([path]).rejected[0].reason
    else:
        assert np.array_equal(volume_of(path).pixels, pixels)


def test_compressed_pixels_that_are_cut_short_are_found_at_the_scan(tmp_path):
    path = rewrite(
        write_image(tmp_path / "a", pixels=PICTURE), JPEGLSLossless, encapsulate([jpeg_ls(PICTURE)])
    )
    data = path.read_bytes()
    path.write_bytes(data[:-30])
    assert "cut short" in scan([path]).rejected[0].reason


def test_damaged_run_length_data_is_refused_without_a_panic(tmp_path):
    broken = struct.pack("<16L", 2, 64, 70, *[0] * 13) + b"\xfe\x01" * 6
    path = rewrite(write_image(tmp_path / "a", pixels=PICTURE), RLELossless, encapsulate([broken]))
    (series,) = scan([path]).series
    with pytest.raises(PixelDecodeError, match="no decoder"):
        load_volume(series)


def test_slices_that_differ_in_rescale_become_rescaled_floats(tmp_path):
    for number in range(3):
        write_image(
            tmp_path / str(number),
            position=(0, 2 * number, 0),
            RescaleSlope=number + 0.5,
            RescaleIntercept=-1,
        )
    volume = volume_of(tmp_path)
    assert volume.pixels.dtype == np.float32
    assert volume.pixels[:, 0, 0] == pytest.approx([2.5, 9.5, 16.5])
    assert (volume.rescale_slope, volume.rescale_intercept) == (1, 0)


def test_padding_is_a_range_of_stored_values(tmp_path):
    plain = write_image(tmp_path / "a" / "a")
    with_range = write_image(tmp_path / "b" / "b", PixelPaddingValue=-2000, PixelPaddingRangeLimit=-1900)
    assert volume_of(plain).padding is None
    assert volume_of(with_range).padding == (-2000, -1900)


def test_letters_of_a_film_stand_at_both_ends_of_rows_and_columns(tmp_path):
    film = volume_of(write_film(tmp_path / "f", PatientOrientation=["L", "F"]))
    assert (film.row_letters, film.column_letters) == (("R", "L"), ("H", "F"))
    assert volume_of(write_film(tmp_path / "g")).row_letters is None


@pytest.mark.parametrize(
    ("attributes", "spacing", "where"),
    [
        ({}, (0.2, 0.2), "detector"),
        ({"PixelSpacing": [0.2, 0.2]}, (0.2, 0.2), "detector"),
        ({"PixelSpacing": [0.18, 0.18]}, (0.18, 0.18), "patient"),
        ({"PixelSpacing": [0.2, 0.2], "PixelSpacingCalibrationType": "GEOMETRY"}, (0.2, 0.2), "patient"),
        ({"PixelSpacing": [0, 0], "ImagerPixelSpacing": None}, None, None),
        ({"ImagerPixelSpacing": None}, None, None),
    ],
)
def test_the_spacing_of_a_film_says_where_it_holds(tmp_path, attributes, spacing, where):
    film = volume_of(write_film(tmp_path / "f", **attributes))
    assert (film.pixel_spacing_mm, film.spacing_at) == (spacing, where)


def test_a_file_that_became_another_image_is_noticed(tmp_path):
    path = write_image(tmp_path / "a")
    (series,) = scan([path]).series
    write_image(path)
    with pytest.raises(InconsistentSeriesError, match="scan the folder again"):
        load_volume(series)


def test_loading_reports_progress_and_can_be_stopped(tmp_path):
    (series,) = scan([write_stack(tmp_path, 4)]).series
    seen = []

    def stop_at_two(done, total):
        seen.append((done, total))
        if done == 2:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        load_volume(series, stop_at_two)
    assert seen == [(0, 4), (1, 4), (2, 4)]

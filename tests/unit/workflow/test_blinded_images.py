"""What a reading learns of where its pictures lie, from files to records."""

import pytest

from reader_app.workflow.blinded_images import Decoder, blinded_images
from reader_app.workflow.series_roles import RoleStatus
from reader_app.workflow.stored_series import store_series
from tests.unit.viewer.dicom_writer import AXIAL, CORONAL, write_image, write_stack
from viewer.imaging.scan import scan

STACKS = {
    "cor_t1_pre": (CORONAL, (0, 2, 0)),
    "cor_stir": (CORONAL, (0, 3, 0)),
    "ax_t1_pre": (AXIAL, (0, 0, 2)),
}


def write(folder, role, **attributes):
    orientation, step = STACKS[role]
    write_stack(
        folder / role, 4, step=step, start=(30.0, 20.0, 10.0), orientation=orientation,
        SeriesInstanceUID=f"1.2.{sorted(STACKS).index(role)}", SeriesDescription=role, **attributes,
    )  # fmt: skip


def prepared(folder):
    """Return what is put into a reading of the series in a folder, by role."""
    statuses = []
    for series in scan([folder]).series:
        names = {file.path: str(file.path.relative_to(folder)) for file in series.files}
        statuses.append(RoleStatus(series.description, (store_series(series, names, "S01", "week 0"),)))
    with Decoder(folder, None) as decoder:
        return {spec.record.role: spec.record for spec in blinded_images(decoder, "A", statuses)}


def middle_of(record, slices=4):
    """Return the mean place of the corners of a record's volume of 4 x 6 pixels, from its own origin."""
    index = ((slices - 1) / 2, 1.5, 2.5, 1)
    return tuple(
        sum(a * b for a, b in zip(record.affine[4 * row :][:4], index, strict=True)) for row in range(3)
    )


def test_a_series_without_a_frame_of_reference_has_none_in_the_reading_either(tmp_path):
    write(tmp_path, "cor_t1_pre")
    write(tmp_path, "cor_stir", FrameOfReferenceUID=None)
    write(tmp_path, "ax_t1_pre", FrameOfReferenceUID=None)
    records = prepared(tmp_path)
    assert {role: record.frame for role, record in records.items()} == {
        "cor_t1_pre": 1,
        "cor_stir": None,
        "ax_t1_pre": None,
    }
    for record in records.values():
        assert middle_of(record) == pytest.approx((0, 0, 0)), "nothing is left of the scanner's coordinates"


def test_slices_on_no_even_grid_have_no_place_in_the_reading(tmp_path):
    write(tmp_path, "cor_t1_pre")
    for number, place in enumerate((20.0, 23.0, 27.5, 29.0)):
        write_image(
            tmp_path / f"stir{number}", position=(30.0, place, 10.0), SeriesInstanceUID="1.2.7",
            SeriesDescription="cor_stir", InstanceNumber=number,
        )  # fmt: skip
    records = prepared(tmp_path)
    uneven = records["cor_stir"]
    assert (uneven.frame, uneven.affine, uneven.spacing_mm) == (None, None, None)
    assert uneven.pixel_spacing_mm == (0.5, 0.25)
    assert records["cor_t1_pre"].frame == 1

"""What lies under the cursor, in words."""

from __future__ import annotations

from viewer.imaging.volume import Volume

_DIRECTIONS = (("R", "L"), ("A", "P"), ("F", "H"))


def is_inside(volume: Volume, row: float, column: float) -> bool:
    """Whether a point of a slice lies on a pixel that is shown."""
    first, stop = volume.shown_columns
    return 0 <= round(row) < volume.pixels.shape[1] and first <= round(column) < stop


def read_out(volume: Volume, slice_index: int, row: float, column: float) -> str:
    """Return value and place under a point of a slice; empty outside the picture.

    The value is rescaled. The place is in mm from the origin of *volume*'s coordinates (in a reading the
    middle of the timepoint's pictures, so it tells nothing about the scanner), each with its direction.
    """
    if not is_inside(volume, row, column):
        return ""
    stored = volume.pixels[slice_index, round(row), round(column)]
    if volume.padding is not None and volume.padding[0] <= stored <= volume.padding[1]:
        return "no picture here"
    value = f"{float(stored) * volume.rescale_slope + volume.rescale_intercept:.6g}"
    if volume.geometry is None:
        return value
    position = volume.geometry.position_of((slice_index, row, column))
    places = (
        f"{letters[int(mm > 0)]} {abs(mm):.1f}" for letters, mm in zip(_DIRECTIONS, position, strict=True)
    )
    return f"{value} at {' '.join(places)} mm"

"""A series cut along a line that the reader drew, such as a bone, at right angles to the slice it is on."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from reader_app.reading.case_images import CaseImage
from reader_app.reading.scene import Scene, film_key
from reader_app.reading.wanted import PaneKey
from viewer.display.measure import Measure
from viewer.display.orientation import Orientation
from viewer.imaging.geometry import FloatArray, Geometry, geometry_of

NOTE = "cut along the drawn line"
_BESIDE = 15
"""Planes on either side of the one through the line, for scrolling."""
_FINEST_MM = 0.2
_MOST_PIXELS = 1024


def drawn_line(scene: Scene, key: PaneKey) -> Measure | None:
    """Return the distance that was drawn last on the slice a pane shows."""
    view = scene.view(key)
    lines = [
        measure
        for measure in scene.wanted.measures.get(film_key(key), ())
        if measure.kind == "distance" and view is not None and measure.slice_index == view.slice_index
    ]
    return lines[-1] if lines else None


def cut_refusal(scene: Scene, key: PaneKey) -> str:
    """Return why a pane cannot be cut along a line; empty when it can."""
    volume = scene.image(key).volume
    if volume is None:
        return "There is no picture in this pane."
    if volume.geometry is None or volume.geometry.shape[0] < 2:
        return "Only a stack of slices with a known place in the patient can be cut along a line."
    if drawn_line(scene, key) is None:
        return "Draw a distance (D) along the bone first: the series is cut along it."
    return ""


def line_cut(image: CaseImage, line: Measure) -> CaseImage:
    """Return planes through *line* and beside it, at right angles to the slice it was drawn on.

    Raises:
        ValueError: The picture has no geometry, or the line no length.
    """
    from viewer.imaging.resample import Reformatter, oblique_along

    if image.volume is None or image.volume.geometry is None:
        raise ValueError("only a volume with geometry is cut along a line")
    geometry = image.volume.geometry
    start, end = (geometry.position_of((line.slice_index, *point)) for point in line.points)
    spacing = max(min(geometry.spacing_mm[1:]), _FINEST_MM)
    plane = oblique_along(start, end, np.cross(end - start, geometry.normal), spacing)
    size = _covering(geometry, (start + end) / 2, plane.down, plane.across, spacing)
    plane = oblique_along(start, end, np.cross(end - start, geometry.normal), spacing, size)
    first, last = (plane.moved(side * _BESIDE * spacing).origin for side in (-1, 1))
    shape = (2 * _BESIDE + 1, *size)
    grid = geometry_of(first, last, plane.across, plane.down, plane.spacing, shape)
    volume = replace(
        image.volume,
        pixels=Reformatter(image.volume).volume(grid),
        geometry=grid,
        pixel_spacing_mm=plane.spacing,
        pixel_aspect=1.0,
    )
    note = f"{image.note}, {NOTE}" if image.note else NOTE
    return replace(image, volume=volume, orientation=Orientation(), pyramid=None, note=note, _slices={})


def middle_of(line: Measure) -> tuple[float, float]:
    """Return the (row, column), fractional, halfway along a line."""
    (first_row, first_column), (last_row, last_column) = line.points
    return (first_row + last_row) / 2, (first_column + last_column) / 2


def _covering(
    geometry: Geometry, middle: FloatArray, down: FloatArray, across: FloatArray, spacing: float
) -> tuple[int, int]:
    """Return rows, columns of a plane around *middle* that reaches every corner of a volume."""
    corners = np.array(list(np.ndindex(2, 2, 2))) * (np.array(geometry.shape) - 1)
    away = geometry.position_of(corners) - middle
    rows, columns = (2 * np.ceil(np.abs(away @ axis).max() / spacing) + 1 for axis in (down, across))
    return min(int(rows), _MOST_PIXELS), min(int(columns), _MOST_PIXELS)

"""What lies under the cursor: a place in the patient, or a pixel of a film."""

from __future__ import annotations

from reader_app.reading.scene import Scene
from reader_app.reading.wanted import PaneKey
from storage.reading.landmarks import Landmark
from viewer.display.readout import is_inside

POINT_AT_IT = "Point at the site in a picture, then press K."
_NO_FRAME = "The frame of reference of this picture is unknown: no place can be kept on it."
_NO_POSITIONS = "The slices of this picture have no known positions: no place can be kept on it."


def landmark_at_cursor(scene: Scene) -> tuple[PaneKey, Landmark] | str:
    """Return what lies under the cursor as a landmark, or why that can be none."""
    if scene.cursor is None or scene.cursor[0] not in scene.screens:
        return POINT_AT_IT
    key, x, y = scene.cursor
    image, view = scene.image(key), scene.view(key)
    if image.volume is None or view is None:
        return POINT_AT_IT
    row, column = view.to_image(x, y, scene.screens[key].size)
    if not is_inside(image.volume, row, column):  # beside the picture, or on the other hand, unseen
        return POINT_AT_IT
    geometry = image.volume.geometry
    if geometry is None and not image.role.startswith("xr_"):
        return _NO_POSITIONS
    if geometry is None:
        return key, Landmark(role=image.role, row_column=(row, column))
    if image.frame is None:
        return _NO_FRAME
    x_mm, y_mm, z_mm = geometry.position_of((view.slice_index, row, column)).tolist()
    return key, Landmark(image.frame, (x_mm, y_mm, z_mm))

"""From what is wanted to what a pane paints."""

from __future__ import annotations

from reader_app.reading.case_images import CaseImage, is_whole_film, role_title
from reader_app.reading.mark_drawing import drawn_marks
from reader_app.reading.scene import Scene, film_key, frame_key
from reader_app.reading.wanted import PaneKey
from viewer.display.measure import DrawnMeasure, measure_text
from viewer.display.orientation import letters
from viewer.display.pane_state import OUTSIDE, POSITIONS_UNKNOWN, Line, PaneState, Picture
from viewer.display.readout import read_out
from viewer.display.viewport import SliceView, cut_line, is_outside, pixel_size
from viewer.display.window_level import describe_window
from viewer.display.zoom import has_length
from viewer.imaging.volume import Volume

SPOT_NOTES = {"set": "", "carried": "place carried over", "estimated": "estimated place (K sets it)"}
EVENED = "coil shading evened out, for looking only"


def pane_state(scene: Scene, key: PaneKey, scale: float) -> PaneState:
    """Return what the pane of *key* shows at *scale* logical pixels per mm."""
    image = scene.image(key)
    title, current = _title(scene, key, image), scene.current == key
    volume = image.volume
    if volume is None:
        return PaneState(image.letter, title, reason=image.reason, current=current)
    if volume.geometry is not None and is_outside(volume.geometry, scene.place(key).focus):
        return PaneState(image.letter, title, reason=OUTSIDE, current=current)
    view = scene.view(key, scale)
    assert view is not None
    window, spot = scene.window(key), _spot(scene, key, volume, view)
    return PaneState(
        image.letter,
        title,
        Picture(
            image.levels(view.slice_index),
            view,
            window,
            volume.monochrome1 != scene.wanted.inverted,
            volume.part,
        ),
        letters=letters(volume, view.orientation),
        window_text=describe_window(volume, window),
        mm_per_pixel=_mm_per_pixel(volume, view),
        spacing_note="mm at detector" if volume.spacing_at == "detector" else "",
        made_note=image.note,
        shading_note=EVENED if (key[0], scene.role(key)) in scene.evened else "",
        link_note=_link_note(scene, key, image),
        readout=_readout(scene, key, volume, view),
        measures=_measures(scene, key, volume, view),
        marks=drawn_marks(scene, key, volume, view) if scene.marks.paints else (),
        lens=_lens(scene, key),
        spot=spot,
        spot_note=_spot_note(scene, key) if spot is not None else "",
        cross=_cross(scene, key, image, view),
        cuts=_cuts(scene, key, image, view),
        depth=_depth(volume, view),
        current=current,
    )


def _title(scene: Scene, key: PaneKey, image: CaseImage) -> str:
    """Return what a pane shows; a film of both sides that cannot be split is called what it is."""
    return role_title(image.role if is_whole_film(image) else scene.role(key))


def _cross(scene: Scene, key: PaneKey, image: CaseImage, view: SliceView) -> tuple[float, float] | None:
    geometry = image.volume.geometry if image.volume else None
    if geometry is None or frame_key(image) not in scene.wanted.places:
        return None
    row_column = geometry.row_column_of(scene.place(key).focus)
    return view.to_screen(*row_column, scene.screens[key].size)


def _cuts(scene: Scene, key: PaneKey, image: CaseImage, view: SliceView) -> tuple[Line, ...]:
    """Return where the other planes of this frame of reference cut this picture, each plane once."""
    assert image.volume is not None
    lines: dict[str, Line] = {}
    focus = scene.place(key).focus
    for other_key in scene.sharing(frame_key(image)):
        other = scene.image(other_key).volume
        geometry = other.geometry if other else None
        if geometry is None or other_key == key:
            continue
        line = cut_line(view, image.volume, geometry, focus, scene.screens[key].size)
        if line is not None:
            lines.setdefault(str(other_key) if other_key in scene.line_cuts else geometry.plane, line)
    return tuple(lines.values())


def _link_note(scene: Scene, key: PaneKey, image: CaseImage) -> str:
    """Say which panes cannot follow the others of their timepoint, and why."""
    if image.volume is None or (image.volume.geometry is None and image.role.startswith("xr_")):
        return ""
    if image.volume.geometry is None:
        return f"{POSITIONS_UNKNOWN}: moves alone"
    if frame_key(image) in scene.follow_notes:
        return scene.follow_notes[frame_key(image)]
    if image.frame is None:
        return "frame of reference unknown: moves alone"
    main = scene.main_frame(key[0])
    return "" if main in (image.frame, None) else "another frame of reference: moves alone"


def _readout(scene: Scene, key: PaneKey, volume: Volume, view: SliceView) -> str:
    if scene.cursor is None or scene.cursor[0] != key:
        return ""
    row, column = view.to_image(scene.cursor[1], scene.cursor[2], scene.screens[key].size)
    return read_out(volume, view.slice_index, row, column)


def _measures(scene: Scene, key: PaneKey, volume: Volume, view: SliceView) -> tuple[DrawnMeasure, ...]:
    """Return the measures of this pane that lie on the slice it shows, and the one being drawn."""
    there = scene.wanted.measures.get(film_key(key), ())
    if scene.drawing is not None and scene.drawing[0] == key:
        there = (*there, scene.drawing[1])
    return tuple(
        DrawnMeasure(
            tuple(view.to_screen(*point, scene.screens[key].size) for point in measure.points),
            measure_text(volume, measure),
        )
        for measure in there
        if measure.slice_index == view.slice_index and key not in scene.line_cuts
    )


def _spot(scene: Scene, key: PaneKey, volume: Volume, view: SliceView) -> tuple[float, float] | None:
    """Return where the current site is on the slice that is shown, within a slice of it."""
    spot = scene.spot(key)
    if spot is None:
        return None
    if spot.landmark.row_column is not None:
        return view.to_screen(*spot.landmark.row_column, scene.screens[key].size)
    assert volume.geometry is not None
    index, row, column = volume.geometry.index_of(spot.landmark.position_mm or ()).tolist()
    return (
        view.to_screen(row, column, scene.screens[key].size) if abs(index - view.slice_index) <= 1 else None
    )


def _spot_note(scene: Scene, key: PaneKey) -> str:
    spot = scene.spot(key)
    return SPOT_NOTES[spot.source] if spot is not None else ""


def _lens(scene: Scene, key: PaneKey) -> tuple[float, float] | None:
    if not scene.has_lens or scene.cursor is None or scene.cursor[0] != key:
        return None
    return scene.cursor[1], scene.cursor[2]


def _mm_per_pixel(volume: Volume, view: SliceView) -> float | None:
    return pixel_size(volume)[1] / view.pixels_per_column if has_length(volume) else None


def _depth(volume: Volume, view: SliceView) -> float | None:
    slices = volume.pixels.shape[0]
    return view.slice_index / (slices - 1) if slices > 1 else None

"""From what is shown in the plain viewer to what a pane paints."""

from __future__ import annotations

from collections.abc import Hashable

from reader_app.images.scene import Scene, Shown
from viewer.display.orientation import letters
from viewer.display.pane_state import OUTSIDE, POSITIONS_UNKNOWN, Line, PaneState, Picture
from viewer.display.readout import read_out
from viewer.display.viewport import SliceView, cut_line, is_outside, pixel_size
from viewer.display.window_level import describe_window
from viewer.display.zoom import has_length


def pane_state(scene: Scene, pane: Hashable) -> PaneState:
    """Return what a pane shows: its picture, or why there is none."""
    shown, current = scene.shown.get(pane), pane == scene.current and not scene.is_alone
    if shown is None:
        return PaneState(reason="Choose a series on the left, or drag one here.", current=current)
    if shown.look is None:
        return PaneState(title=shown.title, reason=shown.reason, current=current)
    if shown.geometry is not None and is_outside(shown.geometry, scene.focus_of(pane)):
        return PaneState(title=shown.title, reason=OUTSIDE, current=current)
    volume, view = shown.look.volume, scene.view(pane)
    window = shown.adjustment.applied_to(shown.look.window)
    text = describe_window(volume, window)
    if shown.count > 1:
        text = f"{view.slice_index + 1} / {shown.count}   {text}"
    return PaneState(
        title=shown.title,
        picture=Picture(
            shown.look.levels(view.slice_index), view, window, volume.monochrome1 != shown.inverted
        ),
        letters=letters(volume, view.orientation),
        window_text=text,
        mm_per_pixel=pixel_size(volume)[1] / view.pixels_per_column if has_length(volume) else None,
        spacing_note="mm at detector" if volume.spacing_at == "detector" else "",
        link_note=_link_note(scene, shown),
        readout=_readout(scene, pane, view),
        cuts=_cuts(scene, pane, view),
        depth=view.slice_index / (shown.count - 1) if shown.count > 1 else None,
        current=current,
    )


def _link_note(scene: Scene, shown: Shown) -> str:
    """Say which of several panes cannot move with the others, and why."""
    if scene.is_alone or shown.series is None or not scene.linked:
        return ""
    if shown.geometry is None:
        return f"{POSITIONS_UNKNOWN}: moves alone" if shown.count > 1 else ""
    return "" if shown.series.frame_of_reference_uid else "frame of reference unknown: moves alone"


def _readout(scene: Scene, pane: Hashable, view: SliceView) -> str:
    """Return the value and the place in the patient under the cursor."""
    look = scene.shown[pane].look
    if scene.cursor is None or scene.cursor[0] != pane or look is None:
        return ""
    row, column = view.to_image(*scene.cursor[1:], scene.sizes[pane])
    return read_out(look.volume, view.slice_index, row, column)


def _cuts(scene: Scene, pane: Hashable, view: SliceView) -> tuple[Line, ...]:
    """Return where the slices of linked panes in other planes cut this picture."""
    look = scene.shown[pane].look
    assert look is not None
    lines: dict[str, Line] = {}
    for other in scene.sizes:
        geometry = scene.shown[other].geometry if other in scene.shown else None
        if other == pane or geometry is None or scene.shared(other) != scene.shared(pane):
            continue
        line = cut_line(view, look.volume, geometry, scene.focus_of(pane), scene.sizes[pane])
        if line is not None:
            lines.setdefault(geometry.plane, line)
    return tuple(lines.values())

"""From a gesture to what is wanted afterwards: scrolling, moving, pointing, windowing, turning."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from reader_app.reading.scene import Scene, film_key, frame_key, window_group
from reader_app.reading.wanted import PaneKey, Wanted
from viewer.display.orientation import Turn
from viewer.display.viewport import (
    Place,
    drag_in_patient,
    drag_on_film,
    film_middle,
    pixel_size,
    step_slices,
)
from viewer.display.window_level import Adjustment, StoredWindow, WindowPreset, WindowWish
from viewer.display.zoom import Zoom
from viewer.imaging.geometry import FloatArray
from viewer.imaging.volume import Volume


def scrolled(scene: Scene, key: PaneKey, steps: int) -> Wanted:
    """Return what is wanted *steps* slices on in a pane; linked timepoints take as many steps."""
    volume = scene.image(key).volume
    if volume is None:
        return scene.wanted
    if volume.geometry is None:
        frame = min(max(scene.wanted.frames.get(key[1], 0) + steps, 0), volume.pixels.shape[0] - 1)
        return replace(scene.wanted, frames={**scene.wanted.frames, key[1]: frame})
    places = dict(scene.wanted.places)
    for follower in scene.followers(key):
        image = scene.image(follower)
        if image.volume is not None and image.volume.geometry is not None:
            place = scene.place(follower)
            step = step_slices(image.volume.geometry, place.focus, steps)
            places[frame_key(image)] = place.moved(focus=step.tolist())
    return replace(scene.wanted, places=_followed(scene, key, places))


def panned(scene: Scene, key: PaneKey, right: float, down: float) -> Wanted:
    """Return what is wanted after a pane's picture was dragged by logical pixels."""
    view, volume = scene.view(key), scene.image(key).volume
    if view is None or volume is None:
        return scene.wanted
    if volume.geometry is None:
        films = dict(scene.wanted.films)
        along_rows, along_columns = drag_on_film(volume, view, right, down)
        for follower in scene.followers(key):
            before = films.get(film_key(follower), (0.0, 0.0))
            films[film_key(follower)] = (before[0] + along_rows, before[1] + along_columns)
        return replace(scene.wanted, films=films)
    step = drag_in_patient(volume.geometry, view, right, down)
    places = dict(scene.wanted.places)
    for follower in scene.followers(key):
        image = scene.image(follower)
        if image.volume is not None and image.volume.geometry is not None:
            places[frame_key(image)] = scene.place(follower).moved(centre=step.tolist())
    return replace(scene.wanted, places=_followed(scene, key, places))


def pointed(scene: Scene, key: PaneKey, row: float, column: float) -> Wanted:
    """Return what is wanted after a point of a pane was chosen: its frame of reference goes there."""
    image, view = scene.image(key), scene.view(key)
    if view is None or image.volume is None or image.volume.geometry is None:
        return scene.wanted
    x, y, z = image.volume.geometry.position_of((view.slice_index, row, column)).tolist()
    place = Place((x, y, z), scene.place(key).centre)
    places = {**scene.wanted.places, frame_key(image): place}
    return replace(scene.wanted, places=_followed(scene, key, places))


def followed(scene: Scene, key: PaneKey) -> Wanted:
    """Return what is wanted when the other timepoints go where the hand of a pane's timepoint is."""
    place = scene.place(key)
    places = {**scene.wanted.places, frame_key(scene.image(key)): place}
    return replace(scene.wanted, places=_followed(scene, key, places))


def _followed(scene: Scene, key: PaneKey, places: dict[str, Place]) -> dict[str, Place]:
    """Return *places* with the frames that follow the hand at the place of a pane; its own stays as it is."""
    leader = frame_key(scene.image(key))
    here = scene.to_first.get(leader)
    if here is None or not scene.linked or leader not in places:
        return places
    place = places[leader]
    moved = dict(places)
    for frame, matrix in scene.to_first.items():
        if frame != leader:
            there: FloatArray = np.asarray(np.linalg.solve(matrix, here), np.float64)
            moved[frame] = Place(_moved(there, place.focus), _moved(there, place.centre))
    return moved


def _moved(matrix: FloatArray, position: tuple[float, float, float]) -> tuple[float, float, float]:
    x, y, z = (matrix[:3, :3] @ np.asarray(position) + matrix[:3, 3]).tolist()
    return x, y, z


def adjusted(scene: Scene, key: PaneKey, adjustment: Adjustment) -> Wanted:
    """Return what is wanted with another adjustment of a pane's window, in every timepoint."""
    group = window_group(key[1])
    wish = replace(scene.wish(key[1]), adjustment=adjustment)
    return replace(scene.wanted, windows={**scene.wanted.windows, group: wish})


def dragged_window(scene: Scene, key: PaneKey, right: float, down: float) -> Wanted:
    """Return what is wanted after a drag by shares of the pane's size."""
    return adjusted(scene, key, scene.wish(key[1]).adjustment.dragged(right, down))


def windowed(scene: Scene, key: PaneKey, window: StoredWindow) -> Wanted:
    """Return what is wanted with this window in a pane, and as much changed in the other timepoints."""
    return adjusted(scene, key, Adjustment.from_to(scene.base_window(key), window))


def preset(scene: Scene, key: PaneKey, chosen: WindowPreset) -> Wanted:
    """Return what is wanted with a preset for the series of a pane."""
    wish = WindowWish(chosen.low, chosen.high)
    return replace(scene.wanted, windows={**scene.wanted.windows, window_group(key[1]): wish})


def turned(scene: Scene, key: PaneKey, quarters: int) -> Wanted:
    """Return what is wanted with the series of a pane turned clockwise."""
    turn = scene.wanted.turns.get(key[1], Turn()).turned(quarters)
    return replace(scene.wanted, turns={**scene.wanted.turns, key[1]: turn})


def flipped(scene: Scene, key: PaneKey) -> Wanted:
    """Return what is wanted with left and right of a pane's series exchanged on the screen."""
    turn = scene.wanted.turns.get(key[1], Turn()).mirrored()
    return replace(scene.wanted, turns={**scene.wanted.turns, key[1]: turn})


def gone_to_site(scene: Scene) -> Wanted:
    """Return what is wanted with every pane at the current site, where anybody knows where that is.

    Whole slices stay where they are and only change to the right slice; enlarged ones are centred.
    """
    places, films = dict(scene.wanted.places), dict(scene.wanted.films)
    is_enlarged = scene.wanted.zoom != Zoom()
    for key in scene.cells:
        spot, image = scene.spot(key), scene.image(key)
        if spot is None or image.volume is None:
            continue
        if spot.landmark.position_mm is not None:
            position = spot.landmark.position_mm
            centre = position if is_enlarged else scene.place(key).centre
            places[frame_key(image)] = Place(position, centre)
        elif spot.landmark.row_column is not None and is_enlarged:
            films[film_key(key)] = _from_middle(image.volume, spot.landmark.row_column)
    return replace(scene.wanted, places=places, films=films)


def _from_middle(volume: Volume, row_column: tuple[float, float]) -> tuple[float, float]:
    """Return how far, in mm along rows and columns, a pixel lies from the middle of a film."""
    row, column = film_middle(volume)
    row_size, column_size = pixel_size(volume)
    return (row_column[0] - row) * row_size, (row_column[1] - column) * column_size


def fitted(scene: Scene) -> Wanted:
    """Return what is wanted with whole slices in the middle of their panes."""
    places = {key: replace(place, centre=(0.0, 0.0, 0.0)) for key, place in scene.wanted.places.items()}
    return replace(scene.wanted, zoom=Zoom(), places=places, films={})

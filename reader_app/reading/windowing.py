"""The windows of a case: in numbers, by preset and by the slice that is shown."""

from __future__ import annotations

from reader_app.reading import moves
from reader_app.reading.scene import Scene
from reader_app.reading.wanted import PaneKey, Wanted
from viewer.display.window_level import (
    HIGH_PERCENTILE,
    LOW_PERCENTILE,
    WindowPreset,
    rescaled,
    stored,
    window_of,
    window_presets,
)


def numbers(scene: Scene, key: PaneKey) -> tuple[float, float] | None:
    """Return (width, level) of a pane in rescaled values; None without a picture."""
    volume = scene.image(key).volume
    return rescaled(volume, scene.window(key)) if volume is not None else None


def with_numbers(scene: Scene, key: PaneKey, width: float, level: float) -> Wanted:
    """Return what is wanted with a pane in this window, and the other timepoints changed by as much."""
    volume = scene.image(key).volume
    if volume is None:
        return scene.wanted
    return moves.windowed(scene, key, stored(volume, width, level))


def next_preset(scene: Scene, key: PaneKey, modality: str) -> WindowPreset:
    """Return the preset after the one in use, the first one where none is."""
    presets, wish = window_presets(modality), scene.wish(key[1])
    used = [
        number for number, known in enumerate(presets) if (known.low, known.high) == (wish.low, wish.high)
    ]
    return presets[(used[0] + 1) % len(presets) if used else 0]


def by_slice(scene: Scene, key: PaneKey) -> Wanted:
    """Return what is wanted with a pane in the window of the pixels of the slice it shows."""
    volume, view = scene.image(key).volume, scene.view(key)
    if volume is None or view is None:
        return scene.wanted
    first, stop = volume.shown_columns
    pixels = volume.pixels[view.slice_index, :, first:stop]
    return moves.windowed(scene, key, window_of(volume, pixels, LOW_PERCENTILE, HIGH_PERCENTILE))

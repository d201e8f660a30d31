"""Small pictures of series, for lists."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage, QPixmap

from viewer.display.orientation import upright
from viewer.display.picture import pyramid, render
from viewer.display.viewport import fitting_scale, pixel_size, view_of_film
from viewer.display.window_level import first_window
from viewer.imaging.volume import Volume

SIDE = 168
"""Edge of a thumbnail in device pixels: shown at 84 it is sharp on dense screens, too."""


def thumbnail_of(volume: Volume) -> NDArray[np.uint8]:
    """Return the middle slice upright, shape (SIDE, SIDE) or narrower, with the window of the common rule."""
    middle = len(volume.pixels) // 2
    row_size, column_size = pixel_size(volume)
    rows, columns = volume.pixels.shape[1:]
    scale = fitting_scale(volume, (SIDE, SIDE))
    size = (max(round(columns * column_size * scale), 1), max(round(rows * row_size * scale), 1))
    view = view_of_film(volume, (0.0, 0.0), scale, upright(volume.geometry))
    levels = pyramid(volume.pixels[middle])
    return render(levels, view, first_window(volume), size, inverted=volume.monochrome1)


def pixmap_of(grey: NDArray[np.uint8]) -> QPixmap:
    """Return a grey picture, shape (rows, columns), for painting; make it on the GUI thread only."""
    rows, columns = grey.shape
    pixels = np.ascontiguousarray(grey)
    image = QImage(pixels.data, columns, rows, columns, QImage.Format.Format_Grayscale8)
    return QPixmap.fromImage(image.copy())

"""From stored values to grey ones: the window, then the polarity."""

from __future__ import annotations

import math
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from viewer.display.window_level import StoredWindow


def to_grey(
    stored: NDArray[Any],
    window: StoredWindow,
    inverted: bool,
    clamped: NDArray[Any] | None = None,
    grey: NDArray[np.uint8] | None = None,
) -> NDArray[np.uint8]:
    """Return stored values windowed to 0..255 and inverted if asked, same shape.

    *clamped* and *grey*, of that shape, are written to where they are given.

    Source: DICOM PS3.3 C.11.2.1.2 (linear exact), then C.7.6.3.1.2 for the polarity.
    """
    scale = 255.0 / window.width
    # convertScaleAbs would fold values below the window back to bright ones: clamp first
    lowest: Any = _edge(stored.dtype, window.low)  # the stubs of cv2.max know no scalars
    above = cv2.max(stored, lowest, dst=clamped)
    found = np.asarray(cv2.convertScaleAbs(above, dst=grey, alpha=scale, beta=-window.low * scale), np.uint8)
    return np.asarray(cv2.bitwise_not(found, dst=found), np.uint8) if inverted else found


def _edge(dtype: np.dtype[Any], low: float) -> float:
    if dtype.kind == "f":
        return low
    limits = np.iinfo(dtype)
    return float(min(max(math.ceil(low), limits.min), limits.max))

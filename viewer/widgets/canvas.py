"""The memory in which pictures become colours on their way to the screen."""

from __future__ import annotations

from weakref import ref

import cv2
import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage


class Canvas:
    """One picture at a time, shared by all panes: what is painted at once is still near the processor.

    Six panes with memory of their own took twice as long. For the GUI thread only.
    """

    def __init__(self) -> None:
        self._memory = np.empty(0, np.uint8)
        self._owner: ref[object] | None = None
        self.image = QImage()

    def holds(self, owner: object) -> bool:
        """Whether the picture is that of *owner*."""
        return self._owner is not None and self._owner() is owner

    def take(self, owner: object, grey: NDArray[np.uint8], ratio: float) -> None:
        """Hold *grey*, shape (height, width), as the picture of *owner* for a device pixel ratio."""
        height, width = grey.shape
        if self._memory.nbytes < height * width * 4:
            self._memory = np.empty(height * width * 4, np.uint8)
        pixels = self._memory[: height * width * 4].reshape(height, width, 4)
        if grey.size:
            cv2.cvtColor(grey, cv2.COLOR_GRAY2BGRA, dst=pixels)
        self.image = QImage(pixels.data, width, height, width * 4, QImage.Format.Format_RGB32)
        self.image.setDevicePixelRatio(ratio)
        self._owner = ref(owner)

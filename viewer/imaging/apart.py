"""Long work on stored volumes, done in a process of low priority while somebody looks at other pictures.

Volumes are named, not sent: the process maps the same file. It writes nothing, and what it finds is small.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from viewer.imaging.checkpoint import Checkpoint
from viewer.imaging.child_process import ChildProcess
from viewer.imaging.errors import ImagingError
from viewer.imaging.volume import Volume

_SILENT_SECONDS = 120.0
_NICENESS = 10


@dataclass(frozen=True, slots=True, eq=False)
class StoredVolume:
    """A volume without its pixels, and the ``.npy`` file that holds them."""

    volume: Volume
    path: Path

    def opened(self) -> Volume:
        """Return the volume, its pixels a read-only memory map.

        Raises:
            ImagingError: The file is gone or is none.
        """
        try:
            pixels = np.load(self.path, mmap_mode="r", allow_pickle=False)
        except (OSError, ValueError) as error:
            raise ImagingError("A stored picture is missing or cannot be read.") from error
        return replace(self.volume, pixels=pixels)


def stored(volume: Volume, path: Path) -> StoredVolume:
    """Return *volume*, whose pixels lie in *path*, so that it can be sent to another process."""
    return StoredVolume(replace(volume, pixels=volume.pixels[:0].copy()), path)


class ApartProcess(ChildProcess):
    """A process whose work may name stored volumes among its arguments."""

    def __init__(self) -> None:
        super().__init__(_give_way, _SILENT_SECONDS)

    def run(self, work: Callable[..., Any], *arguments: Any, checkpoint: Checkpoint | None = None) -> Any:
        """Return ``work(*arguments, checkpoint=…)`` with every :class:`StoredVolume` opened.

        Raises:
            ImagingError: What *work* raised; or the process ended, or was silent for too long.
        """
        return super().run(partial(_with_volumes, work), *arguments, checkpoint=checkpoint)


# --- in the process


def _give_way() -> None:
    """Leave the processor to who paints, and have at hand what most work needs."""
    with suppress(AttributeError, OSError):
        os.nice(_NICENESS)
    import cv2
    import SimpleITK

    cv2.setNumThreads(1)
    SimpleITK.ProcessObject.SetGlobalDefaultNumberOfThreads(1)


def _with_volumes(work: Callable[..., Any], *arguments: Any, checkpoint: Checkpoint) -> Any:
    opened = [one.opened() if isinstance(one, StoredVolume) else one for one in arguments]
    return work(*opened, checkpoint=checkpoint)

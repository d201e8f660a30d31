"""Coil shading evened out for looking, in the background; what is measured and stored stays as it was."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QObject, Signal, Slot

from reader_app.jobs import Job, JobRunner, Requests, RunApart
from reader_app.reading.case_display import CaseDisplay
from reader_app.reading.case_images import CaseImage, CaseImages


class Shading(QObject):
    """Switches the display option on and off; a case begins without it, like every other one."""

    said = Signal(str)
    failed = Signal(object)  # an error

    def __init__(self, display: CaseDisplay, jobs: JobRunner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._display, self._requests = display, Requests(jobs)
        self._images: CaseImages | None = None
        self._evened: tuple[CaseImage, ...] = ()
        self.is_on = False

    def open_case(self, images: CaseImages) -> None:
        """Begin a case as it was stored."""
        self.leave_case()
        self._images = images

    def leave_case(self) -> None:
        """Stop and forget; what is under way never arrives."""
        self._stop()
        self._images, self._evened = None, ()

    def toggle_shading(self) -> None:
        """Even the shading out, stop doing so, or show what is stored again."""
        if self.is_on:
            self._stop()
            self.said.emit("Pictures as they were stored.")
        elif self._images is not None:
            self._start(self._images)

    def _start(self, images: CaseImages) -> None:
        wanted = [image for image in images.images.values() if image.volume and image.volume.geometry]
        if not wanted:
            self.said.emit("There is no coil shading in these pictures.")
            return
        self.is_on = True
        if self._evened:
            self._display.set_evened(self._evened)
            return
        self.said.emit("Evening out the coil shading … C stops.")
        job = Job(done=self._on_done, failed=self.failed.emit)
        self._requests.start_apart(job, _evening(tuple(wanted)))

    def _stop(self) -> None:
        self._requests.drop()
        self.is_on = False
        self._display.set_evened(())

    @Slot(object)
    def _on_done(self, evened: tuple[CaseImage, ...]) -> None:
        self._evened = evened
        self._display.set_evened(evened)
        self.said.emit("Coil shading evened out, for looking only.")


def _evening(images: tuple[CaseImage, ...]) -> Callable[[RunApart], tuple[CaseImage, ...]]:
    """Return the work that gives every picture an evened volume."""

    def work(run: RunApart) -> tuple[CaseImage, ...]:
        from viewer.imaging.bias import coil_shading, evened

        found: list[CaseImage] = []
        for image in images:
            assert image.volume is not None
            volume = evened(image.volume, run(coil_shading, image.stored))
            found.append(replace(image, volume=volume, path=None, _slices={}))
        return tuple(found)

    return work

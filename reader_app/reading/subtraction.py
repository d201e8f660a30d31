"""Post and pre contrast registered in the background for the difference that is shown; kept with the case."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal, Slot

from reader_app.jobs import Checkpoint, Job, JobRunner
from reader_app.reading.case_display import CaseDisplay
from reader_app.reading.case_images import CaseImage, CaseImages, difference, not_registered

REGISTERED = "post − pre, registered"


class Subtraction(QObject):
    """Puts the registered difference in the place of the plain one as soon as it is known."""

    failed = Signal(object)  # an error

    def __init__(self, display: CaseDisplay, jobs: JobRunner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._display, self._jobs = display, jobs
        self._images: CaseImages | None = None
        self._running: dict[tuple[str, str], Job] = {}
        display.layout_changed.connect(self._register_shown)

    def open_case(self, images: CaseImages) -> None:
        """Register what the layout of this case subtracts."""
        self.leave_case()
        self._images = images
        self._register_shown()

    def leave_case(self) -> None:
        """Stop what is under way; its results never arrive."""
        for job in self._running.values():
            job.cancel()
        self._running, self._images = {}, None

    @Slot()
    def _register_shown(self) -> None:
        layout, images = self._display.layout_, self._images
        if layout is None or images is None:
            return
        for role in (role for role in layout.roles if "-" in role):
            for letter in images.letters:
                self._register(images, letter, role)

    def _register(self, images: CaseImages, letter: str, role: str) -> None:
        after, _, before = role.partition("-")
        post, pre = images.image(letter, after), images.image(letter, before)
        if (letter, role) in self._running or (letter, role) in images.registered:
            return
        if _has_place(post) and _has_place(pre):
            job = Job(done=self._on_done, failed=self.failed.emit)
            self._running[letter, role] = self._jobs.start(job, _registering(post, pre, role))

    @Slot(object)
    def _on_done(self, image: CaseImage) -> None:
        self._running.pop((image.letter, image.role), None)
        if self._images is not None:
            self._images.keep(image)
            self._display.refresh()


def _has_place(image: CaseImage) -> bool:
    return image.volume is not None and image.volume.geometry is not None


def _registering(post: CaseImage, pre: CaseImage, role: str) -> Callable[[Checkpoint], CaseImage]:
    """Return the work that subtracts *pre* from *post* where the hand lies in *pre*."""

    def work(checkpoint: Checkpoint) -> CaseImage:
        from viewer.imaging.registration import IDENTITY, register

        assert post.volume is not None
        assert pre.volume is not None
        is_near = post.frame is not None and post.frame == pre.frame
        found = register(pre.volume, post.volume, checkpoint, IDENTITY if is_near else None)
        if found.accepted:
            return difference(post, pre, role, found.transform, REGISTERED)
        return not_registered(post, pre, role, found.reason)

    return work

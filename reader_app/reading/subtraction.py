"""Post and pre contrast registered in the background for the difference that is shown; kept with the case."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, Signal, Slot

from reader_app.jobs import Job, JobRunner, Requests, RunApart
from reader_app.reading.case_display import CaseDisplay
from reader_app.reading.case_images import CaseImage, CaseImages, difference, not_registered

REGISTERED = "post − pre, registered"


class Subtraction(QObject):
    """Puts the registered difference in the place of the plain one as soon as it is known."""

    failed = Signal(object)  # an error

    def __init__(self, display: CaseDisplay, jobs: JobRunner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._display, self._requests = display, Requests(jobs)
        self._images: CaseImages | None = None
        self._asked: set[tuple[str, str]] = set()
        display.layout_changed.connect(self._register_shown)

    def open_case(self, images: CaseImages) -> None:
        """Register what the layout of this case subtracts."""
        self.leave_case()
        self._images = images
        self._register_shown()

    def leave_case(self) -> None:
        """Stop what is under way; its results never arrive."""
        self._requests.drop()
        self._asked, self._images = set(), None

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
        if (letter, role) in self._asked or (letter, role) in images.registered:
            return
        if _has_place(post) and _has_place(pre):
            self._asked.add((letter, role))
            job = Job(done=self._on_done, failed=self.failed.emit)
            self._requests.start_apart(job, _registering(post, pre, role))

    @Slot(object)
    def _on_done(self, image: CaseImage) -> None:
        if self._images is not None:
            self._images.keep(image)
            self._display.refresh()


def _has_place(image: CaseImage) -> bool:
    return image.volume is not None and image.volume.geometry is not None


def _registering(post: CaseImage, pre: CaseImage, role: str) -> Callable[[RunApart], CaseImage]:
    """Return the work that subtracts *pre* from *post* where the hand lies in *pre*."""

    def work(run: RunApart) -> CaseImage:
        from viewer.imaging.registration import IDENTITY, register

        is_near = post.frame is not None and post.frame == pre.frame
        found = run(partial(register, initial=IDENTITY if is_near else None), pre.stored, post.stored)
        if found.accepted:
            return difference(post, pre, role, found.transform, REGISTERED)
        return not_registered(post, pre, role, found.reason)

    return work

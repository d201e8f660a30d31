"""How the hand lies in each timepoint compared with the first: registered in the background, kept, nudged."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal, Slot

from reader_app.jobs import Job, JobRunner, Requests, RunApart
from reader_app.reading.case_display import CaseDisplay
from reader_app.reading.case_images import CaseImage, CaseImages
from reader_app.reading.scene import frame_key
from reader_app.reading.sites import REGISTERED_BY
from storage.errors import CaseSignedError, StorageError
from storage.reading.reading import Reading

Matrix = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """What a registration of one timepoint ended with; ``matrix`` leads to the first timepoint, LPS mm."""

    image: CaseImage
    matrix: Matrix
    quality: float
    accepted: bool
    reason: str


class HandFollower(QObject):
    """Lets panes of other timepoints follow the hand; never by a registration that failed its own check."""

    said = Signal(str)
    failed = Signal(object)  # an error

    def __init__(
        self, reading: Reading, display: CaseDisplay, jobs: JobRunner, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._reading, self._display = reading, display
        self._requests = Requests(jobs)
        self._waiting = 0
        self._images: CaseImages | None = None
        self._first: CaseImage | None = None
        self._matrices: dict[str, Matrix] = {}
        self._qualities: dict[str, float] = {}
        self._notes: dict[str, str] = {}

    def open_case(self, images: CaseImages) -> None:
        """Take what is kept of a case, and register what is not."""
        self._images = images
        self._matrices, self._qualities, self._notes = {}, {}, {}
        self._first = _registrable(images, images.letters[0])
        if self._first is None:
            return
        self._matrices[frame_key(self._first)] = np.eye(4)
        for letter in images.letters[1:]:
            image = _registrable(images, letter, self._first.role)
            if image is None or image.frame is None:
                continue
            kept = self._reading.transform(images.code, letter, image.frame)
            if kept is None:
                self._register(image)
            else:
                words = "moved by hand" if kept.origin == "nudged" else f"fit {kept.quality:.0%}"
                self._take(image, kept.as_array(), kept.quality, words)
        self._tell()

    def leave_case(self) -> None:
        """Stop what is under way; its results never arrive."""
        self._stop()
        self._images = None
        self._display.set_followed({}, {})

    def _stop(self) -> None:
        self._requests.drop()
        self._waiting = 0

    def follow_hand(self) -> None:
        """Let the timepoints follow the hand, or no longer."""
        if not self._display.follows and len(self._matrices) < 2:
            waiting = "The timepoints are still being registered." if self._waiting else ""
            reasons = " ".join(dict.fromkeys(self._notes.values()))
            self.said.emit(waiting or reasons or "There are no timepoints whose hands can be compared.")
            return
        self._display.set_follows(not self._display.follows)
        self.said.emit("Timepoints follow the hand." if self._display.follows else "Timepoints move alike.")

    def nudge_hand(self) -> None:
        """Take the places the timepoints show now for the same place, and follow from there on."""
        if self._images is None or self._first is None:
            return
        self._stop()  # what is still found would take the place of what the reader set
        fixed = self._display.focus_of(frame_key(self._first))
        changed = 0
        for letter in self._images.letters[1:]:
            image = _registrable(self._images, letter, self._first.role)
            if image is None or image.frame is None:
                continue
            matrix = self._matrices.get(frame_key(image), np.eye(4)).copy()
            here = matrix @ (*self._display.focus_of(frame_key(image)), 1.0)
            matrix[:3, 3] += np.asarray(fixed) - here[:3]
            quality = self._qualities.get(frame_key(image), 0.0)
            self._keep(image, matrix, quality, by_hand=True)
            self._take(image, matrix, quality, "moved by hand")
            changed += 1
        self.said.emit("These places count as the same now." if changed else "There is nothing to move.")
        self._tell()

    def register_again(self) -> None:
        """Forget what was found or moved, and register again."""
        if self._images is None:
            return
        images = self._images
        try:
            for letter in images.letters[1:]:
                image = _registrable(images, letter, self._first.role if self._first else None)
                if image is not None and image.frame is not None:
                    self._reading.forget_transform(images.code, letter, image.frame)
        except StorageError as error:
            self.failed.emit(error)
            return
        self.leave_case()
        self.open_case(images)
        self.said.emit("Registering again.")

    def _register(self, image: CaseImage) -> None:
        first = self._first
        assert first is not None
        self._notes[frame_key(image)] = "is being registered"

        def work(run: RunApart) -> Found:
            return _registered(first, image, run)

        self._waiting += 1
        self._requests.start_apart(Job(done=self._on_found, failed=partial(self._on_failed, image)), work)

    def _on_failed(self, image: CaseImage, error: Exception) -> None:
        self._notes[frame_key(image)] = "could not be registered"
        self._waiting -= 1
        self._tell()
        self.failed.emit(error)

    @Slot(object)
    def _on_found(self, found: Found) -> None:
        if self._images is None:
            return
        if found.accepted:
            self._keep(found.image, found.matrix, found.quality, by_hand=False)
            self._take(found.image, found.matrix, found.quality, f"fit {found.quality:.0%}")
        else:
            self._notes[frame_key(found.image)] = f"does not follow: {found.reason}"
        self._waiting -= 1
        self._tell()

    def _keep(self, image: CaseImage, matrix: Matrix, quality: float, *, by_hand: bool) -> None:
        assert self._images is not None
        assert image.frame is not None
        origin = "nudged" if by_hand else "registered"
        try:
            self._reading.keep_transform(
                self._images.code, image.letter, matrix, quality, origin, image.frame
            )
        except CaseSignedError:
            return  # a signed case is looked at, not added to
        except StorageError as error:
            self.failed.emit(error)

    def _take(self, image: CaseImage, matrix: Matrix, quality: float, words: str) -> None:
        key = frame_key(image)
        self._matrices[key], self._qualities[key] = matrix, quality
        assert self._first is not None
        self._notes[key] = f"follows {self._first.letter}, {words}"

    def _tell(self) -> None:
        self._display.set_followed(self._matrices, self._notes)


def _registrable(images: CaseImages, letter: str, role: str | None = None) -> CaseImage | None:
    """Return the series of a timepoint to register by: *role* where it is there."""
    for wanted in (role, *REGISTERED_BY) if role else REGISTERED_BY:
        image = images.image(letter, wanted)
        if image.volume is not None and image.volume.geometry is not None and image.frame is not None:
            return image
    return None


def _registered(first: CaseImage, image: CaseImage, run: RunApart) -> Found:
    from viewer.imaging.registration import register

    result = run(register, first.stored, image.stored)
    return Found(image, result.transform.matrix, result.quality, result.accepted, result.reason)

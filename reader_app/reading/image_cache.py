"""The pictures of the last cases and of the next one, in memory within a number of bytes."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial

from PySide6.QtCore import QObject, Slot

from reader_app.jobs import Checkpoint, Job, JobRunner, Requests
from reader_app.reading.case_images import CaseImage, CaseImages, open_images, read_images
from storage.reading.reading import Reading
from storage.reading.records import Case

BUDGET = 1 << 30


class ImageCache(QObject):
    """Keeps opened cases, the one asked for last longest, and reads one ahead in the background.

    A case read ahead is in memory, with its first windows and its pyramids; any other one is a memory map.
    """

    def __init__(
        self, reading: Reading, jobs: JobRunner, parent: QObject | None = None, budget: int = BUDGET
    ) -> None:
        super().__init__(parent)
        self._reading, self._requests, self._budget = reading, Requests(jobs), budget
        self._copies = Requests(jobs)
        self._cases: OrderedDict[str, CaseImages] = OrderedDict()
        self._ahead = ""
        self._ready: dict[tuple[str, str], CaseImage] = {}
        self._opener = ThreadPoolExecutor(2, thread_name_prefix="open")
        self._opening: tuple[str, Future[CaseImages]] | None = None

    @property
    def codes(self) -> tuple[str, ...]:
        """The cases that are kept, the one asked for last at the end."""
        return tuple(self._cases)

    @property
    def used_bytes(self) -> int:
        """Bytes of all pictures kept."""
        return sum(images.nbytes for images in self._cases.values())

    def case(self, code: str) -> CaseImages:
        """Return the pictures of a case, opened now if they are not kept; what was read ahead is used.

        Raises:
            StorageError: A picture is missing or is not what the reading was made with.
        """
        ready = self._stop() if code == self._ahead else {}
        opening, self._opening = self._opening, None
        if code not in self._cases:
            if opening is not None and opening[0] == code:
                self._cases[code] = opening[1].result()
            else:
                self._cases[code] = self._open(self._reading.case(code), ready)
        self._cases.move_to_end(code)
        self._make_room(keep=code)
        return self._cases[code]

    def open_ahead(self, code: str) -> None:
        """Begin to open a case that will be asked for at once."""
        self._opening = code, self._opener.submit(self._open, self._reading.case(code), {})

    def _open(self, case: Case, ready: Mapping[tuple[str, str], CaseImage]) -> CaseImages:
        """Open a case and begin to halve its films, which go on being halved while it is laid out."""
        images = open_images(self._reading, case, ready)
        for image in images.images.values():
            if image.pyramid is not None:
                self._opener.submit(image.pyramid.complete, only_halves=True)
        return images

    def finish(self, code: str) -> None:
        """Make the copies of an open case's films that zooming will ask for, in the background."""
        self._copies.drop()
        films = [image.pyramid for image in self._cases[code].images.values() if image.pyramid is not None]
        if all(film.is_complete for film in films):
            return

        def work(checkpoint: Checkpoint) -> None:
            for done, film in enumerate(films):
                film.complete(partial(checkpoint, done, len(films)))

        # what fails here fails again, and is told, when that copy is shown
        self._copies.start(Job(), work)

    def read_ahead(self, code: str) -> None:
        """Read a case that will be asked for next; what was being read ahead before is dropped."""
        if code == self._ahead or (code in self._cases and self._cases[code].in_memory):
            return
        self._stop()
        self._ahead = code
        reading, ready = self._reading, self._ready

        def work(checkpoint: Checkpoint) -> CaseImages:
            return read_images(reading, reading.case(code), ready, checkpoint)

        # what fails here fails again, and is told, when the case is opened
        self._requests.start(Job(done=self._on_read), work)

    def close(self) -> None:
        """Drop everything."""
        self._stop()
        self._copies.drop()
        self._opener.shutdown()
        self._cases.clear()

    def _stop(self) -> dict[tuple[str, str], CaseImage]:
        """Stop reading ahead and return what was ready."""
        self._requests.drop()
        self._ahead, ready, self._ready = "", self._ready, {}
        return ready

    @Slot(object)
    def _on_read(self, images: CaseImages) -> None:
        self._stop()
        shown = next(reversed(self._cases), images.code)
        self._cases[images.code] = images
        if shown != images.code:
            self._cases.move_to_end(shown)
        self._make_room(keep=shown, last=images.code)

    def _make_room(self, keep: str, last: str = "") -> None:
        """Drop the cases asked for longest ago; at the end the one read ahead, but never the one shown."""
        for code in sorted(self._cases, key=lambda code: code == last):
            if self.used_bytes <= self._budget:
                return
            if code != keep:
                del self._cases[code]

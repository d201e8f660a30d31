"""Takes the panes to the site that is being scored, and keeps where the reader says it is."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal, Slot

from reader_app.jobs import Job, JobRunner, Requests, RunApart
from reader_app.reading.case_display import CaseDisplay
from reader_app.reading.case_images import CaseImages
from reader_app.reading.film_roles import film_side, regions
from reader_app.reading.site_estimates import Estimates, estimate_case
from reader_app.reading.sites import CaseSites
from scoring_forms.domain.form import Form
from scoring_forms.domain.score import Cell
from storage.errors import StorageError

_SIDES = {"L": "left", "R": "right"}


class SiteFinder(QObject):
    """Follows the current cell; a site that nobody knows moves nothing."""

    said = Signal(str)
    failed = Signal(object)  # StorageError

    def __init__(
        self, form: Form, display: CaseDisplay, jobs: JobRunner, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._form, self._display, self._requests = form, display, Requests(jobs)
        self._sites: CaseSites | None = None
        self._cell: Cell | None = None

    @property
    def sites(self) -> CaseSites | None:
        """Where the sites of the open case are."""
        return self._sites

    def open_case(self, sites: CaseSites, images: CaseImages, side: str | None, cell: Cell | None) -> None:
        """Begin with a case whose panes stay as they were opened, and estimate its sites."""
        self._sites, self._cell = sites, cell
        self._show(go=False)

        def work(run: RunApart) -> tuple[Estimates, ...]:
            return estimate_case(images, side, run)

        self._requests.start_apart(Job(done=self._on_estimated, failed=self.failed.emit), work)

    def leave_case(self) -> None:
        """Forget the case; what is still being estimated for it never arrives."""
        self._requests.drop()
        self._sites = self._cell = None

    @Slot(object)
    def _on_estimated(self, estimates: tuple[Estimates, ...]) -> None:
        """Ring what was found; the panes stay where the reader has them."""
        if self._sites is not None:
            for found in estimates:
                self._sites.add_estimates(found.letter, found.side, found.places)
            self._show(go=False)

    @Slot(object)
    def follow(self, cell: Cell) -> None:
        """Go to the site of *cell*, unless it is the site the panes are at."""
        before, self._cell = self._cell, cell
        same = before is not None and (before.site, before.side) == (cell.site, cell.side)
        self._show(go=not same)

    def go_to_site(self) -> None:
        """Go to the current site."""
        if not self._show(go=True):
            self.said.emit("Nobody knows yet where this site is: point at it and press K.")

    def set_landmark(self) -> None:
        """Keep that the current site is where the cursor is."""
        found = self._display.landmark_at_cursor()
        if self._sites is None or self._cell is None:
            return
        if isinstance(found, str):
            self.said.emit(found)
            return
        (letter, role), landmark = found
        refusal = self._refusal(role, self._cell) if landmark.role is not None else ""
        if refusal:
            self.said.emit(refusal)
            return
        try:
            self._sites.place(letter, self._cell.site, self._cell.side, landmark)
        except StorageError as error:
            self.failed.emit(error)
            return
        self.said.emit(f"Place kept for timepoint {letter}.")
        self._show(go=True)

    def _refusal(self, role: str, cell: Cell) -> str:
        """Return why a film cannot show the site of a cell; empty when it can."""
        shown, scored = regions((role,)), regions(self._form.item(cell).feature.roles)
        name = "foot" if "feet" in shown else "hand"
        if scored and not shown & scored:
            return f"This is a {name}; the current site is on a {'hand' if name == 'foot' else 'foot'}."
        side = film_side(role)
        if side is not None and cell.side is not None and side != cell.side:
            return f"This is the {_SIDES[side]} {name}; the current site is on the other one."
        return ""

    def forget_landmark(self) -> None:
        """Take away where the reader set the current site, in the timepoint that is being scored."""
        if self._sites is None or self._cell is None:
            return
        if not self._sites.is_set(self._cell.timepoint, self._cell.site, self._cell.side):
            self.said.emit(f"You have kept no place of this site at timepoint {self._cell.timepoint}.")
            return
        try:
            self._sites.place(self._cell.timepoint, self._cell.site, self._cell.side, None)
        except StorageError as error:
            self.failed.emit(error)
            return
        self._show(go=False)

    def _show(self, *, go: bool) -> bool:
        if self._sites is None or self._cell is None:
            return False
        sides = ("L", "R") if self._cell.side else (None,)
        spots = self._sites.spots(self._cell.site, sides)
        self._display.show_spots(spots, go=go)
        return bool(spots)

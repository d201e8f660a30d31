"""The reading window: worklist, pictures and form of one reading."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from PySide6.QtCore import QEvent, Qt, Slot
from PySide6.QtGui import QCloseEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QMainWindow, QMessageBox, QSplitter, QWidget

from reader_app.commands import READING_COMMANDS
from reader_app.jobs import Job, JobRunner, Requests
from reader_app.messages import words_for
from reader_app.reading.activity import Activity
from reader_app.reading.adjudication import GROUP as ADJUDICATION
from reader_app.reading.adjudication import Adjudication
from reader_app.reading.case_display import CaseDisplay
from reader_app.reading.case_images import CaseImages
from reader_app.reading.case_list import CaseList
from reader_app.reading.column_commands import ColumnCommands
from reader_app.reading.evidence import EvidenceCommands
from reader_app.reading.hand_follower import HandFollower
from reader_app.reading.header import HeaderBar, LockState
from reader_app.reading.hint_bar import HintBar, hints_for
from reader_app.reading.image_cache import ImageCache
from reader_app.reading.keys_dialog import KeysDialog
from reader_app.reading.layout_choice import LayoutChoice
from reader_app.reading.looked_at import LookedAt
from reader_app.reading.marks import MarkCommands
from reader_app.reading.menus import CommandActions
from reader_app.reading.opened_case import OpenedCase, keep_place, take_case
from reader_app.reading.outlining import Outlining
from reader_app.reading.panel_window import FormPlace
from reader_app.reading.picture_commands import PictureCommands
from reader_app.reading.remarks import Remarks
from reader_app.reading.reopening import Reopening
from reader_app.reading.score_commands import ScoreCommands
from reader_app.reading.sending import Sending
from reader_app.reading.shading import Shading
from reader_app.reading.signing import Signing
from reader_app.reading.site_finder import SiteFinder
from reader_app.reading.subtraction import Subtraction
from reader_app.reading.unavailable import Unavailable
from reader_app.reading.window_place import remember_window, restore_window
from reader_app.reading.worklist import Worklist
from scoring_forms.domain.score import Cell
from scoring_forms.widgets.score_panel import ScorePanel
from storage.errors import DamagedStoreError, StorageError
from storage.reading.reading import Reading
from storage.reading.records import Signature
from viewer.display.hanging import Layout
from viewer.imaging.preload import preload_simpleitk
from viewer.widgets.pane_grid import PaneGrid

_REST_MS = 60
"""How long what works in the background waits for the first pictures of a case."""


class ReadingWindow(QMainWindow):
    """Reads one reading; knows nothing that the reading does not hold."""

    def __init__(self, reading: Reading, jobs: JobRunner, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._reading = reading
        self._jobs = jobs
        self._images: CaseImages | None = None
        self._looked_at: LookedAt | None = None
        self._cases = CaseList(reading)
        self._cache = ImageCache(reading, jobs, self)
        first = self._cases.first()
        if first is not None:
            self._cache.open_ahead(first.code)  # while the window is built
        self._checks = Requests(jobs)
        if reading.modality == "MR":
            jobs.prepare(preload_simpleitk)  # differences and oblique cuts are sampled by it
        self._build()
        self._make_actions()
        self._connect()
        restore_window(reading, self)
        if first is not None:
            self._show_progress()
            cells = self.layouts.opening().grid(first.letters)
            self.grid.arrange(len(cells), len(cells[0]))

    def _build(self) -> None:
        self.setObjectName("reading")
        self.setWindowTitle("RA Reader")
        self.worklist = Worklist(self)
        self.grid = PaneGrid(self)
        self.panel = ScorePanel(self)
        self.panel.setMinimumWidth(430 if self._reading.is_adjudication else 330)
        self.display = CaseDisplay(self.grid, self)
        self.layouts = LayoutChoice(self._reading, self.display, self)
        self.header = HeaderBar(self.layouts.standard, self)
        self.sites = SiteFinder(self._reading.form, self.display, self._jobs, self)
        self.follower = HandFollower(self._reading, self.display, self._jobs, self)
        self.shading = Shading(self.display, self._jobs, self)
        self.subtraction = Subtraction(self.display, self._jobs, self)
        self.pictures = PictureCommands(self.display, self._reading.form.modality, self)
        self.scoring = ScoreCommands(self._reading, self.panel, self)
        self.columns = ColumnCommands(self._reading.form, self.scoring, self.panel, self)
        self.remarks = Remarks(self._reading, self.scoring, self.panel, self)
        self.marks = MarkCommands(self._reading.form, self.display, self.panel, self.scoring, self)
        self.outlining = Outlining(self._reading.form, self.display, self.marks, self)
        self.evidence = EvidenceCommands(self._reading.form, self.panel, self.marks, self)
        self.adjudication = Adjudication(self._reading.form, self.scoring, self.panel, self)
        self.signing = Signing(self._reading, self.scoring, self.evidence, self.panel, self._jobs, self)
        self.reopening = Reopening(self._reading, self.scoring, self)
        self.sending = Sending(self._reading, self._jobs, self)
        self._parts = (
            *(self.scoring, self.columns, self.remarks, self.marks, self.outlining, self.evidence),
            *(self.pictures, self.layouts, self.sites, self.follower, self.shading),
            *(self.adjudication, self.signing, self.reopening, self.sending),
        )
        self._activity = Activity(self)
        splitter = QSplitter(Qt.Orientation.Horizontal, self)
        splitter.setChildrenCollapsible(False)
        for widget, stretch in ((self.worklist, 0), (self.grid, 1), (self.panel, 0)):
            splitter.addWidget(widget)
            splitter.setStretchFactor(splitter.indexOf(widget), stretch)
        splitter.setSizes([112, 900, 400])
        self._form_place = FormPlace(self._reading, self.panel, splitter, self._activity, self)
        self.setMenuWidget(self.header)
        self.setCentralWidget(splitter)
        self.hints = HintBar(self)
        self.statusBar().addWidget(self.hints, 1)
        self.statusBar().setSizeGripEnabled(False)

    def _make_actions(self) -> None:
        adjudicates = self._reading.is_adjudication
        commands = [one for one in READING_COMMANDS if adjudicates or one.group != ADJUDICATION]
        owners = (*self._parts, self._form_place, self, self.header, self.panel)  # the window closes first
        self._actions = CommandActions(commands, owners, self)
        self.outlining.use_close_key(self._actions["close_outline"])
        why_not = Unavailable(
            self._reading.form, self._reading.rules, self.scoring, self.panel, self.marks, self.display
        ).why_not
        self.header.offer(
            self._actions.menu(why_not, "Scores", "Remarks", "Form", ADJUDICATION, "Signing", "Cases"),
            self._actions.menu(why_not, "Slices and layout", "Timepoints", "Size and turns", "Grey values"),
            self._actions.menu(why_not, "Marks", "Sites", "Measuring"),
        )
        self._offer_layouts()

    def _connect(self) -> None:
        for part in self._parts:
            part.said.connect(self.hints.say)
        self.columns.outdated.connect(self.hints.take_back)
        for part in (
            *(self.layouts, self.sites, self.follower, self.shading, self.subtraction),
            *(self.signing, self.reopening, self.sending),
        ):
            part.failed.connect(self._show_error)
        self.worklist.case_asked.connect(self.open_case)
        self.header.layout_asked.connect(self.layouts.show)
        self.header.link_toggled.connect(self._on_link_toggled)
        self.header.reset_asked.connect(self.pictures.reset)
        self.header.keys_asked.connect(self.show_keys)
        self.display.layout_changed.connect(self.header.show_layout)
        self.display.refused.connect(self.hints.say)
        if not self._reading.rules.fill_unseen:
            self.display.shown.connect(self._on_shown)
        self.layouts.own_changed.connect(self._offer_layouts)
        self.panel.current_changed.connect(self._on_current_changed)
        self.scoring.saved.connect(self._on_saved)
        self.scoring.not_saved.connect(self._on_not_saved)
        self.remarks.case_comment_changed.connect(self._show_progress)
        self.signing.signed.connect(self._on_signed)
        self.reopening.reopened.connect(self._on_reopened)
        self.reopening.answered.connect(self._show_progress)
        self._activity.happened.connect(self.scoring.act)
        self._activity.happened.connect(self._jobs.give_way)

    # -- cases ---------------------------------------------------------------------------------------------

    def open_first(self, code: str | None = None) -> None:
        """Open the case asked for, else where the reader left, else the first one that is not signed."""
        first = self._cases.first()
        if first is None:
            self.hints.say("This reading has no cases.")
            return
        self.open_case(code or first.code)
        self.reopening.say_news()
        self._form_place.restore()

    @Slot(str)
    def open_case(self, code: str) -> None:
        """Show the pictures and the form of a case."""
        if self._code == code:
            return
        try:
            with self._reading.transaction():  # one for all: each waits for the disk
                self._keep_place()
                opened, layout = take_case(self._reading, self._cache.case(code)), self.layouts.opening()
                self._cases.remember(code)
        except StorageError as error:
            if self._code is None:
                self.display.clear("This case could not be opened.")
            self._show_error(error)
            return
        self._jobs.rest(_REST_MS)
        self._leave_case()
        self._cache.finish(code)
        following = self._cases.beside(code, 1)
        if following is not None:
            self._cache.read_ahead(following)  # before what takes longer
        # once, in the background: signing checks the pictures again
        self._checks.start(Job(failed=self._on_check_failed), partial(self._reading.verify_case, code))
        self._show_case(opened, layout)

    def _show_case(self, opened: OpenedCase, layout: Layout) -> None:
        """Show a case; the pictures last, so that they are made ready once."""
        case, images = opened.case, opened.images
        self._images, self._looked_at = images, opened.looked_at
        self.adjudication.open_case(self._reading.others(case.code), opened.scores.consensus)
        self.scoring.open_case(opened.scores, images.letters, side=case.side, locked=case.status == "signed")
        self.remarks.open_case(opened.remarks)
        self.scoring.go_to(opened.cell)
        self.columns.open_case(images, opened.looked_at.unseen if opened.looked_at else None)
        self.marks.open_case(opened.marks, self.panel.current_cell)
        self.follower.open_case(images)
        self.shading.open_case(images)
        cell = self.panel.current_cell
        if cell is not None:
            layout = self.layouts.fitting(layout, cell)
        self.display.show_case(images, layout, opened.view)
        if cell is not None:
            self.display.make_current(cell.timepoint)
        self.sites.open_case(opened.sites, images, case.side, cell)
        self.subtraction.open_case(images)
        self._show_progress()
        self.panel.table.setFocus()
        if self.scoring.locked and self.reopening.words(case.code):
            self.hints.say(self.reopening.words(case.code))

    def next_case(self) -> None:
        """Open the next case of the worklist."""
        self._step_case(1)

    def previous_case(self) -> None:
        """Open the case before."""
        self._step_case(-1)

    def _step_case(self, steps: int) -> None:
        first = self._cases.first()
        code = self._code or (first.code if first is not None else None)
        if code is None:
            return
        target = self._cases.beside(code, steps)
        if target is not None:
            self.open_case(target)
        else:
            self.hints.say("This is the last case." if steps > 0 else "This is the first case.")

    def _keep_place(self) -> None:
        """Remember where the reader is in the open case, and put down that it is left."""
        scores = self.scoring.scores
        if scores is None:
            return
        if not self.scoring.locked:
            view, cell = self.display.remembered(), self.panel.current_cell
            keep_place(self._reading, scores, self._looked_at, view, cell)
        self._reading.case_closed(scores.code)

    def _leave_case(self) -> None:
        self._checks.drop()
        self.display.clear()  # first: what changes after it is not worth a picture
        for part in (self.pictures, self.sites, self.follower, self.shading, self.subtraction):
            part.leave_case()
        for part in (self.columns, self.remarks, self.marks, self.scoring):
            part.leave_case()
        self._images = self._looked_at = None

    @property
    def _code(self) -> str | None:
        return self._images.code if self._images is not None else None

    @Slot(object)
    def _on_check_failed(self, error: Exception) -> None:
        """Show no picture that is not the one the coordinator prepared."""
        if isinstance(error, DamagedStoreError):
            self.display.clear("Not shown: these pictures are not as they were prepared.")
            self.scoring.lock()
        self._show_error(error)

    # -- scores --------------------------------------------------------------------------------------------

    @Slot(object)
    def _on_saved(self, when: datetime) -> None:
        self.header.show_saved(when)
        scores = self.scoring.scores
        if scores is not None:
            self._cases.put_down(scores.code, len(scores.sheet))
        self._show_progress()

    @Slot(object)
    def _on_not_saved(self, error: StorageError) -> None:
        self.header.show_not_saved()
        self._show_error(error)

    @Slot(object)
    def _on_signed(self, signature: Signature) -> None:
        """Open the next case that waits for a signature."""
        self._cases.load()
        self._on_saved(signature.utc)
        waiting = self._cases.to_sign
        if waiting:
            self.hints.say(f"Signed. {len(waiting)} of {len(self._cases.cases)} cases to go.")
            self.open_case(waiting[0])
        else:
            self.hints.say("Signed. This was the last case: the reading is complete.")

    @Slot(str)
    def _on_reopened(self, code: str) -> None:
        """Open the case that may be changed again."""
        self._cases.load()
        if code == self._code:
            self._keep_place()
            self._leave_case()
        self.open_case(code)
        self._show_progress()
        self.hints.say(f"Case {code} is open again: change it, giving the reason, and sign it again.")

    # -- pictures ------------------------------------------------------------------------------------------

    @Slot(object)
    def _on_current_changed(self, cell: Cell) -> None:
        self.scoring.follow(cell)
        self.display.make_current(cell.timepoint)
        self.layouts.follow(cell)
        self.marks.follow(cell)
        self.sites.follow(cell)
        self.columns.offer(cell)
        if self._looked_at is not None:
            self._on_shown()

    @Slot()
    def _on_shown(self) -> None:
        """Put down what is on the screen, for rounds that fill zeros in only where somebody looked."""
        if self._looked_at is not None:
            self._looked_at.show(self.display.shown_slices(), self.panel.current_cell)

    @Slot()
    def _offer_layouts(self) -> None:
        self.header.offer_layouts(self.layouts.own, self._actions["layouts"])

    @Slot(bool)
    def _on_link_toggled(self, linked: bool) -> None:
        self.display.linked = linked

    # -- the rest ------------------------------------------------------------------------------------------

    def show_keys(self) -> None:
        """Show all keys."""
        KeysDialog(self._actions.commands, self).exec()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Do what keys do while they are held."""
        if not self.pictures.hold(event.key(), down=True):
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """End what a held key did; a key that repeats is still held."""
        if event.isAutoRepeat() or not self.pictures.hold(event.key(), down=False):
            super().keyReleaseEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Give the keyboard back to the form when the window becomes active."""
        if event.type() == QEvent.Type.ActivationChange and self.isActiveWindow():
            self.panel.table.setFocus()
        elif event.type() == QEvent.Type.ActivationChange:
            self.pictures.let_go()
        super().changeEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        """Pictures need their panes' sizes."""
        super().showEvent(event)
        self._activity.watch(self)
        self.display.refresh()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Remember where the reader was; every score is saved already."""
        try:
            with self._reading.transaction():
                remember_window(self._reading, self)
                self._form_place.put_back()
                self._keep_place()
        except StorageError as error:
            self._show_error(error)
        self._leave_case()
        self._cache.close()
        self._reading.close()
        super().closeEvent(event)

    @Slot()
    def _show_progress(self) -> None:
        cases, code, locked = self._cases.cases, self._code, self.scoring.locked
        words, case = self.reopening.words, self._cases.find(code)
        asked = {one.code: (self.reopening.state(one.code), words(one.code)) for one in cases}
        self.worklist.show_cases(cases, self._cases.cells_per_timepoint, code, asked)
        form, adjudicates = self._reading.form, self._reading.is_adjudication
        self.hints.show_hints(hints_for(form, adjudicates=adjudicates, locked=locked))
        state: LockState = "locked" if locked else "reopened" if case and case.reopened else "open"
        self.header.show_lock(state, words(code or "") if locked else "")
        has_comment = bool(self.remarks.case_comment)
        self.header.show_case(code or "", *self._cases.progress(code, signed=locked, comment=has_comment))

    @Slot(object)
    def _show_error(self, error: Exception) -> None:
        QMessageBox.warning(self, "RA Reader", words_for(error))

"""The reading window: worklist, pictures and form of one reading."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from PySide6.QtCore import QByteArray, QEvent, QRect, QSize, Qt, QTimer, Slot
from PySide6.QtGui import QAction, QCloseEvent, QKeyEvent, QKeySequence, QShowEvent
from PySide6.QtWidgets import QMainWindow, QMessageBox, QSplitter, QWidget

from reader_app.commands import READING_COMMANDS
from reader_app.jobs import Checkpoint, Job, JobRunner, Requests
from reader_app.messages import describe
from reader_app.reading.activity import Activity
from reader_app.reading.adjudication import GROUP as ADJUDICATION
from reader_app.reading.adjudication import Adjudication
from reader_app.reading.case_display import CaseDisplay
from reader_app.reading.case_images import CaseImages
from reader_app.reading.case_marks import CaseMarks
from reader_app.reading.case_remarks import CaseRemarks
from reader_app.reading.case_scores import CaseScores
from reader_app.reading.column_commands import ColumnCommands
from reader_app.reading.evidence import EvidenceCommands
from reader_app.reading.hand_follower import HandFollower
from reader_app.reading.header import (
    ADJUDICATION_HINTS,
    HINTS,
    LOCKED_HINTS,
    HeaderBar,
    HintBar,
    LockState,
)
from reader_app.reading.image_cache import ImageCache
from reader_app.reading.keys_dialog import KeysDialog
from reader_app.reading.layout_choice import LayoutChoice
from reader_app.reading.looked_at import LookedAt
from reader_app.reading.marks import MarkCommands
from reader_app.reading.menus import CommandMenu
from reader_app.reading.outlining import Outlining
from reader_app.reading.panel_window import PanelWindow, place_text, visible_place
from reader_app.reading.picture_commands import PictureCommands
from reader_app.reading.remarks import Remarks
from reader_app.reading.reopening import Reopening
from reader_app.reading.score_commands import ScoreCommands
from reader_app.reading.sending import Sending
from reader_app.reading.shading import Shading
from reader_app.reading.signing import Signing
from reader_app.reading.site_finder import SiteFinder
from reader_app.reading.sites import CaseSites
from reader_app.reading.subtraction import Subtraction
from reader_app.reading.unavailable import Unavailable
from reader_app.reading.worklist import Worklist
from scoring_forms.domain.score import Cell
from scoring_forms.widgets.score_panel import ScorePanel
from storage.errors import DamagedStoreError, StorageError
from storage.reading.reading import Reading
from storage.reading.records import Case, CaseSummary, Signature
from viewer.display.hanging import Layout
from viewer.imaging.preload import preload_simpleitk
from viewer.widgets.pane_grid import PaneGrid

DESIGN_WORDS = {
    "paired": "order of timepoints hidden",
    "single": "one timepoint a case",
    "chronological": "timepoints in order of time",
}
_SPLITTER_KEY, _LAST_CASE_KEY, _ACROSS_KEY = "splitter", "last_case", "across"
_PANEL_KEY, _DETACHED_KEY = "panel_window", "panel_detached"
_WINDOW_KEY, _MAXIMISED_KEY = "window", "window_maximised"
_ARRANGEMENT_KEY, _DIAGRAM_KEY = "form_arrangement", "hand_diagram"
_READABLE_MS, _MS_A_LETTER = 6000, 90
"""How long a message stays."""
_REST_MS = 60
"""How long what works in the background waits for the first pictures of a case."""


@dataclass(frozen=True, slots=True, eq=False)
class _Opened:
    """What a reading holds of a case that was just opened; ``view`` and ``cell`` are where it was left."""

    case: Case
    images: CaseImages
    scores: CaseScores
    marks: CaseMarks
    sites: CaseSites
    remarks: CaseRemarks
    layout: Layout
    view: str | None
    cell: str | None
    looked_at: LookedAt | None


class ReadingWindow(QMainWindow):
    """Reads one reading; knows nothing that the reading does not hold."""

    def __init__(self, reading: Reading, jobs: JobRunner, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._reading = reading
        self._jobs = jobs
        self._images: CaseImages | None = None
        self._cases = {case.code: case for case in reading.cases()}
        self._cache = ImageCache(reading, jobs, self)
        first = self._first_case()
        if first is not None:
            self._cache.open_ahead(first.code)  # while the window is built
        self._panel_window: PanelWindow | None = None
        self._looked_at: LookedAt | None = None
        self._checks = Requests(jobs)
        self._cells_per_timepoint = len(reading.form.cells("A"))
        if reading.modality == "MR":
            jobs.prepare(preload_simpleitk)  # differences and oblique cuts are sampled by it
        self._build()
        self._make_actions()
        self._connect()
        self._restore()
        if first is not None:
            self._show_progress()
            cells = self.layouts.opening().grid(first.letters)
            self.grid.arrange(len(cells), len(cells[0]))

    def _build(self) -> None:
        self.setObjectName("reading")
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
        self._activity = Activity(self)
        self._splitter = QSplitter(Qt.Orientation.Horizontal, self)
        self._splitter.setChildrenCollapsible(False)
        for widget, stretch in ((self.worklist, 0), (self.grid, 1), (self.panel, 0)):
            self._splitter.addWidget(widget)
            self._splitter.setStretchFactor(self._splitter.indexOf(widget), stretch)
        self._splitter.setSizes([112, 900, 400])
        self.setMenuWidget(self.header)
        self.setCentralWidget(self._splitter)
        self._clear_message = QTimer(self, singleShot=True)  # type: ignore[call-overload]
        self._hints = HintBar(self)
        self._message = self._hints.message
        self.statusBar().addWidget(self._hints, 1)
        self.statusBar().setSizeGripEnabled(False)

    def _make_actions(self) -> None:
        adjudicates = self._reading.is_adjudication
        self._commands = [one for one in READING_COMMANDS if adjudicates or one.group != ADJUDICATION]
        self._actions: dict[str, QAction] = {}
        for command in self._commands:
            action = QAction(command.text, self)
            action.setObjectName(command.id)
            action.setShortcuts([QKeySequence(keys) for keys in command.keys])
            action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
            owners = (
                *(self, self.scoring, self.columns, self.remarks, self.marks, self.signing, self.reopening),
                *(self.outlining, self.evidence, self.panel, self.pictures, self.layouts, self.adjudication),
                self.sending,
            )
            owner = next(owner for owner in owners if hasattr(owner, command.method))
            action.triggered.connect(getattr(owner, command.method))
            self.addAction(action)
            self._actions[command.id] = action
        self._unavailable = Unavailable(
            self._reading.form, self._reading.rules, self.scoring, self.panel, self.marks, self.display
        )
        self.outlining.use_close_key(self._actions["close_outline"])

    def _connect(self) -> None:
        self.worklist.case_asked.connect(self.open_case)
        self.header.layout_asked.connect(self.layouts.show)
        self.header.link_toggled.connect(self._on_link_toggled)
        self.header.reset_asked.connect(self.pictures.reset)
        self.header.keys_asked.connect(self.show_keys)
        self.header.offer(
            self._menu_of("Scores", "Remarks", "Form", ADJUDICATION, "Signing", "Cases"),
            self._menu_of("Slices and layout", "Timepoints", "Size and turns", "Grey values"),
            self._menu_of("Marks", "Sites", "Measuring"),
        )
        self.display.layout_changed.connect(self.header.show_layout)
        self.layouts.own_changed.connect(self._offer_layouts)
        self.layouts.said.connect(self._say)
        self.layouts.failed.connect(self._show_error)
        self.display.refused.connect(self._say)
        self.pictures.said.connect(self._say)
        self.sites.said.connect(self._say)
        self.sites.failed.connect(self._show_error)
        self.follower.said.connect(self._say)
        self.shading.said.connect(self._say)
        self.shading.failed.connect(self._show_error)
        self.subtraction.failed.connect(self._show_error)
        self.follower.failed.connect(self._show_error)
        self.panel.current_changed.connect(self._on_current_changed)
        self.scoring.said.connect(self._say)
        self.marks.said.connect(self._say)
        self.outlining.said.connect(self._say)
        self.evidence.said.connect(self._say)
        self.adjudication.said.connect(self._say)
        self.scoring.saved.connect(self._on_saved)
        self.scoring.not_saved.connect(self._on_not_saved)
        self.scoring.across_changed.connect(self._on_across_changed)
        self.panel.arrangement_changed.connect(self._on_arrangement_changed)
        self.panel.diagram_toggled.connect(self._on_diagram_toggled)
        self.columns.said.connect(self._say)
        self.remarks.said.connect(self._say)
        self.remarks.case_comment_changed.connect(self._show_progress)
        self.reopening.said.connect(self._say)
        self.reopening.failed.connect(self._show_error)
        self.reopening.reopened.connect(self._on_reopened)
        self.reopening.answered.connect(self._show_progress)
        self.sending.said.connect(self._say)
        self.sending.failed.connect(self._show_error)
        self._activity.happened.connect(self._on_activity)
        self._activity.happened.connect(self._jobs.give_way)
        if not self._reading.rules.fill_unseen:
            self.display.shown.connect(self._on_shown)
        self.signing.said.connect(self._say)
        self.signing.failed.connect(self._show_error)
        self.signing.signed.connect(self._on_signed)
        self._clear_message.timeout.connect(self._message.clear)

    def _menu_of(self, *groups: str) -> CommandMenu:
        """Return a menu of some groups of commands; a group that this reading has not is left out."""
        found = [[self._actions[one.id] for one in self._commands if one.group == group] for group in groups]
        return CommandMenu([group for group in found if group], self._unavailable.why_not, self)

    def _restore(self) -> None:
        screen = self.screen().availableGeometry()
        fitting = QRect(screen.topLeft(), QSize(1600, 960).boundedTo(screen.size()))
        self.setGeometry(visible_place(self._reading.recall(_WINDOW_KEY), fitting))
        if self._reading.recall(_MAXIMISED_KEY) == "yes":
            self.setWindowState(Qt.WindowState.WindowMaximized)
        sizes = self._reading.recall(_SPLITTER_KEY)
        if sizes:
            self._splitter.restoreState(QByteArray.fromBase64(sizes.encode()))
        self._offer_layouts()
        self.scoring.set_across(self._reading.recall(_ACROSS_KEY) == "yes")
        if self._reading.recall(_ARRANGEMENT_KEY) == "bones":
            self.panel.set_arrangement("bones")
        if self._reading.recall(_DIAGRAM_KEY) == "no":
            self.panel.set_diagram_visible(False)
        self._is_detached = self._reading.recall(_DETACHED_KEY) == "yes"
        self.setWindowTitle("RA Reader")

    # -- cases ---------------------------------------------------------------------------------------------

    def open_first(self, code: str | None = None) -> None:
        """Open the case asked for, else where the reader left, else the first one that is not signed."""
        first = self._first_case()
        if first is None:
            self._say("This reading has no cases.")
            return
        self.open_case(code or first.code)
        self.reopening.say_news()
        if self._is_detached and self._panel_window is None:
            self.toggle_panel_window()

    def _first_case(self) -> CaseSummary | None:
        remembered = self._cases.get(self._reading.recall(_LAST_CASE_KEY) or "")
        cases = self._cases.values()
        return (
            remembered
            or next((case for case in cases if case.status != "signed"), None)
            or next(iter(cases), None)
        )

    @Slot(str)
    def open_case(self, code: str) -> None:
        """Show the pictures and the form of a case."""
        if self._code == code:
            return
        try:
            with self._reading.transaction():  # one for all: each waits for the disk
                self._keep_place()
                opened = self._open(code)
        except StorageError as error:
            self._show_error(error)
            return
        self._jobs.rest(_REST_MS)
        self._leave_case()
        self._cache.finish(code)
        self._read_ahead(code)
        self._start_check(code)
        self._show_case(opened)

    def _open(self, code: str) -> _Opened:
        """Take from the reading what is to be shown of a case, and put down that it was opened."""
        reading = self._reading
        case = reading.case(code)
        images = self._cache.case(code)
        scores = CaseScores(reading, code, images.letters)
        sites = CaseSites(reading, code, images.letters)
        opened = _Opened(
            case,
            images,
            scores,
            CaseMarks(reading, code, scores.history),
            sites,
            CaseRemarks(reading, code, scores.history),
            self.layouts.opening(),
            reading.recall(f"{code}/view"),
            reading.recall(f"{code}/cell"),
            None if reading.rules.fill_unseen else self._looked_at_before(code, images, sites),
        )
        reading.case_opened(code)
        reading.remember(_LAST_CASE_KEY, code)
        return opened

    def _looked_at_before(self, code: str, images: CaseImages, sites: CaseSites) -> LookedAt:
        return LookedAt(self._reading.form, images, sites, self._reading.recall(f"{code}/looked_at"))

    def _show_case(self, opened: _Opened) -> None:
        """Show a case; the pictures last, so that they are made ready once."""
        case, images = opened.case, opened.images
        self._images, self._looked_at = images, opened.looked_at
        self.columns.open_case(images, opened.looked_at.unseen if opened.looked_at else None)
        self.adjudication.open_case(self._reading.others(case.code), opened.scores.consensus)
        self.scoring.open_case(opened.scores, images.letters, side=case.side, locked=case.status == "signed")
        self.remarks.open_case(opened.remarks)
        self._go_to_cell(opened.cell, opened.scores)
        self.marks.open_case(opened.marks, self.panel.current_cell)
        self.follower.open_case(images)
        self.shading.open_case(images)
        cell = self.panel.current_cell
        layout = self.layouts.fitting(opened.layout, self._roles_of(cell)) if cell else opened.layout
        self.display.show_case(images, layout, opened.view)
        if cell is not None:
            self.display.make_current(cell.timepoint)
        self.sites.open_case(opened.sites, images, case.side, cell)
        self.subtraction.open_case(images)
        self._show_progress()
        self.panel.table.setFocus()
        if self.scoring.locked and self.reopening.words(case.code):
            self._say(self.reopening.words(case.code))

    def next_case(self) -> None:
        """Open the next case of the worklist."""
        self._step_case(1)

    def previous_case(self) -> None:
        """Open the case before."""
        self._step_case(-1)

    def _step_case(self, steps: int) -> None:
        codes = list(self._cases)
        if self._code is None:
            return
        target = codes.index(self._code) + steps
        if 0 <= target < len(codes):
            self.open_case(codes[target])
        else:
            self._say("This is the last case." if steps > 0 else "This is the first case.")

    def _keep_place(self) -> None:
        """Remember where the reader is in the open case, and put down that it is left."""
        code, cell = self._code, self.panel.current_cell
        if code is None:
            return
        if not self.scoring.locked:
            self._reading.remember(f"{code}/view", self.display.remembered())
            if self._looked_at is not None:
                self._reading.remember(f"{code}/looked_at", self._looked_at.remembered())
            if self.scoring.scores is not None:
                self.scoring.scores.store_times()
            if cell is not None:
                self._reading.remember(f"{code}/cell", cell.name)
        self._reading.case_closed(code)

    def _leave_case(self) -> None:
        self._checks.drop()
        self.display.clear()  # first: what changes after it is not worth a picture
        self.pictures.leave_case()
        self.sites.leave_case()
        self.follower.leave_case()
        self.shading.leave_case()
        self.subtraction.leave_case()
        self.columns.leave_case()
        self.remarks.leave_case()
        self.marks.leave_case()
        self.scoring.leave_case()
        self._looked_at = None

    @property
    def _code(self) -> str | None:
        return self.scoring.scores.code if self.scoring.scores else None

    def _go_to_cell(self, name: str | None, scores: CaseScores) -> None:
        """Go to the cell of this name, else to the first empty one."""
        cells = self.panel.cells()
        remembered = next((cell for cell in cells if cell.name == name), None)
        cell = remembered or next((cell for cell in cells if cell not in scores.sheet), None)
        if cell is not None:
            self.panel.go_to(cell)

    def _read_ahead(self, code: str) -> None:
        """Read the case after this one in the background, before what takes longer."""
        codes = list(self._cases)
        for following in codes[codes.index(code) + 1 : codes.index(code) + 2]:
            self._cache.read_ahead(following)

    def _start_check(self, code: str) -> None:
        """Check the digests of this case in the background, once; signing it checks them all again."""
        reading = self._reading

        def work(checkpoint: Checkpoint) -> None:
            reading.verify_case(code, checkpoint)

        self._checks.start(Job(failed=self._on_check_failed), work)

    @Slot(object)
    def _on_check_failed(self, error: Exception) -> None:
        """Show no picture that is not the one the coordinator prepared."""
        if isinstance(error, DamagedStoreError):
            self.display.clear()
            self.scoring.lock()
        self._show_error(error)

    # -- scores --------------------------------------------------------------------------------------------

    @Slot(object)
    def _on_saved(self, when: datetime) -> None:
        self.header.show_saved(when)
        scores = self.scoring.scores
        if scores is not None:
            case = self._cases[scores.code]
            missing = self._cells_per_timepoint * len(case.letters) - len(scores.sheet)
            status = case.status if case.status == "signed" else "open"
            self._cases[case.code] = replace(case, status=status, missing=missing)
        self._show_progress()

    @Slot(object)
    def _on_not_saved(self, error: StorageError) -> None:
        self.header.show_not_saved()
        self._show_error(error)

    @Slot(bool)
    def _on_across_changed(self, across: bool) -> None:
        self._reading.remember(_ACROSS_KEY, "yes" if across else "no")

    @Slot(object)
    def _on_signed(self, signature: Signature) -> None:
        """Open the next case that waits for a signature."""
        self._cases = {case.code: case for case in self._reading.cases()}
        self._on_saved(signature.utc)
        waiting = [case.code for case in self._cases.values() if case.status != "signed"]
        if waiting:
            self._say(f"Signed. {len(waiting)} of {len(self._cases)} cases to go.")
            self.open_case(waiting[0])
        else:
            self._say("Signed. This was the last case: the reading is complete.")

    @Slot(str)
    def _on_reopened(self, code: str) -> None:
        """Open the case that may be changed again."""
        self._cases = {case.code: case for case in self._reading.cases()}
        if code == self._code:
            self._keep_place()
            self._leave_case()
        self.open_case(code)
        self._show_progress()
        self._say(f"Case {code} is open again: change it, giving the reason, and sign it again.")

    @Slot()
    def _on_activity(self) -> None:
        if self.scoring.scores is not None:
            self.scoring.scores.clock.act()

    @Slot(str)
    def _on_arrangement_changed(self, arrangement: str) -> None:
        self._reading.remember(_ARRANGEMENT_KEY, arrangement)

    @Slot(bool)
    def _on_diagram_toggled(self, visible: bool) -> None:
        self._reading.remember(_DIAGRAM_KEY, "yes" if visible else "no")

    # -- pictures ------------------------------------------------------------------------------------------

    @Slot(object)
    def _on_current_changed(self, cell: Cell) -> None:
        if self.scoring.scores is not None:
            self.scoring.scores.clock.go_to(cell)
        self.display.make_current(cell.timepoint)
        self.layouts.follow(self._roles_of(cell))
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

    def _roles_of(self, cell: Cell) -> tuple[str, ...]:
        """Return the series that the feature of a cell is read from."""
        return self._reading.form.item(cell).feature.roles

    def follow_hand(self) -> None:
        """Let timepoints follow the hand, or no longer."""
        self.follower.toggle()

    def nudge_hand(self) -> None:
        """Take the places shown now for the same place in all timepoints."""
        self.follower.nudge()

    def register_again(self) -> None:
        """Forget how timepoints lie to each other, and find out again."""
        self.follower.start_over()

    def toggle_shading(self) -> None:
        """Even out coil shading for looking, or show what is stored."""
        self.shading.toggle()

    def set_landmark(self) -> None:
        """Keep that the current site is at the cursor."""
        self.sites.place_at_cursor()

    def forget_landmark(self) -> None:
        """Forget where the current site is at this timepoint."""
        self.sites.forget()

    def go_to_site(self) -> None:
        """Take the panes to the current site."""
        self.sites.go()

    @Slot()
    def _offer_layouts(self) -> None:
        self.header.offer_layouts(self.layouts.own, self._actions["layouts"])

    @Slot(bool)
    def _on_link_toggled(self, linked: bool) -> None:
        self.display.linked = linked

    def toggle_link(self) -> None:
        """Let timepoints move together or alone."""
        self.header.set_linked(not self.display.linked)

    # -- the rest ------------------------------------------------------------------------------------------

    def toggle_panel_window(self) -> None:
        """Show the form in a window of its own, or beside the pictures again."""
        if self._panel_window is not None:
            self._panel_window.close()
            return
        corner = self.mapToGlobal(self.panel.pos())
        beside = QRect(corner, self.panel.size())
        self._panel_window = PanelWindow(self.panel, self)
        self._panel_window.setGeometry(visible_place(self._reading.recall(_PANEL_KEY), beside))
        self._panel_window.closed.connect(self._on_panel_closed)
        self._panel_window.key_pressed.connect(self.keyPressEvent)
        self._panel_window.key_released.connect(self.keyReleaseEvent)
        self._panel_window.show()
        self._activity.watch(self._panel_window)
        self.panel.show()
        self.panel.table.setFocus()

    @Slot()
    def _on_panel_closed(self) -> None:
        """Put the form back beside the pictures."""
        if self._panel_window is None:
            return
        window, self._panel_window = self._panel_window, None
        self._reading.remember(_PANEL_KEY, place_text(window.geometry()))
        self._splitter.addWidget(self.panel)
        self.panel.show()
        self.panel.table.setFocus()
        window.deleteLater()

    def show_keys(self) -> None:
        """Show all keys."""
        KeysDialog(self._commands, self).exec()

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
                self._reading.remember(_WINDOW_KEY, place_text(self.normalGeometry()))
                self._reading.remember(_MAXIMISED_KEY, "yes" if self.isMaximized() else "no")
                self._reading.remember(_DETACHED_KEY, "yes" if self._panel_window is not None else "no")
                if self._panel_window is not None:
                    self._panel_window.close()
                self._reading.remember(_SPLITTER_KEY, self._splitter.saveState().toBase64().toStdString())
                self._keep_place()
        except StorageError as error:
            self._show_error(error)
        self._leave_case()
        self._cache.close()
        self._reading.close()
        super().closeEvent(event)

    def _show_progress(self) -> None:
        cases, code = tuple(self._cases.values()), self._code
        asked = {
            case.code: (self.reopening.state(case.code), self.reopening.words(case.code)) for case in cases
        }
        self.worklist.show_cases(cases, self._cells_per_timepoint, code, asked)
        position = next((case.position for case in cases if case.code == code), 0)
        modality = "MRI" if self._reading.form.modality == "MR" else "radiographs"
        words = DESIGN_WORDS.get(self._reading.reading_design, self._reading.reading_design)
        locked, case = self.scoring.locked, self._cases.get(code or "")
        state: LockState = "locked" if locked else "reopened" if case and case.reopened else "open"
        hints = ADJUDICATION_HINTS if self._reading.is_adjudication else HINTS
        self._hints.show_hints(LOCKED_HINTS if locked else hints)
        self.header.show_lock(state, self.reopening.words(code or "") if locked else "")
        signed = " · signed" if locked else ""
        comment = " · comment" if self.remarks.case_comment else ""
        place = f"{position} of {len(cases)}"
        self.header.show_case(
            code or "",
            f"case {place} · {modality}, {words}{signed}{comment}",
            f"case {place} · {modality}{comment}",
            f"case {place}{comment}",
            place,
        )

    @Slot(str)
    def _say(self, text: str) -> None:
        self._message.setText(text)
        self._clear_message.start(max(_READABLE_MS, _MS_A_LETTER * len(text)))

    @Slot(object)
    def _show_error(self, error: Exception) -> None:
        message = describe(error)
        if message is None:
            raise error
        self._warn(message.text)

    def _warn(self, text: str) -> None:
        QMessageBox.warning(self, "RA Reader", text)

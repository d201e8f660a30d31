"""The plain viewer: files and folders looked at without a study, as their headers want them shown."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QByteArray, QSettings, Qt, Slot
from PySide6.QtGui import (
    QAction,
    QActionGroup,
    QCloseEvent,
    QDragEnterEvent,
    QDropEvent,
    QKeySequence,
    QShowEvent,
)
from PySide6.QtWidgets import (
    QLabel,
    QMainWindow,
    QMessageBox,
    QPushButton,
    QSplitter,
    QStackedWidget,
    QToolBar,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from reader_app.images.file_dialogs import ask_files, ask_folder
from reader_app.images.header_window import Look, first_look
from reader_app.images.pages import BusyPage, EmptyPage
from reader_app.images.pane_display import PaneDisplay
from reader_app.images.refused_dialog import RefusedDialog
from reader_app.images.series_list import MIME, SeriesList
from reader_app.images.series_loader import SeriesLoader
from reader_app.images.series_words import facts_of, plural, title_of
from reader_app.jobs import JobRunner
from reader_app.messages import words_for
from viewer.imaging.series import ScanResult, Series
from viewer.widgets.image_pane import ImagePane
from viewer.widgets.pane_grid import PaneGrid

GRIDS = (("1 × 1", 1, 1, "1"), ("1 × 2", 1, 2, "2"), ("2 × 2", 2, 2, "4"))
HINTS = (
    "Wheel: slices · Ctrl + wheel: magnify · right button: window · middle button or Shift: move · "
    "double click: one large"
)
_SCAN = "scan"
_MEMORY = 4
"""How many loaded volumes are kept beside those on the screen."""


class ImagesWindow(QMainWindow):
    """Shows what is in files and folders; changes and keeps nothing."""

    def __init__(self, jobs: JobRunner, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("images")
        self.setWindowTitle("Images – RA Reader")
        self.setAcceptDrops(True)
        self.loader = SeriesLoader(jobs, self)
        self._result = ScanResult(0, (), ())
        self._looks: dict[str, Look] = {}
        self._wanted: dict[ImagePane, str] = {}
        self._generation = 0  # of the files looked at; what arrives of older ones is dropped
        self.series_list = SeriesList(self)
        self.grid = PaneGrid(self)
        self.display = PaneDisplay(self.grid, self)
        self._build()
        self._make_actions()
        self._connect()
        self.display.arrange(1, 1)
        self._restore()

    def _build(self) -> None:
        self._empty = EmptyPage(self)
        self._busy = BusyPage(self)
        self._refused = QPushButton(self)
        self._refused.setObjectName("refused")
        self._refused.setFlat(True)
        self._refused.hide()
        left = QWidget(self)
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.series_list, 1)
        column.addWidget(self._refused)
        self._splitter = QSplitter(Qt.Orientation.Horizontal, self)
        self._splitter.setChildrenCollapsible(False)
        self._splitter.addWidget(left)
        self._splitter.addWidget(self.grid)
        self._splitter.setStretchFactor(1, 1)
        self._splitter.setSizes([290, 990])
        self._pages = QStackedWidget(self)
        for page in (self._empty, self._busy, self._splitter):
            self._pages.addWidget(page)
        self.setCentralWidget(self._pages)
        self._state = QLabel(self)
        hints = QLabel(HINTS, self)
        hints.setObjectName("hint")
        self.statusBar().addWidget(self._state, 1)
        self.statusBar().addPermanentWidget(hints)
        self.statusBar().setSizeGripEnabled(False)
        self.resize(1280, 800)

    def _make_actions(self) -> None:
        bar = QToolBar("Tools", self)
        bar.setObjectName("tools")
        bar.setMovable(False)
        self.addToolBar(bar)
        self._action(bar, "Open folder…", "Look at everything in a folder", ("Ctrl+O",), self.ask_folder)
        self._action(bar, "Open files…", "Look at files or zip archives", ("Ctrl+Shift+O",), self.ask_files)
        bar.addSeparator()
        group = QActionGroup(self)
        for text, rows, columns, key in GRIDS:
            tip = f"{rows * columns} picture{'s' if rows * columns > 1 else ''} side by side"
            action = self._action(bar, text, tip, (key,), partial(self.display.arrange, rows, columns))
            action.setCheckable(True)
            action.setChecked(rows * columns == 1)
            group.addAction(action)
        bar.addSeparator()
        link = self._action(bar, "Link", "Pictures of one examination show the same place", ("L",))
        link.setCheckable(True)
        link.setChecked(True)
        link.toggled.connect(self.display.set_linked)
        turn, flip = partial(self.display.turn, 1), self.display.flip
        self._action(bar, "Turn", "Turn clockwise, letters follow", ("R",), turn)
        self._action(bar, "Mirror", "Exchange left and right, letters follow", ("H",), flip)
        self._action(bar, "Invert", "Change black and white", ("I",), self.display.invert)
        self._action(bar, "Reset", "Window, size and place as at first", ("Ctrl+R",), self.display.reset)
        for keys, slot in (
            (("Down", "PgDown"), partial(self.display.scroll, 1)),
            (("Up", "PgUp"), partial(self.display.scroll, -1)),
            (("Home",), partial(self.display.scroll, -100000)),
            (("End",), partial(self.display.scroll, 100000)),
            (("+", "="), partial(self.display.zoom, 1.25)),
            (("-",), partial(self.display.zoom, 0.8)),
            (("Shift+R",), partial(self.display.turn, -1)),
            (("F",), self.display.toggle_large),
            (("Ctrl+W",), self.close),
        ):
            action = QAction(self)
            action.setShortcuts([QKeySequence(key) for key in keys])
            action.triggered.connect(_without_argument(slot))
            self.addAction(action)

    def _action(self, bar: QToolBar, text: str, tip: str, keys: Sequence[str], slot: Any = None) -> QAction:
        action = QAction(text, self)
        action.setIconText(text)  # else the tool bar drops the dots
        action.setToolTip(f"{tip} ({keys[0]})")
        action.setShortcuts([QKeySequence(key) for key in keys])
        if slot is not None:
            action.triggered.connect(_without_argument(slot))
        bar.addAction(action)
        button = bar.widgetForAction(action)
        if isinstance(button, QToolButton):
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        return action

    def _connect(self) -> None:
        self.loader.ready.connect(self._on_ready)
        self.loader.failed.connect(self._on_failed)
        self.loader.progress.connect(self._on_progress)
        self.series_list.asked.connect(self.show_series)
        self.display.current_changed.connect(self.series_list.select)
        self._refused.clicked.connect(self.show_refused)
        self._empty.folder.clicked.connect(self.ask_folder)
        self._empty.files.clicked.connect(self.ask_files)
        self._empty.why.clicked.connect(self.show_refused)
        self._busy.cancel.clicked.connect(self.cancel)

    def _restore(self) -> None:
        geometry = QSettings("RA Reader", "RA Reader").value("images/geometry")
        if isinstance(geometry, QByteArray):
            self.restoreGeometry(geometry)

    # -- files ---------------------------------------------------------------------------------------------

    def look_at(self, paths: Sequence[Path]) -> None:
        """Find the series in files and folders and show the first one."""
        if not paths:
            return
        self.loader.cancel()
        self._busy.begin()
        self._pages.setCurrentWidget(self._busy)
        self._generation += 1
        self.loader.scan((_SCAN, self._generation), [Path(path) for path in paths])

    @Slot()
    def ask_folder(self) -> None:
        """Let somebody choose a folder."""
        folder = ask_folder(self, "Look at a folder")
        if folder is not None:
            self.look_at([folder])

    @Slot()
    def ask_files(self) -> None:
        """Let somebody choose files."""
        self.look_at(ask_files(self, "Look at files"))

    @Slot()
    def cancel(self) -> None:
        """Stop looking for series and go back to what was there."""
        self.loader.cancel()
        self._generation += 1
        self._show_page()
        self._load_thumbnails()

    @Slot(object, int, int)
    def _on_progress(self, key: Any, done: int, total: int) -> None:
        if key == (_SCAN, self._generation):
            self._busy.show_progress(done, total)

    @Slot(object, object)
    def _on_ready(self, key: Any, result: Any) -> None:
        kind, generation, *rest = key
        if generation != self._generation:
            return
        if kind == _SCAN:
            self._show_result(result)
            return
        (uid,) = rest
        if kind == "thumbnail":
            self.series_list.show_thumbnail(uid, result)
            return
        self._remember(uid, result)
        for pane, wanted in self._wanted.items():
            if wanted == uid:
                self._show_look(pane, uid)

    @Slot(object, object)
    def _on_failed(self, key: Any, error: Exception) -> None:
        words = words_for(error)
        kind, generation, *rest = key
        if generation != self._generation:
            return
        if kind == _SCAN:
            self._show_page()
            QMessageBox.warning(self, "RA Reader", words)
            return
        (uid,) = rest
        series = self._series(uid)
        if kind == "volume" and series is not None:
            for pane, wanted in self._wanted.items():
                if wanted == uid:
                    self.display.show_reason(pane, series, title_of(series), words)

    def _show_result(self, result: ScanResult) -> None:
        self._result, self._looks, self._wanted = result, {}, {}
        self.display.clear()
        self.series_list.show_series(result.series)
        count = len(result.rejected)
        self._refused.setVisible(bool(count))
        self._refused.setText(f"{count} {'file is' if count == 1 else 'files are'} not shown – why?")
        series = len(result.series)
        self._state.setText(f"{plural(series, 'series', 'series')} in {plural(result.files_seen, 'file')}")
        self._show_page()
        if result.series:
            self.show_series(result.series[0].series_uid)
            self.series_list.setFocus()
        self._load_thumbnails()

    def _show_page(self) -> None:
        found = bool(self._result.series)
        if not found and self._result.files_seen:
            self._empty.say(
                f"No pictures that can be shown in {plural(self._result.files_seen, 'file')}.",
                bool(self._result.rejected),
            )
        self._pages.setCurrentWidget(self._splitter if found else self._empty)

    def _load_thumbnails(self) -> None:
        for series in self._result.series:
            self.loader.load_thumbnail(("thumbnail", self._generation, series.series_uid), series)

    # -- series --------------------------------------------------------------------------------------------

    @Slot(object)
    def show_series(self, series_uid: str, pane: ImagePane | None = None) -> None:
        """Show a series in *pane*, or in the current one; it is loaded in the background first."""
        pane = pane or self.display.current or self.grid.panes[0]
        series = self._series(series_uid)
        if series is None:
            return
        before = self.display.shown_in(pane)
        if self._wanted.get(pane) == series_uid and before is not None and not before.reason:
            return
        self._wanted[pane] = series_uid
        if pane is self.display.current:
            self.series_list.select(series_uid)
        if series_uid in self._looks:
            self._show_look(pane, series_uid)
            return
        self.display.show_reason(pane, series, title_of(series), f"Loading {facts_of(series)} …")
        self.loader.load(("volume", self._generation, series_uid), series, first_look)

    def _show_look(self, pane: ImagePane, uid: str) -> None:
        series = self._series(uid)
        if series is not None and pane in self.grid.panes:
            self.display.show_look(pane, series, title_of(series), self._looks[uid])

    def _remember(self, uid: str, look: Look) -> None:
        """Keep the looks on the screen and a few more; a big archive must not fill the memory."""
        self._looks[uid] = look
        on_screen = set(self._wanted.values())
        spare = [known for known in self._looks if known not in on_screen]
        for known in spare[: max(len(spare) - _MEMORY, 0)]:
            del self._looks[known]

    def _series(self, uid: str) -> Series | None:
        return next((one for one in self._result.series if one.series_uid == uid), None)

    @Slot()
    def show_refused(self) -> None:
        """List the files that are not shown, with the reasons."""
        lines = [(str(one.path), one.reason) for one in self._result.rejected]
        RefusedDialog("Files that are not shown", "These files were left out:", lines, self).exec()

    # -- Qt ------------------------------------------------------------------------------------------------

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take files and folders from outside, and series from the list."""
        if event.mimeData().hasUrls() or event.mimeData().hasFormat(MIME):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Look at dropped files; show a dropped series in the pane under the mouse."""
        event.acceptProposedAction()
        if event.mimeData().hasUrls():
            self.look_at([Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()])
            return
        target = self.childAt(event.position().toPoint())
        if isinstance(target, ImagePane):
            self.display.make_current(target)
            self.show_series(event.mimeData().data(MIME).toStdString(), target)
            self.display.make_current(target)

    def showEvent(self, event: QShowEvent) -> None:
        """Pictures need their panes' sizes."""
        super().showEvent(event)
        self.display.refresh()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Stop reading files and let go of the pictures."""
        self.loader.close()
        self._looks = {}
        self.display.clear()
        QSettings("RA Reader", "RA Reader").setValue("images/geometry", self.saveGeometry())
        super().closeEvent(event)


def _without_argument(slot: Any) -> Any:
    """Return a slot that drops the state an action's signal carries."""

    def call(_checked: bool = False) -> None:
        slot()

    return call

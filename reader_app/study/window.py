"""The coordinator's window: pages on a left rail, one study, one piece of background work at a time."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QByteArray, QSettings, QSize, Qt, QTimer, Slot
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QListWidget,
    QMainWindow,
    QMessageBox,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from reader_app.jobs import Job, JobRunner
from reader_app.messages import words_for
from reader_app.study.adjudication_page import AdjudicationPage
from reader_app.study.analysis_page import AnalysisPage
from reader_app.study.audit_page import AuditPage
from reader_app.study.fields import dress_fields
from reader_app.study.images_page import ImagesPage
from reader_app.study.progress_page import ProgressPage
from reader_app.study.rounds_page import RoundsPage
from reader_app.study.snapshot import ProgressReader, StudySnapshot, take_snapshot
from reader_app.study.task_card import TaskCard
from storage.study.store import Study

_GEOMETRY = "study/geometry"
_KEYS = "Ctrl+1 … Ctrl+6  pages\nF5  look again\nCtrl+F  find\nCtrl+W  close"


class StudyWindow(QMainWindow):
    """Shows a study and closes it at the end."""

    def __init__(self, study: Study, jobs: JobRunner, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._study, self._jobs = study, jobs
        self._closing = self._closed = False
        self._reading: Job | None = None
        self._again = False
        self._progress_reader = ProgressReader()
        self.setObjectName("study")
        self.setWindowTitle(f"{study.title} – RA Reader")
        self.setAcceptDrops(True)
        self.task = TaskCard(jobs, self)
        self.images = ImagesPage(study, jobs, self.task, self)
        self.rounds = RoundsPage(study, self.task, self)
        self.progress = ProgressPage(study, self.task, self)
        self.adjudication = AdjudicationPage(study, self.task, self)
        self.analysis = AnalysisPage(study, jobs, self.task, self)
        self.audit = AuditPage(study, jobs, self.task, self)
        self.pages: dict[str, QWidget] = {
            "Images": self.images,
            "Rounds": self.rounds,
            "Progress": self.progress,
            "Adjudication": self.adjudication,
            "Analysis": self.analysis,
            "Audit trail": self.audit,
        }
        self._build()
        dress_fields(self)
        for page in (self.images, self.rounds, self.progress, self.adjudication, self.analysis):
            page.changed.connect(self.refresh)
        self.task.stopped.connect(self._on_stopped)
        self.task.busy_changed.connect(self._on_busy)
        self.resize(1280, 800)
        geometry = QSettings("RA Reader", "RA Reader").value(_GEOMETRY)
        if isinstance(geometry, QByteArray):
            self.restoreGeometry(geometry)
        self.refresh()

    def _build(self) -> None:
        header = QWidget(self)
        header.setObjectName("studyHeader")
        header.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        title = QLabel(self._study.title, header)
        title.setObjectName("studyTitle")
        title.setToolTip(str(self._study.folder))
        self._summary = QLabel(header)
        self._summary.setObjectName("studySummary")
        line = QHBoxLayout(header)
        line.setContentsMargins(18, 12, 18, 12)
        line.setSpacing(14)
        line.addWidget(title)
        line.addWidget(self._summary, 1)
        self.rail = QListWidget(self)
        self.rail.setObjectName("rail")
        self.rail.setAccessibleName("Pages")
        side = QWidget(self)
        side.setObjectName("railSide")
        side.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        side.setFixedWidth(170)
        keys = QLabel(_KEYS, side)
        keys.setObjectName("railKeys")
        beside = QVBoxLayout(side)
        beside.setContentsMargins(0, 0, 0, 0)
        beside.addWidget(self.rail, 1)
        beside.addWidget(keys)
        self.rail.addItems(list(self.pages))
        self._stack = QStackedWidget(self)
        for number, page in enumerate(self.pages.values(), 1):
            self._stack.addWidget(page)
            item = self.rail.item(number - 1)
            item.setToolTip(f"Ctrl+{number}")
            item.setSizeHint(QSize(0, 34))
            shortcut = QShortcut(QKeySequence(f"Ctrl+{number}"), self)
            shortcut.activated.connect(partial(self.rail.setCurrentRow, number - 1))
        close = QShortcut(QKeySequence("Ctrl+W"), self)
        close.activated.connect(self.close)
        again = QShortcut(QKeySequence("F5"), self)
        again.activated.connect(self.refresh)
        self.rail.currentRowChanged.connect(self._on_page)
        content = QWidget(self)
        content.setObjectName("content")
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._stack, 1)
        column.addWidget(self.task)  # below: what it says must not push buttons from under the mouse
        body = QWidget(self)
        row = QHBoxLayout(body)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(side)
        row.addWidget(content, 1)
        self.setMenuWidget(header)
        self.setCentralWidget(body)
        self.rail.setCurrentRow(0)

    def show_page(self, name: str) -> None:
        """Go to a page by its name on the rail."""
        self.rail.setCurrentRow(list(self.pages).index(name))

    @Slot(int)
    def _on_page(self, row: int) -> None:
        self._stack.setCurrentIndex(row)
        if self._stack.currentWidget() is self.audit:
            self.audit.refresh()

    # -- one state of the study for all pages --------------------------------------------------------------

    @Slot()
    def refresh(self) -> None:
        """Read the study again in the background; calls that come meanwhile are done in one go after it."""
        if self._closed:
            return
        if self._reading is not None:
            self._again = True
            return
        study, reader = self._study, self._progress_reader
        self._reading = self._jobs.start(
            Job(done=self._on_read, failed=self._on_not_read), lambda _: take_snapshot(study, reader)
        )

    @Slot(object)
    def _on_read(self, snapshot: StudySnapshot) -> None:
        self._reading = None
        if self._closed:
            return
        for page in (self.images, self.rounds, self.progress, self.adjudication, self.analysis):
            page.show_snapshot(snapshot)
        if self._stack.currentWidget() is self.audit:
            self.audit.refresh()
        counts = (
            (len(snapshot.checks), "subject"),
            (len(snapshot.visits), "visit"),
            (len(snapshot.rounds), "round"),
        )
        self._summary.setText(
            " · ".join(f"{count} {word}{'' if count == 1 else 's'}" for count, word in counts)
        )
        if self._again:
            self._again = False
            self.refresh()

    @Slot(object)
    def _on_not_read(self, error: Exception) -> None:
        self._reading = None
        words = words_for(error)
        if not self._closed:
            self.task.warn("The study cannot be read", words)

    # -- Qt ------------------------------------------------------------------------------------------------

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take files and folders while no other work is going on."""
        if event.mimeData().hasUrls() and not self.task.busy:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Import what was dropped."""
        paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        if paths:
            event.acceptProposedAction()
            self.show_page("Images")
            self.images.import_paths(paths)

    @Slot()
    def _on_stopped(self) -> None:
        self.refresh()

    @Slot(bool)
    def _on_busy(self, busy: bool) -> None:
        if not busy and self._closing:
            self.close()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Stop the work first, if there is any; then close the study."""
        if self.task.busy and not self._closed:
            event.ignore()
            if not self._closing and self._asked_to_stop():
                self._closing = True
                if self.task.busy:
                    self.task.cancel()  # its end closes the window
                else:
                    QTimer.singleShot(0, self.close)
            return
        if not self._closed:
            self._closed = True
            self.images.inspector.loader.close()
            QSettings("RA Reader", "RA Reader").setValue(_GEOMETRY, self.saveGeometry())
            self._study.close()
        super().closeEvent(event)

    def _asked_to_stop(self) -> bool:
        box = QMessageBox(QMessageBox.Icon.Question, "RA Reader", "Work is still going on.", parent=self)
        box.setInformativeText("What was finished before is kept.")
        stop = box.addButton("Stop it and close", QMessageBox.ButtonRole.AcceptRole)
        box.setDefaultButton(box.addButton(QMessageBox.StandardButton.Cancel))
        box.exec()
        return box.clickedButton() is stop

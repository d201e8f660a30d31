"""The start screen: what can be done, the studies opened last, and the demo."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QColor, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from reader_app.images.file_dialogs import ask_folder
from reader_app.jobs import Checkpoint, Job, JobRunner
from reader_app.messages import describe
from reader_app.study.recent import RecentStudy, forget_study, recent_studies, remember_study
from storage.version import app_version

if TYPE_CHECKING:
    from reader_app.program import Program
    from reader_app.workflow.demo import Demo

DEMO_SUBJECTS = 4


class DemoBuilder(QObject):
    """Builds the demo in a job, or finds the one that is there."""

    finished = Signal(object)  # Demo
    failed = Signal(object)  # error
    progress = Signal(int, int)  # done, total

    def __init__(self, jobs: JobRunner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self._job: Job | None = None

    def start(self, folder: Path | None, subjects: int) -> None:
        """Begin; ``folder`` None means the user's data folder."""
        self._job = Job(done=self.finished.emit, failed=self.failed.emit, progress=self.progress.emit)

        def work(checkpoint: Checkpoint) -> Demo:
            from reader_app.workflow.demo import build_demo  # late: it takes a second

            return build_demo(folder, subjects, checkpoint)

        self._jobs.start(self._job, work)

    def cancel(self) -> None:
        """Stop at the next step; nothing is left behind and nothing is heard any more."""
        if self._job is not None:
            self._job.cancel()


class DemoDialog(QDialog):
    """Shows how far the demo is; ``demo`` is there after it was accepted, ``error`` after it failed."""

    def __init__(self, builder: DemoBuilder, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("demo")
        self.setWindowTitle("RA Reader demo")
        self.demo: Demo | None = None
        self.error: Exception | None = None
        self._builder = builder
        title = QLabel("Building the demo", self)
        title.setObjectName("demoTitle")
        words = QLabel(
            "A digital hand phantom is imaged at three visits and prepared for two readings. This is done "
            "once and takes about a minute.",
            self,
        )
        words.setWordWrap(True)
        self.bar = QProgressBar(self)
        self.bar.setRange(0, 100)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel, self)
        column = QVBoxLayout(self)
        column.setContentsMargins(22, 20, 22, 18)
        column.setSpacing(12)
        for widget in (title, words, self.bar, buttons):
            column.addWidget(widget)
        self.setMinimumWidth(460)
        buttons.rejected.connect(self.reject)
        builder.progress.connect(self._on_progress)
        builder.finished.connect(self._on_finished)
        builder.failed.connect(self._on_failed)

    def reject(self) -> None:
        """Cancel the building."""
        self._builder.cancel()
        super().reject()

    @Slot(int, int)
    def _on_progress(self, done: int, total: int) -> None:
        self.bar.setRange(0, total)
        self.bar.setValue(done)

    @Slot(object)
    def _on_finished(self, demo: Demo) -> None:
        self.demo = demo
        self.accept()

    @Slot(object)
    def _on_failed(self, error: Exception) -> None:
        self.error = error
        super().reject()


class StartWindow(QWidget):
    """Offers what can be done; opens it through the program."""

    def __init__(self, program: Program, demo_folder: Path | None = None) -> None:
        super().__init__()
        self._program = program
        self._demo_folder = demo_folder
        self.setObjectName("start")
        self.setWindowTitle("RA Reader")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.problem = QLabel(self)
        self.problem.setObjectName("problem")
        self.problem.setWordWrap(True)
        self.problem.hide()
        self.recent = QListWidget(self)
        self.recent.setObjectName("recent")
        self.recent.setAccessibleName("Recent studies")
        self.recent.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.recent.itemActivated.connect(self._on_recent)
        self._no_recent = QLabel("Studies you open appear here.", self)
        self._no_recent.setObjectName("startNote")
        self._no_recent.setAlignment(Qt.AlignmentFlag.AlignTop)
        forget = QShortcut(QKeySequence(Qt.Key.Key_Delete), self.recent)
        forget.setContext(Qt.ShortcutContext.WidgetShortcut)
        forget.activated.connect(self._forget_current)
        self.offers = {
            name: self._offer(name, *words, slot)
            for name, words, slot in (
                ("demo", ("Try the demo", "Ready to score in a minute, with phantom hands"), self.try_demo),
                ("reading", ("Open reading", "Score the cases a coordinator sent you"), self.open_reading),
                ("study", ("Open study", "Import images, prepare rounds, collect scores"), self.open_study),
                ("new", ("New study", "Start a trial: a folder with subjects and visits"), self.new_study),
                ("images", ("Look at images", "See DICOM files and folders, no study"), self.look_at_images),
            )
        }
        self._lay_out()
        self.show_recent()
        self.resize(1000, 640)

    def _lay_out(self) -> None:
        title, words = QLabel("RA Reader", self), QLabel("Blinded reading of hand MRI and radiographs", self)
        title.setObjectName("startTitle")
        words.setObjectName("startNote")
        known = "Run from source" if app_version() == "source" else f"Version {app_version()}"
        version = QLabel(f"{known} · for research, not for diagnosis", self)
        version.setObjectName("startNote")
        left = QVBoxLayout()
        left.setSpacing(10)
        left.addWidget(title)
        left.addWidget(words)
        left.addSpacing(14)
        for offer in self.offers.values():
            left.addWidget(offer)
        left.addWidget(self.problem)
        left.addStretch()
        left.addWidget(version)
        right = QVBoxLayout()
        heading = QLabel("Recent studies", self)
        heading.setObjectName("startHeading")
        right.addSpacing(8)
        right.addWidget(heading)
        right.addWidget(self._no_recent)
        right.addWidget(self.recent, 1)
        right.addStretch()
        row = QHBoxLayout(self)
        row.setContentsMargins(48, 40, 48, 28)
        row.setSpacing(48)
        row.addLayout(left, 3)
        row.addLayout(right, 2)

    def _offer(self, name: str, title: str, explanation: str, slot: Callable[[], None]) -> QPushButton:
        button = QPushButton(self)
        button.setObjectName("offer")
        button.setProperty("first", name == "demo")
        button.setAccessibleName(title)
        button.setAccessibleDescription(explanation)
        button.setAutoDefault(True)
        column = QVBoxLayout(button)
        column.setContentsMargins(18, 9, 18, 9)
        column.setSpacing(1)
        for text, style in ((title, "offerTitle"), (explanation, "offerNote")):
            label = QLabel(text, button)
            label.setObjectName(style)
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            column.addWidget(label)
        button.setMinimumHeight(column.sizeHint().height())
        button.clicked.connect(slot)
        return button

    def show_recent(self) -> None:
        """List the studies opened last; those that are gone are grey."""
        self.recent.clear()
        for one in recent_studies():
            self.recent.addItem(_recent_item(one))
        self.recent.setVisible(self.recent.count() > 0)
        self._no_recent.setVisible(self.recent.count() == 0)

    # -- what is offered -----------------------------------------------------------------------------------

    @Slot()
    def new_study(self) -> None:
        """Ask for title, folder and visits, and open the new study."""
        from reader_app.study.new_study import NewStudyDialog

        dialog = NewStudyDialog(self)
        if dialog.exec() and dialog.study is not None:
            folder = dialog.study.folder
            dialog.study.close()
            self.open_study_in(folder)

    @Slot()
    def open_study(self) -> None:
        """Ask for a study's folder and open it."""
        folder = ask_folder(self, "Open the folder of a study")
        if folder is not None:
            self.open_study_in(folder)

    @Slot()
    def open_reading(self) -> None:
        """Ask for a reading's folder and open it."""
        folder = ask_folder(self, "Open a reading: a folder that ends in .reading")
        if folder is not None:
            self._try(lambda: self._program.open_reading(folder))

    @Slot()
    def look_at_images(self) -> None:
        """Open the plain viewer, which asks what to look at."""
        self._try(lambda: self._program.look_at([]))

    @Slot()
    def try_demo(self) -> None:
        """Build the demo, or find it, and open its first reading."""
        builder = DemoBuilder(self._program.jobs, self)
        dialog = DemoDialog(builder, self)
        builder.start(self._demo_folder, DEMO_SUBJECTS)
        dialog.exec()
        if dialog.error is not None:
            self._say(dialog.error)
        elif dialog.demo is not None:
            demo = dialog.demo
            remember_study(demo.study, "Digital hand phantom (demo)")
            self.show_recent()
            self._try(lambda: self._program.open_reading(demo.readings[0]))

    def open_study_in(self, folder: Path) -> None:
        """Open the study in *folder* and remember it."""

        def work() -> None:
            self._program.open_study(folder)
            remember_study(folder, _title_of(folder))

        self._try(work)
        self.show_recent()

    def _try(self, work: Callable[[], Any]) -> None:
        """Do *work*; say in one sentence why it could not be done."""
        self.problem.hide()
        try:
            work()
        except Exception as error:  # noqa: BLE001 - what nobody foresaw is raised again
            self._say(error)

    def _say(self, error: Exception) -> None:
        message = describe(error)
        if message is None:
            raise error
        self.problem.setText(message.text)
        self.problem.show()

    @Slot(object)
    def _on_recent(self, item: QListWidgetItem) -> None:
        self.open_study_in(Path(item.data(Qt.ItemDataRole.UserRole)))

    @Slot()
    def _forget_current(self) -> None:
        item = self.recent.currentItem()
        if item is not None:
            forget_study(Path(item.data(Qt.ItemDataRole.UserRole)))
            self.show_recent()


def _recent_item(one: RecentStudy) -> QListWidgetItem:
    where = str(one.folder) if one.is_there else f"{one.folder} – no longer there"
    item = QListWidgetItem(f"{one.title}\n{where}")
    item.setData(Qt.ItemDataRole.UserRole, str(one.folder))
    item.setToolTip(f"{where}\nDouble click or Enter opens it, Delete takes it off this list")
    if not one.is_there:
        item.setForeground(QColor("#66727d"))
    return item


def _title_of(folder: Path) -> str:
    from storage.study.store import Study

    with Study.open(folder, read_only=True) as study:
        return study.title

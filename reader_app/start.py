"""The start screen: what can be done, the studies opened last, and the demo."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from reader_app.images.file_dialogs import ask_files, ask_folder
from reader_app.messages import words_for
from reader_app.recent_list import RecentList
from reader_app.study.recent import RecentStudy, forget_study, remember_study
from reader_app.waiting import DemoBuilder, DemoDialog, UnpackDialog
from storage.study.names import DATABASE as STUDY_DATABASE
from storage.version import app_version

if TYPE_CHECKING:
    from reader_app.program import Program

DEMO_SUBJECTS = 4
READING_DATABASE = "reading.sqlite"  # as storage has it, which takes long to import


class StartWindow(QWidget):
    """Offers what can be done; opens it through the program."""

    def __init__(self, program: Program, demo_folder: Path | None = None) -> None:
        super().__init__()
        self._program = program
        self._demo_folder = demo_folder
        self.setObjectName("start")
        self.setWindowTitle("RA Reader")
        self.setAcceptDrops(True)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.problem = QLabel(self)
        self.problem.setObjectName("problem")
        self.problem.setWordWrap(True)
        self.problem.hide()
        self.forget_button = QPushButton("Take it &off the list", self)
        self.forget_button.setObjectName("forget")
        self.forget_button.hide()
        self.forget_button.clicked.connect(self._forget_gone)
        self._gone: Path | None = None
        self.recent = RecentList(self)
        self.recent.asked.connect(self._on_recent)
        self.recent.forgotten.connect(self._on_forgotten)
        self._no_recent = QLabel("Studies you open appear here.", self)
        self._no_recent.setObjectName("startNote")
        self._no_recent.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.offers = {
            name: self._offer(name, *words, slot)
            for name, words, slot in (
                ("demo", ("Try the demo", "Ready to score in a minute, with phantom hands"), self.try_demo),
                ("reading", ("Open reading", "Score the cases a coordinator sent you"), self.open_reading),
                ("zip", ("Open zip", "Came as one zip file"), self.open_zipped_reading),
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
        for name, offer in self.offers.items():
            if name == "zip":
                continue
            if name == "reading":
                beside = QHBoxLayout()
                beside.addWidget(offer, 3)
                beside.addWidget(self.offers["zip"], 2)
                left.addLayout(beside)
            else:
                left.addWidget(offer)
        left.addWidget(self.problem)
        left.addWidget(self.forget_button, 0, Qt.AlignmentFlag.AlignLeft)
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
        self.recent.load()
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
            self.open_reading_of(folder)

    @Slot()
    def open_zipped_reading(self) -> None:
        """Ask for a zipped reading, unpack it beside itself and open it."""
        for archive in ask_files(self, "Open a zipped reading", "Zip files (*.zip)")[:1]:
            self.open_reading_of(archive)

    def open_reading_of(self, path: Path) -> None:
        """Open a reading's folder, or unpack its zip and open that."""
        self._say_nothing()
        if path.is_dir():
            self._try(lambda: self._program.open_reading(path))
            return
        dialog = UnpackDialog(self._program.jobs, path, self)
        dialog.exec()
        if dialog.error is not None:
            self._say(dialog.error)
        elif dialog.folder is not None:
            folder = dialog.folder
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

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take one file or folder."""
        if len(event.mimeData().urls()) == 1 and event.mimeData().urls()[0].isLocalFile():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Open what was dropped: a study, a reading, or images to look at."""
        event.acceptProposedAction()
        self.open_dropped(Path(event.mimeData().urls()[0].toLocalFile()))

    def open_dropped(self, path: Path) -> None:
        """Open a study's or reading's folder or a zipped reading as what it is; the rest as images."""
        if (path / STUDY_DATABASE).is_file():
            self.open_study_in(path)
        elif (path / READING_DATABASE).is_file() or ".reading" in path.suffixes:
            self.open_reading_of(path)
        else:
            self._try(lambda: self._program.look_at([path]))

    def _try(self, work: Callable[[], Any]) -> None:
        """Do *work*; say in one sentence why it could not be done."""
        self._say_nothing()
        try:
            work()
        except Exception as error:  # noqa: BLE001 - what nobody foresaw is raised again
            self._say(error)

    def _say(self, error: Exception) -> None:
        self.problem.setText(words_for(error))
        self.problem.show()

    def _say_nothing(self) -> None:
        self.problem.hide()
        self.forget_button.hide()

    @Slot(object)
    def _on_recent(self, one: RecentStudy) -> None:
        if one.is_there:
            self.open_study_in(one.folder)
        else:
            self._say_gone(one)

    def _say_gone(self, one: RecentStudy) -> None:
        """Say that a study is not where it was, and offer to forget it."""
        self._gone = one.folder
        self.problem.setText(
            f"“{one.title}” is no longer in {one.folder}: it was moved, renamed or deleted, or its disk is "
            "not connected. If you know where it is now, use Open study."
        )
        self.problem.show()
        self.forget_button.show()
        self.show_recent()

    @Slot()
    def _forget_gone(self) -> None:
        if self._gone is not None:
            forget_study(self._gone)
        self._on_forgotten()
        self.offers["study"].setFocus()

    @Slot()
    def _on_forgotten(self) -> None:
        self._say_nothing()
        self.show_recent()


def _title_of(folder: Path) -> str:
    from storage.study.store import Study

    with Study.open(folder, read_only=True) as study:
        return study.title

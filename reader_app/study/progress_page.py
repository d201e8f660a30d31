"""The page of progress: how far every reader is, and signed work collected. It shows no score."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QProgressBar,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from reader_app.images.file_dialogs import ask_files, ask_folder
from reader_app.images.refused_dialog import RefusedDialog
from reader_app.images.series_words import plural
from reader_app.jobs import Checkpoint
from reader_app.study.empty_state import EmptyState
from reader_app.study.requests_box import RequestsBox
from reader_app.study.snapshot import ReadingProgress, RoundProgress, StudySnapshot
from reader_app.study.tables import TextTable
from reader_app.study.task_card import TaskCard
from reader_app.workflow.collect import CollectReport, collect
from storage.study.store import Study

HEADINGS = (
    *("Reader", "Round", "In work", "Signed", "Collected", "", "Pace", "Median time", "Queries"),
    "Where it lies",
)
_BAR = HEADINGS.index("")
_PACE = HEADINGS.index("Pace")
_HINTS = {
    "In work": "Cases with a score that are not signed",
    "Pace": "Cases signed a week over the last four weeks",
    "Median time": "Minutes of work in a case: pauses of more than half a minute do not count",
    "Queries": "Requests to reopen a signed case that wait for an answer, below",
}


class ProgressPage(QWidget):
    """A line for each reader and round."""

    changed = Signal()

    def __init__(self, study: Study, task: TaskCard, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._study, self._task = study, task
        self._report: CollectReport | None = None
        self.collect_button = QPushButton("&Collect signed cases", self)
        self.collect_button.setObjectName("primary")
        self.collect_button.setToolTip(
            "Check every open reading and take over what was signed since the last time"
        )
        self.folder_button = QPushButton("Collect a &folder…", self)
        self.folder_button.setToolTip("A reading that came back in another place")
        self.zip_button = QPushButton("Collect &zip files…", self)
        self.zip_button.setToolTip("Results that readers sent back, or whole readings that were zipped")
        self.refresh_button = QPushButton("&Look again", self)
        self.refresh_button.setToolTip("Look into the readings again (F5)")
        self.table = TextTable(HEADINGS, len(HEADINGS) - 1, self)
        self.table.setAccessibleName("Progress of the readers")
        for column, heading in enumerate(HEADINGS):
            self.table.set_hint(-1, column, _HINTS.get(heading, ""))
        header = self.table.horizontalHeader()
        header.setSectionResizeMode(_BAR, QHeaderView.ResizeMode.Fixed)
        header.resizeSection(_BAR, 110)
        self.requests = RequestsBox(study, task, self)
        note = QLabel("Counts and times only: scores stay hidden until the round is locked.", self)
        note.setObjectName("note")
        empty = EmptyState("Nobody reads yet", "Prepare a round first, on the page Rounds.", self)
        tools = QHBoxLayout()
        for button in (self.collect_button, self.folder_button, self.zip_button):
            tools.addWidget(button)
        tools.addStretch()
        tools.addWidget(self.refresh_button)
        shown = QWidget(self)
        inside = QVBoxLayout(shown)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.addWidget(self.table, 1)
        inside.addWidget(note)
        inside.addWidget(self.requests)
        self._stack = QStackedWidget(self)
        self._stack.addWidget(empty)
        self._stack.addWidget(shown)
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 14, 18, 14)
        column.setSpacing(12)
        column.addLayout(tools)
        column.addWidget(self._stack, 1)
        self.collect_button.clicked.connect(self.collect_all)
        self.folder_button.clicked.connect(self.ask_folder)
        self.zip_button.clicked.connect(self.ask_files)
        self.refresh_button.clicked.connect(self.changed)
        self.requests.changed.connect(self.changed)
        task.busy_changed.connect(self._on_busy)

    def show_snapshot(self, snapshot: StudySnapshot) -> None:
        """Show the study as it is now."""
        lines = [(one, reading) for one in snapshot.rounds for reading in one.readings]
        self._stack.setCurrentIndex(1 if lines else 0)
        queries = Counter(one.asked.reading for one in snapshot.requests if one.state == "open")
        now = datetime.now(UTC)
        rows = [
            (*_row(one, reading, queries[reading.reading.code], now), self._place(reading))
            for one, reading in lines
        ]
        self.table.show_rows(rows)
        for row, (_, reading) in enumerate(lines):
            self.table.set_hint(row, len(HEADINGS) - 1, reading.note or reading.reading.path)
            self.table.setCellWidget(row, _BAR, _bar(reading))
            self.table.set_hint(row, _PACE, _pace_hint(reading, now))
        self.requests.show_requests(snapshot.requests)
        self._on_busy(self._task.busy)

    def _place(self, reading: ReadingProgress) -> str:
        """Return where a reading lies, from the study's folder where it is in there, or why it is not."""
        path, folder = Path(reading.reading.path), self._study.folder
        return reading.note or str(path.relative_to(folder) if path.is_relative_to(folder) else path)

    @Slot(bool)
    def _on_busy(self, busy: bool) -> None:
        can = not busy and self._stack.currentIndex() == 1
        for button in (self.collect_button, self.folder_button, self.zip_button):
            button.setEnabled(can)

    @Slot()
    def collect_all(self) -> None:
        """Collect from every reading of an open round."""
        self.collect_from(())

    @Slot()
    def ask_folder(self) -> None:
        """Collect from a folder that is asked for."""
        folder = ask_folder(self, "Collect a reading: a folder that ends in .reading")
        if folder is not None:
            self.collect_from([folder])

    @Slot()
    def ask_files(self) -> None:
        """Collect from zip files that are asked for."""
        files = ask_files(self, "Collect results or zipped readings", "Zip files (*.zip)")
        if files:
            self.collect_from(files)

    def collect_from(self, paths: Sequence[Path]) -> None:
        """Collect signed cases in the background."""
        study = self._study

        def work(checkpoint: Checkpoint) -> CollectReport:
            return collect(study, paths, checkpoint)

        self._task.start("Collecting", work, self._on_collected, ("readings",))

    def _on_collected(self, report: CollectReport) -> None:
        self._report = report
        cases = "1 case" if report.collected == 1 else f"{report.collected} cases"
        if report.refused:
            count = len(report.refused)
            refused = "1 reading was refused" if count == 1 else f"{count} readings were refused"
            self._task.warn("Collected", f"{cases} new · {refused}", ("Wh&y?", self.show_refused))
        else:
            self._task.say("Collected", f"{cases} new")
        self.changed.emit()

    def show_refused(self) -> None:
        """List the readings that were not taken over, and why."""
        if self._report is not None:
            lines = [(str(one.path), one.reason) for one in self._report.refused]
            note = "Nothing of these readings was taken over."
            RefusedDialog("Readings that were refused", note, lines, self).exec()


def _row(one: RoundProgress, reading: ReadingProgress, queries: int, now: datetime) -> tuple[str, ...]:
    total, minutes = reading.total, reading.pace.median_minutes
    kind = ", adjudication" if reading.reading.adjudication is not None else ""
    state = f"{kind} (locked)" if one.round.locked else kind
    return (
        reading.reading.reader,
        f"{one.round.plan.title}{state}",
        "–" if reading.begun is None else f"{reading.begun} of {total}",
        "–" if reading.signed is None else f"{reading.signed} of {total}",
        f"{reading.collected} of {total}",
        "",
        _pace_words(reading, now),
        "–" if minutes is None else f"{minutes:.1f} min",
        str(queries) if queries else "–",
    )


def _pace_words(reading: ReadingProgress, now: datetime) -> str:
    rate = reading.pace.per_week(now)
    if rate is None:
        return "–"
    return "all signed" if len(reading.pace.signed) == reading.total else f"{rate:.3g} a week"


def _pace_hint(reading: ReadingProgress, now: datetime) -> str:
    if not reading.pace.signed:
        return "Nothing is signed yet"
    left = reading.total - len(reading.pace.signed)
    weeks = reading.pace.weeks_left(left, now)
    hint = f"Last signed {max(reading.pace.signed):%Y-%m-%d}"
    if not left:
        return hint
    ahead = "nobody can say when the rest is done" if weeks is None else f"{plural(weeks, 'week')} to go"
    return f"{hint}; at this pace {ahead}"


def _bar(reading: ReadingProgress) -> QWidget:
    """Return a bar of the cases that are signed, or collected where the reading is out of sight."""
    bar = QProgressBar()
    bar.setObjectName("progressBar")
    bar.setRange(0, max(reading.total, 1))
    bar.setValue(max(reading.collected, reading.signed or 0))
    bar.setTextVisible(False)
    bar.setAccessibleName(f"{bar.value()} of {reading.total} cases signed")
    holder = QWidget()
    holder.setObjectName("barHolder")
    holder.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
    row = QHBoxLayout(holder)
    row.setContentsMargins(10, 0, 10, 0)
    row.addWidget(bar)
    return holder

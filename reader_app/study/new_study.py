"""Asks what a new study needs: a title, a folder and its visits."""

from __future__ import annotations

import re
from pathlib import Path

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from reader_app.images.file_dialogs import ask_folder
from reader_app.messages import words_for
from reader_app.study.fields import dress_fields, set_tab_order
from storage.errors import StorageError
from storage.study.records import Visit
from storage.study.store import Study

_SUGGESTED = (("Week 0", "0"), ("Week 12", "12"), ("Week 36", "36"))


class VisitTable(QTableWidget):
    """Return begins and ends the editing of a cell; the button of the dialog does not hear of it."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Edit a cell on Return; take what its editor has passed on for done."""
        if event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            super().keyPressEvent(event)
        elif self.state() != QTableWidget.State.EditingState and self.currentItem() is not None:
            self.editItem(self.currentItem())


class NewStudyDialog(QDialog):
    """Creates a study; ``study`` is the open one after it was accepted."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("New study")
        self.study: Study | None = None
        self._named_by_hand = False
        self.title_line = QLineEdit(self)
        self.title_line.setPlaceholderText("e.g. Anakinra in RA, hand imaging")
        self.parent_line = QLineEdit(str(Path.home()), self)
        self.folder_line = QLineEdit(self)
        self.folder_line.setPlaceholderText("new folder of the study")
        browse = QPushButton("&Browse…", self)
        browse.setAutoDefault(False)
        self.visits = VisitTable(0, 2, self)
        self.visits.setHorizontalHeaderLabels(["Visit", "Week (if known)"])
        self.visits.verticalHeader().hide()
        self.visits.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft)
        self.visits.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.visits.setMinimumHeight(150)
        self.visits.setAccessibleName("Visits in order of time")
        self.visits.setToolTip("Arrows move, typing, Return or F2 changes a cell, Delete empties it")
        self.visits.setTabKeyNavigation(False)
        empty = QShortcut(QKeySequence(Qt.Key.Key_Delete), self.visits)
        empty.setContext(Qt.ShortcutContext.WidgetShortcut)
        empty.activated.connect(self._on_empty)
        for label, week in _SUGGESTED:
            self._add_visit(label, week)
        add, remove = QPushButton("&Add visit", self), QPushButton("Re&move visit", self)
        for button in (add, remove):
            button.setAutoDefault(False)
        self.problem = QLabel(self)
        self.problem.setObjectName("problem")
        self.problem.setWordWrap(True)
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel, self)
        self.create_button = self.buttons.addButton("&Create study", QDialogButtonBox.ButtonRole.AcceptRole)
        self.create_button.setDefault(True)
        where = QHBoxLayout()
        where.addWidget(self.parent_line)
        where.addWidget(browse)
        rows = QFormLayout()
        rows.setLabelAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        rows.addRow("&Title", self.title_line)
        inside = QLabel("&Inside folder", self)
        inside.setBuddy(self.parent_line)
        rows.addRow(inside, where)
        rows.addRow("Study &folder", self.folder_line)
        under = QHBoxLayout()
        under.addWidget(add)
        under.addWidget(remove)
        under.addStretch()
        note = QLabel(
            "Visits in order of time. With weeks, images can be filed by their dates. Nothing of this is "
            "in what readers get.",
            self,
        )
        note.setWordWrap(True)
        column = QVBoxLayout(self)
        column.addLayout(rows)
        column.addWidget(note)
        column.addWidget(self.visits)
        column.addLayout(under)
        column.addWidget(self.problem)
        column.addWidget(self.buttons)
        dress_fields(self)
        above = (self.title_line, self.parent_line, browse, self.folder_line, self.visits, add, remove)
        set_tab_order([*above, *self.buttons.buttons()])
        self.setMinimumWidth(560)
        browse.clicked.connect(self._browse)
        add.clicked.connect(self._on_add)
        remove.clicked.connect(self._on_remove)
        self.title_line.textChanged.connect(self._suggest_folder)
        self.folder_line.textEdited.connect(self._on_folder_edited)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)

    @property
    def folder(self) -> Path:
        """Where the study will lie."""
        return Path(self.parent_line.text().strip()) / self.folder_line.text().strip()

    def accept(self) -> None:
        """Create the study; stay open and say why if that cannot be."""
        try:
            visits = self._planned()
            if not self.title_line.text().strip():
                raise ValueError("Give the study a title.")
            if not self.folder_line.text().strip() or not self.folder.is_absolute():
                raise ValueError("Name the study's folder.")
            self.study = Study.create(self.folder, self.title_line.text().strip(), visits)
        except ValueError as error:
            self.problem.setText(str(error))
        except (StorageError, OSError) as error:
            self.problem.setText(words_for(error))
        else:
            super().accept()

    def _planned(self) -> list[Visit]:
        visits: list[Visit] = []
        for row in range(self.visits.rowCount()):
            label, week = (self._cell(row, column) for column in range(2))
            if not label:
                if week:
                    raise ValueError(f"The visit at week {week} needs a name.")
                continue
            try:
                visits.append(Visit(label, float(week) if week else None))
            except ValueError:
                raise ValueError(f"The week of {label} is “{week}”, not a number.") from None
        labels = [visit.label.casefold() for visit in visits]
        if len(set(labels)) < len(labels):
            raise ValueError("Two visits have the same name.")
        return visits

    def _cell(self, row: int, column: int) -> str:
        item = self.visits.item(row, column)
        return item.text().strip() if item else ""

    def _add_visit(self, label: str, week: str) -> None:
        row = self.visits.rowCount()
        self.visits.insertRow(row)
        self.visits.setItem(row, 0, QTableWidgetItem(label))
        self.visits.setItem(row, 1, QTableWidgetItem(week))

    @Slot()
    def _on_add(self) -> None:
        self._add_visit("", "")
        self.visits.setCurrentCell(self.visits.rowCount() - 1, 0)
        self.visits.editItem(self.visits.currentItem())

    @Slot()
    def _on_empty(self) -> None:
        for item in self.visits.selectedItems():
            item.setText("")

    @Slot()
    def _on_remove(self) -> None:
        row = self.visits.currentRow()
        self.visits.removeRow(row if row >= 0 else self.visits.rowCount() - 1)

    @Slot()
    def _browse(self) -> None:
        folder = ask_folder(self, "In which folder shall the study lie?")
        if folder is not None:
            self.parent_line.setText(str(folder))

    @Slot()
    def _on_folder_edited(self) -> None:
        self._named_by_hand = True

    @Slot(str)
    def _suggest_folder(self, title: str) -> None:
        if not self._named_by_hand:
            self.folder_line.setText(re.sub(r"[^\w-]+", "-", title.strip()).strip("-").lower())

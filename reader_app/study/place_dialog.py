"""Asks where images belong that do not tell it themselves: subject, visit and side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from reader_app.study.fields import dress_fields, set_tab_order
from reader_app.workflow.import_images import Refused
from reader_app.workflow.placement import Examination, Place, Placement, examination_of
from viewer.imaging.series import Series

_SIDES = (("as the headers say", None), ("left", "L"), ("right", "R"))
_UNFILED = "name subject and visit"
_NAMED = 4


@dataclass(frozen=True, slots=True)
class Unfiled:
    """Files of one folder that no rule could file, and of which examinations they are."""

    folder: Path
    paths: tuple[Path, ...]
    of: tuple[Examination, ...] = ()

    @property
    def words(self) -> str:
        """Return the folder with what is in it."""
        count = "1 file" if len(self.paths) == 1 else f"{len(self.paths)} files"
        more = f" and {len(self.of) - 1} more" if len(self.of) > 1 else ""
        return f"{self.folder}  ({count}{f': {self.of[0].words}{more}' if self.of else ''})"


def unfiled(rejected: Sequence[Refused]) -> tuple[Unfiled, ...]:
    """Return the files that were only refused because nothing told their place, by folder."""
    by_folder: dict[Path, list[Refused]] = {}
    for one in rejected:
        if _UNFILED in one.reason and one.path.is_file():
            by_folder.setdefault(one.path.parent, []).append(one)
    return tuple(
        Unfiled(folder, tuple(one.path for one in files), tuple(sorted({one.of for one in files if one.of})))
        for folder, files in sorted(by_folder.items())
    )


def place_one_visit(placement: Placement, wanted: Examination | None = None) -> Place:
    """Return a rule that files the *wanted* patient and day, or the first it meets, and refuses any other.

    A folder of films of several days filed whole would make one visit of a year; what is refused is asked
    for once more, on its own.
    """
    first = [wanted] if wanted else []

    def place(_path: Path, series: Series) -> Placement | str:
        of = examination_of(series)
        first.append(of)
        if of.patient_id != first[0].patient_id:
            return f"it is of another patient than the first images of this import; {_UNFILED}"
        if of.study_date != first[0].study_date:
            return f"it was taken on another day than the first images of this import; {_UNFILED}"
        return placement

    return place


class PlaceDialog(QDialog):
    """Asks for subject, visit and side; lists the folders to choose from where there are several."""

    def __init__(
        self,
        subjects: Sequence[str],
        visits: Sequence[str],
        groups: Sequence[Unfiled] = (),
        *,
        new_visits: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("Where do these images belong?")
        self._groups = tuple(groups)
        self.folders = QListWidget(self)
        self.folders.setAccessibleName("Folders")
        for group in self._groups:
            item = QListWidgetItem(group.words)
            item.setToolTip("\n".join(of.words for of in group.of))
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Checked if len(groups) == 1 else Qt.CheckState.Unchecked)
            self.folders.addItem(item)
        self.folders.setVisible(bool(groups))
        self.folders.setMaximumHeight(30 + 22 * min(max(self.folders.count(), 2), 8))
        self.subject = QComboBox(self)
        self.subject.setEditable(True)
        self.subject.addItems(list(subjects))
        self.subject.setCurrentText("")
        line = self.subject.lineEdit()
        assert isinstance(line, QLineEdit)
        line.setPlaceholderText("code, never a name")
        self.visit = QComboBox(self)
        self.visit.setEditable(new_visits)
        self.visit.addItems(list(visits))
        self.side = QComboBox(self)
        for text, side in _SIDES:
            self.side.addItem(text, side)
        self.problem = QLabel(self)
        self.problem.setObjectName("problem")
        self.problem.setWordWrap(True)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel, self)
        buttons.addButton("&Import", QDialogButtonBox.ButtonRole.AcceptRole).setDefault(True)
        self.words = QLabel(self)
        self.words.setWordWrap(True)
        rows = QFormLayout()
        rows.setLabelAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        rows.addRow("&Subject", self.subject)
        rows.addRow("&Visit", self.visit)
        rows.addRow("Imaged &hand", self.side)
        column = QVBoxLayout(self)
        column.addWidget(self.words)
        column.addWidget(self.folders)
        column.addLayout(rows)
        column.addWidget(self.problem)
        column.addWidget(buttons)
        dress_fields(self)
        set_tab_order([self.folders, self.subject, self.visit, self.side, *buttons.buttons()])
        self.setMinimumWidth(520)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        self.folders.itemChanged.connect(self._say_what_is_filed)
        self._say_what_is_filed()
        self.subject.setFocus()

    @property
    def placement(self) -> Placement:
        """Where the images belong."""
        return Placement(
            self.subject.currentText().strip(), self.visit.currentText().strip(), self.side.currentData()
        )

    @property
    def paths(self) -> tuple[Path, ...]:
        """The files of the folders that were ticked."""
        return tuple(path for group, ticked in self._states() if ticked for path in group.paths)

    @property
    def examination(self) -> Examination | None:
        """Whose images are filed in this turn; None where nothing tells it before the import."""
        return next(iter(self._ticked()), None)

    def _ticked(self) -> list[Examination]:
        """Return the examinations in the folders that are ticked, first what comes first."""
        return list(dict.fromkeys(of for group, ticked in self._states() if ticked for of in group.of))

    @Slot()
    def _say_what_is_filed(self) -> None:
        ticked = [of.words for of in self._ticked()]
        first, *others = ticked or ["the first patient and day that are found"]
        left = "Images of another patient or day are left for another turn."
        if others:
            left = f"Left for another turn: {'; '.join(others[:_NAMED])}{' …' if others[_NAMED:] else ''}."
        self.words.setText(f"Filed under this subject and visit: {first}. {left}")

    def _states(self) -> list[tuple[Unfiled, bool]]:
        states = [self.folders.item(row).checkState() for row in range(self.folders.count())]
        return [
            (group, state == Qt.CheckState.Checked) for group, state in zip(self._groups, states, strict=True)
        ]

    @Slot()
    def accept(self) -> None:
        """Close only with a whole answer."""
        if not self.placement.subject:
            self.problem.setText("Give the subject's code.")
        elif not self.placement.visit:
            self.problem.setText("Name the visit.")
        elif self._groups and not self.paths:
            self.problem.setText("Tick the folders that belong there.")
        else:
            super().accept()

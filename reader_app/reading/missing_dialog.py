"""What a case still lacks, as a list that goes there."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QLabel,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from scoring_forms.domain.form import Form
from scoring_forms.domain.score import Cell
from scoring_forms.widgets.words import side_words

_CELL = int(Qt.ItemDataRole.UserRole)


class MissingDialog(QDialog):
    """Lists empty cells by feature and timepoint; Enter or a click goes to one."""

    def __init__(self, form: Form, missing: Sequence[Cell], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Not complete yet")
        self.tree = QTreeWidget(self)
        self.tree.setHeaderHidden(True)
        self.tree.setAccessibleName("Empty cells by feature and timepoint")
        self.tree.setMinimumSize(460, 340)
        self.tree.setRootIsDecorated(True)
        self._fill(form, missing)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel, self)
        go = buttons.addButton("Go there", QDialogButtonBox.ButtonRole.AcceptRole)
        go.setDefault(True)
        column = QVBoxLayout(self)
        count = len(missing)
        words = f"{count} cells are empty" if count > 1 else "1 cell is empty"
        column.addWidget(QLabel(f"{words}. A case is signed when every cell has a grade or a reason.", self))
        column.addWidget(self.tree)
        column.addWidget(buttons)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        self.tree.itemClicked.connect(self._on_clicked)
        self.tree.setFocus()

    def _fill(self, form: Form, missing: Sequence[Cell]) -> None:
        """Show the cells, which come in form order, in their groups; the first one is chosen."""
        for _, group in groupby(missing, key=_group):
            found = tuple(group)
            feature = form.item(found[0]).feature
            heading = f"{feature.label} · timepoint {found[0].timepoint} · {len(found)} empty"
            top = QTreeWidgetItem(self.tree, [heading])
            top.setData(0, _CELL, found[0])
            for cell in found:
                site = form.item(cell).site
                side = f" · {side_words(site, cell.side)}" if cell.side else ""
                child = QTreeWidgetItem(top, [f"{site.label}{side}"])
                child.setData(0, _CELL, cell)
                spoken = f"{site.label}{side}, timepoint {cell.timepoint}, {feature.label}, empty"
                child.setData(0, Qt.ItemDataRole.AccessibleTextRole, spoken)
        self.tree.expandAll()
        first = self.tree.topLevelItem(0)
        cell = first.child(0) if first is not None else None
        if cell is not None:
            self.tree.setCurrentItem(cell)

    @property
    def chosen(self) -> Cell:
        """The cell to go to; of a group its first."""
        item = self.tree.currentItem()
        assert item is not None
        return item.data(0, _CELL)

    @Slot(QTreeWidgetItem)
    def _on_clicked(self, item: QTreeWidgetItem) -> None:
        if item.parent() is not None:
            self.accept()


def _group(cell: Cell) -> tuple[str, str, str]:
    return cell.timepoint, cell.system, cell.feature

"""The studies opened last, as a list to choose from."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QColor, QKeySequence, QShortcut
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QWidget

from reader_app.study.recent import RecentStudy, forget_study, recent_studies


class RecentList(QListWidget):
    """Title and folder of each; a double click or Enter asks for a study, Delete takes it off."""

    asked = Signal(object)  # RecentStudy
    forgotten = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("recent")
        self.setAccessibleName("Recent studies")
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.itemActivated.connect(self._on_activated)
        forget = QShortcut(QKeySequence(Qt.Key.Key_Delete), self)
        forget.setContext(Qt.ShortcutContext.WidgetShortcut)
        forget.activated.connect(self._forget_current)

    def load(self) -> None:
        """List the studies opened last; those that are gone are grey."""
        self.clear()
        for one in recent_studies():
            self.addItem(_item(one))
        self.setVisible(self.count() > 0)

    @Slot(QListWidgetItem)
    def _on_activated(self, item: QListWidgetItem) -> None:
        self.asked.emit(item.data(Qt.ItemDataRole.UserRole))

    @Slot()
    def _forget_current(self) -> None:
        item = self.currentItem()
        if item is not None:
            forget_study(item.data(Qt.ItemDataRole.UserRole).folder)
            self.forgotten.emit()


def _item(one: RecentStudy) -> QListWidgetItem:
    where = str(one.folder) if one.is_there else f"no longer there: {one.folder}"
    item = QListWidgetItem(f"{one.title}\n{where}")
    item.setData(Qt.ItemDataRole.UserRole, one)
    item.setToolTip(f"{where}\nDouble click or Enter opens it, Delete takes it off this list")
    if not one.is_there:
        item.setForeground(QColor("#8a96a1"))
    return item

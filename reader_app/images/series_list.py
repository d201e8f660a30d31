"""The list of series on the left of the plain viewer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QMimeData, QSize, Qt, Signal, Slot
from PySide6.QtGui import QIcon, QPixmap
from PySide6.QtWidgets import QAbstractItemView, QListWidget, QListWidgetItem, QWidget

from reader_app.images.series_words import details_of, facts_of, title_of
from reader_app.images.thumbnail import SIDE, pixmap_of
from viewer.imaging.series import Series

MIME = "application/x-ra-reader-series"
_ICON = 64


class SeriesList(QListWidget):
    """Series with thumbnails; choosing one asks for it, and they can be dragged into a pane."""

    asked = Signal(object)  # series UID

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("series")
        self.setAccessibleName("Series")
        self.setIconSize(QSize(_ICON, _ICON))
        self.setWordWrap(True)
        self.setSpacing(1)
        self.setUniformItemSizes(False)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragOnly)
        self.currentItemChanged.connect(self._on_current_changed)
        self.itemClicked.connect(self._on_clicked)

    def show_series(self, series: Sequence[Series]) -> None:
        """Fill the list; nothing is chosen yet."""
        self.blockSignals(True)
        self.clear()
        for one in series:
            mark = "  ⚠" if one.problems else ""
            item = QListWidgetItem(_icon(None), f"{title_of(one)}{mark}\n{facts_of(one)}")
            item.setData(Qt.ItemDataRole.UserRole, one.series_uid)
            item.setToolTip(details_of(one))
            self.addItem(item)
        self.blockSignals(False)

    def show_thumbnail(self, series_uid: str, grey: NDArray[np.uint8]) -> None:
        """Give a series its picture."""
        item = self._item(series_uid)
        if item is not None:
            item.setIcon(_icon(grey))

    def select(self, series_uid: str | None) -> None:
        """Mark the series of the current pane without asking for it again."""
        item = self._item(series_uid)
        self.blockSignals(True)
        self.setCurrentItem(item)  # type: ignore[arg-type]  # None empties the choice
        self.blockSignals(False)

    def mimeData(self, items: Sequence[QListWidgetItem]) -> QMimeData:
        """Drag the series' UID."""
        mime = QMimeData()
        mime.setData(MIME, str(items[0].data(Qt.ItemDataRole.UserRole)).encode())
        return mime

    def _item(self, series_uid: str | None) -> QListWidgetItem | None:
        items = (self.item(row) for row in range(self.count()))
        return next((one for one in items if one.data(Qt.ItemDataRole.UserRole) == series_uid), None)

    @Slot(object, object)
    def _on_current_changed(self, item: QListWidgetItem | None, _before: Any) -> None:
        if item is not None:
            self.asked.emit(item.data(Qt.ItemDataRole.UserRole))

    @Slot(object)
    def _on_clicked(self, item: QListWidgetItem) -> None:
        """A click on the chosen one asks for it again: another pane may be current now."""
        self.asked.emit(item.data(Qt.ItemDataRole.UserRole))


def _icon(grey: NDArray[np.uint8] | None) -> QIcon:
    """Return a square icon, black around the picture."""
    square = np.zeros((SIDE, SIDE), np.uint8)
    if grey is not None:
        rows, columns = (min(length, SIDE) for length in grey.shape)
        top, left = (SIDE - rows) // 2, (SIDE - columns) // 2
        square[top : top + rows, left : left + columns] = grey[:rows, :columns]
    pixmap: QPixmap = pixmap_of(square)
    return QIcon(pixmap)

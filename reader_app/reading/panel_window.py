"""The form beside the pictures, or in a window of its own for a second screen."""

from __future__ import annotations

from PySide6.QtCore import QByteArray, QObject, QRect, Qt, Signal, Slot
from PySide6.QtGui import QCloseEvent, QKeyEvent
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from reader_app.reading.activity import Activity
from reader_app.reading.window_place import place_text, visible_place
from scoring_forms.widgets.score_panel import ScorePanel
from storage.reading.reading import Reading

_SPLITTER_KEY, _PANEL_KEY, _DETACHED_KEY = "splitter", "panel_window", "panel_detached"
_ARRANGEMENT_KEY, _DIAGRAM_KEY = "form_arrangement", "hand_diagram"


class PanelWindow(QWidget):
    """Holds the form; closing it gives the form back."""

    closed = Signal()
    key_pressed = Signal(object)  # QKeyEvent that the form left over
    key_released = Signal(object)

    def __init__(self, panel: QWidget, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setObjectName("form")
        self.setWindowTitle("Scores – RA Reader")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(panel)
        self.addActions(parent.actions())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Pass on what the form did not take, such as keys that are held."""
        self.key_pressed.emit(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """Pass on the end of it."""
        self.key_released.emit(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Give the form back."""
        self.closed.emit()
        super().closeEvent(event)


class FormPlace(QObject):
    """Moves the form out and back, and remembers in the reading how it was left."""

    def __init__(
        self, reading: Reading, panel: ScorePanel, splitter: QSplitter, activity: Activity, window: QWidget
    ) -> None:
        super().__init__(window)
        self._reading, self._panel, self._splitter = reading, panel, splitter
        self._activity, self._window = activity, window
        self._own: PanelWindow | None = None
        sizes = reading.recall(_SPLITTER_KEY)
        if sizes:
            splitter.restoreState(QByteArray.fromBase64(sizes.encode()))
        if reading.recall(_ARRANGEMENT_KEY) == "bones":
            panel.set_arrangement("bones")
        if reading.recall(_DIAGRAM_KEY) == "no":
            panel.set_diagram_visible(False)
        panel.arrangement_changed.connect(self._on_arrangement_changed)
        panel.diagram_toggled.connect(self._on_diagram_toggled)

    def restore(self) -> None:
        """Show the form in its own window if it was left there."""
        if self._own is None and self._reading.recall(_DETACHED_KEY) == "yes":
            self.toggle_panel_window()

    def put_back(self) -> None:
        """Remember where the form is, put it back beside the pictures, and remember how wide it is there.

        Raises:
            StorageError: It could not be remembered.
        """
        self._reading.remember(_DETACHED_KEY, "yes" if self._own is not None else "no")
        if self._own is not None:
            self._own.close()
        self._reading.remember(_SPLITTER_KEY, self._splitter.saveState().toBase64().toStdString())

    def toggle_panel_window(self) -> None:
        """Show the form in a window of its own, or beside the pictures again."""
        if self._own is not None:
            self._own.close()
            return
        beside = QRect(self._window.mapToGlobal(self._panel.pos()), self._panel.size())
        self._own = PanelWindow(self._panel, self._window)
        self._own.setGeometry(visible_place(self._reading.recall(_PANEL_KEY), beside))
        self._own.closed.connect(self._on_closed)
        self._own.key_pressed.connect(self._window.keyPressEvent)
        self._own.key_released.connect(self._window.keyReleaseEvent)
        self._own.show()
        self._activity.watch(self._own)
        self._show_panel()

    @Slot()
    def _on_closed(self) -> None:
        """Put the form back beside the pictures."""
        if self._own is None:
            return
        own, self._own = self._own, None
        self._reading.remember(_PANEL_KEY, place_text(own.geometry()))
        self._splitter.addWidget(self._panel)
        self._show_panel()
        own.deleteLater()

    def _show_panel(self) -> None:
        self._panel.show()
        self._panel.table.setFocus()

    @Slot(str)
    def _on_arrangement_changed(self, arrangement: str) -> None:
        self._reading.remember(_ARRANGEMENT_KEY, arrangement)

    @Slot(bool)
    def _on_diagram_toggled(self, visible: bool) -> None:
        self._reading.remember(_DIAGRAM_KEY, "yes" if visible else "no")
